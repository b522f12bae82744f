// How go-yaml v2 writes one scalar: which style it takes and where it folds. Followed from its emitter and encoder.

const BEST_WIDTH = 80; // columns; the emitter's default when none is set

const NAMED = new Set(
  '~ null Null NULL y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'.split(
    ' ',
  ),
);
const INT = /^[-+]?(0|[1-9]\d*|0[0-7]+|0o[0-7]+|0O[0-7]+|0[xX][0-9a-fA-F]+|0[bB][01]+)$/;
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const BASE60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const TIMESTAMP =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?|[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)?$/;

/** Whether the text would be read back as a string when it stands without quotes. */
function readsAsString(text: string): boolean {
  if (text === '' || NAMED.has(text) || BASE60.test(text) || TIMESTAMP.test(text)) return false;
  if (!/^[-+.\d]/.test(text)) return true;
  const plain = text.replaceAll('_', '');
  return !INT.test(plain) && !FLOAT.test(plain);
}

interface Analysis {
  multiline: boolean;
  plain: boolean;
  single: boolean;
  block: boolean;
}

const isPrintable = (c: number): boolean =>
  c === 0x0a ||
  (c >= 0x20 && c <= 0x7e) ||
  (c >= 0xa0 && c <= 0xd7ff) ||
  (c >= 0xe000 && c <= 0xfffd && c !== 0xfeff && c !== 0xfffe);
const isBreak = (c: string | undefined): boolean =>
  c === '\n' || c === '\r' || c === '\x85' || c === '\u2028' || c === '\u2029';
const isBlank = (c: string | undefined): boolean => c === undefined || c === ' ' || c === '\t' || isBreak(c);

function analyse(chars: string[]): Analysis {
  if (chars.length === 0) return { multiline: false, plain: true, single: true, block: false };
  const text = chars.slice(0, 3).join('');
  let indicators = text === '---' || text === '...';
  let special = false;
  let breaks = false;
  let edge = false;
  let breakSpace = false;
  let spaceBreak = false;
  let previous: 'space' | 'break' | '' = '';
  const last = chars.length - 1;
  chars.forEach((c, i) => {
    const before = i === 0 || isBlank(chars[i - 1]);
    const after = isBlank(chars[i + 1]);
    if (i === 0 && '#,[]{}&*!|>\'"%@`'.includes(c)) indicators = true;
    if (i === 0 && '?:-'.includes(c) && after) indicators = true;
    if (i > 0 && ((c === ':' && after) || (c === '#' && before))) indicators = true;
    if (!isPrintable(c.codePointAt(0) as number)) special = true;
    if (c === ' ') {
      if (i === 0 || i === last) edge = true;
      if (previous === 'break') breakSpace = true;
      previous = 'space';
    } else if (isBreak(c)) {
      breaks = true;
      if (i === 0 || i === last) edge = true;
      if (previous === 'space') spaceBreak = true;
      previous = 'break';
    } else previous = '';
  });
  const hard = spaceBreak || special;
  return {
    multiline: breaks,
    plain: !edge && !breakSpace && !hard && !breaks && !indicators,
    single: !breakSpace && !hard,
    block: chars[last] !== ' ' && !hard,
  };
}

/** Where a scalar stands: the column it begins in, the indent of lines that follow, and whether it is a mapping's key. */
export interface Place {
  column: number;
  indent: number;
  key?: boolean;
}

/** A string scalar, with its quotes and folds. */
export function scalar(text: string, place: Place): string {
  const chars = [...text];
  const found = analyse(chars);
  const wantsLiteral = text.includes('\n');
  if (wantsLiteral && found.block && !place.key) return literal(chars, place.indent);
  if (wantsLiteral || (place.key && found.multiline)) return double(chars, place);
  if (!readsAsString(text)) return double(chars, place);
  if (found.plain) return plain(chars, place);
  return found.single ? single(chars, place) : double(chars, place);
}

const fold = (place: Place): string => `\n${' '.repeat(place.indent)}`;

function plain(chars: string[], place: Place): string {
  let out = '';
  let column = place.column;
  let spaces = false;
  chars.forEach((c, i) => {
    if (c === ' ' && !place.key && !spaces && column > BEST_WIDTH && chars[i + 1] !== ' ') {
      out += fold(place);
      column = place.indent;
    } else {
      out += c;
      column++;
    }
    spaces = c === ' ';
  });
  return out;
}

function single(chars: string[], place: Place): string {
  let out = "'";
  let column = place.column + 1;
  let spaces = false;
  chars.forEach((c, i) => {
    const inside = i > 0 && i < chars.length - 1;
    if (c === ' ' && !place.key && !spaces && column > BEST_WIDTH && inside && chars[i + 1] !== ' ') {
      out += fold(place);
      column = place.indent;
    } else {
      out += c === "'" ? "''" : c;
      column += c === "'" ? 2 : 1;
    }
    spaces = c === ' ';
  });
  return `${out}'`;
}

const ESCAPES: Record<string, string> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escaped(c: string): string {
  const named = ESCAPES[c];
  if (named) return named;
  const code = c.codePointAt(0) as number;
  const hex = (width: number) => code.toString(16).toUpperCase().padStart(width, '0');
  if (code <= 0xff) return `\\x${hex(2)}`;
  return code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

function double(chars: string[], place: Place): string {
  let out = '"';
  let column = place.column + 1;
  let spaces = false;
  chars.forEach((c, i) => {
    if (!isPrintable(c.codePointAt(0) as number) || isBreak(c) || c === '"' || c === '\\') {
      const text = escaped(c);
      out += text;
      column += text.length;
      spaces = false;
      return;
    }
    const inside = i > 0 && i < chars.length - 1;
    if (c === ' ' && !place.key && !spaces && column > BEST_WIDTH && inside) {
      out += fold(place) + (chars[i + 1] === ' ' ? '\\' : '');
      column = place.indent;
    } else {
      out += c;
      column++;
    }
    spaces = c === ' ';
  });
  return `${out}"`;
}

function literal(chars: string[], indent: number): string {
  const lines = chars.join('').split('\n');
  const endsWithBreak = chars.at(-1) === '\n';
  let hints = chars[0] === ' ' || chars[0] === '\n' ? '2' : '';
  if (!endsWithBreak) hints += '-';
  else if (chars.length === 1 || chars.at(-2) === '\n') hints += '+';
  if (endsWithBreak) lines.pop();
  return `|${hints}\n${lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n')}`;
}
