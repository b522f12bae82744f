// Tables as psql draws them: aligned, expanded, unaligned, CSV (src/fe_utils/print.c).

export interface TableStyle {
  format: 'aligned' | 'unaligned' | 'csv';
  expanded: boolean;
  tuplesOnly: boolean;
  separator: string;
  none: string;
  border: number;
}

export interface Shown {
  title?: string;
  headers: string[];
  rows: (string | null)[][];
  /** Numbers stand to the right. */
  right: boolean[];
  footers?: string[];
  /** Without `(n rows)`. */
  noCount?: boolean;
}

const NUMBERS = new Set([20, 21, 23, 26, 28, 700, 701, 790, 1700]);
export const isRight = (oid: number): boolean => NUMBERS.has(oid);
const width = (text: string): number => [...text].length;

export function drawTable(table: Shown, style: TableStyle): string {
  if (style.format === 'csv') return csv(table, style);
  if (style.format === 'unaligned') return unaligned(table, style);
  return style.expanded ? expanded(table, style) : aligned(table, style);
}

const cellLines = (cell: string | null, style: TableStyle): string[] => (cell ?? style.none).split('\n');

function aligned(table: Shown, style: TableStyle): string {
  const { headers, rows } = table;
  const widths = headers.map((header, i) =>
    Math.max(
      ...header.split('\n').map(width),
      ...rows.map((row) => Math.max(...cellLines(row[i] ?? null, style).map(width))),
    ),
  );
  const lines: string[] = [];
  if (!style.tuplesOnly) {
    const total = widths.reduce((sum, w) => sum + w + 3, -1);
    if (table.title) lines.push(centered(table.title, total));
    lines.push(
      bordered(
        headers.map((header, i) => ` ${center(header, widths[i] ?? 0)} `),
        style,
      ),
    );
    lines.push(rule(widths, style));
  }
  for (const row of rows) lines.push(...rowLines(row, widths, table.right, style));
  if (style.border === 2) {
    lines.push(rule(widths, style));
    if (!style.tuplesOnly) lines.unshift(rule(widths, style));
  }
  return `${lines.join('\n')}${lines.length > 0 ? '\n' : ''}${footer(table, style)}\n`;
}

const rule = (widths: number[], style: TableStyle): string => {
  const line = widths.map((w) => '-'.repeat(w + 2)).join('+');
  return style.border === 2 ? `+${line}+` : line;
};
const bordered = (cells: string[], style: TableStyle): string =>
  style.border === 2 ? `|${cells.join('|')}|` : cells.join('|');

function rowLines(row: (string | null)[], widths: number[], right: boolean[], style: TableStyle): string[] {
  const cells = row.map((cell) => cellLines(cell, style));
  const height = Math.max(1, ...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, at) => {
    const parts = cells.map((cell, i) => {
      const text = cell[at] ?? '';
      const more = at + 1 < cell.length;
      const last = i === cells.length - 1 && style.border < 2;
      const space = ' '.repeat((widths[i] ?? 0) - width(text));
      if (right[i] && cell.length === 1) return ` ${space}${text}${last ? '' : ' '}`;
      return ` ${text}${last && !more ? '' : space}${more ? '+' : last ? '' : ' '}`;
    });
    return bordered(parts, style);
  });
}

const center = (text: string, size: number): string => {
  const space = size - width(text);
  const left = Math.floor(space / 2);
  return `${' '.repeat(left)}${text}${' '.repeat(space - left)}`;
};
const centered = (text: string, total: number): string =>
  `${' '.repeat(Math.max(0, Math.floor((total - width(text)) / 2)))}${text}`;

function footer(table: Shown, style: TableStyle): string {
  if (style.tuplesOnly) return '';
  if (table.footers && table.footers.length > 0) return `${table.footers.join('\n')}\n`;
  return table.noCount ? '' : `(${table.rows.length} row${table.rows.length === 1 ? '' : 's'})\n`;
}

function expanded(table: Shown, style: TableStyle): string {
  if (table.rows.length === 0) return style.tuplesOnly ? '' : '(0 rows)\n\n';
  const nameWidth = Math.max(...table.headers.map(width));
  const valueWidth = Math.max(...table.rows.flatMap((row) => row.flatMap((cell) => cellLines(cell, style).map(width))));
  const lines: string[] = [];
  for (const [n, row] of table.rows.entries()) {
    if (!style.tuplesOnly) lines.push(recordRule(n + 1, nameWidth, valueWidth));
    else if (n > 0) lines.push('');
    for (const [i, cell] of row.entries())
      for (const [at, text] of cellLines(cell, style).entries()) {
        const all = cellLines(cell, style);
        const name = at === 0 ? (table.headers[i] ?? '').padEnd(nameWidth) : ' '.repeat(nameWidth);
        lines.push(`${name} | ${at + 1 < all.length ? `${text.padEnd(valueWidth)}+` : text}`);
      }
  }
  return `${lines.join('\n')}\n\n`;
}

function recordRule(n: number, nameWidth: number, valueWidth: number): string {
  const label = `-[ RECORD ${n} ]`;
  const line = `${'-'.repeat(nameWidth + 1)}+${'-'.repeat(valueWidth + 1)}`;
  return label.length > nameWidth + 1
    ? `${label}${'-'.repeat(Math.max(0, line.length - label.length))}`
    : `${label}${line.slice(label.length)}`;
}

function unaligned(table: Shown, style: TableStyle): string {
  if (style.expanded) {
    const records = table.rows.map((row) =>
      row.map((cell, i) => `${table.headers[i]}${style.separator}${cell ?? style.none}`).join('\n'),
    );
    return records.length > 0 ? `${records.join('\n\n')}\n` : '';
  }
  const lines = table.rows.map((row) => row.map((cell) => cell ?? style.none).join(style.separator));
  if (!style.tuplesOnly) {
    lines.unshift(table.headers.join(style.separator));
    if (table.title) lines.unshift(table.title);
    const end = footer(table, style).replace(/\n$/, '');
    if (end) lines.push(end);
  }
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

const csvCell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function csv(table: Shown, style: TableStyle): string {
  const lines = table.rows.map((row) => row.map((cell) => csvCell(cell ?? style.none)).join(','));
  if (!style.tuplesOnly) lines.unshift(table.headers.map(csvCell).join(','));
  return lines.map((line) => `${line}\n`).join('');
}
