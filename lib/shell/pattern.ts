// Shell patterns (`*`, `?`, brackets, extended globs) as regular expressions. A backslash makes the next character plain.
import { EXTGLOB_BAR, EXTGLOB_CLOSE, EXTGLOB_OPEN } from './syntax/markers';

const CLASSES: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: '\\x20-\\x7e',
  graph: '\\x21-\\x7e',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
};

const plain = (c: string): string => (/[.*+?^${}()|[\]\\/]/.test(c) ? `\\${c}` : c);

/** Makes text match only itself in a pattern. */
export const quotePattern = (text: string): string => text.replace(/[\\*?[\]!+@^-]/g, '\\$&');

/** Whether a pattern has anything that matches more than itself. */
export const isPattern = (pattern: string): boolean => /(?<!\\)(?:\\\\)*[*?[\uf8f0]/.test(pattern);

/** The source of the regular expression that matches a whole text as the pattern does. */
export function patternSource(pattern: string, options: { path?: boolean; lazy?: boolean } = {}): string {
  const any = options.path ? '[^/]' : '[\\s\\S]';
  const star = `${any}*${options.lazy ? '?' : ''}`;
  let out = '';
  const groups: string[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern.charAt(i);
    if (/[?*+@!]/.test(c) && pattern.charAt(i + 1) === EXTGLOB_OPEN) {
      groups.push(c);
      out += c === '!' ? '(?:(?!(?:' : '(?:';
      i++;
    } else if (c === EXTGLOB_CLOSE) out += closeGroup(groups.pop() ?? '@', star, i === pattern.length - 1);
    else if (c === EXTGLOB_BAR) out += '|';
    else if (c === '\\' && i + 1 < pattern.length) out += plain(pattern.charAt(++i));
    else if (c === '*') out += star;
    else if (c === '?') out += any;
    else if (c === '[') {
      const bracket = bracketSource(pattern, i);
      if (bracket) {
        out += bracket.source;
        i = bracket.end;
      } else out += '\\[';
    } else out += plain(c);
  }
  return out;
}

function closeGroup(kind: string, star: string, atEnd: boolean): string {
  if (kind === '!') return `)${atEnd ? '$' : ''})${star})`;
  return kind === '@' ? ')' : `)${kind}`;
}

function bracketSource(pattern: string, start: number): { source: string; end: number } | undefined {
  let i = start + 1;
  const negated = pattern.charAt(i) === '!' || pattern.charAt(i) === '^';
  if (negated) i++;
  let body = '';
  for (let first = true; i < pattern.length; first = false, i++) {
    const c = pattern.charAt(i);
    if (c === ']' && !first) return { source: `[${negated ? '^' : ''}${body}]`, end: i };
    const named = /^\[:(\w+):\]/.exec(pattern.slice(i));
    if (named) {
      body += CLASSES[named[1] as string] ?? '';
      i += named[0].length - 1;
    } else if (c === '\\' && i + 1 < pattern.length) body += escapeInBracket(pattern.charAt(++i));
    else if (c === '-' && !first && pattern.charAt(i + 1) !== ']') body += '-';
    else body += escapeInBracket(c);
  }
  return undefined;
}

const escapeInBracket = (c: string): string => (/[\\\]^[-]/.test(c) ? `\\${c}` : c);

const CACHE_ENTRIES = 500;
const cache = new Map<string, RegExp>();

/** A regular expression from a source; an impossible range matches nothing. */
export function compile(source: string, flags = 'u'): RegExp {
  const key = `${flags}/${source}`;
  let regex = cache.get(key);
  if (!regex) {
    try {
      regex = new RegExp(source, flags);
    } catch {
      regex = attempt(source, flags.replace('u', ''));
    }
    if (cache.size >= CACHE_ENTRIES) cache.delete(cache.keys().next().value as string);
    cache.set(key, regex);
  }
  regex.lastIndex = 0;
  return regex;
}

function attempt(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    return /[^\s\S]/;
  }
}

/** Whether the pattern matches the whole text. */
export function matches(pattern: string, text: string, ignoreCase = false): boolean {
  if (!isPattern(pattern)) {
    const plain = pattern.replace(/\\([\s\S])/g, '$1');
    return ignoreCase ? plain.toLowerCase() === text.toLowerCase() : plain === text;
  }
  return compile(`^(?:${patternSource(pattern)})$`, ignoreCase ? 'iu' : 'u').test(text);
}
