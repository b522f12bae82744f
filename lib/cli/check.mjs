// npm run check: format, lint, types, boundaries, dead code and the unit tests, all of them even if one fails.
import { spawnSync } from 'node:child_process';
import { prepare } from './setup.mjs';

await prepare({ build: false });
const steps = [
  ['format and lint', 'biome', ['check', '--error-on-warnings', '.']],
  ['types', 'tsc', ['--noEmit']],
  ['boundaries', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'lib', 'app', 'graders', 'test']],
  ['dead code', 'knip', []],
  ['unit tests', 'vitest', ['run', '--project', 'unit']],
];
const failed = [];
for (const [name, command, args] of steps) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync('npx', ['--no-install', command, ...args], { stdio: 'inherit' });
  if (status !== 0) failed.push(name);
}
console.log(failed.length > 0 ? `\nfailed: ${failed.join(', ')}` : '\nall good');
process.exit(failed.length > 0 ? 1 : 0);
