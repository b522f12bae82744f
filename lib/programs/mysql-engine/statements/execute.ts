// Every statement to the part of the server that carries it out.
import { errors } from '../../mysql-protocol/errors';
import type { Column, SqlValue } from '../../mysql-protocol/types';
import type { Expr, Select, Statement } from '../ast';
import type { SessionContext } from '../context';
import { QueryEmitter } from '../emit/queries';
import { NOWHERE } from '../emit/scope';
import { parse } from '../parser/parser';
import type { Result, Session } from '../session';
import { Administrator } from './administration';
import { RowChanger } from './rows';
import { Shower } from './show';
import { TableChanger } from './tables';

const OK: Result = { k: 'ok', affected: 0n };

export async function execute(
  session: Session,
  context: SessionContext,
  statement: Statement,
  sql: string,
): Promise<Result> {
  if (statement.k !== 'execute') await sleepIfAsked(session, context, statement);
  const rows = () => new RowChanger(session, context);
  const tables = () => new TableChanger(session, context);
  const administrator = () => new Administrator(session, context);
  switch (statement.k) {
    case 'select':
      return select(session, context, statement);
    case 'insert':
      return rows().insert(statement);
    case 'update':
      return rows().update(statement);
    case 'delete':
      return rows().delete(statement);
    case 'truncate':
      return tables().truncate(statement);
    case 'create table':
      return tables().createTable(statement);
    case 'create index':
      return tables().createIndex(statement);
    case 'drop index':
      return tables().dropIndex(statement);
    case 'create view':
      return tables().createView(statement);
    case 'drop':
      return tables().drop(statement);
    case 'alter table':
      return tables().alter(statement);
    case 'rename table':
      return tables().renameTables(statement);
    case 'create database':
      return tables().createDatabase(statement);
    case 'alter database':
      return tables().alterDatabase(statement);
    case 'drop database':
      return tables().dropDatabase(statement);
    case 'show':
      return new Shower(session, context).show(statement);
    case 'explain':
      return explain(session, context, statement.of);
    case 'use':
      return administrator().use(statement);
    case 'set':
      return administrator().set(statement);
    case 'set password':
      return administrator().setPassword(statement);
    case 'create user':
      return administrator().createUser(statement);
    case 'alter user':
      return administrator().alterUser(statement);
    case 'drop user':
      return administrator().dropUser(statement);
    case 'rename user':
      return administrator().renameUser(statement);
    case 'grant':
      return administrator().grant(statement);
    case 'revoke':
      return administrator().revoke(statement);
    case 'kill':
      return administrator().kill(statement);
    case 'flush':
      return administrator().flush();
    case 'shutdown':
      return administrator().shutdown();
    case 'do':
      await select(session, context, selectOf(statement.items));
      return OK;
    default:
      return transaction(session, context, statement, sql);
  }
}

async function transaction(
  session: Session,
  context: SessionContext,
  statement: Statement,
  sql: string,
): Promise<Result> {
  switch (statement.k) {
    case 'begin':
      await session.commit();
      session.inTransaction = true;
      return OK;
    case 'commit':
      await session.commit();
      return OK;
    case 'rollback':
      if (statement.to) session.rollbackTo(statement.to);
      else session.rollback();
      return OK;
    case 'savepoint':
      session.savepoint(statement.name);
      return OK;
    case 'release':
      session.release(statement.name);
      return OK;
    case 'prepare': {
      const value = new QueryEmitter(context).expr(statement.from, { from: NOWHERE, clause: 'field list' });
      const text = String(session.query(`SELECT ${value.sql}`)[0]?.[0] ?? '');
      parse(text);
      session.named.set(statement.name.toLowerCase(), text);
      return { k: 'ok', affected: 0n, info: 'Statement prepared' };
    }
    case 'execute':
      return executeNamed(session, context, statement);
    case 'deallocate':
      if (!session.named.delete(statement.name.toLowerCase()))
        throw errors.unknownNamed(statement.name, 'DEALLOCATE PREPARE');
      return OK;
    case 'maintain':
      return maintain(session, context, statement);
    case 'ignored':
      return OK;
    default:
      throw errors.unsupported(sql.trim().split(/\s+/).slice(0, 2).join(' '));
  }
}

function select(session: Session, context: SessionContext, query: Select): Result {
  const { sql, columns } = new QueryEmitter(context).select(query);
  return { k: 'rows', columns, rows: session.query(sql) };
}

const selectOf = (items: Expr[]): Select => ({
  k: 'select',
  with: [],
  first: { distinct: false, items: items.map((of) => ({ of, text: '' })), groupBy: [], windows: [] },
  rest: [],
  orderBy: [],
});

async function executeNamed(
  session: Session,
  context: SessionContext,
  statement: Extract<Statement, { k: 'execute' }>,
): Promise<Result> {
  const text = session.named.get(statement.name.toLowerCase());
  if (text === undefined) throw errors.unknownNamed(statement.name, 'EXECUTE');
  const values = statement.using.map((name): SqlValue => context.uservar(name));
  const parsed = parse(text);
  if (parsed.parameters !== values.length) throw errors.wrongArguments('EXECUTE');
  return execute(session, context.with(values), parsed.statement, text);
}

function maintain(session: Session, context: SessionContext, statement: Extract<Statement, { k: 'maintain' }>): Result {
  const names = ['Table', 'Op', 'Msg_type', 'Msg_text'];
  const rows = statement.tables.map(({ db, name }): SqlValue[] => {
    context.table(db, name, 'SELECT');
    return [`${db ?? session.db}.${name}`, statement.operation, 'status', 'OK'];
  });
  return { k: 'rows', columns: names.map((name) => ({ name, type: { name: 'varchar', length: 128 } })), rows };
}

/** SLEEP(n) in a statement waits before it, on the world's clock. */
async function sleepIfAsked(session: Session, context: SessionContext, statement: Statement): Promise<void> {
  const calls: Expr[] = [];
  collectSleeps(statement, calls);
  for (const call of calls) {
    if (call.k !== 'call' || !call.args[0]) continue;
    const value = new QueryEmitter(context).expr(call.args[0], { from: NOWHERE, clause: 'field list' });
    const seconds = Number(session.query(`SELECT ${value.sql}`)[0]?.[0] ?? 0);
    if (seconds > 0) await session.instance.clock.sleep(seconds * 1000, session.killed);
  }
}

function collectSleeps(node: unknown, into: Expr[]): void {
  if (node === null || typeof node !== 'object' || node instanceof Uint8Array) return;
  const call = node as { k?: string; name?: unknown };
  if (call.k === 'call' && call.name === 'SLEEP') into.push(node as Expr);
  for (const value of Object.values(node)) collectSleeps(value, into);
}

/** DIFFERS: the plan is the access type by key or scan, not InnoDB's costs. */
function explain(session: Session, context: SessionContext, statement: Statement): Result {
  const names = [
    'id',
    'select_type',
    'table',
    'partitions',
    'type',
    'possible_keys',
    'key',
    'key_len',
    'ref',
    'rows',
    'filtered',
    'Extra',
  ];
  const columns = names.map(
    (name): Column => ({
      name,
      type:
        name === 'id' || name === 'rows'
          ? { name: 'bigint' }
          : name === 'filtered'
            ? { name: 'double', scale: 2 }
            : { name: 'varchar', length: 64 },
    }),
  );
  if (statement.k !== 'select')
    return {
      k: 'rows',
      columns,
      rows: [[1n, statement.k.toUpperCase(), null, null, 'ALL', null, null, null, null, 1n, 100, null]],
    };
  const emitter = new QueryEmitter(context);
  const { sql } = emitter.select(statement);
  const steps = session.query(`EXPLAIN QUERY PLAN ${sql}`).map((row) => String(row[3]));
  const rows = steps
    .filter((step) => /^(SCAN|SEARCH) s\d+/.test(step))
    .map((step): SqlValue[] => {
      const alias = emitter.nameOf(/ (s\d+)/.exec(step)?.[1] ?? '');
      const key =
        /USING (?:COVERING )?INDEX \S+\.(\S+)/.exec(step)?.[1] ??
        (/PRIMARY KEY|INTEGER PRIMARY/.test(step) ? 'PRIMARY' : null);
      const type = step.startsWith('SCAN') ? (key ? 'index' : 'ALL') : key === 'PRIMARY' ? 'const' : 'ref';
      return [
        1n,
        'SIMPLE',
        alias,
        null,
        type,
        step.startsWith('SEARCH') ? key : null,
        key,
        null,
        step.startsWith('SEARCH') ? 'const' : null,
        1n,
        100,
        null,
      ];
    });
  const none: SqlValue[] = [1n, 'SIMPLE', null, null, null, null, null, null, null, null, null, 'No tables used'];
  return { k: 'rows', columns, rows: rows.length > 0 ? rows : [none] };
}

/** The columns that a statement would give, for COM_STMT_PREPARE; also checks its names. */
export function explainColumns(session: Session, context: SessionContext, statement: Statement): Column[] {
  if (statement.k === 'select') return new QueryEmitter(context).select(statement).columns;
  if (statement.k === 'show') return new Shower(session, context).columns(statement);
  if (statement.k === 'insert') context.table(statement.table.db, statement.table.name, 'INSERT');
  if (statement.k === 'update' || statement.k === 'delete')
    new QueryEmitter(context).from(statement.from, undefined, statement.k.toUpperCase());
  return [];
}
