// Go's text/tabwriter: cells end at tabs, a column is a run of lines that have it, each as wide as its widest cell.

export interface TabOptions {
  minWidth: number;
  padding: number;
}

/** kubectl's tables. */
export const TABLE: TabOptions = { minWidth: 6, padding: 3 };
/** kubectl describe. */
export const DESCRIBE: TabOptions = { minWidth: 0, padding: 2 };

const width = (text: string): number => [...text].length;

/** Aligns the cells of a text. */
export function tabulate(text: string, options: TabOptions): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const out: string[] = [];
  const emit = (from: number, to: number, widths: number[]): void => {
    for (const line of lines.slice(from, to)) out.push(aligned(line, widths));
  };
  const format = (from: number, to: number, widths: number[]): void => {
    const column = widths.length;
    let start = from;
    for (let at = from; at < to; at++) {
      if (column >= (lines[at] as string[]).length - 1) continue;
      emit(start, at, widths);
      start = at;
      let wide = options.minWidth;
      for (; at < to && column < (lines[at] as string[]).length - 1; at++)
        wide = Math.max(wide, width((lines[at] as string[])[column] as string) + options.padding);
      format(start, at, [...widths, wide]);
      start = at;
    }
    emit(start, to, widths);
  };
  format(0, lines.length, []);
  return out.join('\n');
}

const aligned = (line: string[], widths: number[]): string =>
  line
    .map((cell, i) => (i < widths.length ? cell + ' '.repeat(Math.max(0, (widths[i] as number) - width(cell))) : cell))
    .join('');

/** Aligns rows as they come, never narrower than before (tabwriter's RememberWidths), for a table that is watched. */
export class RowWriter {
  private readonly widths: number[] = [];

  format(rows: string[][]): string {
    for (const row of rows)
      row.slice(0, -1).forEach((cell, i) => {
        this.widths[i] = Math.max(this.widths[i] ?? TABLE.minWidth, width(cell) + TABLE.padding);
      });
    return rows.map((row) => `${aligned(row, this.widths.slice(0, row.length - 1))}\n`).join('');
  }
}
