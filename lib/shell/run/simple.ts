// A simple command: assignments, expansion, then a function, a builtin or a program.

import { Errno, strerror } from '../../machine/errno';
import { LIMITS } from '../../machine/limits';
import { ArithmeticError } from '../arithmetic';
import { badOption, complain, isSpecial, options } from '../builtins/builtin';
import { findBuiltin } from '../builtins/table';
import { ExitShell, OutOfMemory, Return, ShellError } from '../control';
import { BraceOverflow } from '../expand/brace';
import { expandWords } from '../expand/expand';
import { functionEnvironment } from '../exported-functions';
import { statusOf } from '../jobs';
import type { Shell } from '../shell';
import type { Assignment, DeclaredArray, FunctionDef, SimpleCommandNode, WordNode } from '../syntax/ast';
import type { Variable } from '../variables';
import { ReadonlyError } from '../variables';
import { arrayEntries, assign } from './assign';
import { endCoprocess } from './coprocess';
import { waitForeground } from './foreground';
import { RedirectionError, redirect, redirected } from './redirect';
import { traceAssignment, traceWords } from './trace';
import { trapDebug, trapReturn } from './traps';

export async function runSimple(shell: Shell, node: SimpleCommandNode, last: boolean): Promise<number> {
  shell.line = node.line ?? shell.line;
  if (shell.traps.size > 0) await trapDebug(shell);
  if (shell.coprocess) endCoprocess(shell);
  try {
    return (shell.status = await simple(shell, node, last));
  } catch (error) {
    if (error instanceof ReadonlyError) return readonlyFailure(shell, error);
    if (error instanceof ArithmeticError)
      return shell.discard(arithmeticMessage(shell, error), shell.posixLike ? 2 : 1);
    if (error instanceof BraceOverflow) throw new ShellError(error.message);
    if (error instanceof OutOfMemory) return outOfMemory(shell, error);
    if (error instanceof RangeError && /string length/.test(error.message))
      return outOfMemory(shell, new OutOfMemory(2 ** 30));
    throw error;
  } finally {
    for (const close of shell.cleanups.splice(0)) close();
  }
}

/** What the other shells say of arithmetic that cannot be done. */
function arithmeticMessage(shell: Shell, { message }: ArithmeticError): string {
  const [, text = '', what = ''] = /^([\s\S]*?): (division by 0)?/.exec(message) ?? [];
  if (shell.dialect === 'dash')
    return `arithmetic expression: ${what ? 'division by zero' : /operand expected/.test(message) ? 'expecting primary' : 'expecting EOF'}: "${text}"`;
  if (shell.dialect === 'ash') return what ? 'divide by zero' : 'arithmetic syntax error';
  return message;
}

/** Ends the shell, as xmalloc does. */
async function outOfMemory(shell: Shell, error: OutOfMemory): Promise<never> {
  await shell.proc.complain(`${shell.name}: ${error.message}\n`);
  throw new ExitShell(2);
}

async function readonlyFailure(shell: Shell, error: ReadonlyError): Promise<number> {
  if (shell.posixLike) return shell.fail(error.message.replace('readonly variable', 'is read only'), 2);
  await shell.complain(error.message);
  return shell.discard('');
}

async function simple(shell: Shell, node: SimpleCommandNode, last: boolean): Promise<number> {
  const words = node.name ? await commandWords(shell, node) : [];
  const [name] = words;
  if (name === undefined) return assignmentsOnly(shell, node);
  const trace = async () => (shell.option('xtrace') ? traceWords(shell, words) : undefined);
  shell.lastArgument = words.at(-1) ?? '';
  const definition = shell.functions.get(name);
  if (definition)
    return withAssignments(shell, node.assignments, async () => {
      await trace();
      return redirected(shell, node.redirections, () => callFunction(shell, definition, words));
    });
  const builtin = findBuiltin(shell, name);
  if (builtin && name === 'exec') {
    await trace();
    return execBuiltin(shell, node, words);
  }
  if (builtin) {
    const body = async () => {
      await trace();
      return redirected(shell, node.redirections, async () => builtin(shell, words));
    };
    if (!isSpecial(name) || !shell.posixLike) return withAssignments(shell, node.assignments, body);
    await assignAll(shell, node.assignments); // of a special builtin they stay, as POSIX has it
    return body();
  }
  return external(shell, node, words, last, trace);
}

/** Runs a command by its words, for `command` and completion. */
export async function runWords(shell: Shell, words: string[], functions: boolean): Promise<number> {
  const [name = ''] = words;
  const definition = functions ? shell.functions.get(name) : undefined;
  if (definition) return callFunction(shell, definition, words);
  const builtin = findBuiltin(shell, name);
  if (builtin) return builtin(shell, words);
  return external(shell, { assignments: [], redirections: [] }, words, false);
}

/** The command's words; of `declare` and its kin assignments are not split and arrays are set on the way. */
async function commandWords(shell: Shell, node: SimpleCommandNode): Promise<string[]> {
  const words = await expandWords(shell, node.name ? [node.name] : []);
  const declares = /^(declare|typeset|local|export|readonly)$/.test(words[0] ?? '');
  if (!declares) return [...words, ...(await expandWords(shell, node.args))];
  shell.arrays = new Map();
  for (const word of node.args) words.push(...(await declaredWord(shell, word)));
  return words;
}

async function declaredWord(shell: Shell, word: WordNode): Promise<string[]> {
  const first = word.parts[0] as WordNode['parts'][number] | DeclaredArray | undefined;
  if (first?.type === 'DeclaredArray') {
    const { assignment } = first;
    shell.arrays.set(assignment.name, assignment);
    return [assignment.name];
  }
  if (first?.type === 'Literal' && /^[A-Za-z_]\w*(\[[^\]]*\])?\+?=/.test(first.value))
    return [await shell.wordText(word)];
  return expandWords(shell, [word]);
}

async function assignmentsOnly(shell: Shell, node: SimpleCommandNode): Promise<number> {
  const before = shell.status;
  shell.status = 0;
  const status = await redirected(shell, node.redirections, async () => {
    await assignAll(shell, node.assignments);
    return shell.status;
  });
  return node.assignments.length === 0 && node.redirections.length === 0 && node.name
    ? shell.status
    : status || (before && status);
}

async function assignAll(shell: Shell, list: Assignment[]): Promise<void> {
  for (const assignment of list) {
    await assign(shell, assignment);
    if (shell.option('allexport')) shell.vars.declare(assignment.name).exported = true;
  }
}

/** `x=1 command` for a function or builtin: the variables go back to what they were. */
async function withAssignments(shell: Shell, list: Assignment[], body: () => Promise<number>): Promise<number> {
  if (list.length === 0) return body();
  const saved: [string, Variable | undefined][] = [];
  for (const assignment of list) {
    const old = shell.vars.find(assignment.name);
    saved.push([assignment.name, old ? { ...old } : undefined]);
    if (!(await assignForCommand(shell, assignment))) continue;
    shell.vars.declare(assignment.name).exported = true;
  }
  try {
    return await body();
  } finally {
    for (const [name, old] of saved) {
      const variable = shell.vars.declare(name);
      for (const key of Object.keys(variable) as (keyof Variable)[]) delete variable[key];
      Object.assign(variable, old);
      shell.vars.onSet(name);
    }
  }
}

/** A variable that is read only keeps its value, and the command runs nevertheless. */
async function assignForCommand(shell: Shell, assignment: Assignment): Promise<boolean> {
  try {
    await assign(shell, assignment);
    return true;
  } catch (error) {
    if (!(error instanceof ReadonlyError) || shell.posixLike) throw error;
    await shell.complain(error.message);
    return false;
  }
}

async function callFunction(shell: Shell, definition: FunctionDef, words: string[]): Promise<number> {
  const [name = '', ...args] = words;
  shell.enterFunction(name);
  const { positional, loopDepth } = shell;
  const { source } = shell;
  shell.calls.unshift({ name, line: shell.line, source, isFile: false });
  shell.source = shell.functionSources.get(name) ?? '';
  shell.positional = args;
  shell.loopDepth = 0;
  shell.vars.push();
  const inherited = shell.option('functrace') ? undefined : shell.traps.get('RETURN');
  if (inherited !== undefined) shell.traps.delete('RETURN');
  try {
    return await redirected(shell, definition.redirections, () => shell.executor.command(shell, definition.body));
  } catch (error) {
    if (error instanceof Return) return error.status;
    throw error;
  } finally {
    if (shell.traps.has('RETURN')) await trapReturn(shell);
    else if (inherited !== undefined) shell.traps.set('RETURN', inherited);
    shell.vars.pop();
    shell.positional = positional;
    shell.loopDepth = loopDepth;
    shell.source = source;
    shell.calls.shift();
  }
}

async function external(
  shell: Shell,
  node: Pick<SimpleCommandNode, 'assignments' | 'redirections'>,
  words: string[],
  last: boolean,
  trace: () => Promise<void> = async () => {},
): Promise<number> {
  const env = await childEnvironment(shell, node.assignments);
  await trace();
  let undo: () => void;
  try {
    ({ undo } = await redirect(shell, node.redirections));
  } catch (error) {
    if (!(error instanceof RedirectionError)) throw error;
    await shell.complain(error.message);
    return shell.dialect === 'dash' ? 2 : 1;
  }
  try {
    if (last) return await takeOver(shell, words, env);
    return await spawnAndWait(shell, words, env, undo);
  } catch (error) {
    if (error instanceof Errno) return cannotRun(shell, words[0] ?? '', error);
    throw error;
  } finally {
    undo();
  }
}

async function childEnvironment(shell: Shell, list: Assignment[]): Promise<Record<string, string>> {
  const env = { ...shell.vars.environment(), ...functionEnvironment(shell) };
  for (const assignment of list) {
    if (assignment.array) await arrayEntries(shell, assignment.name, assignment.array);
    else {
      const text = assignment.value ? await shell.wordText(assignment.value) : '';
      if (shell.option('xtrace')) await traceAssignment(shell, assignment.name, text, assignment.append);
      env[assignment.name] = assignment.append ? (env[assignment.name] ?? '') + text : text;
    }
  }
  env['_'] = shell.lastCommandPath;
  return env;
}

/** The program becomes this process, which is a subshell's that has nothing else to do. */
async function takeOver(shell: Shell, words: string[], env: Record<string, string>): Promise<number> {
  const [name = ''] = words;
  const path = locate(shell, name);
  if (!path) return notFound(shell, name);
  refuseTooLong(words, env);
  try {
    return await shell.proc.exec([path, ...words.slice(1)], words, env);
  } catch (error) {
    if (error instanceof Errno && error.code === 'ENOEXEC') return shell.runFile(path, words);
    throw error;
  }
}

/** What execve(2) refuses: E2BIG. */
function refuseTooLong(words: readonly string[], env: Record<string, string>): void {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  let bytes = 0;
  for (const text of [...words, ...variables]) {
    const size = Buffer.byteLength(text) + 1;
    bytes += size + POINTER_BYTES;
    if (size > LIMITS.argumentLength || bytes > LIMITS.argumentBytes) throw new Errno('E2BIG');
  }
}

const POINTER_BYTES = 8; // that each argument takes of the same room

async function spawnAndWait(
  shell: Shell,
  words: string[],
  env: Record<string, string>,
  started: () => void,
): Promise<number> {
  const [name = ''] = words;
  const path = locate(shell, name);
  if (!path) return notFound(shell, name);
  refuseTooLong(words, env);
  const fds = shell.inheritedFds();
  const pgid = shell.option('monitor') ? { pgid: 0 } : {};
  let proc: ReturnType<typeof shell.proc.spawn>;
  try {
    proc = shell.proc.spawn([path, ...words.slice(1)], { env, fds, ...pgid });
    proc.argv = proc.argv[0] === path ? words : proc.argv;
  } catch (error) {
    if (error instanceof Errno && error.code === 'ENOEXEC') return runScriptFile(shell, path, words);
    throw error;
  }
  started();
  const job = shell.jobs.add([proc], shell.commandText || words.join(' '), false);
  await waitForeground(shell, job);
  return statusOf(proc.status);
}

/** A file that is executable but neither a program nor begins with `#!` is a script of this shell. */
async function runScriptFile(shell: Shell, path: string, words: string[]): Promise<number> {
  const proc = shell.fork((sub) => sub.runFile(path, words), { pgid: shell.option('monitor') ? 0 : undefined });
  await waitForeground(shell, shell.jobs.add([proc], words.join(' '), false));
  return statusOf(proc.status);
}

function locate(shell: Shell, name: string): string | undefined {
  if (name === '') return undefined;
  if (name.includes('/')) return name;
  return shell.proc.machine.which(shell.proc, name, shell.vars.get('PATH') ?? '');
}

async function notFound(shell: Shell, name: string): Promise<number> {
  const missing = shell.vars.isSet('PATH') ? 'command not found' : 'No such file or directory';
  await shell.complain(`${name}: ${shell.posixLike ? 'not found' : missing}`);
  return 127;
}

async function cannotRun(shell: Shell, name: string, error: Errno): Promise<number> {
  const isDirectory = shell.proc.files.find(name)?.type === 'dir';
  if (error.code === 'EAGAIN') {
    await shell.complain(`fork: retry: ${strerror(error)}`);
    return 254;
  }
  if (shell.posixLike && error.code === 'ENOENT') return notFound(shell, name);
  await shell.complain(`${name}: ${isDirectory && !shell.posixLike ? 'Is a directory' : strerror(error)}`);
  return error.code === 'ENOENT' ? 127 : 126;
}

/** `exec`: with a command the shell becomes it, without one its redirections stay. */
async function execBuiltin(shell: Shell, node: SimpleCommandNode, words: string[]): Promise<number> {
  try {
    const { keep } = await redirect(shell, node.redirections);
    keep();
  } catch (error) {
    if (!(error instanceof RedirectionError)) throw error;
    await shell.complain(error.message);
    if (shell.interactive) return 1;
    throw new ShellError('', shell.dialect === 'dash' ? 2 : 1);
  }
  const { found, rest: args, bad } = options(words.slice(1), 'cl', 'a');
  if (bad) return badOption(shell, 'exec', bad, 'exec [-cl] [-a name] [command [argument ...]] [redirection ...]');
  if (args.length === 0) return 0;
  const name = `${found.has('l') ? '-' : ''}${found.get('a') ?? args[0] ?? ''}`;
  const env = found.has('c') ? {} : await childEnvironment(shell, node.assignments);
  const path = locate(shell, args[0] ?? '');
  if (!path) {
    await complain(shell, 'exec', `${args[0]}: not found`);
    if (shell.interactive) return 127;
    throw new ShellError('', 127);
  }
  if (path.includes('/') && !shell.proc.files.exists(path)) {
    await shell.complain(`${args[0]}: No such file or directory`);
    if (shell.interactive) return 127;
    throw new ShellError('', 127);
  }
  throw new ExitShell(await shell.proc.exec([path, ...args.slice(1)], [name, ...args.slice(1)], env));
}
