// xxd: bytes to digits and back, as the one of vim does.
import { toText } from '../machine/fs';
import { concat, type Process, type Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { attempt, chunks, refused } from './tool';

const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0');

interface Shape {
  columns: number;
  group: number;
  digit: (byte: number) => string;
  /** Characters of one byte. */
  room: number;
  littleEndian: boolean;
  address: (at: number) => string;
  skips: boolean;
}

export const xxd: Program = async (proc) => {
  const argv = proc.argv.map((arg, i) => (i > 0 ? arg.replace(/^-(ps|postscript|plain)$/, '-p') : arg));
  const options = getopt(argv, 'abc:dEeg:il:n:o:prs:uC', {});
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [path = '-', target] = options.rest;
  let bytes: Uint8Array = new Uint8Array();
  const unread = await attempt(
    proc,
    async () => {
      bytes = await all(proc, path);
    },
    (reason) => `${path}: ${reason}`,
  );
  if (unread) return 2;
  const answer = options.has('r') ? undumped(bytes, options.has('p')) : dumped(bytes, path, options);
  if (target === undefined) await proc.print(answer);
  else proc.files.write(target, answer);
  return 0;
};

async function all(proc: Process, path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks(proc, path)) pieces.push(chunk.slice());
  return concat(pieces);
}

function dumped(whole: Uint8Array, path: string, options: Options): string {
  const skip = Number((options.get('s') ?? '0').replace(/^\+/, ''));
  const from = skip < 0 ? Math.max(0, whole.length + skip) : skip;
  const bytes = whole.subarray(from, from + Number(options.get('l') ?? Number.POSITIVE_INFINITY));
  const digit = (byte: number) => (options.has('u') ? hex(byte, 2).toUpperCase() : hex(byte, 2));
  if (options.has('i')) return included(bytes, path, Number(options.get('c') ?? 12), digit, options);
  if (options.has('p')) return plain(bytes, Number(options.get('c') ?? 30), digit);
  const isBits = options.has('b');
  const columns = Number(options.get('c') ?? (isBits ? 6 : 16));
  const usual = isBits ? 1 : options.has('e') ? 4 : 2;
  return rows(bytes, {
    columns,
    group: Number(options.get('g') ?? usual) || columns,
    digit: isBits ? (byte) => byte.toString(2).padStart(8, '0') : digit,
    room: isBits ? 8 : 2,
    littleEndian: options.has('e'),
    address: (at) => {
      const address = from + at + Number(options.get('o') ?? 0);
      return options.has('d') ? String(address).padStart(8, '0') : hex(address, 8);
    },
    skips: options.has('a'),
  });
}

function plain(bytes: Uint8Array, columns: number, digit: (byte: number) => string): string {
  const digits = Array.from(bytes, digit).join('');
  if (columns === 0) return `${digits}\n`;
  return digits.replace(new RegExp(`.{1,${columns * 2}}`, 'g'), '$&\n');
}

/** An array of C; from standard input its inside alone. */
function included(bytes: Uint8Array, path: string, columns: number, digit: (byte: number) => string, options: Options) {
  const cells = Array.from(bytes, (byte) => `${options.has('u') ? '0X' : '0x'}${digit(byte)}`);
  const lines = Array.from({ length: Math.ceil(cells.length / columns) }, (_, i) =>
    cells.slice(i * columns, (i + 1) * columns).join(', '),
  );
  const body = `  ${lines.join(',\n  ')}\n`;
  if (path === '-') return bytes.length > 0 ? body : '';
  const plainName = options.get('n') ?? path.replace(/[^A-Za-z0-9]/g, '_').replace(/^(?=\d)/, '__');
  const name = options.has('C') ? plainName.toUpperCase() : plainName;
  return `unsigned char ${name}[] = {\n${bytes.length > 0 ? body : ''}};\nunsigned int ${name}_${options.has('C') ? 'LEN' : 'len'} = ${bytes.length};\n`;
}

function rows(bytes: Uint8Array, shape: Shape): string {
  const { columns, group, room, littleEndian } = shape;
  const groups = Math.ceil(columns / group);
  const width = (littleEndian ? groups * group * room : columns * room) + groups - 1;
  let out = '';
  let zeros = 0;
  for (let at = 0; at < bytes.length; at += columns) {
    const row = bytes.subarray(at, at + columns);
    // of lines of nothing but zeros the first is shown, and the last if the file ends with it
    zeros = shape.skips && row.every((byte) => byte === 0) ? zeros + 1 : 0;
    const isEnd = at + columns >= bytes.length;
    if (zeros === 2 && !isEnd) out += '*\n';
    if (zeros > 1 && !isEnd) continue;
    const cells = Array.from({ length: Math.ceil(row.length / group) }, (_, i) => {
      const digits = Array.from(row.subarray(i * group, (i + 1) * group), shape.digit);
      return littleEndian
        ? digits
            .reverse()
            .join('')
            .padStart(group * room)
        : digits.join('');
    });
    const letters = Array.from(row, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    out += `${shape.address(at)}: ${cells.join(' ').padEnd(width)}  ${letters}\n`;
  }
  return out;
}

/** The bytes of a dump: each line's at its address, or all digits one after the other. */
function undumped(bytes: Uint8Array, isPlain: boolean): Uint8Array {
  const text = toText(bytes);
  if (isPlain) return new Uint8Array(Buffer.from(text.replace(/[^0-9a-fA-F]/g, ''), 'hex'));
  let out = new Uint8Array();
  for (const line of text.split('\n')) {
    const match = /^([0-9a-fA-F]+): ?((?:[0-9a-fA-F]+ ?)*)/.exec(line);
    if (!match) continue;
    const [at, row] = [
      Number.parseInt(match[1] as string, 16),
      Buffer.from((match[2] ?? '').replaceAll(' ', ''), 'hex'),
    ];
    const grown = new Uint8Array(Math.max(out.length, at + row.length));
    grown.set(out);
    grown.set(row, at);
    out = grown;
  }
  return out;
}
