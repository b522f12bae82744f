// A session as the translator sees it: what tables there are, who may read them, what variables say.
import { errors } from '../mysql-protocol/errors';
import type { SqlValue } from '../mysql-protocol/types';
import { may } from './accounts';
import type { Select } from './ast';
import type { Table } from './catalog';
import type { Context, Relation } from './emit/context';
import { parse } from './parser/parser';
import { systemTable } from './schema/system-tables';
import type { Session } from './session';

export class SessionContext implements Context {
  readonly now: number;

  constructor(
    private readonly session: Session,
    readonly parameters: SqlValue[],
  ) {
    this.now = session.instance.clock.now();
  }

  /** The same session with other parameters, for EXECUTE. */
  with(parameters: SqlValue[]): SessionContext {
    return new SessionContext(this.session, parameters);
  }

  get user(): string {
    return `${this.session.user}@${this.session.host}`;
  }

  get account(): string {
    return `${this.session.account.user}@${this.session.account.host}`;
  }

  get connectionId(): number {
    return this.session.id;
  }

  get version(): string {
    return this.session.instance.options.facts.version;
  }

  get lastInsertId(): bigint {
    return this.session.lastInsertId;
  }

  get rowCount(): bigint {
    return this.session.rowCount;
  }

  get foundRows(): bigint {
    return this.session.foundRows;
  }

  get onlyFullGroupBy(): boolean {
    return String(this.session.variable('sql_mode')).toUpperCase().includes('ONLY_FULL_GROUP_BY');
  }

  findDatabase(): string | undefined {
    return this.session.db;
  }

  database(): string {
    if (this.session.db === undefined) throw errors.noDb();
    return this.session.db;
  }

  uservar(name: string): SqlValue {
    return this.session.uservars.get(name.toLowerCase()) ?? null;
  }

  setUservar(name: string, value: SqlValue): void {
    this.session.uservars.set(name.toLowerCase(), value);
  }

  sysvar(scope: 'global' | 'session', name: string): SqlValue {
    const { globals } = this.session.instance;
    if (name === 'pseudo_thread_id') return BigInt(this.session.id);
    if (name === 'warning_count') return BigInt(this.session.warnings.length);
    if (name === 'last_insert_id' || name === 'identity') return this.session.lastInsertId;
    if (name === 'timestamp') return BigInt(Math.floor(this.now / 1000));
    if (!globals.has(name)) throw errors.unknownVariable(name);
    return scope === 'global' ? (globals.get(name) ?? null) : this.session.variable(name);
  }

  /** Throws 1142 unless the session's user has the privilege on the table. */
  authorize(privilege: string, db: string, name: string): void {
    if (may(this.session.account, privilege, db, name)) return;
    throw errors.tableAccessDenied(privilege, this.session.user, this.session.host, name);
  }

  relation(db: string, name: string, privilege: string): Relation {
    const temporary = this.session.temporary.get(`${db}.${name}`);
    if (temporary) return { k: 'table', table: temporary };
    const virtual = systemTable(this.session, db, name);
    if (virtual) {
      if (db === 'mysql') this.authorize(privilege, db, name);
      if (privilege !== 'SELECT') throw errors.dbAccessDenied(this.session.user, this.session.host, db);
      return { k: 'virtual', virtual };
    }
    if (/^information_schema$/i.test(db)) throw errors.unknownInSchema(name);
    this.authorize(privilege, db, name);
    const { catalog } = this.session.instance;
    const table = catalog.findTable(db, name);
    if (table) return { k: 'table', table };
    const view = catalog.findView(db, name);
    if (!view) {
      catalog.getDatabase(db);
      throw errors.noSuchTable(`${db}.${name}`);
    }
    const query = qualify(parse(view.text).statement as Select, db);
    return { k: 'view', db, name, query, ...(view.columns ? { columns: view.columns } : {}) };
  }

  /** A base table that is to be changed. */
  table(db: string | undefined, name: string, privilege: string): Table {
    const relation = this.relation(db ?? this.database(), name, privilege);
    if (relation.k === 'table') return relation.table;
    throw errors.viewNotUpdatable(name, privilege);
  }
}

/** Names without a database in a view mean the view's own. */
function qualify<T>(node: T, db: string): T {
  if (Array.isArray(node)) return node.map((item) => qualify(item, db)) as T;
  if (node === null || typeof node !== 'object' || node instanceof Uint8Array) return node;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) copy[key] = qualify(value, db);
  if (copy['k'] === 'table' && !(copy['name'] as { db?: string }).db)
    copy['name'] = { ...(copy['name'] as object), db };
  return copy as T;
}
