// Small builtins: `umask`, `ulimit`, `times`, `caller`, `bind`, `enable`.
import { LIMITS } from '../../machine/limits';
import type { Shell } from '../shell';
import { badOption, complain, fault, options } from './builtin';

export async function umask(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'pS');
  if (bad) return badOption(shell, 'umask', bad, 'umask [-p] [-S] [mode]');
  const [mode] = rest;
  if (mode === undefined) {
    const octal = shell.proc.umask.toString(8).padStart(4, '0');
    await shell.proc.print(
      found.has('S') ? `${symbolic(shell.proc.umask)}\n` : `${found.has('p') ? 'umask ' : ''}${octal}\n`,
    );
    return 0;
  }
  if (/^\d/.test(mode)) {
    if (!/^[0-7]+$/.test(mode))
      return fault(shell, 'umask', `${mode}: octal number out of range`, {
        dash: `Illegal number: ${mode}`,
        ash: `illegal mode: ${mode}`,
      });
    shell.proc.umask = Number.parseInt(mode, 8) & 0o777;
    return 0;
  }
  const mask = changed(shell.proc.umask, mode);
  if (typeof mask === 'string')
    return fault(shell, 'umask', `\`${mask}': invalid symbolic mode operator`, {
      dash: `Illegal mode: ${mode}`,
      ash: `illegal mode: ${mode}`,
    });
  shell.proc.umask = mask;
  return 0;
}

/** A mask after `u=rwx,g-w`, or the character that is no operator. */
function changed(mask: number, text: string): number | string {
  let allowed = ~mask & 0o777;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause);
    if (!match) return clause.replace(/^[ugoa]*/, '').charAt(0) || clause;
    const [, who = '', operator, what = ''] = match;
    const bits = [...what].reduce((all, letter) => all | (letter === 'r' ? 4 : letter === 'w' ? 2 : 1), 0);
    const classes = who === '' || who.includes('a') ? 'ugo' : who;
    const spread = [...classes].map((each) => ({ u: 6, g: 3, o: 0 })[each] ?? 0);
    const set = spread.reduce((all, shift) => all | (bits << shift), 0);
    const cleared = spread.reduce((all, shift) => all | (7 << shift), 0);
    allowed = operator === '+' ? allowed | set : operator === '-' ? allowed & ~set : (allowed & ~cleared) | set;
  }
  return ~allowed & 0o777;
}

function symbolic(mask: number): string {
  const bits = (shift: number) => ['r', 'w', 'x'].filter((_, i) => ((mask >> shift) & (4 >> i)) === 0).join('');
  return `u=${bits(6)},g=${bits(3)},o=${bits(0)}`;
}

const ULIMITS: [string, string, string][] = [
  ['R', 'real-time non-blocking time  (microseconds, -R)', 'unlimited'],
  ['c', 'core file size              (blocks, -c)', '0'],
  ['d', 'data seg size               (kbytes, -d)', 'unlimited'],
  ['f', 'file size                   (blocks, -f)', 'unlimited'],
  ['n', 'open files                          (-n)', String(LIMITS.descriptors)],
  ['s', 'stack size                  (kbytes, -s)', '8192'],
  ['t', 'cpu time                   (seconds, -t)', 'unlimited'],
  ['u', 'max user processes                  (-u)', String(LIMITS.processes)],
  ['v', 'virtual memory              (kbytes, -v)', 'unlimited'],
  ['x', 'file locks                          (-x)', 'unlimited'],
];

export async function ulimit(shell: Shell, argv: string[]): Promise<number> {
  const letters = argv
    .slice(1)
    .filter((arg) => /^-/.test(arg))
    .join('')
    .replace(/[-HS]/g, '');
  if (letters.includes('a')) {
    await shell.proc.print(ULIMITS.map(([, text, value]) => `${text} ${value}\n`).join(''));
    return 0;
  }
  const value = argv.slice(1).find((arg) => !/^-/.test(arg));
  if (value !== undefined && !/^(\d+|unlimited|hard|soft)$/.test(value))
    return complain(shell, 'ulimit', `${value}: invalid number`);
  if (value !== undefined) return 0; // DIFFERS: limits are the machine's own and cannot be changed
  const row = ULIMITS.find(([letter]) => letter === (letters || 'f'));
  if (!row) return badOption(shell, 'ulimit', `-${letters}`, 'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]');
  await shell.proc.print(`${row[2]}\n`);
  return 0;
}

export async function times(shell: Shell): Promise<number> {
  const none = shell.dialect === 'dash' ? '0m0.000000s' : '0m0.000s';
  await shell.proc.print(`${none} ${none}\n${none} ${none}\n`); // DIFFERS: no processor time is counted
  return 0;
}

export async function caller(shell: Shell, argv: string[]): Promise<number> {
  const [, given] = argv;
  const { names, lines, sources } = shell.frames();
  if (lines.length === 0) return 1;
  if (given !== undefined && !/^\d+$/.test(given)) {
    await complain(shell, 'caller', `${given}: invalid number`);
    await shell.proc.complain('caller: usage: caller [expr]\n');
    return 2;
  }
  const at = Number(given ?? 0);
  const outer = given === undefined ? (sources[at + 1] ?? 'NULL') : sources[at + 1];
  if (lines[at] === undefined || outer === undefined) return 1;
  await shell.proc.print(`${lines[at]} ${given === undefined ? '' : `${names[at + 1]} `}${outer}\n`);
  return 0;
}

/** Keys are those of Emacs and cannot be bound otherwise. */
export async function bind(shell: Shell): Promise<number> {
  if (shell.interactive) return complain(shell, 'bind', 'not supported: the keys of the line editor cannot be changed');
  await shell.complain('bind: warning: line editing not enabled');
  return 0;
}

export async function enable(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'adnps', 'f');
  if (bad) return badOption(shell, 'enable', bad, 'enable [-a] [-dnps] [-f filename] [name ...]');
  if (found.has('f')) return complain(shell, 'enable', 'not supported: loadable builtins');
  if (rest.length === 0) {
    for (const name of shell.executor.builtinNames()) {
      if (found.has('s') && !shell.executor.isSpecial(name)) continue;
      const off = shell.disabled.has(name);
      if (found.has('a') || off === found.has('n')) await shell.proc.print(`enable ${off ? '-n ' : ''}${name}\n`);
    }
    return 0;
  }
  let status = 0;
  for (const name of rest) {
    if (!shell.executor.builtinNames().includes(name))
      status = await complain(shell, 'enable', `${name}: not a shell builtin`);
    else if (found.has('n')) shell.disabled.add(name);
    else shell.disabled.delete(name);
  }
  return status;
}
