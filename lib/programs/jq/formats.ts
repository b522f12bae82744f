// @text, @json, @csv, @tsv, @html, @uri, @sh, @base64, @base64d, @base32: how values are written into strings. jq(1).
import { brief, type Json, kindOf, toText, wellFormed } from './json';
import { fail, shown } from './paths';

export const textOf = (value: Json): string => (typeof value === 'string' ? value : toText(value));

function row(value: Json, name: string, string: (text: string) => string, separator: string): string {
  if (!Array.isArray(value)) return fail(`${shown(value)} cannot be ${name}-formatted, only array`);
  return value
    .map((item) => {
      if (typeof item === 'string') return string(item);
      if (item === null) return '';
      if (typeof item === 'object') return fail(`${shown(item)} is not valid in a csv row`);
      return toText(item);
    })
    .join(separator);
}

const MARKUP: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&quot;' };
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function shellWord(value: Json): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "'\\''")}'`;
  return value !== null && typeof value === 'object'
    ? fail(`${shown(value)} can not be escaped for shell`)
    : toText(value);
}

function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const digits = (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
  return digits.padEnd(Math.ceil(digits.length / 8) * 8, '=');
}

function decoded(value: Json): string {
  const text = textOf(value);
  const bytes = Buffer.from(text, 'base64');
  const core = text.replace(/=+$/, '');
  if (bytes.length === 0 && core.length > 0) return fail(`${kindOf(text)} (${brief(text)}) is not valid base64 data`);
  return bytes.toString('utf8');
}

export const formats: Readonly<Record<string, (value: Json) => string>> = {
  text: textOf,
  json: (value) => toText(value),
  csv: (value) => row(value, 'csv', (text) => `"${text.replaceAll('"', '""')}"`, ','),
  tsv: (value) =>
    row(
      value,
      'tsv',
      (text) => text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r'),
      '\t',
    ),
  html: (value) => textOf(value).replace(/[<>&'"]/g, (character) => MARKUP[character] ?? ''),
  uri: (value) =>
    encodeURIComponent(wellFormed(textOf(value))).replace(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  sh: (value) => (Array.isArray(value) ? value.map(shellWord).join(' ') : shellWord(value)),
  base64: (value) => Buffer.from(textOf(value)).toString('base64'),
  base64d: decoded,
  base32: (value) => base32(Buffer.from(textOf(value))),
};
