// What each kind of statement does.
import type { LiteValue } from '../sql/engine';
import type { Parsed, Tree } from '../sql/postgres-parser';
import { alterTable, comment, drop, rename } from './alter';
import { emptyCatalog } from './catalog';
import { type Compiler, type OutputColumn, type Parameters, Scope } from './compiler';
import { copy } from './copy';
import * as ddl from './ddl';
import { type Changed, insert, remove, truncate, update } from './dml';
import { PgError, unsupported } from './error';
import { owns } from './privileges';
import * as roles from './roles';
import type { Result, Session } from './session';
import { PARAMETERS, parameterName, unknownParameter } from './settings';
import { readTypeName } from './types';

interface Call {
  session: Session;
  c: Compiler;
  statement: Parsed;
  sql: string;
  parameters: Parameters;
}

type Handler = (call: Call, node: Tree) => Promise<Result> | Result;

export async function execute(
  session: Session,
  statement: Parsed,
  sql: string,
  parameters: Parameters,
): Promise<Result> {
  const [tag = ''] = Object.keys(statement.stmt ?? {});
  const handler = HANDLERS[tag];
  if (!handler)
    throw unsupported(
      tag
        .replace(/Stmt$/, '')
        .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
        .toUpperCase(),
    );
  return handler({ session, c: session.compiler(parameters), statement, sql, parameters }, statement.stmt[tag]);
}

async function select(call: Call, node: Tree): Promise<Result> {
  const { session, c } = call;
  if (node.intoClause)
    return createAs(call, { into: node.intoClause, query: { SelectStmt: { ...node, intoClause: undefined } } });
  const writes = /"sval":"(nextval|setval)"/.test(JSON.stringify(node.targetList ?? ''));
  if (writes || node.lockingClause) await session.write();
  const query = c.select({ SelectStmt: node }, undefined);
  const rows = session.all(query.sql);
  return { tag: `SELECT ${rows.length}`, columns: query.columns, rows };
}

const changing =
  (run: (c: Compiler, store: Session, node: Tree) => Changed, tag: (count: number) => string): Handler =>
  async ({ session, c }, node) => {
    await session.write();
    const { count, columns, rows } = run(c, session, node);
    return { tag: tag(count), ...(columns && rows ? { columns, rows } : {}) };
  };

function ddlContext({ session, c, sql, statement }: Call): ddl.DdlContext {
  return {
    c,
    store: session,
    catalog: session.catalog,
    user: session.user,
    nextOid: session.instance.nextOid,
    notice: (message, code) => session.notice(message, code),
    mayCreateIn: (schema, at) => session.mayCreateIn(schema, at),
    mustOwn: (relation, what) => session.mustOwn(relation, what),
    resetSequence: (oid) => session.instance.counters.delete(oid),
    temporarySchema: () => session.temporarySchema(true),
    sourceText: () => viewText(Buffer.from(sql).subarray(statement.start, statement.end).toString()),
  };
}

/** The query of a CREATE VIEW, as it was written. */
const viewText = (text: string): string =>
  ` ${text
    .replace(/^[\s\S]*?\bAS\b\s*/i, '')
    .trim()
    .replace(/;$/, '')};`;

const defining =
  (run: (d: ddl.DdlContext, node: Tree, session: Session) => string): Handler =>
  (call, node) =>
    call.session.change(() => ({ tag: run(ddlContext(call), node, call.session) }));

async function createAs(call: Call, node: Tree): Promise<Result> {
  const { session } = call;
  return session.change(() => {
    const query = call.c.select(node.query, undefined);
    const count = ddl.createTableAs(ddlContext(call), node, query);
    return { tag: count === undefined ? 'CREATE TABLE AS' : `SELECT ${count}` };
  });
}

function roleContext({ session }: Call): roles.RoleContext {
  return {
    globals: session.world,
    user: session.user,
    database: session.database,
    random: session.random,
    nextOid: session.instance.nextOid,
    notice: (message) => session.notice(message),
    findRelation: (name, schema) => session.findRelation(name, schema),
  };
}

const governing =
  (run: (r: roles.RoleContext, node: Tree) => string): Handler =>
  (call, node) =>
    call.session.change(() => ({ tag: run(roleContext(call), node) }));

// Transactions

async function transaction({ session }: Call, node: Tree): Promise<Result> {
  const none = (message: string) => session.notice(message, '25P01', 'WARNING');
  switch (node.kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      if (session.state === 'T') session.notice('there is already a transaction in progress', '25001', 'WARNING');
      else session.begin();
      return { tag: node.kind === 'TRANS_STMT_BEGIN' ? 'BEGIN' : 'START TRANSACTION' };
    case 'TRANS_STMT_COMMIT':
      if (session.state === 'E') {
        session.rollback();
        return { tag: 'ROLLBACK' };
      }
      if (session.state === 'I') none('there is no transaction in progress');
      await session.commit();
      return { tag: 'COMMIT' };
    case 'TRANS_STMT_ROLLBACK':
      if (session.state === 'I') none('there is no transaction in progress');
      session.rollback();
      return { tag: 'ROLLBACK' };
    default:
      return savepoint(session, node);
  }
}

function savepoint(session: Session, node: Tree): Result {
  const name = node.savepoint_name as string;
  const [word, act] = ({
    TRANS_STMT_SAVEPOINT: ['SAVEPOINT', () => session.savepoint(name)],
    TRANS_STMT_ROLLBACK_TO: ['ROLLBACK', () => session.rollbackTo(name)],
    TRANS_STMT_RELEASE: ['RELEASE', () => session.release(name)],
  }[node.kind as string] ?? ['', () => undefined]) as [string, () => void];
  if (!word) throw unsupported('two-phase commit');
  if (session.state === 'I')
    throw new PgError(
      '25P01',
      `${word === 'ROLLBACK' ? 'ROLLBACK TO SAVEPOINT' : word === 'RELEASE' ? 'RELEASE SAVEPOINT' : word} can only be used in transaction blocks`,
    );
  act();
  return { tag: word };
}

// Settings

function settingText(args: Tree[]): string {
  return args
    .map(
      (arg) =>
        arg.A_Const?.sval?.sval ??
        arg.A_Const?.fval?.fval ??
        (arg.A_Const?.ival ? String(arg.A_Const.ival.ival ?? 0) : undefined) ??
        arg.TypeCast?.arg.A_Const?.sval?.sval ??
        'on',
    )
    .join(', ');
}

function setVariable({ session }: Call, node: Tree): Result {
  if (node.kind === 'VAR_RESET_ALL') session.resetAll();
  else if (node.kind === 'VAR_SET_MULTI') return { tag: 'SET' };
  else if (node.name === 'role' || node.name === 'session_authorization') setRole(session, node);
  else if (node.kind === 'VAR_SET_DEFAULT' || node.kind === 'VAR_RESET') session.unset(node.name);
  else session.set(node.name, settingText(node.args ?? []), node.is_local === true);
  return { tag: node.kind.startsWith('VAR_RESET') ? 'RESET' : 'SET' };
}

function setRole(session: Session, node: Tree): void {
  const name = node.args ? settingText(node.args) : 'none';
  if (name === 'none' || node.kind.startsWith('VAR_RESET') || node.kind === 'VAR_SET_DEFAULT') {
    session.user = session.sessionUser;
    return;
  }
  const role = session.roles.get(name);
  if (!role) throw new PgError('22023', `role "${name}" does not exist`);
  if (!owns(session.roles, session.sessionUser, name))
    throw new PgError('42501', `permission denied to set role "${name}"`);
  session.user = name;
}

const text = (name: string): OutputColumn => ({ name, type: 'text' });

function show({ session }: Call, node: Tree): Result {
  if (node.name === 'all')
    return {
      tag: 'SHOW',
      columns: ['name', 'setting', 'description'].map(text),
      rows: session.settings().map(([name, value]) => [name, value, '']),
    };
  const name =
    { timezone: 'TimeZone', transaction_isolation: 'transaction_isolation' }[node.name as string] ??
    parameterName(node.name);
  const value = session.setting(node.name);
  if (name === undefined || value === undefined) throw unknownParameter(node.name);
  return { tag: 'SHOW', columns: [text(name)], rows: [[value]] };
}

function roleSetting(call: Call, node: Tree): Promise<Result> {
  const { session } = call;
  return session.change(() => {
    const r = roleContext(call);
    const holder = node.dbname
      ? session.world.databases.get(node.dbname)
      : session.world.roles.get(roles.named(r, node.role));
    if (!holder) throw new PgError('3D000', `database "${node.dbname}" does not exist`);
    const name = parameterName(node.setstmt.name) ?? node.setstmt.name;
    if (!(name in PARAMETERS)) throw unknownParameter(node.setstmt.name);
    if (node.setstmt.args) holder.settings[name] = settingText(node.setstmt.args);
    else delete holder.settings[name];
    return { tag: node.dbname ? 'ALTER DATABASE' : 'ALTER ROLE' };
  });
}

// Databases

function outsideBlock(session: Session, what: string): void {
  if (session.state !== 'I') throw new PgError('25001', `${what} cannot run inside a transaction block`);
}

async function createDatabase(call: Call, node: Tree): Promise<Result> {
  const { session } = call;
  outsideBlock(session, 'CREATE DATABASE');
  const role = session.roles.get(session.user);
  if (!role?.superuser && !role?.createDb) throw new PgError('42501', 'permission denied to create database');
  if (session.databases.has(node.dbname)) throw new PgError('42P04', `database "${node.dbname}" already exists`);
  const option = (name: string) =>
    ((node.options ?? []) as Tree[]).find(({ DefElem: o }) => o.defname === name)?.DefElem.arg?.String?.sval as
      | string
      | undefined;
  const owner = option('owner') ?? session.user;
  if (!session.roles.has(owner)) throw new PgError('42704', `role "${owner}" does not exist`);
  const template = option('template');
  if (template !== undefined && !session.databases.has(template))
    throw new PgError('3D000', `template database "${template}" does not exist`);
  return session.change(() => {
    session.world.databases.set(node.dbname, {
      oid: session.instance.nextOid(),
      name: node.dbname,
      owner,
      template: false,
      settings: {},
      connectionLimit: -1,
      catalog: emptyCatalog(session.world.databases.get('template0')?.owner ?? 'postgres'),
    });
    return { tag: 'CREATE DATABASE' };
  });
}

async function dropDatabase({ session }: Call, node: Tree): Promise<Result> {
  outsideBlock(session, 'DROP DATABASE');
  const found = session.databases.get(node.dbname);
  if (!found) {
    if (!node.missing_ok) throw new PgError('3D000', `database "${node.dbname}" does not exist`);
    session.notice(`database "${node.dbname}" does not exist, skipping`);
    return { tag: 'DROP DATABASE' };
  }
  if (!owns(session.roles, session.user, found.owner))
    throw new PgError('42501', `must be owner of database ${node.dbname}`);
  if (node.dbname === session.databaseName) throw new PgError('55006', 'cannot drop the currently open database');
  const others = [...session.instance.sessions.values()].filter((s) => s.databaseName === node.dbname);
  const force = ((node.options ?? []) as Tree[]).some(({ DefElem: o }) => o.defname === 'force');
  if (others.length > 0 && !force)
    throw new PgError('55006', `database "${node.dbname}" is being accessed by other users`, {
      detail:
        others.length === 1
          ? 'There is 1 other session using the database.'
          : `There are ${others.length} other sessions using the database.`,
    });
  for (const other of others) other.terminate();
  return session.change(() => {
    for (const relation of found.catalog.relations)
      if (relation.k === 'table') session.run(`DROP TABLE IF EXISTS d."t${relation.oid}"`);
    session.world.databases.delete(node.dbname);
    return { tag: 'DROP DATABASE' };
  });
}

async function alterOwner(call: Call, node: Tree): Promise<Result> {
  const { session } = call;
  return session.change(() => {
    const owner = roles.named(roleContext(call), node.newowner);
    const name = node.object?.String?.sval ?? node.object?.List?.items.at(-1).String.sval;
    if (node.objectType === 'OBJECT_DATABASE') {
      const database = session.world.databases.get(name);
      if (!database) throw new PgError('3D000', `database "${name}" does not exist`);
      session.mustOwn(database, 'database');
      database.owner = owner;
      return { tag: 'ALTER DATABASE' };
    }
    const schema = session.catalog.schemas[name];
    if (node.objectType !== 'OBJECT_SCHEMA' || !schema) throw unsupported(`ALTER … OWNER of ${node.objectType}`);
    schema.owner = owner;
    return { tag: 'ALTER SCHEMA' };
  });
}

function renaming(call: Call, node: Tree): Promise<Result> | Result {
  if (node.renameType === 'OBJECT_ROLE') return governing(roles.renameRole)(call, node);
  if (node.renameType !== 'OBJECT_DATABASE') return defining(rename)(call, node);
  const { session } = call;
  return session.change(() => {
    const database = session.world.databases.get(node.subname);
    if (!database) throw new PgError('3D000', `database "${node.subname}" does not exist`);
    session.mustOwn(database, 'database');
    if (node.subname === session.databaseName) throw new PgError('0A000', 'current database cannot be renamed');
    session.world.databases.delete(node.subname);
    session.world.databases.set(node.newname, { ...database, name: node.newname });
    return { tag: 'ALTER DATABASE' };
  });
}

// The rest

const EXTENSIONS: Record<string, string> = {
  plpgsql: '1.0',
  pgcrypto: '1.3',
  'uuid-ossp': '1.1',
  pg_stat_statements: '1.10',
};

function createExtension({ session }: Call, node: Tree): Promise<Result> {
  return session.change(() => {
    const version = EXTENSIONS[node.extname];
    if (!version)
      throw new PgError('0A000', `extension "${node.extname}" is not available`, {
        detail: `Could not open extension control file "/usr/share/postgresql/15/extension/${node.extname}.control": No such file or directory.`,
        hint: 'The extension must first be installed on the system where PostgreSQL is running.',
      });
    if (session.catalog.extensions[node.extname]) {
      if (!node.if_not_exists) throw new PgError('42710', `extension "${node.extname}" already exists`);
      session.notice(`extension "${node.extname}" already exists, skipping`, '42710');
    } else session.catalog.extensions[node.extname] = { oid: session.instance.nextOid(), version, schema: 'public' };
    return { tag: 'CREATE EXTENSION' };
  });
}

function prepare({ session, statement, sql }: Call, node: Tree): Result {
  if (session.named.has(node.name)) throw new PgError('42P05', `prepared statement "${node.name}" already exists`);
  const types = ((node.argtypes ?? []) as Tree[]).map(({ TypeName: type }) => readTypeName(type, () => false).type);
  session.named.set(node.name, { statement: { ...statement, stmt: node.query }, sql, types });
  return { tag: 'PREPARE' };
}

async function executePrepared(call: Call, node: Tree): Promise<Result> {
  const { session, c } = call;
  const found = session.named.get(node.name);
  if (!found) throw new PgError('26000', `prepared statement "${node.name}" does not exist`);
  const values = ((node.params ?? []) as Tree[]).map((param) => {
    const e = c.expr(param, new Scope(undefined));
    const value: LiteValue = session.scalar(e.sql);
    return value === null ? null : session.textOf(e.type === 'unknown' ? 'text' : e.type, value);
  });
  return execute(session, found.statement, found.sql, { values, types: [...found.types] });
}

/** A plan in outline: what is read, as the server would first try it. */
function explain({ c, session }: Call, node: Tree): Result {
  const tables: string[] = [];
  const visit = (part: Tree): void => {
    if (part === null || typeof part !== 'object') return;
    if (part.RangeVar?.relname) tables.push(part.RangeVar.relname);
    for (const value of Object.values(part)) visit(value as Tree);
  };
  if (node.query.SelectStmt) c.select(node.query, undefined);
  visit(node.query);
  const lines =
    tables.length === 0
      ? ['Result  (cost=0.00..0.01 rows=1 width=4)']
      : tables.map(
          (name, i) =>
            `${i === 0 ? '' : '  ->  '}Seq Scan on ${name}  (cost=0.00..${(10 + session.sizeOf(session.findRelation(name)?.oid ?? 0) / 8192).toFixed(2)} rows=1000 width=36)`,
        );
  return { tag: 'EXPLAIN', columns: [text('QUERY PLAN')], rows: lines.map((line) => [line]) };
}

const nothing =
  (tag: string): Handler =>
  () => ({ tag });

const HANDLERS: Record<string, Handler> = {
  SelectStmt: select,
  InsertStmt: changing(insert, (count) => `INSERT 0 ${count}`),
  UpdateStmt: changing(update, (count) => `UPDATE ${count}`),
  DeleteStmt: changing(remove, (count) => `DELETE ${count}`),
  TruncateStmt: async ({ session, c }, node) => {
    await session.write();
    truncate(c, session, node, (oid) => session.instance.counters.delete(oid));
    return { tag: 'TRUNCATE TABLE' };
  },
  CopyStmt: ({ session, c }, node) => copy(session, c, node),
  CreateStmt: defining(ddl.createTable),
  CreateTableAsStmt: createAs,
  IndexStmt: defining(ddl.createIndex),
  ViewStmt: defining(ddl.createView),
  CreateSeqStmt: defining(ddl.createSequence),
  AlterSeqStmt: defining((d, node, session) =>
    ddl.alterSequence(d, node, (oid, value) => session.setval(oid, value, false)),
  ),
  CreateSchemaStmt: defining(ddl.createSchema),
  CreateEnumStmt: defining(ddl.createEnum),
  AlterEnumStmt: defining(ddl.alterEnum),
  AlterTableStmt: defining((d, node) =>
    alterTable(d, node, (table, definition, later) => ddl.addColumn(d, table, definition, later)),
  ),
  RenameStmt: renaming,
  CommentStmt: defining(comment),
  DropStmt: defining(drop),
  CreateRoleStmt: governing(roles.createRole),
  AlterRoleStmt: governing(roles.alterRole),
  AlterRoleSetStmt: roleSetting,
  AlterDatabaseSetStmt: roleSetting,
  DropRoleStmt: governing(roles.dropRole),
  GrantStmt: governing(roles.grant),
  GrantRoleStmt: governing(roles.grantRole),
  AlterDefaultPrivilegesStmt: governing(roles.alterDefaults),
  CreatedbStmt: createDatabase,
  DropdbStmt: dropDatabase,
  AlterOwnerStmt: alterOwner,
  TransactionStmt: transaction,
  VariableSetStmt: setVariable,
  VariableShowStmt: show,
  CreateExtensionStmt: createExtension,
  PrepareStmt: prepare,
  ExecuteStmt: executePrepared,
  DeallocateStmt: ({ session }, node) => {
    if (node.name) session.named.delete(node.name);
    else session.named.clear();
    return { tag: node.name ? 'DEALLOCATE' : 'DEALLOCATE ALL' };
  },
  ExplainStmt: explain,
  DiscardStmt: ({ session }) => {
    session.resetAll();
    session.named.clear();
    return { tag: 'DISCARD ALL' };
  },
  VacuumStmt: (_call, node) => ({ tag: node.is_vacuumcmd ? 'VACUUM' : 'ANALYZE' }),
  CheckPointStmt: nothing('CHECKPOINT'),
  ReindexStmt: nothing('REINDEX'),
  LockStmt: async ({ session }) => {
    if (session.state === 'I') throw new PgError('25P01', 'LOCK TABLE can only be used in transaction blocks');
    await session.write();
    return { tag: 'LOCK TABLE' };
  },
  ListenStmt: nothing('LISTEN'),
  UnlistenStmt: nothing('UNLISTEN'),
  NotifyStmt: nothing('NOTIFY'),
};
