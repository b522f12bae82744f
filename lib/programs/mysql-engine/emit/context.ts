// What translating a statement needs to know of its session.
import type { Column, SqlValue } from '../../mysql-protocol/types';
import type { Select } from '../ast';
import type { Table } from '../catalog';

/** Rows that the server makes up: INFORMATION_SCHEMA, mysql.user, performance_schema. */
export interface Virtual {
  columns: Column[];
  rows: SqlValue[][];
}

export type Relation =
  | { k: 'table'; table: Table }
  | { k: 'view'; db: string; name: string; query: Select; columns?: string[] }
  | { k: 'virtual'; virtual: Virtual };

export interface Context {
  /** The session's database; throws 1046 when there is none. */
  database(): string;
  findDatabase(): string | undefined;
  /** Finds a table or view that may be read; throws 1146, 1049, 1142. */
  relation(db: string, name: string, privilege: string): Relation;
  /** Milliseconds since the epoch, one instant a statement. */
  now: number;
  user: string;
  account: string;
  connectionId: number;
  version: string;
  lastInsertId: bigint;
  rowCount: bigint;
  foundRows: bigint;
  uservar(name: string): SqlValue;
  setUservar(name: string, value: SqlValue): void;
  sysvar(scope: 'global' | 'session', name: string): SqlValue;
  parameters: SqlValue[];
  onlyFullGroupBy: boolean;
}
