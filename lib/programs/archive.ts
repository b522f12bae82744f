// tar and gzip. `kubectl cp` runs `tar cf - PATH` and `tar -xmf - -C DIR` in a container.
import { gunzipSync, gzipSync } from 'node:zlib';
import { Errno, strerror } from '../machine/errno';
import type { Stat } from '../machine/files';
import { dirname } from '../machine/path';
import { concat, type Process, type Program } from '../machine/process';
import { strftime } from '../shell/strftime';
import { about } from './about';
import { getopt, type Options } from './getopt';
import { modeText, nameOfGroup, nameOfUser } from './stat-text';
import { chunks, eachFile, fail, refused } from './tool';

const BLOCK = 512;
const RECORD = 20 * BLOCK; // tar writes whole records of twenty blocks
const TYPES: Record<string, string> = { '0': 'file', '\0': 'file', '2': 'link', '5': 'dir' };

interface Member {
  name: string;
  type: string;
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
  target: string;
  data: Uint8Array;
}

const LONG = {
  create: 'c',
  extract: 'x',
  get: 'x',
  list: 't',
  'file=': 'f',
  'directory=': 'C',
  gzip: 'z',
  verbose: 'v',
  touch: 'm',
  'no-same-owner': 'o',
  'no-same-permissions': 'no-same-permissions',
  'preserve-permissions': 'p',
  'same-owner': 'same-owner',
  overwrite: 'overwrite',
  'strip-components=': 'strip',
  'exclude=': 'exclude',
  'warning=': 'warning',
  'no-overwrite-dir': 'no-overwrite-dir',
};

const EX_USAGE = 64; // sysexits.h, as argp ends a program

export const tar: Program = async (proc) => {
  const argv = [...proc.argv];
  if (/^[a-zA-Z]+$/.test(argv[1] ?? '')) argv[1] = `-${argv[1]}`; // the old way, without a dash
  const options = getopt(argv, 'cC:f:hjmkopPtvxz', LONG);
  if (options.about) return about(proc, options);
  if (options.error !== undefined) {
    await proc.complain(`${options.error}\nTry 'tar --help' or 'tar --usage' for more information.\n`);
    return EX_USAGE;
  }
  const mode = ['c', 'x', 't'].filter((letter) => options.has(letter));
  if (mode.length !== 1) {
    await proc.complain(
      "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.\n",
    );
    return 2;
  }
  return mode[0] === 'c' ? create(proc, options) : read(proc, options, mode[0] === 'x');
};

async function create(proc: Process, options: Options): Promise<number> {
  const base = options.get('C');
  const out: Uint8Array[] = [];
  let status = 0;
  if (options.rest.length === 0) {
    await proc.complain(
      "tar: Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.\n",
    );
    return 2;
  }
  let told = false;
  const add = async (path: string): Promise<void> => {
    await proc.tick();
    const real = base && !path.startsWith('/') ? `${base}/${path}` : path;
    const stat = proc.files.find(real, options.has('h'));
    if (!stat) {
      await proc.complain(`tar: ${path}: Cannot stat: No such file or directory\n`);
      status = 2;
      return;
    }
    if (path.startsWith('/') && !told) {
      told = true;
      await proc.complain("tar: Removing leading `/' from member names\n");
    }
    const name = path.replace(/^\/+/, '') || './';
    try {
      const data = stat.type === 'file' ? proc.files.readBytes(real) : new Uint8Array();
      out.push(...headers(name, stat, data.length, proc), padded(data));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await proc.complain(`tar: ${path}: Cannot open: ${strerror(error)}\n`);
      status = 2;
      return;
    }
    if (options.has('v')) await proc.complain(`${name}${stat.type === 'dir' && !name.endsWith('/') ? '/' : ''}\n`);
    if (stat.type === 'dir')
      for (const child of proc.files.list(real)) await add(`${path.replace(/\/$/, '')}/${child}`);
  };
  for (const path of options.rest) await add(path);
  const size = out.reduce((sum, piece) => sum + piece.length, 0) + 2 * BLOCK;
  const bytes = concat([...out, new Uint8Array(2 * BLOCK + ((RECORD - (size % RECORD)) % RECORD))]);
  const packed = options.has('z') ? new Uint8Array(gzipSync(bytes)) : bytes;
  const file = options.get('f') ?? '-';
  if (file === '-') for (let at = 0; at < packed.length; at += 65536) await proc.print(packed.subarray(at, at + 65536));
  else proc.files.write(file, packed);
  if (status !== 0) await proc.complain('tar: Exiting with failure status due to previous errors\n');
  return status;
}

const padded = (data: Uint8Array): Uint8Array =>
  data.length % BLOCK === 0 ? data : concat([data, new Uint8Array(BLOCK - (data.length % BLOCK))]);

/** The header of a member; a name over 100 bytes goes into a GNU long-name member before it. */
function headers(name: string, stat: Stat, size: number, proc: Process): Uint8Array[] {
  const full = stat.type === 'dir' && !name.endsWith('/') ? `${name}/` : name;
  const bytes = new TextEncoder().encode(full);
  const type = stat.type === 'dir' ? '5' : stat.type === 'link' ? '2' : '0';
  const main = header(full, {
    ...stat,
    size,
    type,
    user: nameOfUser(proc, stat.uid),
    group: nameOfGroup(proc, stat.gid),
  });
  if (bytes.length <= 100) return [main];
  const long = header('././@LongLink', {
    mode: 0,
    uid: 0,
    gid: 0,
    mtime: 0,
    size: bytes.length + 1,
    type: 'L',
    user: 'root',
    group: 'root',
  });
  return [long, padded(concat([bytes, new Uint8Array(1)])), main];
}

interface Fields {
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
  size: number;
  type: string;
  user: string;
  group: string;
  target?: string;
}

function header(name: string, fields: Fields): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string, width: number) =>
    block.set(new TextEncoder().encode(text).subarray(0, width), at);
  const octal = (at: number, n: number, width: number) => put(at, `${n.toString(8).padStart(width - 1, '0')}\0`, width);
  put(0, name, 100);
  octal(100, fields.mode & 0o7777, 8);
  octal(108, fields.uid, 8);
  octal(116, fields.gid, 8);
  octal(124, fields.size, 12);
  octal(136, Math.max(0, Math.floor(fields.mtime / 1000)), 12);
  put(148, '        ', 8);
  put(156, fields.type, 1);
  put(157, fields.target ?? '', 100);
  put(257, 'ustar  \0', 8);
  put(265, fields.user, 32);
  put(297, fields.group, 32);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `, 8);
  return block;
}

async function read(proc: Process, options: Options, extracts: boolean): Promise<number> {
  const file = options.get('f') ?? '-';
  const pieces: Uint8Array[] = [];
  try {
    for await (const chunk of chunks(proc, file)) pieces.push(chunk.slice());
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await proc.complain(`tar: ${file}: Cannot open: ${strerror(error)}\ntar: Error is not recoverable: exiting now\n`);
    return 2;
  }
  let bytes: Uint8Array = concat(pieces);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = new Uint8Array(gunzipSync(bytes));
  const wanted = options.rest.map((name) => name.replace(/\/$/, ''));
  const strip = Number(options.get('strip') ?? 0);
  let status = 0;
  for (const member of members(bytes)) {
    await proc.tick();
    const plain = member.name.replace(/\/$/, '');
    if (wanted.length > 0 && !wanted.some((name) => plain === name || plain.startsWith(`${name}/`))) continue;
    if (options.has('v') || !extracts)
      await proc.print(extracts || !options.has('v') ? `${member.name}\n` : longLine(proc, member));
    if (!extracts) continue;
    const name = plain.replace(/^\/+/, '').split('/').slice(strip).join('/');
    if (name === '' || name.split('/').includes('..')) continue;
    try {
      unpack(proc, options, member, `${options.get('C') ?? '.'}/${name}`);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await proc.complain(`tar: ${member.name}: Cannot open: ${strerror(error)}\n`);
      status = 2;
    }
  }
  if (status !== 0) await proc.complain('tar: Exiting with failure status due to previous errors\n');
  return status;
}

function unpack(proc: Process, options: Options, member: Member, path: string): void {
  const { files } = proc;
  const parents = dirname(path)
    .split('/')
    .map((_, i, all) => all.slice(0, i + 1).join('/'));
  for (const parent of parents) if (parent && !files.exists(parent)) files.mkdir(parent);
  if (member.type === 'dir') {
    if (!files.exists(path)) files.mkdir(path, member.mode);
  } else if (member.type === 'link') {
    if (files.find(path, false)) files.unlink(path);
    files.symlink(member.target, path);
  } else {
    if (files.find(path, false)?.type === 'link') files.unlink(path);
    files.write(path, member.data, member.mode & 0o777);
    files.chmod(path, member.mode & (proc.uid === 0 || options.has('p') ? 0o7777 : 0o777 & ~proc.umask));
    if (!options.has('m')) files.touch(path, member.mtime);
  }
}

function* members(bytes: Uint8Array): Generator<Member> {
  const decoder = new TextDecoder();
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const block = bytes.subarray(at, at + BLOCK);
    if (block[0] === 0) return;
    const text = (from: number, width: number) =>
      decoder.decode(block.subarray(from, from + width)).replace(/\0[\s\S]*$/, '');
    const octal = (from: number, width: number) => Number.parseInt(text(from, width).trim() || '0', 8);
    const size = octal(124, 12);
    const data = bytes.subarray(at + BLOCK, at + BLOCK + size);
    const kind = String.fromCharCode(block[156] ?? 0);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (kind === 'L') longName = decoder.decode(data).replace(/\0[\s\S]*$/, '');
    else if (kind === 'x') longName = /\d+ path=([^\n]*)\n/.exec(decoder.decode(data))?.[1] ?? longName;
    if (kind === 'L' || kind === 'x' || kind === 'g') continue;
    const prefix = text(257, 6) === 'ustar' ? text(345, 155) : '';
    const name = longName ?? (prefix ? `${prefix}/${text(0, 100)}` : text(0, 100));
    longName = undefined;
    yield {
      name,
      type: TYPES[kind] ?? 'file',
      mode: octal(100, 8),
      uid: octal(108, 8),
      gid: octal(116, 8),
      mtime: octal(136, 12) * 1000,
      target: text(157, 100),
      data,
    };
  }
}

const longLine = (proc: Process, { name, type, mode, uid, gid, mtime, data }: Member): string =>
  `${modeText({ type: type as 'file', mode })} ${nameOfUser(proc, uid)}/${nameOfGroup(proc, gid)} ${String(data.length).padStart(9)} ${strftime('%Y-%m-%d %H:%M', mtime)} ${name}\n`;

/** gzip, gunzip and zcat. */
export const gzip: Program = async (proc) => {
  const options = getopt(proc.argv, '123456789cdfklnqrtv', {
    stdout: 'c',
    decompress: 'd',
    force: 'f',
    keep: 'k',
    verbose: 'v',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const unpacks = options.has('d') || proc.name === 'gunzip' || proc.name === 'zcat';
  return eachFile(proc, options.rest, async (path) => {
    const pieces: Uint8Array[] = [];
    for await (const chunk of chunks(proc, path)) pieces.push(chunk.slice());
    let result: Uint8Array;
    try {
      result = new Uint8Array(unpacks ? gunzipSync(concat(pieces)) : gzipSync(concat(pieces)));
    } catch {
      await fail(proc, `${path === '-' ? 'stdin' : path}: not in gzip format`);
      return;
    }
    if (path === '-' || options.has('c') || proc.name === 'zcat') return proc.print(result);
    proc.files.write(unpacks ? path.replace(/\.t?gz$/, '') : `${path}.gz`, result);
    if (!options.has('k')) proc.files.unlink(path);
  });
};
