// tr.
import { toText } from '../machine/fs';
import type { Program } from '../machine/process';
import { getopt } from './getopt';
import { fail, refused, usage } from './tool';

const range = (from: string, to: string): string =>
  Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_, i) =>
    String.fromCharCode(from.charCodeAt(0) + i),
  ).join('');
const UPPER = range('A', 'Z');
const LOWER = range('a', 'z');
const DIGIT = range('0', '9');
const CLASSES: Record<string, string> = {
  upper: UPPER,
  lower: LOWER,
  digit: DIGIT,
  alpha: UPPER + LOWER,
  alnum: DIGIT + UPPER + LOWER,
  space: '\t\n\v\f\r ',
  blank: '\t ',
  punct: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  cntrl: `${range('\0', '\x1f')}\x7f`,
  print: range(' ', '~'),
  graph: range('!', '~'),
  xdigit: `${DIGIT}ABCDEFabcdef`,
};
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\' };

export const tr: Program = async (proc) => {
  const options = getopt(
    proc.argv,
    'cCdst',
    { complement: 'c', delete: 'd', 'squeeze-repeats': 's', 'truncate-set1': 't' },
    true,
  );
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [first, second, extra] = options.rest;
  const drops = options.has('d');
  const squeezes = options.has('s');
  if (first === undefined) return usage(proc, 'tr: missing operand');
  if (second === undefined && !drops && !squeezes)
    return usage(proc, `tr: missing operand after '${first}'\nTwo strings must be given when translating.`);
  if (extra !== undefined || (second !== undefined && drops && !squeezes))
    return usage(proc, `tr: extra operand '${extra ?? second}'`);
  const one = expand(first);
  if (one === undefined) return fail(proc, `range-endpoints of '${first}' are in reverse collating sequence order`);
  const two = expand(second ?? '', one.length) ?? '';
  const complement = options.has('c') || options.has('C');
  const members = new Set(one);
  const inOne = (c: string) => members.has(c) !== complement;
  const mapped = options.has('t') ? one.slice(0, two.length) : one;
  const table = new Map([...mapped].map((c, i) => [c, two.charAt(Math.min(i, two.length - 1))]));
  const squeezed = new Set(second === undefined ? '' : two);
  const squeezeOne = squeezes && second === undefined;
  let last = '';
  for (let chunk = await proc.read(); chunk; chunk = await proc.read()) {
    let out = '';
    for (const c of toText(chunk)) {
      if (drops && inOne(c)) continue;
      let to = c;
      if (!drops && second !== undefined && inOne(c))
        to = complement ? two.charAt(two.length - 1) : (table.get(c) ?? c);
      if (squeezes && to === last && (squeezeOne ? inOne(to) : squeezed.has(to))) continue;
      out += to;
      last = to;
    }
    if (out) await proc.print(out);
  }
  return 0;
};

/** The characters of a set; undefined for a range that runs backwards. */
function expand(text: string, fill = 0): string | undefined {
  let out = '';
  let i = 0;
  const next = (): string => {
    const octal = /^\\([0-7]{1,3})/.exec(text.slice(i));
    if (octal) {
      i += octal[0].length;
      return String.fromCharCode(Number.parseInt(octal[1] as string, 8));
    }
    const c = text.charAt(i++);
    if (c !== '\\' || i >= text.length) return c;
    const code = text.charAt(i++);
    return ESCAPES[code] ?? code;
  };
  while (i < text.length) {
    const named = /^\[:(\w+):\]/.exec(text.slice(i));
    if (named) {
      out += CLASSES[named[1] as string] ?? '';
      i += named[0].length;
      continue;
    }
    const repeat = /^\[(.)\*(\d*)\]/.exec(text.slice(i));
    if (repeat) {
      const count = repeat[2]
        ? Number.parseInt(repeat[2], repeat[2].startsWith('0') ? 8 : 10)
        : Math.max(0, fill - out.length);
      out += (repeat[1] as string).repeat(count);
      i += repeat[0].length;
      continue;
    }
    const from = next();
    if (text.charAt(i) === '-' && i + 1 < text.length) {
      i++;
      const to = next();
      if (to < from) return undefined;
      out += range(from, to);
    } else out += from;
  }
  return out;
}
