// The keys of vi's normal mode: counts, motions, operators.
import type { Key } from '../../shell/editor/keys';
import type { Place } from './buffer';
import type { Vi } from './vi';

const NAMES: Record<string, string> = {
  left: 'h',
  right: 'l',
  up: 'k',
  down: 'j',
  home: '0',
  end: '$',
  backspace: 'h',
  enter: '+',
  delete: 'x',
};

/** Takes one key; a command runs when it is whole. */
export function normalKey(vi: Vi, key: Key): void {
  if (key.name === 'escape' || key.name === 'C-c') {
    vi.pending = '';
    return;
  }
  const page = {
    'C-f': vi.rows,
    'page-down': vi.rows,
    'C-b': -vi.rows,
    'page-up': -vi.rows,
    'C-d': vi.rows >> 1,
    'C-u': -(vi.rows >> 1),
  }[key.name];
  if (page !== undefined) {
    vi.buffer.row += page;
    return vi.buffer.clamp();
  }
  vi.pending += key.name === 'text' ? key.text : (NAMES[key.name] ?? '');
  const match = /^([1-9]\d*)?([dcy]?)([1-9]\d*)?(gg|[fFtTr].|[dcy]|[^\d]|0)?$/u.exec(vi.pending);
  if (!match) {
    vi.pending = '';
    return;
  }
  const [, before, operator = '', after, last] = match;
  // `d` alone, `3`, `g`, `f`, `r`: more is to come
  if (last === undefined || (/^[gfFtTrZ]$/.test(last) && vi.pending !== 'ZZ' && vi.pending !== 'ZQ')) return;
  vi.pending = '';
  const count = Number(before ?? 1) * Number(after ?? 1);
  if (operator) operate(vi, operator, last, count, before !== undefined || after !== undefined);
  else if (!move(vi, last, count, before !== undefined)) act(vi, last, count);
  vi.buffer.clamp(vi.mode !== 'normal');
}

/** Where a motion goes; `lines` when it takes whole lines, `inclusive` when the character there is taken too. */
function target(
  vi: Vi,
  motion: string,
  count: number,
  given: boolean,
): (Place & { lines?: boolean; inclusive?: boolean }) | undefined {
  const { buffer } = vi;
  const { row, column, line } = buffer;
  const repeat = (step: (place: Place) => Place) => {
    let place: Place = { row, column };
    for (let i = 0; i < count; i++) place = step(place);
    return place;
  };
  switch (motion.charAt(0)) {
    case 'h':
      return { row, column: Math.max(0, column - count) };
    case 'l':
    case ' ':
      return { row, column: Math.min(line.length, column + count) };
    case 'j':
      return { row: row + count, column, lines: true };
    case 'k':
      return { row: row - count, column, lines: true };
    case '+':
      return { row: row + count, column: 0, lines: true };
    case '0':
      return { row, column: 0 };
    case '^':
      return { row, column: line.length - line.trimStart().length };
    case '$':
      return { row, column: line.length };
    case 'w':
    case 'W':
      return repeat((place) => buffer.wordForward(place));
    case 'b':
    case 'B':
      return repeat((place) => buffer.wordBack(place));
    case 'e':
    case 'E':
      return { ...repeat((place) => buffer.wordEnd(place)), inclusive: true };
    case 'G':
      return { row: given ? count - 1 : buffer.lines.length - 1, column: 0, lines: true };
    case 'g':
      return { row: given ? count - 1 : 0, column: 0, lines: true };
    case 'f':
    case 't': {
      const at = line.indexOf(motion.slice(1), column + 1);
      return at < 0 ? undefined : { row, column: motion.startsWith('t') ? at - 1 : at, inclusive: true };
    }
    case 'F':
    case 'T': {
      const at = line.lastIndexOf(motion.slice(1), column - 1);
      return at < 0 || column === 0 ? undefined : { row, column: motion.startsWith('T') ? at + 1 : at };
    }
    default:
      return undefined;
  }
}

function move(vi: Vi, motion: string, count: number, given: boolean): boolean {
  const place = target(vi, motion, count, given);
  if (place) {
    vi.buffer.row = place.row;
    vi.buffer.column = place.column;
  }
  return place !== undefined;
}

function operate(vi: Vi, operator: string, motion: string, count: number, given: boolean): void {
  const { buffer } = vi;
  const start = { row: buffer.row, column: buffer.column };
  const whole = motion === operator;
  const wordChange = operator === 'c' && motion === 'w' && /\S/.test(buffer.line.charAt(buffer.column));
  const place = whole
    ? { row: start.row + count - 1, column: 0, lines: true }
    : target(vi, wordChange ? 'e' : motion, count, given);
  if (!place) return;
  if (operator !== 'y') buffer.remember();
  if (place.lines)
    return operateLines(
      vi,
      operator,
      Math.max(0, Math.min(start.row, place.row)),
      Math.min(buffer.lines.length - 1, Math.max(start.row, place.row)),
    );
  let end: Place = { row: place.row, column: place.column + (place.inclusive ? 1 : 0) };
  if (motion === 'w' && end.row > start.row) end = { row: start.row, column: buffer.line.length };
  const lines = [...buffer.lines];
  vi.register = buffer.cut(start, end);
  if (operator === 'y') Object.assign(buffer, { lines, ...start });
  if (operator === 'c') vi.mode = 'insert';
}

function operateLines(vi: Vi, operator: string, from: number, to: number): void {
  const { buffer } = vi;
  if (operator === 'y') {
    vi.register = `${buffer.lines.slice(from, to + 1).join('\n')}\n`;
    return;
  }
  vi.register = buffer.cutLines(from, to);
  if (operator === 'd') return;
  const empty = buffer.lines.length === 1 && buffer.lines[0] === '';
  if (!empty) buffer.lines.splice(from, 0, '');
  buffer.row = from;
  vi.mode = 'insert';
}

function act(vi: Vi, key: string, count: number): void {
  const { buffer } = vi;
  const here = () => ({ row: buffer.row, column: buffer.column });
  const end = () => ({ row: buffer.row, column: buffer.line.length });
  if (/^[iIaAoOsSCRxXDpPrJ~]/.test(key)) buffer.remember();
  const insert = (column: number) => {
    buffer.column = column;
    vi.mode = 'insert';
  };
  switch (key.charAt(0)) {
    case 'i':
      return insert(buffer.column);
    case 'I':
      return insert(buffer.line.length - buffer.line.trimStart().length);
    case 'a':
      return insert(Math.min(buffer.line.length, buffer.column + 1));
    case 'A':
      return insert(buffer.line.length);
    case 'o':
    case 'O':
      buffer.row += key === 'o' ? 1 : 0;
      buffer.lines.splice(buffer.row, 0, '');
      buffer.changed = true;
      return insert(0);
    case 'x':
    case 's':
      vi.register = buffer.cut(here(), {
        row: buffer.row,
        column: Math.min(buffer.line.length, buffer.column + count),
      });
      if (key === 's') vi.mode = 'insert';
      return;
    case 'X':
      vi.register = buffer.cut({ row: buffer.row, column: Math.max(0, buffer.column - count) }, here());
      return;
    case 'D':
    case 'C':
      vi.register = buffer.cut(here(), end());
      if (key === 'C') vi.mode = 'insert';
      return;
    case 'S':
      vi.register = `${buffer.line}\n`;
      buffer.line = '';
      return insert(0);
    case 'R':
      vi.mode = 'replace';
      return;
    case 'r':
      buffer.line = buffer.line.slice(0, buffer.column) + key.slice(1) + buffer.line.slice(buffer.column + 1);
      return;
    case 'J': {
      const next = buffer.lines.splice(buffer.row + 1, 1)[0];
      if (next !== undefined) buffer.line = `${buffer.line} ${next.trimStart()}`;
      return;
    }
    case '~': {
      const c = buffer.line.charAt(buffer.column);
      buffer.line =
        buffer.line.slice(0, buffer.column) +
        (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()) +
        buffer.line.slice(buffer.column + 1);
      buffer.column++;
      return;
    }
    case 'p':
    case 'P':
      return put(vi, key === 'p', count);
    case 'u':
      if (!buffer.undo()) vi.message = 'Already at oldest change';
      return;
    case 'n':
      return vi.find(1);
    case 'N':
      return vi.find(-1);
    case ':':
    case '/':
    case '?':
      return vi.ask(key);
    case 'Z':
      return;
  }
}

function put(vi: Vi, after: boolean, count: number): void {
  const { buffer, register } = vi;
  if (register === '') return;
  if (!register.endsWith('\n')) {
    buffer.column += after && buffer.line !== '' ? 1 : 0;
    buffer.insert(register.repeat(count));
    buffer.column--;
    return;
  }
  const lines = register.repeat(count).slice(0, -1).split('\n');
  buffer.row += after ? 1 : 0;
  buffer.lines.splice(buffer.row, 0, ...lines);
  buffer.column = 0;
  buffer.changed = true;
}
