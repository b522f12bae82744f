// What a workstation's commands answer, in sets of lines that share their files: recorded as those of gnu.test.ts, with GNU awk as
// `awk` and util-linux's `rename`.
import { expect, test } from 'vitest';
import { runBash } from '../shell/testing/run';
import { programs } from './index';
import recorded from './testing/workstation-answers.json';

const lines = recorded.sets.flatMap(({ setup, answers }) =>
  answers.map((answer) => ({ ...answer, setup: setup.join('\n') })),
);

test.each(lines)('$command', async ({ setup, command, output, status }) => {
  const ours = await runBash(`${setup}\n{ ${command}\n} < /dev/null 2>&1`, { programs });
  expect({ output: ours.stdout, status: ours.code }).toEqual({ output, status });
});
