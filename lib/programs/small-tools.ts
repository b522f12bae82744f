// factor, numfmt, envsubst, getconf, uuidgen, locale, users, nice, setsid, killall, pstree: small tools of many packages.
import { Errno, strerror } from '../machine/errno';
import { PROCESSORS } from '../machine/kernel';
import type { Process, Program } from '../machine/process';
import { findSignal, type Signal } from '../machine/signals';
import { getopt } from './getopt';
import { nameOfUser } from './stat-text';
import { chunks, fail, lines, parseSize, quote, refused, textOf, usage } from './tool';

const LARGEST = 2n ** 53n; // what is factored by trial in a moment; larger numbers are refused

export const factor: Program = async (proc) => {
  const options = getopt(proc.argv, '');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const words = options.rest.length > 0 ? options.rest : (await textOf(proc, '-')).split(/\s+/).filter(Boolean);
  let status = 0;
  for (const word of words) {
    if (!/^\+?\d+$/.test(word)) status = await fail(proc, `${quote(proc, word)} is not a valid positive integer`);
    else if (BigInt(word) > LARGEST) status = await fail(proc, `not supported: ${quote(proc, word)} is too large`);
    else await proc.print(`${[`${BigInt(word)}:`, ...(await primesOf(proc, Number(word)))].join(' ')}\n`);
  }
  return status;
};

async function primesOf(proc: Process, number: number): Promise<number[]> {
  const primes: number[] = [];
  let left = number;
  for (let divisor = 2; divisor * divisor <= left; divisor += divisor === 2 ? 1 : 2) {
    if (divisor % 100_001 === 0) await proc.tick();
    for (; left % divisor === 0; left /= divisor) primes.push(divisor);
  }
  return left > 1 ? [...primes, left] : primes;
}

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

/** Runs a command in this one's place; what cannot be found or run is told as coreutils do. */
async function become(proc: Process, words: string[], session = false): Promise<number> {
  try {
    const child = proc.spawn(words, session ? { session: {} } : {});
    return (await child.exited).code;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const message = session ? `failed to execute ${words[0]}` : quote(proc, words[0] ?? '');
    return fail(proc, `${message}: ${strerror(error)}`, error.code === 'ENOENT' ? 127 : 126);
  }
}

/** DIFFERS: every process has the same share of the simulated processor; the number is checked and not kept. */
export const nice: Program = async (proc) => {
  const argv = proc.argv.map((arg, i) => (i > 0 && /^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg));
  const options = getopt(argv, 'n:', { 'adjustment=': 'n' }, true);
  const bad = await refused(proc, options, 125);
  if (bad !== undefined) return bad;
  const given = options.get('n') ?? '10';
  if (!/^[-+]?\d+$/.test(given)) return fail(proc, `invalid adjustment ${quote(proc, given)}`, 125);
  if (options.rest.length === 0)
    return options.has('n')
      ? usage(proc, 'nice: a command must be given with an adjustment', 125)
      : proc.print('0\n').then(() => 0);
  if (Number(given) < 0 && proc.uid !== 0) await proc.complain('nice: cannot set niceness: Permission denied\n');
  return become(proc, options.rest);
};

export const setsid: Program = async (proc) => {
  const options = getopt(proc.argv, 'cfw', { ctty: 'c', fork: 'f', wait: 'w' }, true);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.rest.length === 0) return usage(proc, 'setsid: no command specified');
  return become(proc, options.rest, true);
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

const SCALES = { si: 1000, iec: 1024, 'iec-i': 1024 } as const;
const LETTERS = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** Numbers to and from their short forms: `--to=iec`, `--from=si`. */
export const numfmt: Program = async (proc) => {
  const options = getopt(proc.argv, 'd:z', {
    'to=': 'to',
    'from=': 'from',
    'suffix=': 'suffix',
    'field=': 'field',
    'from-unit=': 'from-unit',
    'to-unit=': 'to-unit',
    'padding=': 'padding',
    'round=': 'round',
    header: 'header',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [to, from] = [options.get('to') ?? 'none', options.get('from') ?? 'none'];
  for (const [flag, value] of [
    ['--to', to],
    ['--from', from],
  ] as const)
    if (!(value in SCALES) && value !== 'none' && !(flag === '--from' && value === 'auto'))
      return usage(proc, `numfmt: invalid argument ${quote(proc, value)} for ${quote(proc, flag)}`);
  const field = Number(options.get('field') ?? 1);
  const [fromUnit, toUnit] = ['from-unit', 'to-unit'].map((name) => parseSize(options.get(name) ?? '1'));
  if (!fromUnit || !toUnit)
    return usage(
      proc,
      `numfmt: invalid unit size: ${quote(proc, options.get(fromUnit ? 'to-unit' : 'from-unit') ?? '')}`,
    );
  const padding = Number(options.get('padding') ?? 0);
  if (!Number.isInteger(padding))
    return usage(proc, `numfmt: invalid padding value ${quote(proc, options.get('padding') ?? '')}`);
  const rounding = ROUNDINGS[options.get('round') ?? 'from-zero'];
  if (!rounding)
    return usage(
      proc,
      `numfmt: invalid argument ${quote(proc, options.get('round') ?? '')} for ${quote(proc, '--round')}`,
    );
  const convert = (word: string): string => {
    const match = /^(-?\d+(?:\.\d+)?)([KMGTPE])?(i)?$/.exec(word);
    if (!match) throw new Error(`invalid number: ${quote(proc, word)}`);
    const [, digits = '0', letter = '', i = ''] = match;
    if (letter && from === 'none')
      throw new Error(`rejecting suffix in input: ${quote(proc, word)} (consider using --from)`);
    const base = from === 'si' || (from === 'auto' && !i) ? 1000 : 1024;
    const value = (Number(digits) * base ** LETTERS.indexOf(letter) * fromUnit) / toUnit;
    const text = shortForm(value, to, rounding) + (options.get('suffix') ?? '');
    return padding < 0 ? text.padEnd(-padding) : text.padStart(padding);
  };
  const row = (line: string) => {
    const words = line.split(/(\s+)/);
    const at = words.findIndex(
      (word, i) => word.trim() !== '' && words.slice(0, i + 1).filter((each) => each.trim()).length === field,
    );
    return words.map((word, i) => (i === at ? convert(word) : word)).join('');
  };
  try {
    if (options.rest.length > 0) for (const word of options.rest) await proc.print(`${convert(word)}\n`);
    else for await (const line of lines(chunks(proc, '-'))) await proc.print(`${row(line)}\n`);
  } catch (error) {
    if (error instanceof Errno || !(error instanceof Error) || error.constructor !== Error) throw error;
    return fail(proc, error.message, 2);
  }
  return 0;
};

type Rounding = (value: number) => number;

const away: Rounding = (value) => Math.sign(value) * Math.ceil(Math.abs(value) - 1e-9);
const ROUNDINGS: Record<string, Rounding> = {
  up: (value) => Math.ceil(value - 1e-9),
  down: (value) => Math.floor(value + 1e-9),
  'from-zero': away,
  'towards-zero': (value) => Math.trunc(value),
  nearest: (value) => Math.sign(value) * Math.round(Math.abs(value)),
};

/** A decimal below ten. */
function shortForm(value: number, to: string, round: Rounding): string {
  if (to === 'none') return String(round(value));
  const base = SCALES[to as keyof typeof SCALES];
  let [left, at] = [value, 0];
  while (Math.abs(left) >= base) {
    left /= base;
    at++;
  }
  const tenth = round(left * 10) / 10;
  const text = at === 0 ? String(left) : tenth < 10 ? tenth.toFixed(1) : String(round(left));
  return `${text}${LETTERS[at]}${at > 0 && to === 'iec-i' ? 'i' : ''}`;
}
