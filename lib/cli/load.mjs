// Lies beside the bundles of what holds worlds and starts one, with the code that V8 made of it when it was built
// (rehearse.mjs): nothing is parsed again, which is a third of the time and memory of a start.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const beside = (file) => fileURLToPath(new URL(file, import.meta.url));

/** V8 takes the code only with the flags that it was made with. */
const FLAGS = {
  // Nearly all that a start makes is there to stay: room for short-lived objects, which V8 would double up to 32 MB, gains
  // nothing. The program lets it grow once it is ready.
  cluster: ['--semi-space-growth-factor=1'],
  'sandbox-process': [],
};

/** Where the code of a program lies. Code that does not fit is not used, without harm. */
export const codeOf = (name) => beside(`${name}.code`);

/** A program: its script, and what it can do, `start` and `rehearse`. */
export function load(name) {
  setFlags(name);
  const path = beside(`${name}.cjs`);
  const cachedData = existsSync(codeOf(name)) ? readFileSync(codeOf(name)) : undefined;
  const script = new Script(readFileSync(path, 'latin1'), { filename: path, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path));
  return { script, ...module.exports };
}

export function setFlags(name) {
  for (const flag of FLAGS[name]) setFlagsFromString(flag);
}
