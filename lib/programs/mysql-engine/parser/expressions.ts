// Expressions, by MySQL's precedence.
import type { SqlType } from '../../mysql-protocol/types';
import type { Expr, OrderItem, Select, TableName, Window } from '../ast';
import { RESERVED } from '../reserved';
import { Tokens } from './tokens';

const COMPARISONS = ['=', '<=>', '>=', '>', '<=', '<', '<>', '!='];
const UNITS =
  /^(MICROSECOND|SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|QUARTER|YEAR)(_(MICROSECOND|SECOND|MINUTE|HOUR|MONTH))?$/;
/** Reserved words that are functions when a parenthesis follows. */
const CALLABLE = new Set(
  `LEFT RIGHT IF REPLACE MOD REPEAT INSERT CHAR DATABASE SCHEMA VALUES INTERVAL GROUPING RANK DENSE_RANK ROW_NUMBER NTILE LAG LEAD
FIRST_VALUE LAST_VALUE NTH_VALUE CUME_DIST PERCENT_RANK UTC_DATE UTC_TIME UTC_TIMESTAMP CURRENT_USER CURRENT_DATE CURRENT_TIME
CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP`.split(/\s+/),
);
const BARE = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'UTC_DATE',
  'UTC_TIME',
  'UTC_TIMESTAMP',
  'CURRENT_USER',
]);

export abstract class Expressions extends Tokens {
  private parameters = 0;

  protected abstract select(): Select;
  protected abstract seesSelect(): boolean;
  protected abstract type(): SqlType;

  get parameterCount(): number {
    return this.parameters;
  }

  protected expr(): Expr {
    if (this.token.type === 'uservar' && this.peek().text === ':=') {
      const name = this.token.value;
      this.at += 2;
      return { k: 'assign', name, value: this.expr() };
    }
    return this.or();
  }

  private chain(next: () => Expr, operator: () => string | undefined): Expr {
    let left = next();
    for (let op = operator(); op; op = operator()) left = { k: 'binary', op, left, right: next() };
    return left;
  }

  private or(): Expr {
    return this.chain(
      () => this.xor(),
      () => (this.acceptOp('||') || this.accept('OR') ? 'OR' : undefined),
    );
  }

  private xor(): Expr {
    return this.chain(
      () => this.and(),
      () => this.acceptOneOf('XOR'),
    );
  }

  private and(): Expr {
    return this.chain(
      () => this.not(),
      () => (this.acceptOp('&&') || this.accept('AND') ? 'AND' : undefined),
    );
  }

  private not(): Expr {
    if (this.accept('NOT')) return { k: 'unary', op: 'NOT', of: this.not() };
    return this.comparison();
  }

  private comparison(): Expr {
    let left = this.bitOr();
    while (true) {
      const next = this.comparisonTail(left);
      if (!next) return left;
      left = next;
    }
  }

  private comparisonTail(left: Expr): Expr | undefined {
    if (this.accept('IS')) return this.isTail(left);
    const not = this.sees('NOT') && /^(LIKE|IN|BETWEEN|REGEXP|RLIKE)$/.test(this.peek().text) && this.accept('NOT');
    if (this.accept('LIKE')) {
      const pattern = this.bitOr();
      return { k: 'like', of: left, pattern, ...(this.accept('ESCAPE') ? { escape: this.primary() } : {}), not };
    }
    if (this.acceptOneOf('REGEXP', 'RLIKE')) return { k: 'regexp', of: left, pattern: this.bitOr(), not };
    if (this.accept('BETWEEN')) {
      const low = this.bitOr();
      this.expect('AND');
      return { k: 'between', of: left, low, high: this.bitOr(), not };
    }
    if (this.accept('IN')) return { k: 'in', of: left, list: this.inList(), not };
    if (not) this.fail();
    const op = this.token.type === 'op' ? COMPARISONS.find((o) => o === this.token.text) : undefined;
    if (!op) return undefined;
    this.at++;
    const quantifier = /^(ALL|ANY|SOME)$/.test(this.token.text) && this.peek().text === '(' && this.token.text;
    if (!quantifier) return { k: 'binary', op: op === '!=' ? '<>' : op, left, right: this.bitOr() };
    this.at++;
    return { k: 'quantified', op, left, all: quantifier === 'ALL', query: this.parenthesised(() => this.select()) };
  }

  private isTail(of: Expr): Expr {
    const not = this.accept('NOT');
    const what = this.acceptOneOf('NULL', 'TRUE', 'FALSE', 'UNKNOWN') as 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN';
    return what ? { k: 'is', of, what, not } : this.fail();
  }

  private inList(): Expr[] | Select {
    return this.parenthesised(() => (this.seesSelect() ? this.select() : this.list(() => this.expr())));
  }

  private operator(...ops: string[]): string | undefined {
    const { token } = this;
    if (token.type !== 'op' || !ops.includes(token.text)) return undefined;
    this.at++;
    return token.text;
  }

  private bitOr(): Expr {
    return this.chain(
      () => this.bitAnd(),
      () => this.operator('|'),
    );
  }

  private bitAnd(): Expr {
    return this.chain(
      () => this.shift(),
      () => this.operator('&'),
    );
  }

  private shift(): Expr {
    return this.chain(
      () => this.sum(),
      () => this.operator('<<', '>>'),
    );
  }

  private sum(): Expr {
    return this.chain(
      () => this.product(),
      () => this.operator('+', '-'),
    );
  }

  private product(): Expr {
    return this.chain(
      () => this.power(),
      () => this.operator('*', '/', '%') ?? this.acceptOneOf('DIV', 'MOD'),
    );
  }

  private power(): Expr {
    return this.chain(
      () => this.unary(),
      () => this.operator('^'),
    );
  }

  private unary(): Expr {
    const op = this.operator('-', '+', '~', '!');
    if (op === '!') return { k: 'unary', op: 'NOT', of: this.unary() };
    if (op === '-') return this.negative(this.unary());
    if (op) return { k: 'unary', op: op as '+' | '~', of: this.unary() };
    if (this.accept('BINARY')) return { k: 'cast', of: this.unary(), type: { name: 'varbinary' } };
    let of = this.primary();
    while (this.accept('COLLATE')) of = { k: 'collate', of, name: this.nameOrString() };
    return of;
  }

  private negative(of: Expr): Expr {
    if (of.k === 'int') return { k: 'int', value: -of.value };
    if (of.k === 'dec') return { k: 'dec', text: of.text.startsWith('-') ? of.text.slice(1) : `-${of.text}` };
    if (of.k === 'double') return { k: 'double', value: -of.value };
    return { k: 'unary', op: '-', of };
  }

  protected primary(): Expr {
    const literal = this.literal();
    if (literal) return literal;
    const { token } = this;
    if (token.type === 'quoted') return this.columnOrCall();
    if (token.type === 'op') {
      if (token.text === '(') return this.parenthesis();
      if (token.text === '*') this.fail();
    }
    if (token.type !== 'word') this.fail();
    return this.keyword() ?? this.columnOrCall();
  }

  private literal(): Expr | undefined {
    const { token } = this;
    if (token.type === 'string') return { k: 'str', value: this.string() };
    const value = this.simpleLiteral();
    if (value) this.at++;
    return value;
  }

  private simpleLiteral(): Expr | undefined {
    const { type, text, value } = this.token;
    if (type === 'number') return number(text);
    if (type === 'hex') return { k: 'bytes', value: hexBytes(value) };
    if (type === 'bits') return { k: 'bytes', value: bitBytes(value) };
    if (type === 'param') return { k: 'param', index: this.parameters++ };
    if (type === 'uservar') return { k: 'uservar', name: value };
    if (type === 'sysvar') return sysvar(value);
    if (type !== 'word') return undefined;
    if (text === 'NULL') return { k: 'null' };
    if (text === 'TRUE' || text === 'FALSE') return { k: 'bool', value: text === 'TRUE' };
    return undefined;
  }

  private parenthesis(): Expr {
    return this.parenthesised(() => {
      if (this.seesSelect()) return { k: 'subquery', query: this.select() };
      const items = this.list(() => this.expr());
      return items.length > 1 ? { k: 'row', items } : (items[0] as Expr);
    });
  }

  private keyword(): Expr | undefined {
    const { text } = this.token;
    const called = this.peek().text === '(';
    if (this.accept('EXISTS')) return { k: 'exists', query: this.parenthesised(() => this.select()) };
    if (this.accept('CASE')) return this.caseTail();
    if (text === 'INTERVAL' && !(called && this.peek(2).type === 'number' && this.peek(3).text === ',')) {
      this.at++;
      const of = this.expr();
      return { k: 'interval', of, unit: this.unit() };
    }
    if (/^(DATE|TIME|TIMESTAMP)$/.test(text) && this.peek().type === 'string') {
      this.at++;
      const name = text === 'TIMESTAMP' ? 'datetime' : (text.toLowerCase() as 'date' | 'time');
      return { k: 'cast', of: { k: 'str', value: this.string() }, type: { name } };
    }
    if (text === 'ROW' && called) {
      this.at++;
      return { k: 'row', items: this.parenthesised(() => this.list(() => this.expr())) };
    }
    if (called) return this.specialCall(text);
    if (BARE.has(text)) {
      this.at++;
      return { k: 'call', name: text, args: [] };
    }
    return undefined;
  }

  /** Calls whose arguments are not a plain list. */
  private specialCall(name: string): Expr | undefined {
    if (name === 'CAST') return this.cast();
    if (name === 'CONVERT') return this.convert();
    if (name === 'EXTRACT') return this.extract();
    if (name === 'TRIM') return this.trim();
    if (name === 'POSITION') return this.position();
    if (name === 'SUBSTRING' || name === 'SUBSTR' || name === 'MID') return this.substring();
    if (name === 'TIMESTAMPDIFF' || name === 'TIMESTAMPADD') return this.timestamp(name);
    if (name === 'GROUP_CONCAT') return this.groupConcat();
    if (name === 'VALUES') return this.valuesOf();
    if (name === 'CHAR') return this.charCall();
    return undefined;
  }

  private inCall<T>(body: () => T): T {
    this.at++;
    return this.parenthesised(body);
  }

  private cast(): Expr {
    return this.inCall((): Expr => {
      const of = this.expr();
      this.expect('AS');
      return { k: 'cast', of, type: this.castType() };
    });
  }

  private convert(): Expr {
    return this.inCall((): Expr => {
      const of = this.expr();
      if (this.acceptOp(',')) return { k: 'cast', of, type: this.castType() };
      this.expect('USING');
      if (!this.accept('BINARY')) this.nameOrString();
      return of;
    });
  }

  private castType(): SqlType {
    const sign = this.acceptOneOf('SIGNED', 'UNSIGNED');
    if (!sign) return this.type();
    this.acceptOneOf('INTEGER', 'INT');
    return { name: 'bigint', unsigned: sign === 'UNSIGNED' };
  }

  private extract(): Expr {
    return this.inCall((): Expr => {
      const unit = this.unit();
      this.expect('FROM');
      return { k: 'call', name: 'EXTRACT', args: [{ k: 'str', value: unit }, this.expr()] };
    });
  }

  private trim(): Expr {
    return this.inCall((): Expr => {
      const side = this.acceptOneOf('BOTH', 'LEADING', 'TRAILING') ?? 'BOTH';
      const first = this.sees('FROM') ? undefined : this.expr();
      const from = this.accept('FROM');
      const of = from ? this.expr() : (first ?? this.fail());
      const what: Expr = from && first ? first : { k: 'str', value: ' ' };
      return { k: 'call', name: 'TRIM', args: [of, { k: 'str', value: side }, what] };
    });
  }

  private position(): Expr {
    return this.inCall((): Expr => {
      const what = this.bitOr();
      this.expect('IN');
      return { k: 'call', name: 'LOCATE', args: [what, this.expr()] };
    });
  }

  private substring(): Expr {
    return this.inCall((): Expr => {
      const args = [this.expr()];
      while (this.acceptOp(',') || this.acceptOneOf('FROM', 'FOR')) args.push(this.expr());
      return { k: 'call', name: 'SUBSTRING', args };
    });
  }

  private timestamp(name: string): Expr {
    return this.inCall((): Expr => {
      const unit = this.unit();
      this.expectOp(',');
      return { k: 'call', name, args: [{ k: 'str', value: unit }, ...this.list(() => this.expr())] };
    });
  }

  private groupConcat(): Expr {
    return this.inCall((): Expr => {
      const distinct = this.accept('DISTINCT');
      const args = this.list(() => this.expr());
      const orderBy = this.orderBy();
      const separator = this.accept('SEPARATOR') ? this.string() : ',';
      return { k: 'call', name: 'GROUP_CONCAT', args, distinct, orderBy, separator };
    });
  }

  private valuesOf(): Expr {
    return this.inCall((): Expr => ({ k: 'call', name: 'VALUES', args: [this.expr()] }));
  }

  private charCall(): Expr {
    return this.inCall((): Expr => {
      const args = this.list(() => this.expr());
      if (this.accept('USING')) this.nameOrString();
      return { k: 'call', name: 'CHAR', args };
    });
  }

  private caseTail(): Expr {
    const of = this.sees('WHEN') ? undefined : this.expr();
    const whens: { when: Expr; result: Expr }[] = [];
    while (this.accept('WHEN')) {
      const when = this.expr();
      this.expect('THEN');
      whens.push({ when, result: this.expr() });
    }
    if (whens.length === 0) this.fail();
    const otherwise = this.accept('ELSE') ? this.expr() : undefined;
    this.expect('END');
    return { k: 'case', whens, ...(of ? { of } : {}), ...(otherwise ? { otherwise } : {}) };
  }

  protected unit(): string {
    const { token } = this;
    const text = token.text.replace(/^SQL_TSI_/, '');
    if (token.type !== 'word' || !UNITS.test(text)) this.fail();
    this.at++;
    return text;
  }

  private columnOrCall(): Expr {
    const { token } = this;
    const called = this.peek().type === 'op' && this.peek().text === '(';
    if (called && (token.type === 'quoted' || !RESERVED.has(token.text) || CALLABLE.has(token.text)))
      return this.call(token.text || token.value.toUpperCase());
    const first = this.name();
    if (!this.acceptOp('.')) return this.jsonPath({ k: 'col', name: first });
    if (this.acceptOp('*')) return { k: 'star', table: first };
    const second = this.nameAfterDot();
    if (!this.acceptOp('.')) return this.jsonPath({ k: 'col', table: first, name: second });
    if (this.acceptOp('*')) return { k: 'star', db: first, table: second };
    return this.jsonPath({ k: 'col', db: first, table: second, name: this.nameAfterDot() });
  }

  private jsonPath(of: Expr): Expr {
    const arrow = this.operator('->', '->>');
    if (!arrow) return of;
    const extract: Expr = { k: 'call', name: 'JSON_EXTRACT', args: [of, { k: 'str', value: this.string() }] };
    return arrow === '->' ? extract : { k: 'call', name: 'JSON_UNQUOTE', args: [extract] };
  }

  private call(name: string): Expr {
    this.at++;
    this.expectOp('(');
    const distinct = this.accept('DISTINCT');
    const star = name === 'COUNT' && this.acceptOp('*');
    const args: Expr[] = star ? [{ k: 'star' }] : this.seesOp(')') ? [] : this.list(() => this.expr());
    this.expectOp(')');
    const call: Expr = { k: 'call', name, args, ...(distinct ? { distinct } : {}) };
    if (!this.accept('OVER')) return call;
    return { ...call, over: this.seesOp('(') ? this.window() : this.name() };
  }

  protected window(): Window {
    return this.parenthesised(() => {
      const partitionBy = this.accept('PARTITION', 'BY') ? this.list(() => this.expr()) : [];
      const orderBy = this.orderBy();
      const start = this.at;
      if (!this.acceptOneOf('ROWS', 'RANGE', 'GROUPS')) return { partitionBy, orderBy };
      while (!this.seesOp(')') && this.token.type !== 'end') this.at++;
      return { partitionBy, orderBy, frame: this.textFrom(start) };
    });
  }

  protected orderBy(): OrderItem[] {
    if (!this.accept('ORDER', 'BY')) return [];
    return this.list(() => {
      const of = this.expr();
      const desc = this.accept('DESC');
      if (!desc) this.accept('ASC');
      return { of, desc };
    });
  }

  protected tableName(): TableName {
    const first = this.name();
    return this.acceptOp('.') ? { db: first, name: this.nameAfterDot() } : { name: first };
  }
}

function number(text: string): Expr {
  if (/e/i.test(text)) return { k: 'double', value: Number(text) };
  return text.includes('.') ? { k: 'dec', text } : { k: 'int', value: BigInt(text) };
}

const hexBytes = (digits: string): Uint8Array =>
  new Uint8Array(Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex'));

function bitBytes(digits: string): Uint8Array {
  const size = Math.max(1, Math.ceil(digits.length / 8));
  const value = BigInt(`0b${digits || '0'}`);
  return Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * (size - 1 - i))) & 255n));
}

function sysvar(text: string): Expr {
  const [, scope, name = ''] = /^(?:(global|session|local|persist)\.)?(.*)$/i.exec(text) ?? [];
  return { k: 'sysvar', scope: /global|persist/i.test(scope ?? '') ? 'global' : 'session', name: name.toLowerCase() };
}
