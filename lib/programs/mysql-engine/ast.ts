// What the parser makes of a statement.
import type { SqlType } from '../mysql-protocol/types';

export type Expr =
  | { k: 'null' }
  | { k: 'int'; value: bigint }
  | { k: 'dec'; text: string }
  | { k: 'double'; value: number }
  | { k: 'str'; value: string }
  | { k: 'bytes'; value: Uint8Array }
  | { k: 'bool'; value: boolean }
  | { k: 'param'; index: number }
  | { k: 'uservar'; name: string }
  | { k: 'assign'; name: string; value: Expr }
  | { k: 'sysvar'; scope: 'global' | 'session'; name: string }
  | { k: 'col'; db?: string; table?: string; name: string }
  | { k: 'star'; db?: string; table?: string }
  | { k: 'unary'; op: '-' | '+' | '~' | 'NOT'; of: Expr }
  | { k: 'binary'; op: string; left: Expr; right: Expr }
  | { k: 'is'; of: Expr; what: 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN'; not: boolean }
  | { k: 'like'; of: Expr; pattern: Expr; escape?: Expr; not: boolean }
  | { k: 'regexp'; of: Expr; pattern: Expr; not: boolean }
  | { k: 'between'; of: Expr; low: Expr; high: Expr; not: boolean }
  | { k: 'in'; of: Expr; list: Expr[] | Select; not: boolean }
  | { k: 'exists'; query: Select }
  | { k: 'quantified'; op: string; left: Expr; all: boolean; query: Select }
  | { k: 'subquery'; query: Select }
  | { k: 'row'; items: Expr[] }
  | { k: 'case'; of?: Expr; whens: { when: Expr; result: Expr }[]; otherwise?: Expr }
  | { k: 'cast'; of: Expr; type: SqlType }
  | { k: 'collate'; of: Expr; name: string }
  | { k: 'interval'; of: Expr; unit: string }
  | Call;

export interface Call {
  k: 'call';
  name: string;
  args: Expr[];
  distinct?: boolean;
  orderBy?: OrderItem[];
  separator?: string;
  over?: Window | string;
}

export interface Window {
  partitionBy: Expr[];
  orderBy: OrderItem[];
  /** The frame clause as written. */
  frame?: string;
}

export interface OrderItem {
  of: Expr;
  desc: boolean;
}

export interface SelectItem {
  of: Expr;
  alias?: string;
  /** The text of the expression, the column's name when there is no alias. */
  text: string;
}

export interface TableName {
  db?: string;
  name: string;
}

export type TableRef =
  | { k: 'table'; name: TableName; alias?: string }
  | { k: 'derived'; query: Select; alias: string; columns?: string[] }
  | {
      k: 'join';
      kind: 'INNER' | 'LEFT' | 'RIGHT';
      left: TableRef;
      right: TableRef;
      on?: Expr;
      using?: string[];
      natural?: boolean;
    };

export interface Core {
  distinct: boolean;
  items: SelectItem[];
  from?: TableRef;
  where?: Expr;
  groupBy: Expr[];
  rollup?: boolean;
  having?: Expr;
  windows: { name: string; window: Window }[];
  /** `VALUES ROW(…)` and `TABLE t` are made to these. */
  values?: Expr[][];
}

export interface Limit {
  count: Expr;
  offset?: Expr;
}

export interface Select {
  k: 'select';
  with: { name: string; columns?: string[]; query: Select; recursive: boolean }[];
  first: Core | Select;
  rest: { op: string; of: Core | Select }[];
  orderBy: OrderItem[];
  limit?: Limit;
}

export interface ColumnDef {
  name: string;
  type: SqlType;
  notNull: boolean;
  default?: Expr;
  onUpdateNow?: boolean;
  autoIncrement?: boolean;
  comment?: string;
  collate?: string;
  generated?: { expr: Expr; text: string; stored: boolean };
  /** Fields that a definition may say in line. */
  primary?: boolean;
  unique?: boolean;
  references?: { table: TableName; columns: string[]; onDelete?: string; onUpdate?: string };
  check?: { expr: Expr; text: string };
}

export interface IndexDef {
  kind: 'primary' | 'unique' | 'index' | 'fulltext';
  name?: string;
  columns: { name: string; desc: boolean; length?: number }[];
}

export interface ForeignDef {
  name?: string;
  columns: string[];
  table: TableName;
  refColumns: string[];
  onDelete?: string;
  onUpdate?: string;
}

export interface CheckDef {
  name?: string;
  expr: Expr;
  text: string;
}

export type AlterAction =
  | { k: 'add'; column: ColumnDef; first?: boolean; after?: string }
  | { k: 'drop'; name: string }
  | { k: 'change'; from: string; column: ColumnDef; first?: boolean; after?: string }
  | { k: 'rename column'; from: string; to: string }
  | { k: 'default'; column: string; value?: Expr }
  | { k: 'rename'; to: TableName }
  | { k: 'add index'; index: IndexDef }
  | { k: 'drop index'; name: string }
  | { k: 'drop primary' }
  | { k: 'rename index'; from: string; to: string }
  | { k: 'add foreign'; foreign: ForeignDef }
  | { k: 'drop foreign'; name: string }
  | { k: 'add check'; check: CheckDef }
  | { k: 'options'; options: TableOptions };

export interface TableOptions {
  engine?: string;
  autoIncrement?: bigint;
  comment?: string;
  charset?: string;
  collate?: string;
}

export interface Account {
  user: string;
  host: string;
}

export interface Credentials {
  plugin?: string;
  password?: string;
  hash?: string;
}

export interface PrivilegeLevel {
  /** Neither: global; db alone: the whole database. */
  db?: string;
  table?: string;
}

export type ShowFilter = { like?: string; where?: Expr };

export type Statement =
  | { k: 'empty' }
  | Select
  | {
      k: 'insert';
      table: TableName;
      columns?: string[];
      rows?: (Expr | undefined)[][];
      query?: Select;
      replace: boolean;
      ignore: boolean;
      onDuplicate?: { column: string; value: Expr }[];
      alias?: string;
    }
  | {
      k: 'update';
      from: TableRef;
      set: { column: { table?: string; name: string }; value: Expr | undefined }[];
      where?: Expr;
      orderBy: OrderItem[];
      limit?: Limit;
      ignore: boolean;
    }
  | { k: 'delete'; targets: string[]; from: TableRef; where?: Expr; orderBy: OrderItem[]; limit?: Limit }
  | { k: 'truncate'; table: TableName }
  | {
      k: 'create table';
      table: TableName;
      temporary: boolean;
      ifNotExists: boolean;
      columns: ColumnDef[];
      indexes: IndexDef[];
      foreigns: ForeignDef[];
      checks: CheckDef[];
      options: TableOptions;
      like?: TableName;
      query?: Select;
    }
  | { k: 'create index'; table: TableName; index: IndexDef }
  | { k: 'drop index'; table: TableName; name: string }
  | { k: 'create view'; table: TableName; replace: boolean; columns?: string[]; query: Select; text: string }
  | { k: 'drop'; what: 'table' | 'view'; tables: TableName[]; ifExists: boolean; temporary: boolean }
  | { k: 'alter table'; table: TableName; actions: AlterAction[] }
  | { k: 'rename table'; pairs: { from: TableName; to: TableName }[] }
  | { k: 'create database'; name: string; ifNotExists: boolean; charset?: string; collate?: string }
  | { k: 'alter database'; name?: string; charset?: string; collate?: string }
  | { k: 'drop database'; name: string; ifExists: boolean }
  | { k: 'use'; db: string }
  | { k: 'set'; assignments: Assignment[] }
  | { k: 'set password'; account?: Account; password: string }
  | { k: 'begin'; readOnly: boolean }
  | { k: 'commit' }
  | { k: 'rollback'; to?: string }
  | { k: 'savepoint'; name: string }
  | { k: 'release'; name: string }
  | { k: 'create user'; users: { account: Account; credentials: Credentials }[]; ifNotExists: boolean }
  | { k: 'alter user'; users: { account: Account; credentials: Credentials }[]; ifExists: boolean }
  | { k: 'drop user'; users: Account[]; ifExists: boolean }
  | { k: 'rename user'; pairs: { from: Account; to: Account }[] }
  | { k: 'grant'; privileges: string[]; level: PrivilegeLevel; users: Account[]; grantOption: boolean }
  | { k: 'revoke'; privileges: string[]; level: PrivilegeLevel; users: Account[]; grantOption: boolean; all: boolean }
  | ({
      k: 'show';
      what: string;
      db?: string;
      table?: TableName;
      account?: Account;
      full?: boolean;
      scope?: string;
    } & ShowFilter)
  | { k: 'explain'; of: Statement; format?: string }
  | { k: 'kill'; id: Expr; query: boolean }
  | { k: 'do'; items: Expr[] }
  | { k: 'prepare'; name: string; from: Expr }
  | { k: 'execute'; name: string; using: string[] }
  | { k: 'deallocate'; name: string }
  | { k: 'flush'; what: string }
  | { k: 'shutdown' }
  | { k: 'maintain'; operation: string; tables: TableName[] }
  | { k: 'ignored' };

export interface Assignment {
  scope: 'user' | 'global' | 'session' | 'transaction' | 'names';
  name: string;
  /** Absent: DEFAULT. */
  value?: Expr;
}
