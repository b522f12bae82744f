// SET, users and grants, KILL and other statements about the server.
import { errors } from '../../mysql-protocol/errors';
import type { SqlValue } from '../../mysql-protocol/types';
import { may, mayGlobally, sees, shown } from '../accounts';
import type { Account, Assignment, Statement } from '../ast';
import type { SessionContext } from '../context';
import { QueryEmitter } from '../emit/queries';
import { NOWHERE } from '../emit/scope';
import type { Result, Session } from '../session';
import { setting } from '../variables';

type Of<K extends Statement['k']> = Extract<Statement, { k: K }>;
const OK: Result = { k: 'ok', affected: 0n };
const CHARSETS = new Set([
  'utf8mb4',
  'utf8mb3',
  'utf8',
  'latin1',
  'ascii',
  'binary',
  'ucs2',
  'utf16',
  'utf32',
  'cp1252',
  'latin2',
  'koi8r',
  'gbk',
  'big5',
  'sjis',
  'euckr',
]);

export class Administrator {
  constructor(
    private readonly session: Session,
    private readonly context: SessionContext,
  ) {}

  private get instance() {
    return this.session.instance;
  }

  private demand(privilege: string, shownAs = privilege): void {
    if (!mayGlobally(this.session.account, privilege)) throw errors.specificAccess(shownAs);
  }

  use({ db }: Of<'use'>): Result {
    this.enter(db);
    return OK;
  }

  /** Makes a database the session's own. Throws 1044, 1049. */
  enter(db: string): void {
    const known = this.instance.catalog.databases.has(db);
    if (!sees(this.session.account, db))
      throw errors.dbAccessDenied(this.session.account.user, this.session.account.host, db);
    if (!known) throw errors.badDb(db);
    this.session.db = db;
  }

  // SET

  async set({ assignments }: Of<'set'>): Promise<Result> {
    for (const assignment of assignments) await this.assign(assignment);
    return OK;
  }

  private value(assignment: Assignment): SqlValue {
    if (!assignment.value) return this.instance.globals.get(assignment.name) ?? null;
    const fragment = new QueryEmitter(this.context).expr(assignment.value, { from: NOWHERE, clause: 'field list' });
    return this.session.query(`SELECT ${fragment.sql}`)[0]?.[0] ?? null;
  }

  private async assign(assignment: Assignment): Promise<void> {
    const { scope, name } = assignment;
    const value = this.value(assignment);
    if (scope === 'user') return this.context.setUservar(name, value);
    if (scope === 'names') {
      if (!CHARSETS.has(String(value).toLowerCase())) throw errors.unknownCharset(String(value));
      for (const variable of ['client', 'connection', 'results'])
        this.session.variables.set(`character_set_${variable}`, value);
      return;
    }
    if (
      !this.instance.globals.has(name) &&
      !/^(timestamp|insert_id|last_insert_id|pseudo_|password_history|innodb_|optimizer_|max_|join_|sort_|tmp_|read_)/.test(
        name,
      )
    )
      throw errors.unknownVariable(name);
    const given = name === 'transaction_isolation' || name === 'sql_mode' ? String(value ?? '').toUpperCase() : value;
    const checked = setting(name, given, scope === 'global' ? 'global' : 'session');
    if (scope === 'global') {
      this.demand('SUPER', 'SUPER or SYSTEM_VARIABLES_ADMIN');
      this.instance.globals.set(name, checked);
      return;
    }
    if (name === 'autocommit' && checked === 1n && !this.session.autocommit) await this.session.commit();
    this.session.variables.set(name, checked);
  }

  // Users

  private own({ user, host }: Account): Account {
    const { account } = this.session;
    return host === 'CURRENT_USER' && user === '' ? { user: account.user, host: account.host } : { user, host };
  }

  private async change(work: () => void): Promise<Result> {
    await this.session.commit();
    await this.session.write();
    try {
      work();
    } catch (error) {
      this.session.rollback();
      throw error;
    }
    await this.session.commit();
    return OK;
  }

  createUser({ users, ifNotExists }: Of<'create user'>): Promise<Result> {
    this.demand('CREATE USER');
    return this.change(() => {
      for (const { account, credentials } of users) {
        if (ifNotExists && this.instance.accounts.find(account))
          this.session.warn('Note', 3163, `Authorization ID ${shown(account)} already exists.`);
        else this.instance.accounts.create(account, credentials);
      }
    });
  }

  alterUser({ users, ifExists }: Of<'alter user'>): Promise<Result> {
    for (const { account } of users) if (!this.isOwn(account)) this.demand('CREATE USER');
    return this.change(() => {
      for (const { account, credentials } of users) {
        const whom = this.own(account);
        if (ifExists && !this.instance.accounts.find(whom))
          this.session.warn('Note', 3162, `Authorization ID ${shown(whom)} does not exist.`);
        else this.instance.accounts.alter(whom, credentials);
      }
    });
  }

  private isOwn(account: Account): boolean {
    const { user, host } = this.own(account);
    return user === this.session.account.user && host === this.session.account.host;
  }

  setPassword({ account, password }: Of<'set password'>): Promise<Result> {
    const whom = account ?? { user: '', host: 'CURRENT_USER' };
    if (!this.isOwn(whom)) this.demand('CREATE USER');
    return this.change(() => this.instance.accounts.alter(this.own(whom), { password }));
  }

  dropUser({ users, ifExists }: Of<'drop user'>): Promise<Result> {
    this.demand('CREATE USER');
    return this.change(() => {
      for (const account of users) {
        if (ifExists && !this.instance.accounts.find(account))
          this.session.warn('Note', 3162, `Authorization ID ${shown(account)} does not exist.`);
        else this.instance.accounts.drop(account);
      }
    });
  }

  renameUser({ pairs }: Of<'rename user'>): Promise<Result> {
    this.demand('CREATE USER');
    return this.change(() => {
      for (const { from, to } of pairs) this.instance.accounts.rename(from, to);
    });
  }

  private mayGrant(db: string | undefined, table: string | undefined): void {
    const { account } = this.session;
    if (db === undefined ? mayGlobally(account, 'GRANT OPTION') : may(account, 'GRANT OPTION', db, table)) return;
    if (db === undefined) throw errors.accessDenied(account.user, account.host, true);
    if (table !== undefined) throw errors.tableAccessDenied('GRANT', account.user, account.host, table);
    throw errors.dbAccessDenied(account.user, account.host, db);
  }

  private level(level: { db?: string; table?: string }): { db?: string; table?: string } {
    return level.db === '' ? { ...level, db: this.context.database() } : level;
  }

  grant(statement: Of<'grant'>): Promise<Result> {
    const level = this.level(statement.level);
    this.mayGrant(level.db, level.table);
    const creates = statement.privileges.some((privilege) => privilege === 'CREATE' || privilege === 'ALL');
    if (
      level.db &&
      level.table &&
      !creates &&
      !this.instance.catalog.findTable(level.db, level.table) &&
      !this.instance.catalog.findView(level.db, level.table)
    )
      throw errors.noSuchTable(`${level.db}.${level.table}`);
    return this.change(() => {
      for (const account of statement.users)
        this.instance.accounts.grant(this.own(account), statement.privileges, level, statement.grantOption);
    });
  }

  revoke(statement: Of<'revoke'>): Promise<Result> {
    const level = this.level(statement.level);
    this.mayGrant(level.db, level.table);
    return this.change(() => {
      for (const account of statement.users) {
        if (statement.all) this.instance.accounts.revokeAll(account);
        else this.instance.accounts.revoke(account, statement.privileges, level, statement.grantOption);
      }
    });
  }

  // The rest

  kill({ id, query }: Of<'kill'>): Result {
    const fragment = new QueryEmitter(this.context).expr(id, { from: NOWHERE, clause: 'field list' });
    const number = Number(this.session.query(`SELECT ${fragment.sql}`)[0]?.[0] ?? 0);
    const session = this.instance.sessions.get(number);
    if (!session) throw errors.unknownThread(number);
    if (session.account.user !== this.session.account.user) this.demand('SUPER', 'CONNECTION_ADMIN');
    if (!query || session.running) session.kill();
    return OK;
  }

  flush(): Result {
    this.demand('RELOAD');
    return OK;
  }

  shutdown(): Result {
    this.demand('SHUTDOWN');
    this.instance.onShutdown(this.session.user);
    return OK;
  }
}
