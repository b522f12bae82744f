// What the parts of the translation to SQLite share: typed expressions, scopes of names, and the compiler that joins them.
import type { LiteValue } from '../sql/engine';
import type { Tree } from '../sql/postgres-parser';
import type { Catalog } from './catalog';
import type { FunctionContext } from './function-context';
import type { Typed } from './types';

/** An expression in SQLite's words with its type in PostgreSQL's. */
export interface Expr extends Typed {
  sql: string;
  /** A literal whose type is not settled yet: its text, or null. */
  literal?: string | null;
  /** A parameter whose type is not settled yet. */
  parameter?: number;
  at?: number | undefined;
  /** The fields of a whole row. */
  row?: ScopeColumn[];
}

export interface ScopeColumn extends Typed {
  name: string;
  relation: string;
  sql: string;
  /** Found without its relation's name, and part of `*`. */
  bare: boolean;
  /** Where it comes from, for RowDescription. */
  source?: { table: number; number: number };
}

export class Scope {
  columns: ScopeColumn[] = [];
  /** Names of the relations, to tell a missing table from a missing column. */
  readonly relations = new Set<string>();
  /** Tables that an alias hides, by their own name. */
  readonly hidden = new Map<string, string>();
  /** Set-returning functions of the select list, as they are called. */
  readonly extra: string[] = [];
  /** What is grouped: SQL of columns, trees of expressions; undefined when nothing is. */
  grouped: { sql: Set<string>; trees: Set<string>; whole: Set<string> } | undefined;
  /** Inside an aggregate's arguments. */
  inside = false;
  /** The clause that may not hold aggregates: WHERE, … */
  noAggregates: string | undefined;
  windows = new Map<string, Tree>();
  nextAlias = 0;

  constructor(
    readonly parent: Scope | undefined,
    readonly ctes: ReadonlyMap<string, Cte> = parent?.ctes ?? new Map(),
  ) {}
}

export interface Cte {
  sql: string;
  columns: OutputColumn[];
}

export interface OutputColumn extends Typed {
  name: string;
  source?: { table: number; number: number };
}

export interface Query {
  sql: string;
  columns: OutputColumn[];
}

export interface CompilerSession extends FunctionContext {
  readonly catalog: Catalog;
  /** Puts a table of pg_catalog or information_schema where SQLite finds it. */
  systemTable(schema: string, name: string): { from: string; columns: OutputColumn[] } | undefined;
  requirePrivilege(table: { oid: number }, letter: string): void;
  /** Checks privileges as another role: a view's tables are read as its owner. */
  as<T>(role: string, body: () => T): T;
  /** Evaluates an expression without a table. */
  scalar(sql: string): LiteValue;
}

export interface Parameters {
  /** undefined while only types are asked for. */
  values: (string | null)[] | undefined;
  /** Settled types by index; holes are unknown. */
  types: string[];
}

export interface Compiler {
  readonly session: CompilerSession;
  readonly parameters: Parameters;
  expr(node: Tree, scope: Scope): Expr;
  select(node: Tree, parent: Scope | undefined, wanted?: Typed[]): Query;
}
