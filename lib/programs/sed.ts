// sed: the command line, and the cycle over the lines. The script is parsed in sed-script.ts.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { about } from './about';
import { getopt } from './getopt';
import { listed } from './sed-listing';
import { type Address, type Command, parseSed, SedError } from './sed-script';
import { chunks, fail, lines, textOf } from './tool';

const LONG = {
  'expression=': 'e',
  'file=': 'f',
  quiet: 'n',
  silent: 'n',
  'regexp-extended': 'E',
  separate: 's',
  unbuffered: 'u',
  'line-length=': 'l',
  'null-data': 'z',
  posix: 'posix',
};

export const sed: Program = async (proc) => {
  let suffix: string | undefined;
  const argv = proc.argv.flatMap((arg, i) => {
    if (i === 0) return [arg];
    const inPlace = /^--in-place(?:=(.*))?$/.exec(arg);
    const cluster = /^-([nErsuz]*)i(.*)$/.exec(arg); // what follows the letter is the suffix
    if (!inPlace && !cluster) return [arg];
    suffix = (inPlace ? inPlace[1] : cluster?.[2]) ?? '';
    return cluster?.[1] ? [`-${cluster[1]}`] : [];
  });
  const options = getopt(argv, 'e:Ef:l:nrsuz', LONG);
  const files = [...options.rest];
  const scripts = [...options.all('e')];
  for (const path of options.all('f'))
    try {
      scripts.push(path === '-' ? await textOf(proc, '-') : proc.files.readText(path).replace(/\n$/, ''));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return fail(proc, `couldn't open file ${path}: ${strerror(error)}`, 4);
    }
  if (options.about) return about(proc, options);
  if (scripts.length === 0 && options.error === undefined) {
    const first = files.shift();
    if (first !== undefined) scripts.push(first);
  }
  if (options.error !== undefined || scripts.length === 0) {
    await proc.complain(
      `${options.error ? `${options.error}\n` : ''}Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n`,
    );
    return 1;
  }
  try {
    const commands = parseSed(scripts.join('\n'), options.has('E') || options.has('r'));
    const isSilent = options.has('n') || /^#n(\n|$)/.test(scripts[0] ?? ''); // the first line may say it
    const mode = { silent: isSilent, end: options.has('z') ? '\0' : '\n', width: Number(options.get('l') ?? 70) };
    if (suffix !== undefined) return await editInPlace(proc, commands, mode, files, suffix);
    if (!options.has('s')) return await new Cycle(proc, commands, mode).run(files);
    let status = 0;
    for (const path of files.length > 0 ? files : ['-'])
      status = (await new Cycle(proc, commands, mode).run([path])) || status;
    return status;
  } catch (error) {
    if (error instanceof SedError) return fail(proc, error.message, error.status);
    throw error;
  }
};

interface Mode {
  /** `-n`: lines are printed only when they are asked for. */
  silent: boolean;
  /** What ends a line, of the input and of the output. */
  end: string;
  /** How wide `l` writes; 1 is without end. */
  width: number;
}

async function editInPlace(
  proc: Process,
  commands: Command[],
  mode: Mode,
  files: string[],
  suffix: string,
): Promise<number> {
  if (files.length === 0) return fail(proc, 'no input files', 4);
  let status = 0;
  for (const path of files) {
    const out: string[] = [];
    const cycle = new Cycle(proc, commands, mode, async (text) => void out.push(text));
    status = (await cycle.run([path])) || status;
    if (!proc.files.exists(path)) continue;
    if (suffix)
      proc.files.write(suffix.includes('*') ? suffix.replaceAll('*', path) : path + suffix, proc.files.readBytes(path));
    proc.files.write(path, out.join(''));
  }
  return status;
}

class Quit extends Error {
  constructor(
    readonly status: number,
    readonly print: boolean,
  ) {
    super('quit');
  }
}

class Cycle {
  private pattern = '';
  private hold = '';
  private number = 0;
  private replaced = false;
  private after: string[] = [];
  private readonly active = new Map<Command, number | true>();
  private source: AsyncGenerator<{ text: string; newline: boolean }> | undefined;
  private next: { text: string; newline: boolean } | undefined;
  private newline = true;
  private status = 0;
  private readonly written = new Map<string, string>();

  constructor(
    private readonly proc: Process,
    private readonly commands: Command[],
    private readonly mode: Mode,
    private readonly sink: (text: string) => Promise<void> = (text) => proc.print(text),
  ) {}

  /** The line written last had no newline at its end: it gets one if more is written. */
  private missing = false;

  private async write(text: string): Promise<void> {
    await this.sink(this.missing ? this.mode.end + text : text);
    this.missing = false;
  }

  /** A line, without its newline when the input had none. */
  private async writeLine(text: string): Promise<void> {
    await this.write(this.newline ? text + this.mode.end : text);
    this.missing = !this.newline;
  }

  async run(files: string[]): Promise<number> {
    this.source = this.input(files.length > 0 ? files : ['-']);
    this.next = (await this.source.next()).value;
    try {
      while (await this.advance()) {
        const end = await this.cycle(0);
        if (end === 'delete') await this.flushAfter();
        else await this.endCycle();
        if (end === 'restart') this.restart = true;
      }
    } catch (error) {
      if (!(error instanceof Quit)) throw error;
      if (error.print) await this.endCycle();
      else await this.flushAfter();
      this.status = error.status || this.status;
    }
    for (const [path, text] of this.written) this.proc.files.write(path, text);
    return this.status;
  }

  private restart = false;
  private file = '-';

  /** Lines one ahead, so that `$` is known; of a stream that has nothing more yet, the line is given when the next one comes. */
  private async *input(files: string[]): AsyncGenerator<{ text: string; newline: boolean }> {
    const { end } = this.mode;
    for (const path of files) {
      this.file = path;
      try {
        let ends = true;
        let finished = false;
        const watched = async function* (source: AsyncIterable<Uint8Array>) {
          for await (const chunk of source) {
            ends = chunk.at(-1) === end.charCodeAt(0);
            yield chunk;
          }
          finished = true;
        };
        let last: string | undefined;
        const needsLast = this.commands.some(usesLast);
        for await (const text of lines(watched(chunks(this.proc, path)), end.charCodeAt(0))) {
          if (!needsLast) {
            yield { text, newline: ends || !finished };
            continue;
          }
          if (last !== undefined) yield { text: last, newline: true };
          last = text;
        }
        if (last !== undefined) yield { text: last, newline: ends };
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        this.status = await fail(
          this.proc,
          error.code === 'EISDIR'
            ? `couldn't read ${path}: ${strerror(error)}`
            : `can't read ${path}: ${strerror(error)}`,
          2,
        );
      }
    }
  }

  /** Takes the next line into the pattern space. */
  private async advance(append = false): Promise<boolean> {
    if (this.restart) {
      this.restart = false;
      return true;
    }
    const line = this.next ?? (this.needsLookahead ? undefined : (await this.source?.next())?.value);
    if (!line) return false;
    this.next = this.needsLookahead ? (await this.source?.next())?.value : undefined;
    this.number++;
    this.newline = line.newline;
    this.pattern = append ? `${this.pattern}\n${line.text}` : line.text;
    if (!append) this.replaced = false;
    return true;
  }

  /** Only scripts that speak of the last line look one line ahead, so that others stream. */
  private get needsLookahead(): boolean {
    this.lookahead ??= this.commands.some(usesLast);
    return this.lookahead;
  }

  private lookahead: boolean | undefined;

  private get isLast(): boolean {
    return this.needsLookahead && this.next === undefined;
  }

  private async endCycle(): Promise<void> {
    if (!this.mode.silent) await this.writeLine(this.pattern);
    await this.flushAfter();
  }

  private async flushAfter(): Promise<void> {
    for (const text of this.after.splice(0)) await this.write(text);
  }

  private async cycle(start: number): Promise<'end' | 'delete' | 'restart'> {
    for (let i = start; i < this.commands.length; i++) {
      const command = this.commands[i] as Command;
      if (i % 64 === 0) await this.proc.tick();
      if (this.selects(command) === command.negated) {
        if (command.name === '{') i = command.jump ?? i;
        continue;
      }
      const to = await this.execute(command, i);
      if (to === 'delete' || to === 'restart') return to;
      if (to === undefined) continue;
      if (to <= i) await this.proc.tick();
      i = to - 1;
    }
    return 'end';
  }

  /** A command index to go to, or how the cycle ends. */
  private async execute(command: Command, _at: number): Promise<number | 'delete' | 'restart' | undefined> {
    switch (command.name) {
      case 's':
        return this.substitute(command);
      case 'y':
        this.pattern = [...this.pattern].map((c) => command.map?.get(c) ?? c).join('');
        return undefined;
      case 'd':
        return 'delete';
      case 'D':
        if (!this.pattern.includes('\n')) return 'delete';
        this.pattern = this.pattern.slice(this.pattern.indexOf('\n') + 1);
        this.restart = true;
        return 'delete';
      case 'p':
        await this.writeLine(this.pattern);
        return undefined;
      case 'P':
        await this.write(`${this.pattern.split('\n')[0]}${this.mode.end}`);
        return undefined;
      case 'n':
        if (!this.mode.silent) await this.writeLine(this.pattern);
        await this.flushAfter();
        if (!(await this.advance())) throw new Quit(0, false);
        return undefined;
      case 'N':
        if (!(await this.advance(true))) throw new Quit(0, true);
        return undefined;
      case 'h':
        this.hold = this.pattern;
        return undefined;
      case 'H':
        this.hold += `\n${this.pattern}`;
        return undefined;
      case 'g':
        this.pattern = this.hold;
        return undefined;
      case 'G':
        this.pattern += `\n${this.hold}`;
        return undefined;
      case 'x':
        [this.pattern, this.hold] = [this.hold, this.pattern];
        return undefined;
      case 'a':
        if (command.text !== undefined) this.after.push(`${command.text}\n`);
        return undefined;
      case 'i':
        if (command.text !== undefined) await this.write(`${command.text}\n`);
        return undefined;
      case 'c':
        if (command.negated || !command.to || !this.active.has(command)) await this.write(`${command.text ?? ''}\n`);
        return 'delete';
      case '=':
        await this.write(`${this.number}\n`);
        return undefined;
      case 'l':
        await this.write(listed(this.pattern, command.status ?? this.mode.width));
        return undefined;
      case 'F':
        await this.write(`${this.file}\n`);
        return undefined;
      case 'z':
        this.pattern = '';
        return undefined;
      case 'r':
        if (this.proc.files.exists(command.text ?? '')) this.after.push(this.proc.files.readText(command.text ?? ''));
        return undefined;
      case 'R': {
        const line = this.nextLineOf(command.text ?? '');
        if (line !== undefined) this.after.push(`${line}\n`);
        return undefined;
      }
      case 'w':
        return this.writeFile(command.text ?? '', `${this.pattern}\n`);
      case 'q':
        throw new Quit(command.status ?? 0, true);
      case 'Q':
        throw new Quit(command.status ?? 0, false);
      case 'b':
        return command.jump ?? this.commands.length;
      case 't':
      case 'T': {
        const jumps = this.replaced === (command.name === 't');
        this.replaced = false;
        return jumps ? (command.jump ?? this.commands.length) : undefined;
      }
      default:
        return undefined;
    }
  }

  private readonly reading = new Map<string, string[]>();

  /** For `R`: a line of the file more each time. */
  private nextLineOf(path: string): string | undefined {
    let left = this.reading.get(path);
    if (!left) {
      left = this.proc.files.exists(path) ? this.proc.files.readText(path).replace(/\n$/, '').split('\n') : [];
      this.reading.set(path, left);
    }
    return left.shift();
  }

  private async writeFile(path: string, text: string): Promise<undefined> {
    if (path === '/dev/stdout') await this.write(text);
    else if (path === '/dev/stderr') await this.proc.complain(text);
    else this.written.set(path, (this.written.get(path) ?? '') + text);
    return undefined;
  }

  private async substitute(command: Command): Promise<undefined> {
    const { pattern, replacement, nth = 1, global } = command;
    if (!pattern || !replacement) return undefined;
    let seen = 0;
    let changed = false;
    let end = -1;
    const result = this.pattern.replace(pattern, (...args) => {
      const [match, at] = [args[0] as string, args[groupCount(args)] as number];
      const isEmptyBehind = match === '' && at === end; // right behind another match an empty one does not count
      end = at + match.length;
      if (isEmptyBehind) return '';
      seen++;
      if (global ? seen < nth : seen !== nth) return args[0] as string;
      changed = true;
      return replacement(
        args
          .filter((arg): arg is string | undefined => typeof arg === 'string' || arg === undefined)
          .slice(0, groupCount(args)) as string[],
      );
    });
    if (!changed) return undefined;
    this.pattern = result;
    this.replaced = true;
    if (command.prints) await this.writeLine(this.pattern);
    if (command.file) await this.writeFile(command.file, `${this.pattern}\n`);
    return undefined;
  }

  private selects(command: Command): boolean {
    const { from, to } = command;
    if (!from) return true;
    if (!to) return this.at(from);
    const active = this.active.get(command);
    if (active !== undefined) {
      if (
        to.kind === 'line' ? this.number >= to.line : typeof active === 'number' ? this.number >= active : this.at(to)
      )
        this.active.delete(command);
      return to.kind !== 'line' || this.number <= to.line || active !== undefined;
    }
    if (from.kind === 'line' && from.line === 0 && this.number === 1) {
      if (!this.at(to)) this.active.set(command, true); // 0,/x/ may end on the first line
      return true;
    }
    if (!this.at(from)) return false;
    if (to.kind === 'line' && to.line <= this.number) return true;
    if (to.kind === 'plus') {
      if (to.line > 0) this.active.set(command, this.number + to.line);
    } else if (!(to.kind === 'last' && this.isLast)) this.active.set(command, true);
    return true;
  }

  private at(address: Address): boolean {
    switch (address.kind) {
      case 'line':
        return this.number === address.line;
      case 'last':
        return this.isLast;
      case 'step':
        return address.step === 0
          ? this.number === address.line
          : this.number >= address.line && (this.number - address.line) % address.step === 0;
      case 'regex':
        address.pattern.lastIndex = 0;
        return address.pattern.test(this.pattern);
      default:
        return false;
    }
  }
}

/** The match and its groups come before the offset among the arguments of a replacer. */
const groupCount = (args: unknown[]): number => args.findIndex((arg) => typeof arg === 'number');

const usesLast = (command: Command): boolean =>
  command.from?.kind === 'last' ||
  command.to?.kind === 'last' ||
  command.name === 'N' ||
  command.name === 'n' ||
  command.name === 'D';
