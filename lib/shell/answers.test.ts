import { expect, test } from 'vitest';
import { programs } from '../programs/index';
import answers from './testing/answers.json';
import { runBash } from './testing/run';

// Recorded from GNU bash 5.2.15 with an empty environment but PATH and HOME.
test.each(answers)('$script', async ({ script, stdout, stderr, code }) => {
  expect(await runBash(script, { programs })).toEqual({ stdout, stderr, code });
});
