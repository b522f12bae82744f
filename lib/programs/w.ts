// w and logname: who is logged in, and what they do.
import type { Process, Program } from '../machine/process';
import { strftime } from '../shell/strftime';
import { getopt } from './getopt';
import { nameOfUser } from './stat-text';
import { fail, refuseOperands } from './tool';
import { uptimeLine } from './usage';

/** The processes that lead a session on a terminal. */
const sessions = (proc: Process): Process[] =>
  [...proc.machine.processes.values()].filter(({ pid, sid, terminal }) => pid === sid && terminal);

export const w: Program = async (proc) => {
  const rows = sessions(proc).map((leader) => {
    const tty = (leader.terminal?.name ?? '').replace('/dev/', '');
    const { foreground } = leader.terminal ?? {};
    const what = [...proc.machine.processes.values()].find(({ pgid }) => pgid === foreground) ?? leader;
    const login = strftime('%H:%M', leader.startedAt);
    return `${nameOfUser(proc, leader.uid).padEnd(8)} ${tty.padEnd(8)} ${login.padEnd(8)} 0.00s  0.00s  0.00s ${what.argv.join(' ')}\n`;
  });
  const head = proc.argv.includes('-h')
    ? ''
    : `${uptimeLine(proc)}\nUSER     TTY      LOGIN@   IDLE   JCPU   PCPU WHAT\n`;
  await proc.print(head + rows.join(''));
  return 0;
};

export const logname: Program = async (proc) => {
  const bad = await refuseOperands(proc, getopt(proc.argv, ''));
  if (bad !== undefined) return bad;
  const leader = sessions(proc).find(({ sid }) => sid === proc.sid);
  if (!leader) return fail(proc, 'no login name');
  await proc.print(`${nameOfUser(proc, leader.uid)}\n`);
  return 0;
};
