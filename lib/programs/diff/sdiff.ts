// sdiff: two files side by side, which diff does.
import type { Program } from '../../machine/process';
import { getopt } from '../getopt';
import { refused, usage } from '../tool';

/** By the letter or the name of an option, what diff calls it. */
const FLAGS: Record<string, string> = {
  a: '--text',
  b: '--ignore-space-change',
  B: '--ignore-blank-lines',
  d: '--minimal',
  E: '--ignore-tab-expansion',
  i: '--ignore-case',
  l: '--left-column',
  s: '--suppress-common-lines',
  t: '--expand-tabs',
  W: '--ignore-all-space',
  Z: '--ignore-trailing-space',
};
const VALUES: Record<string, string> = { I: '--ignore-matching-lines=', w: '--width=' };

export const sdiff: Program = async (proc) => {
  const options = getopt(proc.argv, 'abBdEI:ilstw:WZ', {
    'expand-tabs': 't',
    'ignore-all-space': 'W',
    'ignore-blank-lines': 'B',
    'ignore-case': 'i',
    'ignore-matching-lines=': 'I',
    'ignore-space-change': 'b',
    'ignore-tab-expansion': 'E',
    'ignore-trailing-space': 'Z',
    'left-column': 'l',
    minimal: 'd',
    'suppress-common-lines': 's',
    text: 'a',
    'width=': 'w',
  });
  const bad = await refused(proc, options, 2);
  if (bad !== undefined) return bad;
  const [left, right, extra] = options.rest;
  if (left === undefined || right === undefined)
    return usage(proc, `sdiff: missing operand after '${left ?? 'sdiff'}'`, 2);
  if (extra !== undefined) return usage(proc, `sdiff: extra operand '${extra}'`, 2);
  const flags = Object.keys(FLAGS).filter((letter) => options.has(letter));
  const values = Object.entries(VALUES).flatMap(([letter, name]) => options.all(letter).map((value) => name + value));
  const words = ['diff', '--side-by-side', ...flags.map((letter) => FLAGS[letter] as string), ...values];
  return (await proc.run([...words, '--', left, right])).code;
};
