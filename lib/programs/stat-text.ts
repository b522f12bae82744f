// How files are described: `-rw-r--r--`, owners' names, sizes for people.
import type { Entry } from '../machine/fs';
import type { Process } from '../machine/process';

/** The ten letters of a mode. */
export function modeText({ type, mode }: Pick<Entry, 'type' | 'mode'>): string {
  const bit = (value: number, letter: string) => (mode & value ? letter : '-');
  const execute = (value: number, special: number, low: string, high: string) =>
    mode & special ? (mode & value ? low : high) : bit(value, 'x');
  const kind = { dir: 'd', link: 'l', device: 'c', fifo: 'p', file: '-' }[type];
  return [
    kind,
    bit(0o400, 'r'),
    bit(0o200, 'w'),
    execute(0o100, 0o4000, 's', 'S'),
    bit(0o040, 'r'),
    bit(0o020, 'w'),
    execute(0o010, 0o2000, 's', 'S'),
    bit(0o004, 'r'),
    bit(0o002, 'w'),
    execute(0o001, 0o1000, 't', 'T'),
  ].join('');
}

export const nameOfUser = (proc: Process, uid: number): string => proc.machine.user(uid)?.name ?? String(uid);

export function nameOfGroup(proc: Process, gid: number): string {
  const row = (proc.machine.text('/etc/group') ?? '').split('\n').find((line) => line.split(':')[2] === String(gid));
  return row?.split(':')[0] ?? String(gid);
}

/** `4.0K`, `12M`: at most three characters and a unit, rounded up. */
export function humanSize(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  let value = bytes;
  let unit = -1;
  while (value >= 1024 && unit < 5) {
    value /= 1024;
    unit++;
  }
  const text = value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : String(Math.ceil(value));
  return `${text === '10.0' ? '10' : text}${'KMGTPE'.charAt(unit)}`;
}
