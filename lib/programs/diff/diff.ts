// diff: files line by line, and directories.
import { Errno, strerror } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { strftime } from '../../shell/strftime';
import { getopt, type Options } from '../getopt';
import { compilePattern, PatternError, translate } from '../regex';
import { fail, refused, textOf, usage } from '../tool';
import { differences, type Hunk, split } from './lines';
import {
  bold,
  contextual,
  type Dress,
  ed,
  type Formats,
  formatted,
  grouped,
  normal,
  rcs,
  sideBySide,
  unified,
} from './outputs';

const LONG = {
  brief: 'q',
  'color=': 'color',
  'context=': 'C',
  ed: 'e',
  'exclude=': 'x',
  'exclude-from=': 'X',
  'expand-tabs': 't',
  'ignore-all-space': 'w',
  'ignore-blank-lines': 'B',
  'ignore-case': 'i',
  'ignore-matching-lines=': 'I',
  'ignore-space-change': 'b',
  'ignore-tab-expansion': 'E',
  'ignore-trailing-space': 'Z',
  'initial-tab': 'T',
  'label=': 'L',
  'left-column': 'left-column',
  minimal: 'd',
  'new-file': 'N',
  'no-dereference': 'no-dereference',
  normal: 'normal',
  rcs: 'n',
  recursive: 'r',
  'report-identical-files': 's',
  'show-c-function': 'p',
  'show-function-line=': 'F',
  'side-by-side': 'y',
  'speed-large-files': 'H',
  'strip-trailing-cr': 'strip-trailing-cr',
  'suppress-common-lines': 'suppress-common-lines',
  text: 'a',
  'unidirectional-new-file': 'P',
  'unified=': 'U',
  'width=': 'W',
  'line-format=': 'line-format',
  'old-line-format=': 'old-line-format',
  'new-line-format=': 'new-line-format',
  'unchanged-line-format=': 'unchanged-line-format',
  'old-group-format=': 'old-group-format',
  'new-group-format=': 'new-group-format',
  'unchanged-group-format=': 'unchanged-group-format',
  'changed-group-format=': 'changed-group-format',
};
const CONTEXT = 3;
const WIDTH = 130;
const STYLES = ['normal', 'context', 'unified', 'ed', 'rcs', 'side by side'] as const;
type Style = (typeof STYLES)[number];

export const diff: Program = async (proc) => {
  const argv = proc.argv.map((arg, i) => {
    if (i > 0 && /^-\d+$/.test(arg)) return `-U${arg.slice(1)}`;
    if (arg === '--unified') return '-u';
    if (arg === '--context') return '-c';
    return arg === '--color' ? '--color=auto' : arg;
  });
  const options = getopt(argv, 'abBcC:dD:eEF:HiI:lL:nNpPqrstTuU:wW:x:X:yZ', LONG);
  const bad = await refused(proc, options, 2);
  if (bad !== undefined) return bad;
  for (const [letter, name] of [
    ['l', 'paginate'],
    ['D', 'ifdef'],
  ] as const)
    if (options.has(letter)) return fail(proc, `not supported: --${name}`, 2);
  const [left, right, extra] = options.rest;
  if (left === undefined) return usage(proc, `diff: missing operand after '${proc.argv.at(-1)}'`, 2);
  if (right === undefined) return usage(proc, `diff: missing operand after '${proc.argv.at(-1)}'`, 2);
  if (extra !== undefined) return usage(proc, `diff: extra operand '${extra}'`, 2);
  try {
    const comparison = new Comparison(proc, options);
    return comparison.problem === undefined
      ? await comparison.run(left, right, false)
      : await usage(proc, comparison.problem, 2);
  } catch (error) {
    if (error instanceof PatternError) return fail(proc, error.message, 2);
    throw error;
  }
};

class Comparison {
  readonly problem: string | undefined;
  private readonly dress: Dress;
  private readonly style: Style;
  private readonly context: number;
  private readonly ignored: RegExp[];
  private readonly heading: RegExp | undefined;
  private readonly excluded: RegExp[];
  private readonly shape: (line: string) => string;

  constructor(
    private readonly proc: Process,
    private readonly options: Options,
  ) {
    const colour = options.get('color') ?? 'never';
    const terminal = proc.stdout.terminal !== undefined;
    this.dress = {
      colour: colour === 'always' || (colour === 'auto' && terminal),
      tab: options.has('T'),
      expand: options.has('t'),
    };
    const styles = STYLES.filter(
      (style) =>
        ({
          normal: options.has('normal'),
          context: options.has('c') || options.has('C'),
          unified: options.has('u') || options.has('U'),
          ed: options.has('e'),
          rcs: options.has('n'),
          'side by side': options.has('y'),
        })[style],
    );
    this.style = styles[0] ?? (options.has('p') || options.has('F') ? 'context' : 'normal');
    const number = options.get('U') ?? options.get('C');
    this.context = Number(number ?? CONTEXT);
    this.problem =
      styles.length > 1
        ? 'diff: conflicting output style options'
        : number !== undefined && !/^\d+$/.test(number)
          ? `diff: invalid context length '${number}'`
          : options.has('W') && !/^[1-9]\d*$/.test(options.get('W') ?? '')
            ? `diff: invalid width '${options.get('W')}'`
            : !['never', 'auto', 'always'].includes(colour)
              ? `diff: invalid color '${colour}'`
              : undefined;
    this.ignored = options.all('I').map((each) => compilePattern(translate(each, false), ''));
    const heading = options.get('F') ?? (options.has('p') ? '^[[:alpha:]$_]' : undefined);
    if (heading !== undefined) this.heading = compilePattern(translate(heading, false), '');
    const files = options.all('X').flatMap((path) => proc.files.readText(path).split('\n'));
    this.excluded = [...options.all('x'), ...files].filter(Boolean).map(named);
    this.shape = shaper(options);
  }

  async run(left: string, right: string, nested: boolean): Promise<number> {
    const { proc, options } = this;
    const kind = (path: string) => (path === '-' ? 'file' : proc.files.find(path)?.type);
    if (kind(left) === 'dir' && kind(right) === 'dir') return this.directories(left, right);
    if (kind(left) === 'dir' && kind(right)) return this.run(`${left}/${right.replace(/.*\//, '')}`, right, nested);
    if (kind(right) === 'dir' && kind(left)) return this.run(left, `${right}/${left.replace(/.*\//, '')}`, nested);
    const texts: string[] = [];
    let status = 0;
    for (const [i, path] of [left, right].entries()) {
      const absent = kind(path) === undefined && (options.has('N') || (options.has('P') && i === 0));
      try {
        texts.push(absent ? '' : await textOf(proc, path));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        status = await fail(proc, `${path}: ${strerror(error)}`, 2);
      }
    }
    const [a, b] = texts.map((text) => (options.has('strip-trailing-cr') ? text.replaceAll('\r\n', '\n') : text));
    if (a === undefined || b === undefined) return status;
    return this.texts(left, right, a, b, nested);
  }

  private async texts(left: string, right: string, a: string, b: string, nested: boolean): Promise<number> {
    const { proc, options } = this;
    const same = async () => {
      if (options.has('s')) await proc.print(`Files ${left} and ${right} are identical\n`);
      return 0;
    };
    const binary = !options.has('a') && [a, b].some((text) => text.slice(0, 4096).includes('\0'));
    if (binary) {
      if (a === b) return same();
      await proc.print(`${options.has('q') ? 'Files' : 'Binary files'} ${left} and ${right} differ\n`);
      return 1;
    }
    const sides = { a: split(a), b: split(b) };
    const hunks = differences(sides.a, sides.b, this.shape, this.horizon());
    const counts = (hunk: Hunk) => !this.ignores([...sides.a.slice(...hunk.a), ...sides.b.slice(...hunk.b)]);
    if (!hunks.some(counts)) {
      const whole = this.style === 'side by side' ? this.show(left, right, sides, hunks, counts) : '';
      const formats = this.formats();
      if (whole || formats) await proc.print(whole || formatted(sides, [], formats as Formats));
      return same();
    }
    if (options.has('q')) await proc.print(`Files ${left} and ${right} differ\n`);
    else {
      const flags = proc.argv
        .slice(1, proc.argv.length - 2)
        .map((word) => (/[^\w./=,@%+:-]/.test(word) ? `'${word}'` : word));
      if (nested) await proc.print(bold(this.dress, `diff ${[...flags, left, right].join(' ')}\n`));
      await proc.print(this.show(left, right, sides, hunks, counts));
    }
    return 1;
  }

  private show(
    left: string,
    right: string,
    sides: { a: string[]; b: string[] },
    hunks: Hunk[],
    counts: (hunk: Hunk) => boolean,
  ): string {
    const { options, dress, context } = this;
    const formats = this.formats();
    if (formats) return formatted(sides, hunks, formats);
    const groups = () => grouped(hunks, context).filter((group) => group.some(counts));
    const heading = (line: number) => this.headed(sides.a, line);
    const heads = (old: string, fresh: string) =>
      bold(dress, this.head(old, left, 0)) + bold(dress, this.head(fresh, right, 1));
    if (this.style === 'unified') return heads('---', '+++') + unified(sides, groups(), context, dress, heading);
    if (this.style === 'context') return heads('***', '---') + contextual(sides, groups(), context, dress, heading);
    if (this.style === 'ed') return ed(sides, hunks.filter(counts));
    if (this.style === 'rcs') return rcs(sides, hunks.filter(counts));
    if (this.style === 'normal') return normal(sides, hunks.filter(counts), dress);
    return sideBySide(
      sides,
      hunks,
      {
        width: Number(options.get('W') ?? WIDTH),
        suppressCommon: options.has('suppress-common-lines'),
        leftColumn: options.has('left-column'),
      },
      dress,
    );
  }

  /** Whether lines that differ are none to speak of. */
  private ignores(lines: string[]): boolean {
    if (!this.options.has('B') && this.ignored.length === 0) return false;
    return lines.every(
      (line) =>
        (this.options.has('B') &&
          this.shape(line).trim() === '' &&
          (this.options.has('b') || this.options.has('w') || line === '\n')) ||
        this.ignored.some((pattern) => pattern.test(line.replace(/\n$/, ''))),
    );
  }

  /** The last line before this one that begins a function. */
  private headed(lines: string[], before: number): string {
    if (!this.heading) return '';
    for (let at = before - 1; at >= 0; at--) {
      const line = (lines[at] as string).trimEnd();
      if (this.heading.test(line)) return ` ${line.trimStart().slice(0, 40).trimEnd()}`;
    }
    return '';
  }

  private head(sign: string, path: string, side: 0 | 1): string {
    const label = this.options.all('L')[side];
    if (label !== undefined) return `${sign} ${label}\n`;
    const { proc } = this;
    const time = path === '-' ? proc.machine.clock.now() : (proc.files.find(path)?.mtime ?? 0);
    return `${sign} ${path}\t${strftime('%Y-%m-%d %H:%M:%S.%N %z', time)}\n`;
  }

  private horizon(): number {
    return this.style === 'unified' || this.style === 'context' ? this.context : 0;
  }

  private formats(): Formats | undefined {
    const { options } = this;
    const keys = ['old', 'new', 'unchanged', 'changed'] as const;
    const line = options.get('line-format');
    if (
      line === undefined &&
      !keys.some((key) => options.has(`${key}-line-format`) || options.has(`${key}-group-format`))
    )
      return undefined;
    const lineOf = (key: string) => options.get(`${key}-line-format`) ?? line ?? '%l\n';
    return {
      lines: { old: lineOf('old'), new: lineOf('new'), unchanged: lineOf('unchanged') },
      groups: Object.fromEntries(
        keys.flatMap((key) => {
          const format = options.get(`${key}-group-format`);
          return format === undefined ? [] : [[key, format]];
        }),
      ),
    };
  }

  private async directories(left: string, right: string): Promise<number> {
    const { proc, options } = this;
    const all = new Set([...proc.files.list(left), ...proc.files.list(right)]);
    const names = [...all].filter((name) => !this.excluded.some((pattern) => pattern.test(name))).sort();
    let status = 0;
    for (const name of names) {
      await proc.tick();
      const [a, b] = [proc.files.find(`${left}/${name}`), proc.files.find(`${right}/${name}`)];
      if ((!a && !options.has('N') && !options.has('P')) || (!b && !options.has('N'))) {
        await proc.print(`Only in ${a ? left : right}: ${name}\n`);
        status = Math.max(status, 1);
      } else if (a && b && (a.type === 'dir') !== (b.type === 'dir')) {
        const what = ({ type }: { type: string }) => (type === 'dir' ? 'directory' : 'regular file');
        await proc.print(`File ${left}/${name} is a ${what(a)} while file ${right}/${name} is a ${what(b)}\n`);
        status = Math.max(status, 1);
      } else if (a?.type === 'dir' && b?.type === 'dir' && !options.has('r'))
        await proc.print(`Common subdirectories: ${left}/${name} and ${right}/${name}\n`);
      else status = Math.max(status, await this.run(`${left}/${name}`, `${right}/${name}`, true));
    }
    return status;
  }
}

function shaper(options: Options): (line: string) => string {
  return (line) => {
    let text = line;
    if (options.has('w')) text = text.replace(/\s+/g, '');
    else if (options.has('b')) text = text.replace(/\s+/g, ' ').trimEnd();
    else if (options.has('Z')) text = text.trimEnd();
    if (options.has('i')) text = text.toLowerCase();
    return text;
  };
}

/** A pattern of file names. */
function named(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  return new RegExp(`^${source}$`);
}

/** The hunks of a unified diff; `heading` gives what stands behind the second `@@`, by the index of the first line shown. */
export function unifiedHunks(a: string, b: string, context: number, heading: (line: number) => string): string {
  const sides = { a: split(a), b: split(b) };
  const hunks = differences(sides.a, sides.b, (line) => line, context);
  return unified(sides, grouped(hunks, context), context, PLAIN, heading);
}

const PLAIN: Dress = { colour: false, tab: false, expand: false };

/** How many lines were added and taken away. */
export function lineCounts(a: string, b: string): { added: number; removed: number } {
  const hunks = differences(split(a), split(b), (line) => line);
  const sum = (side: 'a' | 'b') => hunks.reduce((total, hunk) => total + hunk[side][1] - hunk[side][0], 0);
  return { added: sum('b'), removed: sum('a') };
}
