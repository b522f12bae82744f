// hexdump: bytes as format strings say, `16/1 "%02x " "\n"`; the usual options are such strings.
import { toText } from '../machine/fs';
import { concat, type Process, type Program } from '../machine/process';
import { format } from '../shell/builtins/format';
import { getopt } from './getopt';
import { C_ESCAPES } from './od';
import { attempt, chunks, fail, parseSize, refused, usage } from './tool';

const OCTAL_ADDRESS = '"%07.7_Ax\\n"';
const SHORTHANDS: Record<string, string[]> = {
  b: [OCTAL_ADDRESS, '"%07.7_ax " 16/1 "%03o " "\\n"'],
  c: [OCTAL_ADDRESS, '"%07.7_ax " 16/1 "%3_c " "\\n"'],
  C: ['"%08.8_Ax\\n"', '"%08.8_ax  " 8/1 "%02x " "  " 8/1 "%02x " ', '"  |" 16/1 "%_p" "|\\n"'],
  d: [OCTAL_ADDRESS, '"%07.7_ax " 8/2 "  %05u " "\\n"'],
  o: [OCTAL_ADDRESS, '"%07.7_ax " 8/2 " %06o " "\\n"'],
  x: [OCTAL_ADDRESS, '"%07.7_ax " 8/2 "   %04x " "\\n"'],
};
const PLAIN = [OCTAL_ADDRESS, '"%07.7_ax " 8/2 "%04x " "\\n"'];

/** A piece of a format: text alone, or a conversion of so many bytes. */
interface Piece {
  text: string;
  flags: string;
  width: string;
  precision: string;
  conversion: string;
  bytes: number;
}

interface Unit {
  repeat: number;
  /** Whether a count was given; without one the last unit fills the block. */
  counted: boolean;
  bytes: number;
  pieces: Piece[];
}

/** What is wrong with a format. */
class BadFormat extends Error {}

export const hexdump: Program = async (proc) => {
  const options = getopt(proc.argv, 'bcCde:n:os:vxf:', {
    canonical: 'C',
    'format=': 'e',
    'length=': 'n',
    'no-squeezing': 'v',
    'skip=': 's',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [skip, most] = [
    parseSize(options.get('s') ?? '0'),
    parseSize(options.get('n') ?? `${Number.MAX_SAFE_INTEGER}`),
  ];
  if (skip === undefined || most === undefined)
    return usage(proc, `hexdump: failed to parse ${skip === undefined ? 'offset' : 'length'}`);
  const texts = [
    ...Object.keys(SHORTHANDS).flatMap((letter) => options.all(letter).flatMap(() => SHORTHANDS[letter] as string[])),
    ...options.all('e'),
  ];
  try {
    const formats = (texts.length > 0 ? texts : PLAIN).map(parse);
    const { bytes, status } = await input(proc, options.rest);
    const wanted = bytes.subarray(skip, skip + most);
    await proc.print(dump(wanted, skip, formats, options.has('v')));
    return status;
  } catch (error) {
    if (!(error instanceof BadFormat)) throw error;
    return fail(proc, error.message);
  }
};

async function input(proc: Process, paths: readonly string[]): Promise<{ bytes: Uint8Array; status: number }> {
  const pieces: Uint8Array[] = [];
  let status = 0;
  for (const path of paths.length > 0 ? paths : ['-'])
    status =
      (await attempt(
        proc,
        async () => {
          for await (const chunk of chunks(proc, path)) pieces.push(chunk.slice());
        },
        (reason) => `${path}: ${reason}`,
      )) || status;
  if (status && pieces.length === 0) await fail(proc, 'all input file arguments failed');
  return { bytes: concat(pieces), status };
}

function parse(text: string): Unit[] {
  const units: Unit[] = [];
  const pattern = /\s*(?:(\d+)?(?:\/(\d+))?\s*)"((?:[^"\\]|\\.)*)"\s*/gy;
  let at = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [whole, repeat, bytes, shape = ''] = match;
    at += whole.length;
    const pieces = piecesOf(shape.replace(/\\(.)/g, unescaped), bytes === undefined ? undefined : Number(bytes));
    const own = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    units.push({ repeat: Number(repeat ?? 1), counted: repeat !== undefined, bytes: own, pieces });
  }
  if (at < text.trimEnd().length) throw new BadFormat(`bad format {${text}}`);
  return units;
}

const ESCAPES: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '0': '\0' };
const unescaped = (_: string, letter: string): string => ESCAPES[letter] ?? letter;

function piecesOf(shape: string, bytes: number | undefined): Piece[] {
  const pieces: Piece[] = [];
  const text = (value: string) =>
    value && pieces.push({ text: value, flags: '', width: '', precision: '', conversion: '', bytes: 0 });
  let last = 0;
  for (const match of shape.matchAll(/%([-+ #0]*)(\d*)(?:\.(\d*))?(_[aA][dox]|_[cpu]|[diouxXcsEefgG%])/g)) {
    text(shape.slice(last, match.index));
    last = match.index + match[0].length;
    const [, flags = '', width = '', precision = '', conversion = ''] = match;
    if (conversion === '%') text('%');
    else pieces.push({ text: '', flags, width, precision, conversion, bytes: sizeOf(conversion, precision, bytes) });
  }
  const rest = shape.slice(last);
  if (rest.includes('%')) throw new BadFormat(`bad conversion character %${rest.split('%')[1]?.charAt(0) ?? ''}`);
  text(rest);
  return pieces;
}

function sizeOf(conversion: string, precision: string, bytes: number | undefined): number {
  if (/^_[aA]/.test(conversion)) return 0;
  if (/^_/.test(conversion) || conversion === 'c') return 1;
  if (conversion === 's') {
    if (!bytes && !precision) throw new BadFormat('%s requires a precision or a byte count');
    return bytes ?? Number(precision);
  }
  const size = bytes ?? (/[efgEG]/.test(conversion) ? 8 : 4);
  if (![1, 2, 4, 8].includes(size)) throw new BadFormat(`bad byte count for conversion character ${conversion}`);
  return size;
}

function dump(bytes: Uint8Array, from: number, formats: Unit[][], everything: boolean): string {
  const sizes = formats.map((units) => units.reduce((sum, unit) => sum + unit.repeat * unit.bytes, 0));
  const block = Math.max(1, ...sizes);
  formats.forEach((units, i) => {
    const last = units.findLast((unit) => unit.bytes > 0);
    if (last && last === units.at(-1) && !last.counted)
      last.repeat += Math.floor((block - (sizes[i] as number)) / last.bytes);
  });
  let [out, before, starred] = ['', '', false];
  for (let at = 0; at < bytes.length; at += block) {
    const row = bytes.subarray(at, at + block);
    const key = Buffer.from(row).toString('latin1');
    if (!everything && key === before && row.length === block) {
      if (!starred) out += '*\n';
      starred = true;
      continue;
    }
    [before, starred] = [key, false];
    for (const units of formats) out += printed(units, row, from + at);
  }
  const ends = formats.flat().flatMap(({ pieces }) => pieces);
  if (bytes.length === 0) return out;
  ends.forEach((piece, i) => {
    if (!piece.conversion.startsWith('_A')) return;
    const after = ends[i + 1];
    out +=
      numeral(piece, from + bytes.length, piece.conversion.charAt(2)) + (after?.conversion ? '' : (after?.text ?? ''));
  });
  return out;
}

const isTotal = (unit: Unit): boolean => unit.pieces.some(({ conversion }) => conversion.startsWith('_A'));

function printed(units: Unit[], row: Uint8Array, from: number): string {
  let out = '';
  let at = 0;
  for (const unit of units.filter((each) => !isTotal(each)))
    for (let n = 1; n <= unit.repeat; n++)
      unit.pieces.forEach((piece, i) => {
        const isLast = n === unit.repeat && unit.repeat > 1 && i === unit.pieces.length - 1;
        const text = piece.conversion ? conversionOf(piece, row, at, from) : piece.text;
        out += isLast ? text.trimEnd() + (text.trim() === '' && piece.conversion ? text : '') : text;
        at += piece.bytes;
      });
  return out;
}

const NAMES =
  'nul soh stx etx eot enq ack bel bs ht lf vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us'.split(
    ' ',
  );
const isPrintable = (byte: number): boolean => byte >= 32 && byte < 127;
const letterOf = (byte: number, other: string): string => (isPrintable(byte) ? String.fromCharCode(byte) : other);

function conversionOf(piece: Piece, row: Uint8Array, at: number, from: number): string {
  const { conversion, flags, width } = piece;
  if (conversion.startsWith('_a')) return numeral(piece, from + at, conversion.charAt(2));
  const aligned = (text: string) => (flags.includes('-') ? text.padEnd(Number(width)) : text.padStart(Number(width)));
  if (at >= row.length) return aligned('');
  const item = new Uint8Array(piece.bytes);
  item.set(row.subarray(at, at + piece.bytes));
  const byte = item[0] as number;
  const octal = byte.toString(8).padStart(3, '0');
  switch (conversion) {
    case '_p':
      return aligned(letterOf(byte, '.'));
    case '_c':
      return aligned(C_ESCAPES[byte] ?? letterOf(byte, octal));
    case '_u':
      return aligned(byte === 127 ? 'del' : (NAMES[byte] ?? letterOf(byte, byte.toString(16))));
    case 'c':
      return aligned(String.fromCharCode(byte));
    case 's':
      return aligned(toText(item).replace(/\0.*$/s, ''));
    default:
      return numeral(piece, itemValue(item, conversion), conversion);
  }
}

function itemValue(item: Uint8Array, conversion: string): number | bigint {
  const view = new DataView(item.buffer);
  if (/[efgEG]/.test(conversion)) return item.length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  const value = item.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return /[di]/.test(conversion) ? BigInt.asIntN(item.length * 8, value) : value;
}

const numeral = ({ flags, width, precision }: Piece, value: number | bigint, conversion: string): string =>
  format(`%${flags}${width}${precision && `.${precision}`}${conversion}`, [String(value)], { now: 0, startedAt: 0 })
    .text;
