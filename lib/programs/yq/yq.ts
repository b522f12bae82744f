// yq, Mike Farah's: reads, changes and prints YAML and its neighbours, comments and quotes kept.
// The answers are those of v4.35; operators that came after it (min, max, first, omit, to_number, kind, //=) are known too.
// DIFFERS: no colours on a terminal; no XML, TOML and Lua; no front matter.
import { Errno, strerror } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { textOf } from '../tool';
import { type Context, DATE_FORMAT, descend, Evaluation, type Surroundings } from './evaluate';
import { decode, encode, FORMAT_NAMES, UNSUPPORTED } from './formats';
import { int, isTruthy, nothing, type YqNode } from './node';
import { OPERATORS, VOCABULARY } from './operators';
import { YqError } from './problem';

const VERSION = 'yq (https://github.com/mikefarah/yq/) version v4.35.2\n';
const USAGE = `Usage:
  yq [flags]
  yq [command]

Available Commands:
  eval             (default) Apply the expression to each document in each yaml file in sequence
  eval-all         Loads _all_ yaml documents of _all_ yaml files and runs expression once
  help             Help about any command
`;

/** Letters of flags without a value and with one. */
const SWITCHES: Record<string, string> = {
  colors: 'C',
  'exit-status': 'e',
  help: 'h',
  inplace: 'i',
  'no-colors': 'M',
  'no-doc': 'N',
  'null-input': 'n',
  'nul-output': '0',
  prettyPrint: 'P',
  tojson: 'j',
  unwrapScalar: 'r',
  verbose: 'v',
  version: 'V',
};
const VALUES: Record<string, string> = {
  expression: 'expression',
  'from-file': 'from-file',
  'front-matter': 'f',
  indent: 'I',
  'input-format': 'p',
  'output-format': 'o',
  'split-exp': 's',
};

interface Flags {
  has: Set<string>;
  values: Map<string, string>;
  /** `-r=false`. */
  off: Set<string>;
  words: string[];
}

class UsageError extends Error {}

export const yq: Program = async (proc) => {
  try {
    const flags = parseFlags(proc.argv.slice(1));
    if (flags.has.has('V')) {
      await proc.print(VERSION);
      return 0;
    }
    const [command] = flags.words;
    if (flags.has.has('h') || command === 'help') {
      await proc.print(USAGE);
      return 0;
    }
    const all = command === 'ea' || command === 'eval-all';
    if (all || command === 'e' || command === 'eval') flags.words.shift();
    return await new Run(proc, flags, all).run();
  } catch (error) {
    if (error instanceof UsageError) {
      await proc.complain(`Error: ${error.message}\n${USAGE}`);
      return 1;
    }
    if (!(error instanceof YqError)) throw error;
    await proc.complain(`Error: ${error.message}\n`);
    return 1;
  }
};

function parseFlags(argv: readonly string[]): Flags {
  const flags: Flags = { has: new Set(), values: new Map(), off: new Set(), words: [] };
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '--') {
      flags.words.push(...argv.slice(i + 1));
      break;
    }
    const long = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(word);
    if (long) {
      const [, name = '', given] = long;
      const known = SWITCHES[name];
      const valued = VALUES[name];
      if (known) toggle(flags, known, given);
      else if (valued) {
        const value = given ?? argv[++i];
        if (value === undefined) throw new UsageError(`flag needs an argument: --${name}`);
        flags.values.set(valued, value);
      } else throw new UsageError(`unknown flag: --${name}`);
      continue;
    }
    if (!/^-[^-]/.test(word)) {
      flags.words.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (Object.values(VALUES).includes(letter)) {
        const value = word.slice(at + 1).replace(/^=/, '') || argv[++i];
        if (value === undefined) throw new UsageError(`flag needs an argument: '${letter}' in ${word}`);
        flags.values.set(letter, value);
        break;
      }
      if (!Object.values(SWITCHES).includes(letter))
        throw new UsageError(`unknown shorthand flag: '${letter}' in ${word}`);
      const given = word.charAt(at + 1) === '=' ? word.slice(at + 2) : undefined;
      toggle(flags, letter, given);
      if (given !== undefined) break;
    }
  }
  return flags;
}

function toggle(flags: Flags, letter: string, given: string | undefined): void {
  if (given === 'false') flags.off.add(letter);
  else flags.has.add(letter);
}

class Run {
  private readonly evaluation: Evaluation;
  private out = '';
  private last: { document: number; file: number } | undefined;
  private matched = false;
  private count = 0;
  private readonly inPlace: boolean;

  constructor(
    private readonly proc: Process,
    private readonly flags: Flags,
    private readonly all: boolean,
  ) {
    this.inPlace = flags.has.has('i');
    this.evaluation = new Evaluation(surroundings(proc), OPERATORS, VOCABULARY);
  }

  async run(): Promise<number> {
    const { proc, flags } = this;
    if (flags.values.has('f')) throw new YqError('not supported: --front-matter');
    const { expression, files } = await this.operands();
    const nullInput = flags.has.has('n');
    if (this.inPlace && (files.length === 0 || files[0] === '-'))
      throw new YqError('write in place flag only applicable when giving an expression and at least one file');
    if (nullInput && files.length > 0) throw new YqError('cannot pass files in when using null-input flag');
    if (!nullInput && files.length === 0 && proc.stdin?.terminal) {
      await proc.print(USAGE);
      return 0;
    }
    const parsed = this.evaluation.parse(expression);
    const documents = nullInput ? [blank()] : await this.read(files.length > 0 ? files : ['-']);
    const input = nullInput ? 'yaml' : this.inputFormat(files[0] ?? '-');
    const context: Context = { nodes: [], variables: new Map(), together: this.all, dateFormat: DATE_FORMAT };
    const groups = this.all ? [documents] : documents.map((root) => [root]);
    try {
      for (const nodes of groups) {
        await proc.tick();
        const found = await this.evaluation.run(parsed, { ...context, nodes });
        for (const node of found) await this.show(node, input);
        if (!this.inPlace) await this.flush();
      }
    } finally {
      if (!this.inPlace) await this.flush();
    }
    if (this.inPlace) {
      const path = files[0] as string;
      try {
        proc.files.write(path, this.out);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        throw new YqError(`open ${path}: ${strerror(error).toLowerCase()}`);
      }
    }
    if (flags.has.has('e') && !this.matched) throw new YqError('no matches found');
    return 0;
  }

  private async flush(): Promise<void> {
    const text = this.out;
    this.out = '';
    if (text) await this.proc.print(text);
  }

  private async operands(): Promise<{ expression: string; files: string[] }> {
    const { proc, flags } = this;
    const words = [...flags.words];
    const given = flags.values.get('expression');
    const file = flags.values.get('from-file');
    if (file !== undefined) {
      try {
        return { expression: proc.files.readText(file), files: words };
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        throw new YqError(`open ${file}: ${strerror(error).toLowerCase()}`);
      }
    }
    if (given !== undefined) return { expression: given, files: words };
    const [first] = words;
    if (first === undefined) return { expression: '', files: [] };
    // A word that names a file is one, unless it could be an expression and another follows.
    if (first === '-' || proc.files.find(first)?.type === 'file') return { expression: '', files: words };
    return { expression: first, files: words.slice(1) };
  }

  private inputFormat(path: string): string {
    const given = this.flags.values.get('p');
    const name = given ?? 'auto';
    if (UNSUPPORTED.test(name)) throw new YqError(`not supported: reading ${name}`);
    const format = FORMAT_NAMES[name];
    if (!format) throw new YqError(`unknown format '${name}' please use [yaml|json|props|csv|tsv|xml|toml]`);
    if (format !== 'auto') return format;
    const extension = /\.(\w+)$/.exec(path)?.[1] ?? '';
    if (UNSUPPORTED.test(extension) && /^(xml|toml)$/.test(extension))
      throw new YqError(`not supported: reading ${extension}`);
    return { json: 'json', properties: 'props', csv: 'csv', tsv: 'tsv' }[extension] ?? 'yaml';
  }

  private async read(files: readonly string[]): Promise<YqNode[]> {
    const documents: YqNode[] = [];
    for (const [i, path] of files.entries()) {
      let source: string;
      try {
        source = await textOf(this.proc, path);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        throw new YqError(`${error.code === 'EISDIR' ? 'read' : 'open'} ${path}: ${strerror(error).toLowerCase()}`);
      }
      try {
        const found = decode(source, this.inputFormat(path), path, i);
        found.forEach((root, at) => {
          root.file = path;
          root.fileIndex = i;
          if (root.document === 0) root.document = at;
        });
        documents.push(...found);
      } catch (error) {
        if (error instanceof YqError && error.message.startsWith('yaml:'))
          throw new YqError(`bad file '${path}': ${error.message}`);
        throw error;
      }
    }
    if (documents.length > 0 || files.length === 0) return documents;
    return [blank()];
  }

  private outputFormat(input: string): string {
    if (this.flags.has.has('j')) return 'json';
    const name = this.flags.values.get('o') ?? 'auto';
    if (UNSUPPORTED.test(name)) throw new YqError(`not supported: writing ${name}`);
    const format = FORMAT_NAMES[name];
    if (!format) throw new YqError(`unknown format '${name}' please use [yaml|json|props|csv|tsv|xml|toml|shell|lua]`);
    if (format !== 'auto') return format;
    return this.flags.values.has('p') ? 'yaml' : input;
  }

  private async show(node: YqNode, input: string): Promise<void> {
    const { flags } = this;
    if (isTruthy(node)) this.matched = true;
    const format = this.outputFormat(input);
    const indent = Number(flags.values.get('I') ?? 2);
    const unwrap = !flags.off.has('r') && (format === 'yaml' || format === 'props' || flags.has.has('r'));
    if (flags.has.has('P')) for (const each of descend(node, true)) each.style = '';
    const raw = unwrap && format === 'json' && node.real.kind === 'scalar' && node.real.tag === '!!str';
    const shown = raw ? `${node.real.value}\n` : encode(format === 'yaml' ? node : node.real, format, indent, unwrap);
    const ended = flags.has.has('0')
      ? `${shown.replace(/\n$/, '')}\0`
      : shown.endsWith('\n') || shown === ''
        ? shown
        : `${shown}\n`;
    const split = flags.values.get('s');
    const at = { document: node.document, file: node.fileIndex };
    const changes = this.last && (this.last.document !== at.document || this.last.file !== at.file);
    const parted = changes && format === 'yaml' && !flags.has.has('N') && !node.leading.startsWith('---');
    this.last = at;
    const whole = parted ? `---\n${ended}` : ended;
    if (split !== undefined) return this.write(split, node, whole, format);
    this.out += whole;
  }

  /** `-s`: each result into a file of its own. */
  private async write(expression: string, node: YqNode, shown: string, format: string): Promise<void> {
    const variables = new Map([['index', [int(this.count++)]]]);
    const context: Context = { nodes: [node], variables, together: false, dateFormat: DATE_FORMAT };
    const [name] = await this.evaluation.run(this.evaluation.parse(expression), context);
    const path = name?.value ?? '';
    const extension = { json: 'json', props: 'properties' }[format] ?? (format === 'yaml' ? 'yml' : format);
    this.proc.files.write(/\.\w+$/.test(path) ? path : `${path}.${extension}`, shown);
  }
}

const blank = (): YqNode => Object.assign(nothing(), { value: '' });

const surroundings = (proc: Process): Surroundings => ({
  env: proc.env,
  now: () => proc.machine.clock.now(),
  readFile: (path) => proc.files.readText(path),
  random: (below) => proc.machine.random.int(below),
  tick: () => proc.tick(),
});
