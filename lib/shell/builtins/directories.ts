// `cd`, `pwd` and the directory stack.
import { Errno, strerror } from '../../machine/errno';
import { normalize } from '../../machine/path';
import type { Shell } from '../shell';
import { badOption, complain, options } from './builtin';

/** Goes to a directory and keeps PWD and OLDPWD right. Throws Errno. */
function enter(shell: Shell, path: string, physical: boolean): void {
  const { proc, vars } = shell;
  const stat = proc.files.stat(path);
  if (stat.type !== 'dir') throw new Errno('ENOTDIR', path);
  if (!proc.files.may(stat, 'execute')) throw new Errno('EACCES', path);
  const old = proc.cwd;
  const logical = normalize(proc.cwd, path);
  const real = proc.files.realpath(path);
  proc.cwd = physical ? real : proc.files.find(logical)?.path === stat.path ? logical : real;
  vars.set('OLDPWD', old);
  vars.set('PWD', proc.cwd);
  for (const name of ['PWD', 'OLDPWD']) vars.declare(name).exported = true;
}

export async function cd(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'LPe@');
  if (bad) return badOption(shell, 'cd', bad, 'cd [-L|[-P [-e]] [-@]] [dir]');
  if (rest.length > 1 && !shell.posixLike) return complain(shell, 'cd', 'too many arguments');
  const target = rest[0] === '-' ? shell.vars.get('OLDPWD') : (rest[0] ?? shell.vars.get('HOME'));
  if (target === undefined && shell.posixLike) return 0;
  if (target === undefined) return complain(shell, 'cd', rest[0] === '-' ? 'OLDPWD not set' : 'HOME not set');
  if (target === '') return 0;
  const found2 = throughCdpath(shell, target);
  try {
    enter(shell, found2 ?? target, found.has('P'));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (shell.dialect === 'dash') return complain(shell, 'cd', `can't cd to ${target}`, 2);
    if (shell.dialect === 'ash') return complain(shell, 'cd', `can't cd to ${target}: ${strerror(error)}`, 2);
    return complain(shell, 'cd', `${target}: ${strerror(error)}`);
  }
  if (rest[0] === '-' || found2) await shell.proc.print(`${shell.proc.cwd}\n`);
  return 0;
}

function throughCdpath(shell: Shell, target: string): string | undefined {
  const cdpath = shell.vars.get('CDPATH');
  if (!cdpath || /^\.{0,2}(\/|$)/.test(target)) return undefined;
  for (const dir of cdpath.split(':')) {
    const path = `${dir || '.'}/${target}`;
    if (shell.proc.files.find(path)?.type === 'dir') return dir === '' || dir === '.' ? undefined : path;
  }
  return undefined;
}

export async function pwd(shell: Shell, argv: string[]): Promise<number> {
  const { found, bad } = options(argv.slice(1), 'LP');
  if (bad) return badOption(shell, 'pwd', bad, 'pwd [-LP]');
  await shell.proc.print(`${found.has('P') ? shell.proc.files.realpath('.') : shell.proc.cwd}\n`);
  return 0;
}

const stack = (shell: Shell): string[] => [shell.proc.cwd, ...shell.directories];

function shown(shell: Shell, path: string): string {
  const home = shell.vars.get('HOME');
  if (!home || (path !== home && !path.startsWith(`${home}/`))) return path;
  return `~${path.slice(home.length)}`;
}

export async function dirs(shell: Shell, argv: string[]): Promise<number> {
  const { found, bad } = options(argv.slice(1), 'clpv');
  if (bad) {
    await complain(shell, 'dirs', `${bad}: invalid number`);
    await shell.proc.complain('dirs: usage: dirs [-clpv] [+N] [-N]\n');
    return 2;
  }
  if (found.has('c')) {
    shell.directories = [];
    return 0;
  }
  const list = stack(shell).map((path) => (found.has('l') ? path : shown(shell, path)));
  if (found.has('v')) await shell.proc.print(list.map((path, i) => `${String(i).padStart(2)}  ${path}\n`).join(''));
  else await shell.proc.print(`${list.join(found.has('p') ? '\n' : ' ')}\n`);
  return 0;
}

export async function pushd(shell: Shell, argv: string[]): Promise<number> {
  const target = argv[1];
  const all = stack(shell);
  if (target === undefined && shell.directories.length === 0) return complain(shell, 'pushd', 'no other directory');
  const turn = /^([+-])(\d+)$/.exec(target ?? '+1');
  let next = [target ?? '', ...all];
  if (turn) {
    const at = turn[1] === '+' ? Number(turn[2]) : all.length - 1 - Number(turn[2]);
    if (at < 0 || at >= all.length) return complain(shell, 'pushd', `${target}: directory stack index out of range`);
    next =
      target === undefined ? [all[1] ?? '', all[0] ?? '', ...all.slice(2)] : [...all.slice(at), ...all.slice(0, at)];
  }
  return go(shell, 'pushd', next);
}

export async function popd(shell: Shell, argv: string[]): Promise<number> {
  if (shell.directories.length === 0) return complain(shell, 'popd', 'directory stack empty');
  const turn = /^([+-])(\d+)$/.exec(argv[1] ?? '+0');
  const all = stack(shell);
  const at = turn?.[1] === '-' ? all.length - 1 - Number(turn[2]) : Number(turn?.[2] ?? 0);
  if (at < 0 || at >= all.length) return complain(shell, 'popd', `${argv[1]}: directory stack index out of range`);
  return go(
    shell,
    'popd',
    all.filter((_, i) => i !== at),
  );
}

async function go(shell: Shell, name: string, [first = '/', ...rest]: string[]): Promise<number> {
  try {
    if (first !== shell.proc.cwd) enter(shell, first, false);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return complain(shell, name, `${first}: ${strerror(error)}`);
  }
  shell.directories = rest;
  return dirs(shell, ['dirs']);
}
