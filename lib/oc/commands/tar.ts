// The tar format (POSIX ustar), as `oc cp` needs it: files and directories.

export interface TarEntry {
  name: string;
  mode: number;
  /** Milliseconds since the epoch. */
  mtime: number;
  /** Undefined for a directory. */
  data: Uint8Array | undefined;
}

const BLOCK = 512; // bytes
const NAME_MAX = 100; // bytes of the name field; the prefix field takes the rest

const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

export function packTar(entries: TarEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    parts.push(header(entry));
    if (entry.data) parts.push(entry.data, new Uint8Array(padded(entry.data.length) - entry.data.length));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return new Uint8Array(Buffer.concat(parts));
}

function header({ name, mode, mtime, data }: TarEntry): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  const cut = name.length > NAME_MAX ? name.lastIndexOf('/', NAME_MAX) : -1;
  const octal = (value: number, at: number, size: number) =>
    block.write(`${value.toString(8).padStart(size - 1, '0')}\0`, at, 'latin1');
  block.write(cut > 0 ? name.slice(cut + 1) : name, 0, NAME_MAX);
  octal(mode & 0o7777, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(data?.length ?? 0, 124, 12);
  octal(Math.floor(mtime / 1000), 136, 12);
  block.fill(' ', 148, 156);
  block.write(data ? '0' : '5', 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  if (cut > 0) block.write(name.slice(0, cut), 345, 155);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

export function unpackTar(archive: Buffer): TarEntry[] {
  const entries: TarEntry[] = [];
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const block = archive.subarray(at, at + BLOCK);
    if (block.every((byte) => byte === 0)) break;
    const text = (from: number, size: number) =>
      block
        .subarray(from, from + size)
        .toString()
        .replace(/\0.*$/s, '');
    const number = (from: number, size: number) => Number.parseInt(text(from, size).trim() || '0', 8);
    const size = number(124, 12);
    const type = text(156, 1);
    const prefix = text(257, 5) === 'ustar' ? text(345, 155) : '';
    const data = archive.subarray(at + BLOCK, at + BLOCK + size);
    const name = prefix ? `${prefix}/${text(0, NAME_MAX)}` : text(0, NAME_MAX);
    if (type === '5') entries.push({ name, mode: number(100, 8), mtime: number(136, 12) * 1000, data: undefined });
    else if (type === '0' || type === '')
      entries.push({ name, mode: number(100, 8), mtime: number(136, 12) * 1000, data: new Uint8Array(data) });
    at += BLOCK + padded(size);
  }
  return entries;
}
