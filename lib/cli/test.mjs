// npm test: sets up, installs what tests need from the machine where it may, runs every test, prints the count.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { prepare } from './setup.mjs';

// command: Debian's package; as test/support/tools.ts
const NEEDED = { chromium: 'chromium', mariadb: 'mariadb-client', psql: 'postgresql-client' };
const RESULTS = '.podlab/test-results.json';

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

/** Installs missing programs as root on Debian; elsewhere the tests that need them are skipped with the sentence that says what to install. */
function installTools() {
  // run, not looked for: Debian's psql may be there without the client that it calls
  const works = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
  const missing = Object.entries(NEEDED).filter(([command]) => !works(command));
  if (missing.length === 0 || process.getuid?.() !== 0 || !has('apt-get')) return;
  const packages = missing.map(([, name]) => name);
  console.log(`installing ${packages.join(', ')}`);
  const run = (args) =>
    spawnSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  run(['update', '-q']);
  run(['install', '-y', '-q', '--no-install-recommends', ...packages]);
}

await prepare({ build: true });
installTools();
mkdirSync('.podlab', { recursive: true });
rmSync(RESULTS, { force: true });
const args = [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${RESULTS}`,
  ...process.argv.slice(2),
];
const { status } = spawnSync('npx', ['--no-install', ...args], { stdio: 'inherit' });
const results = JSON.parse(readFileSync(RESULTS, 'utf8'));
const skipped = results.numPendingTests + results.numTodoTests;
const failed = results.numFailedTests + (status !== 0 && results.numFailedTests === 0 ? 1 : 0); // a suite that did not load counts as one
console.log(`${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || (process.env.CI === 'true' && skipped > 0) ? 1 : 0);
