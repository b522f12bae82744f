// The state of one shell (or subshell) and the few things that everything else of the shell needs.

import type { OpenFile } from '../machine/descriptor';
import { Errno } from '../machine/errno';
import type { Process } from '../machine/process';
import { SIGNAL_NUMBERS, type Signal } from '../machine/signals';
import type { Builtin } from './builtins/builtin';
import { Discard, ExitShell, Interrupted, ShellError } from './control';
import type { History } from './editor/history';
import { type Job, Jobs } from './jobs';
import type { Coprocess } from './run/coprocess';
import type { Assignment, CommandNode, FunctionDef, StatementNode, WordNode } from './syntax/ast';
import { Variables } from './variables';

/** Which shell it plays: message formats and a few rules differ. */
export type Dialect = 'bash' | 'dash' | 'ash';

/** Runs parts of a tree; handed in, so that expansions can run command substitutions. */
export interface Executor {
  statements(shell: Shell, list: StatementNode[]): Promise<number>;
  /** With `last`, the shell's process may become the program. */
  command(shell: Shell, node: CommandNode, last?: boolean): Promise<number>;
  /** Parses and runs a text in this shell, as `eval` does. */
  text(shell: Shell, text: string, firstLine?: number): Promise<number>;
  /** A word as one text. */
  word(shell: Shell, word: WordNode): Promise<string>;
  /** Runs a command by its words; without functions, as `command` does. */
  words(shell: Shell, words: string[], functions: boolean): Promise<number>;
  builtin(shell: Shell, name: string): Builtin | undefined;
  /** All of them, in bash' order. */
  builtinNames(): string[];
  /** One of POSIX' special ones. */
  isSpecial(name: string): boolean;
  arrayEntries(
    shell: Shell,
    name: string,
    words: WordNode[],
  ): Promise<{ key?: string | number; value: string; append?: boolean }[]>;
  /** Throws ArithmeticError. */
  arithmetic(shell: Shell, text: string): bigint;
  /** The key that a subscript stands for. */
  key(shell: Shell, array: string, subscript: string): Promise<string>;
  unaryTest(shell: Shell, operator: string, operand: string): Promise<boolean>;
  compareFiles(shell: Shell, left: string, operator: string, right: string): boolean;
  foreground(shell: Shell, job: Job): Promise<void>;
}

export interface SubshellOptions {
  stdin?: OpenFile;
  stdout?: OpenFile;
  stderr?: OpenFile;
  /** 0 for a new process group, a number to join one; default the shell's own. */
  pgid?: number | undefined;
}

const FORK_RETRY_MS = 15_000; // bash tries again after 1, 2, 4 and 8 seconds
const MAX_FUNCTION_DEPTH = 900; // the interpreter's own stack ends at some 1500

export class Shell {
  vars = new Variables();
  functions = new Map<string, FunctionDef>();
  /** What `hash` remembers. */
  hashed = new Map<string, { path: string; hits: number }>();
  /** What `complete` was told, by command, as it prints it. */
  completions = new Map<string, string>();
  /** `readonly -f`. */
  readonlyFunctions = new Set<string>();
  coprocess: Coprocess | undefined;
  /** `export -f`. */
  exportedFunctions = new Set<string>();
  aliases = new Map<string, string>();
  /** `set -o` options that are on. */
  options = new Set<string>(['braceexpand', 'hashall']);
  shopts = new Set<string>();
  positional: string[] = [];
  /** $0 */
  name = 'bash';
  dialect: Dialect = 'bash';
  interactive = false;
  status = 0;
  lastBackground: number | undefined;
  lastArgument = '';
  line = 0;
  traps = new Map<string, string>();
  readonly jobs: Jobs;
  directories: string[] = [];
  loopDepth = 0;
  subshellDepth = 0;
  /** Running functions and files read by `source`, innermost first, with what called them where. */
  calls: { name: string; line: number; source: string; isFile: boolean }[] = [];
  /** The file that defined a function, by its name; none for the script itself. */
  functionSources = new Map<string, string>();
  sourceDepth = 0;
  /** How deep in command substitutions, `eval` and `source` it is, for `set -x`. */
  traceLevel = 0;
  evalDepth = 0;
  /** Above 0 while in a condition, where errexit and the ERR trap are off. */
  conditionDepth = 0;
  source = '';
  history: History | undefined;
  /** `c` or `s` in `$-`: where commands come from. */
  readsFrom = '';
  /** Closes what expansions of the present command opened. */
  cleanups: (() => void)[] = [];
  /** Set by a signal at an interactive shell; looked at between commands. */
  interrupted = false;
  pending: Signal[] = [];
  /** Aborted by Ctrl-C and trapped signals: for builtins that wait. */
  wakeup = new AbortController();
  waiting = false;
  /** SIGINT came while a foreground command ran: how that ends decides. */
  heardInterrupt = false;
  /** A signal that ends this shell once its EXIT trap has run. */
  fatal: Signal | undefined;
  /** The source of the statement that runs, for `jobs`. */
  commandText = '';
  /** While a trap runs: what ran when it was called. */
  trapped: { text: string; line: number | undefined } | undefined;
  /** Array assignments among the arguments of the `declare` that runs. */
  arrays = new Map<string, Assignment>();
  lastCommandPath = '/usr/bin/bash';
  loginShell = false;
  warnedOfJobs = false;
  /** Builtins that `enable -n` took away. */
  disabled = new Set<string>();
  /** Where getopts stands in a bundle like `-abc`. */
  optionOffset = 0;
  startedAt: number;
  mainPid: number;

  constructor(
    readonly proc: Process,
    readonly executor: Executor,
  ) {
    this.startedAt = proc.machine.clock.now();
    this.mainPid = proc.pid;
    this.jobs = new Jobs();
  }

  get posixLike(): boolean {
    return this.dialect !== 'bash';
  }

  option(name: string): boolean {
    return this.options.has(name);
  }

  /** What functions are said to come from that no file defines. */
  get sourceless(): string {
    return { c: 'environment', s: 'main' }[this.readsFrom] ?? this.name;
  }

  get functionDepth(): number {
    return this.calls.filter(({ isFile }) => !isFile).length;
  }

  /** What FUNCNAME, BASH_LINENO and BASH_SOURCE show; a script has a frame `main`. */
  frames(): { names: string[]; lines: string[]; sources: string[] } {
    const isScript = this.readsFrom === '';
    const sources = [this.source, ...this.calls.map(({ source }) => source)].map((source) => source || this.sourceless);
    return {
      names: [...this.calls.map(({ name }) => name), ...(isScript ? ['main'] : [])],
      lines: [...this.calls.map(({ line }) => String(line)), ...(isScript ? ['0'] : [])],
      sources: isScript ? sources : sources.slice(0, -1),
    };
  }

  /** What stands before a message: `bash: `, `script.sh: line 3: `. */
  get prefix(): string {
    if (this.dialect === 'dash')
      return this.interactive ? `${this.name}: ${this.line || 1}: ` : `${this.name}: ${this.line || 1}: `;
    if (this.dialect === 'ash')
      return this.interactive || this.readsFrom !== '' ? `${this.name}: ` : `${this.name}: line ${this.line || 1}: `;
    if (this.interactive) return `${this.name}: `;
    const inFunction = this.functionDepth > 0 && this.source === '' ? this.sourceless : this.name;
    return `${this.source || inFunction}: line ${this.line}: `;
  }

  /** What stands before a builtin's message; Busybox' shell counts lines from nought where it reads no file. */
  builtinPrefix(builtin: string): string {
    if (this.dialect !== 'ash') return `${this.prefix}${builtin}: `;
    const where = this.interactive ? '' : `line ${this.readsFrom === '' ? this.line : this.line - 1}: `;
    return `${this.name}: ${builtin}: ${where}`;
  }

  /** Prints a message the way this shell does. */
  async complain(message: string): Promise<void> {
    await this.proc.complain(`${this.prefix}${message}\n`);
  }

  /** Ends the script or, at a prompt, the line. */
  fail(message: string, status = 1): never {
    throw new ShellError(message, status);
  }

  /** Ends the line, and a script goes on with the next; the other shells end the script. */
  discard(message: string, status = 1): never {
    throw this.posixLike ? new ShellError(message, status) : new Discard(message, status);
  }

  /** Called between commands: gives way, hears signals. */
  async tick(): Promise<void> {
    await this.proc.tick();
    if (this.fatal) throw new ExitShell(128 + SIGNAL_NUMBERS[this.fatal]);
    if (this.interrupted) {
      this.interrupted = false;
      throw new Interrupted();
    }
  }

  wordText(word: WordNode): Promise<string> {
    return this.executor.word(this, word);
  }

  /** Ends what a builtin waits for. */
  wake(status: number): void {
    this.wakeup.abort(new Interrupted(status));
    this.wakeup = new AbortController();
  }

  /** Set by bash.ts: the handlers of an interactive shell. */
  wireSignals: () => void = () => {};

  /** Ends this shell as the signal would by itself. */
  dieOf(signal: Signal): void {
    this.proc.on(signal, undefined);
    this.proc.signal(signal);
  }

  /** Runs a script file in this process. */
  async runFile(path: string, words: string[]): Promise<number> {
    this.name = words[0] ?? path;
    this.source = '';
    this.positional = words.slice(1);
    this.interactive = false;
    this.functions.clear();
    this.exportedFunctions.clear();
    return this.executor.text(this, this.proc.files.readText(path), 1);
  }

  enterFunction(name: string): void {
    const wished = Number(this.vars.get('FUNCNEST') ?? 0);
    const most = wished > 0 ? Math.min(wished, MAX_FUNCTION_DEPTH) : MAX_FUNCTION_DEPTH;
    if (this.functionDepth >= most) this.fail(`${name}: maximum function nesting level exceeded (${most})`);
  }

  /** A copy of this shell's state, to run in another process. */
  copyFor(proc: Process): Shell {
    const copy = new Shell(proc, this.executor);
    copy.vars = this.vars.copy();
    copy.functions = new Map(this.functions);
    copy.readonlyFunctions = new Set(this.readonlyFunctions);
    copy.exportedFunctions = new Set(this.exportedFunctions);
    copy.hashed = new Map(this.hashed);
    copy.completions = new Map(this.completions);
    copy.aliases = new Map(this.aliases);
    copy.options = new Set(this.options);
    copy.options.delete('monitor');
    copy.shopts = new Set(this.shopts);
    copy.positional = [...this.positional];
    copy.jobs.inherited = [...this.jobs.known];
    copy.directories = [...this.directories];
    copy.calls = [...this.calls];
    copy.functionSources = new Map(this.functionSources);
    copy.traps = new Map([...this.traps].filter(([, action]) => action === ''));
    for (const field of COPIED) (copy as unknown as Record<string, unknown>)[field] = this[field];
    copy.subshellDepth++;
    return copy;
  }

  /** The descriptors that a child gets: all but those of a coprocess. */
  inheritedFds(): Map<number, OpenFile> {
    const own = this.coprocess?.fds ?? [];
    return new Map([...this.proc.fds].filter(([fd]) => !own.includes(fd)).map(([fd, file]) => [fd, file.share()]));
  }

  /** Starts a process that goes on with a copy of this shell. */
  fork(body: (shell: Shell) => Promise<number>, options: SubshellOptions = {}): Process {
    const fds = this.inheritedFds();
    const replace = (fd: number, file: OpenFile | undefined) => {
      if (!file) return;
      fds.get(fd)?.release();
      fds.set(fd, file);
    };
    replace(0, options.stdin);
    replace(1, options.stdout);
    replace(2, options.stderr);
    const parent = this.proc;
    const frozen = this.copyFor(parent); // the state as it is now: the parent goes on before the child begins
    return parent.spawn(parent.argv, {
      fds,
      ...(options.pgid === undefined ? {} : { pgid: options.pgid }),
      program: async (proc) => {
        const shell = frozen.copyFor(proc);
        shell.subshellDepth--;
        shell.wire(shell);
        return shell.finish(() => body(shell));
      },
    });
  }

  /** Sets by bash.ts: connects variables that are made when read, and signals. */
  wire: (shell: Shell) => void = () => {};

  /** Runs to the end of the shell: `exit` ends here, and the EXIT trap runs. */
  async finish(body: () => Promise<number>): Promise<number> {
    this.status = await this.outcome(body);
    const trap = this.traps.get('EXIT');
    if (!trap) return this.status;
    this.traps.delete('EXIT');
    const { fatal } = this;
    this.fatal = undefined;
    const status = this.status;
    this.trapped = { text: this.commandText, line: undefined };
    const after = await this.outcome(async () => {
      await this.executor.text(this, trap);
      return status;
    });
    if (fatal) this.dieOf(fatal);
    return after;
  }

  private async outcome(body: () => Promise<number>): Promise<number> {
    try {
      return await body();
    } catch (error) {
      if (error instanceof ExitShell) return error.status;
      if (error instanceof Interrupted) return error.status;
      if (error instanceof Errno && error.code === 'EAGAIN') {
        await this.complain(`fork: retry: ${error.message}`);
        await this.proc.sleep(FORK_RETRY_MS);
        return 254;
      }
      if (error instanceof ShellError) {
        if (error.message) await this.complain(error.message);
        return error.status;
      }
      if (error instanceof Error && (error.message === 'break' || error.message === 'return')) return this.status;
      throw error;
    }
  }
}

const COPIED = [
  'name',
  'dialect',
  'interactive',
  'status',
  'lastBackground',
  'lastArgument',
  'line',
  'trapped',
  'loopDepth',
  'subshellDepth',
  'sourceDepth',
  'traceLevel',
  'evalDepth',
  'commandText',
  'conditionDepth',
  'source',
  'history',
  'startedAt',
  'mainPid',
  'readsFrom',
  'wire',
] as const;
