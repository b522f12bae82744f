// How the client shows results: table, tab-separated, vertical. client/mysql.cc of MySQL 8.0.
import { concat } from '../../machine/process';
import type { ClientColumn } from './connection';

export interface Format {
  names: boolean;
  /** Bytes of binary columns as 0x… */
  hex: boolean;
  raw: boolean;
}

type Cell = Uint8Array | null;
type Rows = { columns: ClientColumn[]; rows: Cell[][] };

const BINARY = 63;
const BINARY_TYPES = new Set([0x10, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff]);
const NUMERIC_TYPES = new Set([0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x08, 0x09, 0x0d, 0xf6]); // IS_NUM
const NOT_NULL = 1;

const encoder = new TextEncoder();
const encode = (text: string): Uint8Array => encoder.encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const isBinary = (column: ClientColumn): boolean => column.charset === BINARY && BINARY_TYPES.has(column.type);

const hex = (bytes: Uint8Array): Uint8Array => encode(`0x${Buffer.from(bytes).toString('hex').toUpperCase()}`);

const shown = (cell: Cell, column: ClientColumn, format: Format): Uint8Array => {
  if (cell === null) return encode('NULL');
  return format.hex && isBinary(column) ? hex(cell) : cell;
};

/** Columns that a terminal gives to a text: wide characters take two. */
function width(bytes: Uint8Array): number {
  let columns = 0;
  for (const c of decode(bytes))
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(c)
      ? 2
      : 1;
  return columns;
}

/** A NUL would be swallowed by a terminal and shift the table, so the client prints a space. */
const printable = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => (byte === 0 ? 32 : byte));

export function table({ columns, rows }: Rows, format: Format): Uint8Array {
  const cells = rows.map((row) => row.map((cell, i) => shown(cell, columns[i] as ClientColumn, format)));
  const widths = columns.map((column, i) => {
    const names = format.names ? width(encode(column.name)) : 0;
    const least = (column.flags & NOT_NULL) === 0 ? 4 : 0; // room for NULL
    const inHex = format.hex && isBinary(column);
    const own = rows.map((row, n) => (inHex ? (row[i]?.length ?? 0) : width(cells[n]?.[i] as Uint8Array)));
    const size = Math.max(names, least, ...own);
    return inHex ? 2 + 2 * size : size; // the client doubles the name's room as well
  });
  const line = `+${widths.map((n) => '-'.repeat(n + 2)).join('+')}+\n`;
  const out: Uint8Array[] = [encode(line)];
  if (format.names) {
    const names = columns.map(
      (column, i) => ` ${column.name}${' '.repeat((widths[i] ?? 0) - width(encode(column.name)))} `,
    );
    out.push(encode(`|${names.join('|')}|\n${line}`));
  }
  rows.forEach((row, n) => {
    out.push(encode('|'));
    row.forEach((cell, i) => {
      const bytes = cells[n]?.[i] as Uint8Array;
      const gap = encode(' '.repeat((widths[i] ?? 0) - width(bytes)));
      const right = NUMERIC_TYPES.has(columns[i]?.type ?? -1) && cell !== null;
      out.push(encode(' '), ...(right ? [gap, printable(bytes)] : [printable(bytes), gap]), encode(' |'));
    });
    out.push(encode('\n'));
  });
  return concat([...out, encode(line)]);
}

const ESCAPES: Record<number, string> = { 0: '\\0', 9: '\\t', 10: '\\n', 92: '\\\\' };

function escaped(bytes: Uint8Array): Uint8Array {
  return concat([...bytes].map((byte) => (ESCAPES[byte] ? encode(ESCAPES[byte]) : Uint8Array.of(byte))));
}

export function tabs({ columns, rows }: Rows, format: Format): Uint8Array {
  const out: Uint8Array[] = [];
  if (format.names) out.push(encode(`${columns.map((column) => column.name).join('\t')}\n`));
  for (const row of rows) {
    row.forEach((cell, i) => {
      if (i > 0) out.push(encode('\t'));
      const bytes = shown(cell, columns[i] as ClientColumn, format);
      out.push(format.raw || cell === null ? bytes : escaped(bytes));
    });
    out.push(encode('\n'));
  }
  return concat(out);
}

export function vertical({ columns, rows }: Rows, format: Format): Uint8Array {
  const size = Math.max(0, ...columns.map((column) => width(encode(column.name))));
  const out: Uint8Array[] = [];
  rows.forEach((row, n) => {
    out.push(encode(`*************************** ${n + 1}. row ***************************\n`));
    row.forEach((cell, i) => {
      const column = columns[i] as ClientColumn;
      if (format.names) out.push(encode(`${' '.repeat(size - width(encode(column.name)))}${column.name}: `));
      out.push(printable(shown(cell, column, format)), encode('\n'));
    });
  });
  return concat(out);
}
