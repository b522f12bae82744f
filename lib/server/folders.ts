// Where things lie on the host. Sockets have a folder of their own, because a socket's path ends at 107 bytes.
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The longest folder in which `attempts/<32 characters>.sock` still fits. */
const LONGEST_SOCKET_FOLDER = 60;

export interface Folders {
  data: string;
  keys: string;
  sockets: string;
}

/** Makes the folders: closed to others, but let through, since the database's user lives below. */
export function openFolders(dataDir: string): Folders {
  const data = resolve(dataDir);
  mkdirSync(data, { recursive: true, mode: 0o711 });
  chmodSync(data, 0o711);
  const keys = join(data, 'keys');
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  return { data, keys, sockets: socketFolder(data) };
}

function socketFolder(data: string): string {
  const name = `podlab-${createHash('sha256').update(data).digest('hex').slice(0, 12)}`;
  const wanted = join(data, 'run');
  const folder = wanted.length <= LONGEST_SOCKET_FOLDER ? wanted : join(tmpdir(), name);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const uid = process.getuid?.();
  if (uid !== undefined && statSync(folder).uid !== uid) throw new Error(`${folder} belongs to somebody else.`);
  chmodSync(folder, 0o711);
  mkdirSync(join(folder, 'attempts'), { recursive: true, mode: 0o700 });
  return folder;
}
