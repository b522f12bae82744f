// What the tools of Debian 12 answer (coreutils 9.1, diffutils 3.8, findutils 4.9, grep 3.8, sed 4.9, tar 1.34, gzip 1.12, util-linux
// 2.38, xxd of vim 9.0), recorded without a locale. Where RHEL 9's older releases say it otherwise, ours follow RHEL and the
// command is not among these.
import { expect, test } from 'vitest';
import { runBash } from '../shell/testing/run';
import { programs } from './index';
import recorded from './testing/gnu-answers.json';

const setup = recorded.setup.join('\n');

test.each(recorded.answers)('$command', async ({ command, output, status }) => {
  const ours = await runBash(`${setup}\n{ ${command}\n} < /dev/null 2>&1`, { programs });
  expect({ output: ours.stdout, status: ours.code }).toEqual({ output, status });
});
