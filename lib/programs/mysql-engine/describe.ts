// Definitions in MySQL's own words: column types, SHOW CREATE TABLE, default values.
import { type SqlType, toDecimal } from '../mysql-protocol/types';
import type { ColumnDef, Expr } from './ast';
import type { Table } from './catalog';

export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
export const quoteText = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\0', '\\0')}'`;

/** A type as DESCRIBE prints it: `bigint`, `varchar(100)`, `decimal(10,2)`, `enum('a','b')`. */
export function typeText(type: SqlType): string {
  const { name } = type;
  const sign = `${type.unsigned ? ' unsigned' : ''}${type.zerofill ? ' zerofill' : ''}`;
  if (type.values) return `${name}(${type.values.map((v) => `'${v.replaceAll("'", "''")}'`).join(',')})`;
  if (name === 'decimal') return `decimal(${type.length ?? 10},${type.scale ?? 0})${sign}`;
  if (name === 'float' || name === 'double')
    return type.scale !== undefined ? `${name}(${type.length},${type.scale})${sign}` : name + sign;
  if (name === 'datetime' || name === 'timestamp' || name === 'time')
    return type.scale ? `${name}(${type.scale})` : name;
  // 8.0.19 dropped display widths, but for tinyint(1) and zerofill
  if (/int$/.test(name)) {
    const width = type.zerofill ? (type.length ?? 10) : name === 'tinyint' && type.length === 1 ? 1 : undefined;
    return `${name}${width ? `(${width})` : ''}${sign}`;
  }
  if (/^(char|varchar|binary|varbinary|bit)$/.test(name)) return `${name}(${type.length ?? 1})`;
  return name;
}

/** A default as information_schema has it; null for none. */
export function defaultText(column: ColumnDef): string | null {
  const value = column.default;
  if (!value || value.k === 'null') return null;
  if (value.k === 'bytes' && column.type.name === 'bit')
    return `b'${BigInt(`0x${Buffer.from(value.value).toString('hex')}`).toString(2)}'`;
  if (column.type.name === 'bit' && value.k === 'int') return `b'${value.value.toString(2)}'`;
  if (column.type.name === 'decimal' && (value.k === 'int' || value.k === 'dec'))
    return toDecimal(value.k === 'int' ? value.value : value.text, column.type.scale ?? 0);
  return exprText(value);
}

/** A constant expression as text. */
function exprText(expr: Expr): string {
  if (expr.k === 'int') return String(expr.value);
  if (expr.k === 'dec') return expr.text;
  if (expr.k === 'double') return String(expr.value);
  if (expr.k === 'str') return expr.value;
  if (expr.k === 'bool') return expr.value ? '1' : '0';
  if (expr.k === 'unary') return `${expr.op}${exprText(expr.of)}`;
  if (expr.k === 'call') return callText(expr.name, expr.args);
  return 'NULL';
}

const NOW = new Set(['NOW', 'CURRENT_TIMESTAMP', 'LOCALTIME', 'LOCALTIMESTAMP']);
export const isNow = (expr: Expr | undefined): boolean => expr?.k === 'call' && NOW.has(expr.name);

function callText(name: string, args: Expr[]): string {
  const inner = args.map((arg) => (arg.k === 'str' ? quoteText(arg.value) : exprText(arg))).join(',');
  if (NOW.has(name)) return args.length > 0 ? `CURRENT_TIMESTAMP(${inner})` : 'CURRENT_TIMESTAMP';
  return `${name.toLowerCase()}(${inner})`;
}

function defaultClause(column: ColumnDef): string {
  const value = column.default;
  if (!value)
    return column.notNull || column.autoIncrement || column.generated
      ? ''
      : /text$|blob$|^json$/.test(column.type.name)
        ? ''
        : ' DEFAULT NULL';
  if (value.k === 'null') return ' DEFAULT NULL';
  const text = defaultText(column) ?? 'NULL';
  if (value.k === 'call') return isNow(value) ? ` DEFAULT ${text}` : ` DEFAULT (${text})`;
  return column.type.name === 'bit' ? ` DEFAULT ${text}` : ` DEFAULT ${quoteText(text)}`;
}

function columnText(column: ColumnDef): string {
  const { type } = column;
  const collate = column.collate ? ` COLLATE ${column.collate}` : '';
  const generated = column.generated
    ? ` GENERATED ALWAYS AS (${column.generated.text}) ${column.generated.stored ? 'STORED' : 'VIRTUAL'}`
    : '';
  const nullable = column.notNull ? ' NOT NULL' : type.name === 'timestamp' ? ' NULL' : '';
  const auto = column.autoIncrement ? ' AUTO_INCREMENT' : '';
  const update = column.onUpdateNow ? ` ON UPDATE CURRENT_TIMESTAMP${type.scale ? `(${type.scale})` : ''}` : '';
  const comment = column.comment ? ` COMMENT ${quoteText(column.comment)}` : '';
  return `${quoteName(column.name)} ${typeText(type)}${collate}${generated}${nullable}${defaultClause(column)}${update}${auto}${comment}`;
}

const columnList = (columns: { name: string; desc: boolean; length?: number }[]): string =>
  columns
    .map(({ name, desc, length }) => `${quoteName(name)}${length ? `(${length})` : ''}${desc ? ' DESC' : ''}`)
    .join(',');

const INDEX_WORDS = { primary: 'PRIMARY KEY', unique: 'UNIQUE KEY', index: 'KEY', fulltext: 'FULLTEXT KEY' } as const;

/** The text of SHOW CREATE TABLE. */
export function createTableText(table: Table, options: { autoIncrement: boolean }): string {
  const lines = table.columns.map(columnText);
  const order = { primary: 0, unique: 1, index: 2, fulltext: 3 };
  for (const index of [...table.indexes].sort((a, b) => order[a.kind] - order[b.kind])) {
    const name = index.kind === 'primary' ? '' : ` ${quoteName(index.name)}`;
    lines.push(`${INDEX_WORDS[index.kind]}${name} (${columnList(index.columns)})`);
  }
  for (const foreign of table.foreigns) lines.push(foreignText(foreign, table.db));
  for (const check of table.checks) lines.push(`CONSTRAINT ${quoteName(check.name)} CHECK (${check.text})`);
  const { engine = 'InnoDB', collate = 'utf8mb4_0900_ai_ci', charset, comment } = table.options;
  const shown = engineNames.find((name) => name.toLowerCase() === engine.toLowerCase()) ?? engine;
  const auto = options.autoIncrement && table.nextAuto > 1n ? ` AUTO_INCREMENT=${table.nextAuto}` : '';
  const set = charset ?? collate.split('_')[0];
  const collation = table.options.collate ?? (charset && charset !== 'utf8mb4' ? undefined : collate);
  const tail = `${auto} DEFAULT CHARSET=${set}${collation ? ` COLLATE=${collation}` : ''}${comment ? ` COMMENT=${quoteText(comment)}` : ''}`;
  const kind = table.temporary ? 'TEMPORARY TABLE' : 'TABLE';
  return `CREATE ${kind} ${quoteName(table.name)} (\n  ${lines.join(',\n  ')}\n) ENGINE=${shown}${tail}`;
}

const engineNames = ['InnoDB', 'MyISAM', 'MEMORY'];

/** `CONSTRAINT … FOREIGN KEY … REFERENCES …`, as in SHOW CREATE TABLE and in errors. */
export function foreignText(foreign: Table['foreigns'][number], db: string): string {
  const names = (list: string[]) => list.map(quoteName).join(', ');
  const other = foreign.table.db && foreign.table.db !== db ? `${quoteName(foreign.table.db)}.` : '';
  const actions = [
    foreign.onDelete && !/NO ACTION/.test(foreign.onDelete) ? ` ON DELETE ${foreign.onDelete}` : '',
    foreign.onUpdate && !/NO ACTION/.test(foreign.onUpdate) ? ` ON UPDATE ${foreign.onUpdate}` : '',
  ].join('');
  return `CONSTRAINT ${quoteName(foreign.name)} FOREIGN KEY (${names(foreign.columns)}) REFERENCES ${other}${quoteName(foreign.table.name)} (${names(foreign.refColumns)})${actions}`;
}
