// COPY to and from the client, in text and CSV.
import type { LiteValue } from '../sql/engine';
import type { Tree } from '../sql/postgres-parser';
import { type Column, liveColumns } from './catalog';
import type { Compiler } from './compiler';
import { defaultOf, targetTable } from './dml';
import { PgError, undefinedTable, unsupported } from './error';
import { Rows } from './rows';
import type { Result, Session } from './session';
import { input } from './values';

interface Format {
  csv: boolean;
  header: boolean;
  delimiter: string;
  none: string;
}

function readFormat(options: Tree[]): Format {
  const option = (name: string) => options.find(({ DefElem: o }) => o.defname === name)?.DefElem;
  const csv = option('format')?.arg?.String?.sval === 'csv';
  const header = option('header');
  return {
    csv,
    header: header !== undefined && header.arg?.Boolean?.boolval !== false && header.arg?.String?.sval !== 'false',
    delimiter: option('delimiter')?.arg?.String?.sval ?? (csv ? ',' : '\t'),
    none: option('null')?.arg?.String?.sval ?? (csv ? '' : '\\N'),
  };
}

export async function copy(session: Session, c: Compiler, node: Tree): Promise<Result> {
  if (node.filename || node.is_program)
    throw new PgError(
      '42501',
      `permission denied to COPY ${node.is_from ? 'from' : 'to'} ${node.is_program ? 'or from an external program' : 'a file'}`,
      { hint: "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone." },
    );
  const format = readFormat(node.options ?? []);
  return node.is_from ? copyIn(session, c, node, format) : copyOut(session, c, node, format);
}

function columnsOf(table: { columns: Column[]; name: string }, names: Tree[] | undefined): Column[] {
  if (!names) return liveColumns(table).filter((column) => !column.generated);
  return names.map((name) => {
    const found = liveColumns(table).find((column) => column.name === name.String.sval);
    if (!found) throw new PgError('42703', `column "${name.String.sval}" of relation "${table.name}" does not exist`);
    return found;
  });
}

async function copyIn(session: Session, c: Compiler, node: Tree, format: Format): Promise<Result> {
  const table = targetTable(c, node.relation, 'a');
  const columns = columnsOf(table, node.attlist);
  const finish = async (data: Uint8Array): Promise<Result> => {
    await session.write();
    const rows = new Rows(c, session);
    const records = split(new TextDecoder().decode(data), format);
    const others = liveColumns(table).filter((column) => !columns.includes(column));
    let count = 0;
    for (const record of format.header ? records.slice(1) : records) {
      if (record.length !== columns.length)
        throw new PgError(
          '22P04',
          record.length < columns.length
            ? `missing data for column "${columns[record.length]?.name}"`
            : 'extra data after last expected column',
        );
      const row = new Map<number, LiteValue>(
        columns.map((column, i) => [
          column.number,
          record[i] === null ? null : input(column, record[i] as string, () => session.now()),
        ]),
      );
      for (const column of others) row.set(column.number, session.scalar(defaultOf(c, column, table).sql));
      rows.insert(table, row);
      count++;
    }
    rows.settle();
    return { tag: `COPY ${count}` };
  };
  return { tag: '', copyIn: { columns: columns.length, finish } };
}

function copyOut(session: Session, c: Compiler, node: Tree, format: Format): Result {
  const query = node.query ? c.select(node.query, undefined) : c.select(wholeTable(session, node), undefined);
  const rows = session.all(query.sql);
  const cell = (value: LiteValue, i: number) =>
    value === null ? null : session.textOf(query.columns[i]?.type ?? 'text', value);
  const lines = rows.map((row) => row.map((value, i) => encode(cell(value, i), format)).join(format.delimiter));
  if (format.header) lines.unshift(query.columns.map(({ name }) => name).join(format.delimiter));
  return { tag: `COPY ${rows.length}`, copyOut: { columns: query.columns.length, lines } };
}

function wholeTable(session: Session, node: Tree): Tree {
  const found = session.findRelation(node.relation.relname, node.relation.schemaname);
  if (!found) throw undefinedTable(node.relation.relname, node.relation.location);
  if (found.k !== 'table') throw unsupported(`COPY of a ${found.k}`);
  const targets = columnsOf(found, node.attlist).map((column) => ({
    ResTarget: { val: { ColumnRef: { fields: [{ String: { sval: column.name } }], location: 0 } }, location: 0 },
  }));
  return { SelectStmt: { targetList: targets, fromClause: [{ RangeVar: node.relation }], op: 'SETOP_NONE' } };
}

function encode(text: string | null, format: Format): string {
  if (text === null) return format.none;
  if (!format.csv)
    return text.replace(/[\\\n\r\t]/g, (ch) => ({ '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[ch] ?? ch);
  return text === format.none || /["\n\r]/.test(text) || text.includes(format.delimiter)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

/** The records of a text. */
function split(text: string, format: Format): (string | null)[][] {
  if (format.csv) return splitCsv(text, format);
  const lines = text.split('\n').filter((line, i, all) => !(i === all.length - 1 && line === '') && line !== '\\.');
  return lines.map((line) =>
    line
      .replace(/\r$/, '')
      .split(format.delimiter)
      .map((cell) =>
        cell === format.none
          ? null
          : cell.replace(/\\([\\ntr])/g, (_, ch: string) => ({ n: '\n', t: '\t', r: '\r' })[ch] ?? ch),
      ),
  );
}

function splitCsv(text: string, format: Format): (string | null)[][] {
  const records: (string | null)[][] = [];
  let record: (string | null)[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    const quoted = text[at] === '"';
    if (quoted) {
      for (at++; at < text.length; at++) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[++at];
        else break;
      }
      at++;
    } else while (at < text.length && text[at] !== format.delimiter && text[at] !== '\n') cell += text[at++];
    const value = quoted ? cell : cell.replace(/\r$/, '');
    record.push(!quoted && value === format.none ? null : value);
    if (text[at] === format.delimiter) at++;
    else {
      at = text[at] === '\r' ? at + 2 : at + 1;
      records.push(record);
      record = [];
    }
  }
  return records.filter((r) => !(r.length === 1 && r[0] === '\\.'));
}
