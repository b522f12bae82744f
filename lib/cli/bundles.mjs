// Bundles what runs in processes of its own: the console, and the two programs that hold worlds.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';

/** The programs that hold worlds, with the flags of V8 that they are started with (lib/server/supervisor/child.ts). */
const PROGRAMS = {
  cluster: [],
  'sandbox-process': ['--max-old-space-size=192', '--max-semi-space-size=2', '--optimize-for-size'],
};
/** The library of the shell's parser and of text commands. */
const LIBRARY = 'just-bash';
const URL_OF_FILE = `const __url=require('node:url').pathToFileURL(__filename).href;`;

/** Writes the bundles of the checkout at `root`. Gives the arguments of node for the rehearsals that are still to be run. */
export async function build(root, outdir) {
  rmSync(outdir, { recursive: true, force: true });
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true, // every process keeps the text of its bundle in memory
    sourcemap: 'external', // tells what stands behind a stack in the log
    legalComments: 'none',
    logLevel: 'error',
    external: ['@mongodb-js/zstd', 'node-liblzma'], // of just-bash's archive commands, which we do not use
  };
  await esbuild.build({
    ...common,
    entryPoints: ['lib/cli/console.ts'],
    format: 'esm',
    outdir,
    outExtension: { '.js': '.mjs' },
    // packages of the older module format ask for `require`
    banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
  });
  // V8 gives out the code of scripts, not of modules: these are of the older format
  const script = {
    ...common,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__url' },
  };
  for (const name of Object.keys(PROGRAMS)) {
    await esbuild.build({
      ...script,
      stdin: { contents: entry(name), resolveDir: join(root, 'lib/cli') },
      outfile: join(outdir, `${name}.cjs`),
      plugins: [apart(root)],
      banner: { js: `(function(exports,require,module,__filename,__dirname){${URL_OF_FILE}` },
      footer: { js: '})' },
    });
    const start = `import { load } from './load.mjs';\nawait load('${name}').start();\n`;
    writeFileSync(join(outdir, `${name}.mjs`), start);
  }
  // a world may read its own folder only, so the code of the SQL engine and of PostgreSQL's parser lies beside it
  const wasm = ['sql.js/dist/sql-wasm.wasm', 'libpg-query/wasm/libpg-query.wasm'];
  const beside = [...wasm.map((file) => join('node_modules', file)), 'lib/cli/load.mjs', 'lib/cli/rehearse.mjs'];
  for (const file of beside) cpSync(join(root, file), join(outdir, basename(file)));
  return Object.entries(PROGRAMS).map(([name, flags]) => [...flags, join(outdir, 'rehearse.mjs'), name]);
}

const entry = (name) => `
export const start = () => import('./${name}');
export const rehearse = async () => {
  const { rehearse } = await import('./rehearsal');
  await rehearse();
};`;

/** The shell wants the parser of just-bash, a fifth of it; the rest stays away. */
const apart = (root) => ({
  name: 'apart',
  setup(build) {
    // its commands, which the parser does not call
    build.onResolve({ filter: /^\./ }, ({ kind, importer, path }) =>
      kind === 'dynamic-import' && importer.includes(`/${LIBRARY}/`) ? { path, external: true } : undefined,
    );
    build.onResolve({ filter: new RegExp(`^${LIBRARY}$`) }, ({ namespace }) => {
      return namespace === 'parser' ? undefined : { path: LIBRARY, namespace: 'parser' };
    });
    build.onLoad({ filter: /./, namespace: 'parser' }, () => ({
      contents: `export { parse, serialize } from '${LIBRARY}'`,
      resolveDir: root,
    }));
  },
});
