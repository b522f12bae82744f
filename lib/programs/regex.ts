// POSIX regular expressions, basic and extended, as JavaScript's.

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
};

/** A pattern that is none; the message is the C library's. */
export class PatternError extends Error {}

/** The JavaScript source of a POSIX pattern. Throws PatternError. */
export function translate(pattern: string, extended: boolean): string {
  let out = '';
  let depth = 0;
  let begins: boolean = true; // where a basic `*` or `^` is plain or an anchor
  let repeated = false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern.charAt(i);
    if (c !== '*') repeated = false;
    const wasBegin: boolean = begins;
    begins = false;
    if (c === '\\') {
      const next = pattern.charAt(++i);
      if (next === '') throw new PatternError('Trailing backslash');
      if (!extended && /[(){}|+?]/.test(next)) {
        if (next === '(') depth++;
        if (next === '{' && !pattern.includes('\\}', i)) throw new PatternError('Unmatched \\{');
        if (next === ')' && --depth < 0) throw new PatternError('Unmatched ) or \\)');
        begins = next === '(' || next === '|';
        out += next;
      } else if (next === '<') out += '\\b(?=\\w)';
      else if (next === '>') out += '\\b(?<=\\w)';
      else if (next === '`') out += '^';
      else if (next === "'") out += '$';
      else out += /[wWsSbBnt1-9]/.test(next) ? `\\${next}` : plain(next);
    } else if (c === '[') {
      const bracket = bracketSource(pattern, i);
      out += bracket.source;
      i = bracket.end;
    } else if (extended && (c === '(' || c === ')')) {
      if (c === '(') depth++;
      else if (--depth < 0) throw new PatternError('Unmatched ) or \\)');
      begins = c === '(';
      out += c;
    } else if (extended && c === '{' && !/^\{\d*,?\d*\}/.test(pattern.slice(i))) out += '\\{';
    else if (extended && /[*+?{]/.test(c) && wasBegin) out += c === '{' ? '\\{' : c === '*' ? '\\*' : '';
    else if (extended && /[|+?{}]/.test(c)) {
      begins = c === '|';
      out += c;
    } else if (c === '*') {
      // a star upon a star says nothing more
      if (!(repeated && out.endsWith('*'))) out += wasBegin ? '\\*' : '*';
      repeated = !wasBegin;
    } else if (c === '^') {
      begins = extended || wasBegin;
      out += extended || wasBegin ? '^' : '\\^';
    } else if (c === '$')
      out += extended || i === pattern.length - 1 || /^\\[)|]/.test(pattern.slice(i + 1)) ? '$' : '\\$';
    else if (c === '.') out += '.';
    else out += plain(c);
  }
  if (depth > 0) throw new PatternError('Unmatched ( or \\(');
  return out;
}

const plain = (c: string): string => (/[.*+?^${}()|[\]\\/]/.test(c) ? `\\${c}` : c);

function bracketSource(pattern: string, start: number): { source: string; end: number } {
  let i = start + 1;
  const negated = pattern.charAt(i) === '^';
  if (negated) i++;
  let body = '';
  for (let first = true; i < pattern.length; first = false, i++) {
    const c = pattern.charAt(i);
    if (c === ']' && !first) return { source: `[${negated ? '^' : ''}${body}]`, end: i };
    const named = /^\[:(\w+):\]/.exec(pattern.slice(i));
    if (named) {
      const members = CLASSES[named[1] as string];
      if (members === undefined) throw new PatternError('Invalid character class name');
      body += members;
      i += named[0].length - 1;
    } else if (c === '\\' || c === ']' || c === '[' || c === '^') body += `\\${c}`;
    else body += c;
  }
  throw new PatternError('Unmatched [, [^, [:, [., or [=');
}

/** Compiles a translated source; throws PatternError. */
export function compilePattern(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const isRange = error instanceof SyntaxError && error.message.includes('Range out of order');
    throw new PatternError(isRange ? 'Invalid range end' : 'Invalid regular expression');
  }
}
