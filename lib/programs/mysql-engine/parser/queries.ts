// SELECT, INSERT, UPDATE, DELETE.
import type { Core, Expr, Limit, OrderItem, Select, SelectItem, Statement, TableRef } from '../ast';
import { Expressions } from './expressions';

export abstract class Queries extends Expressions {
  protected override seesSelect(at = 0): boolean {
    const token = this.peek(at);
    if (token.text === '(' && token.type === 'op') return this.seesSelect(at + 1);
    if (token.type !== 'word') return false;
    return (
      token.text === 'SELECT' || token.text === 'WITH' || (token.text === 'VALUES' && this.peek(at + 1).text === 'ROW')
    );
  }

  protected override select(): Select {
    const withs = this.withClause();
    const first = this.selectOperand();
    const rest: Select['rest'] = [];
    for (let op = this.setOperator(); op; op = this.setOperator()) rest.push({ op, of: this.selectOperand() });
    const orderBy = this.orderBy();
    const limit = this.limit();
    this.lockingClause();
    if (rest.length === 0 && 'k' in first && withs.length === 0 && orderBy.length === 0 && !limit) return first;
    return { k: 'select', with: withs, first, rest, orderBy, ...(limit ? { limit } : {}) };
  }

  private withClause(): Select['with'] {
    if (!this.accept('WITH')) return [];
    const recursive = this.accept('RECURSIVE');
    return this.list(() => {
      const name = this.name();
      const columns = this.seesOp('(') ? this.parenthesised(() => this.list(() => this.name())) : undefined;
      this.expect('AS');
      const query = this.parenthesised(() => this.select());
      return { name, query, recursive, ...(columns ? { columns } : {}) };
    });
  }

  private setOperator(): string | undefined {
    const op = this.acceptOneOf('UNION', 'EXCEPT', 'INTERSECT');
    if (!op) return undefined;
    if (this.accept('ALL')) return `${op} ALL`;
    this.accept('DISTINCT');
    return op;
  }

  private selectOperand(): Core | Select {
    if (this.seesOp('(')) return this.parenthesised(() => this.select());
    if (this.accept('VALUES')) return this.valuesCore();
    if (this.accept('TABLE')) {
      const from: TableRef = { k: 'table', name: this.tableName() };
      return { distinct: false, items: [{ of: { k: 'star' }, text: '*' }], from, groupBy: [], windows: [] };
    }
    this.expect('SELECT');
    return this.core();
  }

  private valuesCore(): Core {
    const values = this.list(() => {
      this.expect('ROW');
      return this.parenthesised(() => this.list(() => this.expr()));
    });
    return { distinct: false, items: [], groupBy: [], windows: [], values };
  }

  private core(): Core {
    let distinct = false;
    for (let word = this.selectOption(); word; word = this.selectOption()) distinct ||= word.startsWith('DISTINCT');
    const items = this.list(() => this.selectItem());
    if (this.sees('INTO')) this.fail();
    const from = this.accept('FROM') && !this.accept('DUAL') ? this.tables() : undefined;
    const where = this.accept('WHERE') ? this.expr() : undefined;
    const groupBy = this.accept('GROUP', 'BY') ? this.list(() => this.groupItem()) : [];
    const rollup = this.accept('WITH', 'ROLLUP');
    const having = this.accept('HAVING') ? this.expr() : undefined;
    const windows = this.accept('WINDOW') ? this.list(() => this.namedWindow()) : [];
    return {
      distinct,
      items,
      groupBy,
      windows,
      ...(from ? { from } : {}),
      ...(where ? { where } : {}),
      ...(rollup ? { rollup } : {}),
      ...(having ? { having } : {}),
    };
  }

  private selectOption(): string | undefined {
    return this.acceptOneOf(
      'ALL',
      'DISTINCT',
      'DISTINCTROW',
      'HIGH_PRIORITY',
      'STRAIGHT_JOIN',
      'SQL_SMALL_RESULT',
      'SQL_BIG_RESULT',
      'SQL_BUFFER_RESULT',
      'SQL_NO_CACHE',
      'SQL_CALC_FOUND_ROWS',
    );
  }

  private groupItem(): Expr {
    const of = this.expr();
    if (!this.accept('ASC')) this.accept('DESC');
    return of;
  }

  private namedWindow(): { name: string; window: ReturnType<Queries['window']> } {
    const name = this.name();
    this.expect('AS');
    return { name, window: this.window() };
  }

  private selectItem(): SelectItem {
    if (this.acceptOp('*')) return { of: { k: 'star' }, text: '*' };
    const start = this.at;
    const of = this.expr();
    const text = this.textFrom(start);
    const alias = this.accept('AS') ? this.nameOrString() : this.optionalAlias(true);
    return {
      of,
      text: of.k === 'col' ? of.name : of.k === 'str' ? of.value : text,
      ...(alias !== undefined ? { alias } : {}),
    };
  }

  private optionalAlias(strings = false): string | undefined {
    if (strings && this.token.type === 'string') return this.string();
    return this.findName();
  }

  protected tables(): TableRef {
    let left = this.joined();
    while (this.acceptOp(',')) left = { k: 'join', kind: 'INNER', left, right: this.joined() };
    return left;
  }

  private joined(): TableRef {
    let left = this.tableFactor();
    while (true) {
      const next = this.joinTail(left);
      if (!next) return left;
      left = next;
    }
  }

  private joinTail(left: TableRef): TableRef | undefined {
    const natural = this.accept('NATURAL');
    const side = this.acceptOneOf('LEFT', 'RIGHT');
    if (side) this.accept('OUTER');
    const inner = side ? undefined : this.acceptOneOf('INNER', 'CROSS');
    if (!this.accept('JOIN') && (side || inner || natural || !this.accept('STRAIGHT_JOIN'))) {
      if (side || inner || natural) this.fail();
      return undefined;
    }
    const right = this.tableFactor();
    const join = { k: 'join' as const, kind: (side ?? 'INNER') as 'INNER' | 'LEFT' | 'RIGHT', left, right };
    if (natural) return { ...join, natural };
    if (this.accept('ON')) return { ...join, on: this.expr() };
    if (this.accept('USING')) return { ...join, using: this.parenthesised(() => this.list(() => this.name())) };
    // `a JOIN b JOIN c ON … ON …`: the inner join comes first
    const deeper = this.joinTail(right);
    if (deeper) return { ...join, right: deeper, ...(this.accept('ON') ? { on: this.expr() } : {}) };
    return side ? this.fail() : join;
  }

  private tableFactor(): TableRef {
    this.accept('LATERAL');
    if (this.seesOp('(')) {
      if (!this.seesSelect()) return this.parenthesised(() => this.tables());
      const query = this.parenthesised(() => this.select());
      this.accept('AS');
      const alias = this.name();
      const columns = this.seesOp('(') ? this.parenthesised(() => this.list(() => this.name())) : undefined;
      return { k: 'derived', query, alias, ...(columns ? { columns } : {}) };
    }
    const name = this.tableName();
    if (this.accept('PARTITION')) this.parenthesised(() => this.list(() => this.name()));
    const alias = this.accept('AS') ? this.nameOrString() : this.optionalAlias();
    this.indexHints();
    return { k: 'table', name, ...(alias !== undefined ? { alias } : {}) };
  }

  private indexHints(): void {
    while (this.acceptOneOf('USE', 'FORCE', 'IGNORE')) {
      if (!this.acceptOneOf('INDEX', 'KEY')) this.fail();
      this.parenthesised(() => (this.seesOp(')') ? [] : this.list(() => (this.accept('PRIMARY') ? '' : this.name()))));
    }
  }

  protected limit(): Limit | undefined {
    if (!this.accept('LIMIT')) return undefined;
    const first = this.limitValue();
    if (this.acceptOp(',')) return { offset: first, count: this.limitValue() };
    if (this.accept('OFFSET')) return { count: first, offset: this.limitValue() };
    return { count: first };
  }

  private limitValue(): Expr {
    const { token } = this;
    if (token.type !== 'param' && !(token.type === 'number' && /^\d+$/.test(token.text))) this.fail();
    return this.primary();
  }

  private lockingClause(): void {
    while (true) {
      if (this.accept('LOCK', 'IN', 'SHARE', 'MODE')) continue;
      if (!this.sees('FOR') || !/^(UPDATE|SHARE)$/.test(this.peek().text)) return;
      this.at += 2;
      if (this.accept('OF')) this.list(() => this.name());
      if (!this.accept('NOWAIT')) this.accept('SKIP', 'LOCKED');
    }
  }

  protected insert(replace: boolean): Statement {
    while (this.acceptOneOf('LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY'));
    const ignore = this.accept('IGNORE');
    this.accept('INTO');
    const table = this.tableName();
    const statement = { k: 'insert' as const, table, replace, ignore };
    if (this.accept('SET')) {
      const pairs = this.list(() => this.assignment());
      const columns = pairs.map((pair) => pair.column.name);
      return this.insertTail({ ...statement, columns, rows: [pairs.map((pair) => pair.value)] });
    }
    const columns =
      this.seesOp('(') && !this.seesSelect()
        ? this.parenthesised(() => (this.seesOp(')') ? [] : this.list(() => this.columnName())))
        : undefined;
    const named = { ...statement, ...(columns ? { columns } : {}) };
    if (!this.sees('VALUES', 'ROW') && this.acceptOneOf('VALUES', 'VALUE'))
      return this.insertTail({ ...named, rows: this.list(() => this.rowValues()) });
    if (!this.seesSelect() && !this.sees('TABLE')) this.fail();
    return this.insertTail({ ...named, query: this.select() });
  }

  /** A column that may be written with its table. */
  private columnName(): string {
    let name = this.name();
    while (this.acceptOp('.')) name = this.nameAfterDot();
    return name;
  }

  private rowValues(): (Expr | undefined)[] {
    return this.parenthesised(() => (this.seesOp(')') ? [] : this.list(() => this.valueOrDefault())));
  }

  private valueOrDefault(): Expr | undefined {
    if (this.sees('DEFAULT') && this.peek().text !== '(') {
      this.at++;
      return undefined;
    }
    return this.expr();
  }

  private insertTail(statement: Extract<Statement, { k: 'insert' }>): Statement {
    const alias = this.accept('AS') ? this.name() : undefined;
    if (alias && this.seesOp('(')) this.parenthesised(() => this.list(() => this.name()));
    const aliased = alias ? { ...statement, alias } : statement;
    if (!this.accept('ON', 'DUPLICATE', 'KEY', 'UPDATE')) return aliased;
    const onDuplicate = this.list(() => {
      const { column, value } = this.assignment();
      return { column: column.name, value: value ?? ({ k: 'call', name: 'DEFAULT', args: [] } as Expr) };
    });
    return { ...aliased, onDuplicate };
  }

  private assignment(): { column: { table?: string; name: string }; value: Expr | undefined } {
    const parts = [this.name()];
    while (this.acceptOp('.')) parts.push(this.nameAfterDot());
    if (!this.acceptOp('=')) this.expectOp(':=');
    const name = parts.pop() as string;
    const table = parts.pop();
    return { column: { name, ...(table ? { table } : {}) }, value: this.valueOrDefault() };
  }

  protected update(): Statement {
    this.accept('LOW_PRIORITY');
    const ignore = this.accept('IGNORE');
    const from = this.tables();
    this.expect('SET');
    const set = this.list(() => this.assignment());
    return { k: 'update', from, set, ignore, ...this.tail() };
  }

  protected delete(): Statement {
    while (this.acceptOneOf('LOW_PRIORITY', 'QUICK', 'IGNORE'));
    if (this.accept('FROM')) {
      const start = this.at;
      const targets = this.list(() => this.deleteTarget());
      if (this.accept('USING')) return { k: 'delete', targets, from: this.tables(), ...this.tail() };
      this.at = start;
      return { k: 'delete', targets: [], from: this.tables(), ...this.tail() };
    }
    const targets = this.list(() => this.deleteTarget());
    this.expect('FROM');
    return { k: 'delete', targets, from: this.tables(), ...this.tail() };
  }

  private deleteTarget(): string {
    let name = this.name();
    while (this.acceptOp('.')) name = this.acceptOp('*') ? name : this.nameAfterDot();
    return name;
  }

  private tail(): { where?: Expr; orderBy: OrderItem[]; limit?: Limit } {
    const where = this.accept('WHERE') ? this.expr() : undefined;
    const orderBy = this.orderBy();
    const limit = this.limit();
    return { orderBy, ...(where ? { where } : {}), ...(limit ? { limit } : {}) };
  }
}
