// The text that nano edits: lines, of which the last is empty unless it is being typed into; a cursor, a mark, cut text, undo.

export interface Place {
  row: number;
  column: number;
}

interface Moment extends Place {
  lines: string[];
  changed: boolean;
  what: string;
  /** Where the cursor stood after the change. */
  after: Place;
}

export class Text {
  lines: string[];
  row = 0;
  column = 0;
  changed = false;
  mark: Place | undefined;
  /** What was cut last; pieces cut one after the other are one. */
  cutText = '';
  private past: Moment[] = [];
  private future: Moment[] = [];
  private typing = false;

  constructor(text: string) {
    this.lines = text.split('\n');
    if (this.lines.at(-1) !== '') this.lines.push('');
  }

  get line(): string {
    return this.lines[this.row] ?? '';
  }

  /** What is written into the file. */
  get whole(): string {
    return this.lines.join('\n');
  }

  /** How many lines the file has. */
  get count(): number {
    return this.lines.length - 1;
  }

  to({ row, column }: Place): void {
    this.row = Math.max(0, Math.min(row, this.lines.length - 1));
    this.column = Math.max(0, Math.min(column, this.line.length));
    this.typing = false;
  }

  insert(text: string, what = 'addition'): void {
    this.remember(what, text.length === 1 && text !== '\n');
    const pieces = (this.line.slice(0, this.column) + text).split('\n');
    const tail = this.line.slice(this.column);
    const last = pieces.at(-1) ?? '';
    pieces[pieces.length - 1] = last + tail;
    this.lines.splice(this.row, 1, ...pieces);
    this.row += pieces.length - 1;
    this.column = last.length;
    this.settle();
  }

  /** Takes out what is between two places. */
  remove(from: Place, to: Place, what = 'deletion'): string {
    const backwards = to.row < from.row || (to.row === from.row && to.column < from.column);
    const [start, end] = backwards ? [to, from] : [from, to];
    this.remember(what, false);
    const gone = this.between(start, end);
    const head = (this.lines[start.row] ?? '').slice(0, start.column);
    const tail = (this.lines[end.row] ?? '').slice(end.column);
    this.lines.splice(start.row, end.row - start.row + 1, head + tail);
    this.row = start.row;
    this.column = start.column;
    this.settle();
    return gone;
  }

  between(start: Place, end: Place): string {
    if (start.row === end.row) return (this.lines[start.row] ?? '').slice(start.column, end.column);
    const first = (this.lines[start.row] ?? '').slice(start.column);
    const last = (this.lines[end.row] ?? '').slice(0, end.column);
    return [first, ...this.lines.slice(start.row + 1, end.row), last].join('\n');
  }

  before(): Place | undefined {
    if (this.column > 0) return { row: this.row, column: this.column - 1 };
    return this.row > 0 ? { row: this.row - 1, column: (this.lines[this.row - 1] ?? '').length } : undefined;
  }

  after(): Place | undefined {
    if (this.column < this.line.length) return { row: this.row, column: this.column + 1 };
    return this.row + 1 < this.lines.length ? { row: this.row + 1, column: 0 } : undefined;
  }

  /** The marked region, or the line with its end. */
  region(): { from: Place; to: Place } {
    const here = { row: this.row, column: this.column };
    if (this.mark) {
      const { mark } = this;
      const marksFirst = mark.row < here.row || (mark.row === here.row && mark.column <= here.column);
      return marksFirst ? { from: mark, to: here } : { from: here, to: mark };
    }
    const last = this.row + 1 >= this.lines.length;
    return {
      from: { row: this.row, column: 0 },
      to: last ? { row: this.row, column: this.line.length } : { row: this.row + 1, column: 0 },
    };
  }

  /** The beginning of the next word, or of the one before. */
  word(by: 1 | -1): Place {
    const inWord = (c: string) => /[\p{L}\p{N}_]/u.test(c);
    const origin = { row: this.row, column: this.column };
    const at = () => this.line.charAt(this.column);
    const step = () => {
      const next = by > 0 ? this.after() : this.before();
      if (next) Object.assign(this, next);
      return next !== undefined;
    };
    if (by > 0) {
      while (inWord(at()) && step());
      while (!inWord(at()) && step());
    } else {
      while (step() && !inWord(at()));
      while (this.column > 0 && inWord(this.line.charAt(this.column - 1))) this.column--;
    }
    const found = { row: this.row, column: this.column };
    Object.assign(this, origin);
    return found;
  }

  /** Places where something stands, in the order of the text. */
  find(pattern: RegExp): (Place & { size: number })[] {
    return this.lines.flatMap((line, row) =>
      [...line.matchAll(pattern)].map((match) => ({ row, column: match.index, size: match[0].length })),
    );
  }

  /** Takes back the last change; says what it was. */
  undo(): string | undefined {
    return this.swap(this.past, this.future);
  }

  redo(): string | undefined {
    return this.swap(this.future, this.past);
  }

  private swap(from: Moment[], to: Moment[]): string | undefined {
    const moment = from.pop();
    if (!moment) return undefined;
    to.push({ ...this.moment(moment.what), ...moment.after, after: { row: moment.row, column: moment.column } });
    this.lines = moment.lines;
    this.row = moment.row;
    this.column = moment.column;
    this.changed = moment.changed;
    this.typing = false;
    return moment.what;
  }

  private moment(what: string): Moment {
    const place = { row: this.row, column: this.column };
    return { lines: [...this.lines], ...place, changed: this.changed, what, after: place };
  }

  private remember(what: string, typed: boolean): void {
    const joins = typed && this.typing;
    this.typing = typed;
    if (joins) return;
    this.past.push(this.moment(what));
    this.future = [];
    if (this.past.length > MOST_UNDOS) this.past.shift();
  }

  private settle(): void {
    this.changed = true;
    const last = this.past.at(-1);
    if (last) last.after = { row: this.row, column: this.column };
    if (this.lines.at(-1) !== '') this.lines.push('');
  }
}

const MOST_UNDOS = 200;
