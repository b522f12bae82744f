// ~/.ssh/known_hosts: which key a host had the last time.
import type { Process } from '../../machine/process';
import { publicLine, readPublic } from './keys';

/** `host`, or `[host]:port` for other ports than 22, as the file has it. */
export const hostName = (host: string, port: number): string => (port === 22 ? host : `[${host}]:${port}`);

export interface Known {
  line: number;
  path: string;
  blob: Buffer | undefined;
}

/** The entry of a host; undefined when there is none. */
export function findHost(proc: Process, paths: string[], name: string): Known | undefined {
  for (const path of paths) {
    if (!proc.files.exists(path)) continue;
    const lines = proc.files.readText(path).split('\n');
    const at = lines.findIndex((line) => (line.split(/\s+/)[0] ?? '').split(',').includes(name));
    if (at >= 0) return { line: at + 1, path, blob: readPublic(lines[at] ?? '') };
  }
  return undefined;
}

/** Adds a host; the folder is made when it is not there. */
export function addHost(proc: Process, path: string, name: string, blob: Buffer): void {
  const folder = path.replace(/\/[^/]*$/, '');
  if (!proc.files.exists(folder)) proc.files.mkdir(folder, 0o700);
  const old = proc.files.exists(path) ? proc.files.readText(path) : '';
  proc.files.write(path, `${old}${old && !old.endsWith('\n') ? '\n' : ''}${name} ${publicLine(blob)}\n`, 0o600);
}
