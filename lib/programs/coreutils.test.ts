// Answers of GNU coreutils, recorded.
import { expect, test } from 'vitest';
import { runBash } from '../shell/testing/run';
import { programs } from './index';
import answers from './testing/coreutils.json';

test.each(answers)('$script', async ({ script, stdout, stderr, code }) => {
  expect(await runBash(script, { programs })).toEqual({ stdout, stderr, code });
});
