// Functions that look at the catalog, the session and the server: what psql's `\d` and other clients ask.
import { type AnyRelation, liveColumns, type Table } from './catalog';
import { constraintText, indexText } from './definitions';
import { PgError, undefinedTable } from './error';
import type { FunctionContext } from './function-context';
import type { Row } from './functions';
import { aclLetter } from './privileges';
import { quoteIdent } from './quote';
import { displayType, fromTypmod, typeByOid } from './types';

type Context = FunctionContext;

const relationByOid = (c: Context, oid: number): AnyRelation | undefined =>
  c.catalog.relations.find((relation) => relation.oid === oid);

const indexByOid = (c: Context, oid: number) => {
  for (const table of c.catalog.relations)
    if (table.k === 'table') for (const index of table.indexes) if (index.oid === oid) return { table, index };
  return undefined;
};

const constraintByOid = (c: Context, oid: number) => {
  for (const table of c.catalog.relations)
    if (table.k === 'table')
      for (const constraint of table.constraints) if (constraint.oid === oid) return { table, constraint };
  return undefined;
};

/** The name that finds a relation: with its schema when the search path does not lead to it. */
function visibleName(c: Context, relation: { name: string; schema: string }): string {
  const found = c.findRelation(relation.name);
  return found?.schema === relation.schema || (!found && c.searchPath().includes(relation.schema))
    ? quoteIdent(relation.name)
    : `${quoteIdent(relation.schema)}.${quoteIdent(relation.name)}`;
}

/** The text of a regclass. */
export function classText(c: Context, oid: number): string {
  if (oid === 0) return '-';
  const relation = relationByOid(c, oid);
  if (relation) return visibleName(c, relation);
  const index = indexByOid(c, oid);
  if (index) return visibleName(c, { name: index.index.name, schema: index.table.schema });
  return String(oid);
}

/** 'name'::regclass */
export function classOid(c: Context, name: string): number {
  if (/^\d+$/.test(name)) return Number(name);
  const parts = splitName(name);
  const bare = parts.at(-1) ?? '';
  const schema = parts.length > 1 ? parts.at(-2) : undefined;
  const relation = c.findRelation(bare, schema);
  if (relation) return relation.oid;
  for (const table of c.catalog.relations)
    if (table.k === 'table')
      for (const index of table.indexes)
        if (index.name === bare && (schema === undefined || schema === table.schema)) return index.oid;
  const system = SYSTEM_OIDS[bare];
  if (system !== undefined && (schema === undefined || schema === 'pg_catalog')) return system;
  throw undefinedTable(name);
}

/** pg_catalog tables that others name by oid. */
const SYSTEM_OIDS: Record<string, number> = {
  pg_class: 1259,
  pg_type: 1247,
  pg_proc: 1255,
  pg_attribute: 1249,
  pg_namespace: 2615,
  pg_database: 1262,
  pg_authid: 1260,
  pg_constraint: 2606,
  pg_extension: 3079,
  pg_attrdef: 2604,
};

/** `a."B c"` → ['a', 'B c']; bare words are folded to lower case. */
const splitName = (name: string): string[] =>
  [...name.matchAll(/"((?:[^"]|"")*)"|([^."\s]+)/g)].map(([, quoted, bare]) =>
    quoted !== undefined ? quoted.replaceAll('""', '"') : (bare ?? '').toLowerCase(),
  );

const roleByOid = (c: Context, oid: number): string =>
  [...c.roles.values()].find((role) => role.oid === oid)?.name ?? `unknown (OID=${oid})`;

function indexDefinition(c: Context, oid: number): string | null {
  const found = indexByOid(c, oid);
  return found ? indexText(found.table, found.index) : null;
}

function constraintDefinition(c: Context, oid: number): string | null {
  const found = constraintByOid(c, oid);
  if (!found) return null;
  return constraintText(
    found.table,
    found.constraint,
    (id) => relationByOid(c, id) as Table,
    (t) => visibleName(c, t),
  );
}

const typeText = (oid: number | null, typmod: number | null): string | null => {
  if (oid === null) return null;
  const type = typeByOid(oid);
  return type ? displayType(fromTypmod(type.name, typmod ?? -1)) : '???';
};

function enumOrType(c: Context, oid: number, typmod: number | null): string | null {
  const found = c.catalog.enums.find((type) => type.oid === oid);
  return found ? quoteIdent(found.name) : typeText(oid, typmod);
}

function mayTable(c: Context, role: string, name: string | number, privilege: string): boolean {
  const relation = relationByOid(c, typeof name === 'number' ? name : classOid(c, name));
  if (!relation) throw undefinedTable(String(name));
  return privilege.split(',').some((one) =>
    c.may(
      role,
      relation,
      aclLetter(
        one
          .trim()
          .toLowerCase()
          .replace(/ with grant option$/, ''),
      ),
    ),
  );
}

const serialSequence = (c: Context, table: string, column: string): string | null => {
  const relation = relationByOid(c, classOid(c, table));
  if (relation?.k !== 'table') return null;
  const found = liveColumns(relation).find(({ name }) => name === column);
  if (!found) throw new PgError('42703', `column "${column}" of relation "${relation.name}" does not exist`);
  const sequence = c.catalog.relations.find(
    (other) => other.k === 'sequence' && other.ownedBy?.table === relation.oid && other.ownedBy.column === found.number,
  );
  return sequence ? `${quoteIdent(sequence.schema)}.${quoteIdent(sequence.name)}` : null;
};

const prettySize = (bytes: number): string => {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 10240 && unit < units.length - 1) [value, unit] = [Math.round(value / 1024), unit + 1];
  return `${value} ${units[unit]}`;
};

const EMPTY_DATABASE = 7_602_703; // bytes that a new database of PostgreSQL 15 shows
const comment = (c: Context, oid: number, column: number): string | null => {
  const relation = relationByOid(c, oid);
  if (!relation) return null;
  if (column === 0) return relation.comment ?? null;
  return relation.k === 'sequence' ? null : (relation.columns.find(({ number }) => number === column)?.comment ?? null);
};

export const systemFunctions: Row[] = [
  [
    'version',
    '',
    'text',
    (c) => `PostgreSQL ${c.version} on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit`,
  ],
  ['current_database', '', 'name', (c) => c.database.name],
  ['current_catalog', '', 'name', (c) => c.database.name],
  ['current_schema', '', 'name', (c) => c.searchPath().find((name) => c.catalog.schemas[name]) ?? null],
  [
    'current_schemas',
    'bool',
    '_name',
    (c, all: number) =>
      `{${all ? 'pg_catalog,' : ''}${c
        .searchPath()
        .filter((name) => c.catalog.schemas[name])
        .join(',')}}`,
  ],
  ['current_user', '', 'name', (c) => c.user],
  ['session_user', '', 'name', (c) => c.sessionUser],
  ['user', '', 'name', (c) => c.user],
  ['pg_backend_pid', '', 'int4', (c) => c.pid],
  ['inet_server_addr', '', 'inet', (c) => c.server.address],
  ['inet_server_port', '', 'int4', (c) => (c.server.address === null ? null : c.server.port)],
  ['inet_client_addr', '', 'inet', (c) => c.peer.address],
  ['inet_client_port', '', 'int4', (c) => (c.peer.address === null ? null : c.peer.port)],
  [
    'pg_postmaster_start_time',
    '',
    'timestamptz',
    (c) => new Date(c.server.startedAt).toISOString().replace('T', ' ').replace('Z', ''),
  ],
  ['pg_is_in_recovery', '', 'bool', () => false],
  ['pg_cancel_backend', 'int4', 'bool', (c, pid: number) => c.cancel(pid, false)],
  ['pg_terminate_backend', 'int4', 'bool', (c, pid: number) => c.cancel(pid, true)],
  [
    'current_setting',
    'text',
    'text',
    (c, name: string) => {
      const v = c.setting(name);
      if (v === undefined) throw new PgError('42704', `unrecognized configuration parameter "${name}"`);
      return v;
    },
  ],
  ['current_setting', 'text,bool', 'text', (c, name: string) => c.setting(name) ?? null],
  [
    'set_config',
    'text,text,bool',
    'text',
    (c, name: string, value: string, local: number) => {
      c.set(name, value, local !== 0);
      return value;
    },
  ],
  ['nextval', 'regclass', 'int8', (c, oid: number) => c.nextval(oid)],
  ['currval', 'regclass', 'int8', (c, oid: number) => c.currval(oid)],
  ['lastval', '', 'int8', (c) => c.lastval()],
  ['setval', 'regclass,int8', 'int8', (c, oid: number, value: number) => c.setval(oid, String(value), true)],
  [
    'setval',
    'regclass,int8,bool',
    'int8',
    (c, oid: number, value: number, called: number) => c.setval(oid, String(value), called !== 0),
  ],
  ['gen_random_uuid', '', 'uuid', (c) => c.random.uuid()],
  ['uuid_generate_v4', '', 'uuid', (c) => c.random.uuid()],
  ['pg_get_userbyid', 'oid', 'name', (c, oid: number) => roleByOid(c, oid)],
  [
    'pg_table_is_visible',
    'oid',
    'bool',
    (c, oid: number) => {
      const r = relationByOid(c, oid);
      const i = indexByOid(c, oid);
      const s = r?.schema ?? i?.table.schema;
      return s !== undefined && (s === 'pg_catalog' || c.searchPath().includes(s));
    },
  ],
  ['pg_type_is_visible', 'oid', 'bool', () => true],
  ['pg_function_is_visible', 'oid', 'bool', () => true],
  ['pg_encoding_to_char', 'int4', 'name', (_, n: number) => (n === 6 ? 'UTF8' : 'SQL_ASCII')],
  ['getdatabaseencoding', '', 'name', () => 'UTF8'],
  ['pg_client_encoding', '', 'name', () => 'UTF8'],
  [
    'format_type',
    '?oid,int4',
    'text',
    (c, oid: number | null, mod: number | null) => (oid === null ? null : enumOrType(c, oid, mod)),
  ],
  ['pg_get_expr', 'text,oid', 'text', (_, s: string) => s],
  ['pg_get_expr', 'text,oid,bool', 'text', (_, s: string) => s],
  ['pg_get_indexdef', 'oid', 'text', (c, oid: number) => indexDefinition(c, oid)],
  ['pg_get_indexdef', 'oid,int4,bool', 'text', (c, oid: number) => indexDefinition(c, oid)],
  ['pg_get_constraintdef', 'oid', 'text', (c, oid: number) => constraintDefinition(c, oid)],
  ['pg_get_constraintdef', 'oid,bool', 'text', (c, oid: number) => constraintDefinition(c, oid)],
  [
    'pg_get_viewdef',
    'oid',
    'text',
    (c, oid: number) => {
      const v = relationByOid(c, oid);
      return v?.k === 'view' ? v.text : null;
    },
  ],
  [
    'pg_get_viewdef',
    'oid,bool',
    'text',
    (c, oid: number) => {
      const v = relationByOid(c, oid);
      return v?.k === 'view' ? v.text : null;
    },
  ],
  [
    'pg_get_serial_sequence',
    'text,text',
    'text',
    (c, table: string, column: string) => serialSequence(c, table, column),
  ],
  ['pg_get_triggerdef', 'oid,bool', 'text', () => null],
  ['pg_get_ruledef', 'oid,bool', 'text', () => null],
  ['pg_get_statisticsobjdef_columns', 'oid', 'text', () => null],
  ['pg_get_function_result', 'oid', 'text', () => null],
  ['pg_get_function_arguments', 'oid', 'text', () => null],
  ['pg_get_function_identity_arguments', 'oid', 'text', () => null],
  ['pg_get_partkeydef', 'oid', 'text', () => null],
  ['pg_relation_is_publishable', 'regclass', 'bool', () => true],
  ['pg_partition_ancestors', 'regclass', 'setof regclass', () => []],
  ['obj_description', 'oid', 'text', (c, oid: number) => comment(c, oid, 0)],
  ['obj_description', 'oid,name', 'text', (c, oid: number) => comment(c, oid, 0)],
  ['shobj_description', 'oid,name', 'text', () => null],
  ['col_description', 'oid,int4', 'text', (c, oid: number, column: number) => comment(c, oid, column)],
  ['has_table_privilege', 'text,text', 'bool', (c, t: string, p: string) => mayTable(c, c.user, t, p)],
  ['has_table_privilege', 'name,text,text', 'bool', (c, u: string, t: string, p: string) => mayTable(c, u, t, p)],
  ['has_table_privilege', 'oid,text', 'bool', (c, t: number, p: string) => mayTable(c, c.user, t, p)],
  ['has_schema_privilege', 'text,text', 'bool', () => true],
  ['has_database_privilege', 'text,text', 'bool', () => true],
  [
    'pg_has_role',
    'oid,text',
    'bool',
    (c, oid: number) => roleByOid(c, oid) === c.user || (c.roles.get(c.user)?.superuser ?? false),
  ],
  ['pg_size_pretty', 'int8', 'text', (_, n: number) => prettySize(n)],
  ['pg_relation_size', 'regclass', 'int8', (c, oid: number) => c.sizeOf(oid)],
  ['pg_table_size', 'regclass', 'int8', (c, oid: number) => c.sizeOf(oid)],
  ['pg_total_relation_size', 'regclass', 'int8', (c, oid: number) => c.sizeOf(oid) + 16384],
  ['pg_indexes_size', 'regclass', 'int8', () => 16384],
  ['pg_database_size', 'name', 'int8', () => EMPTY_DATABASE],
  ['pg_database_size', 'oid', 'int8', () => EMPTY_DATABASE],
  ['pg_tablespace_location', 'oid', 'text', () => ''],
  [
    'to_regclass',
    'text',
    'regclass',
    (c, name: string) => {
      try {
        return classOid(c, name);
      } catch {
        return null;
      }
    },
  ],
  ['pg_typeof', 'typeof', 'regtype', (_, oid: number) => oid],
  ['txid_current', '', 'int8', () => 740],
  ['pg_current_xact_id', '', 'int8', () => 740],
  ['pg_advisory_lock', 'int8', 'void', () => ''],
  ['pg_advisory_unlock', 'int8', 'bool', () => true],
  ['pg_try_advisory_lock', 'int8', 'bool', () => true],
  ['pg_tick', '', 'bool', (c) => c.tick()],
  ['pg_reload_conf', '', 'bool', () => true],
];
