// ORDER BY: PostgreSQL puts nulls last, sorts texts by language and exact decimals by value.
import type { Tree } from '../sql/postgres-parser';
import type { Compiler, Expr, Scope } from './compiler';
import { comparable } from './operators';
import { isText } from './types';

/** What an expression is sorted by. */
export const sortKey = (e: Expr): string =>
  isText(e.type) && e.type !== 'name' && e.type !== 'char' ? `pg_sort(${e.sql})` : comparable(e);

export function direction(sort: Tree): string {
  const descending = sort.sortby_dir === 'SORTBY_DESC';
  const nulls = sort.sortby_nulls;
  const first = nulls === 'SORTBY_NULLS_FIRST' || (nulls === 'SORTBY_NULLS_DEFAULT' && descending);
  return `${descending ? 'DESC' : 'ASC'} NULLS ${first ? 'FIRST' : 'LAST'}`;
}

/** The list after ORDER BY, of expressions of a scope. */
export const orderBy = (c: Compiler, sorts: Tree[], scope: Scope): string =>
  sorts.map(({ SortBy: sort }) => `${sortKey(c.expr(sort.node, scope))} ${direction(sort)}`).join(', ');
