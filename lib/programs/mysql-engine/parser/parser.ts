// The parser of MySQL's SQL: one statement at a time.
import type { Statement, TableName } from '../ast';
import { Administration } from './administration';

/** What a text begins with: its first statement, how far it reaches, how many parameters it has. */
export interface Parsed {
  statement: Statement;
  /** Where the next statement begins; undefined at the end of the text. */
  next: number | undefined;
  parameters: number;
}

/** Parses the first statement of a text. Throws MySQL's syntax error. */
export function parse(sql: string): Parsed {
  return new Parser(sql).first();
}

class Parser extends Administration {
  first(): Parsed {
    const statement = this.seesEnd() ? ({ k: 'empty' } as const) : this.statement();
    if (!this.seesEnd()) this.fail();
    const { end } = this.token;
    const more = this.acceptOp(';') && this.token.type !== 'end';
    return { statement, next: more ? end : undefined, parameters: this.parameterCount };
  }

  protected override statement(): Statement {
    if (this.seesSelect() || this.sees('TABLE')) return this.select();
    const word = this.token.type === 'word' ? this.token.text : '';
    const parse = this.statements[word];
    if (!parse) this.fail();
    this.at++;
    return parse();
  }

  private readonly statements: Record<string, () => Statement> = {
    INSERT: () => this.insert(false),
    REPLACE: () => this.insert(true),
    UPDATE: () => this.update(),
    DELETE: () => this.delete(),
    TRUNCATE: () => {
      this.accept('TABLE');
      return { k: 'truncate', table: this.tableName() };
    },
    CREATE: () => this.create(),
    ALTER: () => this.alter(),
    DROP: () => this.drop(),
    RENAME: () => this.rename(),
    USE: () => ({ k: 'use', db: this.name() }),
    SET: () => this.set(),
    BEGIN: () => this.after(this.accept('WORK'), { k: 'begin', readOnly: false }),
    START: () => this.start(),
    COMMIT: () => this.after(this.accept('WORK'), this.after(this.chainOptions(), { k: 'commit' })),
    ROLLBACK: () => this.rollback(),
    SAVEPOINT: () => ({ k: 'savepoint', name: this.name() }),
    RELEASE: () => this.after(this.expect('SAVEPOINT'), { k: 'release', name: this.name() }),
    GRANT: () => this.grant(),
    REVOKE: () => this.revoke(),
    SHOW: () => this.show(),
    DESCRIBE: () => this.describe(),
    DESC: () => this.describe(),
    EXPLAIN: () => this.describe(),
    KILL: () => {
      const query = this.acceptOneOf('QUERY', 'CONNECTION') === 'QUERY';
      return { k: 'kill', id: this.expr(), query };
    },
    DO: () => ({ k: 'do', items: this.list(() => this.expr()) }),
    PREPARE: () => {
      const name = this.name();
      this.expect('FROM');
      return { k: 'prepare', name, from: this.primary() };
    },
    EXECUTE: () => this.execute(),
    DEALLOCATE: () => this.after(this.expect('PREPARE'), { k: 'deallocate', name: this.name() }),
    FLUSH: () => this.flush(),
    LOCK: () => this.ignoreRest(),
    UNLOCK: () => this.ignoreRest(),
    SHUTDOWN: () => ({ k: 'shutdown' }),
    RESET: () => this.ignoreRest(),
    ANALYZE: () => this.maintain('analyze'),
    OPTIMIZE: () => this.maintain('optimize'),
    CHECK: () => this.maintain('check'),
    REPAIR: () => this.maintain('repair'),
  };

  private create(): Statement {
    const replace = this.accept('OR', 'REPLACE');
    if (this.accept('TEMPORARY')) return this.after(this.expect('TABLE'), this.createTable(true));
    if (this.accept('TABLE')) return this.createTable(false);
    if (this.acceptOneOf('DATABASE', 'SCHEMA')) return this.createDatabase();
    if (this.accept('USER')) return this.createUser();
    if (this.accept('UNIQUE')) return this.createIndexOf('unique');
    if (this.accept('FULLTEXT')) return this.createIndexOf('fulltext');
    if (this.sees('INDEX')) return this.createIndexOf('index');
    this.viewOptions();
    if (this.accept('VIEW')) return this.createView(replace);
    return this.fail();
  }

  private createIndexOf(kind: 'unique' | 'fulltext' | 'index'): Statement {
    this.expect('INDEX');
    return this.createIndex(kind);
  }

  private viewOptions(): void {
    if (this.accept('ALGORITHM')) {
      this.expectOp('=');
      this.name();
    }
    if (this.accept('DEFINER')) {
      this.expectOp('=');
      this.account();
    }
    if (this.accept('SQL', 'SECURITY')) this.name();
  }

  private createDatabase(): Statement {
    const ifNotExists = this.ifNotExists();
    const name = this.name();
    return { k: 'create database', name, ifNotExists, ...this.databaseOptions() };
  }

  private databaseOptions(): { charset?: string; collate?: string } {
    const { charset, collate } = this.tableOptions();
    return { ...(charset ? { charset } : {}), ...(collate ? { collate } : {}) };
  }

  private alter(): Statement {
    if (this.accept('TABLE')) return this.alterTable();
    if (this.accept('USER')) return this.alterUser();
    if (this.acceptOneOf('DATABASE', 'SCHEMA')) {
      const name = this.sees('DEFAULT') || this.sees('CHARACTER') || this.sees('COLLATE') ? undefined : this.name();
      return { k: 'alter database', ...(name ? { name } : {}), ...this.databaseOptions() };
    }
    this.viewOptions();
    if (this.accept('VIEW')) return this.createView(true);
    return this.fail();
  }

  private drop(): Statement {
    const temporary = this.accept('TEMPORARY');
    if (this.acceptOneOf('TABLE', 'TABLES')) return this.dropTables('table', temporary);
    if (this.accept('VIEW')) return this.dropTables('view', false);
    if (this.acceptOneOf('DATABASE', 'SCHEMA')) {
      const ifExists = this.ifExists();
      return { k: 'drop database', ifExists, name: this.name() };
    }
    if (this.accept('USER')) return this.dropUser();
    if (this.accept('PREPARE')) return { k: 'deallocate', name: this.name() };
    if (!this.accept('INDEX')) this.fail();
    const name = this.accept('PRIMARY') ? 'PRIMARY' : this.name();
    this.expect('ON');
    return { k: 'drop index', name, table: this.tableName() };
  }

  private dropTables(what: 'table' | 'view', temporary: boolean): Statement {
    const ifExists = this.ifExists();
    const tables = this.list((): TableName => this.tableName());
    this.acceptOneOf('RESTRICT', 'CASCADE');
    return { k: 'drop', what, tables, ifExists, temporary };
  }

  private rename(): Statement {
    if (this.accept('USER')) return this.renameUser();
    this.expect('TABLE');
    const pairs = this.list(() => {
      const from = this.tableName();
      this.expect('TO');
      return { from, to: this.tableName() };
    });
    return { k: 'rename table', pairs };
  }

  private start(): Statement {
    this.expect('TRANSACTION');
    const readOnly = this.accept('READ', 'ONLY');
    if (!readOnly && !this.accept('READ', 'WRITE')) this.accept('WITH', 'CONSISTENT', 'SNAPSHOT');
    return { k: 'begin', readOnly };
  }

  private chainOptions(): void {
    this.accept('AND', 'NO', 'CHAIN');
    this.accept('NO', 'RELEASE');
  }

  private rollback(): Statement {
    this.accept('WORK');
    if (!this.accept('TO')) return this.after(this.chainOptions(), { k: 'rollback' });
    this.accept('SAVEPOINT');
    return { k: 'rollback', to: this.name() };
  }

  private execute(): Statement {
    const name = this.name();
    const using = this.accept('USING')
      ? this.list(() => {
          const { token } = this;
          if (token.type !== 'uservar') this.fail();
          this.at++;
          return token.value;
        })
      : [];
    return { k: 'execute', name, using };
  }

  private flush(): Statement {
    const { text } = this.token;
    this.ignoreRest();
    return { k: 'flush', what: text };
  }

  private maintain(operation: string): Statement {
    this.acceptOneOf('NO_WRITE_TO_BINLOG', 'LOCAL');
    if (!this.acceptOneOf('TABLE', 'TABLES')) this.fail();
    const tables = this.list(() => this.tableName());
    this.ignoreRest();
    return { k: 'maintain', operation, tables };
  }
}
