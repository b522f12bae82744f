// SHOW, SET, users and grants, and the small statements around them.
import type { Account, Assignment, Credentials, Expr, PrivilegeLevel, ShowFilter, Statement } from '../ast';
import { Definitions } from './definitions';

const PRIVILEGE_WORDS = 4; // the longest: CREATE TEMPORARY TABLES, REPLICATION SLAVE ADMIN

export abstract class Administration extends Definitions {
  protected abstract statement(): Statement;

  protected account(): Account {
    if (this.accept('CURRENT_USER')) {
      if (this.acceptOp('(')) this.expectOp(')');
      return { user: '', host: 'CURRENT_USER' };
    }
    const user = this.nameOrString();
    if (this.token.type !== 'uservar') return { user, host: '%' };
    const host = this.token.value;
    this.at++;
    return { user, host: host.toLowerCase() };
  }

  private accountWithCredentials(): { account: Account; credentials: Credentials } {
    const account = this.account();
    return { account, credentials: this.credentials() };
  }

  private credentials(): Credentials {
    if (!this.accept('IDENTIFIED')) return {};
    const plugin = this.accept('WITH') ? { plugin: this.nameOrString().toLowerCase() } : {};
    if (this.accept('BY')) {
      if (this.accept('RANDOM')) this.fail();
      if (this.accept('PASSWORD')) return { ...plugin, hash: this.string() };
      return { ...plugin, password: this.string() };
    }
    return this.accept('AS') ? { ...plugin, hash: this.string() } : plugin;
  }

  protected createUser(): Statement {
    const ifNotExists = this.ifNotExists();
    const users = this.list(() => this.accountWithCredentials());
    this.userOptions();
    return { k: 'create user', users, ifNotExists };
  }

  protected alterUser(): Statement {
    const ifExists = this.ifExists();
    if (this.accept('USER')) {
      this.expectOp('(');
      this.expectOp(')');
      const users = [{ account: { user: '', host: 'CURRENT_USER' }, credentials: this.credentials() }];
      return { k: 'alter user', users, ifExists };
    }
    const users = this.list(() => this.accountWithCredentials());
    this.userOptions();
    return { k: 'alter user', users, ifExists };
  }

  /** REQUIRE, WITH limits, PASSWORD and ACCOUNT options: read, without effect here. */
  private userOptions(): void {
    while (!this.seesEnd()) {
      if (this.token.type === 'op' && this.token.text === ',') this.fail();
      if (!this.acceptOneOf('REQUIRE', 'WITH', 'PASSWORD', 'ACCOUNT', 'DEFAULT', 'COMMENT', 'FAILED_LOGIN_ATTEMPTS'))
        this.fail();
      while (!this.seesEnd() && !/^(REQUIRE|WITH|PASSWORD|ACCOUNT|DEFAULT|COMMENT)$/.test(this.token.text)) this.at++;
    }
  }

  protected dropUser(): Statement {
    const ifExists = this.ifExists();
    return { k: 'drop user', ifExists, users: this.list(() => this.account()) };
  }

  protected renameUser(): Statement {
    const pairs = this.list(() => {
      const from = this.account();
      this.expect('TO');
      return { from, to: this.account() };
    });
    return { k: 'rename user', pairs };
  }

  protected grant(): Statement {
    const privileges = this.list(() => this.privilege());
    this.expect('ON');
    const level = this.level();
    this.expect('TO');
    const users = this.list(() => this.accountWithCredentials().account);
    const grantOption = this.accept('WITH', 'GRANT', 'OPTION');
    return { k: 'grant', privileges, level, users, grantOption };
  }

  protected revoke(): Statement {
    this.ifExists();
    if (this.sees('ALL') && /^(PRIVILEGES|,)$/.test(this.peek().text) && !this.revokesOn()) {
      this.at++;
      this.accept('PRIVILEGES');
      this.expectOp(',');
      this.expect('GRANT', 'OPTION', 'FROM');
      const users = this.list(() => this.account());
      return { k: 'revoke', privileges: ['ALL'], level: {}, users, grantOption: true, all: true };
    }
    const privileges = this.list(() => this.privilege());
    this.expect('ON');
    const level = this.level();
    this.expect('FROM');
    const users = this.list(() => this.account());
    const grantOption = privileges.includes('GRANT OPTION');
    const others = privileges.filter((privilege) => privilege !== 'GRANT OPTION');
    return { k: 'revoke', privileges: others, level, users, grantOption, all: false };
  }

  private revokesOn(): boolean {
    return this.peek().text === 'PRIVILEGES' ? this.peek(2).text === 'ON' : false;
  }

  private privilege(): string {
    const words: string[] = [];
    while (this.token.type === 'word' && this.token.text !== 'ON' && words.length < PRIVILEGE_WORDS) {
      words.push(this.token.text);
      this.at++;
    }
    if (words.length === 0) this.fail();
    if (this.seesOp('(')) this.parenthesised(() => this.list(() => this.name()));
    const text = words.join(' ');
    return text === 'ALL PRIVILEGES' ? 'ALL' : text;
  }

  private level(): PrivilegeLevel {
    this.acceptOneOf('TABLE');
    if (this.acceptOp('*')) return this.acceptOp('.') ? this.after(this.expectOp('*'), {}) : { db: '' };
    const first = this.name();
    if (!this.acceptOp('.')) return { db: '', table: first };
    return this.acceptOp('*') ? { db: first } : { db: first, table: this.nameAfterDot() };
  }

  protected set(): Statement {
    if (this.accept('NAMES')) return this.setNames();
    if (this.accept('CHARACTER', 'SET') || this.accept('CHARSET')) return this.setNames();
    if (this.sees('PASSWORD') && /^(=|FOR)$/.test(this.peek().text)) return this.setPassword();
    if (this.sees('DEFAULT', 'ROLE') || this.sees('ROLE')) return this.ignoreRest();
    if (
      this.sees('TRANSACTION') ||
      (/^(SESSION|GLOBAL|LOCAL)$/.test(this.token.text) && this.peek().text === 'TRANSACTION')
    )
      return this.setTransaction();
    let scope: 'global' | 'session' = 'session';
    const assignments = this.list((): Assignment => {
      if (this.token.type === 'uservar') {
        const name = this.token.value;
        this.at++;
        if (!this.acceptOp('=')) this.expectOp(':=');
        return { scope: 'user', name, value: this.expr() };
      }
      const word = this.acceptOneOf('GLOBAL', 'SESSION', 'LOCAL', 'PERSIST');
      if (word) scope = word === 'GLOBAL' || word === 'PERSIST' ? 'global' : 'session';
      return this.systemAssignment(scope);
    });
    return { k: 'set', assignments };
  }

  private systemAssignment(given: 'global' | 'session'): Assignment {
    let scope = given;
    let name: string;
    const { token } = this;
    if (token.type === 'sysvar') {
      const [, prefix, rest = ''] = /^(?:(global|session|local|persist)\.)?(.*)$/i.exec(token.value) ?? [];
      if (prefix) scope = /global|persist/i.test(prefix) ? 'global' : 'session';
      name = rest;
      this.at++;
    } else {
      name = this.name();
      if (this.acceptOp('.')) name = this.nameAfterDot();
    }
    if (!this.acceptOp('=')) this.expectOp(':=');
    if (this.accept('DEFAULT')) return { scope, name: name.toLowerCase() };
    return { scope, name: name.toLowerCase(), value: this.setValue() };
  }

  /** A bare word like ON, utf8mb4 or BINARY is a string here. */
  private setValue(): Expr {
    const { token } = this;
    if (token.type === 'word' && /^(ON|BINARY|ALL)$/.test(token.text)) {
      this.at++;
      return { k: 'str', value: token.value };
    }
    const expr = this.expr();
    return expr.k === 'col' && !expr.table ? { k: 'str', value: expr.name } : expr;
  }

  private setNames(): Statement {
    const value: Expr = { k: 'str', value: this.accept('DEFAULT') ? 'utf8mb4' : this.charsetName() };
    if (this.accept('COLLATE')) this.charsetName();
    return { k: 'set', assignments: [{ scope: 'names', name: 'names', value }] };
  }

  private setPassword(): Statement {
    this.at++;
    const account = this.accept('FOR') ? { account: this.account() } : {};
    this.expectOp('=');
    const called = this.accept('PASSWORD');
    const password = called ? this.parenthesised(() => this.string()) : this.string();
    return { k: 'set password', ...account, password };
  }

  private setTransaction(): Statement {
    const scope =
      this.acceptOneOf('SESSION', 'GLOBAL', 'LOCAL') === 'GLOBAL' ? ('global' as const) : ('session' as const);
    this.expect('TRANSACTION');
    const assignments = this.list((): Assignment => {
      if (this.accept('READ')) {
        const readOnly = this.acceptOneOf('ONLY', 'WRITE') ?? this.fail();
        return { scope, name: 'transaction_read_only', value: { k: 'int', value: readOnly === 'ONLY' ? 1n : 0n } };
      }
      this.expect('ISOLATION', 'LEVEL');
      const level = this.accept('SERIALIZABLE')
        ? 'SERIALIZABLE'
        : this.accept('REPEATABLE', 'READ')
          ? 'REPEATABLE-READ'
          : this.accept('READ', 'COMMITTED')
            ? 'READ-COMMITTED'
            : this.accept('READ', 'UNCOMMITTED')
              ? 'READ-UNCOMMITTED'
              : this.fail();
      return { scope, name: 'transaction_isolation', value: { k: 'str', value: level } };
    });
    return { k: 'set', assignments };
  }

  protected ignoreRest(): Statement {
    while (!this.seesEnd()) this.at++;
    return { k: 'ignored' };
  }

  private filter(): ShowFilter {
    if (this.accept('LIKE')) return { like: this.string() };
    return this.accept('WHERE') ? { where: this.expr() } : {};
  }

  private inDatabase(): { db?: string } {
    return this.acceptOneOf('FROM', 'IN') ? { db: this.name() } : {};
  }

  private ofTable(): { table: { db?: string; name: string } } {
    if (!this.acceptOneOf('FROM', 'IN')) this.fail();
    const table = this.tableName();
    const { db } = this.inDatabase();
    return { table: { ...table, ...(db ? { db } : {}) } };
  }

  protected show(): Statement {
    const full = this.acceptOneOf('FULL', 'EXTENDED') === 'FULL';
    const scope = this.acceptOneOf('GLOBAL', 'SESSION', 'LOCAL')?.toLowerCase();
    const scoped = scope ? { scope } : {};
    const show = (what: string, rest: object = {}): Statement =>
      ({ k: 'show', what, full, ...scoped, ...rest, ...this.filter() }) as Statement;
    if (this.acceptOneOf('DATABASES', 'SCHEMAS')) return show('databases');
    if (this.accept('TABLES')) return show('tables', this.inDatabase());
    if (this.accept('TABLE', 'STATUS')) return show('table status', this.inDatabase());
    if (this.acceptOneOf('COLUMNS', 'FIELDS')) return show('columns', this.ofTable());
    if (this.acceptOneOf('INDEX', 'INDEXES', 'KEYS')) return show('index', this.ofTable());
    if (this.accept('CREATE')) return this.showCreate(show);
    if (this.accept('GRANTS')) return show('grants', this.accept('FOR') ? { account: this.account() } : {});
    if (this.accept('COUNT')) {
      this.parenthesised(() => this.expectOp('*'));
      return show(this.accept('ERRORS') ? 'count errors' : this.after(this.expect('WARNINGS'), 'count warnings'));
    }
    if (this.accept('CHARACTER', 'SET') || this.accept('CHARSET')) return show('charset');
    if (this.accept('TRIGGERS') || this.accept('EVENTS')) return show('triggers', this.inDatabase());
    if (this.acceptOneOf('PROCEDURE', 'FUNCTION')) {
      this.expect('STATUS');
      return show('routines');
    }
    if (this.accept('STORAGE')) return this.after(this.expect('ENGINES'), show('engines'));
    if (this.accept('ENGINE')) return this.after([this.name(), this.expect('STATUS')], show('engine status'));
    if (this.accept('OPEN')) return this.after(this.expect('TABLES'), show('open tables', this.inDatabase()));
    if (this.accept('MASTER') || this.accept('BINARY')) return this.after(this.at++, show('binary logs'));
    if (this.acceptOneOf('SLAVE', 'REPLICA')) return this.after(this.expect('STATUS'), show('replica status'));
    const simple = this.acceptOneOf(
      'VARIABLES',
      'STATUS',
      'PROCESSLIST',
      'WARNINGS',
      'ERRORS',
      'ENGINES',
      'COLLATION',
      'PLUGINS',
      'PRIVILEGES',
      'PROFILES',
    );
    if (!simple) this.fail();
    if (simple === 'WARNINGS' || simple === 'ERRORS') this.limit();
    return show(simple.toLowerCase());
  }

  private showCreate(show: (what: string, rest?: object) => Statement): Statement {
    if (this.acceptOneOf('DATABASE', 'SCHEMA'))
      return this.after(this.ifNotExists(), show('create database', { db: this.name() }));
    if (this.acceptOneOf('TABLE')) return show('create table', { table: this.tableName() });
    if (this.accept('VIEW')) return show('create view', { table: this.tableName() });
    if (this.accept('USER')) return show('create user', { account: this.account() });
    return this.fail();
  }

  protected describe(): Statement {
    const start = this.at;
    const table = this.findName();
    if (table !== undefined && !this.seesOp('=')) {
      this.at = start;
      const name = this.tableName();
      const like = this.token.type === 'string' ? { like: this.string() } : {};
      const column = this.findName();
      return { k: 'show', what: 'columns', table: name, ...like, ...(column ? { like: column } : {}) };
    }
    this.at = start;
    this.accept('ANALYZE');
    let format: string | undefined;
    if (this.accept('FORMAT')) {
      this.expectOp('=');
      format = this.nameOrString().toUpperCase();
    }
    return { k: 'explain', of: this.statement(), ...(format ? { format } : {}) };
  }
}
