// Draws the prompt and the line, and keeps the cursor where it belongs, also over several rows.
import { INVISIBLE_END, INVISIBLE_START } from '../prompt';
import { charWidth } from './width';

/** Output and width of the terminal. */
export interface Display {
  write(text: string): void;
  columns(): number;
}

interface Place {
  row: number;
  column: number;
}

const TAB = 8; // columns between tab stops
/** Control characters and what joins the character before it: the line is drawn anew. */
const UNSEEN = /[\p{Cc}\p{M}\p{Cf}]/u;

export class Screen {
  private prompt = '';
  /** The row of the cursor, counted from the prompt's first. */
  private row = 0;
  private column = 0;
  private drawn = '';
  private atEnd = false;

  constructor(private readonly display: Display) {}

  begin(prompt: string): void {
    this.prompt = prompt;
    this.row = 0;
    this.redraw([], 0);
  }

  /** Another prompt before the same line. */
  relabel(prompt: string, characters: string[], cursor: number): void {
    this.prompt = prompt;
    this.redraw(characters, cursor);
  }

  /** Draws anew; only adds at the end when nothing else changed, so that typing costs one write. */
  draw(characters: string[], cursor: number): void {
    const text = characters.join('');
    const added = text.slice(this.drawn.length);
    if (cursor === characters.length && this.atEnd && text.startsWith(this.drawn) && !UNSEEN.test(added)) {
      this.append([...added]);
      this.drawn = text;
      return;
    }
    if (text === this.drawn && this.move(characters, cursor)) return;
    this.redraw(characters, cursor);
  }

  /** Puts characters at the end; the terminal goes to the next row by itself. */
  private append(added: string[]): void {
    if (added.length === 0) return;
    let at: Place = { row: this.row, column: this.column };
    for (const c of added) at = this.after(at, c);
    this.display.write(added.join('') + (at.column === 0 ? ' \r' : ''));
    this.row = at.row;
    this.column = at.column;
  }

  /** Moves the cursor in a line that has not changed; false when it is on another row. */
  private move(characters: string[], cursor: number): boolean {
    const at = this.place(characters.slice(0, cursor));
    if (at.row !== this.row) return false;
    if (at.column !== this.column) this.display.write(`\r${right(at.column)}`);
    this.column = at.column;
    this.atEnd = cursor === characters.length;
    return true;
  }

  redraw(characters: string[], cursor: number): void {
    const end = this.place(characters);
    const at = this.place(characters.slice(0, cursor));
    let out = `${this.row > 0 ? `\x1b[${this.row}A` : ''}\r${visible(this.prompt)}${this.shown(characters)}`;
    if (end.column === 0 && end.row > 0 && characters.at(-1) !== '\n') out += ' \r'; // leaves the margin of a full row
    out += '\x1b[J';
    if (end.row > at.row) out += `\x1b[${end.row - at.row}A`;
    if (end.row !== at.row || end.column !== at.column) out += `\r${right(at.column)}`;
    this.display.write(out);
    this.row = at.row;
    this.column = at.column;
    this.atEnd = cursor === characters.length;
    this.drawn = characters.join('');
  }

  /** Goes below the line, for output; a last row that has nothing but the cursor is used, unless something was put there. */
  leave(characters: string[], marked = false): void {
    const end = this.place(characters);
    const last = end.column === 0 && end.row > 0 && !marked ? end.row - 1 : end.row;
    const down = last - this.row;
    this.display.write(`${down === 0 ? '' : `\x1b[${Math.abs(down)}${down > 0 ? 'B' : 'A'}`}\r\n`);
    this.row = 0;
  }

  clear(characters: string[], cursor: number): void {
    this.display.write('\x1b[H\x1b[2J');
    this.row = 0;
    this.redraw(characters, cursor);
  }

  /** Where the cursor stands after the prompt and these characters. */
  private place(characters: string[]): Place {
    let at: Place = { row: 0, column: 0 };
    for (const c of measured(this.prompt)) at = this.after(at, c);
    for (const c of characters) at = this.after(at, c);
    return at;
  }

  private after({ row, column }: Place, c: string): Place {
    const columns = this.display.columns();
    if (c === '\n') return { row: row + 1, column: 0 };
    const width = c === '\t' ? TAB - (column % TAB) : charWidth(c);
    const start = column + width > columns ? { row: row + 1, column: 0 } : { row, column };
    return start.column + width === columns
      ? { row: start.row + 1, column: 0 }
      : { row: start.row, column: start.column + width };
  }

  /** The characters as the terminal is to get them: tabs as blanks, control characters as `^X`. */
  private shown(characters: string[]): string {
    if (!characters.some((c) => c < ' ' || c === '\x7f')) return characters.join('');
    let at = this.place([]);
    let out = '';
    for (const c of characters) {
      const code = c.charCodeAt(0);
      if (c === '\n') out += '\x1b[K\r\n';
      else if (c === '\t') out += ' '.repeat(TAB - (at.column % TAB));
      else out += code < 32 ? `^${String.fromCharCode(code + 64)}` : code === 127 ? '^?' : c;
      at = this.after(at, c);
    }
    return out;
  }
}

const right = (columns: number): string => (columns > 0 ? `\x1b[${columns}C` : '');

const visible = (prompt: string): string =>
  prompt.replaceAll(INVISIBLE_START, '').replaceAll(INVISIBLE_END, '').replace(/\r?\n/g, '\r\n');

/** The prompt without what takes no room: marked pieces and escape sequences. */
const measured = (prompt: string): string =>
  prompt
    .replace(/\x01[^\x02]*\x02/g, '')
    .replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(/\x1b\][^\x07]*\x07/g, '')
    .replaceAll('\r', '');
