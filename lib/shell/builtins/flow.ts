// What changes the course of things: `eval`, `source`, `exit`, `return`, `break`, `shift`, `let`.
import { Errno, strerror } from '../../machine/errno';
import { LIMITS } from '../../machine/limits';
import { ArithmeticError } from '../arithmetic';
import { ExitShell, LoopControl, Return } from '../control';
import type { Shell } from '../shell';
import { complain, fault } from './builtin';

const READ_BYTES = 65536; // of one read

export async function evalBuiltin(shell: Shell, argv: string[]): Promise<number> {
  const args = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
  shell.status = 0;
  shell.traceLevel++;
  shell.evalDepth++;
  try {
    return await shell.executor.text(shell, args.join(' '), shell.line);
  } finally {
    shell.evalDepth--;
    shell.traceLevel--;
  }
}

export async function source(shell: Shell, argv: string[]): Promise<number> {
  const args = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
  const [name, ...rest] = args;
  if (name === undefined && shell.posixLike) return shell.dialect === 'dash' ? 0 : 2;
  if (name === undefined) {
    await complain(shell, argv[0] ?? '.', 'filename argument required');
    await shell.proc.complain(`${argv[0]}: usage: ${argv[0]} filename [arguments]\n`);
    return 2;
  }
  const path = name.includes('/') ? name : (inPath(shell, name) ?? name);
  let text: string;
  try {
    text = isFile(shell, path) ? shell.proc.files.readText(path) : await readStream(shell, path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const message = error.code === 'EISDIR' ? `${argv[0]}: ${name}: is a directory` : `${name}: ${strerror(error)}`;
    if (shell.posixLike && !name.includes('/') && error.code === 'ENOENT')
      return fault(shell, argv[0] ?? '.', '', `${name}: not found`);
    if (shell.dialect === 'ash') await complain(shell, argv[0] ?? '.', `can't open '${name}': ${strerror(error)}`);
    else await shell.complain(shell.posixLike ? `${argv[0]}: cannot open ${name}: No such file` : message);
    if (shell.posixLike && !shell.interactive) throw new ExitShell(2);
    return 1;
  }
  return sourceText(shell, path, text, rest);
}

async function sourceText(shell: Shell, path: string, text: string, args: string[]): Promise<number> {
  const { positional, source: outer, line } = shell;
  if (args.length > 0) shell.positional = args;
  shell.calls.unshift({ name: 'source', line, source: outer, isFile: true });
  shell.source = path;
  shell.sourceDepth++;
  shell.traceLevel++;
  shell.status = 0;
  try {
    return await shell.executor.text(shell, text, 1);
  } catch (error) {
    if (error instanceof Return) return error.status;
    throw error;
  } finally {
    shell.calls.shift();
    shell.sourceDepth--;
    shell.traceLevel--;
    shell.source = outer;
    shell.line = line;
    if (args.length > 0) shell.positional = positional;
  }
}

const isFile = (shell: Shell, path: string): boolean =>
  shell.proc.files.exists(path) ? shell.proc.files.stat(path).type === 'file' : !path.startsWith('/dev/fd/');

/** The text of a pipe or device, up to its end. */
async function readStream(shell: Shell, path: string): Promise<string> {
  const file = shell.proc.files.open(path, { read: true });
  const decoder = new TextDecoder();
  let text = '';
  for (let chunk = await file.description.read(READ_BYTES); chunk; chunk = await file.description.read(READ_BYTES)) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LIMITS.textBytes) throw new Errno('ENOMEM', path);
  }
  file.release();
  return text;
}

function inPath(shell: Shell, name: string): string | undefined {
  for (const dir of (shell.vars.get('PATH') ?? '').split(':'))
    if (shell.proc.files.find(`${dir}/${name}`)?.type === 'file') return `${dir}/${name}`;
  return undefined;
}

async function statusArgument(shell: Shell, argv: string[]): Promise<number> {
  const [text, extra] = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
  if (text === undefined) return shell.status;
  const isNumber = shell.posixLike ? /^\d+$/ : /^[-+]?\d+$/;
  if (extra !== undefined && !shell.posixLike && isNumber.test(text))
    return complain(shell, argv[0] ?? '', 'too many arguments');
  if (isNumber.test(text)) return Number(text) & 255;
  return fault(shell, argv[0] ?? '', `${text}: numeric argument required`, `Illegal number: ${text}`, 2);
}

export async function exit(shell: Shell, argv: string[]): Promise<number> {
  if (shell.interactive && shell.subshellDepth === 0) {
    const stopped = shell.jobs.list.some((job) => job.processes.some((p) => p.state === 'stopped'));
    await shell.proc.complain(shell.loginShell ? 'logout\n' : 'exit\n');
    if (stopped && !shell.warnedOfJobs) {
      shell.warnedOfJobs = true;
      await shell.proc.complain('There are stopped jobs.\n');
      return 1;
    }
  }
  throw new ExitShell(await statusArgument(shell, argv));
}

export async function logout(shell: Shell, argv: string[]): Promise<number> {
  if (!shell.loginShell) return complain(shell, 'logout', "not login shell: use `exit'");
  return exit(shell, argv);
}

export async function returnBuiltin(shell: Shell, argv: string[]): Promise<number> {
  if (shell.posixLike && shell.functionDepth === 0 && shell.sourceDepth === 0)
    throw new ExitShell(await statusArgument(shell, argv));
  if (shell.functionDepth === 0 && shell.sourceDepth === 0)
    return complain(shell, 'return', "can only `return' from a function or sourced script", 2);
  throw new Return(await statusArgument(shell, argv));
}

export async function loopControl(shell: Shell, argv: string[]): Promise<number> {
  const [name = 'break', count = '1'] = argv;
  if (shell.loopDepth === 0) {
    if (!shell.posixLike) await complain(shell, name, "only meaningful in a `for', `while', or `until' loop");
    return 0;
  }
  if (shell.posixLike && !/^0*[1-9]\d*$/.test(count)) return fault(shell, name, '', `Illegal number: ${count}`);
  if (!/^\d+$/.test(count)) {
    await complain(shell, name, `${count}: numeric argument required`);
    throw new ExitShell(128);
  }
  if (Number(count) < 1) {
    await complain(shell, name, `${count}: loop count out of range`);
    throw new LoopControl('break', shell.loopDepth, 1);
  }
  throw new LoopControl(name === 'continue' ? 'continue' : 'break', Math.min(Number(count), shell.loopDepth));
}

export async function shift(shell: Shell, argv: string[]): Promise<number> {
  const count = argv[1] ?? '1';
  if (argv.length > 2 && !shell.posixLike) {
    await complain(shell, 'shift', 'too many arguments');
    return shell.discard('');
  }
  if (!/^-?\d+$/.test(count))
    return fault(shell, 'shift', `${count}: numeric argument required`, `Illegal number: ${count}`);
  const n = Number(count);
  if (n < 0) return complain(shell, 'shift', `${count}: shift count out of range`);
  if (n > shell.positional.length) {
    if (shell.dialect !== 'dash') return 1;
    return fault(shell, 'shift', '', "can't shift that many");
  }
  shell.positional = shell.positional.slice(n);
  return 0;
}

export async function letBuiltin(shell: Shell, argv: string[]): Promise<number> {
  if (argv.length < 2) return complain(shell, 'let', 'expression expected');
  let value = 0n;
  for (const text of argv.slice(1)) {
    try {
      value = shell.executor.arithmetic(shell, text);
    } catch (error) {
      if (!(error instanceof ArithmeticError)) throw error;
      return complain(shell, 'let', error.message);
    }
  }
  return value === 0n ? 1 : 0;
}
