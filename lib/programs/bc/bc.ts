// bc: the calculator of any precision, as GNU's 1.07.
import type { Process, Program } from '../../machine/process';
import { getopt } from '../getopt';
import { chunks, fullLines } from '../tool';
import { SyntaxProblem } from './expressions';
import { Lexer, NeedMore, Quit } from './lexer';
import { Halt, Machine } from './machine';
import { Parser } from './parser';

const LINE_LENGTH = 70;
const VERSION =
  'bc 1.07.1\nCopyright 1991-1994, 1997, 1998, 2000, 2004, 2006, 2008, 2012-2017 Free Software Foundation, Inc.\n';
const USAGE = `usage: bc [options] [file ...]
  -h  --help         print this usage and exit
  -i  --interactive  force interactive mode
  -l  --mathlib      use the predefined math routines
  -q  --quiet        don't print initial banner
  -s  --standard     non-standard bc constructs are errors
  -w  --warn         warn about non-standard bc constructs
  -v  --version      print version information and exit
`;

export const bc: Program = async (proc) => {
  const options = getopt(proc.argv, 'hilqswv', {
    help: 'h',
    interactive: 'i',
    mathlib: 'l',
    quiet: 'q',
    standard: 's',
    version: 'v',
    warn: 'w',
  });
  if (options.error !== undefined) {
    await proc.complain(`${options.error}\n`);
    await proc.print(USAGE);
    return 1;
  }
  if (options.has('h')) return proc.print(USAGE).then(() => 0);
  if (options.has('v')) return proc.print(VERSION).then(() => 0);
  if (proc.stdin.terminal && !options.has('q'))
    await proc.print(`${VERSION}This is free software with ABSOLUTELY NO WARRANTY.\nFor details type \`warranty'. \n`);
  const input = fullLines(chunks(proc, '-'));
  const readLine = async () => String((await input.next()).value ?? '');
  const length = Number(proc.env['BC_LINE_LENGTH'] ?? LINE_LENGTH);
  const machine = new Machine(
    proc,
    Number.isInteger(length) && length >= 0 ? length : LINE_LENGTH,
    readLine,
    options.has('l'),
  );
  try {
    for (const path of options.rest) {
      if (proc.files.find(path)?.type !== 'file') return proc.complain(`File ${path} is unavailable.\n`).then(() => 1);
      await run(proc, machine, path, fullLines(chunks(proc, path)));
    }
    await run(proc, machine, '(standard_in)', input);
  } catch (error) {
    if (!(error instanceof Halt || error instanceof Quit)) throw error;
  }
  return 0;
};

/** Runs what comes, each line or definition as soon as it is complete. */
async function run(proc: Process, machine: Machine, name: string, input: AsyncIterable<string>): Promise<void> {
  const reader = new Reader(proc, machine, name);
  for await (const line of input) await reader.take(line, false);
  await reader.take('', true);
}

class Reader {
  private text = '';
  private line = 1;

  constructor(
    private readonly proc: Process,
    private readonly machine: Machine,
    private readonly name: string,
  ) {}

  async take(more: string, isLast: boolean): Promise<void> {
    this.text += more;
    while (await this.item(isLast));
  }

  /** Whether there was one. */
  private async item(isLast: boolean): Promise<boolean> {
    const lexer = new Lexer(this.text, this.line, isLast);
    try {
      const item = new Parser(lexer).item();
      await this.complain(lexer.complaints);
      this.passed(lexer);
      if (!item) return false;
      if (Array.isArray(item)) await this.machine.run(item);
      else this.machine.functions.set(item.name, item);
      return true;
    } catch (error) {
      if (error instanceof NeedMore) return false;
      await this.complain(lexer.complaints);
      if (!(error instanceof SyntaxProblem)) throw error;
      await this.complain([error.message]);
      this.passed(lexer);
      this.skipLine(lexer);
      return this.text !== '';
    }
  }

  private passed(lexer: Lexer): void {
    this.text = this.text.slice(lexer.position);
    this.line = lexer.lineNumber;
  }

  /** The rest of a line that is wrong is not looked at. */
  private skipLine(lexer: Lexer): void {
    if (lexer.endsLine) return;
    const end = this.text.indexOf('\n');
    this.text = end < 0 ? '' : this.text.slice(end + 1);
    if (end >= 0) this.line++;
  }

  private async complain(complaints: readonly string[]): Promise<void> {
    for (const complaint of complaints) await this.proc.complain(`${this.name} ${complaint}\n`);
  }
}
