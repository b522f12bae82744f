// How diff shows what differs.
import type { Hunk } from './lines';

export interface Sides {
  a: readonly string[];
  b: readonly string[];
}

/** What the options ask of every form. */
export interface Dress {
  colour: boolean;
  /** `-T`: a tab between the sign and the line. */
  tab: boolean;
  /** `-t`: tabs become spaces. */
  expand: boolean;
}

const NO_NEWLINE = '\\ No newline at end of file\n';
const TAB = 8;

const painted = (dress: Dress, code: number, text: string): string =>
  dress.colour && text !== ''
    ? `\u001b[${code}m${text.replace(/\n$/, '')}\u001b[0m${text.endsWith('\n') ? '\n' : ''}`
    : text;
const RED = 31;
const GREEN = 32;
const CYAN = 36;
export const bold = (dress: Dress, line: string): string => painted(dress, 1, line);

function marked(dress: Dress, sign: string, line: string, code = 0): string {
  const text = dress.expand ? expanded(line) : line;
  const gap = dress.tab ? `${sign.trimEnd()}\t` : sign;
  const whole = text.endsWith('\n') ? gap + text : `${gap}${text}\n`;
  return `${code ? painted(dress, code, whole) : whole}${text.endsWith('\n') ? '' : NO_NEWLINE}`;
}

function expanded(line: string): string {
  let column = 0;
  return line.replace(/\t|[^\t]/gu, (letter) => {
    const width = letter === '\t' ? TAB - (column % TAB) : 1;
    column += width;
    return letter === '\t' ? ' '.repeat(width) : letter;
  });
}

const kindOf = (hunk: Hunk): 'a' | 'c' | 'd' => (hunk.a[0] === hunk.a[1] ? 'a' : hunk.b[0] === hunk.b[1] ? 'd' : 'c');

/** `5` or `5,7`; of no lines the one before them. */
const range = ([from, to]: [number, number]): string =>
  to - from <= 1 ? String(to === from ? from : to) : `${from + 1},${to}`;

export const normal = ({ a, b }: Sides, hunks: readonly Hunk[], dress: Dress): string =>
  hunks
    .map((hunk) => {
      const kind = kindOf(hunk);
      const gone = a.slice(...hunk.a).map((line) => marked(dress, '< ', line, RED));
      const come = b.slice(...hunk.b).map((line) => marked(dress, '> ', line, GREEN));
      const head = painted(dress, CYAN, `${range(hunk.a)}${kind}${range(hunk.b)}\n`);
      return `${head}${gone.join('')}${kind === 'c' ? '---\n' : ''}${come.join('')}`;
    })
    .join('');

/** An ed script, from the end so that line numbers stay true. */
export const ed = ({ b }: Sides, hunks: readonly Hunk[]): string =>
  [...hunks]
    .reverse()
    .map((hunk) => {
      const kind = kindOf(hunk);
      const head = `${range(hunk.a)}${kind}\n`;
      if (kind === 'd') return head;
      // A line that is only a dot would end the text: it goes as two, and one is taken away.
      const lines = b.slice(...hunk.b).map((line) => (line === '.\n' ? '..\n.\ns/.//\na\n' : line));
      return `${head}${lines.join('')}.\n`;
    })
    .join('');

export const rcs = ({ b }: Sides, hunks: readonly Hunk[]): string =>
  hunks
    .map((hunk) => {
      const [gone, come] = [hunk.a[1] - hunk.a[0], hunk.b[1] - hunk.b[0]];
      return `${gone ? `d${hunk.a[0] + 1} ${gone}\n` : ''}${come ? `a${hunk.a[1]} ${come}\n${b.slice(...hunk.b).join('')}` : ''}`;
    })
    .join('');

/** Hunks whose context touches stand together. */
export function grouped(hunks: readonly Hunk[], context: number): Hunk[][] {
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = groups.at(-1)?.at(-1);
    if (last && hunk.a[0] - last.a[1] <= 2 * context) groups.at(-1)?.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}

/** The lines that a group shows of each side. */
function shown({ a }: Sides, group: readonly Hunk[], context: number): { a: [number, number]; b: [number, number] } {
  const [first, last] = [group[0] as Hunk, group.at(-1) as Hunk];
  const before = Math.min(context, first.a[0]);
  const after = Math.min(context, a.length - last.a[1]);
  return { a: [first.a[0] - before, last.a[1] + after], b: [first.b[0] - before, last.b[1] + after] };
}

/** `heading` gives what stands behind the second `@@`, by the index of the first line shown. */
export function unified(
  sides: Sides,
  groups: readonly Hunk[][],
  context: number,
  dress: Dress,
  heading: (line: number) => string = () => '',
): string {
  const span = ([from, to]: [number, number]) =>
    to - from === 1 ? String(from + 1) : `${to === from ? from : from + 1},${to - from}`;
  return groups
    .map((group) => {
      const part = shown(sides, group, context);
      let out = `${painted(dress, CYAN, `@@ -${span(part.a)} +${span(part.b)} @@`)}${heading(part.a[0])}\n`;
      let at = part.a[0];
      const same = (to: number) => {
        for (; at < to; at++) out += marked(dress, ' ', sides.a[at] as string);
      };
      for (const hunk of group) {
        same(hunk.a[0]);
        for (const line of sides.a.slice(...hunk.a)) out += marked(dress, '-', line, RED);
        for (const line of sides.b.slice(...hunk.b)) out += marked(dress, '+', line, GREEN);
        at = hunk.a[1];
      }
      same(part.a[1]);
      return out;
    })
    .join('');
}

export function contextual(
  sides: Sides,
  groups: readonly Hunk[][],
  context: number,
  dress: Dress,
  heading: (line: number) => string = () => '',
): string {
  const span = ([from, to]: [number, number]) => (to - from <= 1 ? String(to) : `${from + 1},${to}`);
  return groups
    .map((group) => {
      const part = shown(sides, group, context);
      const side = (lines: readonly string[], [from, to]: [number, number], own: 'a' | 'b') => {
        if (group.every((hunk) => hunk[own][0] === hunk[own][1])) return '';
        let out = '';
        for (let at = from; at < to; at++) {
          const hunk = group.find((each) => at >= each[own][0] && at < each[own][1]);
          const sign = !hunk ? '  ' : kindOf(hunk) === 'c' ? '! ' : own === 'a' ? '- ' : '+ ';
          out += marked(dress, sign, lines[at] as string, own === 'a' ? RED : GREEN);
        }
        return out;
      };
      return `***************${heading(part.a[0])}\n${painted(dress, CYAN, `*** ${span(part.a)} ****\n`)}${side(sides.a, part.a, 'a')}${painted(dress, CYAN, `--- ${span(part.b)} ----\n`)}${side(sides.b, part.b, 'b')}`;
    })
    .join('');
}

export interface SideBySide {
  /** Print columns of a line. */
  width: number;
  suppressCommon: boolean;
  leftColumn: boolean;
}

const GUTTER = 3;

export function sideBySide({ a, b }: Sides, hunks: readonly Hunk[], how: SideBySide, dress: Dress): string {
  const unit = dress.expand ? 1 : TAB;
  const offset = Math.floor((how.width + unit + GUTTER) / (2 * unit)) * unit;
  const half = Math.max(0, Math.min(offset - GUTTER, how.width - offset));
  const second = half > 0 ? offset : how.width;
  let out = '';
  const row = (left: string | undefined, sign: string, right: string | undefined) => {
    const before = left === undefined ? { text: '', column: 0 } : fitted(left, 0, half, dress.expand);
    let line = before.text;
    let { column } = before;
    let newline = left?.endsWith('\n') ?? false;
    if (sign !== ' ') {
      const to = Math.floor((half + second - 1) / 2);
      line += advanced(column, to, dress.expand);
      column = to + 1;
      const differs = sign === '|' && newline !== (right?.endsWith('\n') ?? false);
      line += differs ? (newline ? '/' : '\\') : sign;
    }
    if (right !== undefined) {
      newline ||= right.endsWith('\n');
      if (!right.startsWith('\n'))
        line += advanced(column, second, dress.expand) + fitted(right, second, half, dress.expand).text;
    }
    const code = sign === '<' ? RED : sign === '>' ? GREEN : 0;
    out += (code ? painted(dress, code, line) : line) + (newline ? '\n' : '');
  };
  let [i, j] = [0, 0];
  const common = (to: number) => {
    for (; i < to; i++, j++)
      if (how.leftColumn) row(a[i], '(', undefined);
      else if (!how.suppressCommon) row(a[i], ' ', b[j]);
  };
  for (const hunk of hunks) {
    common(hunk.a[0]);
    while (i < hunk.a[1] && j < hunk.b[1]) row(a[i++], '|', b[j++]);
    while (i < hunk.a[1]) row(a[i++], '<', undefined);
    while (j < hunk.b[1]) row(undefined, '>', b[j++]);
  }
  common(a.length);
  return out;
}

/** Blanks from one column to another, with tabs where they may be. */
function advanced(from: number, to: number, expand: boolean): string {
  let out = '';
  let column = from;
  if (!expand)
    for (let stop = column + TAB - (column % TAB); stop <= to; stop += TAB) {
      out += '\t';
      column = stop;
    }
  return out + ' '.repeat(Math.max(0, to - column));
}

/** As much of a line as goes into a half, and the column it ends in. */
function fitted(line: string, from: number, width: number, expand: boolean): { text: string; column: number } {
  let text = '';
  let column = 0;
  for (const letter of line.replace(/\n$/, '')) {
    const wide = letter === '\t' ? TAB - (column % TAB) : 1;
    if (column + wide > width) {
      if (letter === '\t') column = width;
      break;
    }
    text += letter === '\t' && expand ? ' '.repeat(wide) : letter;
    column += wide;
  }
  return { text, column: from + column };
}

/** `--GTYPE-group-format` and `--LTYPE-line-format`. */
export interface Formats {
  lines: Record<'old' | 'new' | 'unchanged', string>;
  groups: Partial<Record<'old' | 'new' | 'unchanged' | 'changed', string>>;
}

export function formatted({ a, b }: Sides, hunks: readonly Hunk[], formats: Formats): string {
  const line = (format: string, text: string, number: number) =>
    format.replace(/%(%|L|l|d?n|dn|c'(?:\\)?(.)')/g, (_, code: string, letter?: string) => {
      if (code === 'L') return text;
      if (code === 'l') return text.replace(/\n$/, '');
      if (code === '%') return '%';
      return code.startsWith('c') ? (letter ?? '') : String(number);
    });
  const lines = (side: readonly string[], [from, to]: [number, number], format: string) =>
    side
      .slice(from, to)
      .map((text, i) => line(format, text, from + i + 1))
      .join('');
  let out = '';
  const group = (kind: 'old' | 'new' | 'unchanged' | 'changed', at: Hunk) => {
    const old = lines(a, at.a, formats.lines.old);
    const fresh = lines(b, at.b, formats.lines.new);
    const same = kind === 'unchanged' ? lines(a, at.a, formats.lines.unchanged) : '';
    const format =
      formats.groups[kind] ??
      {
        old: formats.groups.changed ?? '%<',
        new: formats.groups.changed ?? '%>',
        unchanged: '%=',
        changed: `${formats.groups.old ?? '%<'}${formats.groups.new ?? '%>'}`,
      }[kind];
    const number = (letter: string) => {
      const [from, to] = letter === letter.toLowerCase() ? at.a : at.b;
      return { f: from + 1, l: to, n: to - from, e: from, m: to + 1 }[letter.toLowerCase()] ?? 0;
    };
    out += format.replace(
      /%(?:([<>=%])|d([flnemFLNEM])|c'(?:\\)?(.)')/g,
      (_, sign?: string, letter?: string, char?: string) => {
        if (letter) return String(number(letter));
        if (char !== undefined) return char;
        return sign === '<' ? old : sign === '>' ? fresh : sign === '=' ? same : '%';
      },
    );
  };
  let [i, j] = [0, 0];
  const common = (to: number) => {
    if (to > i) group('unchanged', { a: [i, to], b: [j, j + to - i] });
  };
  for (const hunk of hunks) {
    common(hunk.a[0]);
    const kind = kindOf(hunk);
    group(kind === 'a' ? 'new' : kind === 'd' ? 'old' : 'changed', hunk);
    [i, j] = [hunk.a[1], hunk.b[1]];
  }
  common(a.length);
  return out;
}
