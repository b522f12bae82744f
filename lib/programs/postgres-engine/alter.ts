// ALTER TABLE, renaming, owners, comments, and DROP.
import type { LiteValue } from '../sql/engine';
import type { Tree } from '../sql/postgres-parser';
import { cast } from './casts';
import { type AnyRelation, type Column, liveColumns, rowsOf, type Table } from './catalog';
import { Scope } from './compiler';
import { addConstraint, columnNamed, type DdlContext, findIn, KINDS_IN_TEXT } from './ddl';
import { PgError, undefinedTable, unsupported } from './error';
import { quoteIdent } from './quote';
import { assign, tableScope } from './rows';
import { displayType, isSerial, readTypeName } from './types';

export function alterTable(
  d: DdlContext,
  node: Tree,
  addColumn: (table: Table, definition: Tree, later: [Tree, Column | undefined][]) => Column,
): string {
  const tag =
    node.objtype === 'OBJECT_VIEW'
      ? 'ALTER VIEW'
      : node.objtype === 'OBJECT_SEQUENCE'
        ? 'ALTER SEQUENCE'
        : node.objtype === 'OBJECT_INDEX'
          ? 'ALTER INDEX'
          : 'ALTER TABLE';
  const relation = findIn(d, node.relation.relname, node.relation.schemaname);
  if (!relation) {
    if (!node.missing_ok) throw undefinedTable(node.relation.relname);
    d.notice(`relation "${node.relation.relname}" does not exist, skipping`);
    return tag;
  }
  d.mustOwn(relation, relation.k);
  for (const { AlterTableCmd: command } of node.cmds as Tree[]) {
    if (command.subtype === 'AT_ChangeOwner') relation.owner = roleName(d, command.newowner);
    else if (relation.k !== 'table') throw unsupported(`${tag} … ${command.subtype.replace('AT_', '')}`);
    else tableCommand(d, relation, command, addColumn);
  }
  return tag;
}

function tableCommand(
  d: DdlContext,
  table: Table,
  command: Tree,
  addColumn: (table: Table, definition: Tree, later: [Tree, Column | undefined][]) => Column,
): void {
  switch (command.subtype) {
    case 'AT_AddColumn':
      return newColumn(d, table, command, addColumn);
    case 'AT_DropColumn':
      return dropColumn(d, table, command);
    case 'AT_ColumnDefault': {
      const column = columnNamed(table, command.name);
      if (command.def) column.default = command.def;
      else delete column.default;
      return;
    }
    case 'AT_SetNotNull':
      return setNotNull(d, table, columnNamed(table, command.name));
    case 'AT_DropNotNull':
      return dropNotNull(table, columnNamed(table, command.name));
    case 'AT_AlterColumnType':
      return changeType(d, table, columnNamed(table, command.name), command.def.ColumnDef);
    case 'AT_AddConstraint':
      return addConstraint(d, table, command.def.Constraint, undefined);
    case 'AT_DropConstraint':
      return dropConstraint(d, table, command);
    case 'AT_AddIdentity':
      columnNamed(table, command.name).identity = command.def.Constraint.generated_when;
      return;
    case 'AT_DropIdentity':
      delete columnNamed(table, command.name).identity;
      return;
    case 'AT_EnableRowSecurity':
    case 'AT_DisableRowSecurity':
      throw unsupported('row security');
    case 'AT_ClusterOn':
    case 'AT_ReplicaIdentity':
    case 'AT_SetStatistics':
    case 'AT_SetStorage':
    case 'AT_ValidateConstraint':
      return;
    default:
      throw unsupported(`ALTER TABLE … ${command.subtype.replace('AT_', '')}`);
  }
}

function newColumn(
  d: DdlContext,
  table: Table,
  command: Tree,
  addColumn: (table: Table, definition: Tree, later: [Tree, Column | undefined][]) => Column,
): void {
  const definition = command.def.ColumnDef;
  if (command.missing_ok && liveColumns(table).some(({ name }) => name === definition.colname)) {
    d.notice(`column "${definition.colname}" of relation "${table.name}" already exists, skipping`, '42701');
    return;
  }
  const later: [Tree, Column | undefined][] = [];
  const column = addColumn(table, definition, later);
  d.store.run(`ALTER TABLE ${rowsOf(table)} ADD COLUMN c${column.number}`);
  fill(d, table, column, isSerial(definition.typeName));
  if (column.notNull) setNotNull(d, table, column);
  for (const [constraint, own] of later) addConstraint(d, table, constraint, own);
}

/** Rows that are there get the default, a serial column its numbers. */
function fill(d: DdlContext, table: Table, column: Column, serial: boolean): void {
  if (serial || column.identity) {
    const sequence = d.catalog.relations.find(
      (r) => r.k === 'sequence' && r.ownedBy?.table === table.oid && r.ownedBy.column === column.number,
    );
    const rowids = d.store.all(`SELECT rowid FROM ${rowsOf(table)} ORDER BY rowid`);
    for (const [i, [rowid]] of rowids.entries())
      d.store.run(`UPDATE ${rowsOf(table)} SET c${column.number} = ? WHERE rowid = ?`, [
        BigInt(i + 1),
        rowid as LiteValue,
      ]);
    if (sequence && rowids.length > 0) d.c.session.setval(sequence.oid, String(rowids.length), true);
  } else if (column.default) {
    const e = assign(d.c, d.c.expr(column.default, new Scope(undefined)), column);
    d.store.run(`UPDATE ${rowsOf(table)} SET c${column.number} = ${e.sql}`);
  } else if (column.generated) {
    const e = assign(d.c, d.c.expr(column.generated, tableScope(table, table.name, `"t${table.oid}"`)), column);
    d.store.run(`UPDATE ${rowsOf(table)} SET c${column.number} = ${e.sql}`);
  }
}

function setNotNull(d: DdlContext, table: Table, column: Column): void {
  if (d.store.all(`SELECT 1 FROM ${rowsOf(table)} WHERE c${column.number} IS NULL LIMIT 1`).length > 0)
    throw new PgError('23502', `column "${column.name}" of relation "${table.name}" contains null values`);
  column.notNull = true;
}

function dropNotNull(table: Table, column: Column): void {
  if (
    table.constraints.some(
      (constraint) => constraint.k === 'key' && constraint.primary && constraint.columns.includes(column.number),
    )
  )
    throw new PgError('42P16', `column "${column.name}" is in a primary key`);
  column.notNull = false;
}

function changeType(d: DdlContext, table: Table, column: Column, definition: Tree): void {
  const to = readTypeName(definition.typeName, (name) => d.catalog.enums.some((type) => type.name === name));
  const scope = tableScope(table, table.name, `"t${table.oid}"`);
  const from = definition.raw_default
    ? d.c.expr(definition.raw_default, scope)
    : d.c.expr({ ColumnRef: { fields: [{ String: { sval: column.name } }] } }, scope);
  let sql: string;
  try {
    sql = definition.raw_default ? cast(d.c, from, to).sql : assign(d.c, from, { ...column, ...to }).sql;
  } catch (error) {
    if (!(error instanceof PgError) || error.code !== '42804') throw error;
    throw new PgError(
      '42804',
      `column "${column.name}" cannot be cast automatically to type ${displayType({ type: to.type })}`,
      { hint: `You might need to specify "USING ${quoteIdent(column.name)}::${displayType(to)}".` },
    );
  }
  d.store.run(`UPDATE ${rowsOf(table)} SET c${column.number} = ${sql}`);
  column.type = to.type;
  column.mod = to.mod;
}

function dropColumn(d: DdlContext, table: Table, command: Tree): void {
  const found = liveColumns(table).find(({ name }) => name === command.name);
  if (!found) {
    if (!command.missing_ok)
      throw new PgError('42703', `column "${command.name}" of relation "${table.name}" does not exist`);
    d.notice(`column "${command.name}" of relation "${table.name}" does not exist, skipping`);
    return;
  }
  const what = `column ${found.name} of table ${table.name}`;
  const referring = referrers(d, table).filter(([, foreign]) => foreign.references.includes(found.number));
  const views = d.catalog.relations.filter((r) => r.k === 'view' && mentions(r.query, table.name, found.name));
  const lines = [
    ...referring.map(([child, foreign]) => `constraint ${foreign.name} on table ${child.name} depends on ${what}`),
    ...views.map((view) => `view ${view.name} depends on ${what}`),
  ];
  if (lines.length > 0 && command.behavior !== 'DROP_CASCADE') throw dependents(what, lines);
  if (lines.length === 1) d.notice(`drop cascades to ${(lines[0] as string).replace(/ depends on .*/, '')}`);
  for (const view of views) dropRelation({ ...d, notice: () => {} }, view, true);
  for (const [child, foreign] of referring)
    child.constraints = child.constraints.filter((constraint) => constraint !== foreign);
  for (const constraint of [...table.constraints])
    if (
      constraint.k === 'check'
        ? JSON.stringify(constraint.expression).includes(`"sval":"${found.name}"`)
        : constraint.columns.includes(found.number)
    )
      removeConstraint(table, constraint.name);
  table.indexes = table.indexes.filter(
    (index) =>
      !index.elements.some(
        (element) =>
          element.name === found.name || JSON.stringify(element.expr ?? '').includes(`"sval":"${found.name}"`),
      ),
  );
  found.dropped = true;
  d.catalog.relations = d.catalog.relations.filter(
    (r) => !(r.k === 'sequence' && r.ownedBy?.table === table.oid && r.ownedBy.column === found.number),
  );
}

/** Whether a query reads a column of a table. */
function mentions(query: Tree, table: string, column: string): boolean {
  const text = JSON.stringify(query);
  return text.includes(`"relname":${JSON.stringify(table)}`) && text.includes(`"sval":${JSON.stringify(column)}`);
}

function removeConstraint(table: Table, name: string): void {
  table.constraints = table.constraints.filter((constraint) => constraint.name !== name);
  table.indexes = table.indexes.filter((index) => index.constraint !== name);
}

function dropConstraint(d: DdlContext, table: Table, command: Tree): void {
  const found = table.constraints.find(({ name }) => name === command.name);
  if (!found) {
    if (!command.missing_ok)
      throw new PgError('42704', `constraint "${command.name}" of relation "${table.name}" does not exist`);
    d.notice(`constraint "${command.name}" of relation "${table.name}" does not exist, skipping`);
    return;
  }
  const referring =
    found.k === 'key'
      ? referrers(d, table).filter(([, foreign]) => foreign.references.join() === found.columns.join())
      : [];
  if (referring.length > 0 && command.behavior !== 'DROP_CASCADE')
    throw dependents(
      `constraint ${found.name} on table ${table.name}`,
      referring.map(
        ([child, foreign]) => `constraint ${foreign.name} on table ${child.name} depends on index ${found.name}`,
      ),
    );
  for (const [child, foreign] of referring) removeConstraint(child, foreign.name);
  removeConstraint(table, found.name);
}

const referrers = (d: DdlContext, table: Table) =>
  d.catalog.relations.flatMap((child) =>
    child.k === 'table'
      ? child.constraints.flatMap((constraint) =>
          constraint.k === 'foreign' && constraint.table === table.oid ? [[child, constraint] as const] : [],
        )
      : [],
  );

const dependents = (what: string, details: string[]): PgError =>
  new PgError('2BP01', `cannot drop ${what} because other objects depend on it`, {
    detail: details.join('\n'),
    hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
  });

function roleName(d: DdlContext, spec: Tree): string {
  if (
    spec.roletype === 'ROLESPEC_CURRENT_USER' ||
    spec.roletype === 'ROLESPEC_CURRENT_ROLE' ||
    spec.roletype === 'ROLESPEC_SESSION_USER'
  )
    return d.user;
  if (spec.roletype === 'ROLESPEC_PUBLIC') return '';
  if (!d.c.session.roles.has(spec.rolename)) throw new PgError('42704', `role "${spec.rolename}" does not exist`);
  return spec.rolename;
}

export function rename(d: DdlContext, node: Tree): string {
  const kind = KINDS_IN_TEXT[node.renameType] ?? 'table';
  if (node.renameType === 'OBJECT_SCHEMA') return renameSchema(d, node);
  const tag = `ALTER ${(KINDS_IN_TEXT[node.relationType] ?? kind).toUpperCase()}`;
  if (node.renameType === 'OBJECT_INDEX') return renameIndex(d, node);
  const relation = node.relation && findIn(d, node.relation.relname, node.relation.schemaname);
  if (!relation) {
    if (node.missing_ok) return tag;
    throw node.relation ? undefinedTable(node.relation.relname) : unsupported(`renaming of a ${kind}`);
  }
  d.mustOwn(relation, relation.k);
  if (node.renameType === 'OBJECT_COLUMN') renameColumn(relation, node);
  else if (node.renameType === 'OBJECT_TABCONSTRAINT' && relation.k === 'table') {
    const found = relation.constraints.find((constraint: { name: string }) => constraint.name === node.subname);
    if (!found) throw new PgError('42704', `constraint "${node.subname}" for table "${relation.name}" does not exist`);
    for (const index of relation.indexes)
      if (index.constraint === found.name) Object.assign(index, { name: node.newname, constraint: node.newname });
    found.name = node.newname;
  } else {
    if (d.catalog.relations.some((r) => r.schema === relation.schema && r.name === node.newname))
      throw new PgError('42P07', `relation "${node.newname}" already exists`);
    relation.name = node.newname;
  }
  return tag;
}

function renameColumn(relation: AnyRelation, node: Tree): void {
  if (relation.k === 'sequence') throw unsupported('columns of sequences');
  const column = liveColumns(relation).find(({ name }) => name === node.subname);
  if (!column) throw new PgError('42703', `column "${node.subname}" does not exist`);
  if (liveColumns(relation).some(({ name }) => name === node.newname))
    throw new PgError('42701', `column "${node.newname}" of relation "${relation.name}" already exists`);
  column.name = node.newname;
  if (relation.k !== 'table') return;
  for (const index of relation.indexes)
    for (const element of index.elements) if (element.name === node.subname) element.name = node.newname;
  for (const constraint of relation.constraints)
    if (constraint.k === 'check')
      constraint.expression = JSON.parse(
        JSON.stringify(constraint.expression).replaceAll(
          `{"sval":${JSON.stringify(node.subname)}}`,
          `{"sval":${JSON.stringify(node.newname)}}`,
        ),
      );
}

function renameIndex(d: DdlContext, node: Tree): string {
  for (const table of d.catalog.relations)
    if (table.k === 'table')
      for (const index of table.indexes)
        if (index.name === node.relation.relname) {
          const constraint = table.constraints.find(({ name }) => name === index.constraint);
          if (constraint) constraint.name = index.constraint = node.newname;
          index.name = node.newname;
          return 'ALTER INDEX';
        }
  throw undefinedTable(node.relation.relname);
}

function renameSchema(d: DdlContext, node: Tree): string {
  const schema = d.catalog.schemas[node.subname];
  if (!schema) throw new PgError('3F000', `schema "${node.subname}" does not exist`);
  d.catalog.schemas[node.newname] = schema;
  delete d.catalog.schemas[node.subname];
  for (const relation of d.catalog.relations) if (relation.schema === node.subname) relation.schema = node.newname;
  return 'ALTER SCHEMA';
}

export function comment(d: DdlContext, node: Tree): string {
  const names = (node.object.List?.items ?? []).map((item: Tree) => item.String.sval) as string[];
  const onColumn = node.objtype === 'OBJECT_COLUMN';
  const [name, schema] = onColumn ? [names.at(-2), names.at(-3)] : [names.at(-1), names.at(-2)];
  if (!/TABLE|COLUMN|VIEW|SEQUENCE/.test(node.objtype)) return 'COMMENT';
  const relation = findIn(d, name ?? '', schema);
  if (!relation) throw undefinedTable(name ?? '');
  const target = onColumn && relation.k !== 'sequence' ? columnNamed(relation as Table, names.at(-1) ?? '') : relation;
  if (node.comment === undefined) delete target.comment;
  else target.comment = node.comment;
  return 'COMMENT';
}

// DROP

export function drop(d: DdlContext, node: Tree): string {
  const kind = KINDS_IN_TEXT[node.removeType];
  if (!kind) throw unsupported(`DROP ${node.removeType.replace('OBJECT_', '')}`);
  const cascade = node.behavior === 'DROP_CASCADE';
  for (const object of node.objects as Tree[]) {
    const names = (object.List?.items ?? object.TypeName?.names ?? [object]).map(
      (item: Tree) => item.String.sval,
    ) as string[];
    dropOne(d, kind, names, cascade, node.missing_ok === true);
  }
  return `DROP ${kind.toUpperCase()}`;
}

function dropOne(d: DdlContext, kind: string, names: string[], cascade: boolean, missingOk: boolean): void {
  const name = names.at(-1) ?? '';
  const missing = (what: string, code: string): void => {
    if (!missingOk) throw new PgError(code, `${what} "${name}" does not exist`);
    d.notice(`${what} "${name}" does not exist, skipping`);
  };
  if (kind === 'schema') return d.catalog.schemas[name] ? dropSchema(d, name, cascade) : missing('schema', '3F000');
  if (kind === 'extension') {
    if (!d.catalog.extensions[name]) return missing('extension', '42704');
    delete d.catalog.extensions[name];
    return;
  }
  if (kind === 'type')
    return d.catalog.enums.some((type) => type.name === name) ? dropType(d, name, cascade) : missing('type', '42704');
  if (kind === 'index') return dropIndex(d, name) ? undefined : missing('index', '42704');
  const relation = findIn(d, name, names.at(-2));
  if (!relation)
    return missing(kind === 'view' || kind === 'sequence' || kind === 'materialized view' ? kind : 'table', '42P01');
  if (relation.k !== kind && !(relation.k === 'view' && kind === 'materialized view'))
    throw new PgError('42809', `"${name}" is not a ${kind}`, {
      hint: `Use DROP ${relation.k.toUpperCase()} to remove a ${relation.k}.`,
    });
  d.mustOwn(relation, relation.k);
  dropRelation(d, relation, cascade);
}

function dropRelation(d: DdlContext, relation: AnyRelation, cascade: boolean): void {
  const what = `${relation.k} ${relation.name}`;
  if (relation.k === 'sequence') {
    const owner =
      relation.ownedBy &&
      d.catalog.relations.find((r): r is Table => r.k === 'table' && r.oid === relation.ownedBy?.table);
    const users = d.catalog.relations.flatMap((r) =>
      r.k === 'table'
        ? liveColumns(r).flatMap((column) => (usesSequence(column, relation.name) ? [[r, column] as const] : []))
        : [],
    );
    if (owner && relation.ownedBy?.identity)
      throw new PgError(
        '2BP01',
        `cannot drop ${what} because column ${columnOf(owner, relation.ownedBy.column)} of table ${owner.name} requires it`,
        { hint: `You can drop column ${columnOf(owner, relation.ownedBy.column)} of table ${owner.name} instead.` },
      );
    if (users.length > 0 && !cascade)
      throw dependents(
        what,
        users.map(
          ([table, column]) => `default value for column ${column.name} of table ${table.name} depends on ${what}`,
        ),
      );
    for (const [, column] of users) delete column.default;
  }
  const views = d.catalog.relations.filter(
    (r) =>
      r.k === 'view' &&
      r !== relation &&
      JSON.stringify(r.query).includes(`"relname":${JSON.stringify(relation.name)}`),
  );
  const foreign = relation.k === 'table' ? referrers(d, relation).filter(([child]) => child !== relation) : [];
  const lines = [
    ...views.map((view) => [view.oid, `view ${view.name} depends on ${what}`] as const),
    ...foreign.map(
      ([child, { oid, name: constraint }]) =>
        [oid, `constraint ${constraint} on table ${child.name} depends on ${what}`] as const,
    ),
  ]
    .sort(([a], [b]) => a - b)
    .map(([, line]) => line);
  if (lines.length > 0 && !cascade) throw dependents(what, lines);
  if (lines.length === 1) d.notice(`drop cascades to ${(lines[0] as string).replace(/ depends on .*/, '')}`);
  else if (lines.length > 1) d.notice(`drop cascades to ${lines.length} other objects`);
  for (const [child, constraint] of foreign)
    child.constraints = child.constraints.filter((other) => other !== constraint);
  d.catalog.relations = d.catalog.relations.filter(
    (r) => r !== relation && !(r.k === 'sequence' && relation.k === 'table' && r.ownedBy?.table === relation.oid),
  );
  if (relation.k === 'table') d.store.run(`DROP TABLE ${rowsOf(relation)}`);
  for (const view of views) dropRelation(d, view, cascade);
}

const columnOf = (table: Table, number: number): string =>
  table.columns.find((column) => column.number === number)?.name ?? '';
const usesSequence = (column: Column, name: string): boolean =>
  column.default !== undefined && JSON.stringify(column.default).includes(`"sval":${JSON.stringify(quoteIdent(name))}`);

function dropIndex(d: DdlContext, name: string): boolean {
  for (const table of d.catalog.relations) {
    if (table.k !== 'table') continue;
    const index = table.indexes.find((one) => one.name === name);
    if (!index) continue;
    d.mustOwn({ owner: table.owner, name }, 'index');
    if (index.constraint)
      throw new PgError(
        '2BP01',
        `cannot drop index ${name} because constraint ${name} on table ${table.name} requires it`,
        { hint: `You can drop constraint ${name} on table ${table.name} instead.` },
      );
    table.indexes = table.indexes.filter((one) => one !== index);
    d.store.run(`DROP INDEX IF EXISTS d."i${index.oid}"`);
    return true;
  }
  return false;
}

function dropSchema(d: DdlContext, name: string, cascade: boolean): void {
  const inside = d.catalog.relations.filter((r) => r.schema === name && !(r.k === 'sequence' && r.ownedBy));
  if (inside.length > 0 && !cascade)
    throw new PgError('2BP01', `cannot drop schema ${name} because other objects depend on it`, {
      detail: inside.map((r) => `${r.k} ${name}.${r.name} depends on schema ${name}`).join('\n'),
      hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
    });
  if (inside.length === 1) d.notice(`drop cascades to ${inside[0]?.k} ${name}.${inside[0]?.name}`);
  else if (inside.length > 1) d.notice(`drop cascades to ${inside.length} other objects`);
  for (const relation of inside)
    if (d.catalog.relations.includes(relation)) dropRelation({ ...d, notice: () => {} }, relation, true);
  delete d.catalog.schemas[name];
}

function dropType(d: DdlContext, name: string, cascade: boolean): void {
  const users = d.catalog.relations.flatMap((r) =>
    r.k === 'table'
      ? liveColumns(r)
          .filter((column) => column.type === name)
          .map((column) => [r, column] as const)
      : [],
  );
  if (users.length > 0 && !cascade)
    throw dependents(
      `type ${name}`,
      users.map(([table, column]) => `column ${column.name} of table ${table.name} depends on type ${name}`),
    );
  for (const [, column] of users) column.dropped = true;
  d.catalog.enums = d.catalog.enums.filter((type) => type.name !== name);
}
