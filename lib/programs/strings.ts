// strings: runs of printable characters in files.
import { toText } from '../machine/fs';
import { concat, type Program } from '../machine/process';
import { getopt } from './getopt';
import { chunks, eachFile, fail, refused } from './tool';

const SHORTEST = 4;

export const strings: Program = async (proc) => {
  const options = getopt(proc.argv, 'afn:t:', { all: 'a', 'bytes=': 'n', 'print-file-name': 'f', 'radix=': 't' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const least = Number(options.get('n') ?? SHORTEST);
  if (!Number.isInteger(least) || least < 1) return fail(proc, `invalid minimum string length ${options.get('n')}`);
  const radix = { d: 10, o: 8, x: 16 }[options.get('t') ?? ''];
  const pattern = new RegExp(`[\\t\\x20-\\x7e]{${least},}`, 'g');
  return eachFile(
    proc,
    options.rest,
    async (path) => {
      const pieces: Uint8Array[] = [];
      for await (const chunk of chunks(proc, path)) pieces.push(chunk.slice());
      const text = Buffer.from(concat(pieces)).toString('latin1');
      const name = options.has('f') ? `${path === '-' ? '{standard input}' : path}: ` : '';
      for (const found of text.matchAll(pattern)) {
        const place = radix ? `${found.index.toString(radix).padStart(7)} ` : '';
        await proc.print(`${name}${place}${toText(Buffer.from(found[0], 'latin1'))}\n`);
      }
    },
    (path, reason) => (reason === 'No such file or directory' ? `'${path}': No such file` : `${path}: ${reason}`),
  );
};
