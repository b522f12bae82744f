// MySQL's column types: names, wire codes, and how a value of each is written as text and in binary rows.

export type TypeName =
  | 'tinyint'
  | 'smallint'
  | 'mediumint'
  | 'int'
  | 'bigint'
  | 'decimal'
  | 'float'
  | 'double'
  | 'bit'
  | 'char'
  | 'varchar'
  | 'binary'
  | 'varbinary'
  | 'tinytext'
  | 'text'
  | 'mediumtext'
  | 'longtext'
  | 'tinyblob'
  | 'blob'
  | 'mediumblob'
  | 'longblob'
  | 'date'
  | 'datetime'
  | 'timestamp'
  | 'time'
  | 'year'
  | 'enum'
  | 'set'
  | 'json'
  | 'null';

/** A column's type. `length` is digits for numbers, characters for strings, bits for BIT; `scale` decimals or fractional seconds. */
export interface SqlType {
  name: TypeName;
  length?: number;
  scale?: number;
  unsigned?: boolean;
  zerofill?: boolean;
  /** Of ENUM and SET. */
  values?: string[];
  /** Strings that are compared byte by byte (a _bin collation). */
  caseSensitive?: boolean;
}

/** A value as the engine gives it. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** A column of a result. */
export interface Column {
  name: string;
  type: SqlType;
  orgName?: string;
  table?: string;
  orgTable?: string;
  db?: string;
  notNull?: boolean;
  primaryKey?: boolean;
  uniqueKey?: boolean;
  autoIncrement?: boolean;
}

const CODES: Record<TypeName, number> = {
  decimal: 0xf6,
  tinyint: 0x01,
  smallint: 0x02,
  int: 0x03,
  float: 0x04,
  double: 0x05,
  null: 0x06,
  timestamp: 0x07,
  bigint: 0x08,
  mediumint: 0x09,
  date: 0x0a,
  time: 0x0b,
  datetime: 0x0c,
  year: 0x0d,
  bit: 0x10,
  json: 0xf5,
  tinyblob: 0xfc,
  mediumblob: 0xfc,
  longblob: 0xfc,
  blob: 0xfc,
  tinytext: 0xfc,
  mediumtext: 0xfc,
  longtext: 0xfc,
  text: 0xfc,
  varchar: 0xfd,
  varbinary: 0xfd,
  char: 0xfe,
  binary: 0xfe,
  enum: 0xfe,
  set: 0xfe,
};

const INTEGERS: ReadonlySet<TypeName> = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'year']);
const NUMBERS: ReadonlySet<TypeName> = new Set([...INTEGERS, 'decimal', 'float', 'double', 'bit']);
const BINARIES: ReadonlySet<TypeName> = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob']);
const TEMPORALS: ReadonlySet<TypeName> = new Set(['date', 'datetime', 'timestamp', 'time']);

export const isInteger = (type: SqlType): boolean => INTEGERS.has(type.name);
export const isNumber = (type: SqlType): boolean => NUMBERS.has(type.name);
export const isBinary = (type: SqlType): boolean => BINARIES.has(type.name);
export const isTemporal = (type: SqlType): boolean => TEMPORALS.has(type.name);
/** Character strings, compared without regard to case. */
export const isText = (type: SqlType): boolean =>
  !NUMBERS.has(type.name) && !BINARIES.has(type.name) && !TEMPORALS.has(type.name) && type.name !== 'null';

export const wireCode = (type: SqlType): number => CODES[type.name];

const FLAGS = {
  notNull: 1,
  primaryKey: 2,
  uniqueKey: 4,
  blob: 16,
  unsigned: 32,
  zerofill: 64,
  binary: 128,
  enum: 256,
  autoIncrement: 512,
  set: 2048,
  number: 32768,
};

export function wireFlags(column: Column): number {
  const { type } = column;
  const blob = CODES[type.name] === 0xfc || type.name === 'json';
  const binary = isBinary(type) || isTemporal(type) || type.name === 'json' || isNumber(type);
  return (
    (column.notNull ? FLAGS.notNull : 0) |
    (column.primaryKey ? FLAGS.primaryKey : 0) |
    (column.uniqueKey ? FLAGS.uniqueKey : 0) |
    (blob ? FLAGS.blob : 0) |
    (type.unsigned || type.name === 'bit' || type.name === 'year' ? FLAGS.unsigned : 0) |
    (type.zerofill ? FLAGS.zerofill : 0) |
    (binary ? FLAGS.binary : 0) |
    (type.name === 'enum' ? FLAGS.enum : 0) |
    (type.name === 'set' ? FLAGS.set : 0) |
    (column.autoIncrement ? FLAGS.autoIncrement : 0)
  );
}

const INTEGER_DIGITS: Partial<Record<TypeName, number>> = {
  tinyint: 4,
  smallint: 6,
  mediumint: 9,
  int: 11,
  bigint: 20,
  year: 4,
  float: 12,
  double: 22,
  date: 10,
  time: 10,
  datetime: 19,
  timestamp: 19,
};
const BLOB_BYTES: Partial<Record<TypeName, number>> = {
  tinytext: 255,
  tinyblob: 255,
  text: 65535,
  blob: 65535,
  mediumtext: 16777215,
  mediumblob: 16777215,
  longtext: 4294967295,
  longblob: 4294967295,
  json: 4294967295,
};

/** The length of a column definition packet: bytes a value may take. */
export function displayLength(type: SqlType): number {
  if (type.name === 'bit') return type.length ?? 1;
  if (type.name === 'decimal') return (type.length ?? 10) + ((type.scale ?? 0) > 0 ? 2 : 1);
  const fixed = INTEGER_DIGITS[type.name] ?? BLOB_BYTES[type.name];
  if (fixed !== undefined) return fixed;
  const characters = type.values ? Math.max(0, ...type.values.map((v) => v.length)) : (type.length ?? 0);
  return isBinary(type) ? characters : characters * 4;
}

/** A number as MySQL prints a DOUBLE: shortest digits that give it back, exponent without plus sign. */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return 'NULL';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-15) return value.toExponential().replace('e+', 'e');
  return decimalDigits(value);
}

/** A number without an exponent: JavaScript uses one below 1e-6. */
function decimalDigits(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [mantissa = '', exponent = '0'] = text.split('e');
  return value.toFixed(Math.min(100, -Number(exponent) + (mantissa.split('.')[1]?.length ?? 0)));
}

/** Rounds half away from zero as MySQL's exact decimals do; JavaScript's toFixed works on the binary value. */
export function toDecimal(value: number | bigint | string, scale: number): string {
  if (typeof value === 'bigint') return scale > 0 ? `${value}.${'0'.repeat(scale)}` : String(value);
  const number = Number(value);
  if (!Number.isFinite(number)) return '0';
  const digits = Number(number.toPrecision(15));
  const [whole = '0', fraction = ''] = decimalDigits(Math.abs(digits)).split('.');
  if (whole.includes('e')) return String(digits);
  const padded = fraction.padEnd(scale + 1, '0');
  let scaled = BigInt(whole + padded.slice(0, scale));
  if (padded.charAt(scale) >= '5') scaled += 1n;
  const text = scaled.toString().padStart(scale + 1, '0');
  const sign = number < 0 && scaled !== 0n ? '-' : '';
  return scale > 0 ? `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}` : sign + text;
}

/** Bytes of a BIT(n) value, most significant first. */
function bitBytes(value: bigint, bits: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  for (let i = bytes.length - 1, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 255n);
  return bytes;
}

const encoder = new TextEncoder();

/** A value as the text protocol carries it. */
export function textValue(value: SqlValue, type: SqlType): Uint8Array | null {
  if (value === null) return null;
  if (type.name === 'bit' && !(value instanceof Uint8Array)) return bitBytes(BigInt(value), type.length ?? 1);
  if (value instanceof Uint8Array) return value;
  return encoder.encode(formatValue(value, type));
}

/** A value as text, in the form its type has. */
export function formatValue(value: Exclude<SqlValue, null>, type: SqlType): string {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (typeof value === 'string' && type.name !== 'decimal') return value;
  if (type.name === 'decimal') return toDecimal(value, type.scale ?? 0);
  if (type.name === 'float') return formatDouble(Number(Number(value).toPrecision(6)));
  if (type.name === 'double') return formatDouble(Number(value));
  if (type.name === 'year') return String(value).padStart(4, '0');
  if (type.zerofill) return String(value).padStart(type.length ?? (INTEGER_DIGITS[type.name] ?? 11) - 1, '0');
  if (isInteger(type) && typeof value === 'number') return String(Math.round(value));
  return typeof value === 'number' ? formatDouble(value) : String(value);
}
