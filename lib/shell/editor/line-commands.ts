// What readline's keys do to the line alone: moving, cutting, changing. The rest (history, completion) is the editor's.
import type { Line } from './line';

/** Does its work `count` times; a negative count works the other way where that means something. */
type Command = (line: Line, count: number) => void;

const times =
  (body: (line: Line) => void): Command =>
  (line, count) => {
    for (let i = 0; i < Math.min(count, MOST); i++) body(line);
  };

const move =
  (by: number): Command =>
  (line, count) => {
    line.cursor = Math.max(0, Math.min(line.characters.length, line.cursor + by * count));
  };

/** Where `count` words on begin or end. */
const words = (line: Line, count: number): number => {
  let at = line.cursor;
  for (let i = 0; i < Math.min(Math.abs(count), MOST); i++) at = count > 0 ? line.wordEnd(at) : line.wordStart(at);
  return at;
};

const goWords =
  (by: number): Command =>
  (line, count) => {
    line.cursor = words(line, by * count);
  };

const toStart: Command = (line) => {
  line.cursor = 0;
};
const toEnd: Command = (line) => {
  line.cursor = line.characters.length;
};

const backspace: Command = (line, count) => {
  const from = Math.max(0, line.cursor - count);
  if (count > 1) line.kill(line.cursor, from);
  else line.cut(from, line.cursor);
};
const deleteHere: Command = (line, count) => {
  const to = Math.min(line.cursor + count, line.characters.length);
  if (count > 1) line.kill(line.cursor, to);
  else line.cut(line.cursor, to);
};

const killWords =
  (by: number): Command =>
  (line, count) =>
    line.kill(line.cursor, words(line, by * count));

const killBlankWord: Command = (line, count) => {
  let at = line.cursor;
  for (let i = 0; i < Math.min(count, MOST); i++) at = line.wordStart(at, true);
  line.kill(line.cursor, at);
};

const deleteBlanks: Command = (line) => {
  const blank = (c: string | undefined) => c === ' ' || c === '\t';
  let from = line.cursor;
  let to = line.cursor;
  while (blank(line.characters[from - 1])) from--;
  while (blank(line.characters[to])) to++;
  line.cut(from, to);
};

const exchangeMark: Command = (line) => {
  const mark = Math.min(line.mark, line.characters.length);
  [line.mark, line.cursor] = [line.cursor, mark];
};

/** Keys that cut: one after the other they cut into one text. */
export const KILLS = new Set(['C-k', 'C-u', 'C-w', 'M-d', 'M-backspace', 'C-x backspace']);

export const LINE_COMMANDS: Record<string, Command> = {
  'C-a': toStart,
  home: toStart,
  'C-e': toEnd,
  end: toEnd,
  'C-b': move(-1),
  left: move(-1),
  'C-f': move(1),
  right: move(1),
  'M-b': goWords(-1),
  'M-f': goWords(1),
  backspace,
  delete: deleteHere,
  'C-k': (line) => line.kill(line.cursor, line.characters.length),
  'C-u': (line) => line.kill(line.cursor, 0),
  'C-x backspace': (line) => line.kill(line.cursor, 0),
  'C-w': killBlankWord,
  'M-backspace': killWords(-1),
  'M-d': killWords(1),
  'M-\\': deleteBlanks,
  'C-y': (line) => line.yank(),
  'C-t': times((line) => line.transpose()),
  'M-t': times((line) => line.transposeWords()),
  'M-u': times((line) => line.changeWord((word) => word.toUpperCase())),
  'M-l': times((line) => line.changeWord((word) => word.toLowerCase())),
  'M-c': times((line) =>
    line.changeWord((word) => word.toLowerCase().replace(/[\p{L}\p{N}]/u, (c) => c.toUpperCase())),
  ),
  'C-_': times((line) => line.undo()),
  'C-x C-u': times((line) => line.undo()),
  'M-r': (line) => line.undoAll(),
  'C-@': (line) => {
    line.mark = line.cursor;
  },
  'M- ': (line) => {
    line.mark = line.cursor;
  },
  'C-x C-x': exchangeMark,
};

/** C-] and M-C-]: to the next or the last place where a character stands. */
export function seek(line: Line, wanted: string, by: 1 | -1): boolean {
  const at =
    by > 0 ? line.characters.indexOf(wanted, line.cursor + 1) : line.characters.lastIndexOf(wanted, line.cursor - 1);
  if (at < 0 || (by < 0 && line.cursor === 0)) return false;
  line.cursor = at;
  return true;
}

const MOST = 10_000; // a bound on what a numeric argument may ask for
