// jq: reads JSON as it comes and prints what a program makes of it. jq 1.6, src/main.c.
import { Errno } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { version } from '../about';
import { chunks } from '../tool';
import { Halt } from './builtins';
import { check, Evaluator, Exhausted } from './evaluate';
import { eventsOf } from './events';
import { type Json, JsonError, JsonReader, parseAll, type Style, toText } from './json';
import { JqError } from './paths';
import { CompileError, type Node, parseProgram, UnfinishedError } from './syntax';

const USAGE = `Usage:\tjq [options] <jq filter> [file...]
\tjq [options] --args <jq filter> [strings...]
\tjq [options] --jsonargs <jq filter> [JSON_TEXTS...]
`;
const HINT = `Use jq --help for help with command-line options,
or see the jq manpage, or online docs  at https://stedolan.github.io/jq
`;
const ABOUT = `jq - commandline JSON processor [version 1.6]\n\n${USAGE}\njq reads JSON texts, applies the filter to each, and prints what that gives as JSON.\n\nSome of the options include:
  -c               compact instead of pretty-printed output;
  -n               use \`null\` as the single input value;
  -e               set the exit status code based on the output;
  -s               read (slurp) all inputs into an array; apply filter to it;
  -r               output raw strings, not JSON texts;
  -R               read raw strings, not JSON texts;
  -C               colorize JSON;
  -M               monochrome (don't colorize JSON);
  -S               sort keys of objects on output;
  --tab            use tabs for indentation;
  --arg a v        set variable $a to value <v>;
  --argjson a v    set variable $a to JSON value <v>;
  --slurpfile a f  set variable $a to an array of JSON texts read from <f>;
  --rawfile a f    set variable $a to a string consisting of the contents of <f>;
  --args           remaining arguments are string arguments, not files;
  --jsonargs       remaining arguments are JSON arguments, not files;
  --               terminates argument processing;
`;

const STATUS = { usage: 2, compile: 3, noOutput: 4, error: 5 };
const MOST_INDENT = 7;

/** Options without values, by their long names; what one letter stands for. */
const SWITCHES: Record<string, string> = {
  c: 'compact-output',
  n: 'null-input',
  e: 'exit-status',
  s: 'slurp',
  r: 'raw-output',
  j: 'join-output',
  R: 'raw-input',
  C: 'color-output',
  M: 'monochrome-output',
  S: 'sort-keys',
  a: 'ascii-output',
  h: 'help',
  V: 'version',
};
const LONG = new Set([...Object.values(SWITCHES), 'tab', 'seq', 'stream', 'unbuffered']);

class UsageError extends Error {}

interface Options {
  on: Set<string>;
  indent: number | undefined;
  named: Map<string, Json>;
  positional: Json[];
  filter: string | undefined;
  fromFile: string | undefined;
  files: string[];
}

function readOptions(proc: Process): Options {
  const words = proc.argv.slice(1);
  const options: Options = {
    on: new Set(),
    indent: undefined,
    named: new Map(),
    positional: [],
    filter: undefined,
    fromFile: undefined,
    files: [],
  };
  let rest: 'files' | 'strings' | 'json' = 'files';
  let isOver = false;
  let isFile = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const take = (): string => words[++i] ?? '';
    const operand = (): void => {
      if (options.filter === undefined && !isFile) options.filter = word;
      else if (isFile && options.fromFile === undefined) options.fromFile = word;
      else if (rest === 'files') options.files.push(word);
      else options.positional.push(rest === 'strings' ? word : jsonOf(word, 'Invalid JSON text passed to --jsonargs'));
    };
    if (isOver || !word.startsWith('-') || word === '-') operand();
    else if (word === '--') isOver = true;
    else if (word.startsWith('--')) {
      const name = word.slice(2);
      if (LONG.has(name)) options.on.add(name);
      else if (name === 'args') rest = 'strings';
      else if (name === 'jsonargs') rest = 'json';
      else if (name === 'from-file') isFile = true;
      else if (name === 'indent') options.indent = indentOf(words.length > i + 1 ? take() : undefined);
      else if (/^(arg|argjson|slurpfile|rawfile)$/.test(name)) {
        if (i + 2 >= words.length)
          throw new UsageError(
            `jq: --${name} takes two parameters (e.g. --${name} varname ${name === 'argjson' ? 'text' : name === 'arg' ? 'value' : 'filename'})\n${HINT}`,
          );
        const key = take();
        options.named.set(key, namedValue(proc, name, key, take()));
      } else throw new UsageError(`jq: Unknown option ${word}\n${HINT}`);
    } else
      for (const letter of word.slice(1)) {
        if (letter === 'f') isFile = true;
        else if (SWITCHES[letter]) options.on.add(SWITCHES[letter]);
        else throw new UsageError(`jq: Unknown option ${word}\n${HINT}`);
      }
  }
  if (isFile && options.fromFile === undefined && options.filter !== undefined) {
    options.fromFile = options.filter;
    options.filter = undefined;
  }
  return options;
}

function indentOf(text: string | undefined): number {
  if (text === undefined) throw new UsageError(`jq: --indent takes one parameter\n${HINT}`);
  const indent = Number.parseInt(text, 10) || 0;
  if (indent < -1) throw new UsageError('jq: Cannot indent less than -1\n');
  if (indent > MOST_INDENT) throw new UsageError(`jq: Cannot indent more than ${MOST_INDENT} characters\n`);
  return indent;
}

function jsonOf(text: string, complaint: string): Json {
  try {
    const values = parseAll(text);
    if (values.length === 1) return values[0] as Json;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
  }
  throw new UsageError(`jq: ${complaint}\n${HINT}`);
}

function namedValue(proc: Process, kind: string, name: string, text: string): Json {
  if (kind === 'arg') return text;
  if (kind === 'argjson') return jsonOf(text, `Invalid JSON text passed to --argjson`);
  try {
    const content = proc.files.readText(text);
    return kind === 'rawfile' ? content : parseAll(content);
  } catch (error) {
    const why = error instanceof Errno ? `Could not open ${text}: ${error.message}` : (error as Error).message;
    throw new UsageError(`jq: Bad JSON in --${kind} ${name} ${text}: ${why}\n`);
  }
}

/** The inputs one after another, as their text comes. */
class Inputs {
  name: string | null = null;
  /** Lines that were read of the present file. */
  lines = 0;
  failed = false;
  private readonly reader = new JsonReader();
  private readonly source: AsyncGenerator<Json>;

  constructor(
    private readonly proc: Process,
    files: readonly string[],
    on: ReadonlySet<string>,
  ) {
    const texts = this.texts(files);
    const values = on.has('raw-input') ? this.rows(texts, on.has('slurp')) : this.values(texts);
    this.source =
      on.has('slurp') && !on.has('raw-input') ? slurped(values) : on.has('stream') ? streamed(values) : values;
  }

  async next(): Promise<Json | undefined> {
    const { value, done } = await this.source.next();
    return done ? undefined : value;
  }

  private async *texts(files: readonly string[]): AsyncGenerator<string> {
    for (const file of files.length > 0 ? files : ['-']) {
      const decoder = new TextDecoder();
      if (files.length > 0) this.name = file;
      this.lines = 0;
      try {
        for await (const bytes of chunks(this.proc, file)) yield decoder.decode(bytes, { stream: true });
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        this.failed = true;
        await this.proc.complain(
          error.code === 'EISDIR'
            ? `jq: error: Could not open file ${file}: It's a directory\n`
            : `jq: error: Could not open file ${file}: ${error.message}\n`,
        );
      }
    }
  }

  private async *values(texts: AsyncIterable<string>): AsyncGenerator<Json> {
    for await (const text of texts)
      for (const line of text.split(/(?<=\n)/)) {
        if (line.endsWith('\n')) this.lines++;
        yield* this.reader.feed(line);
      }
    yield* this.reader.end();
  }

  private async *rows(texts: AsyncIterable<string>, isWhole: boolean): AsyncGenerator<Json> {
    let rest = '';
    for await (const text of texts) {
      rest += text;
      if (isWhole) continue;
      const rows = rest.split('\n');
      rest = rows.pop() as string;
      for (const row of rows) {
        this.lines++;
        yield row;
      }
    }
    if (isWhole || rest !== '') yield rest;
  }
}

async function* slurped(values: AsyncIterable<Json>): AsyncGenerator<Json> {
  const all: Json[] = [];
  for await (const value of values) all.push(value);
  yield all;
}

/** The events of --stream: paths with leaves, and where arrays and objects end. */
async function* streamed(values: AsyncIterable<Json>): AsyncGenerator<Json> {
  for await (const value of values) yield* eventsOf(value);
}

function compileText(program: string, message: string, at: number): string {
  const start = program.lastIndexOf('\n', at - 1) + 1;
  const end = program.indexOf('\n', start);
  const line = program.slice(start, end < 0 ? undefined : end);
  const number = program.slice(0, start).split('\n').length;
  return `jq: error: ${message} at <top-level>, line ${number}:\n${line}${' '.repeat(Math.max(0, at - start))}\n`;
}

interface Compiled {
  tree: Node;
  /** Whether it asks for further inputs itself. */
  asks: boolean;
}

/** The program, or the words for what is wrong with it. */
function compile(program: string, names: ReadonlySet<string>): Compiled | string {
  try {
    const tree = parseProgram(program);
    const called = check(tree, names);
    return { tree, asks: called.has('input/0') || called.has('inputs/0') };
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    const more = error instanceof UnfinishedError ? [compileText(program, error.second, error.secondAt)] : [];
    const texts = [compileText(program, error.message, error.at), ...more];
    return `${texts.join('')}jq: ${texts.length} compile error${texts.length > 1 ? 's' : ''}\n`;
  }
}

export const jq: Program = async (proc) => {
  let options: Options;
  try {
    options = readOptions(proc);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await proc.complain(error.message);
    return STATUS.usage;
  }
  const { on } = options;
  if (on.has('help')) return proc.print(ABOUT).then(() => 0);
  if (on.has('version')) return version(proc);
  let { filter } = options;
  if (options.fromFile !== undefined) {
    try {
      filter = proc.files.readText(options.fromFile);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await proc.complain(`jq: Could not open ${options.fromFile}: ${error.message}\n`);
      return STATUS.usage;
    }
  }
  if (filter === undefined) {
    if (proc.stdin.terminal || proc.stdout.terminal) {
      await proc.complain(`${ABOUT.split('\nSome of')[0]}\nFor a listing of options, use jq --help.\n`);
      return STATUS.usage;
    }
    filter = '.';
  }
  const args = new Map<string, Json>([['positional', options.positional]]).set('named', new Map(options.named));
  const variables = new Map<string, Json>([
    ['ENV', new Map(Object.entries(proc.env))],
    ['__prog_args', null],
    ['ARGS', args],
    ...options.named,
  ]);
  const compiled = compile(filter, new Set(variables.keys()));
  if (typeof compiled === 'string') {
    await proc.complain(compiled);
    return STATUS.compile;
  }
  return new Run(proc, options, compiled, variables).all();
};

class Run {
  private readonly inputs: Inputs;
  private readonly style: Style;
  private readonly evaluator: Evaluator;
  private readonly waiting: Json[] = [];
  private readonly said: string[] = [];
  private status = STATUS.noOutput;

  constructor(
    private readonly proc: Process,
    private readonly options: Options,
    private readonly program: Compiled,
    variables: ReadonlyMap<string, Json>,
  ) {
    const { on, indent } = options;
    this.inputs = new Inputs(proc, options.files, on);
    const spaces = indent === undefined ? 2 : indent;
    const isColored = on.has('color-output') || (Boolean(proc.stdout.terminal) && !on.has('monochrome-output'));
    this.style = {
      indent: on.has('compact-output') || spaces <= 0 ? undefined : on.has('tab') ? '\t' : ' '.repeat(spaces),
      sorted: on.has('sort-keys'),
      ascii: on.has('ascii-output'),
      colors: isColored && !on.has('monochrome-output'),
    };
    this.evaluator = new Evaluator({
      variables,
      now: () => proc.machine.clock.now(),
      input: () => this.waiting.shift(),
      inputName: () => this.inputs.name,
      inputLine: () => this.inputs.lines,
      say: (text) => void this.said.push(text),
    });
  }

  async all(): Promise<number> {
    const { on } = this.options;
    try {
      if (this.program.asks) await this.readAhead();
      let failed = false;
      if (on.has('null-input')) failed = await this.one(null);
      else
        for (let input = await this.next(); input !== undefined; input = await this.next())
          failed = (await this.one(input)) || failed;
      if (failed) return STATUS.error;
    } catch (error) {
      if (error instanceof Halt) return this.halted(error);
      if (error instanceof Exhausted) return this.killed();
      if (!(error instanceof JsonError)) throw error;
      await this.proc.complain(`parse error: ${error.message}\n`);
      return STATUS.usage;
    }
    if (this.inputs.failed) return STATUS.usage;
    return on.has('exit-status') ? this.status : 0;
  }

  /** A program that would go on for ever ends as one that the kernel stops. */
  private async killed(): Promise<never> {
    this.proc.signal('SIGKILL');
    throw await this.proc.enter();
  }

  /** Programs that ask for inputs themselves get all of them beforehand. */
  private async readAhead(): Promise<void> {
    for (let input = await this.inputs.next(); input !== undefined; input = await this.inputs.next())
      this.waiting.push(input);
  }

  private async next(): Promise<Json | undefined> {
    await this.proc.tick();
    return this.program.asks ? this.waiting.shift() : this.inputs.next();
  }

  /** Prints what the program makes of one input; true after an error. */
  private async one(input: Json): Promise<boolean> {
    try {
      for (const value of this.evaluator.values(this.program.tree, undefined, input)) {
        await this.tell();
        this.status = value === null || value === false ? 1 : 0;
        await this.proc.print(this.textOf(value));
      }
      await this.tell();
      return false;
    } catch (error) {
      await this.tell();
      if (error instanceof JqError) await this.proc.complain(this.complaint(error.value));
      else if (error instanceof Error && error.message === 'break')
        await this.proc.complain(`jq: error (at ${this.place}): break\n`);
      else if (error instanceof RangeError) throw new Exhausted();
      else throw error;
      return true;
    }
  }

  private textOf(value: Json): string {
    const { on } = this.options;
    const isRaw = on.has('raw-output') || on.has('join-output');
    const text = isRaw && typeof value === 'string' ? value : toText(value, this.style);
    return `${on.has('seq') ? '\u001e' : ''}${text}${on.has('join-output') ? '' : '\n'}`;
  }

  private get place(): string {
    if (this.options.on.has('null-input')) return '<unknown>';
    return `${this.inputs.name ?? '<stdin>'}:${this.inputs.lines}`;
  }

  private complaint(value: Json): string {
    return typeof value === 'string'
      ? `jq: error (at ${this.place}): ${value}\n`
      : `jq: error (at ${this.place}) (not a string): ${toText(value)}\n`;
  }

  private async halted({ status, output }: Halt): Promise<number> {
    await this.tell();
    if (output !== undefined && output !== null)
      await this.proc.complain(typeof output === 'string' ? output : `${toText(output)}\n`);
    return status;
  }

  private async tell(): Promise<void> {
    for (const text of this.said.splice(0)) await this.proc.complain(text);
  }
}
