// `declare`, `local`, `export`, `readonly`, `unset`: variables and their attributes.

import { Associative } from '../associative';
import { ExitShell } from '../control';
import { describe } from '../describe';
import { traceAssignment } from '../run/trace';
import type { Shell } from '../shell';
import { ReadonlyError, type Variable } from '../variables';
import { badOption, complain, fault, isName } from './builtin';
import { declareFunctions, forgetFunction, markFunctions } from './functions';

const FLAGS: Record<string, keyof Variable> = {
  c: 'capital',
  i: 'integer',
  l: 'lower',
  n: 'nameref',
  r: 'readonly',
  u: 'upper',
  x: 'exported',
};

interface Wish {
  on: Set<string>;
  off: Set<string>;
  names: string[];
}

async function parse(shell: Shell, argv: string[], allowed: string, usage: string): Promise<Wish | number> {
  const wish: Wish = { on: new Set(), off: new Set(), names: [] };
  let i = 1;
  for (; i < argv.length; i++) {
    const arg = argv[i] as string;
    if (arg === '--') {
      i++;
      break;
    }
    if (!/^[-+][A-Za-z]/.test(arg)) break;
    for (const letter of arg.slice(1)) {
      if (!allowed.includes(letter)) return badOption(shell, argv[0] ?? '', `${arg.charAt(0)}${letter}`, usage);
      (arg.startsWith('-') ? wish.on : wish.off).add(letter);
    }
  }
  wish.names = argv.slice(i);
  return wish;
}

export async function declare(shell: Shell, argv: string[]): Promise<number> {
  const wish = await parse(
    shell,
    argv,
    'aAcfFgiIlnprtux',
    `${argv[0]} [-aAfFgiIlnrtux] [name[=value] ...] or ${argv[0]} -p [-aAfFilnrtux] [name ...]`,
  );
  if (typeof wish === 'number') return wish;
  if (wish.on.has('f') || wish.on.has('F')) return declareFunctions(shell, wish);
  if (wish.on.has('p') || wish.names.length === 0) return print(shell, argv[0] ?? 'declare', wish);
  const isLocal = shell.vars.depth > 0 && !wish.on.has('g');
  return apply(shell, argv[0] ?? 'declare', wish, isLocal ? 'local' : wish.on.has('g') ? 'global' : 'any');
}

export async function local(shell: Shell, argv: string[]): Promise<number> {
  if (shell.vars.depth === 0 && shell.posixLike && !shell.interactive)
    throw new ExitShell(await complain(shell, 'local', 'not in a function', 2));
  if (shell.vars.depth === 0) return complain(shell, 'local', 'can only be used in a function');
  const odd = shell.posixLike ? argv.slice(1).find((arg) => !/^[A-Za-z_]\w*(=|$)/.test(arg)) : undefined;
  if (odd !== undefined && !shell.interactive)
    throw new ExitShell(await complain(shell, 'local', `${odd}: bad variable name`, 2));
  const wish = await parse(shell, argv, 'aAcgiIlnprtux', 'local [option] name[=value] ...');
  if (typeof wish === 'number') return wish;
  if (wish.names.length === 0) {
    for (const name of shell.vars.localNames())
      await shell.proc.print(`${describe.setLine(name, shell.vars.findRaw(name) ?? {})}\n`);
    return 0;
  }
  return apply(shell, 'local', wish, 'local');
}

export async function exportBuiltin(shell: Shell, argv: string[]): Promise<number> {
  const wish = await parse(shell, argv, 'fnp', 'export [-fn] [name[=value] ...] or export -p');
  if (typeof wish === 'number') return wish;
  if (wish.on.has('f')) return markFunctions(shell, 'export', wish.names, shell.exportedFunctions, wish.on.has('n'));
  if (wish.names.length === 0) return print(shell, 'declare', { ...wish, on: new Set('x') });
  const off = wish.on.has('n');
  return apply(shell, 'export', { ...wish, on: new Set(off ? '' : 'x'), off: new Set(off ? 'x' : '') }, 'any');
}

export async function readonly(shell: Shell, argv: string[]): Promise<number> {
  const wish = await parse(shell, argv, 'aAfp', 'readonly [-aAf] [name[=value] ...] or readonly -p');
  if (typeof wish === 'number') return wish;
  if (wish.on.has('f')) return markFunctions(shell, 'readonly', wish.names, shell.readonlyFunctions, false);
  wish.on.add('r');
  if (wish.names.length === 0) return print(shell, 'declare', wish);
  return apply(shell, 'readonly', wish, 'any');
}

/** Their assignments are traced once more, as bash does it. */
const EXPORTERS = new Set(['export', 'readonly']);

type Where = 'local' | 'global' | 'any';

async function apply(shell: Shell, command: string, wish: Wish, where: Where): Promise<number> {
  let status = 0;
  for (const arg of wish.names) {
    const match = /^([A-Za-z_]\w*)(\[[^\]]*\])?(?:(\+?)=([\s\S]*))?$/.exec(arg);
    if (!match && shell.posixLike) return fault(shell, command, '', `${arg.replace(/=.*/s, '')}: bad variable name`);
    if (!match) {
      status = await complain(shell, command, `\`${arg}': not a valid identifier`);
      continue;
    }
    const known = shell.vars.find(match[1] as string);
    if (wish.on.has('a') && known?.assoc) {
      status = await complain(shell, command, `${match[1]}: cannot convert associative to indexed array`);
      continue;
    }
    if (wish.on.has('A') && known?.array) {
      status = await complain(shell, command, `${match[1]}: cannot convert indexed to associative array`);
      continue;
    }
    if (wish.on.has('n') && match[4] && !/^[A-Za-z_]\w*(\[.*\])?$/s.test(match[4])) {
      status = await complain(shell, command, `\`${match[4]}': invalid variable name for name reference`);
      continue;
    }
    if (wish.on.has('n') && match[4] === match[1]) {
      status = await complain(shell, command, `${match[1]}: nameref variable self references not allowed`);
      continue;
    }
    try {
      await one(shell, wish, where, match);
      const [, name = '', , plus, value] = match;
      if (EXPORTERS.has(command) && value !== undefined && shell.option('xtrace'))
        await traceAssignment(shell, name, value, plus === '+');
    } catch (error) {
      if (!(error instanceof ReadonlyError)) throw error;
      status = await complain(shell, command, error.message);
    }
  }
  return status;
}

async function one(shell: Shell, wish: Wish, where: Where, match: RegExpExecArray): Promise<void> {
  const [, name = '', subscript, plus, value] = match;
  const { vars } = shell;
  const raw = where === 'local' ? vars.local(name) : vars.declare(name, where === 'global');
  const variable = wish.on.has('n') || !raw.nameref ? raw : (vars.find(name) ?? raw);
  if (wish.on.has('a') || subscript) toArray(variable);
  if (wish.on.has('A') && !variable.assoc) {
    variable.assoc = new Associative();
    variable.unassigned = true;
    delete variable.scalar;
  }
  for (const letter of wish.off) setFlag(shell, name, variable, letter, false);
  for (const letter of wish.on) if (letter !== 'r') setFlag(shell, name, variable, letter, true);
  const array = shell.arrays.get(name);
  if (array?.array) vars.setArray(name, await shell.executor.arrayEntries(shell, name, array.array), array.append);
  else if (value !== undefined) {
    if (wish.on.has('n')) variable.scalar = value;
    else if (subscript) vars.setElement(name, subscript.slice(1, -1), value, plus === '+');
    else vars.set(name, value, plus === '+');
  }
  if (wish.on.has('r')) variable.readonly = true;
  vars.onSet(name);
}

function toArray(variable: Variable): void {
  if (variable.array || variable.assoc) return;
  variable.array = variable.scalar === undefined ? [] : [variable.scalar];
  if (variable.scalar === undefined) variable.unassigned = true;
  delete variable.scalar;
}

function setFlag(_shell: Shell, name: string, variable: Variable, letter: string, on: boolean): void {
  const field = FLAGS[letter];
  if (!field) return;
  if (letter === 'r' && !on && variable.readonly) throw new ReadonlyError(name);
  if (on && letter === 'l') delete variable.upper;
  if (on && letter === 'u') delete variable.lower;
  if (on) (variable as Record<string, unknown>)[field] = true;
  else delete variable[field];
}

async function print(shell: Shell, command: string, wish: Wish): Promise<number> {
  const wanted = (variable: Variable) =>
    [...wish.on].every((letter) => letter === 'p' || describe.flags(variable).includes(letter));
  const names = wish.names.length > 0 ? wish.names : shell.vars.names();
  const plain = wish.on.size === 0 && wish.names.length === 0;
  let status = 0;
  for (const name of names) {
    const variable = shell.vars.findRaw(name);
    if (!variable || (Object.keys(variable).length === 0 && wish.names.length === 0)) {
      if (wish.names.length > 0) status = await complain(shell, command, `${name}: not found`);
      continue;
    }
    if (wish.names.length === 0 && !wanted(variable)) continue;
    await shell.proc.print(`${plain ? describe.setLine(name, variable) : line(shell, name, variable)}\n`);
  }
  return status;
}

const line = (shell: Shell, name: string, variable: Variable): string =>
  shell.posixLike ? `export ${name}='${variable.scalar ?? ''}'` : describe.declaration(name, variable);

export async function unset(shell: Shell, argv: string[]): Promise<number> {
  let mode = '';
  let status = 0;
  for (const arg of argv.slice(1)) {
    if (/^-[fvn]$/.test(arg)) {
      mode = arg;
      continue;
    }
    if (/^-./.test(arg) && arg !== '--')
      return badOption(shell, 'unset', arg.slice(0, 2), 'unset [-f] [-v] [-n] [name ...]');
    const element = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(arg);
    // without an option it may be a function's name, which can be anything
    if (shell.posixLike && mode !== '-f' && !isName(arg)) return fault(shell, 'unset', '', `${arg}: bad variable name`);
    if (mode !== '-f' && mode !== '' && !element && !isName(arg)) {
      status = await complain(shell, 'unset', `\`${arg}': not a valid identifier`);
      continue;
    }
    try {
      if (mode === '-n') shell.vars.unsetRaw(arg);
      else if (element && /^[@*]$/.test(element[2] as string)) shell.vars.clear(element[1] as string);
      else if (element)
        shell.vars.unset(
          element[1] as string,
          await shell.executor.key(shell, element[1] as string, element[2] as string),
        );
      else if (mode !== '-f' && shell.vars.findRaw(arg)) shell.vars.unset(arg);
      else if (mode !== '-v' && shell.readonlyFunctions.has(arg))
        status = await complain(shell, 'unset', `${arg}: cannot unset: readonly function`);
      else if (mode !== '-v') forgetFunction(shell, arg);
    } catch (error) {
      if (!(error instanceof ReadonlyError)) throw error;
      const { variable } = error;
      status = await fault(shell, 'unset', `${variable}: cannot unset: readonly variable`, `${variable}: is read only`);
    }
  }
  return status;
}
