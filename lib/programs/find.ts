// find.

import { Errno, strerror } from '../machine/errno';
import type { Stat } from '../machine/files';
import type { Process, Program } from '../machine/process';
import { compile, patternSource } from '../shell/pattern';
import { strftime } from '../shell/strftime';
import { version } from './about';
import { parseMode } from './chmod';
import { type File, FindError, fileTest, LETTERS, numeric, type Test } from './find-tests';
import { inodeOf } from './ls';
import { compilePattern, translate } from './regex';
import { confirm } from './rm';
import { modeText, nameOfGroup, nameOfUser } from './stat-text';
import { fail, quote } from './tool';

export const find: Program = async (proc) => {
  const args = proc.argv.slice(1);
  if (args.some((arg) => /^--?version$/.test(arg))) return version(proc);
  const follows = args.includes('-L');
  const words = args.filter((arg) => !/^-[HLP]$/.test(arg));
  const firstTest = words.findIndex((word) => /^[-(!]/.test(word));
  const starts = firstTest < 0 ? words : words.slice(0, firstTest);
  const search = new Search(proc, follows);
  try {
    search.parse(firstTest < 0 ? [] : words.slice(firstTest));
  } catch (error) {
    if (error instanceof FindError) return fail(proc, error.message);
    throw error;
  }
  for (const start of starts.length > 0 ? starts : ['.']) await search.visit(start, 0);
  await search.finish();
  return search.status;
};

class Search {
  status = 0;
  private test: Test = () => true;
  private acts = false;
  private minDepth = 0;
  private maxDepth = Number.POSITIVE_INFINITY;
  private depthFirst = false;
  private pruned = false;
  private quits = false;
  private extended = false;
  private words: string[] = [];
  private at = 0;
  private readonly batches: { argv: string[]; paths: string[] }[] = [];

  constructor(
    private readonly proc: Process,
    private readonly follows: boolean,
  ) {}

  parse(words: string[]): void {
    this.words = words;
    if (words.length > 0) {
      const test = this.list();
      if (words[this.at] === ')') throw new FindError("you have too many ')'");
      if (this.at < words.length) throw new FindError(`paths must precede expression: \`${words[this.at]}'`);
      this.test = test;
    }
    if (this.acts) return;
    const { test } = this;
    this.test = async (file) => (await test(file)) && this.print(`${file.path}\n`);
  }

  async visit(path: string, depth: number, start = path): Promise<void> {
    if (this.quits) return;
    await this.proc.tick();
    let stat: Stat;
    try {
      stat = (this.follows ? this.proc.files.find(path) : undefined) ?? this.proc.files.stat(path, false);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.status = await fail(this.proc, `${quote(this.proc, path)}: ${strerror(error)}`);
      return;
    }
    this.pruned = false;
    const file = { path, depth, stat, start };
    const shown = depth >= this.minDepth;
    if (!this.depthFirst && shown) await this.test(file);
    if (stat.type === 'dir' && !this.pruned && depth < this.maxDepth) await this.below(path, depth, start);
    if (this.depthFirst && shown) await this.test(file);
  }

  private async below(path: string, depth: number, start: string): Promise<void> {
    try {
      for (const name of this.proc.files.list(path))
        await this.visit(`${path.replace(/\/$/, '')}/${name}`, depth + 1, start);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.status = await fail(this.proc, `${quote(this.proc, path)}: ${strerror(error)}`);
    }
  }

  /** Runs what `-exec … +` gathered. */
  async finish(): Promise<void> {
    for (const { argv, paths } of this.batches)
      if (paths.length > 0) await this.run(argv.flatMap((word) => (word === '{}' ? paths : [word])));
  }

  private async print(text: string): Promise<boolean> {
    await this.proc.print(text);
    return true;
  }

  private async run(argv: string[], cwd = this.proc.cwd): Promise<boolean> {
    try {
      return (await this.proc.run(argv, { cwd })).code === 0;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await fail(this.proc, `${quote(this.proc, argv[0] ?? '')}: ${strerror(error)}`);
      return false;
    }
  }

  /** With `,` between: all are looked at, and the last one counts. */
  private list(): Test {
    let left = this.or();
    while (this.words[this.at] === ',') {
      this.at++;
      const [a, b] = [left, this.or()];
      left = async (file) => {
        await a(file);
        return b(file);
      };
    }
    return left;
  }

  private or(): Test {
    let left = this.and();
    while (this.words[this.at] === '-o' || this.words[this.at] === '-or') {
      this.at++;
      const [a, b] = [left, this.and()];
      left = async (file) => (await a(file)) || b(file);
    }
    return left;
  }

  private and(): Test {
    let left = this.not();
    while (this.at < this.words.length && !/^(-o|-or|\)|,)$/.test(this.words[this.at] as string)) {
      if (/^-(a|and)$/.test(this.words[this.at] as string)) this.at++;
      const [a, b] = [left, this.not()];
      left = async (file) => (await a(file)) && b(file);
    }
    return left;
  }

  private not(): Test {
    const word = this.words[this.at];
    if (word === '!' || word === '-not') {
      this.at++;
      const test = this.not();
      return async (file) => !(await test(file));
    }
    if (word !== '(') return this.primary();
    this.at++;
    const test = this.list();
    if (this.words[this.at++] !== ')')
      throw new FindError("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
    return test;
  }

  private value(name: string): string {
    const value = this.words[this.at++];
    if (value === undefined) throw new FindError(`missing argument to \`${name}'`);
    return value;
  }

  private primary(): Test {
    const name = this.words[this.at++] ?? '';
    switch (name) {
      case '-name':
      case '-iname':
        return this.matching(this.value(name), name === '-iname', ({ path }) =>
          path.replace(/(.)\/+$/, '$1').replace(/^.*\/(?=.)/, ''),
        );
      case '-path':
      case '-wholename':
      case '-ipath':
        return this.matching(this.value(name), name === '-ipath', ({ path }) => path);
      case '-regextype':
        this.extended = /posix-extended|egrep|awk/.test(this.value(name));
        return () => true;
      case '-regex':
      case '-iregex': {
        const source = translate(this.value(name), this.extended);
        const pattern = compilePattern(`^(?:${source})$`, name === '-iregex' ? 'i' : '');
        return ({ path }) => pattern.test(path);
      }
      case '-type': {
        const kinds = this.value(name);
        if (!/^[bcdpfls](,[bcdpfls])*$/.test(kinds)) throw new FindError(`Unknown argument to -type: ${kinds}`);
        return ({ stat }) => kinds.includes(LETTERS[stat.type]);
      }
      case '-empty':
        return ({ path, stat }) =>
          stat.type === 'dir' ? this.proc.files.list(path).length === 0 : stat.type === 'file' && stat.size === 0;
      case '-size':
        return this.sized(this.value(name));
      case '-perm': {
        const text = this.value(name);
        const mode = parseMode(text.replace(/^[-/]/, ''), 0);
        if (mode === undefined) throw new FindError(`invalid mode ${quote(this.proc, text)}`);
        if (text.startsWith('-')) return ({ stat }) => (stat.mode & mode) === mode;
        return text.startsWith('/') ? ({ stat }) => (stat.mode & mode) !== 0 : ({ stat }) => stat.mode === mode;
      }
      case '-true':
        return () => true;
      case '-false':
        return () => false;
      case '-maxdepth':
      case '-mindepth':
        return this.depthOption(name);
      case '-depth':
        this.depthFirst = true;
        return () => true;
      case '-xdev':
      case '-mount':
      case '-daystart':
        return () => true;
      default:
        return fileTest(this.proc, name, () => this.value(name)) ?? this.action(name);
    }
  }

  private depthOption(name: string): Test {
    const text = this.value(name);
    if (!/^\d+$/.test(text))
      throw new FindError(`Expected a positive decimal integer argument to ${name}, but got ${quote(this.proc, text)}`);
    if (name === '-maxdepth') this.maxDepth = Number(text);
    else this.minDepth = Number(text);
    return () => true;
  }

  private matching(pattern: string, ignoreCase: boolean, of: (file: File) => string): Test {
    const regex = compile(`^(?:${patternSource(pattern)})$`, ignoreCase ? 'iu' : 'u');
    return (file) => regex.test(of(file));
  }

  private sized(text: string): Test {
    const match = /^([-+]?\d+)([bcwkMG]?)$/.exec(text);
    if (!match) throw new FindError(`invalid -size type \`${text.slice(-1)}'`);
    const unit = { c: 1, w: 2, b: 512, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match[2] || 'b'] ?? 512;
    const compare = numeric(match[1] as string);
    return ({ stat }) => compare?.(Math.ceil(stat.size / unit)) ?? false;
  }

  private action(name: string): Test {
    if (name === '-prune')
      return () => {
        this.pruned = true;
        return true;
      };
    this.acts = true;
    switch (name) {
      case '-print':
        return ({ path }) => this.print(`${path}\n`);
      case '-print0':
        return ({ path }) => this.print(`${path}\0`);
      case '-printf': {
        const format = this.value(name);
        return (file) => this.print(this.format(format, file));
      }
      case '-ls':
        return ({ path, stat }) =>
          this.print(
            `${String(inodeOf(stat.path)).padStart(9)} ${String(Math.ceil(stat.size / 1024)).padStart(6)} ${modeText(stat)} ${stat.type === 'dir' ? ' 2' : ' 1'} ${nameOfUser(this.proc, stat.uid).padEnd(8)} ${nameOfGroup(this.proc, stat.gid).padEnd(8)} ${String(stat.size).padStart(8)} ${strftime('%b %e %H:%M', stat.mtime)} ${path}\n`,
          );
      case '-delete':
        this.depthFirst = true;
        return ({ path, stat }) => this.delete(path, stat);
      case '-quit':
        return () => {
          this.quits = true;
          return true;
        };
      case '-exec':
      case '-execdir':
      case '-ok':
        return this.exec(name);
      default:
        throw new FindError(`unknown predicate \`${name}'`);
    }
  }

  private async delete(path: string, stat: Stat): Promise<boolean> {
    try {
      if (stat.type === 'dir') this.proc.files.rmdir(path);
      else this.proc.files.unlink(path);
      return true;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.status = await fail(this.proc, `cannot delete ${quote(this.proc, path)}: ${strerror(error)}`);
      return false;
    }
  }

  private exec(name: string): Test {
    const argv: string[] = [];
    for (;;) {
      const word = this.words[this.at++];
      if (word === undefined) throw new FindError(`missing argument to \`${name}'`);
      if (word === ';')
        return async ({ path }) => {
          const [, dir = '.', base = path] = name === '-execdir' ? (/^(.*)\/([^/]+)$/.exec(path) ?? []) : [];
          const shown = name === '-execdir' ? `./${base}` : path;
          const words = argv.map((part) => part.replaceAll('{}', shown));
          const cwd = name === '-execdir' ? this.proc.files.realpath(dir) : this.proc.cwd;
          return (name !== '-ok' || (await this.agrees(argv, path))) && this.run(words, cwd);
        };
      if (word === '+' && argv.at(-1) === '{}') break;
      argv.push(word);
    }
    const batch = { argv, paths: [] as string[] };
    this.batches.push(batch);
    return ({ path }) => {
      batch.paths.push(path);
      return true;
    };
  }

  /** Asks before a command is run, as -ok does. */
  private agrees(argv: string[], path: string): Promise<boolean> {
    return confirm(this.proc, `< ${argv[0]} ... ${path} > ? `);
  }

  private format(format: string, { path, depth, stat, start }: File): string {
    const values: Record<string, string> = {
      p: path,
      f: path.replace(/^.*\/(?=.)/, ''),
      P: path.slice(start.length).replace(/^\//, ''),
      H: start,
      i: String(inodeOf(stat.path)),
      n: stat.type === 'dir' ? '2' : '1',
      k: String(Math.ceil(stat.size / 1024)),
      b: String(Math.ceil(stat.size / 4096) * 8),
      h: path.includes('/') ? path.replace(/\/[^/]*$/, '') : '.',
      s: String(stat.size),
      m: stat.mode.toString(8),
      M: modeText(stat),
      u: nameOfUser(this.proc, stat.uid),
      g: nameOfGroup(this.proc, stat.gid),
      U: String(stat.uid),
      G: String(stat.gid),
      y: LETTERS[stat.type],
      d: String(depth),
      l: stat.target ?? '',
      t: strftime('%a %b %e %H:%M:%S %Y', stat.mtime),
      '%': '%',
    };
    return format
      .replace(/%(T.|.)/g, (whole, code: string) =>
        code.length > 1
          ? strftime(code.charAt(1) === '@' ? '%s' : `%${code.charAt(1)}`, stat.mtime)
          : (values[code] ?? whole),
      )
      .replace(/\\([nt0\\])/g, (_, code: string) => ({ n: '\n', t: '\t', '0': '\0', '\\': '\\' })[code] ?? code);
  }
}
