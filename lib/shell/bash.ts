// bash: its command line, its start-up files, and where its commands come from.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { readLine } from './builtins/read-line';
import { DEFAULT_SHOPTS, isOptionName, turn, turnLetter } from './builtins/set';
import { executor } from './executor';
import { importFunctions } from './import-functions';
import { interact } from './interactive';
import { ready, runChunk, runText, scanFor } from './script';
import { type Dialect, Shell } from './shell';
import { setUp } from './start';
import { bashVersion } from './version';

interface Arguments {
  command?: string;
  interactive: boolean;
  login: boolean;
  stdin: boolean;
  norc: boolean;
  noprofile: boolean;
  rcfile?: string;
  rest: string[];
  bad?: string;
  version: boolean;
}

/** The program behind `bash`, `sh`, `dash`, `ash`: which one it plays is said by its name. */
export const bash: Program = (proc) => main(proc, /^-?dash$/.test(proc.name) ? 'dash' : 'bash');

/** Busybox' shell. */
export const ash: Program = (proc) => main(proc, 'ash');

/** Debian's /bin/sh. */
export const dash: Program = (proc) => main(proc, 'dash');

async function main(proc: Process, dialect: Dialect): Promise<number> {
  const shell = new Shell(proc, executor);
  shell.dialect = dialect;
  if (dialect !== 'bash') shell.options.delete('braceexpand');
  shell.name = proc.argv[0] ?? dialect;
  shell.shopts = new Set(DEFAULT_SHOPTS);
  const args = parseArguments(shell, proc.argv.slice(1));
  if (args.bad !== undefined) return refuse(shell, args.bad);
  if (args.version) {
    await proc.print(
      `GNU bash, version ${bashVersion(proc.machine).release} (x86_64-redhat-linux-gnu)\nCopyright (C) 2020 Free Software Foundation, Inc.\n`,
    );
    return 0;
  }
  await ready(shell);
  setUp(shell);
  if (dialect === 'bash') importFunctions(shell);
  shell.loginShell = args.login || (proc.argv[0] ?? '').startsWith('-');
  const onTerminal = proc.stdin.terminal !== undefined && proc.fds.get(2)?.description.terminal !== undefined;
  const script = args.command === undefined && !args.stdin ? args.rest[0] : undefined;
  shell.interactive = args.interactive || (args.command === undefined && script === undefined && onTerminal);
  return shell.finish(() => run(shell, args, script));
}

async function run(shell: Shell, args: Arguments, script: string | undefined): Promise<number> {
  if (args.command !== undefined) {
    shell.readsFrom = 'c';
    if (args.rest[0] !== undefined) shell.name = args.rest[0];
    shell.positional = args.rest.slice(1);
    await startUp(shell, args);
    return runCommandString(shell, args.command);
  }
  if (script !== undefined) {
    shell.positional = args.rest.slice(1);
    await startUp(shell, args);
    return runScript(shell, script);
  }
  shell.readsFrom = 's';
  shell.positional = args.rest;
  if (shell.interactive) {
    await interact.prepare(shell);
    await startUp(shell, args);
    return interact.loop(shell);
  }
  await startUp(shell, args);
  return runStdin(shell);
}

function parseArguments(shell: Shell, argv: string[]): Arguments {
  const args: Arguments = {
    interactive: false,
    login: false,
    stdin: false,
    norc: false,
    noprofile: false,
    rest: [],
    version: false,
  };
  let takesCommand = false;
  let i = 0;
  for (; i < argv.length; i++) {
    const arg = argv[i] as string;
    if (arg === '--' || arg === '-') {
      i++;
      break;
    }
    if (arg.startsWith('--')) {
      if (!longOption(args, arg, () => argv[++i])) args.bad = arg;
    } else if (/^[-+]./.test(arg)) {
      const on = arg.startsWith('-');
      for (const letter of arg.slice(1)) {
        if (letter === 'c') takesCommand = true;
        else if (letter === 'i') args.interactive = true;
        else if (letter === 'l') args.login = true;
        else if (letter === 's') args.stdin = true;
        else if (letter === 'o' || letter === 'O') {
          const name = argv[++i] ?? '';
          if (letter === 'O') shell.shopts.add(name);
          else if (isOptionName(name)) turn(shell, name, on);
          else args.bad = name;
        } else if (!turnLetter(shell, letter, on)) args.bad = `${arg.charAt(0)}${letter}`;
      }
    } else break;
  }
  args.rest = argv.slice(i);
  if (takesCommand) {
    const command = args.rest.shift();
    if (command === undefined) args.bad = '-c';
    else args.command = command;
  }
  return args;
}

function longOption(args: Arguments, arg: string, next: () => string | undefined): boolean {
  switch (arg) {
    case '--login':
      args.login = true;
      return true;
    case '--norc':
      args.norc = true;
      return true;
    case '--noprofile':
      args.noprofile = true;
      return true;
    case '--rcfile':
    case '--init-file':
      args.rcfile = next() ?? '';
      return true;
    case '--version':
      args.version = true;
      return true;
    default:
      return ['--posix', '--noediting', '--restricted', '--verbose', '--debugger'].includes(arg);
  }
}

async function refuse(shell: Shell, bad: string): Promise<number> {
  if (bad === '-c') await shell.proc.complain(`${shell.name}: -c: option requires an argument\n`);
  else
    await shell.proc.complain(
      `${shell.name}: ${bad}: invalid option\nUsage:\t${shell.name} [GNU long option] [option] ...\n\t${shell.name} [GNU long option] [option] script-file ...\n`,
    );
  return 2;
}

/** Debian's bash reads it before ~/.bashrc (SYS_BASHRC). */
const SYSTEM_RC = '/etc/bash.bashrc';

/** /etc/profile and ~/.bash_profile for a login shell, ~/.bashrc for an interactive one. */
async function startUp(shell: Shell, args: Arguments): Promise<void> {
  const home = shell.vars.get('HOME') ?? '';
  const exists = (path: string) => shell.proc.files.find(path)?.type === 'file';
  if (shell.loginShell && !args.noprofile) {
    if (exists('/etc/profile')) await sourceFile(shell, '/etc/profile');
    const names = shell.posixLike ? ['.profile'] : ['.bash_profile', '.bash_login', '.profile'];
    const own = names.map((name) => `${home}/${name}`).find(exists);
    if (own) await sourceFile(shell, own);
  } else if (shell.interactive && !args.norc) {
    if (shell.dialect === 'bash' && !shell.posixLike && exists(SYSTEM_RC)) await sourceFile(shell, SYSTEM_RC);
    const rc = args.rcfile ?? (shell.posixLike ? (shell.vars.get('ENV') ?? '') : `${home}/.bashrc`);
    if (rc && exists(rc)) await sourceFile(shell, rc);
  } else if (!shell.interactive && !shell.posixLike) {
    const env = shell.vars.get('BASH_ENV');
    if (env && exists(env)) await sourceFile(shell, env);
  }
  shell.status = 0;
}

const sourceFile = (shell: Shell, path: string): Promise<number> => executor.words(shell, ['.', path], false);

/** `bash -c`: the last program of the text takes this very process over, as in bash (not in dash). */
async function runCommandString(shell: Shell, text: string): Promise<number> {
  await runText(shell, text, 1, true);
  return shell.status;
}

async function runScript(shell: Shell, path: string): Promise<number> {
  const { files } = shell.proc;
  const found = files.exists(path) || path.includes('/') ? path : (shell.proc.machine.which(shell.proc, path) ?? path);
  let text: string;
  try {
    text = files.readText(found);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const reason = error.code === 'EISDIR' ? 'Is a directory' : strerror(error);
    if (shell.dialect === 'dash') await shell.proc.complain(`${shell.name}: 0: cannot open ${path}: No such file\n`);
    else if (shell.dialect === 'ash') await shell.proc.complain(`${shell.name}: can't open '${path}': ${reason}\n`);
    else await shell.proc.complain(`${shell.name}: ${path}: ${reason}\n`);
    return error.code === 'ENOENT' ? 127 : 126;
  }
  if (text.slice(0, 80).includes('\0')) {
    await shell.proc.complain(`${shell.name}: ${path}: cannot execute binary file\n`);
    return 126;
  }
  shell.name = path;
  await runText(shell, text);
  return shell.status;
}

/** Commands from standard input, read line by line so that they may read it too. */
async function runStdin(shell: Shell): Promise<number> {
  let text = '';
  let line = 1;
  while (true) {
    const read = await readLine(shell, { fd: 0, delimiter: '\n' });
    if (read.ended && read.text === '' && text === '') return shell.status;
    text += read.text + (read.ended ? '' : '\n');
    const found = scanFor(shell, text);
    if (found.kind === 'incomplete' && !read.ended) continue;
    if (found.kind === 'incomplete') return runText(shell, text, line);
    await runChunk(shell, found, line, text);
    line += text.split('\n').length - 1;
    text = '';
    if (read.ended) return shell.status;
  }
}

/** Runs one builtin as a program (`/usr/bin/test`). */
export async function runBuiltin(proc: Process, name: string): Promise<number> {
  const shell = new Shell(proc, executor);
  shell.interactive = true; // messages without a line number
  shell.name = name;
  const found = executor.builtin(shell, name);
  return found ? found(shell, [name, ...proc.argv.slice(1)]) : 127;
}
