// Functions and their attributes: `declare -f`, `export -f`, `readonly -f`.
import { functionText } from '../function-text';
import type { Shell } from '../shell';
import { complain } from './builtin';

interface Wish {
  on: ReadonlySet<string>;
  off: ReadonlySet<string>;
  names: string[];
}

export async function declareFunctions(shell: Shell, wish: Wish): Promise<number> {
  let status = 0;
  const changes = ['x', 'r'].some((letter) => wish.on.has(letter) || wish.off.has(letter));
  const names = wish.names.length > 0 ? wish.names : [...shell.functions.keys()].sort();
  for (const name of names) {
    const definition = shell.functions.get(name);
    if (!definition) status = 1;
    else if (changes && wish.names.length > 0) change(shell, name, wish);
    else if (changes && ![...wish.on].every((letter) => letter === 'f' || attributes(shell, name).includes(letter)))
      continue;
    else if (!wish.on.has('F')) await show(shell, name, wish.names.length === 0);
    else if (wish.names.length === 0) await shell.proc.print(`declare -f${attributes(shell, name)} ${name}\n`);
    else if (shell.shopts.has('extdebug'))
      await shell.proc.print(`${name} ${definition.line ?? 1} ${definition.sourceFile ?? shell.sourceless}\n`);
    else await shell.proc.print(`${name}\n`);
  }
  return status;
}

function change(shell: Shell, name: string, { on, off }: Wish): void {
  if (on.has('x')) shell.exportedFunctions.add(name);
  if (on.has('r')) shell.readonlyFunctions.add(name);
  if (off.has('x')) shell.exportedFunctions.delete(name);
}

const attributes = (shell: Shell, name: string): string =>
  `${shell.readonlyFunctions.has(name) ? 'r' : ''}${shell.exportedFunctions.has(name) ? 'x' : ''}`;

/** A function's text, in lists with a line that gives it its attributes again. */
async function show(shell: Shell, name: string, inList: boolean): Promise<void> {
  const definition = shell.functions.get(name);
  const letters = attributes(shell, name);
  const line = inList && letters ? `declare -f${letters} ${name}\n` : '';
  if (definition) await shell.proc.print(`${functionText(definition)}\n${line}`);
}

/** `export -f` and `readonly -f`: gives functions an attribute, takes it back, or without names lists those that have it. */
export async function markFunctions(
  shell: Shell,
  command: string,
  names: string[],
  marked: Set<string>,
  takesBack: boolean,
): Promise<number> {
  let status = 0;
  if (names.length === 0) for (const name of [...marked].sort()) await show(shell, name, true);
  for (const name of names)
    if (!shell.functions.has(name)) status = await complain(shell, command, `${name}: not a function`);
    else if (takesBack) marked.delete(name);
    else marked.add(name);
  return status;
}

export function forgetFunction(shell: Shell, name: string): void {
  shell.functions.delete(name);
  shell.exportedFunctions.delete(name);
}
