// What `echo` prints; shared by the builtin and /usr/bin/echo.
import { byteText, codePoint, joinBytes } from '../quote';

const CODES: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** The output for these arguments. `onlyN`: dash knows no `-e`. */
export function echoText(args: string[], escapes = false, onlyN = false): string {
  let newline = true;
  let i = 0;
  for (; i < args.length && (onlyN ? /^-n$/ : /^-[neE]+$/).test(args[i] as string); i++) {
    for (const letter of (args[i] as string).slice(1)) {
      if (letter === 'n') newline = false;
      else escapes = letter === 'e';
    }
  }
  const text = args.slice(i).join(' ');
  if (!escapes) return text + (newline ? '\n' : '');
  const { out, stop } = unescapeEcho(text);
  return out + (newline && !stop ? '\n' : '');
}

/** Decodes `\n`, `\0101`, `\x41`…; `\c` ends the output. */
export function unescapeEcho(text: string): { out: string; stop: boolean } {
  let stop = false;
  const pattern = /\\(0[0-7]{0,3}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[\s\S])/g;
  let out = '';
  let last = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    out += text.slice(last, match.index);
    last = pattern.lastIndex;
    const code = match[1] as string;
    if (code === 'c') {
      stop = true;
      last = text.length;
      break;
    }
    if (code.charAt(0) === '0') out += byteText(Number.parseInt(code, 8) & 255);
    else if (code.length > 1 && code.charAt(0) === 'x') out += byteText(Number.parseInt(code.slice(1), 16));
    else if (code.length > 1) out += codePoint(Number.parseInt(code.slice(1), 16));
    else out += CODES[code] ?? match[0];
  }
  return { out: joinBytes(out + text.slice(last)), stop };
}
