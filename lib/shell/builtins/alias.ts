// `alias` and `unalias`.
import { singleQuote } from '../quote';
import type { Shell } from '../shell';
import { badOption, complain, options } from './builtin';

export async function alias(shell: Shell, argv: string[]): Promise<number> {
  const { rest, bad } = options(argv.slice(1), 'p');
  if (bad) return badOption(shell, 'alias', bad, 'alias [-p] [name[=value] ... ]');
  const line = (name: string, value: string) => `${shell.posixLike ? '' : 'alias '}${name}=${singleQuote(value)}\n`;
  if (rest.length === 0)
    for (const name of [...shell.aliases.keys()].sort())
      await shell.proc.print(line(name, shell.aliases.get(name) ?? ''));
  let status = 0;
  for (const arg of rest) {
    const equals = arg.indexOf('=', 1);
    const name = equals < 0 ? arg : arg.slice(0, equals);
    const known = shell.aliases.get(name);
    if (equals >= 0) shell.aliases.set(name, arg.slice(equals + 1));
    else if (known !== undefined) await shell.proc.print(line(name, known));
    else status = await missing(shell, 'alias', name);
  }
  return status;
}

export async function unalias(shell: Shell, argv: string[]): Promise<number> {
  const { found, rest, bad } = options(argv.slice(1), 'a');
  if (bad) return badOption(shell, 'unalias', bad, 'unalias [-a] name [name ...]');
  if (found.has('a')) shell.aliases.clear();
  else if (rest.length === 0) {
    await shell.proc.complain('unalias: usage: unalias [-a] name [name ...]\n');
    return 2;
  }
  let status = 0;
  for (const name of rest) if (!shell.aliases.delete(name)) status = await missing(shell, 'unalias', name);
  return status;
}

async function missing(shell: Shell, command: string, name: string): Promise<number> {
  if (!shell.posixLike) return complain(shell, command, `${name}: not found`);
  await shell.proc.complain(`${command}: ${name} not found\n`);
  return 1;
}
