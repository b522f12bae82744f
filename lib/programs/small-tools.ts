// envsubst, getconf, uuidgen, locale, users, killall, pstree: small tools of many packages.
import { PROCESSORS } from '../machine/kernel';
import type { Process, Program } from '../machine/process';
import { findSignal, type Signal } from '../machine/signals';
import { getopt } from './getopt';
import { nameOfUser } from './stat-text';
import { fail, refused, textOf } from './tool';

const VARIABLE = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** Of gettext: variables of the environment in a text; with an argument, those alone that it names. */
export const envsubst: Program = async (proc) => {
  const options = getopt(proc.argv, 'v', { variables: 'v' });
  if (options.about === 'version') return proc.print('envsubst (GNU gettext-runtime) 0.21\n').then(() => 0);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [format, extra] = options.rest;
  if (extra !== undefined) return fail(proc, 'too many arguments');
  if (options.has('v') && format === undefined) return fail(proc, 'missing arguments');
  const names = format === undefined ? undefined : [...format.matchAll(VARIABLE)].map(([, a, b]) => a ?? b ?? '');
  if (options.has('v')) return proc.print((names ?? []).map((name) => `${name}\n`).join('')).then(() => 0);
  const wanted = names && new Set(names);
  const text = await textOf(proc, '-');
  await proc.print(
    text.replace(VARIABLE, (whole, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? '';
      return wanted && !wanted.has(name) ? whole : (proc.env[name] ?? '');
    }),
  );
  return 0;
};

const CONFIGURATION: Record<string, string> = {
  ARG_MAX: '2097152',
  CHILD_MAX: '63382',
  CLK_TCK: '100',
  HOST_NAME_MAX: '64',
  INT_MAX: '2147483647',
  LINK_MAX: '127',
  LOGIN_NAME_MAX: '256',
  LONG_BIT: '64',
  NAME_MAX: '255',
  OPEN_MAX: '1024',
  PAGESIZE: '4096',
  PAGE_SIZE: '4096',
  PATH: '/bin:/usr/bin',
  PATH_MAX: '4096',
  PIPE_BUF: '4096',
  GNU_LIBC_VERSION: 'glibc 2.34',
};

export const getconf: Program = async (proc) => {
  const [name, path, extra] = proc.argv.slice(1);
  if (name === undefined || extra !== undefined || path?.startsWith('-'))
    return proc
      .complain('Usage: getconf [-v specification] variable_name [pathname]\n       getconf -a [pathname]\n')
      .then(() => 2);
  const processors = String(PROCESSORS);
  const all: Record<string, string> = {
    ...CONFIGURATION,
    _NPROCESSORS_CONF: processors,
    _NPROCESSORS_ONLN: processors,
  };
  if (name === '-a') {
    const rows = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
    return proc.print(rows.map(([key, value]) => `${key.padEnd(34)} ${value}\n`).join('')).then(() => 0);
  }
  const value = all[name];
  if (value === undefined) return fail(proc, `Unrecognized variable \`${name}'`, 2);
  return proc.print(`${value}\n`).then(() => 0);
};

export const uuidgen: Program = async (proc) => {
  const options = getopt(proc.argv, 'rtx', { random: 'r', time: 't', hex: 'x' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  return proc.print(`${proc.machine.random.uuid()}\n`).then(() => 0);
};

const CATEGORIES = [
  'CTYPE',
  'NUMERIC',
  'TIME',
  'COLLATE',
  'MONETARY',
  'MESSAGES',
  'PAPER',
  'NAME',
  'ADDRESS',
  'TELEPHONE',
  'MEASUREMENT',
  'IDENTIFICATION',
];

export const locale: Program = async (proc) => {
  const options = getopt(proc.argv, 'amck', { 'all-locales': 'a', charmaps: 'm' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.has('a')) return proc.print('C\nC.utf8\nen_US.utf8\nPOSIX\n').then(() => 0);
  if (options.rest[0] === 'charmap')
    return proc.print(/utf-?8/i.test(proc.env['LANG'] ?? '') ? 'UTF-8\n' : 'ANSI_X3.4-1968\n').then(() => 0);
  const { LANG = '', LC_ALL: all = '' } = proc.env;
  const line = (category: string) => {
    const own = proc.env[`LC_${category}`];
    return own && !all ? `LC_${category}=${own}\n` : `LC_${category}="${all || LANG || 'POSIX'}"\n`;
  };
  return proc.print(`LANG=${LANG}\n${CATEGORIES.map(line).join('')}LC_ALL=${all}\n`).then(() => 0);
};

export const users: Program = async (proc) => {
  const leaders = [...proc.machine.processes.values()].filter(({ pid, sid, terminal }) => pid === sid && terminal);
  const names = leaders.map(({ uid }) => nameOfUser(proc, uid)).sort();
  return proc.print(names.length > 0 ? `${names.join(' ')}\n` : '').then(() => 0);
};

export const killall: Program = async (proc) => {
  const words = proc.argv.slice(1);
  let signal: Signal = 'SIGTERM';
  let isQuiet = false;
  const names: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '-q') isQuiet = true;
    else if (word === '-s' || /^-[A-Z0-9]+$/.test(word)) {
      const named = (word === '-s' ? (words[++i] ?? '') : word.slice(1)).replace(/^SIG/, '');
      const found = findSignal(/^\d+$/.test(named) ? Number(named) : named);
      if (!found) return proc.complain(`${named}: unknown signal; killall -l lists signals.\n`).then(() => 1);
      signal = found;
    } else if (!word.startsWith('-')) names.push(word);
  }
  if (names.length === 0)
    return proc
      .complain(
        'Usage: killall [ -Z CONTEXT ] [ -u USER ] [ -y TIME ] [ -o TIME ] [ -eIgiqrvw ]\n               [ -s SIGNAL | -SIGNAL ] NAME...\n',
      )
      .then(() => 1);
  let status = 0;
  for (const name of names) {
    const found = [...proc.machine.processes.values()].filter(
      (each) => each.name === name && each.pid !== proc.pid && each.state !== 'zombie',
    );
    if (found.length === 0 && !isQuiet) await proc.complain(`${name}: no process found\n`);
    if (found.length === 0) status = 1;
    for (const each of found) {
      if (proc.uid === 0 || proc.uid === each.uid) each.signal(signal);
      else {
        await proc.complain(`${name}(${each.pid}): Operation not permitted\n`);
        status = 1;
      }
    }
  }
  return status;
};

export const pstree: Program = async (proc) => {
  const options = getopt(proc.argv, 'apAcnU', { 'show-pids': 'p', arguments: 'a' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const all = [...proc.machine.processes.values()];
  const childrenOf = ({ pid }: Process) => all.filter((each) => each.ppid === pid);
  const label = (each: Process) =>
    `${options.has('a') ? each.argv.join(' ') : each.name}${options.has('p') ? (options.has('a') ? `,${each.pid}` : `(${each.pid})`) : ''}`;
  const draw = (each: Process, indent: string): string[] => {
    const own = label(each);
    const children = childrenOf(each);
    const room = ' '.repeat(own.length);
    const drawn = children.flatMap((child, i) => {
      const isLast = i === children.length - 1;
      const mark = children.length === 1 ? '---' : i === 0 ? '-+-' : isLast ? ' `-' : ' |-';
      const rows = draw(child, `${indent}${room}${children.length === 1 || isLast ? '   ' : ' | '}`);
      return [`${i === 0 ? own : `${indent}${room}`}${mark}${rows[0]}`, ...rows.slice(1)];
    });
    return drawn.length > 0 ? drawn : [own];
  };
  const root = options.rest[0]
    ? all.find(({ pid }) => pid === Number(options.rest[0]))
    : all.find(({ ppid }) => ppid === 0);
  return root ? proc.print(`${draw(root, '').join('\n')}\n`).then(() => 0) : 1;
};
