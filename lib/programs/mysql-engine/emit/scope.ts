// Names in a query: which table, subquery or alias a column belongs to.
import { errors } from '../../mysql-protocol/errors';
import type { Column } from '../../mysql-protocol/types';
import { sameName, type Table } from '../catalog';
import type { Fragment } from './fragment';

export interface SourceColumn {
  name: string;
  fragment: Fragment;
  meta: Column;
}

/** One table or subquery of FROM. */
export interface Source {
  alias: string;
  db?: string;
  /** The base table, when rows can be changed through this source. */
  table?: Table;
  /** SQLite's alias. */
  id: string;
  columns: SourceColumn[];
}

/** What a FROM clause brings into sight. */
export interface From {
  sql: string;
  sources: Source[];
  /** Columns that USING or NATURAL made one. */
  shared: { name: string; fragment: Fragment; meta: Column }[];
}

/** A place in a statement where names are looked up. */
export interface Scope {
  from: From;
  parent?: Scope;
  /** Aliases of the SELECT list, where the clause may use them. */
  aliases?: ReadonlyMap<string, Fragment>;
  /** Aliases win over columns (ORDER BY), or the other way (GROUP BY, HAVING). */
  aliasFirst?: boolean;
  /** As the error names the place: `field list`, `where clause`. */
  clause: string;
  /** Told of every column that is looked up outside an aggregate function. */
  onColumn?: (source: Source | undefined, column: SourceColumn, name: string) => void;
}

export const NOWHERE: From = { sql: '', sources: [], shared: [] };

export interface ColumnName {
  db?: string;
  table?: string;
  name: string;
}

const written = ({ db, table, name }: ColumnName): string => [db, table, name].filter(Boolean).join('.');

/** Looks a column up, inner query first. Throws 1054 or 1052. */
export function resolve(scope: Scope, column: ColumnName): Fragment {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = resolveHere(at, column);
    if (found) return found;
  }
  throw errors.badField(written(column), scope.clause);
}

function resolveHere(scope: Scope, column: ColumnName): Fragment | undefined {
  const alias = column.table ? undefined : scope.aliases?.get(column.name.toLowerCase());
  if (alias && scope.aliasFirst) return alias;
  const found = fromSources(scope, column);
  if (!found) return alias;
  scope.onColumn?.(found.source, found.column, written(column));
  return found.column.fragment;
}

function fromSources(scope: Scope, wanted: ColumnName): { source?: Source; column: SourceColumn } | undefined {
  const { from } = scope;
  const shared = wanted.table ? undefined : from.shared.find((column) => sameName(column.name, wanted.name));
  if (shared) return { column: shared };
  const found = from.sources
    .filter((source) => !wanted.table || (source.alias === wanted.table && (!wanted.db || source.db === wanted.db)))
    .flatMap((source) =>
      source.columns.filter((column) => sameName(column.name, wanted.name)).map((column) => ({ source, column })),
    );
  if (found.length > 1) throw errors.nonUniq(written(wanted), scope.clause);
  return found[0];
}

/** The columns of `*` or `t.*`. */
export function expandStar(from: From, star: { db?: string; table?: string }): SourceColumn[] {
  if (star.table) {
    const source = from.sources.find((s) => s.alias === star.table && (!star.db || s.db === star.db));
    if (!source) throw errors.badTable(star.table);
    return source.columns;
  }
  const { shared } = from;
  const rest = from.sources.flatMap((source) =>
    source.columns.filter((column) => !shared.some(({ name }) => sameName(name, column.name))),
  );
  return [...shared, ...rest];
}
