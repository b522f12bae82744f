// ps, pgrep, pkill, kill, pidof: processes. Times on a processor are not counted, so they read zero.
import type { Process, Program } from '../machine/process';
import { findSignal, SIGNAL_NUMBERS, type Signal } from '../machine/signals';
import { strftime } from '../shell/strftime';
import { about } from './about';
import { getopt } from './getopt';
import { nameOfUser } from './stat-text';
import { fail, refused, usage } from './tool';

type Column = { title: string; right?: boolean; width: number; text: (p: Process, viewer: Process) => string };

const terminalOf = (p: Process): string => (p.terminal ? p.terminal.name.replace('/dev/', '') : '?');
const stateOf = (p: Process, viewer: Process): string => {
  const letter = p === viewer ? 'R' : p.state === 'stopped' ? 'T' : p.state === 'zombie' ? 'Z' : 'S';
  return `${letter}${p.sid === p.pid ? 's' : ''}${p.terminal?.foreground === p.pgid ? '+' : ''}`;
};
const started = (p: Process): string =>
  strftime(p.machine.clock.now() - p.startedAt > 86_400_000 ? '%b%d' : '%H:%M', p.startedAt);
const elapsed = (p: Process): string => {
  const seconds = Math.floor((p.machine.clock.now() - p.startedAt) / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const hours = Math.floor(seconds / 3600);
  if (hours === 0) return rest;
  return hours < 24 ? `${two(hours)}:${rest}` : `${Math.floor(hours / 24)}-${two(hours % 24)}:${rest}`;
};
const RESIDENT_KB = 4096; // a small process' memory; none is measured here

const COLUMNS: Record<string, Column> = {
  pid: { title: 'PID', right: true, width: 7, text: (p) => String(p.pid) },
  ppid: { title: 'PPID', right: true, width: 7, text: (p) => String(p.ppid) },
  pgid: { title: 'PGID', right: true, width: 7, text: (p) => String(p.pgid) },
  pgrp: { title: 'PGRP', right: true, width: 7, text: (p) => String(p.pgid) },
  sid: { title: 'SID', right: true, width: 7, text: (p) => String(p.sid) },
  uid: { title: 'UID', width: 8, text: (p) => nameOfUser(p, p.uid) },
  user: { title: 'USER', width: 8, text: (p) => nameOfUser(p, p.uid) },
  tty: { title: 'TTY', width: 8, text: terminalOf },
  tt: { title: 'TT', width: 8, text: terminalOf },
  stat: { title: 'STAT', width: 4, text: stateOf },
  s: { title: 'S', width: 1, text: (p, v) => stateOf(p, v).charAt(0) },
  time: { title: 'TIME', right: true, width: 8, text: () => '00:00:00' },
  etime: { title: 'ELAPSED', right: true, width: 11, text: elapsed },
  stime: { title: 'STIME', width: 5, text: started },
  start: { title: 'START', width: 5, text: started },
  c: { title: 'C', right: true, width: 2, text: () => '0' },
  '%cpu': { title: '%CPU', right: true, width: 4, text: () => '0.0' },
  '%mem': { title: '%MEM', right: true, width: 4, text: () => '0.0' },
  vsz: { title: 'VSZ', right: true, width: 6, text: () => String(RESIDENT_KB * 2) },
  rss: { title: 'RSS', right: true, width: 5, text: () => String(RESIDENT_KB) },
  comm: { title: 'COMMAND', width: 15, text: (p) => p.name },
  cmd: { title: 'CMD', width: 27, text: (p) => p.argv.join(' ') },
  args: { title: 'COMMAND', width: 27, text: (p) => p.argv.join(' ') },
};
const ALIASES: Record<string, string> = {
  pcpu: '%cpu',
  pmem: '%mem',
  command: 'args',
  tname: 'tty',
  state: 's',
  ucmd: 'comm',
  euser: 'user',
};

export const ps: Program = async (proc) => {
  const words = proc.argv.slice(1);
  const bsd = /^[auxwef]+$/.test(words[0] ?? '') ? (words.shift() as string) : '';
  const options = getopt([proc.argv[0] ?? 'ps', ...words], 'AadeFflo:p:u:U:C:t:ww', {
    'no-headers': 'no-headers',
    'pid=': 'p',
    'format=': 'o',
    'sort=': 'sort',
    forest: 'forest',
    'ppid=': 'ppid',
  });
  if (options.about) return about(proc, options);
  if (options.error !== undefined) {
    const said = options.error.replace(/^ps: /, '').replace(/^unrecognized option .*/, 'unknown gnu long option');
    await proc.complain(
      `error: ${said}\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n`,
    );
    return 1;
  }
  const pids = options
    .all('p')
    .flatMap((text) => text.split(','))
    .map(Number);
  const everything = options.has('e') || options.has('A') || bsd.includes('x');
  const all = [...proc.machine.pids.processes.values()].filter((p) => {
    if (pids.length > 0) return pids.includes(p.pid);
    if (options.has('C')) return p.name === options.get('C');
    if (options.has('u') || options.has('U'))
      return [nameOfUser(p, p.uid), String(p.uid)].includes(options.get('u') ?? options.get('U') ?? '');
    return (
      everything || (bsd.includes('a') ? p.terminal !== undefined : p.terminal === proc.terminal && p.uid === proc.uid)
    );
  });
  const columns = columnsOf(options.all('o'), options.has('f') || options.has('F'), bsd);
  if (typeof columns === 'string') return fail(proc, columns);
  await proc.print(table(all, columns, proc, options.has('no-headers')));
  return all.length > 0 ? 0 : 1;
};

function columnsOf(formats: string[], full: boolean, bsd: string): Column[] | string {
  if (formats.length > 0) {
    const columns: Column[] = [];
    for (const text of formats.flatMap((format) =>
      format.includes('=') && !format.includes(',') ? [format] : format.split(/[, ]+/),
    )) {
      const [name = '', title] = text.split('=');
      const column = COLUMNS[ALIASES[name] ?? name];
      if (!column) return `unknown user-defined format specifier "${name}"`;
      columns.push(title === undefined ? column : { ...column, title });
    }
    return columns;
  }
  const names = bsd.includes('u')
    ? 'user pid %cpu %mem vsz rss tty stat start time args'
    : bsd
      ? 'pid tty stat time args'
      : full
        ? 'uid pid ppid c stime tty time cmd'
        : 'pid tty time cmd';
  return names.split(' ').map((name) => {
    const column = COLUMNS[name] as Column;
    if (name === 'cmd' && !full) return { ...column, text: (p: Process) => p.name };
    if (bsd && name === 'time') return { ...column, width: 6, text: () => '0:00' };
    return column;
  });
}

function table(all: Process[], columns: Column[], viewer: Process, bare: boolean): string {
  const rows = all.map((p) => columns.map((column) => column.text(p, viewer)));
  const titled =
    bare || columns.every(({ title }) => title === '') ? rows : [columns.map(({ title }) => title), ...rows];
  return titled
    .map((row) =>
      row
        .map((text, i) => {
          const { right, width } = columns[i] as Column;
          if (right) return text.padStart(width);
          return i === row.length - 1 ? text : text.padEnd(width);
        })
        .join(' '),
    )
    .map((line) => `${line}\n`)
    .join('');
}

export const pgrep: Program = async (proc) => {
  const kills = proc.name === 'pkill';
  let signal: Signal | undefined = 'SIGTERM';
  const argv = proc.argv.filter((arg, i) => {
    const found = i > 0 && kills && /^-[A-Z0-9]+$/.test(arg) ? findSignal(arg.slice(1)) : undefined;
    if (found) signal = found;
    return !found;
  });
  const options = getopt(argv, 'acflnou:vx', { full: 'f', exact: 'x', 'list-name': 'l', count: 'c' });
  const bad = await refused(proc, options, 2);
  if (bad !== undefined) return bad;
  const [text] = options.rest;
  if (text === undefined) return usage(proc, `${proc.name}: no matching criteria specified`, 2);
  const pattern = new RegExp(options.has('x') ? `^(?:${text})$` : text);
  const found = [...proc.machine.pids.processes.values()].filter(
    (p) => p !== proc && pattern.test(options.has('f') ? p.argv.join(' ') : p.name),
  );
  for (const p of found) {
    if (kills && signal) p.signal(signal);
    else
      await proc.print(`${p.pid}${options.has('a') ? ` ${p.argv.join(' ')}` : options.has('l') ? ` ${p.name}` : ''}\n`);
  }
  return found.length > 0 ? 0 : 1;
};

export const pidof: Program = async (proc) => {
  const names = proc.argv.slice(1);
  const found = [...proc.machine.pids.processes.values()].filter((p) => names.includes(p.name));
  if (found.length > 0)
    await proc.print(
      `${found
        .map(({ pid }) => pid)
        .reverse()
        .join(' ')}\n`,
    );
  return found.length > 0 ? 0 : 1;
};

export const kill: Program = async (proc) => {
  const args = proc.argv.slice(1);
  if (args[0] === '-l' || args[0] === '-L') {
    await proc.print(
      `${Object.keys(SIGNAL_NUMBERS)
        .map((name) => name.slice(3))
        .join(' ')}\n`,
    );
    return 0;
  }
  let signal: Signal | undefined | 0 = 'SIGTERM';
  if (args[0] === '-s' || args[0] === '--signal') signal = findSignal(args.splice(0, 2)[1] ?? '');
  else if (/^-./.test(args[0] ?? '') && args[0] !== '--') {
    const name = (args.shift() ?? '').slice(1);
    signal = name === '0' ? 0 : findSignal(name);
    if (signal === undefined) return fail(proc, `unknown signal ${name}`);
  }
  let status = 0;
  for (const text of args.filter((arg) => arg !== '--')) {
    const pid = Number(text);
    const targets = [...proc.machine.pids.processes.values()].filter((p) =>
      pid > 0 ? p.pid === pid : p.pgid === -pid,
    );
    if (!Number.isInteger(pid)) status = await fail(proc, `cannot find process "${text}"`);
    else if (targets.length === 0) status = await fail(proc, `sending signal to ${text} failed: No such process`);
    for (const target of targets) if (signal) target.signal(signal);
  }
  return status;
};
