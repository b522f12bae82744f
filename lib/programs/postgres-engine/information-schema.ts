// information_schema: what portable clients and courses read.
import type { LiteValue } from '../sql/engine';
import {
  type AnyRelation,
  columnNumbered,
  type Foreign,
  liveColumns,
  primaryKey,
  type Sequence,
  type Table,
  type View,
} from './catalog';
import { defaultText, expressionText } from './definitions';
import type { FunctionContext } from './function-context';
import { ALL_LETTERS, explicitAcl, privilegeName } from './privileges';
import { type SystemTable, tablesOf } from './system-tables';
import { displayType, findType, isArray, isText, typeNamed } from './types';

const seen = (c: FunctionContext): (Table | View)[] =>
  c.catalog.relations.filter((r): r is Table | View => r.k !== 'sequence');

function columnRows(c: FunctionContext, relation: Table | View): LiteValue[][] {
  return liveColumns(relation).map((column, i) => {
    const { type, mod } = column;
    const sized = type === 'varchar' || type === 'bpchar';
    const bits = { int2: 16, int4: 32, int8: 64, float4: 24, float8: 53 }[type];
    return [
      c.database.name,
      relation.schema,
      relation.name,
      column.name,
      i + 1,
      column.default ? defaultText(column.default, type) : null,
      column.notNull ? 'NO' : 'YES',
      isArray(type) ? 'ARRAY' : typeNamed(type).category === 'E' ? 'USER-DEFINED' : displayType({ type }),
      sized ? (mod ?? null) : null,
      sized ? (mod ?? 268435455) * 4 : isText(type) ? 1073741824 : null,
      type === 'numeric' ? (mod === undefined ? null : mod >> 16) : (bits ?? null),
      type === 'numeric' ? 10 : bits === undefined ? null : 2,
      type === 'numeric'
        ? mod === undefined
          ? null
          : mod & 0xffff
        : bits !== undefined && bits >= 16 && !type.startsWith('float')
          ? 0
          : null,
      /^(date|time)/.test(type) ? (type === 'date' ? 0 : (mod ?? 6)) : null,
      type,
      'pg_catalog',
      column.identity ? 'YES' : 'NO',
      column.identity ? (column.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT') : null,
      column.generated ? 'ALWAYS' : 'NEVER',
      'YES',
    ];
  });
}

const KEY_KINDS = { key: 'UNIQUE', foreign: 'FOREIGN KEY', check: 'CHECK' } as const;

const constraintRows = (c: FunctionContext, table: Table): LiteValue[][] => [
  ...table.constraints.map((constraint) => [
    c.database.name,
    table.schema,
    constraint.name,
    c.database.name,
    table.schema,
    table.name,
    constraint.k === 'key' && constraint.primary ? 'PRIMARY KEY' : KEY_KINDS[constraint.k],
    'NO',
    'NO',
  ]),
  ...liveColumns(table)
    .filter((column) => column.notNull)
    .map((column) => [
      c.database.name,
      table.schema,
      `2200_${table.oid}_${column.number}_not_null`,
      c.database.name,
      table.schema,
      table.name,
      'CHECK',
      'NO',
      'NO',
    ]),
];

const keyRows = (c: FunctionContext, table: Table): LiteValue[][] =>
  table.constraints.flatMap((constraint) =>
    constraint.k === 'check'
      ? []
      : constraint.columns.map((number, i) => [
          c.database.name,
          table.schema,
          constraint.name,
          c.database.name,
          table.schema,
          table.name,
          columnNumbered(table, number).name,
          i + 1,
          constraint.k === 'foreign' ? i + 1 : null,
        ]),
  );

function usageRows(c: FunctionContext, table: Table): LiteValue[][] {
  return table.constraints.flatMap((constraint) => {
    if (constraint.k === 'check') return [];
    const target =
      constraint.k === 'foreign' ? (c.catalog.relations.find(({ oid }) => oid === constraint.table) as Table) : table;
    const columns = constraint.k === 'foreign' ? constraint.references : constraint.columns;
    return columns.map((number) => [
      c.database.name,
      target.schema,
      target.name,
      columnNumbered(target, number).name,
      c.database.name,
      table.schema,
      constraint.name,
    ]);
  });
}

const RULES: Record<string, string> = { a: 'NO ACTION', r: 'RESTRICT', c: 'CASCADE', n: 'SET NULL', d: 'SET DEFAULT' };

function referenceRows(c: FunctionContext, table: Table): LiteValue[][] {
  return table.constraints
    .filter((constraint): constraint is Foreign => constraint.k === 'foreign')
    .map((constraint) => {
      const target = c.catalog.relations.find(({ oid }) => oid === constraint.table) as Table;
      const key =
        target.constraints.find(
          (other) => other.k === 'key' && other.columns.join() === constraint.references.join(),
        ) ?? primaryKey(target);
      return [
        c.database.name,
        table.schema,
        constraint.name,
        c.database.name,
        target.schema,
        key?.name ?? null,
        'NONE',
        RULES[constraint.onUpdate] ?? '',
        RULES[constraint.onDelete] ?? '',
      ];
    });
}

const grantRows = (c: FunctionContext, relation: AnyRelation): LiteValue[][] =>
  Object.entries(explicitAcl(relation.acl, relation.owner, ALL_LETTERS[relation.k])).flatMap(([grantee, letters]) =>
    [...letters].map((letter) => [
      relation.owner,
      grantee || 'PUBLIC',
      c.database.name,
      relation.schema,
      relation.name,
      privilegeName(letter),
      grantee === relation.owner ? 'YES' : 'NO',
      letter === 'r' ? 'YES' : 'NO',
    ]),
  );

const GRANTS =
  'grantor name,grantee name,table_catalog name,table_schema name,table_name name,privilege_type text,is_grantable text,with_hierarchy text';

export const INFORMATION_SCHEMA: Record<string, SystemTable> = {
  tables: {
    columns:
      'table_catalog name,table_schema name,table_name name,table_type text,self_referencing_column_name name,reference_generation text,user_defined_type_catalog name,user_defined_type_schema name,user_defined_type_name name,is_insertable_into text,is_typed text,commit_action text',
    rows: (c) =>
      seen(c).map((r) => [
        c.database.name,
        r.schema,
        r.name,
        r.k === 'view' ? 'VIEW' : 'BASE TABLE',
        null,
        null,
        null,
        null,
        null,
        r.k === 'view' ? 'NO' : 'YES',
        'NO',
        null,
      ]),
  },
  columns: {
    columns:
      'table_catalog name,table_schema name,table_name name,column_name name,ordinal_position int4,column_default text,is_nullable text,data_type text,character_maximum_length int4,character_octet_length int4,numeric_precision int4,numeric_precision_radix int4,numeric_scale int4,datetime_precision int4,udt_name name,udt_schema name,is_identity text,identity_generation text,is_generated text,is_updatable text',
    rows: (c) => seen(c).flatMap((relation) => columnRows(c, relation)),
  },
  schemata: {
    columns:
      'catalog_name name,schema_name name,schema_owner name,default_character_set_catalog name,default_character_set_schema name,default_character_set_name name,sql_path text',
    rows: (c) =>
      Object.entries(c.catalog.schemas).map(([name, schema]) => [
        c.database.name,
        name,
        schema.owner,
        null,
        null,
        null,
        null,
      ]),
  },
  views: {
    columns:
      'table_catalog name,table_schema name,table_name name,view_definition text,check_option text,is_updatable text',
    rows: (c) =>
      seen(c).flatMap((r) => (r.k === 'view' ? [[c.database.name, r.schema, r.name, r.text, 'NONE', 'NO']] : [])),
  },
  table_constraints: {
    columns:
      'constraint_catalog name,constraint_schema name,constraint_name name,table_catalog name,table_schema name,table_name name,constraint_type text,is_deferrable text,initially_deferred text',
    rows: (c) => tablesOf(c.catalog).flatMap((table) => constraintRows(c, table)),
  },
  key_column_usage: {
    columns:
      'constraint_catalog name,constraint_schema name,constraint_name name,table_catalog name,table_schema name,table_name name,column_name name,ordinal_position int4,position_in_unique_constraint int4',
    rows: (c) => tablesOf(c.catalog).flatMap((table) => keyRows(c, table)),
  },
  constraint_column_usage: {
    columns:
      'table_catalog name,table_schema name,table_name name,column_name name,constraint_catalog name,constraint_schema name,constraint_name name',
    rows: (c) => tablesOf(c.catalog).flatMap((table) => usageRows(c, table)),
  },
  referential_constraints: {
    columns:
      'constraint_catalog name,constraint_schema name,constraint_name name,unique_constraint_catalog name,unique_constraint_schema name,unique_constraint_name name,match_option text,update_rule text,delete_rule text',
    rows: (c) => tablesOf(c.catalog).flatMap((table) => referenceRows(c, table)),
  },
  check_constraints: {
    columns: 'constraint_catalog name,constraint_schema name,constraint_name name,check_clause text',
    rows: (c) =>
      tablesOf(c.catalog).flatMap((table) =>
        table.constraints.flatMap((constraint) =>
          constraint.k === 'check'
            ? [[c.database.name, table.schema, constraint.name, `(${expressionText(constraint.expression, table)})`]]
            : [],
        ),
      ),
  },
  sequences: {
    columns:
      'sequence_catalog name,sequence_schema name,sequence_name name,data_type text,start_value text,minimum_value text,maximum_value text,increment text,cycle_option text',
    rows: (c) =>
      c.catalog.relations
        .filter((r): r is Sequence => r.k === 'sequence')
        .map((s) => [
          c.database.name,
          s.schema,
          s.name,
          findType(s.type)?.display ?? 'bigint',
          s.start,
          s.min,
          s.max,
          s.increment,
          s.cycle ? 'YES' : 'NO',
        ]),
  },
  role_table_grants: { columns: GRANTS, rows: (c) => seen(c).flatMap((relation) => grantRows(c, relation)) },
  table_privileges: { columns: GRANTS, rows: (c) => seen(c).flatMap((relation) => grantRows(c, relation)) },
  enabled_roles: { columns: 'role_name name', rows: (c) => [[c.user]] },
};
