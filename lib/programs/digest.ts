// base64, md5sum and its family.
import { createHash } from 'node:crypto';
import { Errno, strerror } from '../machine/errno';
import { toText } from '../machine/fs';
import { concat, type Process, type Program } from '../machine/process';
import { getopt } from './getopt';
import { chunks, eachFile, fail, refused, usage } from './tool';

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

const NAMES: Record<string, string> = { blake2b512: 'BLAKE2b' };

export const checksum: Program = async (proc) => {
  const algorithm = proc.name === 'b2sum' ? 'blake2b512' : proc.name.replace(/sum$/, '');
  const options = getopt(proc.argv, 'bctwz', {
    binary: 'b',
    check: 'c',
    zero: 'z',
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
  for (const name of ['ignore-missing', 'status', 'warn', 'quiet', 'strict'])
    if (!options.has('c') && options.has(name === 'warn' ? 'w' : name))
      return usage(proc, `${proc.name}: the --${name} option is meaningful only when verifying checksums`);
  const digest = async (path: string) =>
    createHash(algorithm)
      .update(await all(proc, path))
      .digest('hex');
  if (!options.has('c'))
    return eachFile(proc, options.rest, async (path) => {
      const sum = await digest(path);
      const kind = NAMES[algorithm] ?? algorithm.toUpperCase();
      return proc.print(
        (options.has('tag') ? `${kind} (${path}) = ${sum}` : `${sum} ${options.has('b') ? '*' : ' '}${path}`) +
          (options.has('z') ? '\0' : '\n'),
      );
    });
  let [wrong, unread, badLines] = [0, 0, 0];
  let status = await eachFile(proc, options.rest, async (path) => {
    const name = path === '-' ? "'standard input'" : path;
    let [good, verified] = [0, 0];
    for (const [i, line] of toText(await all(proc, path))
      .split('\n')
      .entries()) {
      if (line === '') continue;
      const plain = /^([0-9a-f]+) [ *](.*)$/.exec(line)?.slice(1);
      const tagged = /^\w+ \((.*)\) = ([0-9a-f]+)$/.exec(line)?.slice(1);
      const [sum = '', file = ''] = plain ?? tagged?.reverse() ?? [];
      if (sum.length !== createHash(algorithm).digest('hex').length) {
        badLines++;
        if (options.has('w'))
          await fail(
            proc,
            `${path}: ${i + 1}: improperly formatted ${NAMES[algorithm] ?? algorithm.toUpperCase()} checksum line`,
          );
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
      verified++;
      if (found !== undefined && !same) wrong++;
      const verdict = same ? 'OK' : found === undefined ? 'FAILED open or read' : 'FAILED';
      if (!options.has('status') && !(same && options.has('quiet'))) await proc.print(`${file}: ${verdict}\n`);
    }
    if (good === 0) {
      badLines = 0;
      await fail(proc, `${name}: no properly formatted checksum lines found`);
      wrong = Number.NaN;
    } else if (verified === 0) {
      await fail(proc, `${name}: no file was verified`);
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
