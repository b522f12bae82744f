// CREATE, ALTER and DROP of tables, indexes, views, sequences, schemas and types. Each works on a copy of the catalog that the
// session puts in place when the statement succeeds.
import type { Tree } from '../sql/postgres-parser';
import {
  type AnyRelation,
  type Catalog,
  type Column,
  type Constraint,
  type Index,
  liveColumns,
  rowsOf,
  type Sequence,
  type Table,
  type View,
} from './catalog';
import type { Compiler, Query } from './compiler';
import { PgError, undefinedTable, unsupported } from './error';
import { defaultAcl } from './privileges';
import { quoteIdent } from './quote';
import type { RowStore } from './rows';
import { tableScope } from './rows';
import { displayType, isSerial, readTypeName, type Typed } from './types';

export interface DdlContext {
  c: Compiler;
  store: RowStore;
  /** The copy to change. */
  catalog: Catalog;
  user: string;
  nextOid(): number;
  notice(message: string, code?: string): void;
  /** Throws unless the user may create in a schema. */
  mayCreateIn(schema: string, at?: number): void;
  mustOwn(relation: { owner: string; name: string }, what: string): void;
  /** A new sequence's counter, or one that starts again. */
  resetSequence(oid: number): void;
  temporarySchema(): string;
  sourceText(node: Tree): string;
}

const enumsOf = (d: DdlContext) => (name: string) => d.catalog.enums.some((type) => type.name === name);
export const findIn = (d: DdlContext, name: string, schema?: string): AnyRelation | undefined => {
  const found = d.c.session.findRelation(name, schema);
  return found && d.catalog.relations.find(({ oid }) => oid === found.oid);
};

function place(d: DdlContext, range: Tree): string {
  if (range.relpersistence === 't') return d.temporarySchema();
  const schema = range.schemaname ?? d.c.session.searchPath().find((name) => d.catalog.schemas[name]);
  if (schema === undefined)
    throw new PgError('3F000', 'no schema has been selected to create in', { at: range.location });
  if (!d.catalog.schemas[schema])
    throw new PgError('3F000', `schema "${schema}" does not exist`, { at: range.location });
  d.mayCreateIn(schema, range.location);
  return schema;
}

const taken = (d: DdlContext, schema: string, name: string): boolean =>
  d.catalog.relations.some(
    (r) =>
      r.schema === schema && (r.name === name || (r.k === 'table' && r.indexes.some((index) => index.name === name))),
  );

/** A name for a constraint or sequence that nothing else has: `t_a_key`, `t_a_key1`, … */
function freeName(d: DdlContext, schema: string, parts: string[], table?: Table): string {
  const base = parts.join('_').slice(0, 63);
  const used = (name: string): boolean =>
    taken(d, schema, name) || (table?.constraints.some((constraint) => constraint.name === name) ?? false);
  let name = base;
  for (let i = 1; used(name); i++) name = `${base}${i}`;
  return name;
}

// Tables

export function createTable(d: DdlContext, node: Tree): string {
  const { relname } = node.relation;
  const schema = place(d, node.relation);
  if (taken(d, schema, relname)) return existing(d, node, relname);
  if (node.partspec || node.inhRelations) throw unsupported('partitioned and inherited tables');
  const acl = defaultAcl(d.catalog, d.user, 'table');
  const table: Table = {
    k: 'table',
    oid: d.nextOid(),
    name: relname,
    schema,
    owner: d.user,
    columns: [],
    constraints: [],
    indexes: [],
    ...(acl ? { acl } : {}),
  };
  const later: [Tree, Column | undefined][] = [];
  for (const element of (node.tableElts ?? []) as Tree[]) {
    if (element.ColumnDef) addColumn(d, table, element.ColumnDef, later);
    else if (element.TableLikeClause) copyColumns(d, table, element.TableLikeClause);
    else later.push([element.Constraint, undefined]);
  }
  d.store.run(`CREATE TABLE ${rowsOf(table)} (${table.columns.map(({ number }) => `c${number}`).join(', ') || 'c0'})`);
  d.catalog.relations.push(table);
  for (const [constraint, column] of later) addConstraint(d, table, constraint, column);
  return 'CREATE TABLE';
}

function existing(d: DdlContext, node: Tree, name: string): string {
  if (!node.if_not_exists) throw new PgError('42P07', `relation "${name}" already exists`);
  d.notice(`relation "${name}" already exists, skipping`, '42P07');
  return 'CREATE TABLE';
}

export function addColumn(d: DdlContext, table: Table, node: Tree, later: [Tree, Column | undefined][]): Column {
  if (table.columns.some((column) => column.name === node.colname && !column.dropped))
    throw new PgError(
      '42701',
      table.oid && d.catalog.relations.includes(table)
        ? `column "${node.colname}" of relation "${table.name}" already exists`
        : `column "${node.colname}" specified more than once`,
    );
  const serial = isSerial(node.typeName);
  const column: Column = {
    name: node.colname,
    number: table.columns.length + 1,
    notNull: serial,
    ...charDefault(readTypeName(node.typeName, enumsOf(d)), node.typeName),
  };
  table.columns.push(column);
  if (serial) column.default = nextvalOf(ownedSequence(d, table, column, false));
  for (const { Constraint: constraint } of (node.constraints ?? []) as Tree[])
    columnConstraint(d, table, column, constraint, later);
  return column;
}

/** `char` without a length is one character. */
const charDefault = (typed: Typed, node: Tree): Typed =>
  typed.type === 'bpchar' && typed.mod === undefined && node.names.length > 1 ? { ...typed, mod: 1 } : typed;

const nextvalOf = (sequence: Sequence): Tree => ({
  FuncCall: {
    funcname: [{ String: { sval: 'nextval' } }],
    args: [{ A_Const: { sval: { sval: quoteIdent(sequence.name) } } }],
  },
});

function ownedSequence(d: DdlContext, table: Table, column: Column, identity: boolean): Sequence {
  const max = { int2: '32767', int4: '2147483647' }[column.type] ?? '9223372036854775807';
  const acl = defaultAcl(d.catalog, d.user, 'sequence');
  const sequence: Sequence = {
    k: 'sequence',
    oid: d.nextOid(),
    name: freeName(d, table.schema, [table.name, column.name, 'seq']),
    schema: table.schema,
    owner: d.user,
    type: column.type,
    start: '1',
    increment: '1',
    min: '1',
    max,
    cycle: false,
    ownedBy: { table: table.oid, column: column.number, identity },
    ...(acl ? { acl } : {}),
  };
  d.catalog.relations.push(sequence);
  d.resetSequence(sequence.oid);
  return sequence;
}

function columnConstraint(
  d: DdlContext,
  table: Table,
  column: Column,
  constraint: Tree,
  later: [Tree, Column | undefined][],
): void {
  switch (constraint.contype) {
    case 'CONSTR_NOTNULL':
      column.notNull = true;
      return;
    case 'CONSTR_NULL':
      return;
    case 'CONSTR_DEFAULT':
      column.default = constraint.raw_expr;
      return;
    case 'CONSTR_IDENTITY':
      column.identity = constraint.generated_when;
      column.notNull = true;
      sequenceOptions(ownedSequence(d, table, column, true), constraint.options ?? []);
      return;
    case 'CONSTR_GENERATED':
      column.generated = constraint.raw_expr;
      return;
    default:
      later.push([constraint, column]);
  }
}

function copyColumns(d: DdlContext, table: Table, like: Tree): void {
  const source = findIn(d, like.relation.relname, like.relation.schemaname);
  if (source?.k !== 'table') throw undefinedTable(like.relation.relname, like.relation.location);
  for (const { default: fallback, identity: _i, ...column } of liveColumns(source))
    table.columns.push({
      ...column,
      number: table.columns.length + 1,
      ...(fallback && like.options & 8 ? { default: fallback } : {}),
    });
}

export function addConstraint(d: DdlContext, table: Table, node: Tree, own: Column | undefined): void {
  const named = (names: Tree[] | undefined): number[] =>
    names ? names.map((name) => columnNamed(table, name.String.sval, 'named in key ').number) : own ? [own.number] : [];
  const kind = node.contype as string;
  if (node.conname && table.constraints.some(({ name }) => name === node.conname))
    throw new PgError('42710', `constraint "${node.conname}" for relation "${table.name}" already exists`);
  if (kind === 'CONSTR_PRIMARY' || kind === 'CONSTR_UNIQUE')
    addKey(d, table, node, named(node.keys), kind === 'CONSTR_PRIMARY', own && node.location);
  else if (kind === 'CONSTR_CHECK') addCheck(d, table, node, own);
  else if (kind === 'CONSTR_FOREIGN') addForeign(d, table, node, named(node.fk_attrs));
  else if (kind === 'CONSTR_NOTNULL')
    for (const number of named(node.keys))
      (table.columns.find((column) => column.number === number) as Column).notNull = true;
  else if (!kind.startsWith('CONSTR_ATTR')) throw unsupported(`constraints of kind ${kind.replace('CONSTR_', '')}`);
}

function addKey(
  d: DdlContext,
  table: Table,
  node: Tree,
  columns: number[],
  primary: boolean,
  at: number | undefined,
): void {
  if (primary && table.constraints.some((constraint) => constraint.k === 'key' && constraint.primary))
    throw new PgError('42P16', `multiple primary keys for table "${table.name}" are not allowed`, { at });
  const names = columns.map((number) => (table.columns.find((column) => column.number === number) as Column).name);
  const name =
    node.conname ?? freeName(d, table.schema, primary ? [table.name, 'pkey'] : [table.name, ...names, 'key'], table);
  if (primary)
    for (const number of columns) (table.columns.find((column) => column.number === number) as Column).notNull = true;
  table.constraints.push({ k: 'key', oid: d.nextOid(), name, columns, primary });
  addIndex(d, table, {
    oid: d.nextOid(),
    name,
    unique: true,
    method: 'btree',
    constraint: name,
    elements: names.map((column) => ({
      name: column,
      ordering: 'SORTBY_DEFAULT',
      nulls_ordering: 'SORTBY_NULLS_DEFAULT',
    })),
  });
}

/** Keeps an index; one over plain columns is also one of SQLite, for speed. */
function addIndex(d: DdlContext, table: Table, index: Index): void {
  if (index.unique) refuseDuplicates(d, table, index);
  table.indexes.push(index);
  const columns = index.elements.map((element) => liveColumns(table).find(({ name }) => name === element.name)?.number);
  if (columns.every((number) => number !== undefined))
    d.store.run(
      `CREATE INDEX IF NOT EXISTS d."i${index.oid}" ON "t${table.oid}" (${columns.map((number) => `c${number}`).join(', ')})`,
    );
}

function refuseDuplicates(d: DdlContext, table: Table, index: Index): void {
  const scope = tableScope(table, table.name, 'r');
  const keys = index.elements.map((element) =>
    element.name === undefined ? d.c.expr(element.expr, scope).sql : `r.c${columnNamed(table, element.name).number}`,
  );
  const where = index.where ? ` WHERE ${d.c.expr(index.where, scope).sql}` : '';
  const rows = d.store.all(
    `SELECT ${keys.join(', ')}, count(*) FROM ${rowsOf(table)} AS r${where} GROUP BY ${keys.join(', ')} HAVING count(*) > 1`,
  );
  const twice = rows.find((row) => !row.includes(null));
  if (twice)
    throw new PgError('23505', `could not create unique index "${index.name}"`, {
      detail: `Key (${index.elements.map((e) => e.name ?? '…').join(', ')})=(${twice.slice(0, -1).join(', ')}) is duplicated.`,
    });
}

function addCheck(d: DdlContext, table: Table, node: Tree, own: Column | undefined): void {
  const used = own?.name ?? columnsIn(node.raw_expr)[0];
  const name =
    node.conname ??
    freeName(
      d,
      table.schema,
      [table.name, ...(used && new Set(columnsIn(node.raw_expr)).size < 2 ? [used] : []), 'check'],
      table,
    );
  const e = d.c.expr(node.raw_expr, tableScope(table, table.name, 'r'));
  if (e.type !== 'bool')
    throw new PgError('42804', `argument of CHECK must be type boolean, not type ${displayType({ type: e.type })}`);
  if (d.store.all(`SELECT 1 FROM ${rowsOf(table)} AS r WHERE NOT ${e.sql} LIMIT 1`).length > 0)
    throw new PgError('23514', `check constraint "${name}" of relation "${table.name}" is violated by some row`);
  table.constraints.push({ k: 'check', oid: d.nextOid(), name, expression: node.raw_expr });
}

function columnsIn(node: Tree): string[] {
  if (node === null || typeof node !== 'object') return [];
  if (Array.isArray(node)) return node.flatMap(columnsIn);
  if (node.ColumnRef) return [node.ColumnRef.fields.at(-1)?.String?.sval].filter(Boolean);
  return Object.values(node).flatMap(columnsIn);
}

function addForeign(d: DdlContext, table: Table, node: Tree, columns: number[]): void {
  const target = findIn(d, node.pktable.relname, node.pktable.schemaname);
  if (!target) throw undefinedTable(node.pktable.relname);
  if (target.k !== 'table') throw new PgError('42809', `referenced relation "${target.name}" is not a table`);
  d.c.session.requirePrivilege(target, 'x');
  const references = node.pk_attrs
    ? (node.pk_attrs as Tree[]).map(
        (name) => columnNamed(target, name.String.sval, 'referenced in foreign key constraint ').number,
      )
    : keyOf(target);
  if (references.length !== columns.length)
    throw new PgError('42830', 'number of referencing and referenced columns for foreign key disagree');
  const sorted = [...references].sort().join();
  if (
    !target.constraints.some((constraint) => constraint.k === 'key' && [...constraint.columns].sort().join() === sorted)
  )
    throw new PgError(
      '42830',
      `there is no unique constraint matching given keys for referenced table "${target.name}"`,
    );
  const names = columns.map((number) => (table.columns.find((column) => column.number === number) as Column).name);
  const name = node.conname ?? freeName(d, table.schema, [table.name, ...names, 'fkey'], table);
  const foreign: Constraint = {
    k: 'foreign',
    oid: d.nextOid(),
    name,
    columns,
    table: target.oid,
    references,
    onDelete: node.fk_del_action ?? 'a',
    onUpdate: node.fk_upd_action ?? 'a',
  };
  refuseOrphans(d, table, foreign, target);
  table.constraints.push(foreign);
}

function refuseOrphans(
  d: DdlContext,
  table: Table,
  foreign: Extract<Constraint, { k: 'foreign' }>,
  target: Table,
): void {
  const tests = foreign.columns.map((number, i) => `p.c${foreign.references[i]} = r.c${number}`).join(' AND ');
  const filled = foreign.columns.map((number) => `r.c${number} IS NOT NULL`).join(' AND ');
  const [orphan] = d.store.all(
    `SELECT ${foreign.columns.map((number) => `r.c${number}`).join(', ')} FROM ${rowsOf(table)} AS r WHERE ${filled} AND NOT EXISTS (SELECT 1 FROM ${rowsOf(target)} AS p WHERE ${tests}) LIMIT 1`,
  );
  if (!orphan) return;
  const names = foreign.columns
    .map((number) => table.columns.find((column) => column.number === number)?.name)
    .join(', ');
  throw new PgError(
    '23503',
    `insert or update on table "${table.name}" violates foreign key constraint "${foreign.name}"`,
    { detail: `Key (${names})=(${orphan.join(', ')}) is not present in table "${target.name}".` },
  );
}

function keyOf(table: Table): number[] {
  const key = table.constraints.find((constraint) => constraint.k === 'key' && constraint.primary);
  if (key?.k !== 'key') throw new PgError('42704', `there is no primary key for referenced table "${table.name}"`);
  return key.columns;
}

export function columnNamed(table: Table, name: string, what = ''): Column {
  const found = liveColumns(table).find((column) => column.name === name);
  if (!found)
    throw new PgError(
      '42703',
      what ? `column "${name}" ${what}does not exist` : `column "${name}" of relation "${table.name}" does not exist`,
    );
  return found;
}

/** CREATE TABLE … AS and SELECT INTO: columns from a query. Gives how many rows. */
export function createTableAs(d: DdlContext, node: Tree, query: Query): number | undefined {
  const range = node.into.rel;
  const schema = place(d, range);
  if (taken(d, schema, range.relname)) {
    existing(d, node, range.relname);
    return undefined;
  }
  const names = (node.into.colNames ?? []) as Tree[];
  const columns = query.columns.map((column, i) => ({
    name: names[i]?.String.sval ?? column.name,
    number: i + 1,
    notNull: false,
    type: column.type === 'unknown' ? 'text' : column.type,
    mod: column.mod,
  }));
  const twice = columns.find((column, i) => columns.findIndex(({ name }) => name === column.name) !== i);
  if (twice) throw new PgError('42701', `column "${twice.name}" specified more than once`);
  const table: Table = {
    k: 'table',
    oid: d.nextOid(),
    name: range.relname,
    schema,
    owner: d.user,
    columns,
    constraints: [],
    indexes: [],
  };
  d.store.run(`CREATE TABLE ${rowsOf(table)} (${columns.map(({ number }) => `c${number}`).join(', ') || 'c0'})`);
  d.catalog.relations.push(table);
  return node.into.skipData ? 0 : d.store.run(`INSERT INTO ${rowsOf(table)} ${query.sql}`);
}

export function createIndex(d: DdlContext, node: Tree): string {
  const table = findIn(d, node.relation.relname, node.relation.schemaname);
  if (!table) throw undefinedTable(node.relation.relname, node.relation.location);
  if (table.k !== 'table') throw new PgError('42809', `cannot create index on relation "${table.name}"`);
  d.mustOwn(table, 'table');
  const elements = (node.indexParams as Tree[]).map(({ IndexElem: element }) => element);
  for (const element of elements) {
    if (element.name !== undefined) columnNamed(table, element.name, ' ').name;
    else d.c.expr(element.expr, tableScope(table, table.name, 'r'));
  }
  const parts = elements.map((element) => element.name ?? element.expr.FuncCall?.funcname.at(-1).String.sval ?? 'expr');
  const name = node.idxname ?? freeName(d, table.schema, [table.name, ...parts, 'idx']);
  if (taken(d, table.schema, name)) {
    if (!node.if_not_exists) throw new PgError('42P07', `relation "${name}" already exists`);
    d.notice(`relation "${name}" already exists, skipping`, '42P07');
    return 'CREATE INDEX';
  }
  addIndex(d, table, {
    oid: d.nextOid(),
    name,
    unique: node.unique === true,
    elements,
    method: node.accessMethod ?? 'btree',
    ...(node.whereClause ? { where: node.whereClause } : {}),
  });
  return 'CREATE INDEX';
}

export function createView(d: DdlContext, node: Tree): string {
  const schema = place(d, node.view);
  const query = d.c.select(node.query, undefined);
  const names = (node.aliases ?? []) as Tree[];
  const columns = query.columns.map((column, i) => ({
    name: names[i]?.String.sval ?? column.name,
    number: i + 1,
    notNull: false,
    type: column.type === 'unknown' ? 'text' : column.type,
    mod: column.mod,
  }));
  const old = d.catalog.relations.find((r) => r.schema === schema && r.name === node.view.relname);
  if (old && (!node.replace || old.k !== 'view'))
    throw new PgError('42P07', `relation "${node.view.relname}" already exists`);
  if (old?.k === 'view') {
    d.mustOwn(old, 'view');
    for (const [i, column] of old.columns.entries())
      if (columns[i]?.name !== column.name)
        throw new PgError(
          '42P16',
          columns[i]
            ? `cannot change name of view column "${column.name}" to "${columns[i]?.name}"`
            : 'cannot drop columns from view',
        );
    Object.assign(old, { query: node.query, columns, text: d.sourceText(node.query) });
    return 'CREATE VIEW';
  }
  const acl = defaultAcl(d.catalog, d.user, 'table');
  const view: View = {
    k: 'view',
    oid: d.nextOid(),
    name: node.view.relname,
    schema,
    owner: d.user,
    query: node.query,
    columns,
    text: d.sourceText(node.query),
    ...(acl ? { acl } : {}),
  };
  d.catalog.relations.push(view);
  return 'CREATE VIEW';
}

// Sequences

function sequenceOptions(sequence: Sequence, options: Tree[]): string | undefined {
  let restart: string | undefined;
  for (const { DefElem: option } of options) {
    const value = option.arg?.Integer?.ival ?? option.arg?.Float?.fval;
    const text = value === undefined ? undefined : String(value);
    if (option.defname === 'start') sequence.start = text ?? '1';
    else if (option.defname === 'increment') sequence.increment = text ?? '1';
    else if (option.defname === 'minvalue' && text) sequence.min = text;
    else if (option.defname === 'maxvalue' && text) sequence.max = text;
    else if (option.defname === 'cycle') sequence.cycle = option.arg?.Boolean?.boolval ?? false;
    else if (option.defname === 'restart') restart = text ?? sequence.start;
  }
  if (sequence.increment === '0') throw new PgError('22023', 'INCREMENT must not be zero');
  return restart;
}

export function createSequence(d: DdlContext, node: Tree): string {
  const schema = place(d, node.sequence);
  if (taken(d, schema, node.sequence.relname)) {
    existing(d, node, node.sequence.relname);
    return 'CREATE SEQUENCE';
  }
  const sequence: Sequence = {
    k: 'sequence',
    oid: d.nextOid(),
    name: node.sequence.relname,
    schema,
    owner: d.user,
    type: 'int8',
    start: '1',
    increment: '1',
    min: '1',
    max: '9223372036854775807',
    cycle: false,
  };
  sequenceOptions(sequence, node.options ?? []);
  own(d, sequence, node.options ?? []);
  d.catalog.relations.push(sequence);
  d.resetSequence(sequence.oid);
  return 'CREATE SEQUENCE';
}

function own(d: DdlContext, sequence: Sequence, options: Tree[]): void {
  const names = options
    .find(({ DefElem: option }) => option.defname === 'owned_by')
    ?.DefElem.arg.List.items.map((item: Tree) => item.String.sval) as string[] | undefined;
  if (!names || names[0] === 'none') return;
  const table = findIn(d, names.at(-2) ?? '', names.at(-3));
  if (table?.k !== 'table') throw undefinedTable(names.at(-2) ?? '');
  sequence.ownedBy = { table: table.oid, column: columnNamed(table, names.at(-1) ?? '').number, identity: false };
}

export function alterSequence(d: DdlContext, node: Tree, set: (oid: number, value: string) => void): string {
  const sequence = findIn(d, node.sequence.relname, node.sequence.schemaname);
  if (sequence?.k !== 'sequence') throw undefinedTable(node.sequence.relname, node.sequence.location);
  d.mustOwn(sequence, 'sequence');
  const restart = sequenceOptions(sequence, node.options ?? []);
  own(d, sequence, node.options ?? []);
  if (restart !== undefined) set(sequence.oid, restart);
  return 'ALTER SEQUENCE';
}

// Schemas and types

export function createSchema(d: DdlContext, node: Tree): string {
  const name = node.schemaname ?? node.authrole?.rolename;
  if (d.catalog.schemas[name]) {
    if (!node.if_not_exists) throw new PgError('42P06', `schema "${name}" already exists`);
    d.notice(`schema "${name}" already exists, skipping`, '42P06');
    return 'CREATE SCHEMA';
  }
  if (name.startsWith('pg_'))
    throw new PgError('42939', `unacceptable schema name "${name}"`, {
      detail: 'The prefix "pg_" is reserved for system schemas.',
    });
  d.catalog.schemas[name] = { oid: d.nextOid(), owner: node.authrole?.rolename ?? d.user };
  return 'CREATE SCHEMA';
}

export function createEnum(d: DdlContext, node: Tree): string {
  const name = node.typeName.at(-1).String.sval;
  if (enumsOf(d)(name)) throw new PgError('42710', `type "${name}" already exists`);
  d.catalog.enums.push({
    oid: d.nextOid(),
    name,
    schema: node.typeName.length > 1 ? node.typeName[0].String.sval : 'public',
    owner: d.user,
    labels: (node.vals as Tree[]).map((label) => label.String.sval),
  });
  return 'CREATE TYPE';
}

export function alterEnum(d: DdlContext, node: Tree): string {
  const type = d.catalog.enums.find(({ name }) => name === node.typeName.at(-1).String.sval);
  if (!type) throw new PgError('42704', `type "${node.typeName.at(-1).String.sval}" does not exist`);
  const beside = node.newValNeighbor ? type.labels.indexOf(node.newValNeighbor) : -1;
  const at = beside < 0 ? type.labels.length : beside + (node.newValIsAfter ? 1 : 0);
  type.labels.splice(at, 0, node.newVal);
  return 'ALTER TYPE';
}

export const KINDS_IN_TEXT: Record<string, string> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_INDEX: 'index',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TYPE: 'type',
  OBJECT_EXTENSION: 'extension',
  OBJECT_MATVIEW: 'materialized view',
};
