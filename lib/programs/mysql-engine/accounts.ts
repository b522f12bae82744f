// Users, their passwords and their privileges.
import { isPlugin, type Verifier, verifierOf } from '../mysql-protocol/auth';
import { errors } from '../mysql-protocol/errors';
import type { Account, Credentials, PrivilegeLevel } from './ast';
import { quoteName } from './describe';

export interface UserRow extends Account {
  plugin: string;
  verifier: Verifier;
  /** Privileges on everything; `ALL` stands for all. */
  global: string[];
  databases: Record<string, string[]>;
  /** By `db.table`. */
  tables: Record<string, string[]>;
}

const ALL_PRIVILEGES: readonly string[] =
  'SELECT,INSERT,UPDATE,DELETE,CREATE,DROP,RELOAD,SHUTDOWN,PROCESS,FILE,REFERENCES,INDEX,ALTER,SHOW DATABASES,SUPER,CREATE TEMPORARY TABLES,LOCK TABLES,EXECUTE,REPLICATION SLAVE,REPLICATION CLIENT,CREATE VIEW,SHOW VIEW,CREATE ROUTINE,ALTER ROUTINE,CREATE USER,EVENT,TRIGGER,CREATE TABLESPACE,CREATE ROLE,DROP ROLE'.split(
    ',',
  );
const DATABASE_PRIVILEGES =
  'SELECT,INSERT,UPDATE,DELETE,CREATE,DROP,REFERENCES,INDEX,ALTER,CREATE TEMPORARY TABLES,LOCK TABLES,EXECUTE,CREATE VIEW,SHOW VIEW,CREATE ROUTINE,ALTER ROUTINE,EVENT,TRIGGER'.split(
    ',',
  );
const KNOWN = new Set([...ALL_PRIVILEGES, 'ALL', 'USAGE', 'GRANT OPTION', 'PROXY']);
const DYNAMIC =
  'APPLICATION_PASSWORD_ADMIN,AUDIT_ABORT_EXEMPT,AUDIT_ADMIN,AUTHENTICATION_POLICY_ADMIN,BACKUP_ADMIN,BINLOG_ADMIN,BINLOG_ENCRYPTION_ADMIN,CLONE_ADMIN,CONNECTION_ADMIN,ENCRYPTION_KEY_ADMIN,FIREWALL_EXEMPT,FLUSH_OPTIMIZER_COSTS,FLUSH_STATUS,FLUSH_TABLES,FLUSH_USER_RESOURCES,GROUP_REPLICATION_ADMIN,GROUP_REPLICATION_STREAM,INNODB_REDO_LOG_ARCHIVE,INNODB_REDO_LOG_ENABLE,PASSWORDLESS_USER_ADMIN,PERSIST_RO_VARIABLES_ADMIN,REPLICATION_APPLIER,REPLICATION_SLAVE_ADMIN,RESOURCE_GROUP_ADMIN,RESOURCE_GROUP_USER,ROLE_ADMIN,SENSITIVE_VARIABLES_OBSERVER,SERVICE_CONNECTION_ADMIN,SESSION_VARIABLES_ADMIN,SET_USER_ID,SHOW_ROUTINE,SYSTEM_USER,SYSTEM_VARIABLES_ADMIN,TABLE_ENCRYPTION_ADMIN,XA_RECOVER_ADMIN';

/** `%` and `_` as in a host or a granted database name. */
const wild = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/\\_/g, '\0')
      .replace(/[.*+?^$()[\]{}|]/g, '\\$&')
      .replaceAll('%', '.*')
      .replaceAll('_', '.')
      .replaceAll('\0', '_')}$`,
    'i',
  ).test(text);

const hostRank = (host: string): number => (host === '%' || host === '' ? 2 : /[%_/]/.test(host) ? 1 : 0);

function hostMatches(pattern: string, host: string, address: string): boolean {
  const masked = /^([\d.]+)\/([\d.]+)$/.exec(pattern);
  if (!masked) return wild(pattern || '%', host) || wild(pattern || '%', address);
  const bits = (text: string) => text.split('.').reduce((sum, n) => sum * 256 + Number(n), 0) >>> 0;
  return (bits(address) & bits(masked[2] ?? '')) >>> 0 === bits(masked[1] ?? '');
}

export class Accounts {
  private users: UserRow[];

  constructor(stored?: string) {
    this.users = stored ? (JSON.parse(stored) as UserRow[]) : SYSTEM_USERS.map(systemUser);
  }

  save(): string {
    return JSON.stringify(this.users);
  }

  all(): readonly UserRow[] {
    return [...this.users].sort((a, b) => (a.user + a.host < b.user + b.host ? -1 : 1));
  }

  find({ user, host }: Account): UserRow | undefined {
    return this.users.find((row) => row.user === user && row.host === host);
  }

  /** The row that a client is checked against: the most specific host first, then a named user before an anonymous one. */
  match(user: string, host: string, address: string): UserRow | undefined {
    return this.users
      .filter((row) => (row.user === user || row.user === '') && hostMatches(row.host, host, address))
      .sort((a, b) => hostRank(a.host) - hostRank(b.host) || (a.user === '' ? 1 : 0) - (b.user === '' ? 1 : 0))[0];
  }

  create(account: Account, credentials: Credentials): void {
    if (this.find(account)) throw errors.cannotUser('CREATE USER', shown(account));
    const row: UserRow = {
      ...account,
      plugin: 'caching_sha2_password',
      verifier: verifierOf(''),
      global: [],
      databases: {},
      tables: {},
    };
    setPassword(row, credentials);
    this.users.push(row);
  }

  alter(account: Account, credentials: Credentials): void {
    const row = this.find(account);
    if (!row) throw errors.cannotUser('ALTER USER', shown(account));
    setPassword(row, credentials);
  }

  drop(account: Account): void {
    if (!this.find(account)) throw errors.cannotUser('DROP USER', shown(account));
    this.users = this.users.filter((row) => !(row.user === account.user && row.host === account.host));
  }

  rename(from: Account, to: Account): void {
    const row = this.find(from);
    if (!row || this.find(to)) throw errors.cannotUser('RENAME USER', shown(from));
    Object.assign(row, to);
  }

  grant(account: Account, privileges: string[], level: PrivilegeLevel, grantOption: boolean): void {
    const row = this.find(account);
    if (!row) throw errors.cantCreateUserWithGrant();
    for (const privilege of privileges) if (!KNOWN.has(privilege)) throw errors.illegalGrant();
    const list = listOf(row, level);
    for (const privilege of [...privileges, ...(grantOption ? ['GRANT OPTION'] : [])])
      if (privilege !== 'USAGE' && !list.includes(privilege)) list.push(privilege);
  }

  revoke(account: Account, privileges: string[], level: PrivilegeLevel, grantOption: boolean): void {
    const row = this.find(account);
    const known =
      level.db === undefined || (level.table ? row?.tables[`${level.db}.${level.table}`] : row?.databases[level.db]);
    if (!row || !known) throw errors.nonexistingGrant(account.user, account.host);
    const list = listOf(row, level);
    if (list.includes('ALL') && !privileges.includes('ALL'))
      list.splice(list.indexOf('ALL'), 1, ...(level.db === undefined ? ALL_PRIVILEGES : DATABASE_PRIVILEGES));
    const gone = privileges.includes('ALL') ? list.filter((p) => p !== 'GRANT OPTION') : [...privileges];
    if (grantOption) gone.push('GRANT OPTION');
    const kept = list.filter((privilege) => !gone.includes(privilege));
    list.splice(0, list.length, ...kept);
    if (kept.length > 0 || level.db === undefined) return;
    if (level.table) delete row.tables[`${level.db}.${level.table}`];
    else delete row.databases[level.db];
  }

  revokeAll(account: Account): void {
    const row = this.find(account);
    if (!row) throw errors.nonexistingGrant(account.user, account.host);
    Object.assign(row, { global: [], databases: {}, tables: {} });
  }
}

function listOf(row: UserRow, { db, table }: PrivilegeLevel): string[] {
  if (db === undefined) return row.global;
  if (table !== undefined) return (row.tables[`${db}.${table}`] ??= []);
  return (row.databases[db] ??= []);
}

function setPassword(row: UserRow, { plugin, password, hash }: Credentials): void {
  if (plugin && !isPlugin(plugin)) throw errors.unknownPlugin(plugin);
  if (plugin) row.plugin = plugin;
  if (password !== undefined) row.verifier = verifierOf(password);
  else if (hash !== undefined) row.verifier = { native: hash };
}

export const shown = ({ user, host }: Account): string => `'${user}'@'${host}'`;

const has = (list: readonly string[] | undefined, privilege: string): boolean =>
  list !== undefined && (list.includes(privilege) || (list.includes('ALL') && privilege !== 'GRANT OPTION'));

export const mayGlobally = (row: UserRow, privilege: string): boolean => has(row.global, privilege);

/** Whether a user has a privilege on a table, or with no table on the whole database. */
export function may(row: UserRow, privilege: string, db: string, table?: string): boolean {
  if (has(row.global, privilege)) return true;
  if (Object.entries(row.databases).some(([name, list]) => wild(name, db) && has(list, privilege))) return true;
  return table !== undefined && has(row.tables[`${db}.${table}`], privilege);
}

/** Whether a user may see that a database is there. */
export function sees(row: UserRow, db: string): boolean {
  if (db === 'information_schema') return true;
  if (row.global.some((privilege) => privilege !== 'GRANT OPTION')) return true;
  if (db === 'performance_schema') return true;
  if (Object.entries(row.databases).some(([name, list]) => wild(name, db) && list.length > 0)) return true;
  return Object.keys(row.tables).some((name) => name.startsWith(`${db}.`));
}

/** The lines of SHOW GRANTS. */
export function grantsOf(row: UserRow): string[] {
  const to = `TO ${quoteName(row.user)}@${quoteName(row.host)}`;
  const option = (list: string[]) => (list.includes('GRANT OPTION') ? ' WITH GRANT OPTION' : '');
  const all = row.global.includes('ALL');
  const names = (list: string[], whole: string) => {
    const shownList = list.filter((privilege) => privilege !== 'GRANT OPTION');
    if (shownList.includes('ALL')) return whole;
    return shownList.length > 0 ? [...ALL_PRIVILEGES].filter((p) => shownList.includes(p)).join(', ') : 'USAGE';
  };
  const lines = [`GRANT ${names(row.global, ALL_PRIVILEGES.join(', '))} ON *.* ${to}${option(row.global)}`];
  if (all) lines.push(`GRANT ${DYNAMIC} ON *.* ${to}${option(row.global)}`);
  for (const [db, list] of Object.entries(row.databases))
    lines.push(`GRANT ${names(list, 'ALL PRIVILEGES')} ON ${quoteName(db)}.* ${to}${option(list)}`);
  for (const [name, list] of Object.entries(row.tables)) {
    const [db = '', table = ''] = name.split('.');
    lines.push(`GRANT ${names(list, 'ALL PRIVILEGES')} ON ${quoteName(db)}.${quoteName(table)} ${to}${option(list)}`);
  }
  return lines;
}

const LOCKED = '*THISISNOTAVALIDPASSWORDTHATCANBEUSEDHERE';
const SYSTEM_USERS = ['root', 'mysql.infoschema', 'mysql.session', 'mysql.sys'];
const systemUser = (user: string): UserRow => ({
  user,
  host: 'localhost',
  plugin: 'caching_sha2_password',
  verifier: user === 'root' ? verifierOf('') : { native: LOCKED },
  global: user === 'root' ? ['ALL', 'GRANT OPTION'] : user === 'mysql.infoschema' ? ['SELECT'] : [],
  databases: {},
  tables: {},
});
