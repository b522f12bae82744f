// grep, egrep and fgrep. Lines are printed as they come, so that `tail -f log | grep x` shows them at once.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { about, version } from './about';
import { getopt, type Options } from './getopt';
import { compilePattern, PatternError, translate } from './regex';
import { chunks, fail, lines, textOf } from './tool';

const LINES_PER_TICK = 64;

const SHORT = 'A:abB:cC:d:D:Ee:Ff:GHhIilLm:noPqRrsTUuvVwxyzZ';
const LONG = {
  'after-context=': 'A',
  'basic-regexp': 'G',
  'before-context=': 'B',
  'binary-files=': 'binary-files',
  'byte-offset': 'b',
  'color=': 'color',
  'colour=': 'color',
  'context=': 'C',
  count: 'c',
  'dereference-recursive': 'R',
  'directories=': 'd',
  'exclude=': 'exclude',
  'exclude-dir=': 'exclude-dir',
  'extended-regexp': 'E',
  'file=': 'f',
  'files-with-matches': 'l',
  'files-without-match': 'L',
  'fixed-strings': 'F',
  'group-separator=': 'group-separator',
  'no-group-separator': 'no-group-separator',
  'ignore-case': 'i',
  'include=': 'include',
  'initial-tab': 'T',
  'invert-match': 'v',
  'label=': 'label',
  'line-buffered': 'line-buffered',
  'line-number': 'n',
  'line-regexp': 'x',
  'max-count=': 'm',
  'no-filename': 'h',
  'no-ignore-case': 'no-ignore-case',
  'no-messages': 's',
  null: 'Z',
  'null-data': 'z',
  'only-matching': 'o',
  'perl-regexp': 'P',
  quiet: 'q',
  recursive: 'r',
  'regexp=': 'e',
  silent: 'q',
  text: 'a',
  'with-filename': 'H',
  'word-regexp': 'w',
};
const USAGE = "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n";

/** `-NUM`, also behind letters that take no value, is `-C NUM`. */
const NUMBERED = /^-([abcEFGHhIiLlnoPqRrsTUuvwxyzZ]*)(\d+)$/;

export const grep: Program = async (proc) => {
  const argv = proc.argv.map((arg, i) =>
    i > 0 && NUMBERED.test(arg)
      ? arg.replace(NUMBERED, '-$1C$2')
      : arg === '--color' || arg === '--colour'
        ? '--color=auto'
        : arg,
  );
  const options = getopt(argv, SHORT, LONG);
  for (const letter of ['A', 'B', 'C'])
    if (options.has(letter) && !/^\d+$/.test(options.get(letter) ?? ''))
      return fail(proc, `${options.get(letter)}: invalid context length argument`, 2);
  if (options.has('m') && !/^-?\d+$/.test(options.get('m') ?? '')) return fail(proc, 'invalid max count', 2);
  if (options.has('V')) return version(proc);
  if (options.about) return about(proc, options);
  if (['E', 'F', 'G', 'P'].filter((letter) => options.has(letter)).length > 1)
    return fail(proc, 'conflicting matchers specified', 2);
  if (options.error !== undefined) {
    await proc.complain(`${options.error}\n${USAGE}`);
    return 2;
  }
  const files = [...options.rest];
  try {
    const patterns = [...options.all('e').flatMap((text) => text.split('\n'))];
    for (const path of options.all('f')) {
      const text = path === '-' ? await textOf(proc, '-') : proc.files.readText(path);
      patterns.push(...text.replace(/\n$/, '').split('\n'));
    }
    if (!options.has('e') && !options.has('f')) {
      const first = files.shift();
      if (first === undefined) {
        await proc.complain(USAGE);
        return 2;
      }
      patterns.push(...first.split('\n'));
    }
    return await new Search(proc, options, matcher(proc, options, patterns)).run(files);
  } catch (error) {
    if (error instanceof PatternError) return fail(proc, error.message, 2);
    if (error instanceof Errno) return fail(proc, `${error.subject}: ${strerror(error)}`, 2);
    throw error;
  }
};

/** Perl's `\\K`, which leaves out what was matched before, and `(?i)` at the beginning, as JavaScript has them. */
function perlSource(pattern: string): string {
  const plain = pattern.replace(/^\(\?i\)/, '').replaceAll('\\h', '[ \\t]');
  const at = plain.indexOf('\\K');
  return at < 0 ? plain : `(?<=${plain.slice(0, at)})${plain.slice(at + 2)}`;
}

/** A class of characters that lacks its outer brackets is refused. */
function checked(pattern: string): string {
  const bare = /(?:^|[^[\\])\[(:[a-z]+:)\](?!\])/.exec(pattern)?.[1];
  if (bare) throw new PatternError(`character class syntax is [[${bare}]], not [${bare}]`);
  return pattern;
}

function matcher(proc: Process, options: Options, patterns: string[]): RegExp {
  const extended = options.has('E') || proc.name === 'egrep';
  const fixed = options.has('F') || proc.name === 'fgrep';
  const sources = patterns.map((pattern) => {
    const source = fixed
      ? pattern.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
      : options.has('P')
        ? perlSource(pattern)
        : translate(checked(pattern), extended);
    if (options.has('x')) return `^(?:${source})$`;
    return options.has('w') ? `(?<!\\w)(?:${source})(?!\\w)` : `(?:${source})`;
  });
  const ignoresCase = options.has('P') && patterns.some((pattern) => pattern.startsWith('(?i)'));
  return compilePattern(
    sources.join('|'),
    (options.has('i') || options.has('y') || ignoresCase) && !options.has('no-ignore-case') ? 'gi' : 'g',
  );
}

const MATCH_COLOR = ['\x1b[01;31m\x1b[K', '\x1b[m\x1b[K'];

interface Line {
  text: string;
  /** From 1. */
  number: number;
  /** Of its first byte, from 0; only counted with -b. */
  offset: number;
}

class Search {
  private selected = false;
  private failed = false;
  private readonly color: boolean;
  private names = false;
  private printed = false;

  constructor(
    private readonly proc: Process,
    private readonly options: Options,
    private readonly pattern: RegExp,
  ) {
    const color = options.get('color');
    this.color = color === 'always' || (color === 'auto' && proc.stdout.terminal !== undefined);
  }

  async run(files: string[]): Promise<number> {
    const { options } = this;
    const recursive = options.has('r') || options.has('R') || options.get('d') === 'recurse';
    const targets = files.length > 0 ? files : recursive ? ['.'] : ['-'];
    this.names =
      !options.has('h') &&
      (options.has('H') || targets.length > 1 || (recursive && this.proc.files.find(targets[0] ?? '')?.type === 'dir'));
    for (const target of targets) {
      for (const path of recursive ? this.tree(target, files.length === 0) : [target]) {
        await this.file(path, recursive);
        if (this.selected && options.has('q')) return 0;
      }
    }
    return this.failed && !(this.selected && options.has('q')) ? 2 : this.selected ? 0 : 1;
  }

  private *tree(path: string, bare: boolean): Generator<string> {
    const stat = this.proc.files.find(path);
    if (stat?.type !== 'dir') {
      yield path;
      return;
    }
    const { options } = this;
    for (const name of this.proc.files.list(path)) {
      const at = bare && path === '.' ? name : `${path.replace(/\/$/, '')}/${name}`;
      const isDirectory = this.proc.files.find(at)?.type === 'dir';
      if (isDirectory && options.all('exclude-dir').some((glob) => globMatches(glob, name))) continue;
      if (!isDirectory && options.has('include') && !options.all('include').some((glob) => globMatches(glob, name)))
        continue;
      if (!isDirectory && options.all('exclude').some((glob) => globMatches(glob, name))) continue;
      yield* this.tree(at, false);
    }
  }

  private async file(path: string, recursive: boolean): Promise<void> {
    const { options } = this;
    try {
      if (path !== '-' && this.proc.files.stat(path).type === 'dir') {
        const skips = options.get('d') === 'skip' || recursive;
        if (skips) return;
        this.failed = true;
        if (!options.has('s')) await fail(this.proc, `${path}: Is a directory`, 2);
        return;
      }
      await this.search(path);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.failed = true;
      if (!options.has('s')) await fail(this.proc, `${path}: ${strerror(error)}`, 2);
    }
  }

  private async search(path: string): Promise<void> {
    const { options, proc } = this;
    const name = path === '-' ? (options.get('label') ?? '(standard input)') : path;
    const quiet = options.has('q') || options.has('l') || options.has('L') || options.has('c');
    const limit = Number(options.get('m') ?? Number.POSITIVE_INFINITY);
    const after = Number(options.get('A') ?? options.get('C') ?? 0);
    const before = Number(options.get('B') ?? options.get('C') ?? 0);
    const end = options.has('z') ? 0 : 10;
    const held: Line[] = [];
    let binary = false;
    const asText = options.has('a') || options.has('z') || options.get('binary-files') === 'text';
    const watched = async function* (source: AsyncIterable<Uint8Array>) {
      for await (const chunk of source) {
        binary ||= !asText && chunk.includes(0);
        yield chunk;
      }
    };
    let offset = 0;
    let count = 0;
    let number = 0;
    let trailing = 0;
    let lastShown = 0;
    for await (const text of lines(watched(chunks(proc, path)), end)) {
      number++;
      if (number % LINES_PER_TICK === 0) await proc.tick(LINES_PER_TICK);
      const line: Line = { text, number, offset };
      if (options.has('b')) offset += Buffer.byteLength(text) + 1;
      if (count >= limit && trailing === 0) break;
      const hit = count < limit && this.matches(text) !== options.has('v');
      if (hit) {
        count++;
        this.selected = true;
        if (options.has('q') || options.has('l')) break;
        if (binary && options.get('binary-files') === 'without-match') break;
        if (binary && !quiet) {
          await proc.complain(`grep: ${name}: binary file matches\n`);
          return;
        }
        if (!quiet) {
          const first = held[0]?.number ?? number;
          const isApart = (after > 0 || before > 0) && this.printed && first > lastShown + 1;
          const between = options.get('group-separator') ?? '--';
          if (isApart && !options.has('no-group-separator')) await proc.print(`${between}\n`);
          for (const earlier of held) await this.print(name, earlier, '-');
          held.length = 0;
          await this.print(name, line, ':');
          lastShown = number;
          trailing = after;
        }
        continue;
      }
      if (trailing > 0 && !quiet) {
        trailing--;
        await this.print(name, line, '-');
        lastShown = number;
      } else if (before > 0) {
        held.push(line);
        if (held.length > before) held.shift();
      }
    }
    if (options.has('c')) await proc.print(`${this.names ? name + (options.has('Z') ? '\0' : ':') : ''}${count}\n`);
    const nameEnd = options.has('Z') ? '\0' : '\n';
    if (options.has('l') && count > 0) await proc.print(name + nameEnd);
    if (options.has('L') && count === 0) await proc.print(name + nameEnd);
  }

  private matches(line: string): boolean {
    this.pattern.lastIndex = 0;
    return this.pattern.test(line);
  }

  private async print(name: string, { text: line, number, offset }: Line, separator: string): Promise<void> {
    this.printed = true;
    const { options } = this;
    const end = options.has('z') ? '\0' : '\n';
    const paint = (text: string, code: string) => (this.color ? `\x1b[${code}m\x1b[K${text}\x1b[m\x1b[K` : text);
    const joint = paint(separator, '36');
    const tab = options.has('T');
    const head = (from: number) => {
      const parts = [
        ...(this.names ? [paint(name, '35') + (options.has('Z') ? '\0' : joint)] : []),
        ...(options.has('n') ? [paint(tab ? String(number).padStart(4) : String(number), '32') + joint] : []),
        ...(options.has('b') ? [paint(String(from), '32') + joint] : []),
      ];
      return parts.length > 0 && tab ? `${parts.join('')}\t` : parts.join('');
    };
    if (options.has('o')) {
      if (separator === '-' || options.has('v')) return;
      this.pattern.lastIndex = 0; // a test of the line moved it
      for (const { 0: match, index } of line.matchAll(this.pattern))
        if (match !== '')
          await this.proc.print(
            `${head(offset + Buffer.byteLength(line.slice(0, index)))}${this.highlight(match)}${end}`,
          );
      return;
    }
    const text =
      this.color && separator === ':' && !options.has('v')
        ? line.replace(this.pattern, (match) => this.highlight(match))
        : line;
    await this.proc.print(`${head(offset)}${text}${end}`);
  }

  private highlight(text: string): string {
    return this.color && text !== '' ? MATCH_COLOR.join(text) : text;
  }
}

const globMatches = (glob: string, name: string): boolean =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(name);
