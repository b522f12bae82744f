// Quoting in both directions: what bash prints so that it can be read again, and the escapes of $'…'.

/** `it's` as `'it'\''s'`. */
export const singleQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** As `printf %q` and `${x@Q}`'s simple form: backslashes, or $'…' when there are control characters. */
export function backslashQuote(text: string): string {
  if (text === '') return "''";
  if (/[\x00-\x1f\x7f]/.test(text)) return ansiQuote(text);
  return text.replace(/[^\w@%+=:./~#\u0080-\u{10ffff}-]/gu, '\\$&').replace(/^[~#]/, '\\$&');
}

/** As `set`, `declare -p` and trap listings print a value: only quoted when it must be. */
export function quoteValue(text: string): string {
  if (/[\x00-\x1f\x7f]/.test(text)) return ansiQuote(text);
  return singleQuote(text);
}

const LETTERS: Record<string, string> = {
  '\n': 'n',
  '\t': 't',
  '\r': 'r',
  '\x1b': 'E',
  '\x07': 'a',
  '\b': 'b',
  '\f': 'f',
  '\v': 'v',
};

export function ansiQuote(text: string): string {
  const body = text.replace(/[\x00-\x1f\x7f'\\]/g, (c) => {
    const letter = LETTERS[c];
    if (letter) return `\\${letter}`;
    if (c === "'" || c === '\\') return `\\${c}`;
    return `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `$'${body}'`;
}

const CONTROLS: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  e: '\x1b',
  E: '\x1b',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
};

/** A byte as text: a lone byte above 127 becomes the surrogate that toBytes turns back (see machine/fs). */
export const byteText = (byte: number): string => String.fromCharCode(byte < 128 ? byte : 0xdc00 + byte);

const ESCAPE = /\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}|c[\s\S]|[\s\S])/g;

/** Decodes the escapes of $'…'. */
export function ansiEscapes(text: string): string {
  const decoded = text.replace(ESCAPE, (whole, code: string) => {
    const kind = code[0] as string;
    if (kind === 'x' && code.length > 1) return byteText(Number.parseInt(code.slice(1), 16));
    if ((kind === 'u' || kind === 'U') && code.length > 1) return codePoint(Number.parseInt(code.slice(1), 16));
    if (kind >= '0' && kind <= '7') return byteText(Number.parseInt(code, 8) & 255);
    if (kind === 'c' && code.length > 1) return String.fromCharCode(code.charCodeAt(1) & 31);
    if (kind === "'" || kind === '"' || kind === '?') return kind;
    return CONTROLS[code] ?? whole;
  });
  return joinBytes(decoded);
}

export const codePoint = (n: number): string => (n <= 0x10ffff ? String.fromCodePoint(n) : '');

/** Bytes that were written one by one and make a character together become that character. */
export function joinBytes(text: string): string {
  if (!/[\udc80-\udcff]/.test(text)) return text;
  return text.replace(/(?<![\ud800-\udbff])[\udc80-\udcff]+/g, (run) => {
    const bytes = Uint8Array.from(run, (c) => c.charCodeAt(0) - 0xdc00);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return run;
    }
  });
}
