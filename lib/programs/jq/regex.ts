// Regular expressions of jq (Oniguruma's Perl dialect) with JavaScript's.
// DIFFERS: what only Oniguruma has (possessive quantifiers, subroutine calls) is refused as an invalid expression.
import { type Json, kindOf, toText } from './json';
import { fail, shown } from './paths';

const CLASSES: [RegExp, string][] = [
  [/\[:alpha:\]/g, 'a-zA-Z'],
  [/\[:digit:\]/g, '0-9'],
  [/\[:alnum:\]/g, 'a-zA-Z0-9'],
  [/\[:upper:\]/g, 'A-Z'],
  [/\[:lower:\]/g, 'a-z'],
  [/\[:space:\]/g, '\\s'],
  [/\[:punct:\]/g, '!-\\/:-@\\[-`{-~'],
  [/\[:xdigit:\]/g, '0-9A-Fa-f'],
  [/\\h/g, '[0-9a-fA-F]'],
  [/\\A/g, '^'],
  [/\\[zZ]/g, '$'],
];

/** Flags of jq: g all matches, i any case, x without spaces, s one line, n no empty matches, p both s and n, l longest. */
function compile(source: string, flags: string): RegExp {
  let text = CLASSES.reduce((at, [from, to]) => at.replace(from, to), source);
  if (flags.includes('x')) text = text.replace(/\\.|#.*|\s+/g, (part) => (part.startsWith('\\') ? part : ''));
  let own = 'gud';
  const inline = /^\(\?([imx]+)\)/.exec(text);
  if (inline) text = text.slice(inline[0].length);
  if (flags.includes('i') || inline?.[1]?.includes('i')) own += 'i';
  if (/[sp]/.test(flags) || inline?.[1]?.includes('m')) own += 's';
  for (const mode of [own, own.replace('u', '')]) {
    try {
      return new RegExp(text, mode);
    } catch {}
  }
  return fail(`${source} (at offset 0) is not a valid regex: invalid pattern`);
}

/** The `match` objects of a text. */
export function matches(input: Json, pattern: Json, flagsGiven: Json, testing: boolean): Json[] | boolean {
  const [re, flags] = Array.isArray(pattern) ? [pattern[0] ?? null, pattern[1] ?? null] : [pattern, flagsGiven];
  if (typeof input !== 'string') return fail(`${shown(input)} cannot be matched, as it is not a string`);
  if (typeof re !== 'string') return fail(`${kindOf(re) === 'array' ? toText(re) : kindOf(re)} not a string or array`);
  if (flags !== null && typeof flags !== 'string') return fail(`${shown(flags)} is not a string`);
  const wanted = flags ?? '';
  const bad = /[^gixsnpl]/.exec(wanted);
  if (bad) return fail(`${wanted} is not a valid modifier string`);
  const regex = compile(re, wanted);
  if (testing) return regex.test(input);
  const at = (index: number) => [...input.slice(0, index)].length;
  const found: Json[] = [];
  for (const match of input.matchAll(regex)) {
    const names = Object.keys(match.groups ?? {});
    const spots = (
      match as RegExpMatchArray & { indices?: [number, number][] & { groups?: Record<string, [number, number]> } }
    ).indices;
    const captures = match.slice(1).map((string, i): Json => {
      const spot = spots?.[i + 1];
      const name =
        names.find((each) => spots?.groups?.[each] === spot && spot !== undefined) ??
        names[names.length === match.length - 1 ? i : -1];
      return part(string, spot ? at(spot[0]) : -1).set('name', name ?? null);
    });
    found.push(part(match[0], at(match.index ?? 0)).set('captures', captures));
    if (!wanted.includes('g')) break;
  }
  return found;
}

const part = (string: string | undefined, offset: number): Map<string, Json> =>
  new Map<string, Json>([['offset', offset]]).set('length', [...(string ?? '')].length).set('string', string ?? null);
