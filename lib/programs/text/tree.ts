// tree 1.8, as RHEL has it.
// DIFFERS: no colours (-C is taken, nothing is coloured), no XML and HTML.
import type { Stat } from '../../machine/files';
import type { Process, Program } from '../../machine/process';
import { strftime } from '../../shell/strftime';
import { getopt, type Options } from '../getopt';
import { inodeOf } from '../ls';
import { humanSize, modeText, nameOfGroup, nameOfUser } from '../stat-text';
import { fail } from '../tool';

const LONG = {
  'charset=': 'charset',
  dirsfirst: 'dirsfirst',
  'filelimit=': 'filelimit',
  'ignore-case': 'ignore-case',
  inodes: 'inodes',
  matchdirs: 'matchdirs',
  noreport: 'noreport',
  prune: 'prune',
  'sort=': 'sort',
};
const USAGE = `usage: tree [-acdfghilnpqrstuvxACDFJQNSUX] [-L level [-R]] [-H  baseHREF]
	[-T title] [-o filename] [-P pattern] [-I pattern] [--gitignore]
`;

interface Node {
  name: string;
  path: string;
  stat: Stat;
  /** What is in a directory that was opened. */
  children?: Node[];
  /** Why it was not. */
  closed?: string;
}

export const tree: Program = async (proc) => {
  const options = getopt(proc.argv, 'aACdDfFghH:iI:JlL:nNo:pP:qQrRsStT:uUvxX', LONG);
  if (options.about === 'version') {
    await proc.print(
      'tree v1.8.0 (c) 1996 - 2018 by Steve Baker, Thomas Moore, Francesc Rocher, Florian Sesser, Kyosuke Tokoro\n',
    );
    return 0;
  }
  if (options.error !== undefined) {
    const word = proc.argv.slice(1).find((arg) => arg.startsWith('--') && arg.length > 2);
    const letter = /'(.)'$/.exec(options.error)?.[1];
    if (/requires an argument/.test(options.error)) return fail(proc, `missing argument to -${letter} option.`);
    await proc.complain(
      /unrecognized/.test(options.error)
        ? `tree: Invalid argument \`${word}'.\n${USAGE}`
        : `tree: Invalid argument -\`${letter}'.\n${USAGE}`,
    );
    return 1;
  }
  for (const letter of ['X', 'H']) if (options.has(letter)) return fail(proc, `not supported: -${letter}`);
  const level = Number(options.get('L') ?? Number.POSITIVE_INFINITY);
  if (!(level > 0)) return fail(proc, 'Invalid level, must be greater than 0.');
  const walk = new Walk(proc, options, level);
  const roots: Node[] = [];
  for (const path of options.rest.length > 0 ? options.rest : ['.']) {
    const stat = proc.files.find(path);
    roots.push(
      stat?.type === 'dir'
        ? await walk.open({ name: path, path, stat }, 1)
        : { name: path, path, stat: stat as Stat, closed: 'error opening dir' },
    );
  }
  const text = options.has('J') ? inJson(roots, walk) : drawn(proc, roots, walk, options);
  const file = options.get('o');
  if (file === undefined) await proc.print(text);
  else proc.files.write(file, text);
  return roots.some(({ closed }) => closed === 'error opening dir') ? 2 : 0;
};

class Walk {
  directories = 0;
  files = 0;
  private readonly shown: RegExp[];
  private readonly hidden: RegExp[];

  constructor(
    private readonly proc: Process,
    readonly options: Options,
    private readonly level: number,
  ) {
    const patterns = (letter: string) =>
      options
        .all(letter)
        .flatMap((list) => list.split('|'))
        .map((each) => glob(each, options.has('ignore-case')));
    this.shown = patterns('P');
    this.hidden = patterns('I');
  }

  /** A directory with what is in it, down to the level. */
  async open(node: Node, depth: number): Promise<Node> {
    await this.proc.tick();
    let names: string[];
    try {
      names = this.proc.files.list(node.path);
    } catch {
      return { ...node, closed: 'error opening dir' };
    }
    const limit = Number(this.options.get('filelimit') ?? Number.POSITIVE_INFINITY);
    if (names.length > limit) return { ...node, closed: `${names.length} entries exceeds filelimit, not opening dir` };
    const children: Node[] = [];
    for (const name of names) {
      const path = node.path.endsWith('/') ? `${node.path}${name}` : `${node.path}/${name}`;
      const stat = this.proc.files.find(path, false);
      if (!stat || !this.wanted(name, path, stat)) continue;
      const child = { name, path, stat };
      const descends = stat.type === 'dir' || (this.options.has('l') && this.isDirectory(path));
      children.push(descends && depth < this.level ? await this.open(child, depth + 1) : child);
    }
    const kept = this.options.has('prune')
      ? children.filter((child) => child.stat.type !== 'dir' || (child.children?.length ?? 0) > 0)
      : children;
    return { ...node, children: this.sorted(kept) };
  }

  isDirectory(path: string): boolean {
    return this.proc.files.find(path)?.type === 'dir';
  }

  private wanted(name: string, path: string, stat: Stat): boolean {
    const { options } = this;
    if (name.startsWith('.') && !options.has('a')) return false;
    if (options.has('d') && !this.isDirectory(path)) return false;
    if (this.hidden.some((pattern) => pattern.test(name))) return false;
    if (this.shown.length === 0 || (stat.type === 'dir' && !options.has('matchdirs'))) return true;
    return this.shown.some((pattern) => pattern.test(name));
  }

  private sorted(nodes: Node[]): Node[] {
    const { options } = this;
    const by = options.has('t') ? 'mtime' : options.has('U') ? 'none' : (options.get('sort') ?? 'name');
    const compare = (a: Node, b: Node) => {
      if (by === 'mtime' && a.stat.mtime !== b.stat.mtime) return a.stat.mtime - b.stat.mtime;
      if (by === 'size' && a.stat.size !== b.stat.size) return b.stat.size - a.stat.size;
      return by === 'none' ? 0 : a.name < b.name ? -1 : 1;
    };
    const sorted = [...nodes].sort(compare);
    if (options.has('r')) sorted.reverse();
    if (!options.has('dirsfirst')) return sorted;
    const isDir = (node: Node) => node.stat.type === 'dir';
    return [...sorted.filter(isDir), ...sorted.filter((node) => !isDir(node))];
  }

  count(node: Node): void {
    if (this.isDirectory(node.path)) this.directories++;
    else this.files++;
  }
}

/** A pattern of names, `*`, `?` and classes. */
function glob(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  return new RegExp(`^${source}$`, ignoreCase ? 'i' : '');
}

function drawn(proc: Process, roots: Node[], walk: Walk, options: Options): string {
  const ascii = !/utf-?8/i.test(options.get('charset') ?? proc.env['LC_ALL'] ?? proc.env['LANG'] ?? 'UTF-8');
  const [tee, corner, bar] = ascii ? ['|-- ', '`-- ', '|   '] : ['├── ', '└── ', '│\u00a0\u00a0 '];
  let out = '';
  const line = (node: Node, before: string, root = false) => {
    const about = details(proc, node, options);
    const name = root || options.has('f') ? node.path : node.name;
    const quoted = options.has('Q') ? `"${name}"` : name;
    const link = node.stat?.type === 'link' ? ` -> ${node.stat.target}` : '';
    const closed = node.closed ? ` [${node.closed}]` : '';
    out += `${before}${about}${quoted}${root ? '' : mark(node, options)}${link}${closed}\n`;
  };
  const below = (node: Node, before: string) => {
    node.children?.forEach((child, i) => {
      const last = i === (node.children?.length ?? 0) - 1;
      walk.count(child);
      line(child, options.has('i') ? '' : before + (last ? corner : tee));
      below(child, before + (last ? '    ' : bar));
    });
  };
  for (const root of roots) {
    line(root, '', true);
    below(root, '');
  }
  return options.has('noreport') ? out : `${out}\n${report(walk, options)}\n`;
}

function report({ directories, files }: Walk, options: Options): string {
  const folders = `${directories} director${directories === 1 ? 'y' : 'ies'}`;
  return options.has('d') ? folders : `${folders}, ${files} file${files === 1 ? '' : 's'}`;
}

/** What `-F` puts behind a name. */
function mark({ stat }: Node, options: Options): string {
  if (!options.has('F') || !stat) return '';
  if (stat.type === 'dir') return '/';
  if (stat.type === 'fifo') return '|';
  return stat.type === 'file' && stat.mode & 0o111 ? '*' : '';
}

/** `[drwxr-xr-x student      4096]  `: what the options ask for, in tree's order. */
function details(proc: Process, { stat, path }: Node, options: Options): string {
  if (!stat) return '';
  const words = [
    ...(options.has('inodes') ? [String(inodeOf(path)).padStart(7)] : []),
    ...(options.has('p') ? [modeText(stat)] : []),
    ...(options.has('u') ? [nameOfUser(proc, stat.uid).padEnd(8)] : []),
    ...(options.has('g') ? [nameOfGroup(proc, stat.gid).padEnd(8)] : []),
    ...(options.has('h')
      ? [humanSize(stat.size).padStart(4)]
      : options.has('s')
        ? [String(stat.size).padStart(11)]
        : []),
    ...(options.has('D') ? [strftime('%b %e %H:%M', stat.mtime)] : []),
  ];
  return words.length > 0 ? `[${words.join(' ')}]  ` : '';
}

function inJson(roots: Node[], walk: Walk): string {
  const kind = ({ stat }: Node) =>
    ({ dir: 'directory', file: 'file', link: 'link', device: 'char', fifo: 'fifo' })[stat.type];
  const shown = (node: Node, indent: string): string => {
    const head = `${indent}{"type":"${kind(node)}","name":${JSON.stringify(walk.options.has('f') ? node.path : node.name)}`;
    const link = node.stat.type === 'link' ? `,"target":${JSON.stringify(node.stat.target)}` : '';
    if (!node.children) return `${head}${link}${node.stat.type === 'dir' ? ',"contents":[]' : ''}}`;
    for (const child of node.children) walk.count(child);
    const inside = node.children.map((child) => shown(child, `${indent}  `)).join(',\n');
    return `${head}${link},"contents":[\n${inside}\n${indent}]}`;
  };
  const all = roots.map((root) =>
    root.stat
      ? shown(root, '  ')
      : `  {"type":"directory","name":${JSON.stringify(root.name)}, "error": "opening dir"}`,
  );
  const end = walk.options.has('noreport')
    ? '\n]\n'
    : `\n,\n  {"type":"report","directories":${walk.directories}${walk.options.has('d') ? '' : `,"files":${walk.files}`}}\n]\n`;
  return `[\n${all.join(',\n')}${end}`;
}
