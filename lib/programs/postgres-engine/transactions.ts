// What belongs to transactions and not to one session.
import type { Tree } from '../sql/postgres-parser';
import type { Globals } from './roles';

export const isControl = (statement: Tree): boolean => statement.TransactionStmt !== undefined;
export const endsBlock = (statement: Tree): boolean =>
  ['TRANS_STMT_ROLLBACK', 'TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK_TO'].includes(statement.TransactionStmt?.kind);

/** A copy in which roles and the own database can be changed. */
export function copyOf(globals: Globals, database: string): Globals {
  const own = globals.databases.get(database);
  const databases = new Map([...globals.databases].map(([name, d]) => [name, { ...d }]));
  if (own) databases.set(database, structuredClone(own));
  return { roles: structuredClone(globals.roles), databases };
}
