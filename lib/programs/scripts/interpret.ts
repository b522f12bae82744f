// The one-liners that people type into a container to see that it works: prints of texts, sums, variables of the environment and
// the host's name, pauses, an exit. A statement that is none of these is named as not supported; nothing is run half.
import type { Process } from '../../machine/process';

export type Value = string | number;

/** How a language says these things. */
export interface Dialect {
  /** As the message names it: `python3`. */
  name: string;
  /** The argument list of a print, or undefined. The second is what follows the text: a newline, mostly. */
  print(statement: string): { list: string; end: string } | undefined;
  /** The argument of a pause in seconds. */
  pause(statement: string): string | undefined;
  /** The argument of an exit; empty is 0. */
  exit(statement: string): string | undefined;
  /** Statements without an effect that is seen: imports, comments. */
  isSilent(statement: string): boolean;
  /** A name or call that has a value: `os.environ["HOME"]`. */
  known(proc: Process, expression: string): Value | undefined;
  /** Between the parts of one print. */
  separator: string;
}

type Step = { say: string } | { waitMs: number } | { code: number };

/** Runs a source; gives the exit status. */
export async function interpret(proc: Process, source: string, dialect: Dialect): Promise<number> {
  const steps: Step[] = [];
  for (const statement of statements(source)) {
    if (dialect.isSilent(statement)) continue;
    const step = stepOf(proc, statement, dialect);
    if (!step) {
      await proc.complain(
        `${dialect.name}: not supported: ${statement} (here it prints texts, sums and variables, waits and exits)\n`,
      );
      return 1;
    }
    steps.push(step);
  }
  for (const step of steps) {
    if ('code' in step) return step.code;
    if ('say' in step) await proc.print(step.say);
    else await proc.sleep(step.waitMs);
  }
  return 0;
}

function stepOf(proc: Process, statement: string, dialect: Dialect): Step | undefined {
  const printed = dialect.print(statement);
  if (printed) {
    const values = split(printed.list, ',').map((part) => evaluate(proc, part, dialect));
    if (values.includes(undefined)) return undefined;
    return { say: values.join(dialect.separator) + printed.end };
  }
  const pause = dialect.pause(statement);
  if (pause !== undefined) {
    const seconds = evaluate(proc, pause, dialect);
    return typeof seconds === 'number' ? { waitMs: seconds * 1000 } : undefined;
  }
  const exit = dialect.exit(statement);
  if (exit === undefined) return undefined;
  const code = exit.trim() === '' ? 0 : evaluate(proc, exit, dialect);
  return typeof code === 'number' ? { code } : undefined;
}

/** Statements between newlines and semicolons, outside of quotes and brackets. */
const statements = (source: string): string[] =>
  split(source, ';\n')
    .map((text) => text.trim())
    .filter(Boolean);

/** Splits at any of the marks, outside of quotes and brackets. */
function split(text: string, marks: string): string[] {
  const parts: string[] = [];
  let [part, quote, depth] = ['', '', 0];
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (quote) {
      if (c === '\\') part += text[i++];
      else if (c === quote) quote = '';
      part += text[i];
      continue;
    }
    if (/["'`]/.test(c)) quote = c;
    if ('([{'.includes(c)) depth++;
    if (')]}'.includes(c)) depth--;
    if (depth === 0 && marks.includes(c)) {
      parts.push(part);
      part = '';
    } else part += c;
  }
  return [...parts, part];
}

/** A text, a number, a known name, or a sum or product of such; undefined when it is none. */
function evaluate(proc: Process, expression: string, dialect: Dialect): Value | undefined {
  const text = expression.trim();
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')$/s.exec(text);
  if (quoted) return plainText(quoted[1] ?? quoted[2] ?? '');
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const known = dialect.known(proc, text);
  if (known !== undefined) return known;
  for (const operator of ['+', '*'] as const) {
    const parts = split(text, operator);
    if (parts.length < 2) continue;
    const values = parts.map((part) => evaluate(proc, part, dialect));
    if (values.includes(undefined)) return undefined;
    const isNumeric = values.every((value) => typeof value === 'number');
    if (operator === '*')
      return isNumeric ? values.reduce<number>((product, value) => product * Number(value), 1) : undefined;
    return isNumeric ? values.reduce<number>((sum, value) => sum + Number(value), 0) : values.join('');
  }
  return undefined;
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0' };
const plainText = (text: string): string => text.replace(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? c);

/** The source that a command line gives: after a flag, in a file, or on standard input. */
export type Source = { text: string } | { missing: string };

export async function sourceOf(proc: Process, flag: string | undefined, file: string | undefined): Promise<Source> {
  if (flag !== undefined) return { text: flag };
  if (file === undefined || file === '-') return { text: new TextDecoder().decode(await proc.readAll()) };
  return proc.files.find(file)?.type === 'file' ? { text: proc.files.readText(file) } : { missing: file };
}
