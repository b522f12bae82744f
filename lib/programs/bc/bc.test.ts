// bc where numbers grow without end: a message, and the next line goes on.
import { expect, test } from 'vitest';
import { runBash } from '../../shell/testing/run';
import { programs } from '../index';

const rows: [script: string, output: RegExp][] = [
  ["bc <<< $'x=2;while(1)x*=x\\n5'", /Out of memory for malloc\n5\n$/],
  ["bc <<< $'scale=1000000000;1/3\\n5'", /Out of memory for malloc\n5\n$/],
  ["bc <<< $'define f(n){return f(n+1)}\\nf(1)\\n5'", /nesting too deep\n5\n$/],
  ["bc <<< $'9^9^9^9\\n5'", /exponent too large in raise\n5\n$/],
];

test.each(rows)('%s', async (script, output) => {
  const { stdout } = await runBash(`{ ${script}\n} 2>&1`, { programs });
  expect(stdout).toMatch(output);
});
