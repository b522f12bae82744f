// base64, md5sum and its family, xxd, hexdump, od.
import { createHash } from 'node:crypto';
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
  const options = getopt(proc.argv, 'bctw', { check: 'c', binary: 'b', text: 't', quiet: 'quiet', status: 'status' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const digest = async (path: string) =>
    createHash(algorithm)
      .update(await all(proc, path))
      .digest('hex');
  if (!options.has('c'))
    return eachFile(proc, options.rest, async (path) => proc.print(`${await digest(path)}  ${path}\n`));
  let wrong = 0;
  const status = await eachFile(proc, options.rest, async (path) => {
    for (const line of toText(await all(proc, path))
      .split('\n')
      .filter(Boolean)) {
      const [, sum = '', name = ''] = /^([0-9a-f]+) [ *](.*)$/.exec(line) ?? [];
      const same = proc.files.exists(name) && (await digest(name)) === sum;
      if (!same) wrong++;
      await proc.print(`${name}: ${same ? 'OK' : 'FAILED'}\n`);
    }
  });
  if (wrong > 0)
    await proc.complain(`${proc.name}: WARNING: ${wrong} computed checksum${wrong > 1 ? 's' : ''} did NOT match\n`);
  return wrong > 0 ? 1 : status;
};

const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0');
const visible = (bytes: Uint8Array): string =>
  Array.from(bytes, (b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('');

export const xxd: Program = async (proc) => {
  const options = getopt(proc.argv, 'c:l:prs:u');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  return eachFile(proc, options.rest.slice(0, 1), async (path) => {
    const bytes = (await all(proc, path)).subarray(0, Number(options.get('l') ?? Number.POSITIVE_INFINITY));
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
    const columns = Number(options.get('c') ?? (options.has('p') ? 30 : 16));
    let out = '';
    for (let at = 0; at < bytes.length; at += columns) {
      const row = bytes.subarray(at, at + columns);
      const digits = Array.from(row, (b) => hex(b, 2));
      if (options.has('p')) out += `${digits.join('')}\n`;
      else
        out += `${hex(at, 8)}: ${(digits.join('').match(/.{1,4}/g) ?? []).join(' ').padEnd(Math.ceil((columns * 5) / 2) - 1)}  ${visible(row)}\n`;
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
        out += `${hex(at, 7)} ${words.join(' ')}\n`;
      }
    }
    return proc.print(`${out}${bytes.length > 0 ? `${hex(bytes.length, options.has('C') ? 8 : 7)}\n` : ''}`);
  });
};
