// The files that every Linux root has: devices, /etc, /tmp. Images and workstations add theirs.
import type { Entry } from './fs';

const device = (name: string, mode = 0o666): Partial<Entry> => ({ type: 'device', device: name, mode });

/** Device nodes, to be spread into an image's files. */
export const DEVICES: Record<string, Partial<Entry>> = {
  '/dev/null': device('null'),
  '/dev/zero': device('zero'),
  '/dev/full': device('full'),
  '/dev/random': device('random'),
  '/dev/urandom': device('random'),
  '/dev/tty': device('tty'),
  '/dev/stdin': device('stdin'),
  '/dev/stdout': device('stdout'),
  '/dev/stderr': device('stderr'),
};

/** A world-writable directory with the sticky bit, as /tmp. */
export const STICKY: Partial<Entry> = { type: 'dir', mode: 0o1777 };
