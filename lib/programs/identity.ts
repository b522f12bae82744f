// id, whoami, groups, hostname, uname, arch, nproc, tty, logname, who.
import { BUILT, KERNEL, PROCESSORS } from '../machine/kernel';
import type { Process, Program } from '../machine/process';
import { strftime } from '../shell/strftime';
import { getopt } from './getopt';
import { nameOfGroup, nameOfUser } from './stat-text';
import { fail, quote, refused, refuseOperands, usage } from './tool';

const groupsOf = (proc: Process, uid: number, gid: number): number[] => [
  ...new Set([gid, ...proc.machine.groupsOf(uid)]),
];

/** The groups as GNU's id lists them, the process' own first, or as BusyBox' does, in the kernel's order. */
const idWith =
  (order: (groups: number[]) => number[]): Program =>
  async (proc) => {
    const options = getopt(proc.argv, 'agGnruzZ', { group: 'g', groups: 'G', name: 'n', real: 'r', user: 'u' });
    const bad = await refused(proc, options);
    if (bad !== undefined) return bad;
    const [who] = options.rest;
    const user = who === undefined ? undefined : proc.machine.user(who);
    if (who !== undefined && !user) return fail(proc, `${quote(proc, who)}: no such user`);
    const uid = user?.uid ?? proc.uid;
    const gid = user?.gid ?? proc.gid;
    const groups = order(groupsOf(proc, uid, gid));
    const named = options.has('n');
    if (options.has('u')) await proc.print(`${named ? nameOfUser(proc, uid) : uid}\n`);
    else if (options.has('g')) await proc.print(`${named ? nameOfGroup(proc, gid) : gid}\n`);
    else if (options.has('G')) await proc.print(`${groups.map((g) => (named ? nameOfGroup(proc, g) : g)).join(' ')}\n`);
    else {
      const pair = (n: number, name: string) => (name === String(n) ? name : `${n}(${name})`);
      const list = groups.map((g) => pair(g, nameOfGroup(proc, g))).join(',');
      await proc.print(
        `uid=${pair(uid, nameOfUser(proc, uid))} gid=${pair(gid, nameOfGroup(proc, gid))} groups=${list}\n`,
      );
    }
    return 0;
  };

export const id = idWith((groups) => groups);
export const busyboxId = idWith((groups) => [...groups].sort((a, b) => a - b));

export const whoami: Program = async (proc) => {
  const bad = await refuseOperands(proc, getopt(proc.argv, ''));
  if (bad !== undefined) return bad;
  const user = proc.machine.user(proc.uid);
  if (!user) return fail(proc, `cannot find name for user ID ${proc.uid}`);
  await proc.print(`${user.name}\n`);
  return 0;
};

export const groups: Program = async (proc) => {
  const [who] = proc.argv.slice(1);
  const user = who === undefined ? undefined : proc.machine.user(who);
  if (who !== undefined && !user) return fail(proc, `${quote(proc, who)}: no such user`);
  const list = groupsOf(proc, user?.uid ?? proc.uid, user?.gid ?? proc.gid).map((gid) => nameOfGroup(proc, gid));
  await proc.print(`${who === undefined ? '' : `${who} : `}${list.join(' ')}\n`);
  return 0;
};

export const hostname: Program = async (proc) => {
  const options = getopt(proc.argv, 'adfiIsy', {
    short: 's',
    fqdn: 'f',
    long: 'f',
    'ip-address': 'i',
    'all-ip-addresses': 'I',
    domain: 'd',
  });
  const bad = await refused(proc, options, 255);
  if (bad !== undefined) return bad;
  if (options.rest.length > 0) return fail(proc, 'you must be root to change the host name');
  const name = proc.machine.hostname;
  const addresses = proc.machine.net.addresses();
  const text = options.has('s')
    ? (name.split('.')[0] ?? '')
    : options.has('d')
      ? name.split('.').slice(1).join('.')
      : options.has('I')
        ? addresses.map((address) => `${address} `).join('')
        : options.has('i')
          ? (addresses[0] ?? '')
          : name;
  await proc.print(`${text}\n`);
  return 0;
};

export const uname: Program = async (proc) => {
  const options = getopt(proc.argv, 'aimnoprsv', {
    all: 'a',
    'kernel-name': 's',
    nodename: 'n',
    'kernel-release': 'r',
    'kernel-version': 'v',
    machine: 'm',
    processor: 'p',
    'hardware-platform': 'i',
    'operating-system': 'o',
  });
  const bad = await refuseOperands(proc, options);
  if (bad !== undefined) return bad;
  const parts: [string, string][] = [
    ['s', 'Linux'],
    ['n', proc.machine.hostname],
    ['r', KERNEL],
    ['v', BUILT],
    ['m', 'x86_64'],
    ['p', 'x86_64'],
    ['i', 'x86_64'],
    ['o', 'GNU/Linux'],
  ];
  const wanted = parts.filter(([letter]) => options.has('a') || options.has(letter)).map(([, text]) => text);
  await proc.print(`${(wanted.length > 0 ? wanted : ['Linux']).join(' ')}\n`);
  return 0;
};

export const arch: Program = async (proc) => {
  const bad = await refuseOperands(proc, getopt(proc.argv, ''));
  if (bad !== undefined) return bad;
  await proc.print('x86_64\n');
  return 0;
};

export const nproc: Program = async (proc) => {
  const options = getopt(proc.argv, '', { all: 'all', 'ignore=': 'ignore' });
  const bad = await refuseOperands(proc, options);
  if (bad !== undefined) return bad;
  await proc.print(`${Math.max(1, PROCESSORS - Number(options.get('ignore') ?? 0))}\n`);
  return 0;
};

export const tty: Program = async (proc) => {
  const options = getopt(proc.argv, 's', { silent: 's', quiet: 's' });
  const bad = await refused(proc, options, 2);
  if (bad !== undefined) return bad;
  const [extra] = options.rest;
  if (extra !== undefined) return usage(proc, `tty: extra operand ${quote(proc, extra)}`, 2);
  const { terminal } = proc.stdin;
  if (!options.has('s')) await proc.print(terminal ? `${terminal.name}\n` : 'not a tty\n');
  return terminal ? 0 : 1;
};

/** `who`: `-q` names alone, `-b` when the machine was started, `-m` the asker's own session. */
export const who: Program = async (proc) => {
  const options = getopt(proc.argv, 'bHmqsu', { boot: 'b', heading: 'H', count: 'q', short: 's', users: 'u' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [, , extra] = options.rest;
  if (extra !== undefined) return usage(proc, `who: extra operand ${quote(proc, extra)}`);
  const sessions = [...proc.machine.processes.values()].filter(({ pid, sid, terminal }) => pid === sid && terminal);
  const isOwn = options.has('m') || options.rest.length === 2;
  if (options.has('q')) {
    const names = sessions.map(({ uid }) => nameOfUser(proc, uid)).sort();
    return proc.print(`${names.join(' ')}\n# users=${names.length}\n`).then(() => 0);
  }
  if (options.has('H')) await proc.print('NAME     LINE         TIME             COMMENT\n');
  if (options.has('b')) {
    const booted = Math.min(...[...proc.machine.processes.values()].map(({ startedAt }) => startedAt));
    return proc.print(`         system boot  ${strftime('%Y-%m-%d %H:%M', booted)}\n`).then(() => 0);
  }
  for (const { uid, terminal, startedAt, sid } of sessions.filter((each) => !isOwn || each.sid === proc.sid))
    await proc.print(
      `${nameOfUser(proc, uid).padEnd(8)} ${(terminal?.name ?? '').replace('/dev/', '').padEnd(12)} ${strftime('%Y-%m-%d %H:%M', startedAt)}${options.has('u') ? `   .    ${String(sid).padStart(10)}` : ''}\n`,
    );
  return 0;
};
