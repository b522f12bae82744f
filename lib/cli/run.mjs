// Runs one of our commands from a checkout in whatever state: `node lib/cli/run.mjs NAME ARGUMENTS`.
import { prepare } from './setup.mjs';

const [name] = process.argv.splice(2, 1);
await prepare({ build: name === 'bench' });
const { register } = await import('tsx/esm/api');
register();
await import(`./${name}.ts`);
