// join: lines of two sorted files with the same field.
import { Errno, strerror } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { getopt, type Options } from '../getopt';
import { fail, Output, quote, refused, twoOperands } from '../tool';
import { compareBytes, type OrderCheck, SortedLines } from './sorted-lines';

interface Line {
  text: string;
  fields: string[];
}

/** A column of the output: the join field, or a field (from 0) of a file. */
type Column = 'key' | { file: 0 | 1; field: number };

export const join: Program = async (proc) => {
  const options = getopt(proc.argv, 'a:e:i1:2:j:o:t:v:z', {
    'ignore-case': 'i',
    'check-order': 'check-order',
    'nocheck-order': 'nocheck-order',
    header: 'header',
    'zero-terminated': 'z',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const operands = await twoOperands(proc, options);
  if (typeof operands === 'number') return operands;
  const [left, right] = operands;
  if (left === '-' && right === '-') return fail(proc, 'both files cannot be standard input');
  const wrong = problem(proc, options);
  if (wrong) return fail(proc, wrong);
  try {
    const joined = new Join(proc, options, left, right);
    return await joined.run();
  } catch (error) {
    if (error instanceof Unsorted) return 1;
    if (!(error instanceof Errno)) throw error;
    return fail(proc, `${error.subject}: ${strerror(error)}`);
  }
};

function problem(proc: Process, options: Options): string | undefined {
  for (const letter of ['1', '2', 'j'])
    for (const value of options.all(letter))
      if (!/^[1-9]\d*$/.test(value)) return `invalid field number: ${quote(proc, value)}`;
  for (const letter of ['a', 'v'])
    for (const value of options.all(letter))
      if (!/^[12]$/.test(value)) return `invalid file number: ${quote(proc, value)}`;
  const separator = options.get('t');
  if (separator !== undefined && [...separator].length > 1 && separator !== '\\0')
    return `multi-character tab ${quote(proc, separator)}`;
  for (const spec of options.all('o').flatMap((list) => list.split(/[, \t]+/)))
    if (spec !== 'auto' && spec !== '0' && !/^[12]\.[1-9]\d*$/.test(spec))
      return /^[12]\./.test(spec)
        ? `invalid field number: ${quote(proc, spec.slice(2))}`
        : `invalid field specifier: ${quote(proc, spec)}`;
  return undefined;
}

class Unsorted extends Error {}

class Join {
  private readonly end: string;
  private readonly separator: string | undefined;
  private readonly keys: [number, number];
  private readonly sides: [SortedLines, SortedLines];
  private readonly out: Output;
  private readonly check: OrderCheck;
  private readonly only: boolean;
  private readonly unpaired: [boolean, boolean];
  private columns: Column[] | undefined;
  private seenUnpaired = false;

  constructor(
    private readonly proc: Process,
    private readonly options: Options,
    left: string,
    right: string,
  ) {
    this.end = options.has('z') ? '\0' : '\n';
    this.separator = options.get('t') === '\\0' ? '\0' : options.get('t');
    const key = (letter: string) => Number(options.get(letter) ?? options.get('j') ?? 1) - 1;
    this.keys = [key('1'), key('2')];
    this.sides = [left, right].map((path) => new SortedLines(proc, path, this.end.charCodeAt(0))) as typeof this.sides;
    this.out = new Output(proc);
    this.check = options.has('check-order') ? 'always' : options.has('nocheck-order') ? 'never' : 'unpaired';
    this.only = options.has('v');
    const shown = [...options.all('a'), ...options.all('v')];
    this.unpaired = [shown.includes('1'), shown.includes('2')];
    const specs = options.all('o').flatMap((list) => list.split(/[, \t]+/));
    if (specs.length > 0 && !specs.includes('auto'))
      this.columns = specs.map((spec) =>
        spec === '0' ? 'key' : { file: spec[0] === '1' ? 0 : 1, field: Number(spec.slice(2)) - 1 },
      );
  }

  async run(): Promise<number> {
    let [a, b] = [await this.next(0), await this.next(1)];
    if (this.options.get('o') === 'auto') this.columns = this.auto(a, b);
    if (this.options.has('header') && (a || b)) {
      await this.print(a, b);
      for (const side of this.sides) side.last = undefined;
      [a, b] = [await this.next(0), await this.next(1)];
    }
    while (a && b) {
      const way = compareBytes(this.key(0, a), this.key(1, b));
      if (way < 0) {
        if (this.unpaired[0]) await this.print(a, undefined);
        a = await this.next(0);
        this.seenUnpaired = true;
      } else if (way > 0) {
        if (this.unpaired[1]) await this.print(undefined, b);
        b = await this.next(1);
        this.seenUnpaired = true;
      } else [a, b] = await this.pairs(a, b);
    }
    if (this.check !== 'never' || this.unpaired[0]) await this.tail(0, a, b !== undefined);
    if (this.check !== 'never' || this.unpaired[1]) await this.tail(1, b, a !== undefined);
    await this.out.flush();
    return this.sides.some(({ unsorted }) => unsorted) ? fail(this.proc, 'input is not in sorted order') : 0;
  }

  /** Every line of the one file that has this key, with every one of the other. */
  private async pairs(a: Line, b: Line): Promise<[Line | undefined, Line | undefined]> {
    const groups: [Line[], Line[]] = [[a], [b]];
    const key = this.key(0, a);
    const after: [Line | undefined, Line | undefined] = [undefined, undefined];
    for (const which of [0, 1] as const)
      for (let line = await this.next(which); line; line = await this.next(which)) {
        if (compareBytes(this.key(which, line), key) !== 0) {
          after[which] = line;
          break;
        }
        groups[which].push(line);
      }
    if (!this.only) for (const x of groups[0]) for (const y of groups[1]) await this.print(x, y);
    return after;
  }

  /** What is left of a file when the other has ended. */
  private async tail(which: 0 | 1, first: Line | undefined, otherLeft: boolean): Promise<void> {
    if (!first) return;
    const show = async (line: Line) => {
      if (this.unpaired[which]) await this.print(which === 0 ? line : undefined, which === 1 ? line : undefined);
    };
    await show(first);
    if (this.sides[1 - which]!.count > 0 || otherLeft) this.seenUnpaired = true;
    for (let line = await this.next(which); line; line = await this.next(which)) {
      await show(line);
      if (this.sides[which].unsorted && !this.unpaired[which]) return;
    }
  }

  private async next(which: 0 | 1): Promise<Line | undefined> {
    const side = this.sides[which];
    const before = side.last;
    const text = await side.next();
    if (text === undefined) return undefined;
    const line = { text, fields: this.split(text) };
    const looked = this.check === 'always' || (this.check === 'unpaired' && this.seenUnpaired);
    if (looked && before !== undefined && !side.unsorted) {
      const earlier = { text: before, fields: this.split(before) };
      if (compareBytes(this.key(which, earlier), this.key(which, line)) > 0) {
        side.unsorted = true;
        await this.out.flush();
        await fail(this.proc, `${side.path}:${side.count}: is not sorted: ${text}`);
        if (this.check === 'always') throw new Unsorted();
      }
    }
    return line;
  }

  private split(text: string): string[] {
    if (this.separator === '') return [text];
    if (this.separator !== undefined) return text.split(this.separator);
    const trimmed = text.replace(/^[ \t\n]+/, '');
    return trimmed === '' ? [] : trimmed.split(/[ \t\n]+/);
  }

  private key(which: 0 | 1, line: Line): string {
    const field = line.fields[this.keys[which]] ?? '';
    return this.options.has('i') ? field.toUpperCase() : field;
  }

  private auto(a: Line | undefined, b: Line | undefined): Column[] {
    const others = (file: 0 | 1, line: Line | undefined): Column[] =>
      (line?.fields ?? []).flatMap((_, field) => (field === this.keys[file] ? [] : [{ file, field }]));
    return ['key', ...others(0, a), ...others(1, b)];
  }

  private async print(a: Line | undefined, b: Line | undefined): Promise<void> {
    const empty = this.options.get('e') ?? '';
    const sides = [a, b];
    const key = a ? a.fields[this.keys[0]] : b?.fields[this.keys[1]];
    const cells = this.columns
      ? this.columns.map((column) => (column === 'key' ? key : sides[column.file]?.fields[column.field]) || empty)
      : [
          key || empty,
          ...sides.flatMap((line, file) =>
            (line?.fields ?? []).filter((_, at) => at !== this.keys[file as 0 | 1]).map((field) => field || empty),
          ),
        ];
    await this.out.add(`${cells.join(this.separator || ' ')}${this.end}`);
  }
}
