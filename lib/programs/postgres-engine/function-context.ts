// What a function may ask of the session that runs it.
import type { Random } from '../../sim/random';
import type { AnyRelation, Catalog, Database, Role } from './catalog';

export interface FunctionContext {
  readonly random: Random;
  readonly catalog: Catalog;
  readonly database: Database;
  readonly roles: ReadonlyMap<string, Role>;
  readonly databases: ReadonlyMap<string, Database>;
  readonly user: string;
  readonly sessionUser: string;
  readonly version: string;
  readonly pid: number;
  readonly peer: { address: string | null; port: number };
  readonly server: { address: string | null; port: number; startedAt: number };
  /** Microseconds since 1970. */
  now(): number;
  transactionTime(): number;
  setting(name: string): string | undefined;
  set(name: string, value: string, local: boolean): void;
  searchPath(): string[];
  findRelation(name: string, schema?: string): AnyRelation | undefined;
  nextval(oid: number): string;
  currval(oid: number): string;
  setval(oid: number, value: string, called: boolean): string;
  lastval(): string;
  currentValue(oid: number): { value: string; called: boolean };
  sizeOf(table: number): number;
  may(role: string, relation: AnyRelation, privilege: string): boolean;
  cancel(pid: number, terminate: boolean): boolean;
  /** Counts a step of a recursive query; throws when there are too many. */
  tick(): boolean;
  /** Sessions, for pg_stat_activity. */
  activity(): Activity[];
  /** All parameters, for pg_settings. */
  settings(): [name: string, value: string][];
}

export interface Activity {
  pid: number;
  database: string;
  user: string;
  application: string;
  address: string | null;
  port: number;
  since: number;
  state: string;
  query: string;
}
