// column of util-linux: entries in columns, or fields in a table.
// DIFFERS: no trees (--tree, --tree-id, --tree-parent), and a table is never narrowed to the terminal.
import { Errno, strerror } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { getopt, type Options } from '../getopt';
import { chunks, fail, lines, refused } from '../tool';

const TAB = 8;
const LONG = {
  'output-width=': 'c',
  'table-noheadings': 'd',
  'table-header-repeat': 'e',
  'table-noextreme=': 'E',
  'table-hide=': 'H',
  json: 'J',
  'table-columns-limit=': 'l',
  'keep-empty-lines': 'L',
  'table-name=': 'n',
  'table-columns=': 'N',
  'table-order=': 'O',
  'output-separator=': 'o',
  'tree-parent=': 'p',
  'tree=': 'r',
  'table-right=': 'R',
  'separator=': 's',
  table: 't',
  'table-truncate=': 'T',
  'tree-id=': 'i',
  'table-wrap=': 'W',
  fillrows: 'x',
};

export const column: Program = async (proc) => {
  const options = getopt(proc.argv, 'c:deE:H:i:Jl:Ln:N:O:o:p:r:R:s:tT:W:x', LONG);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  for (const letter of ['r', 'i', 'p']) if (options.has(letter)) return fail(proc, `not supported: trees (-${letter})`);
  const given = options.get('c');
  if (given !== undefined && !/^(\d+|unlimited)$/.test(given))
    return fail(proc, `invalid columns argument: '${given}'`);
  const inTable = options.has('t') || options.has('J');
  const keepsEmpty = options.has('L');
  const entries: string[] = [];
  let status = 0;
  for (const path of options.rest.length > 0 ? options.rest : ['-'])
    try {
      for await (const line of lines(chunks(proc, path)))
        if (keepsEmpty || /\S/.test(line)) entries.push(inTable ? line : line.trimEnd());
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      status = await fail(proc, `${path}: ${strerror(error)}`);
    }
  if (entries.length === 0) return status;
  if (inTable) {
    const table = new Table(options, entries);
    if (table.problem) return fail(proc, table.problem);
    await proc.print(options.has('J') ? table.json() : table.text());
    return status;
  }
  const width = given === 'unlimited' ? Number.POSITIVE_INFINITY : Number(given ?? screenWidth(proc));
  await proc.print(options.has('x') ? byRows(entries, width) : byColumns(entries, width));
  return status;
};

const screenWidth = (proc: Process): number =>
  proc.stdout.terminal?.size.columns ?? (Number(proc.env['COLUMNS']) || 80);

const widthOf = (text: string): number => [...text].length;

/** The width of a column, up to a tab stop, and how many fit. */
function fitting(entries: readonly string[], screen: number): { width: number; count: number } {
  const longest = entries.reduce((most, entry) => Math.max(most, widthOf(entry)), 0);
  const width = (longest + TAB) & ~(TAB - 1);
  return { width, count: longest >= screen ? 1 : Math.max(1, Math.floor(screen / width)) };
}

/** An entry and the tabs that lead from its end, `at`, to the end of its column. */
function padded(entry: string, at: number, end: number): string {
  let tabs = '';
  for (let stop = (at + TAB) & ~(TAB - 1); stop <= end; stop = (stop + TAB) & ~(TAB - 1)) tabs += '\t';
  return entry + tabs;
}

function byColumns(entries: readonly string[], screen: number): string {
  const { width, count } = fitting(entries, screen);
  const rows = Math.ceil(entries.length / count);
  return Array.from({ length: rows }, (_, row) => {
    const own = entries.filter((_, at) => at % rows === row);
    return `${own.map((entry, i) => (i === own.length - 1 ? entry : padded(entry, i * width + widthOf(entry), (i + 1) * width))).join('')}\n`;
  }).join('');
}

function byRows(entries: readonly string[], screen: number): string {
  const { width, count } = fitting(entries, screen);
  return `${entries
    .map((entry, at) => {
      if (at === entries.length - 1) return entry;
      const place = at % count;
      return place === count - 1 ? `${entry}\n` : padded(entry, place * width + widthOf(entry), (place + 1) * width);
    })
    .join('')}\n`;
}

/** A column of a table. */
interface Column {
  name: string;
  at: number;
  hidden: boolean;
  right: boolean;
}

class Table {
  readonly problem: string | undefined;
  private readonly rows: string[][];
  private readonly columns: Column[];

  constructor(
    private readonly options: Options,
    entries: readonly string[],
  ) {
    this.rows = entries.map((entry) => this.fields(entry));
    const names = options.get('N')?.split(',') ?? [];
    const count = Math.max(names.length, ...this.rows.map((row) => row.length));
    this.columns = Array.from({ length: count }, (_, at) => ({
      name: names[at] ?? '',
      at,
      hidden: false,
      right: false,
    }));
    this.problem = this.arrange(names.length > 0);
  }

  private fields(entry: string): string[] {
    const most = Number(this.options.get('l') ?? Number.POSITIVE_INFINITY);
    const separators = this.options.get('s');
    const found: string[] = [];
    let rest = separators === undefined ? entry.replace(/^[ \t]+/, '') : entry;
    for (;;) {
      if (found.length + 1 >= most) return [...found, rest];
      const at =
        separators === undefined ? rest.search(/[ \t]/) : [...rest].findIndex((letter) => separators.includes(letter));
      if (at < 0) return rest === '' && separators === undefined ? found : [...found, rest];
      found.push(separators === undefined ? rest.slice(0, at) : [...rest].slice(0, at).join(''));
      rest = separators === undefined ? rest.slice(at).replace(/^[ \t]+/, '') : [...rest].slice(at + 1).join('');
    }
  }

  /** Hides, orders and aligns columns; the message when one is named that is not there. */
  private arrange(named: boolean): string | undefined {
    for (const [letter, change] of [
      ['H', (column: Column) => void (column.hidden = true)],
      ['R', (column: Column) => void (column.right = true)],
      ['T', () => {}],
      ['E', () => {}],
      ['W', () => {}],
    ] as const)
      for (const list of this.options.all(letter)) {
        const picked = this.pick(list, named);
        if (typeof picked === 'string') return picked;
        picked.forEach(change);
      }
    const order = this.options.get('O');
    if (order === undefined) return undefined;
    const picked = this.pick(order, named);
    if (typeof picked === 'string') return picked;
    this.columns.splice(0, this.columns.length, ...new Set([...picked, ...this.columns]));
    return undefined;
  }

  /** Columns by name, number, range, `0` for all and `-` for those without a name. */
  private pick(list: string, named: boolean): Column[] | string {
    const picked: Column[] = [];
    for (const word of list.split(',')) {
      const range = /^(\d+)?-(\d+)?$/.exec(word);
      const number = Number(word);
      if (word === '0') picked.push(...this.columns);
      else if (word === '-') picked.push(...this.columns.filter(({ name }) => named && name === ''));
      else if (range && !(number < 0))
        picked.push(...this.columns.slice(Number(range[1] ?? 1) - 1, range[2] ? Number(range[2]) : undefined));
      else {
        const column = Number.isInteger(number)
          ? this.columns.at(number < 0 ? number : number - 1)
          : this.columns.find(({ name }) => name === word);
        if (!column) return `undefined column name '${word}'`;
        picked.push(column);
      }
    }
    return picked;
  }

  text(): string {
    const shown = this.columns.filter(({ hidden }) => !hidden);
    const headed = this.options.has('N') && !this.options.has('d');
    const all = headed ? [this.columns.map(({ name }) => name), ...this.rows] : this.rows;
    const cell = (row: string[], column: Column, first: boolean) => (first ? column.name : (row[column.at] ?? ''));
    const widths = shown.map((column) =>
      all.reduce((most, row, i) => Math.max(most, widthOf(cell(row, column, headed && i === 0))), 0),
    );
    const separator = this.options.get('o') ?? '  ';
    return all
      .map((row, r) => {
        const cells = shown.map((column, i) => {
          const text = cell(row, column, headed && r === 0);
          const gap = ' '.repeat((widths[i] ?? 0) - widthOf(text));
          if (column.right) return gap + text;
          return i === shown.length - 1 ? text : text + gap;
        });
        return `${cells.join(separator)}\n`;
      })
      .join('');
  }

  json(): string {
    const shown = this.columns.filter(({ hidden }) => !hidden);
    const rows = this.rows.map((row) => {
      const cells = shown.map((column) => {
        const value = row[column.at];
        return `         ${JSON.stringify(column.name.toLowerCase())}: ${value ? JSON.stringify(value) : 'null'}`;
      });
      return `{\n${cells.join(',\n')}\n      }`;
    });
    return `{\n   ${JSON.stringify(this.options.get('n') ?? 'table')}: [\n      ${rows.join(',')}\n   ]\n}\n`;
  }
}
