// cal as util-linux 2.37 prints it; the recorded answers are Debian's, whose cal is another.
import { expect, test } from 'vitest';
import { runBash } from '../shell/testing/run';
import { programs } from './index';

const rows: [script: string, output: string, status?: number][] = [
  [
    'cal 2 2024',
    `    February 2024   
Su Mo Tu We Th Fr Sa
             1  2  3
 4  5  6  7  8  9 10
11 12 13 14 15 16 17
18 19 20 21 22 23 24
25 26 27 28 29      
                    
`,
  ],
  ['cal -m may 2024 2>&1 | sed -n 2,3p', 'Mo Tu We Th Fr Sa Su\n       1  2  3  4  5\n'],
  ['cal 9 1752 | sed -n 3p', '       1  2 14 15 16\n'],
  ['cal -3 1 2024 | head -1', '    December 2023         January 2024          February 2024   \n'],
  ['cal 2023 | head -3 | tail -1', '       January               February                 March       \n'],
  ['cal 13 2024', 'cal: illegal month value: use 1-12\n', 1],
  ['cal 30 2 2024', 'cal: illegal day value: use 1-29\n', 1],
  ['cal abc', 'cal: failed to parse timestamp or unknown month name: abc\n', 1],
];

test.each(rows)('%s', async (script, output, status = 0) => {
  const { stdout, code } = await runBash(`{ ${script}\n} 2>&1`, { programs });
  expect({ stdout, code }).toEqual({ stdout: output, code: status });
});
