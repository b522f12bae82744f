// base64, md5sum and its family, xxd, hexdump, od.
import { createHash } from 'node:crypto';
import { Errno, strerror } from '../machine/errno';
import { toText } from '../machine/fs';
import { concat, type Process, type Program } from '../machine/process';
import { getopt } from './getopt';
import { chunks, eachFile, fail, refused } from './tool';

async function all(proc: Process, path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks(proc, path)) pieces.push(chunk.slice());
  return concat(pieces);
}

export const base64: Program = async (proc) => {
  const options = getopt(proc.argv, 'diw:', { decode: 'd', 'ignore-garbage': 'i', 'wrap=': 'w' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const width = Number(options.get('w') ?? 76);
  let invalid = false;
  const status = await eachFile(proc, options.rest.slice(0, 1), async (path) => {
    const bytes = await all(proc, path);
    if (options.has('d')) {
      const text = toText(bytes).replace(options.has('i') ? /[^A-Za-z0-9+/=]/g : /\s/g, '');
      invalid = !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0;
      return proc.print(new Uint8Array(Buffer.from(text, 'base64')));
    }
    const text = Buffer.from(bytes).toString('base64');
    const wrapped =
      width > 0 ? (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).map((line) => `${line}\n`).join('') : text;
    return proc.print(wrapped);
  });
  return invalid ? fail(proc, 'invalid input') : status;
};

export const checksum: Program = async (proc) => {
  const algorithm = proc.name === 'b2sum' ? 'blake2b512' : proc.name.replace(/sum$/, '');
  const options = getopt(proc.argv, 'bctwz', {
    binary: 'b',
    check: 'c',
    'ignore-missing': 'ignore-missing',
    quiet: 'quiet',
    status: 'status',
    strict: 'strict',
    tag: 'tag',
    text: 't',
    warn: 'w',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const digest = async (path: string) =>
    createHash(algorithm)
      .update(await all(proc, path))
      .digest('hex');
  if (!options.has('c'))
    return eachFile(proc, options.rest, async (path) => {
      const sum = await digest(path);
      const kind = { b2: 'BLAKE2b' }[proc.name.replace(/sum$/, '')] ?? algorithm.toUpperCase();
      return proc.print(
        options.has('tag') ? `${kind} (${path}) = ${sum}\n` : `${sum} ${options.has('b') ? '*' : ' '}${path}\n`,
      );
    });
  let [wrong, unread, badLines] = [0, 0, 0];
  let status = await eachFile(proc, options.rest, async (path) => {
    const name = path === '-' ? "'standard input'" : path;
    let good = 0;
    for (const line of toText(await all(proc, path))
      .split('\n')
      .filter(Boolean)) {
      const plain = /^([0-9a-f]+) [ *](.*)$/.exec(line)?.slice(1);
      const tagged = /^\w+ \((.*)\) = ([0-9a-f]+)$/.exec(line)?.slice(1);
      const [sum = '', file = ''] = plain ?? tagged?.reverse() ?? [];
      if (sum.length !== createHash(algorithm).digest('hex').length) {
        badLines++;
        continue;
      }
      good++;
      if (!proc.files.exists(file) && options.has('ignore-missing')) continue;
      let found: string | undefined;
      try {
        found = await digest(file);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        unread++;
        await fail(proc, `${file}: ${strerror(error)}`);
      }
      const same = found === sum;
      if (found !== undefined && !same) wrong++;
      const verdict = same ? 'OK' : found === undefined ? 'FAILED open or read' : 'FAILED';
      if (!options.has('status') && !(same && options.has('quiet'))) await proc.print(`${file}: ${verdict}\n`);
    }
    if (good === 0) {
      badLines = 0;
      await fail(proc, `${name}: no properly formatted checksum lines found`);
      wrong = Number.NaN;
    }
  });
  if (Number.isNaN(wrong)) return 1;
  const warn = (count: number, one: string, many: string) =>
    count > 0 && !options.has('status')
      ? fail(proc, `WARNING: ${count} ${count === 1 ? one : many}`)
      : Promise.resolve(0);
  await warn(badLines, 'line is improperly formatted', 'lines are improperly formatted');
  await warn(unread, 'listed file could not be read', 'listed files could not be read');
  await warn(wrong, 'computed checksum did NOT match', 'computed checksums did NOT match');
  if (wrong > 0 || unread > 0 || (badLines > 0 && options.has('strict'))) status = 1;
  return status;
};

const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0');
const visible = (bytes: Uint8Array): string =>
  Array.from(bytes, (b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('');

export const xxd: Program = async (proc) => {
  const options = getopt(proc.argv, 'bc:eg:il:prs:u');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  for (const letter of ['e', 'i']) if (options.has(letter)) return fail(proc, `not supported: -${letter}`);
  return eachFile(proc, options.rest.slice(0, 1), async (path) => {
    const skip = Number(options.get('s') ?? 0);
    const whole = await all(proc, path);
    const from = skip < 0 ? Math.max(0, whole.length + skip) : skip;
    const bytes = whole.subarray(from, from + Number(options.get('l') ?? Number.POSITIVE_INFINITY));
    if (options.has('r'))
      return proc.print(
        new Uint8Array(
          Buffer.from(
            toText(bytes)
              .replace(/^[0-9a-f]+: | {2}.*$/gm, '')
              .replace(/\s/g, ''),
            'hex',
          ),
        ),
      );
    const bits = options.has('b');
    const columns = Number(options.get('c') ?? (options.has('p') ? 30 : bits ? 6 : 16));
    const group = Number(options.get('g') ?? (bits ? 1 : 2)) || columns;
    const digit = (byte: number) => {
      if (bits) return byte.toString(2).padStart(8, '0');
      return options.has('u') ? hex(byte, 2).toUpperCase() : hex(byte, 2);
    };
    const width = columns * (bits ? 8 : 2) + Math.ceil(columns / group) - 1;
    let out = '';
    for (let at = 0; at < bytes.length; at += columns) {
      const row = bytes.subarray(at, at + columns);
      const digits = Array.from(row, digit);
      const groups = Array.from({ length: Math.ceil(row.length / group) }, (_, i) =>
        digits.slice(i * group, (i + 1) * group).join(''),
      );
      if (options.has('p')) out += `${digits.join('')}\n`;
      else out += `${hex(from + at, 8)}: ${groups.join(' ').padEnd(width)}  ${visible(row)}\n`;
    }
    return proc.print(out);
  });
};

export const hexdump: Program = async (proc) => {
  const options = getopt(proc.argv, 'Cn:v');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  return eachFile(proc, options.rest, async (path) => {
    const bytes = (await all(proc, path)).subarray(0, Number(options.get('n') ?? Number.POSITIVE_INFINITY));
    let out = '';
    for (let at = 0; at < bytes.length; at += 16) {
      const row = bytes.subarray(at, at + 16);
      if (options.has('C')) {
        const digits = Array.from({ length: 16 }, (_, i) => (i < row.length ? hex(row[i] as number, 2) : '  '));
        out += `${hex(at, 8)}  ${digits.slice(0, 8).join(' ')}  ${digits.slice(8).join(' ')}  |${visible(row)}|\n`;
      } else {
        const words = Array.from({ length: Math.ceil(row.length / 2) }, (_, i) =>
          hex((row[2 * i] as number) | ((row[2 * i + 1] ?? 0) << 8), 4),
        );
        out += `${hex(at, 7)} ${words.join(' ').padEnd(39)}\n`;
      }
    }
    return proc.print(`${out}${bytes.length > 0 ? `${hex(bytes.length, options.has('C') ? 8 : 7)}\n` : ''}`);
  });
};
