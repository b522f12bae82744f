// gzip, gunzip and zcat.
import { crc32, gunzipSync, gzipSync } from 'node:zlib';
import { Errno, strerror } from '../../machine/errno';
import { concat, type Process, type Program } from '../../machine/process';
import { strftime } from '../../shell/strftime';
import { getopt, type Options } from '../getopt';
import { chunks, refused } from '../tool';

const LONG = {
  ascii: 'a',
  best: '9',
  decompress: 'd',
  fast: '1',
  force: 'f',
  keep: 'k',
  list: 'l',
  name: 'N',
  'no-name': 'n',
  quiet: 'q',
  recursive: 'r',
  stdout: 'c',
  'suffix=': 'S',
  test: 't',
  'to-stdout': 'c',
  uncompress: 'd',
  verbose: 'v',
};
const WARNING = 2; // status of a file that was left alone
const KNOWN = /(\.gz|\.z|-gz|-z|_z|\.Z)$/;

export const gzip: Program = async (proc) => {
  const options = getopt(proc.argv, '123456789acdfhklnNqrS:tvV', LONG);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const run = new Run(proc, options);
  for (const path of options.rest.length > 0 ? options.rest : ['-']) await run.file(path);
  await run.finish();
  return run.status;
};

class Run {
  status = 0;
  private readonly suffix: string;
  private readonly unpacks: boolean;
  private readonly toOutput: boolean;
  private listed = 0;
  private readonly totals = { packed: 0, plain: 0 };

  constructor(
    private readonly proc: Process,
    private readonly options: Options,
  ) {
    this.suffix = options.get('S') ?? '.gz';
    this.unpacks = ['d', 't', 'l'].some((letter) => options.has(letter)) || /^(gunzip|zcat|gzcat)$/.test(proc.name);
    this.toOutput = options.has('c') || /^g?zcat$/.test(proc.name);
  }

  /** Messages bear gzip's name whatever it was called by. */
  private async warn(message: string, status = WARNING): Promise<void> {
    this.status = this.status === 1 ? 1 : status;
    if (status === 1 || !this.options.has('q')) await this.proc.complain(`gzip: ${message}\n`);
  }

  async file(given: string): Promise<void> {
    const { proc, options } = this;
    await proc.tick();
    if (given === '-') return this.stream();
    const path =
      this.unpacks && !proc.files.exists(given) && !KNOWN.test(given) && !given.endsWith(this.suffix)
        ? given + this.suffix
        : given;
    const stat = proc.files.find(path);
    if (!stat) return this.warn(`${path}: No such file or directory`, 1);
    if (stat.type === 'dir') {
      if (!options.has('r')) return this.warn(`${path} is a directory -- ignored`);
      for (const name of proc.files.list(path)) await this.file(`${path.replace(/\/$/, '')}/${name}`);
      return;
    }
    const isPacked = path.endsWith(this.suffix) || KNOWN.test(path) || /\.t[ag]z$/.test(path);
    if (!this.unpacks && isPacked && !this.toOutput && !options.has('f'))
      return void (
        options.has('q') || (await proc.complain(`gzip: ${path} already has ${this.suffix} suffix -- unchanged\n`))
      );
    if (this.unpacks && !isPacked && !this.toOutput && !options.has('t') && !options.has('l'))
      return this.warn(`${path}: unknown suffix -- ignored`);
    let bytes: Uint8Array;
    try {
      bytes = proc.files.readBytes(path);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return this.warn(`${path}: ${strerror(error)}`, 1);
    }
    const result = await this.convert(bytes, path);
    if (!result) return;
    if (options.has('l')) return this.list(path.replace(KNOWN, ''), bytes, result, stat.mtime);
    if (options.has('t')) return void (options.has('v') && (await proc.complain(`${path}:\t OK\n`)));
    if (this.toOutput) return proc.print(result);
    const to = this.unpacks
      ? path.endsWith(this.suffix)
        ? path.slice(0, -this.suffix.length)
        : path.replace(/\.t[ag]z$/, '.tar').replace(KNOWN, '')
      : path + this.suffix;
    if (proc.files.exists(to) && !options.has('f') && !(await this.mayOverwrite(to))) return;
    proc.files.write(to, result, stat.mode & 0o777);
    proc.files.touch(to, stat.mtime);
    if (!options.has('k')) proc.files.unlink(path);
    if (!options.has('v')) return;
    const [packed, plain] = this.unpacks ? [bytes, result] : [result, bytes];
    await proc.complain(
      `${path}:\t${ratio(packed.length, plain.length)} -- ${options.has('k') ? 'created' : 'replaced with'} ${to}\n`,
    );
  }

  private async stream(): Promise<void> {
    const { proc, options } = this;
    if (!this.unpacks && proc.stdout.terminal && !options.has('f')) {
      this.status = 1;
      await proc.complain(
        'gzip: compressed data not written to a terminal. Use -f to force compression.\nFor help, type: gzip -h\n',
      );
      return;
    }
    const pieces: Uint8Array[] = [];
    for await (const chunk of chunks(proc, '-')) pieces.push(chunk.slice());
    const bytes = concat(pieces);
    const result = await this.convert(bytes, 'stdin');
    if (!result || options.has('t')) return;
    if (options.has('l')) return this.list('stdout', bytes, result, 0);
    await proc.print(result);
    if (options.has('v')) await proc.complain(`${ratio(result.length, bytes.length)}\n`);
  }

  private async convert(bytes: Uint8Array, name: string): Promise<Uint8Array | undefined> {
    if (!this.unpacks) {
      const level = [...'123456789'].filter((digit) => this.options.has(digit)).at(-1);
      return new Uint8Array(gzipSync(bytes, level ? { level: Number(level) } : {}));
    }
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    if (!isGzip && this.toOutput && this.options.has('f')) return bytes;
    try {
      if (isGzip) return new Uint8Array(gunzipSync(bytes));
    } catch {
      this.status = 1;
      await this.proc.complain(`\ngzip: ${name}: unexpected end of file\n`);
      return undefined;
    }
    this.status = 1;
    await this.proc.complain(
      bytes.length === 0 && name !== 'stdin'
        ? `\ngzip: ${name}: unexpected end of file\n`
        : `\ngzip: ${name}: not in gzip format\n`,
    );
    return undefined;
  }

  private async mayOverwrite(to: string): Promise<boolean> {
    const { proc } = this;
    if (!proc.stdin?.terminal) {
      await this.warn(`${to} already exists;\tnot overwritten`);
      return false;
    }
    await proc.complain(`gzip: ${to} already exists; do you wish to overwrite (y or n)? `);
    const chunk = await proc.read();
    const yes = chunk !== null && /^[yY]/.test(Buffer.from(chunk).toString());
    if (!yes) {
      await proc.complain('\tnot overwritten\n');
      this.status = WARNING;
    }
    return yes;
  }

  private async list(name: string, packed: Uint8Array, plain: Uint8Array, mtime: number): Promise<void> {
    const verbose = this.options.has('v');
    const row = (size: number, length: number, shown: string) =>
      `${String(size).padStart(19)} ${String(length).padStart(19)} ${ratio(size, length)} ${shown}\n`;
    if (this.listed++ === 0)
      await this.proc.print(
        `${verbose ? 'method  crc     date  time  ' : ''}${'compressed'.padStart(19)} ${'uncompressed'.padStart(19)}  ratio uncompressed_name\n`,
      );
    const before = verbose
      ? `defla ${crc32(plain).toString(16).padStart(8, '0')} ${strftime('%b %e %H:%M', mtime)} `
      : '';
    await this.proc.print(before + row(packed.length, plain.length, name));
    this.totals.packed += packed.length;
    this.totals.plain += plain.length;
  }

  async finish(): Promise<void> {
    if (this.listed < 2) return;
    const { packed, plain } = this.totals;
    await this.proc.print(
      `${this.options.has('v') ? ' '.repeat(28) : ''}${String(packed).padStart(19)} ${String(plain).padStart(19)} ${ratio(packed, plain)} (totals)\n`,
    );
  }
}

const HEADER = 18; // bytes of gzip's header and trailer, which the ratio leaves out

/** How much was saved, in per cent. */
const ratio = (packed: number, plain: number): string =>
  `${(plain === 0 ? 0 : (100 * (plain - (packed - HEADER))) / plain).toFixed(1).padStart(5)}%`;
