// Go's text/tabwriter: cells end at tabs, a column is a run of lines that have it, each as wide as its widest cell.

export interface TabOptions {
  minWidth: number;
  padding: number;
  /** Pads with tabs, up to multiples of this width. */
  tabWidth?: number;
}

/** kubectl's tables. */
export const TABLE: TabOptions = { minWidth: 6, padding: 3 };
/** kubectl describe. */
export const DESCRIBE: TabOptions = { minWidth: 0, padding: 2 };
/** oc describe of OpenShift's own kinds. */
export const DESCRIBE_OPENSHIFT: TabOptions = { minWidth: 0, padding: 1, tabWidth: 8 };

const width = (text: string): number => [...text].length;

/** Aligns the cells of a text. */
export function tabulate(text: string, options: TabOptions): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const out: string[] = [];
  const emit = (from: number, to: number, widths: number[]): void => {
    for (const line of lines.slice(from, to)) out.push(aligned(line, widths, options.tabWidth));
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

const aligned = (line: string[], widths: number[], tabWidth?: number): string =>
  line.map((cell, i) => (i < widths.length ? cell + padded(cell, widths[i] as number, tabWidth) : cell)).join('');

function padded(cell: string, wide: number, tabWidth: number | undefined): string {
  if (tabWidth === undefined) return ' '.repeat(Math.max(0, wide - width(cell)));
  const end = Math.ceil(wide / tabWidth) * tabWidth;
  return '\t'.repeat(Math.ceil((end - width(cell)) / tabWidth));
}

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
