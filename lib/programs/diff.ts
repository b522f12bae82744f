// diff: normal, unified (-u) and brief (-q) output.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { strftime } from '../shell/strftime';
import { getopt, type Options } from './getopt';
import { fail, refused, textOf, usage } from './tool';

/** Lines from..to of the one side that stand for lines from..to of the other; ends exclusive. */
interface Hunk {
  a: [number, number];
  b: [number, number];
}

export const diff: Program = async (proc) => {
  const argv = proc.argv.map((arg) => (/^-\d+$/.test(arg) ? `-U${arg.slice(1)}` : arg));
  const options = getopt(argv, 'aBbiNqrsuU:wy', {
    brief: 'q',
    'ignore-case': 'i',
    'ignore-all-space': 'w',
    'ignore-space-change': 'b',
    'new-file': 'N',
    recursive: 'r',
    unified: 'u',
    'report-identical-files': 's',
    'color=': 'color',
  });
  const bad = await refused(proc, options, 2);
  if (bad !== undefined) return bad;
  const [left, right, extra] = options.rest;
  if (left === undefined) return usage(proc, `diff: missing operand after 'diff'`, 2);
  if (right === undefined) return usage(proc, `diff: missing operand after '${left}'`, 2);
  if (extra !== undefined) return usage(proc, `diff: extra operand '${extra}'`, 2);
  return compare(proc, options, left, right, false);
};

async function compare(proc: Process, options: Options, left: string, right: string, nested: boolean): Promise<number> {
  const kind = (path: string) => (path === '-' ? 'file' : proc.files.find(path)?.type);
  if (kind(left) === 'dir' && kind(right) === 'dir') return directories(proc, options, left, right);
  if (kind(left) === 'dir') return compare(proc, options, `${left}/${right.replace(/.*\//, '')}`, right, nested);
  if (kind(right) === 'dir') return compare(proc, options, left, `${right}/${left.replace(/.*\//, '')}`, nested);
  const texts: string[] = [];
  let status = 0;
  for (const path of [left, right]) {
    try {
      texts.push(options.has('N') && kind(path) === undefined ? '' : await textOf(proc, path));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      status = await fail(proc, `${path}: ${strerror(error)}`, 2);
    }
  }
  const [a, b] = texts;
  if (a === undefined || b === undefined) return status;
  const hunks = differences(split(a), split(b), shaper(options));
  if (hunks.length === 0) {
    if (options.has('s')) await proc.print(`Files ${left} and ${right} are identical\n`);
    return 0;
  }
  if (options.has('q')) await proc.print(`Files ${left} and ${right} differ\n`);
  else {
    if (nested)
      await proc.print(
        `diff ${proc.argv
          .slice(1)
          .filter((arg) => arg.startsWith('-'))
          .join(' ')} ${left} ${right}\n`,
      );
    const unified = options.has('u') || options.has('U');
    await proc.print(
      unified
        ? head(proc, '---', left) +
            head(proc, '+++', right) +
            unifiedText(split(a), split(b), hunks, Number(options.get('U') ?? 3))
        : normalText(split(a), split(b), hunks),
    );
  }
  return 1;
}

async function directories(proc: Process, options: Options, left: string, right: string): Promise<number> {
  const names = [...new Set([...proc.files.list(left), ...proc.files.list(right)])].sort();
  let status = 0;
  for (const name of names) {
    const [a, b] = [proc.files.find(`${left}/${name}`), proc.files.find(`${right}/${name}`)];
    if ((!a || !b) && !options.has('N')) {
      await proc.print(`Only in ${a ? left : right}: ${name}\n`);
      status = 1;
    } else if (a?.type === 'dir' && b?.type === 'dir' && !options.has('r'))
      await proc.print(`Common subdirectories: ${left}/${name} and ${right}/${name}\n`);
    else status = Math.max(status, await compare(proc, options, `${left}/${name}`, `${right}/${name}`, true));
  }
  return status;
}

const head = (proc: Process, sign: string, path: string): string => {
  const time = path === '-' ? proc.machine.clock.now() : (proc.files.find(path)?.mtime ?? 0);
  return `${sign} ${path}\t${strftime('%Y-%m-%d %H:%M:%S.%N %z', time)}\n`;
};

const shaper = (options: Options) => (line: string) => {
  let text = options.has('w')
    ? line.replace(/\s+/g, '')
    : options.has('b')
      ? line.replace(/\s+/g, ' ').trimEnd()
      : line;
  if (options.has('i')) text = text.toLowerCase();
  return text;
};

/** Lines with their newline, so that a missing last one is seen. */
const split = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const MAX_CELLS = 25_000_000; // of the table of common lines; beyond it the middle counts as changed

function differences(a: string[], b: string[], shape: (line: string) => string): Hunk[] {
  const x = a.map(shape);
  const y = b.map(shape);
  let start = 0;
  while (start < x.length && start < y.length && x[start] === y[start]) start++;
  let end = 0;
  while (end < x.length - start && end < y.length - start && x[x.length - 1 - end] === y[y.length - 1 - end]) end++;
  const [n, m] = [x.length - start - end, y.length - start - end];
  if (n === 0 && m === 0) return [];
  if (n === 0 || m === 0 || n * m > MAX_CELLS) return [{ a: [start, start + n], b: [start, start + m] }];
  const table = Array.from({ length: n + 1 }, () => new Uint32Array(m + 1));
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--) {
      const row = table[i]!;
      const below = table[i + 1]!;
      row[j] = x[start + i] === y[start + j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  const hunks: Hunk[] = [];
  let open: Hunk | undefined;
  for (let i = 0, j = 0; i < n || j < m; ) {
    if (i < n && j < m && x[start + i] === y[start + j]) {
      open = undefined;
      i++;
      j++;
      continue;
    }
    if (!open) hunks.push((open = { a: [start + i, start + i], b: [start + j, start + j] }));
    if (j >= m || (i < n && (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))) open.a[1] = start + ++i;
    else open.b[1] = start + ++j;
  }
  return hunks;
}

const NO_NEWLINE = '\\ No newline at end of file\n';
const marked = (sign: string, line: string): string =>
  line.endsWith('\n') ? sign + line : `${sign}${line}\n${NO_NEWLINE}`;

function normalText(a: string[], b: string[], hunks: Hunk[]): string {
  const range = ([from, to]: [number, number]) =>
    to - from <= 1 ? String(to === from ? from : to) : `${from + 1},${to}`;
  return hunks
    .map((hunk) => {
      const letter = hunk.a[0] === hunk.a[1] ? 'a' : hunk.b[0] === hunk.b[1] ? 'd' : 'c';
      const gone = a.slice(...hunk.a).map((line) => marked('< ', line));
      const come = b.slice(...hunk.b).map((line) => marked('> ', line));
      return `${range(hunk.a)}${letter}${range(hunk.b)}\n${gone.join('')}${letter === 'c' ? '---\n' : ''}${come.join('')}`;
    })
    .join('');
}

/** The hunks of a unified diff; `heading` gives what stands behind the second `@@`, by the index of the first line shown. */
export function unifiedHunks(a: string, b: string, context: number, heading: (line: number) => string): string {
  const [x, y] = [split(a), split(b)];
  return unifiedText(
    x,
    y,
    differences(x, y, (line) => line),
    context,
    heading,
  );
}

/** How many lines were added and taken away. */
export function lineCounts(a: string, b: string): { added: number; removed: number } {
  const hunks = differences(split(a), split(b), (line) => line);
  const sum = (side: 'a' | 'b') => hunks.reduce((total, hunk) => total + hunk[side][1] - hunk[side][0], 0);
  return { added: sum('b'), removed: sum('a') };
}

function unifiedText(
  a: string[],
  b: string[],
  hunks: Hunk[],
  context: number,
  heading: (line: number) => string = () => '',
): string {
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = groups.at(-1)?.at(-1);
    if (last && hunk.a[0] - last.a[1] <= 2 * context) groups.at(-1)?.push(hunk);
    else groups.push([hunk]);
  }
  const range = (from: number, to: number) =>
    to - from === 1 ? String(from + 1) : `${to === from ? from : from + 1},${to - from}`;
  return groups
    .map((group) => {
      const [first, last] = [group[0]!, group.at(-1)!];
      const before = Math.min(context, first.a[0]);
      const after = Math.min(context, a.length - last.a[1]);
      let out = `@@ -${range(first.a[0] - before, last.a[1] + after)} +${range(first.b[0] - before, last.b[1] + after)} @@${heading(first.a[0] - before)}\n`;
      let at = first.a[0] - before;
      for (const hunk of group) {
        out += a
          .slice(at, hunk.a[0])
          .map((line) => marked(' ', line))
          .join('');
        out += a
          .slice(...hunk.a)
          .map((line) => marked('-', line))
          .join('');
        out += b
          .slice(...hunk.b)
          .map((line) => marked('+', line))
          .join('');
        at = hunk.a[1];
      }
      return (
        out +
        a
          .slice(at, at + after)
          .map((line) => marked(' ', line))
          .join('')
      );
    })
    .join('');
}
