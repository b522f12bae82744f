// BusyBox' ps (procps/ps.c): every process, whatever the letters of other systems ask for.
import type { Process, Program } from '../../machine/process';
import { getopt } from '../getopt';
import { nameOfUser } from '../stat-text';
import { BANNER } from './applets';

const USER_WIDTH = 8;
const COLUMNS: Record<string, { title: string; width: number; text: (p: Process) => string }> = {
  user: { title: 'USER', width: USER_WIDTH, text: (p) => nameOfUser(p, p.uid) },
  comm: { title: 'COMMAND', width: 16, text: (p) => p.name },
  args: { title: 'COMMAND', width: 256, text: (p) => p.argv.join(' ') },
  pid: { title: 'PID', width: 5, text: (p) => String(p.pid) },
  ppid: { title: 'PPID', width: 5, text: (p) => String(p.ppid) },
  pgid: { title: 'PGID', width: 5, text: (p) => String(p.pgid) },
  sid: { title: 'SID', width: 5, text: (p) => String(p.sid) },
  time: { title: 'TIME', width: 5, text: () => '0:00' },
  stat: { title: 'STAT', width: 4, text: (p) => (p.sid === p.pid ? 'Ss' : 'S') },
};
const NUMBERS = new Set(['pid', 'ppid', 'pgid', 'sid', 'time']);
const DEFAULT = ['pid', 'user', 'time', 'args'];

export const busyboxPs: Program = async (proc) => {
  const letters = /^[a-z]+$/.test(proc.argv[1] ?? ''); // `ps aux`: operands, which are not looked at
  const options = getopt(letters ? proc.argv.slice(0, 1) : proc.argv, 'o:Taefljuwx');
  const wanted = options.has('o') ? (options.get('o') ?? '').split(',') : DEFAULT;
  const bad = wanted.find((name) => !Object.hasOwn(COLUMNS, name));
  if (options.error ?? bad) {
    const problem =
      options.error ?? `ps: bad -o argument '${bad}', supported arguments: ${Object.keys(COLUMNS).join()}`;
    await proc.complain(`${problem}\n${options.error ? `${BANNER}ps [-o COL1,COL2=HEADER] [-T]\n` : ''}`);
    return 1;
  }
  const rows = [...proc.machine.pids.processes.values()].sort((a, b) => a.pid - b.pid);
  const line = (cell: (name: string) => string) => `${wanted.map(cell).join(' ').trimEnd()}\n`;
  const pad = (name: string, text: string, last: boolean) => (last ? text : text.padEnd(COLUMNS[name]?.width ?? 0));
  const head = line((name) => pad(name, COLUMNS[name]?.title ?? '', name === wanted.at(-1)));
  const body = rows.map((p) =>
    line((name) => {
      const { width = 0, text = () => '' } = COLUMNS[name] ?? {};
      return NUMBERS.has(name) ? text(p).padStart(width) : pad(name, text(p).slice(0, width), name === wanted.at(-1));
    }),
  );
  await proc.print(head + body.join(''));
  return 0;
};
