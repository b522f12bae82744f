// find's tests of what is known of a file besides its name: owners, times, links, rights.
import { Errno, strerror } from '../machine/errno';
import type { Stat } from '../machine/files';
import type { Process } from '../machine/process';
import { compile, patternSource } from '../shell/pattern';
import { inodeOf } from './ls';
import { parseDate } from './parse-date';
import { nameOfGroup, nameOfUser } from './stat-text';
import { quote } from './tool';

export class FindError extends Error {}

export interface File {
  path: string;
  /** The path that was named on the command line. */
  start: string;
  depth: number;
  stat: Stat;
}

export type Test = (file: File) => boolean | Promise<boolean>;

export const LETTERS = { dir: 'd', file: 'f', link: 'l', device: 'c', fifo: 'p' } as const;
const UNITS: Record<string, number> = { min: 60_000, time: 86_400_000 };

/** `+n` more than, `-n` less than, `n` exactly; undefined for what is no number. */
export function numeric(text: string): ((n: number) => boolean) | undefined {
  if (!/^[-+]?\d+(\.\d+)?$/.test(text)) return undefined;
  const limit = Number(text.replace(/^[-+]/, ''));
  if (text.startsWith('+')) return (n) => n > limit;
  return text.startsWith('-') ? (n) => n < limit : (n) => n === limit;
}

/** A test by its name; undefined for a name that is none of these. */
export function fileTest(proc: Process, name: string, value: () => string): Test | undefined {
  const number = () => {
    const text = value();
    const compare = numeric(text);
    if (!compare) throw new FindError(`invalid argument \`${text}' to \`${name}'`);
    return compare;
  };
  const timed = /^-[acm](min|time)$/.exec(name); // DIFFERS: files keep one time, of their last change
  if (timed) {
    const [compare, unit] = [number(), UNITS[timed[1] as string] as number];
    return ({ stat }) => compare(Math.floor((proc.machine.clock.now() - stat.mtime) / unit));
  }
  if (/^-newer([aBcm][aBcmt])?$/.test(name)) {
    const limit = name.endsWith('t') ? timeOf(proc, value()) : statOf(proc, value()).mtime;
    return ({ stat }) => stat.mtime > limit;
  }
  switch (name) {
    case '-user':
    case '-uid': {
      const who = value();
      const isKnown = /^\d+$/.test(who) || proc.machine.user(who) !== undefined;
      if (!isKnown) throw new FindError(`${quote(proc, who)} is not the name of a known user`);
      return ({ stat }) => nameOfUser(proc, stat.uid) === who || String(stat.uid) === who;
    }
    case '-group':
    case '-gid': {
      const who = value();
      const groups = (proc.machine.text('/etc/group') ?? '').split('\n').map((line) => line.split(':')[0]);
      if (!/^\d+$/.test(who) && !groups.includes(who))
        throw new FindError(`${quote(proc, who)} is not the name of an existing group`);
      return ({ stat }) => nameOfGroup(proc, stat.gid) === who || String(stat.gid) === who;
    }
    case '-links': {
      const compare = number();
      return ({ stat }) => compare(stat.type === 'dir' ? 2 : 1);
    }
    case '-inum': {
      const compare = number();
      return ({ stat }) => compare(inodeOf(stat.path));
    }
    case '-samefile': {
      const other = statOf(proc, value());
      return ({ stat }) => stat.path === other.path;
    }
    case '-lname':
    case '-ilname': {
      const regex = compile(`^(?:${patternSource(value())})$`, name === '-ilname' ? 'iu' : 'u');
      return ({ stat }) => stat.type === 'link' && regex.test(stat.target ?? '');
    }
    case '-xtype': {
      const kinds = value();
      return ({ path, stat }) => kinds.includes(LETTERS[(proc.files.find(path) ?? stat).type]);
    }
    case '-nouser':
      return ({ stat }) => proc.machine.user(stat.uid) === undefined;
    case '-nogroup':
      return ({ stat }) => nameOfGroup(proc, stat.gid) === String(stat.gid);
    case '-readable':
    case '-writable':
    case '-executable': {
      const want = ({ '-readable': 'read', '-writable': 'write', '-executable': 'execute' } as const)[name];
      return ({ stat }) => proc.files.may(stat, want);
    }
    default:
      return undefined;
  }
}

function statOf(proc: Process, path: string): Stat {
  try {
    return proc.files.stat(path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new FindError(`${quote(proc, path)}: ${strerror(error)}`);
  }
}

function timeOf(proc: Process, text: string): number {
  const time = parseDate(text, proc.machine.clock.now());
  if (time === undefined)
    throw new FindError(`I cannot figure out how to interpret ${quote(proc, text)} as a date or time`);
  return time;
}
