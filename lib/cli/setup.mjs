// Brings a checkout to where it can run: packages, the database's client, bundles, pages. Node built-ins only, since it runs
// before there are packages. Each step is skipped when what it depends on has not changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const stampFile = join(root, '.podlab/stamps.json');
const environment = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
};

/** Runs the steps; `build: false` goes without bundles and pages, which a look at the sources does not need, 'bundles' without pages. */
export async function prepare({ build }) {
  install();
  generateClient();
  if (!build) return;
  await bundle();
  if (build !== 'bundles') buildPages();
}

/** `npm ci`, unless what is installed is what the lock file says. */
function install() {
  if (isInstalled()) return;
  step('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund']);
}

/** The Prisma client. Its command line wants an engine that `generate` does not use; any program will do. */
function generateClient() {
  const sources = { paths: ['prisma/schema.prisma', 'package-lock.json'] };
  unlessDone('client', sources, 'prisma/client/client.ts', () =>
    step('Generating the database client', node(), [bin('prisma'), 'generate'], {
      PRISMA_SCHEMA_ENGINE_BINARY: node(),
    }),
  );
}

/** What runs in processes of its own: the world, the console, a cluster alone. */
async function bundle() {
  const sources = {
    paths: ['lib', 'graders', 'package-lock.json'],
    wanted: (path) => !path.startsWith('lib/server'),
  };
  await unlessDone('bundles', sources, '.podlab/build/cluster.mjs', async () => {
    const { build } = await import('./bundles.mjs');
    // put together apart: another process may be starting from what is there
    const [present, fresh] = [join(root, '.podlab/build'), join(root, `.podlab/build-${process.pid}`)];
    try {
      for (const args of await build(root, fresh)) step('Rehearsing', node(), args);
      rmSync(present, { recursive: true, force: true });
      renameSync(fresh, present);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  });
}

/** `next build`. */
function buildPages() {
  const sources = { paths: ['app', 'lib/server', 'next.config.js', 'package-lock.json'] };
  unlessDone('pages', sources, '.next/BUILD_ID', () => step('Building the pages', node(), [bin('next'), 'build']));
}

const node = () => process.execPath;

function bin(name) {
  const file = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).bin;
  return join(root, 'node_modules', name, typeof file === 'string' ? file : file[name]);
}

/** Compares npm's own record of what it installed with the lock file; optional packages may be missing. */
function isInstalled() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const seen = look({ paths: ['package-lock.json', 'node_modules/.package-lock.json'] });
  if (readStamps().installed === seen) return true;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const all = Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
  if (all) stamp({ installed: seen });
  return all;
}

/** Runs `act` unless it ran for these very sources and its product is there. What looks as it did then is not read again. */
function unlessDone(name, sources, product, act) {
  const stamps = readStamps();
  const isThere = existsSync(join(root, product));
  const seen = look(sources);
  if (isThere && stamps[`${name} look`] === seen) return undefined;
  const read = hash(sources);
  const done = () => stamp({ [name]: read, [`${name} look`]: seen });
  if (isThere && stamps[name] === read) return done();
  const result = act();
  return result instanceof Promise ? result.then(done) : done();
}

const readStamps = () => (existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {});

function stamp(more) {
  const stamps = { ...readStamps(), ...more };
  mkdirSync(dirname(stampFile), { recursive: true, mode: 0o711 });
  writeFileSync(stampFile, JSON.stringify(stamps, null, 2));
}

const isTest = (path) => path.includes('.test.') || path.includes('/testing/');

/** Of the files, and of everything below the folders but tests: what they hold. */
const hash = (sources) => digest(sources, (full) => readFileSync(full));

/** The same of their sizes and times, which takes a tenth of the time. */
const look = (sources) => digest(sources, (_, { size, mtimeMs }) => `${size} ${mtimeMs}\n`);

function digest({ paths, wanted = () => true }, of) {
  const sum = createHash('sha256');
  const visit = (path) => {
    const full = join(root, path);
    if (isTest(path)) return;
    const found = statSync(full, { throwIfNoEntry: false });
    if (found?.isDirectory()) for (const name of readdirSync(full).sort()) visit(`${path}/${name}`);
    else if (found && wanted(path)) sum.update(`${path}\0`).update(of(full, found));
  };
  for (const path of paths) visit(path);
  return sum.digest('hex');
}

function step(title, command, args, extra = {}) {
  process.stderr.write(`${title}…\n`);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...environment, ...extra },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  throw new Error(`${title} failed (${command} ${args.join(' ')}):\n${error?.message ?? ''}${stdout}${stderr}`);
}
