// Brings a checkout to where it can run: packages, the database's client, bundles, pages. Node built-ins only, since it runs
// before there are packages. Each step is skipped when what it depends on has not changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
  const sources = hash(['prisma/schema.prisma', 'package-lock.json']);
  unlessDone('client', sources, 'prisma/client/client.ts', () =>
    step('Generating the database client', node(), [bin('prisma'), 'generate'], {
      PRISMA_SCHEMA_ENGINE_BINARY: node(),
    }),
  );
}

/** What runs in processes of its own: the world, the console, a cluster alone. */
async function bundle() {
  const sources = hash(['lib', 'graders', 'package-lock.json'], (path) => !path.startsWith('lib/server'));
  await unlessDone('bundles', sources, '.podlab/build/cluster.mjs', async () => {
    const { build } = await import('esbuild');
    const outdir = join(root, '.podlab/build');
    rmSync(outdir, { recursive: true, force: true });
    await build({
      absWorkingDir: root,
      entryPoints: ['lib/cli/sandbox-process.ts', 'lib/cli/console.ts', 'lib/cli/cluster.ts'],
      outdir,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      // What a world loads late (the shell's parser) stays out of what every process loads.
      splitting: true,
      plugins: [parserOnly],
      external: ['@mongodb-js/zstd', 'node-liblzma'], // of just-bash's archive commands, which we do not use
      minify: true,
      keepNames: true,
      legalComments: 'none',
      logLevel: 'error',
      // Packages of the older module format ask for `require` and `__dirname`.
      banner: {
        js: `import{createRequire as __cr}from'node:module';import{fileURLToPath as __fu}from'node:url';const require=__cr(import.meta.url),__filename=__fu(import.meta.url),__dirname=__fu(new URL('.',import.meta.url));`,
      },
    });
    // A world may read its own folder only, so the code of the SQL engine and of PostgreSQL's parser lies beside it.
    for (const file of ['sql.js/dist/sql-wasm.wasm', 'libpg-query/wasm/libpg-query.wasm'])
      cpSync(join(root, 'node_modules', file), join(outdir, basename(file)));
  });
}

/** A dynamic import takes a package whole; of just-bash we want the parser, a fifth of it. */
const parserOnly = {
  name: 'parser-only',
  setup(build) {
    build.onResolve({ filter: /^just-bash$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: 'just-bash', namespace: 'parser-only' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'parser-only' }, () => ({
      contents: `export { parse } from 'just-bash'`,
      resolveDir: root,
    }));
  },
};

/** `next build`. */
function buildPages() {
  const sources = hash(
    ['app', 'lib/server', 'next.config.js', 'package-lock.json'],
    (path) => !path.includes('.test.'),
  );
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
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/** Runs `act` unless it ran for these very sources and its product is there. */
function unlessDone(name, sources, product, act) {
  const stamps = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {};
  if (stamps[name] === sources && existsSync(join(root, product))) return undefined;
  const done = () => {
    const now = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {};
    mkdirSync(dirname(stampFile), { recursive: true, mode: 0o711 });
    writeFileSync(stampFile, JSON.stringify({ ...now, [name]: sources }, null, 2));
  };
  const result = act();
  return result instanceof Promise ? result.then(done) : done();
}

/** Of files and of everything below folders. */
function hash(paths, wanted = () => true) {
  const sum = createHash('sha256');
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) for (const name of readdirSync(full).sort()) visit(join(path, name));
    else if (wanted(path)) sum.update(`${path}\0`).update(readFileSync(full));
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
