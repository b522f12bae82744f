// Reads one line for `read`, `mapfile` and `select` without taking a byte too many.
import { toText } from '../../machine/fs';
import { concat } from '../../machine/process';
import type { Shell } from '../shell';

export interface LineOptions {
  fd: number;
  delimiter: string;
  /** At most this many characters. */
  count?: number;
  /** `read -r` is not set: a backslash takes the delimiter's meaning away. */
  escapes?: boolean;
  signal?: AbortSignal;
}

/** A line, and whether input ended before its delimiter. */
export async function readLine(shell: Shell, options: LineOptions): Promise<{ text: string; ended: boolean }> {
  const { proc } = shell;
  const description = proc.descriptor(options.fd);
  const delimiter = options.delimiter === '' ? 0 : options.delimiter.charCodeAt(0);
  const bytes: Uint8Array[] = [];
  const whole = () => toText(concat(bytes)).replaceAll('\0', ''); // what no variable can hold
  while (true) {
    if (description.seek && options.count === undefined) {
      // a regular file: read a block and go back to just after the delimiter
      const offset = description.offset ?? 0;
      const chunk = await proc.read(options.fd, BLOCK, options.signal);
      if (!chunk) return { text: whole(), ended: true };
      const end = endOfLine(chunk, delimiter, options.escapes === true);
      if (end < 0) {
        bytes.push(chunk.slice());
        continue;
      }
      description.seek(offset + end + 1);
      bytes.push(chunk.slice(0, end));
      return { text: whole(), ended: false };
    }
    const byte = await proc.read(options.fd, 1, options.signal);
    if (!byte) return { text: whole(), ended: true };
    const escaped = options.escapes && oddBackslashes(bytes);
    if (byte[0] === delimiter && !escaped) return { text: whole(), ended: false };
    bytes.push(byte.slice());
    if (options.count !== undefined && [...whole()].length >= options.count && !whole().endsWith('\ufffd'))
      return { text: whole(), ended: false };
  }
}

const BLOCK = 4096; // bytes: a line is mostly shorter
const BACKSLASH = 92;

function endOfLine(chunk: Uint8Array, delimiter: number, escapes: boolean): number {
  for (let i = 0; i < chunk.length; i++) {
    if (escapes && chunk[i] === BACKSLASH) i++;
    else if (chunk[i] === delimiter) return i;
  }
  return -1;
}

function oddBackslashes(bytes: Uint8Array[]): boolean {
  let n = 0;
  while (bytes[bytes.length - 1 - n]?.[0] === BACKSLASH) n++;
  return n % 2 === 1;
}
