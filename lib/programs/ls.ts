// ls.
import { Errno, strerror } from '../machine/errno';
import type { Stat } from '../machine/files';
import type { Process, Program } from '../machine/process';
import { textWidth } from '../shell/editor/width';
import { compile, patternSource } from '../shell/pattern';
import { strftime } from '../shell/strftime';
import { getopt, type Options } from './getopt';
import { humanSize, modeText, nameOfGroup, nameOfUser } from './stat-text';
import { fail, refused } from './tool';

const LONG = {
  all: 'a',
  'almost-all': 'A',
  'color=': 'color',
  classify: 'F',
  escape: 'b',
  'hide=': 'hide',
  'ignore=': 'I',
  'ignore-backups': 'B',
  literal: 'N',
  'quote-name': 'Q',
  'tabsize=': 'T',
  'width=': 'w',
  directory: 'd',
  'human-readable': 'h',
  inode: 'i',
  'numeric-uid-gid': 'n',
  recursive: 'R',
  reverse: 'r',
  size: 's',
  'full-time': 'full-time',
  'group-directories-first': 'group-directories-first',
  'time-style=': 'time-style',
  'sort=': 'sort',
};
const SIX_MONTHS_MS = 15_778_476_000; // half a Gregorian year, as coreutils counts

interface Item {
  name: string;
  path: string;
  stat: Stat;
}

/** What `dir` and `vdir` are besides ls: columns or long lines to any output, and escapes in names. */
const PRESETS: Record<string, string[]> = { dir: ['-Cb'], vdir: ['-lb'] };

export const ls: Program = async (proc) => {
  const [name = '', ...words] = proc.argv;
  const given = words.map((arg) => (arg === '--color' ? '--color=always' : arg));
  const argv = [name, ...(PRESETS[proc.name] ?? []), ...given];
  const options = getopt(argv, '1aAbBcCdDfFgGhHiI:klLmnNopqQrRsStT:uUvw:xXZ', LONG);
  const bad = await refused(proc, options, 2);
  if (bad !== undefined) return bad;
  return new Listing(proc, options).run();
};

class Listing {
  private status = 0;
  private readonly color: boolean;
  private readonly long: boolean;
  private started = false;
  private coloured = false;

  constructor(
    private readonly proc: Process,
    private readonly options: Options,
  ) {
    const color = options.get('color');
    const terminal = proc.stdout.terminal !== undefined;
    this.color = color === 'always' || color === '' || (color === 'auto' && terminal);
    this.long = ['l', 'n', 'g', 'o'].some((letter) => options.has(letter)) || options.has('full-time');
  }

  async run(): Promise<number> {
    const { proc, options } = this;
    const targets = options.rest.length > 0 ? options.rest : ['.'];
    const follow = !this.long || options.has('L') || options.has('H');
    const items: Item[] = [];
    for (const name of targets) {
      try {
        items.push({ name, path: name, stat: statOrLink(proc, name, follow) });
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        this.status = await fail(proc, `cannot access '${name}': ${strerror(error)}`, 2);
      }
    }
    const isDir = (item: Item) => !options.has('d') && item.stat.type === 'dir';
    const files = this.sorted(items.filter((item) => !isDir(item)));
    const dirs = this.sorted(items.filter(isDir));
    if (files.length > 0) await this.print(files);
    for (const dir of dirs) await this.directory(dir.path, targets.length > 1 || options.has('R'));
    return this.status;
  }

  private async directory(path: string, titled: boolean): Promise<void> {
    const { proc, options } = this;
    let names: string[];
    try {
      names = proc.files.list(path);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.status = await fail(proc, `cannot open directory '${path}': ${strerror(error)}`, 2);
      return;
    }
    const hidden = options.has('a') || options.has('f');
    const shown = names.filter((name) => hidden || options.has('A') || !name.startsWith('.'));
    const patterns = [...options.all('I'), ...(hidden || options.has('A') ? [] : options.all('hide'))];
    if (options.has('B')) patterns.push('*~');
    const ignored = patterns.map((pattern) => compile(`^(?:${patternSource(pattern)})$`, 'u'));
    const kept = shown.filter((name) => !ignored.some((pattern) => pattern.test(name)));
    const all = hidden ? ['.', '..', ...kept] : kept;
    const items = all.flatMap((name): Item[] => {
      const at = `${path.replace(/\/$/, '')}/${name}`;
      const stat = proc.files.find(at, options.has('L'));
      return stat ? [{ name, path: at, stat }] : [];
    });
    if (titled) await proc.print(`${this.started ? '\n' : ''}${path}:\n`);
    this.started = true;
    if (this.long || options.has('s'))
      await proc.print(`total ${this.blocks(items.reduce((sum, { stat }) => sum + blocksOf(stat), 0))}\n`);
    const sorted = this.sorted(items);
    await this.print(sorted);
    if (!options.has('R')) return;
    for (const { name, path: at, stat } of sorted)
      if (stat.type === 'dir' && name !== '.' && name !== '..') await this.directory(at, true);
  }

  private blocks(kilobytes: number): string {
    return this.options.has('h') ? humanSize(kilobytes * 1024) : String(kilobytes);
  }

  private sorted(items: Item[]): Item[] {
    const { options } = this;
    const sort = options.get('sort') ?? '';
    if (options.has('U') || options.has('f') || sort === 'none') return items;
    const byName = (a: Item, b: Item) => collate(a.name, b.name);
    const order =
      options.has('t') || sort === 'time'
        ? (a: Item, b: Item) => b.stat.mtime - a.stat.mtime || byName(a, b)
        : options.has('S') || sort === 'size'
          ? (a: Item, b: Item) => b.stat.size - a.stat.size || byName(a, b)
          : options.has('v') || sort === 'version'
            ? (a: Item, b: Item) => a.name.localeCompare(b.name, 'en', { numeric: true })
            : options.has('X')
              ? (a: Item, b: Item) => collate(extension(a.name), extension(b.name)) || byName(a, b)
              : byName;
    const sorted = [...items].sort(order);
    if (options.has('r')) sorted.reverse();
    if (options.has('group-directories-first'))
      sorted.sort((a, b) => Number(b.stat.type === 'dir') - Number(a.stat.type === 'dir'));
    return sorted;
  }

  private async print(items: Item[]): Promise<void> {
    this.started = true;
    if (this.long) return this.printLong(items);
    const names = items.map((item) => ({
      text: this.prefix(item) + this.name(item),
      width: textWidth(this.prefix(item) + this.quoted(item)) + this.mark(item).length,
    }));
    if (this.options.has('m')) return this.proc.print(`${names.map(({ text }) => text).join(', ')}\n`);
    const columns =
      (this.proc.stdout.terminal || this.options.has('C') || this.options.has('x')) && !this.options.has('1');
    if (!columns) return this.proc.print(names.map(({ text }) => `${text}\n`).join(''));
    const screen =
      Number(this.options.get('w') ?? this.proc.stdout.terminal?.size.columns ?? 80) || Number.POSITIVE_INFINITY;
    const tab = Number(this.options.get('T') ?? TAB);
    return this.proc.print(inColumns(names, screen, this.options.has('x'), tab));
  }

  private prefix({ stat }: Item): string {
    const inode = this.options.has('i') ? `${inodeOf(stat.path)} ` : '';
    return inode + (this.options.has('s') ? `${this.blocks(blocksOf(stat))} ` : '');
  }

  private mark({ stat }: Item): string {
    if (stat.type === 'dir' && (this.options.has('p') || this.options.has('F'))) return '/';
    if (!this.options.has('F')) return '';
    if (stat.type === 'link') return '@';
    if (stat.type === 'fifo') return '|';
    return stat.type === 'file' && stat.mode & 0o111 ? '*' : '';
  }

  private name(item: Item): string {
    const painted = paint(this.color, this.quoted(item), item.stat);
    const first = painted.startsWith('\x1b') && !this.coloured; // ls sets the terminal right before its first colour
    this.coloured ||= first;
    return (first ? '\x1b[0m' : '') + painted + this.mark(item);
  }

  private quoted({ name }: Item): string {
    const { options } = this;
    if (options.has('Q')) return JSON.stringify(name);
    if (options.has('b')) return name.replace(/[ \\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
    if (!this.proc.stdout.terminal || options.has('N')) return name;
    return /[\s'"$&|;()<>*?`\\!#~[\]{}]/.test(name) ? shellQuoted(name) : name;
  }

  private async printLong(items: Item[]): Promise<void> {
    const { proc, options } = this;
    const numeric = options.has('n');
    const rows = items.map(({ stat }) => ({
      mode: modeText(stat),
      links: String(stat.type === 'dir' ? 2 : 1),
      user: numeric ? String(stat.uid) : nameOfUser(proc, stat.uid),
      group: numeric ? String(stat.gid) : nameOfGroup(proc, stat.gid),
      size: stat.type === 'device' ? '1, 3' : options.has('h') ? humanSize(stat.size) : String(stat.size),
      time: this.time(stat.mtime),
    }));
    const width = (key: 'links' | 'user' | 'group' | 'size') => Math.max(0, ...rows.map((row) => row[key].length));
    const widths = { links: width('links'), user: width('user'), group: width('group'), size: width('size') };
    const lines = items.map((item, i) => {
      const row = rows[i]!;
      const owner = options.has('g') ? '' : `${row.user.padEnd(widths.user)} `;
      const group = options.has('o') || options.has('G') ? '' : `${row.group.padEnd(widths.group)} `;
      const target = item.stat.type === 'link' ? ` -> ${item.stat.target ?? ''}` : '';
      return `${this.prefix(item)}${row.mode} ${row.links.padStart(widths.links)} ${owner}${group}${row.size.padStart(widths.size)} ${row.time} ${this.name(item)}${target}\n`;
    });
    await proc.print(lines.join(''));
  }

  private time(mtime: number): string {
    if (this.options.has('full-time') || this.options.get('time-style') === 'full-iso')
      return strftime('%Y-%m-%d %H:%M:%S.%N %z', mtime);
    const style = this.options.get('time-style') ?? this.proc.env['TIME_STYLE'] ?? '';
    if (style.startsWith('+')) return strftime(style.slice(1), mtime);
    if (style === 'iso') return strftime(isOld(this.proc, mtime) ? '%Y-%m-%d ' : '%m-%d %H:%M', mtime);
    if (style === 'long-iso') return strftime('%Y-%m-%d %H:%M', mtime);
    return strftime(isOld(this.proc, mtime) ? '%b %e  %Y' : '%b %e %H:%M', mtime);
  }
}

/** Of such a time the year is more than the hour. */
function isOld(proc: Process, mtime: number): boolean {
  const age = proc.machine.clock.now() - mtime;
  return age > SIX_MONTHS_MS || age < -3_600_000;
}

function statOrLink(proc: Process, name: string, follow: boolean): Stat {
  return (follow ? proc.files.find(name) : undefined) ?? proc.files.stat(name, false);
}

const extension = (name: string): string => /\.[^.]*$/.exec(name)?.[0] ?? '';

/** As glibc's en_US: letters first without regard to case or punctuation. */
function collate(a: string, b: string): number {
  const key = (name: string) => name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
  const [x, y] = [key(a), key(b)];
  if (x !== y) return x < y ? -1 : 1;
  return a === b
    ? 0
    : a.replace(/[^\p{L}\p{N}]/gu, '') === b.replace(/[^\p{L}\p{N}]/gu, '')
      ? a < b
        ? -1
        : 1
      : a > b
        ? -1
        : 1;
}

const BLOCK_BYTES = 4096; // what a small file takes on disk
const blocksOf = (stat: Stat): number =>
  stat.type === 'file' ? (Math.ceil(stat.size / BLOCK_BYTES) * BLOCK_BYTES) / 1024 : stat.type === 'dir' ? 4 : 0;

/** A number that stays with the path. */
export function inodeOf(path: string): number {
  let h = 17;
  for (let i = 0; i < path.length; i++) h = (h * 31 + path.charCodeAt(i)) % 99_999_989;
  return h + 131_072;
}

function paint(color: boolean, text: string, stat: Stat): string {
  const code = !color
    ? ''
    : stat.type === 'dir'
      ? stat.mode & 0o1000 && stat.mode & 0o002
        ? '30;42'
        : '01;34'
      : stat.type === 'link'
        ? '01;36'
        : stat.type === 'device'
          ? '40;33;01'
          : stat.type === 'fifo'
            ? '40;33'
            : stat.mode & 0o111
              ? '01;32'
              : '';
  return code ? `\x1b[${code}m${text}\x1b[0m` : text;
}

const shellQuoted = (name: string): string => (name.includes("'") ? `"${name}"` : `'${name}'`);

const TAB = 8;

/** Fills columns from top to bottom, or rows from left to right, as many columns as fit; tabs lead to a column where they reach. */
function inColumns(names: { text: string; width: number }[], screen: number, across: boolean, tab: number): string {
  if (names.length === 0) return '';
  for (let count = names.length; ; count--) {
    const rows = Math.ceil(names.length / count);
    const used = across ? count : Math.ceil(names.length / rows);
    const columnOf = (i: number) => (across ? i % used : Math.floor(i / rows));
    const widths = new Array<number>(used).fill(0);
    names.forEach(({ width }, i) => {
      const column = columnOf(i);
      widths[column] = Math.max(widths[column] as number, width + (column === used - 1 ? 0 : 2));
    });
    if (count > 1 && widths.reduce((sum, width) => sum + width, 0) > screen) continue;
    let out = '';
    for (let row = 0; row < rows; row++) {
      let at = 0;
      for (let column = 0; column < used; column++) {
        const cell = names[across ? row * used + column : column * rows + row];
        if (!cell) continue;
        const next = names[across ? row * used + column + 1 : (column + 1) * rows + row];
        const end = at + (widths[column] as number);
        out += cell.text;
        if (next && column < used - 1) out += gap(at + cell.width, end, tab);
        at = end;
      }
      out += '\n';
    }
    return out;
  }
}

/** From one column to another, by tabs as far as they go. */
function gap(from: number, to: number, tab: number): string {
  let out = '';
  let at = from;
  while (at < to)
    if (tab > 0 && Math.floor(to / tab) > Math.floor((at + 1) / tab)) {
      out += '\t';
      at += tab - (at % tab);
    } else {
      out += ' ';
      at++;
    }
  return out;
}
