// The text that vi edits: lines, a cursor, undo. Knows nothing of keys or the screen.

export interface Place {
  row: number;
  column: number;
}

const MAX_UNDOS = 100;
const kindOf = (c: string): number => (c === '' || /\s/.test(c) ? 0 : /\w/.test(c) ? 1 : 2);

export class Buffer {
  lines: string[];
  row = 0;
  column = 0;
  changed = false;
  private undos: { lines: string[]; row: number; column: number }[] = [];

  constructor(text: string) {
    this.lines = text.replace(/\n$/, '').split('\n');
  }

  get line(): string {
    return this.lines[this.row] ?? '';
  }

  set line(text: string) {
    this.lines[this.row] = text;
    this.changed = true;
  }

  get text(): string {
    return this.lines.length === 1 && this.lines[0] === '' ? '' : `${this.lines.join('\n')}\n`;
  }

  /** To be called before a change that `u` takes back. */
  remember(): void {
    this.undos.push({ lines: [...this.lines], row: this.row, column: this.column });
    if (this.undos.length > MAX_UNDOS) this.undos.shift();
  }

  undo(): boolean {
    const last = this.undos.pop();
    if (!last) return false;
    Object.assign(this, last);
    return true;
  }

  /** Keeps the cursor on the text; past the last character only while inserting. */
  clamp(inserting = false): void {
    if (this.lines.length === 0) this.lines = [''];
    this.row = Math.max(0, Math.min(this.row, this.lines.length - 1));
    this.column = Math.max(0, Math.min(this.column, this.line.length - (inserting ? 0 : 1)));
    if (this.line === '') this.column = 0;
  }

  insert(text: string): void {
    const pieces = (this.line.slice(0, this.column) + text).split('\n');
    const tail = this.line.slice(this.column);
    const last = pieces.at(-1) ?? '';
    pieces[pieces.length - 1] = last + tail;
    this.lines.splice(this.row, 1, ...pieces);
    this.row += pieces.length - 1;
    this.column = last.length;
    this.changed = true;
  }

  /** The backspace of insert mode. */
  eraseBack(): void {
    if (this.column > 0) {
      this.line = this.line.slice(0, this.column - 1) + this.line.slice(this.column);
      this.column--;
    } else if (this.row > 0) {
      const before = this.lines[this.row - 1] ?? '';
      this.lines.splice(this.row - 1, 2, before + this.line);
      this.row--;
      this.column = before.length;
      this.changed = true;
    }
  }

  /** Cuts from one place up to another, the end exclusive; gives what was cut. */
  cut(from: Place, to: Place): string {
    const backwards = to.row < from.row || (to.row === from.row && to.column < from.column);
    const [start, end] = backwards ? [to, from] : [from, to];
    const first = this.lines[start.row] ?? '';
    const last = this.lines[end.row] ?? '';
    const gone =
      start.row === end.row
        ? first.slice(start.column, end.column)
        : [first.slice(start.column), ...this.lines.slice(start.row + 1, end.row), last.slice(0, end.column)].join(
            '\n',
          );
    this.lines.splice(start.row, end.row - start.row + 1, first.slice(0, start.column) + last.slice(end.column));
    this.row = start.row;
    this.column = start.column;
    this.changed = true;
    return gone;
  }

  cutLines(from: number, to: number): string {
    const gone = this.lines.splice(from, to - from + 1);
    if (this.lines.length === 0) this.lines = [''];
    this.row = Math.min(from, this.lines.length - 1);
    this.column = 0;
    this.changed = true;
    return `${gone.join('\n')}\n`;
  }

  private at(place: Place): string {
    return (this.lines[place.row] ?? '').charAt(place.column);
  }

  private next(place: Place): Place | undefined {
    if (place.column + 1 < (this.lines[place.row] ?? '').length) return { row: place.row, column: place.column + 1 };
    return place.row + 1 < this.lines.length ? { row: place.row + 1, column: 0 } : undefined;
  }

  private previous(place: Place): Place | undefined {
    if (place.column > 0) return { row: place.row, column: place.column - 1 };
    return place.row > 0
      ? { row: place.row - 1, column: Math.max(0, (this.lines[place.row - 1] ?? '').length - 1) }
      : undefined;
  }

  wordForward(from: Place): Place {
    let place = from;
    const kind = kindOf(this.at(place));
    for (let to = this.next(place); to; to = this.next(place)) {
      const crossed = to.row !== place.row;
      place = to;
      if (
        kindOf(this.at(place)) !== 0 &&
        (crossed || kindOf(this.at(place)) !== kind || kindOf(this.at(this.previous(place) ?? place)) === 0)
      )
        return place;
    }
    return { row: place.row, column: (this.lines[place.row] ?? '').length };
  }

  wordBack(from: Place): Place {
    let place = this.previous(from) ?? from;
    for (let to: Place | undefined = place; to && kindOf(this.at(place)) === 0; to = this.previous(place))
      place = to === place ? (this.previous(place) ?? place) : to;
    const kind = kindOf(this.at(place));
    while (
      place.column > 0 &&
      kindOf(this.line === '' ? '' : (this.lines[place.row] ?? '').charAt(place.column - 1)) === kind
    )
      place = { row: place.row, column: place.column - 1 };
    return place;
  }

  wordEnd(from: Place): Place {
    let place = this.next(from) ?? from;
    while (kindOf(this.at(place)) === 0) {
      const to = this.next(place);
      if (!to) return place;
      place = to;
    }
    const kind = kindOf(this.at(place));
    const line = this.lines[place.row] ?? '';
    while (place.column + 1 < line.length && kindOf(line.charAt(place.column + 1)) === kind)
      place = { row: place.row, column: place.column + 1 };
    return place;
  }

  /** The next match of a pattern, round the end of the text. */
  search(pattern: RegExp, step: 1 | -1): Place | undefined {
    const count = this.lines.length;
    for (let i = 0; i <= count; i++) {
      const row = (this.row + step * i + count * 2) % count;
      const found = [...(this.lines[row] ?? '').matchAll(pattern)].map((match) => match.index);
      const fitting =
        i === 0 ? found.filter((column) => (step > 0 ? column > this.column : column < this.column)) : found;
      const column = step > 0 ? fitting[0] : fitting.at(-1);
      if (column !== undefined) return { row, column };
    }
    return undefined;
  }
}
