// Result sets on the wire: column definitions, text rows, binary rows, and what a prepared statement's parameters carry.
import { CHARSET } from './constants';
import { type PacketReader, PacketWriter } from './packets';
import {
  type Column,
  displayLength,
  formatValue,
  isTemporal,
  isText,
  type SqlType,
  type SqlValue,
  textValue,
  wireCode,
  wireFlags,
} from './types';

const NULL_BYTE = 0xfb;

/** The character set number of a column: 63 (binary) for all that is not text. */
const charsetOf = (type: SqlType): number => (isText(type) && type.name !== 'json' ? CHARSET.utf8mb4 : CHARSET.binary);

const decimalsOf = (type: SqlType): number =>
  type.name === 'double' || type.name === 'float' ? (type.scale ?? 31) : isTemporal(type) ? 0 : (type.scale ?? 0);

export function columnPacket(column: Column): Uint8Array {
  return new PacketWriter()
    .lenencText('def')
    .lenencText(column.db ?? '')
    .lenencText(column.table ?? '')
    .lenencText(column.orgTable ?? column.table ?? '')
    .lenencText(column.name)
    .lenencText(column.orgName ?? (column.table ? column.name : ''))
    .lenenc(0x0c)
    .int(charsetOf(column.type), 2)
    .int(displayLength(column.type), 4)
    .int(wireCode(column.type), 1)
    .int(wireFlags(column), 2)
    .int(decimalsOf(column.type), 1)
    .int(0, 2)
    .done();
}

export function textRow(values: SqlValue[], columns: Column[]): Uint8Array {
  const packet = new PacketWriter();
  columns.forEach((column, i) => {
    const bytes = textValue(values[i] ?? null, column.type);
    if (bytes === null) packet.int(NULL_BYTE, 1);
    else packet.lenencBytes(bytes);
  });
  return packet.done();
}

export function binaryRow(values: SqlValue[], columns: Column[]): Uint8Array {
  const nulls = new Uint8Array((columns.length + 9) >> 3);
  columns.forEach((_, i) => {
    if ((values[i] ?? null) === null) nulls[(i + 2) >> 3] = (nulls[(i + 2) >> 3] ?? 0) | (1 << ((i + 2) & 7));
  });
  const packet = new PacketWriter().int(0, 1).raw(nulls);
  columns.forEach((column, i) => {
    const value = values[i] ?? null;
    if (value !== null) putBinary(packet, value, column.type);
  });
  return packet.done();
}

const INTEGER_BYTES: Record<string, number> = { tinyint: 1, smallint: 2, year: 2, mediumint: 4, int: 4, bigint: 8 };

function putBinary(packet: PacketWriter, value: Exclude<SqlValue, null>, type: SqlType): void {
  const size = INTEGER_BYTES[type.name];
  if (size !== undefined) packet.int(BigInt(formatValue(value, { ...type, zerofill: false })), size);
  else if (type.name === 'float') packet.double(Number(value), 4);
  else if (type.name === 'double') packet.double(Number(value), 8);
  else if (type.name === 'time') putTime(packet, String(value));
  else if (isTemporal(type)) putDate(packet, String(value));
  else packet.lenencBytes(textValue(value, type) ?? new Uint8Array());
}

function putDate(packet: PacketWriter, text: string): void {
  const [, year = 0, month = 0, day = 0, hour, minute, second, fraction] =
    /^(\d+)-(\d+)-(\d+)(?:[ T](\d+):(\d+):(\d+)(?:\.(\d+))?)?/.exec(text) ?? [];
  const micro = Number((fraction ?? '').padEnd(6, '0') || 0);
  const clock = [hour, minute, second].map((n) => Number(n ?? 0));
  packet.int(micro > 0 ? 11 : clock.some((n) => n > 0) ? 7 : 4, 1);
  packet.int(Number(year), 2).int(Number(month), 1).int(Number(day), 1);
  if (micro > 0 || clock.some((n) => n > 0)) for (const n of clock) packet.int(n, 1);
  if (micro > 0) packet.int(micro, 4);
}

function putTime(packet: PacketWriter, text: string): void {
  const [, sign = '', hours = 0, minutes = 0, seconds = 0, fraction = ''] =
    /^(-?)(\d+):(\d+):(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  const micro = Number(fraction.padEnd(6, '0') || 0);
  packet.int(micro > 0 ? 12 : 8, 1).int(sign ? 1 : 0, 1);
  packet.int(Math.floor(Number(hours) / 24), 4).int(Number(hours) % 24, 1);
  packet.int(Number(minutes), 1).int(Number(seconds), 1);
  if (micro > 0) packet.int(micro, 4);
}

/** Reads the values of COM_STMT_EXECUTE. `types` are those bound before, replaced when the packet brings new ones. */
export function readParameters(
  packet: PacketReader,
  count: number,
  before: number[],
  long: Map<number, Uint8Array>,
): { values: SqlValue[]; types: number[] } {
  if (count === 0) return { values: [], types: [] };
  const nulls = packet.take((count + 7) >> 3);
  let types = before;
  if (packet.int(1) === 1) types = Array.from({ length: count }, () => packet.int(2));
  const values = types.map((type, i): SqlValue => {
    const given = long.get(i);
    if (given) return new TextDecoder().decode(given);
    if (((nulls[i >> 3] ?? 0) >> (i & 7)) & 1) return null;
    return readBinary(packet, type & 255, (type & 0x8000) !== 0);
  });
  return { values, types };
}

const FIXED: Record<number, number> = { 1: 1, 2: 2, 13: 2, 3: 4, 9: 4, 8: 8 };
const BLOBS = new Set([0xf9, 0xfa, 0xfb, 0xfc]);

function readBinary(packet: PacketReader, type: number, unsigned: boolean): SqlValue {
  const size = FIXED[type];
  if (size !== undefined) {
    const value = packet.bigint(size);
    return unsigned ? value : BigInt.asIntN(size * 8, value);
  }
  if (type === 4 || type === 5) {
    const bytes = packet.take(type === 4 ? 4 : 8).slice();
    const view = new DataView(bytes.buffer);
    return type === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }
  if (type === 0x0b) return readTime(packet);
  if (type === 0x0a || type === 0x07 || type === 0x0c) return readDate(packet, type === 0x0a);
  if (type === 0x06) return null;
  const bytes = packet.lenencBytes() ?? new Uint8Array();
  return BLOBS.has(type) ? asTextIfPossible(bytes) : new TextDecoder().decode(bytes);
}

function asTextIfPossible(bytes: Uint8Array): SqlValue {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.slice();
  }
}

const two = (n: number): string => String(n).padStart(2, '0');
const fraction = (micro: number): string => (micro > 0 ? `.${String(micro).padStart(6, '0')}` : '');

function readDate(packet: PacketReader, dateOnly: boolean): string {
  const size = packet.int(1);
  const field = new Uint8Array(11);
  field.set(packet.take(size));
  const view = new DataView(field.buffer);
  const date = `${String(view.getUint16(0, true)).padStart(4, '0')}-${two(field[2] ?? 0)}-${two(field[3] ?? 0)}`;
  if (dateOnly && size <= 4) return date;
  const micro = size > 7 ? view.getUint32(7, true) : 0;
  return `${date} ${two(field[4] ?? 0)}:${two(field[5] ?? 0)}:${two(field[6] ?? 0)}${fraction(micro)}`;
}

function readTime(packet: PacketReader): string {
  const size = packet.int(1);
  if (size === 0) return '00:00:00';
  const sign = packet.int(1) === 1 ? '-' : '';
  const hours = packet.int(4) * 24 + packet.int(1);
  const rest = `${two(packet.int(1))}:${two(packet.int(1))}`;
  return `${sign}${two(hours)}:${rest}${fraction(size > 8 ? packet.int(4) : 0)}`;
}
