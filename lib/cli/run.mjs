// Runs one of our commands from a checkout in whatever state: `node lib/cli/run.mjs NAME ARGUMENTS`.
import { prepare } from './setup.mjs';

/** Those that run as bundles: a person, or a measurement, waits for their start. */
const BUNDLED = { cluster: '../../.podlab/build/cluster.mjs' };

const [name] = process.argv.splice(2, 1);
await prepare({ build: name in BUNDLED ? 'bundles' : name === 'bench' });
if (name in BUNDLED) await import(BUNDLED[name]);
else {
  const { register } = await import('tsx/esm/api');
  register();
  await import(`./${name}.ts`);
}
