// CREATE, ALTER, DROP, RENAME of tables, indexes, views and databases.
import type {
  AlterAction,
  CheckDef,
  ColumnDef,
  Expr,
  ForeignDef,
  IndexDef,
  Statement,
  TableName,
  TableOptions,
} from '../ast';
import { Types } from './types';

type CreateTable = Extract<Statement, { k: 'create table' }>;

export abstract class Definitions extends Types {
  protected ifNotExists(): boolean {
    return this.accept('IF', 'NOT', 'EXISTS');
  }

  protected ifExists(): boolean {
    return this.accept('IF', 'EXISTS');
  }

  protected createTable(temporary: boolean): Statement {
    const ifNotExists = this.ifNotExists();
    const table = this.tableName();
    const statement: CreateTable = {
      k: 'create table',
      table,
      temporary,
      ifNotExists,
      columns: [],
      indexes: [],
      foreigns: [],
      checks: [],
      options: {},
    };
    if (this.accept('LIKE')) return { ...statement, like: this.tableName() };
    if (this.sees() && this.seesOp('(') && this.peek().text === 'LIKE') {
      this.at += 2;
      const like = this.tableName();
      this.expectOp(')');
      return { ...statement, like };
    }
    if (this.seesOp('(') && !this.seesSelect()) this.parenthesised(() => this.list(() => this.tableElement(statement)));
    statement.options = this.tableOptions();
    this.acceptOneOf('IGNORE', 'REPLACE');
    this.accept('AS');
    if (this.seesSelect()) statement.query = this.select();
    else if (statement.columns.length === 0) this.fail();
    return statement;
  }

  private tableElement(table: CreateTable): void {
    const start = this.at;
    const name = this.accept('CONSTRAINT') ? this.findName() : undefined;
    const constraint = this.tableConstraint(name);
    if (!constraint) {
      if (this.at !== start) this.fail();
      const column = this.columnDef();
      table.columns.push(column);
      this.inlineConstraints(table, column);
    } else if ('kind' in constraint) table.indexes.push(constraint);
    else if ('refColumns' in constraint) table.foreigns.push(constraint);
    else table.checks.push(constraint);
  }

  /** What a column says in line becomes an index, a key, a check of the table. */
  private inlineConstraints(table: CreateTable, column: ColumnDef): void {
    const columns = [{ name: column.name, desc: false }];
    if (column.primary) table.indexes.push({ kind: 'primary', columns });
    if (column.unique) table.indexes.push({ kind: 'unique', columns });
    if (column.check) table.checks.push(column.check);
  }

  protected tableConstraint(name: string | undefined): IndexDef | ForeignDef | CheckDef | undefined {
    const named = name !== undefined ? { name } : {};
    if (this.accept('PRIMARY', 'KEY')) {
      this.indexType();
      return { kind: 'primary', columns: this.keyColumns() };
    }
    if (this.accept('UNIQUE')) {
      this.acceptOneOf('INDEX', 'KEY');
      return { kind: 'unique', ...named, ...this.indexName(), columns: this.keyColumns() };
    }
    if (this.acceptOneOf('FULLTEXT', 'SPATIAL')) {
      this.acceptOneOf('INDEX', 'KEY');
      return { kind: 'fulltext', ...this.indexName(), columns: this.keyColumns() };
    }
    if (this.accept('FOREIGN', 'KEY')) {
      const given = this.findName();
      const columns = this.columnNames();
      return { ...named, ...(given && !name ? { name: given } : {}), columns, ...this.references() };
    }
    if (this.accept('CHECK')) return { ...named, ...this.check() };
    if (name === undefined && this.acceptOneOf('INDEX', 'KEY'))
      return { kind: 'index', ...this.indexName(), columns: this.keyColumns() };
    return undefined;
  }

  private indexName(): { name?: string } {
    const name = this.findName();
    this.indexType();
    return name !== undefined ? { name } : {};
  }

  private indexType(): void {
    if (this.accept('USING')) this.name();
  }

  protected keyColumns(): IndexDef['columns'] {
    const columns = this.parenthesised(() =>
      this.list(() => {
        const name = this.name();
        const length = this.seesOp('(') ? this.parenthesised(() => this.integer()) : undefined;
        const desc = this.accept('DESC');
        if (!desc) this.accept('ASC');
        return { name, desc, ...(length ? { length } : {}) };
      }),
    );
    while (this.acceptOneOf('USING', 'COMMENT', 'VISIBLE', 'INVISIBLE'))
      if (this.token.type === 'string') this.string();
      else this.acceptOneOf('BTREE', 'HASH');
    return columns;
  }

  private columnNames(): string[] {
    return this.parenthesised(() => this.list(() => this.name()));
  }

  private references(): { table: TableName; refColumns: string[]; onDelete?: string; onUpdate?: string } {
    this.expect('REFERENCES');
    const table = this.tableName();
    const refColumns = this.seesOp('(') ? this.columnNames() : [];
    if (this.accept('MATCH')) this.acceptOneOf('FULL', 'PARTIAL', 'SIMPLE');
    const actions: { onDelete?: string; onUpdate?: string } = {};
    while (this.accept('ON')) {
      const on = this.acceptOneOf('DELETE', 'UPDATE') ?? this.fail();
      actions[on === 'DELETE' ? 'onDelete' : 'onUpdate'] = this.referenceAction();
    }
    return { table, refColumns, ...actions };
  }

  private referenceAction(): string {
    if (this.accept('SET')) return `SET ${this.acceptOneOf('NULL', 'DEFAULT') ?? this.fail()}`;
    if (this.accept('NO', 'ACTION')) return 'NO ACTION';
    return this.acceptOneOf('CASCADE', 'RESTRICT') ?? this.fail();
  }

  private check(): { expr: Expr; text: string } {
    this.expectOp('(');
    const start = this.at;
    const expr = this.expr();
    const text = this.textFrom(start);
    this.expectOp(')');
    if (this.accept('NOT', 'ENFORCED')) return { expr: { k: 'bool', value: true }, text };
    this.accept('ENFORCED');
    return { expr, text };
  }

  protected columnDef(): ColumnDef {
    const name = this.name();
    const serial = this.sees('SERIAL');
    const column: ColumnDef = { name, type: this.type(), notNull: false };
    if (serial) Object.assign(column, { notNull: true, autoIncrement: true, unique: true });
    while (this.columnAttribute(column));
    return column;
  }

  private columnAttribute(column: ColumnDef): boolean {
    if (this.accept('NOT', 'NULL')) column.notNull = true;
    else if (this.accept('NULL')) column.notNull = false;
    else if (this.accept('DEFAULT')) column.default = this.defaultValue();
    else if (this.accept('ON', 'UPDATE')) {
      this.defaultValue();
      column.onUpdateNow = true;
    } else if (this.accept('AUTO_INCREMENT')) column.autoIncrement = true;
    else if (this.accept('PRIMARY', 'KEY') || this.accept('KEY')) column.primary = true;
    else if (this.accept('UNIQUE')) {
      this.accept('KEY');
      column.unique = true;
    } else if (this.accept('COMMENT')) column.comment = this.string();
    else if (this.accept('COLLATE')) column.collate = this.charsetName();
    else if (this.accept('CHARACTER', 'SET') || this.accept('CHARSET')) this.charsetName();
    else if (this.sees('REFERENCES'))
      this.references(); // MySQL parses a reference in line and ignores it
    else if (this.acceptOneOf('VISIBLE', 'INVISIBLE')) return true;
    else if (this.acceptOneOf('COLUMN_FORMAT', 'STORAGE')) this.at++;
    else if (this.accept('CONSTRAINT')) {
      const name = this.sees('CHECK') ? undefined : this.name();
      this.expect('CHECK');
      Object.assign(column, { check: { ...(name ? { name } : {}), ...this.check() } });
    } else if (this.accept('CHECK')) column.check = this.check();
    else if (this.accept('GENERATED', 'ALWAYS', 'AS') || this.accept('AS')) column.generated = this.generated();
    else return false;
    return true;
  }

  private generated(): NonNullable<ColumnDef['generated']> {
    const { expr, text } = this.check();
    const stored = this.accept('STORED');
    if (!stored) this.accept('VIRTUAL');
    return { expr, text, stored };
  }

  private defaultValue(): Expr {
    return this.seesOp('(') ? this.parenthesised(() => this.expr()) : this.defaultLiteral();
  }

  private defaultLiteral(): Expr {
    if (this.seesOp('-') || this.seesOp('+')) {
      const negative = this.acceptOp('-') || !this.acceptOp('+');
      const of = this.primary();
      return negative ? { k: 'unary', op: '-', of } : of;
    }
    return this.primary();
  }

  protected tableOptions(): TableOptions {
    const options: TableOptions = {};
    while (this.tableOption(options)) this.acceptOp(',');
    return options;
  }

  private tableOption(options: TableOptions): boolean {
    this.accept('DEFAULT');
    const equals = () => this.acceptOp('=');
    if (this.accept('ENGINE')) {
      equals();
      options.engine = this.nameOrString();
    } else if (this.accept('AUTO_INCREMENT')) {
      equals();
      options.autoIncrement = BigInt(this.integer());
    } else if (this.accept('COMMENT')) {
      equals();
      options.comment = this.string();
    } else if (this.accept('CHARSET') || this.accept('CHARACTER', 'SET')) {
      equals();
      options.charset = this.charsetName();
    } else if (this.accept('COLLATE')) {
      equals();
      options.collate = this.charsetName();
    } else if (
      this.acceptOneOf(
        'ROW_FORMAT',
        'KEY_BLOCK_SIZE',
        'STATS_PERSISTENT',
        'MAX_ROWS',
        'MIN_ROWS',
        'AVG_ROW_LENGTH',
        'PACK_KEYS',
        'CHECKSUM',
        'ENCRYPTION',
      )
    ) {
      equals();
      this.at++;
    } else return false;
    return true;
  }

  protected createView(replace: boolean): Statement {
    const table = this.tableName();
    const columns = this.seesOp('(') ? this.columnNames() : undefined;
    this.expect('AS');
    const start = this.at;
    const query = this.select();
    const text = this.textFrom(start);
    if (this.accept('WITH')) {
      this.acceptOneOf('CASCADED', 'LOCAL');
      this.expect('CHECK', 'OPTION');
    }
    return { k: 'create view', table, replace, query, text, ...(columns ? { columns } : {}) };
  }

  protected createIndex(kind: IndexDef['kind']): Statement {
    const name = this.name();
    this.indexUsing();
    this.expect('ON');
    const table = this.tableName();
    return { k: 'create index', table, index: { kind, name, columns: this.keyColumns() } };
  }

  private indexUsing(): void {
    if (this.accept('USING')) this.name();
  }

  protected alterTable(): Statement {
    const table = this.tableName();
    const actions = this.list(() => this.alterActions()).flat();
    return { k: 'alter table', table, actions };
  }

  private alterActions(): AlterAction[] {
    if (this.accept('ADD')) return this.addActions();
    if (this.accept('DROP')) return [this.dropAction()];
    if (this.accept('MODIFY')) {
      this.accept('COLUMN');
      const column = this.columnDef();
      return this.withKeys({ k: 'change', from: column.name, column, ...this.position2() });
    }
    if (this.accept('CHANGE')) {
      this.accept('COLUMN');
      const from = this.name();
      return this.withKeys({ k: 'change', from, column: this.columnDef(), ...this.position2() });
    }
    if (this.accept('ALTER')) return [this.alterDefault()];
    if (this.accept('RENAME')) return [this.renameAction()];
    if (this.accept('CONVERT', 'TO')) {
      const options = this.tableOptions();
      return [{ k: 'options', options }];
    }
    if (this.acceptOneOf('ENABLE', 'DISABLE')) {
      this.expect('KEYS');
      return [];
    }
    if (this.acceptOneOf('ALGORITHM', 'LOCK')) {
      this.acceptOp('=');
      this.at++;
      return [];
    }
    if (this.accept('FORCE')) return [];
    const start = this.at;
    const options = this.tableOptions();
    return this.at === start ? this.fail() : [{ k: 'options', options }];
  }

  private position2(): { first?: boolean; after?: string } {
    if (this.accept('FIRST')) return { first: true };
    return this.accept('AFTER') ? { after: this.name() } : {};
  }

  private withKeys(action: Extract<AlterAction, { column: ColumnDef }>): AlterAction[] {
    const columns = [{ name: action.column.name, desc: false }];
    const actions: AlterAction[] = [action];
    if (action.column.primary) actions.push({ k: 'add index', index: { kind: 'primary', columns } });
    if (action.column.unique) actions.push({ k: 'add index', index: { kind: 'unique', columns } });
    if (action.column.check) actions.push({ k: 'add check', check: action.column.check });
    return actions;
  }

  private addActions(): AlterAction[] {
    const name = this.accept('CONSTRAINT') ? this.findName() : undefined;
    const constraint = this.tableConstraint(name);
    if (constraint && 'kind' in constraint) return [{ k: 'add index', index: constraint }];
    if (constraint && 'refColumns' in constraint) return [{ k: 'add foreign', foreign: constraint }];
    if (constraint) return [{ k: 'add check', check: constraint }];
    this.accept('COLUMN');
    if (this.seesOp('('))
      return this.parenthesised(() => this.list(() => this.withKeys({ k: 'add', column: this.columnDef() }))).flat();
    return this.withKeys({ k: 'add', column: this.columnDef(), ...this.position2() });
  }

  private dropAction(): AlterAction {
    if (this.accept('PRIMARY', 'KEY')) return { k: 'drop primary' };
    if (this.accept('FOREIGN', 'KEY')) return { k: 'drop foreign', name: this.name() };
    if (this.acceptOneOf('INDEX', 'KEY')) return { k: 'drop index', name: this.name() };
    if (this.acceptOneOf('CONSTRAINT', 'CHECK')) return { k: 'drop foreign', name: this.name() };
    this.accept('COLUMN');
    return { k: 'drop', name: this.name() };
  }

  private alterDefault(): AlterAction {
    this.accept('COLUMN');
    const column = this.name();
    if (this.accept('DROP')) {
      this.expect('DEFAULT');
      return { k: 'default', column };
    }
    this.expect('SET', 'DEFAULT');
    return { k: 'default', column, value: this.defaultValue() };
  }

  private renameAction(): AlterAction {
    if (this.accept('COLUMN')) {
      const from = this.name();
      this.expect('TO');
      return { k: 'rename column', from, to: this.name() };
    }
    if (this.acceptOneOf('INDEX', 'KEY')) {
      const from = this.name();
      this.expect('TO');
      return { k: 'rename index', from, to: this.name() };
    }
    if (!this.accept('TO')) this.accept('AS');
    return { k: 'rename', to: this.tableName() };
  }
}
