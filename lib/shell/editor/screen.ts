// Draws the prompt and the line, and keeps the cursor where it belongs, also over several rows.
import { INVISIBLE_END, INVISIBLE_START } from '../prompt';
import { charWidth } from './width';

/** Output and width of the terminal. */
export interface Display {
  write(text: string): void;
  columns(): number;
}

const shown = (c: string): string => {
  const code = c.charCodeAt(0);
  if (code < 32) return c === '\n' ? '\r\n' : `^${String.fromCharCode(code + 64)}`;
  return code === 127 ? '^?' : c;
};

export class Screen {
  private prompt = '';
  /** The row of the cursor, counted from the prompt's first. */
  private row = 0;
  private drawn = '';

  constructor(private readonly display: Display) {}

  begin(prompt: string): void {
    this.prompt = prompt;
    this.row = 0;
    this.redraw([], 0);
  }

  /** Draws anew; only adds at the end when nothing else changed, so that typing costs one write. */
  draw(characters: string[], cursor: number): void {
    const text = characters.join('');
    const added = text.slice(this.drawn.length);
    if (
      cursor === characters.length &&
      text.startsWith(this.drawn) &&
      this.atEnd &&
      [...added].every((c) => charWidth(c) === 1)
    ) {
      const columns = this.display.columns();
      if (this.column + added.length < columns) {
        this.display.write(added);
        this.column += added.length;
        this.drawn = text;
        return;
      }
    }
    this.redraw(characters, cursor);
  }

  private column = 0;
  private atEnd = false;

  redraw(characters: string[], cursor: number): void {
    const columns = this.display.columns();
    const end = this.place(characters, columns);
    const at = this.place(characters.slice(0, cursor), columns);
    let out = `${this.row > 0 ? `\x1b[${this.row}A` : ''}\r${visible(this.prompt)}${characters.map(shown).join('')}`;
    if (end.column === 0 && end.row > 0 && characters.at(-1) !== '\n') out += '\r\n'; // leave the margin of a full row
    out += '\x1b[J';
    if (end.row > at.row) out += `\x1b[${end.row - at.row}A`;
    if (end.row !== at.row || end.column !== at.column) out += `\r${at.column > 0 ? `\x1b[${at.column}C` : ''}`;
    this.display.write(out);
    this.row = at.row;
    this.column = at.column;
    this.atEnd = cursor === characters.length;
    this.drawn = characters.join('');
  }

  /** Goes below the line, for output. */
  leave(characters: string[]): void {
    const columns = this.display.columns();
    const end = this.place(characters, columns);
    const down = end.row - this.row;
    this.display.write(`${down > 0 ? `\x1b[${down}B` : ''}\r\n`);
    this.row = 0;
  }

  clear(characters: string[], cursor: number): void {
    this.display.write('\x1b[H\x1b[2J');
    this.row = 0;
    this.redraw(characters, cursor);
  }

  private place(characters: string[], columns: number): { row: number; column: number } {
    let row = 0;
    let column = 0;
    const step = (c: string) => {
      if (c === '\n') {
        row++;
        column = 0;
        return;
      }
      const width = charWidth(c);
      if (column + width > columns) {
        row++;
        column = 0;
      }
      column += width;
      if (column === columns) {
        row++;
        column = 0;
      }
    };
    for (const c of measured(this.prompt)) step(c);
    for (const c of characters) step(c);
    return { row, column };
  }
}

const visible = (prompt: string): string =>
  prompt.replaceAll(INVISIBLE_START, '').replaceAll(INVISIBLE_END, '').replace(/\r?\n/g, '\r\n');

/** The prompt without what takes no room: marked pieces and escape sequences. */
const measured = (prompt: string): string =>
  prompt
    .replace(/\x01[^\x02]*\x02/g, '')
    .replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(/\x1b\][^\x07]*\x07/g, '')
    .replaceAll('\r', '');
