// What a database holds beside its rows: schemas, tables, sequences, views, types, and who may do what. A value: copied for a
// transaction that changes it, put in place at commit.
import type { Tree } from '../sql/postgres-parser';
import type { Typed } from './types';

export interface Column extends Typed {
  name: string;
  /** pg_attribute.attnum; the column of SQLite is `c<number>`. */
  number: number;
  notNull: boolean;
  /** The expression's tree. */
  default?: Tree;
  /** GENERATED … AS IDENTITY: `a`lways or by `d`efault; `s` is a stored generated column. */
  identity?: 'a' | 'd';
  generated?: Tree;
  dropped?: boolean;
  comment?: string;
}

export interface Key {
  k: 'key';
  oid: number;
  name: string;
  columns: number[];
  primary: boolean;
}

export interface Foreign {
  k: 'foreign';
  oid: number;
  name: string;
  columns: number[];
  table: number;
  references: number[];
  /** pg_constraint's letters: a(no action) r(estrict) c(ascade) n(ull) d(efault). */
  onDelete: string;
  onUpdate: string;
}

export interface Check {
  k: 'check';
  oid: number;
  name: string;
  expression: Tree;
}

export type Constraint = Key | Foreign | Check;

export interface Index {
  oid: number;
  name: string;
  unique: boolean;
  /** Of IndexElem of the tree. */
  elements: Tree[];
  where?: Tree;
  method: string;
  /** Belongs to a key constraint of this name. */
  constraint?: string;
}

interface Relation {
  oid: number;
  name: string;
  schema: string;
  owner: string;
  /** Privileges by grantee ('' is PUBLIC), letters as in an aclitem; undefined means the owner's default. */
  acl?: Record<string, string>;
  comment?: string;
}

export interface Table extends Relation {
  k: 'table';
  columns: Column[];
  constraints: Constraint[];
  indexes: Index[];
  temporary?: boolean;
}

export interface View extends Relation {
  k: 'view';
  query: Tree;
  columns: Column[];
  text: string;
  materialized?: boolean;
}

export interface Sequence extends Relation {
  k: 'sequence';
  type: string;
  start: string;
  increment: string;
  min: string;
  max: string;
  cycle: boolean;
  /** The column that owns it. */
  ownedBy?: { table: number; column: number; identity: boolean };
}

export type AnyRelation = Table | View | Sequence;

export interface Schema {
  oid: number;
  owner: string;
  acl?: Record<string, string>;
}

export interface Catalog {
  schemas: Record<string, Schema>;
  relations: AnyRelation[];
  enums: { oid: number; name: string; schema: string; owner: string; labels: string[] }[];
  extensions: Record<string, { oid: number; version: string; schema: string }>;
  /** ALTER DEFAULT PRIVILEGES: by owner, kind and grantee. */
  defaults: { owner: string; kind: 'table' | 'sequence'; grantee: string; letters: string }[];
}

export const emptyCatalog = (owner: string): Catalog => ({
  schemas: {
    public: { oid: 2200, owner: 'pg_database_owner', acl: { pg_database_owner: 'UC', '': 'U' } },
    pg_catalog: { oid: 11, owner, acl: { [owner]: 'UC', '': 'U' } },
    information_schema: { oid: 13000, owner, acl: { [owner]: 'UC', '': 'U' } },
  },
  relations: [],
  enums: [],
  extensions: { plpgsql: { oid: 13500, version: '1.0', schema: 'pg_catalog' } },
  defaults: [],
});

export interface Role {
  oid: number;
  name: string;
  superuser: boolean;
  inherit: boolean;
  createRole: boolean;
  createDb: boolean;
  login: boolean;
  replication: boolean;
  bypassRls: boolean;
  connectionLimit: number;
  /** A SCRAM verifier; undefined means that no password will do. */
  verifier?: string;
  validUntil?: string;
  memberOf: string[];
  settings: Record<string, string>;
}

export interface Database {
  oid: number;
  name: string;
  owner: string;
  template: boolean;
  acl?: Record<string, string>;
  settings: Record<string, string>;
  connectionLimit: number;
  catalog: Catalog;
}

export const liveColumns = (relation: { columns: Column[] }): Column[] =>
  relation.columns.filter((column) => !column.dropped);
export const primaryKey = (table: Table): Key | undefined =>
  table.constraints.find((constraint): constraint is Key => constraint.k === 'key' && constraint.primary);
export const columnNumbered = (table: Table, number: number): Column => {
  const found = table.columns.find((column) => column.number === number);
  if (!found) throw new Error(`no column ${number} in ${table.name}`);
  return found;
};
export const rowsOf = (table: Table): string => (table.temporary ? `temp."t${table.oid}"` : `d."t${table.oid}"`);
