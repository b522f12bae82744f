// The tar format, as GNU tar writes it: blocks of 512 bytes, a header before each member.
import { concat } from '../../machine/process';

const BLOCK = 512;
const RECORD = 20 * BLOCK; // tar writes whole records of twenty blocks
const TYPES: Record<string, Member['type']> = {
  '0': 'file',
  '\0': 'file',
  '1': 'hard',
  '2': 'link',
  '5': 'dir',
  '6': 'fifo',
};

export interface Member {
  name: string;
  type: 'file' | 'link' | 'dir' | 'hard' | 'fifo';
  mode: number;
  uid: number;
  gid: number;
  user: string;
  group: string;
  /** Milliseconds since the epoch. */
  mtime: number;
  target: string;
  data: Uint8Array;
}

const padded = (data: Uint8Array): Uint8Array =>
  data.length % BLOCK === 0 ? data : concat([data, new Uint8Array(BLOCK - (data.length % BLOCK))]);

/** The blocks of a member; a name over 100 bytes goes into a GNU long-name member before it. */
function packed(member: Member): Uint8Array[] {
  const bytes = new TextEncoder().encode(member.name);
  const type = { dir: '5', link: '2', file: '0', hard: '1', fifo: '6' }[member.type];
  const main = header(member.name, { ...member, size: member.data.length, type });
  const own = [main, padded(member.data)];
  if (bytes.length <= 100) return own;
  const long = header('././@LongLink', { ...NOBODY, size: bytes.length + 1, type: 'L' });
  return [long, padded(concat([bytes, new Uint8Array(1)])), ...own];
}

const NOBODY = { mode: 0, uid: 0, gid: 0, mtime: 0, user: 'root', group: 'root' };

/** An archive of members, with the empty blocks that end it. */
export function archived(members: readonly Member[]): Uint8Array {
  const out = members.flatMap(packed);
  const size = out.reduce((sum, piece) => sum + piece.length, 0) + 2 * BLOCK;
  return concat([...out, new Uint8Array(2 * BLOCK + ((RECORD - (size % RECORD)) % RECORD))]);
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

export class NotTar extends Error {}

/** The members of an archive; throws NotTar when it is none. */
export function* members(bytes: Uint8Array): Generator<Member> {
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
    const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
    if (sum !== octal(148, 8)) throw new NotTar();
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
      user: text(265, 32),
      group: text(297, 32),
      mtime: octal(136, 12) * 1000,
      target: text(157, 100),
      data,
    };
  }
}
