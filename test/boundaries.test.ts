// The rooms may import only what ARCHITECTURE.md says, and the tool that checks it really bites.
import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ROOT } from './support/tools';

const FLOOR = 100; // modules; fewer means that the tool looked past the code

interface Cruise {
  summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number };
}

function cruise(...folders: string[]): Cruise {
  const { stdout } = spawnSync(
    'npx',
    ['--no-install', 'depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders],
    {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  );
  return JSON.parse(stdout);
}

test('no room imports what it may not', () => {
  const { summary } = cruise('lib', 'app', 'graders');
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  expect(summary.totalCruised).toBeGreaterThan(FLOOR);
});

test('a planted violation is found', () => {
  const planted = 'lib/sim/planted-violation.ts';
  execFileSync('sh', ['-c', `printf "import '../network/path';\\nimport 'node:fs';\\n" > ${planted}`], { cwd: ROOT });
  try {
    const rules = cruise('lib/sim').summary.violations.map(({ rule }) => rule.name);
    expect(rules).toEqual(expect.arrayContaining(['room-sim', 'no-host-in-a-world']));
  } finally {
    execFileSync('rm', [planted], { cwd: ROOT });
  }
});
