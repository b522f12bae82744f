// `od`: GNU coreutils' dumps of files, in columns as wide as the widest type asked for.
import { concat, type Process, type Program } from '../machine/process';
import { format } from '../shell/builtins/format';
import { getopt } from './getopt';
import { chunks, fail, parseSize, quote, refused } from './tool';

/** One line a type: how many bytes make an item, how wide it is printed, and how. */
interface Format {
  bytes: number;
  width: number;
  show(item: Uint8Array): string;
  /** The characters at the end of a line, `-t x1z`. */
  text: boolean;
}

const NAMES =
  'nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp'.split(
    ' ',
  );
/** How C writes characters that are not seen. */
export const C_ESCAPES: Record<number, string> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};
const SIZES: Record<string, number> = { C: 1, S: 2, I: 4, L: 8 };
const SHORTHANDS: Record<string, string> = {
  a: 'a',
  b: 'o1',
  c: 'c',
  d: 'u2',
  f: 'fF',
  i: 'dI',
  l: 'dL',
  o: 'o2',
  s: 'd2',
  x: 'x2',
};
const WIDTHS: Record<string, Record<number, number>> = {
  d: { 1: 4, 2: 6, 4: 11, 8: 20 },
  u: { 1: 3, 2: 5, 4: 10, 8: 20 },
  o: { 1: 3, 2: 6, 4: 11, 8: 22 },
  x: { 1: 2, 2: 4, 4: 8, 8: 16 },
};

const value = (item: Uint8Array): bigint => item.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function number(letter: string, bytes: number): Pick<Format, 'width' | 'show'> {
  const width = WIDTHS[letter]?.[bytes] ?? 0;
  const digits = (item: Uint8Array) => {
    const n = value(item);
    if (letter === 'd') return String(BigInt.asIntN(bytes * 8, n));
    if (letter === 'u') return String(n);
    return n.toString(letter === 'o' ? 8 : 16).padStart(width, '0');
  };
  return { width, show: digits };
}

function float(bytes: number): Pick<Format, 'width' | 'show'> {
  const show = (item: Uint8Array) => {
    const view = new DataView(item.slice().buffer);
    const n = bytes === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
    return shortest(
      n,
      bytes === 4 ? Math.fround : Number,
      bytes === 4 ? [6, 1.17549435e-38] : [15, 2.2250738585072014e-308],
    );
  };
  return { width: bytes === 4 ? 15 : 24, show };
}

/** `%g` with as few digits as bring the number back, but for the ordinary no fewer than are always kept. */
function shortest(n: number, round: (n: number) => number, [kept, smallest]: [number, number]): string {
  if (!Number.isFinite(n)) return Number.isNaN(n) ? 'nan' : n > 0 ? 'inf' : '-inf';
  let digits = Math.abs(n) < smallest ? 1 : kept;
  while (round(Number(n.toPrecision(digits))) !== n && digits < 17) digits++;
  return format(`%.${digits}g`, [String(n)], { now: 0, startedAt: 0 }).text;
}

const character = (byte: number): string =>
  C_ESCAPES[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'));

const named = (byte: number): string => {
  const low = byte & 127;
  return low === 127 ? 'del' : (NAMES[low] ?? String.fromCharCode(low));
};

/** The formats of one `-t` value, `x1c`; undefined for a type that is none. */
function formats(type: string): Format[] | undefined {
  const found: Format[] = [];
  let rest = type;
  while (rest !== '') {
    const match = /^([ac]|[douxf])([CSILFD]|\d+)?(z?)/.exec(rest);
    if (!match) return undefined;
    rest = rest.slice(match[0].length);
    const [, letter = '', size = '', z] = match;
    const text = z === 'z';
    if (letter === 'a' || letter === 'c') {
      const show = letter === 'a' ? named : character;
      found.push({ bytes: 1, width: 3, show: (item) => show(item[0] ?? 0), text });
      continue;
    }
    const fallback = letter === 'f' ? 8 : 4;
    const bytes = SIZES[size] ?? (size === 'F' ? 4 : size === 'D' ? 8 : size ? Number(size) : fallback);
    if (!(letter === 'f' ? [4, 8] : [1, 2, 4, 8]).includes(bytes)) return undefined;
    found.push({ bytes, ...(letter === 'f' ? float(bytes) : number(letter, bytes)), text });
  }
  return found;
}

export const od: Program = async (proc) => {
  const options = getopt(proc.argv, 'A:abcdfij:lN:oS:st:vw:x', {
    'address-radix=': 'A',
    'skip-bytes=': 'j',
    'read-bytes=': 'N',
    'format=': 't',
    'output-duplicates': 'v',
    'width=': 'w',
    'strings=': 'S',
    'endian=': 'endian',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const types = typesOf(proc.argv);
  const lists = (types.length > 0 ? types : ['o2']).map((type) => ({ type, list: formats(type) }));
  const invalid = lists.find(({ list }) => !list);
  if (invalid) return fail(proc, invalidType(proc, invalid.type));
  const radix = options.get('A') ?? 'o';
  if (!/^[doxn]$/.test(radix))
    return fail(proc, `invalid output address radix '${radix}'; it must be one character from [doxn]`);
  const pieces: Uint8Array[] = [];
  let status = 0;
  for (const path of options.rest.length > 0 ? options.rest : ['-']) {
    if (path !== '-' && !proc.files.exists(path)) {
      status = await fail(proc, `${path}: No such file or directory`);
      continue;
    }
    for await (const chunk of chunks(proc, path)) pieces.push(chunk.slice());
  }
  if (status !== 0 && pieces.length === 0) return status;
  const skip = parseSize(options.get('j') ?? '0') ?? 0;
  const size = parseSize(options.get('N') ?? '') ?? Number.POSITIVE_INFINITY;
  const all = concat(pieces);
  if (skip > all.length) return fail(proc, 'cannot skip past end of combined input');
  const wanted = all.subarray(skip, Math.min(all.length, skip + size));
  if (options.has('S')) {
    const least = parseSize(options.get('S') ?? '');
    if (least === undefined) return fail(proc, `invalid -S argument ${quote(proc, options.get('S') ?? '')}`);
    return proc.print(strings(wanted, least, (at) => addressed(radix, skip + at))).then(() => status);
  }
  await proc.print(
    dump(wanted, {
      bigEndian: options.get('endian') === 'big',
      formats: lists.flatMap(({ list }) => list ?? []),
      address: (at) => addressed(radix, skip + at),
      everything: options.has('v'),
      width: Number(options.get('w') ?? 16),
    }),
  );
  return status;
};

function invalidType(proc: Process, type: string): string {
  const wrong = /[^acdfoux\dCSILFDz]/.exec(type)?.[0];
  return wrong === undefined
    ? `invalid type string ${quote(proc, type)}`
    : `invalid character '${wrong}' in type string ${quote(proc, type)}`;
}

/** The types in the order of their options. */
function typesOf(argv: string[]): string[] {
  const types: string[] = [];
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') break;
    if (word.startsWith('--format=')) types.push(word.slice('--format='.length));
    else if (/^-[^-]/.test(word))
      for (let at = 1; at < word.length; at++) {
        const letter = word.charAt(at);
        if (/[AjNSw]/.test(letter) || letter === 't') {
          const given = word.slice(at + 1) || argv[++i] || '';
          if (letter === 't') types.push(given);
          break;
        }
        const type = SHORTHANDS[letter];
        if (type) types.push(type);
      }
  }
  return types;
}

function addressed(radix: string, at: number): string {
  if (radix === 'n') return '';
  const base = { d: 10, o: 8, x: 16 }[radix] ?? 8;
  return at.toString(base).padStart(radix === 'x' ? 6 : 7, '0');
}

interface Dump {
  formats: Format[];
  address: (at: number) => string;
  everything: boolean;
  width: number;
  bigEndian: boolean;
}

/** `-S`: the strings of so many characters at least that a zero ends. */
function strings(bytes: Uint8Array, least: number, address: (at: number) => string): string {
  const text = Buffer.from(bytes).toString('latin1');
  return [...text.matchAll(/[\x07-\x0d\x20-\x7e]+(?=\0)/g)]
    .filter((found) => found[0].length >= least)
    .map((found) => {
      const shown = Array.from(found[0], (letter) => (letter < ' ' ? character(letter.charCodeAt(0)) : letter)).join(
        '',
      );
      const at = address(found.index);
      return `${at}${at && ' '}${shown}\n`;
    })
    .join('');
}

function dump(bytes: Uint8Array, { formats: list, address, everything, width, bigEndian }: Dump): string {
  // every item of every type gets so much room that the columns of all types meet
  const room = Math.max(...list.map((format) => (format.width + 1) / format.bytes));
  let out = '';
  let before: string | undefined;
  let starred = false;
  for (let at = 0; at < bytes.length; at += width) {
    const row = bytes.subarray(at, at + width);
    const key = Buffer.from(row).toString('latin1');
    if (!everything && key === before && row.length === width) {
      if (!starred) out += '*\n';
      starred = true;
      continue;
    }
    before = key;
    starred = false;
    list.forEach((format, i) => {
      const start = address(at);
      out += `${i === 0 ? start : ' '.repeat(start.length)}${line(row, format, room, width, bigEndian)}\n`;
    });
  }
  const end = address(bytes.length);
  return end ? `${out}${end}\n` : out;
}

function line(row: Uint8Array, format: Format, room: number, width: number, bigEndian: boolean): string {
  const cell = Math.round(room * format.bytes);
  let out = '';
  for (let at = 0; at < row.length; at += format.bytes) {
    const item = new Uint8Array(format.bytes);
    item.set(row.subarray(at, at + format.bytes));
    if (bigEndian) item.reverse();
    out += format.show(item).padStart(cell);
  }
  if (!format.text) return out;
  const shown = Array.from(row, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
  return `${out.padEnd((width / format.bytes) * cell)}  >${shown}<`;
}
