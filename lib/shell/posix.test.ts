import { expect, test } from 'vitest';
import { programs } from '../programs/index';
import answers from './testing/posix-answers.json';
import { runBash } from './testing/run';

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

// Recorded from dash 0.5.12 and BusyBox' ash 1.35 with an empty environment but PATH and HOME.
test.each(answers)('$shell: $script', async ({ shell, script, stdout, stderr, code }) => {
  expect(await runBash(`${shell} -c ${quoted(script)}`, { programs })).toEqual({ stdout, stderr, code });
});
