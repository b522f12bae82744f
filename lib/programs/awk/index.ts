// awk, as gawk 5.1 answers on RHEL.
import { Errno } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { version } from '../about';
import { PatternError } from '../regex';
import { AwkSyntaxError, MISPLACED, unescaped } from './lexer';
import { Parser } from './parser';
import { Awk } from './run';
import type { AwkProgram } from './tree';
import { AwkError } from './values';

const USAGE = `Usage: awk [POSIX or GNU style options] -f progfile [--] file ...
Usage: awk [POSIX or GNU style options] [--] 'program' file ...
POSIX options:\t\tGNU long options: (standard)
\t-f progfile\t\t--file=progfile
\t-F fs\t\t\t--field-separator=fs
\t-v var=val\t\t--assign=var=val
`;
const FATAL = 2;

interface Options {
  assignments: [string, string][];
  separator: string | undefined;
  programs: string[];
  rest: string[];
}

class UsageError extends Error {}

function readOptions(words: readonly string[]): Options {
  const options: Options = { assignments: [], separator: undefined, programs: [], rest: [] };
  const set = (letter: string, value: string): void => {
    if (letter === 'F') options.separator = value;
    else if (letter === 'f') options.programs.push(value);
    else {
      const [, name, text] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(value) ?? [];
      if (name === undefined)
        throw new UsageError(`awk: fatal: \`${value}' argument to \`-v' not in \`var=value' form\n\n`);
      options.assignments.push([name, text ?? '']);
    }
  };
  const LONG: Record<string, string> = { 'field-separator': 'F', file: 'f', assign: 'v' };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') return { ...options, rest: words.slice(i + 1) };
    if (!word.startsWith('-') || word === '-') return { ...options, rest: words.slice(i) };
    const long = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(word);
    if (long) {
      const letter = LONG[long[1] as string];
      if (letter) set(letter, long[2] ?? words[++i] ?? '');
      else if (!/^(posix|traditional|re-interval|gen-pot|sandbox|lint|non-decimal-data)$/.test(long[1] as string))
        throw new UsageError(`awk: unrecognized option '${word}'\n${USAGE}`);
      continue;
    }
    const letter = word[1] as string;
    if ('Ffv'.includes(letter)) {
      const value = word.length > 2 ? word.slice(2) : words[++i];
      if (value === undefined) throw new UsageError(`awk: option requires an argument -- '${letter}'\n${USAGE}`);
      set(letter, value);
    } else throw new UsageError(`awk: invalid option -- '${letter}'\n${USAGE}`);
  }
  return options;
}

/** What gawk shows of a program that it cannot read: the line, and a mark below the place. */
function syntaxText(program: string, { message, at }: AwkSyntaxError): string {
  if (at < 0) return `awk: cmd. line:1: ${at === MISPLACED ? 'error' : 'fatal'}: ${message}\n`;
  const start = program.lastIndexOf('\n', at - 1) + 1;
  const end = program.indexOf('\n', start);
  const where = `awk: cmd. line:${program.slice(0, start).split('\n').length}: `;
  return `${where}${program.slice(start, end < 0 ? undefined : end)}\n${where}${' '.repeat(at - start)}^ ${message}\n`;
}

/** What is said by the name that awk was called by. */
const complain = (proc: Process, text: string): Promise<void> =>
  proc.complain(text.replace(/^awk: /gm, `${proc.name}: `));

export const awk: Program = async (proc) => {
  if (/^(--version|-V)$/.test(proc.argv[1] ?? '')) return version(proc);
  let options: Options;
  try {
    options = readOptions(proc.argv.slice(1));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await complain(proc, error.message);
    return FATAL;
  }
  const { rest } = options;
  if (options.programs.length === 0 && rest.length === 0) {
    await complain(proc, USAGE);
    return 1;
  }
  return start(proc, options, rest);
};

async function start(
  proc: Process,
  { assignments, separator, programs }: Options,
  rest: readonly string[],
): Promise<number> {
  let text: string;
  try {
    text = programs.length > 0 ? programs.map((path) => proc.files.readText(path)).join('\n') : (rest[0] as string);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await complain(proc, `awk: fatal: cannot open source file \`${error.subject}' for reading: ${error.message}\n`);
    return FATAL;
  }
  let program: AwkProgram;
  try {
    program = new Parser(text).program();
  } catch (error) {
    if (!(error instanceof AwkSyntaxError)) throw error;
    await complain(proc, syntaxText(text, error));
    return 1;
  }
  const run = new Awk(proc, program, programs.length > 0 ? rest : rest.slice(1));
  if (separator !== undefined) run.assignVariable('FS', separator === 't' ? '\t' : unescaped(separator));
  for (const [name, value] of assignments) run.assignVariable(name, unescaped(value));
  try {
    return await run.all();
  } catch (error) {
    const known =
      error instanceof AwkError ||
      error instanceof PatternError ||
      error instanceof Errno ||
      error instanceof RangeError;
    if (!known) throw error;
    await run.flush();
    await complain(proc, `awk: ${isFile(error) ? '' : `cmd. line:1: ${run.place}`}fatal: ${fatalText(error)}\n`);
    return FATAL;
  }
}

const isFile = (error: unknown): boolean => error instanceof AwkError && error.message.startsWith('cannot open file');

function fatalText(error: unknown): string {
  if (error instanceof Errno) return `cannot redirect to \`${error.subject ?? ''}': ${error.message}`;
  if (error instanceof RangeError) return 'function call nesting too deep';
  if (error instanceof PatternError) return `invalid regexp: ${error.message}`;
  return (error as Error).message;
}
