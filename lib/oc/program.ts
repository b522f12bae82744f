// The programs oc and kubectl: find the command, read its flags, run it, print what went wrong.
import { Exit, type Process, type Program } from '../machine/process';
import { BrokenPipe } from '../sim/pipe';
import { Cli, type Command } from './cli';
import { COMMANDS } from './commands/index';
import { CliError, ExitStatus, explainError } from './errors';
import { FlagError, Flags, HelpRequested, parseFlags } from './flags/parse';
import { GLOBAL_FLAGS, type Help, kubectlHelp } from './help/catalog';
import { OC_HELP } from './help/oc';
import { renderHelp } from './help/render';
import { suggestions } from './help/suggest';

type Name = 'oc' | 'kubectl';

export const oc: Program = (proc) => main(proc, 'oc');
export const kubectl: Program = (proc) => main(proc, 'kubectl');

/** The commands that a program knows, by path. */
export function commandsOf(program: Name): Map<string, Command> {
  return program === 'oc' ? OC : KUBECTL;
}

const tableFor = (program: Name) =>
  new Map(
    COMMANDS.filter((command) => !command.only || command.only === program).map((command) => [command.path, command]),
  );
const OC = tableFor('oc');
const KUBECTL = tableFor('kubectl');

/** The help of a command, or of a group of commands such as `create`. */
export function helpOf(program: Name, path: string): Help | undefined {
  const own = commandsOf(program).get(path)?.help;
  if (own) return own;
  return (program === 'oc' && Object.hasOwn(OC_HELP, path) ? OC_HELP[path] : undefined) ?? kubectlHelp(path);
}

/** The flags of a command, its own before the global ones. */
export function flagsOf(program: Name, path: string): Flags {
  const command = commandsOf(program).get(path);
  const own = helpOf(program, path)?.flags ?? [];
  return new Flags([...(program === 'oc' ? (command?.ocFlags ?? []) : []), ...own, ...GLOBAL_FLAGS]);
}

async function main(proc: Process, program: Name): Promise<number> {
  try {
    return await dispatch(proc, program, proc.argv.slice(1));
  } catch (error) {
    if (proc.killed.aborted) throw proc.killed.reason;
    if (error instanceof ExitStatus) return error.code;
    if (!(error instanceof Error) || isMachineError(error)) throw error;
    const { text, code } = explainError(error);
    await proc.complain(text);
    return code;
  }
}

/** Errors that the process itself deals with: its end, a broken pipe, a bug. */
const isMachineError = (error: Error): boolean =>
  [Exit, BrokenPipe, TypeError, ReferenceError, RangeError].some((kind) => error instanceof kind);

/** Cuts the command's path off the words; flags may stand anywhere, as cobra has it. */
function findPath(program: Name, words: string[]): { path: string; rest: string[] } {
  const rest = [...words];
  let path = '';
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] as string;
    if (word === '--') break;
    if (word.startsWith('-') && word.length > 1) {
      if (takesNext(flagsOf(program, path), word)) i++;
      continue;
    }
    const next = path ? `${path} ${canonical(program, path, word)}` : canonical(program, path, word);
    if (!helpOf(program, next) && !commandsOf(program).has(next)) break;
    path = next;
    rest.splice(i--, 1);
  }
  return { path, rest };
}

function canonical(program: Name, path: string, word: string): string {
  const groups = helpOf(program, path)?.groups ?? [];
  for (const [, names] of groups)
    for (const name of names)
      if (helpOf(program, path ? `${path} ${name}` : name)?.aliases?.includes(word)) return name;
  return word;
}

function takesNext(flags: Flags, word: string): boolean {
  if (word.includes('=')) return false;
  const spec = word.startsWith('--') ? flags.find(word.slice(2)) : flags.findShort(word.slice(1, 2));
  return spec !== undefined && spec.bare === undefined && (word.startsWith('--') || word.length === 2);
}

async function dispatch(proc: Process, program: Name, words: string[]): Promise<number> {
  const { path, rest } = findPath(program, words[0] === 'help' ? [...words.slice(1), '--help'] : words);
  const command = commandsOf(program).get(path);
  const flags = flagsOf(program, path);
  let parsed: { words: string[]; dash: number };
  try {
    parsed = parseFlags(flags, rest, !command?.flagsFirst);
  } catch (error) {
    if (error instanceof HelpRequested) return showHelp(proc, program, path, rest);
    if (error instanceof FlagError)
      throw new CliError(`${error.message}\nSee '${[program, path].filter(Boolean).join(' ')} --help' for usage.`);
    throw error;
  }
  if (!command) return withoutCommand(proc, program, path, parsed.words);
  const absent = (command.required ?? []).filter((name) => !flags.changed(name));
  if (absent.length > 0)
    throw new CliError(`required flag(s) ${absent.map((name) => JSON.stringify(name)).join(', ')} not set`);
  const cli = new Cli(proc, program, path, flags, parsed.words, parsed.dash);
  try {
    return (await command.run(cli)) ?? 0;
  } finally {
    cli.close();
  }
}

async function showHelp(proc: Process, program: Name, path: string, rest: string[]): Promise<number> {
  const unknown = rest.find((word) => !word.startsWith('-'));
  if (path === '' && unknown) return withoutCommand(proc, program, path, [unknown]);
  const help = helpOf(program, path);
  await proc.print(help ? renderHelp(program, path, help) : '');
  return 0;
}

/** A program or a group without a command of its own. */
async function withoutCommand(proc: Process, program: Name, path: string, words: string[]): Promise<number> {
  const [word] = words;
  const isGroup = (helpOf(program, path)?.groups ?? []).length > 0;
  if (path !== '' && !isGroup) throw new CliError(`not supported: ${program} ${path}`);
  if (word === undefined) {
    const help = helpOf(program, path);
    if (help) await proc.print(renderHelp(program, path, help));
    return path === '' ? 0 : 1;
  }
  const below = (helpOf(program, path)?.groups ?? []).flatMap(([, names]) => names);
  if (path !== '' && below.includes(word)) throw new CliError(`not supported: ${program} ${path} ${word}`);
  if (path !== '')
    throw new CliError(
      `unknown command ${JSON.stringify(words.join(' '))}\nSee '${program} ${path} -h' for help and examples`,
    );
  const known = (helpOf(program, '')?.groups ?? []).flatMap(([, names]) => names);
  if (known.includes(word)) throw new CliError(`not supported: ${program} ${word}`);
  const near = suggestions(word, known);
  const hint = near.length > 0 ? `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}` : '';
  throw new CliError(`unknown command ${JSON.stringify(word)} for ${JSON.stringify(program)}${hint}`);
}
