// The programs oc and kubectl: find the command, read its flags, run it, print what went wrong.
import { Exit, type Process, type Program } from '../machine/process';
import { BrokenPipe } from '../sim/pipe';
import { Cli, type Command } from './cli';
import { COMMANDS } from './commands/index';
import { CliError, ExitStatus, explainError } from './errors';
import { FlagError, Flags, HelpRequested, parseFlags } from './flags/parse';
import { GLOBAL_FLAGS, type Help, hiddenFlags, kubectlHelp } from './help/catalog';
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
  return new Flags([
    ...(program === 'oc' ? (command?.ocFlags ?? []) : []),
    ...own,
    ...hiddenFlags(path),
    ...GLOBAL_FLAGS,
  ]);
}

async function main(proc: Process, program: Name): Promise<number> {
  try {
    return await dispatch(proc, program, proc.argv.slice(1));
  } catch (error) {
    if (proc.killed.aborted) throw proc.killed.reason;
    if (error instanceof ExitStatus) return error.code;
    if (!(error instanceof Error) || isMachineError(error)) throw error;
    if (error instanceof CliError && error.options.stdout) await proc.print(error.options.stdout);
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
  if (!spec) return word !== '--help' && word !== '-h' && (word.startsWith('--') || word.length === 2); // as cobra guesses
  return spec.bare === undefined && (word.startsWith('--') || word.length === 2);
}

async function dispatch(proc: Process, program: Name, words: string[]): Promise<number> {
  const { path, rest } = findPath(program, words[0] === 'help' ? [...words.slice(1), '--help'] : words);
  const command = commandsOf(program).get(path);
  if (command?.absent) throw new CliError(`not supported: ${program} ${path}: ${command.absent}`);
  const flags = flagsOf(program, path);
  let parsed: { words: string[]; dash: number };
  try {
    parsed = parseFlags(flags, rest, !command?.flagsFirst);
    await proc.complain(flags.warnings());
  } catch (error) {
    if (error instanceof HelpRequested) return showHelp(proc, program, path, rest);
    if (error instanceof FlagError && path === '' && program === 'kubectl' && alone(flags, rest))
      throw new CliError(`Error: flags cannot be placed before plugin name: ${rest[0]}`, { raw: true });
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
  } catch (error) {
    const help = error instanceof CliError && error.options.help ? helpOf(program, path) : undefined;
    if (help) await proc.print(renderHelp(program, path, help));
    throw error;
  } finally {
    cli.close();
  }
}

/** Whether words stand among the flags that are no values of theirs. */
const alone = (flags: Flags, rest: string[]): boolean =>
  rest.some((word, i) => !word.startsWith('-') && !takesNext(flags, rest[i - 1] ?? '='));

async function showHelp(proc: Process, program: Name, path: string, rest: string[]): Promise<number> {
  const unknown = rest.find((word) => !word.startsWith('-'));
  if (path === '' && unknown && proc.argv[1] !== 'help') return withoutCommand(proc, program, path, [unknown]);
  const help = helpOf(program, path);
  const text = help ? renderHelp(program, path, help) : '';
  if (path === '' && unknown) await proc.complain(`Unknown help topic [\`${unknown}\`]\n${text}`);
  else await proc.print(text);
  return 0;
}

/** Groups that print their help to standard error when no command of theirs is named (cmdutil.DefaultSubCommandRun). */
const HELP_AS_ERROR = new Set(['auth', 'config', 'create secret', 'create service', 'plugin', 'set', 'top']);
/** Groups that fail without a command; others just show their help. */
const FAILS_ALONE = new Set([...HELP_AS_ERROR, 'rollout']);

/** A program or a group without a command of its own. */
async function withoutCommand(proc: Process, program: Name, path: string, words: string[]): Promise<number> {
  const [word] = words;
  const isGroup = (helpOf(program, path)?.groups ?? []).length > 0;
  if (path !== '' && !isGroup) throw new CliError(`not supported: ${program} ${path}`);
  if (word === undefined) {
    const help = helpOf(program, path);
    const text = help ? renderHelp(program, path, help) : '';
    await (HELP_AS_ERROR.has(path) ? proc.complain(text) : proc.print(text));
    return path === '' || !FAILS_ALONE.has(path) ? 0 : 1;
  }
  const below = (helpOf(program, path)?.groups ?? []).flatMap(([, names]) => names);
  if (path !== '' && below.includes(word)) throw new CliError(`not supported: ${program} ${path} ${word}`);
  if (path !== '' && !FAILS_ALONE.has(path)) return withoutCommand(proc, program, path, []);
  if (path !== '')
    throw new CliError(
      `unknown command ${JSON.stringify(words.join(' '))}\nSee '${program} ${path} -h' for help and examples`,
    );
  const known = (helpOf(program, '')?.groups ?? []).flatMap(([, names]) => names);
  if (known.includes(word)) throw new CliError(`not supported: ${program} ${word}`);
  if (word === 'alpha' && program === 'kubectl') {
    await proc.complain('No alpha commands are available in this version of kubectl\n');
    return 0;
  }
  const [first = ''] = proc.argv.slice(1);
  if (first.startsWith('-') && program === 'kubectl')
    throw new CliError(`Error: flags cannot be placed before plugin name: ${first}`, { raw: true });
  const near = suggestions(word, known);
  const hint = near.length > 0 ? `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}` : '';
  throw new CliError(`unknown command ${JSON.stringify(word)} for ${JSON.stringify(program)}${hint}`);
}
