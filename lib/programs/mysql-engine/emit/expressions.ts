// Expressions to SQLite's SQL, with MySQL's meaning: comparison without case, division, logic, dates, variables.
import { errors } from '../../mysql-protocol/errors';
import { isBinary, isInteger, isNumber, isTemporal, isText, type SqlType } from '../../mysql-protocol/types';
import type { Call, Expr, Select } from '../ast';
import { isNow } from '../describe';
import { AGGREGATES, aggregate, WINDOW_FUNCTIONS } from './aggregates';
import type { Context } from './context';
import {
  asNumber,
  asText,
  BIGINT,
  BOOL,
  bytesLiteral,
  DATETIME,
  DOUBLE,
  type Fragment,
  integerFragment,
  isCaseless,
  isExact,
  NULL_TYPE,
  numberLiteral,
  numeric,
  textLiteral,
  VARCHAR,
  valueFragment,
} from './fragment';
import { addInterval, callFunction, mergeTypes, suited } from './functions';
import { resolve, type Scope } from './scope';

export interface EmittedQuery {
  sql: string;
  columns: { name: string; type: SqlType }[];
}

export abstract class ExpressionEmitter {
  /** Set while the arguments of an aggregate are emitted, to refuse one inside another. */
  private inAggregate = false;
  protected aggregateSeen = false;

  constructor(readonly context: Context) {}

  protected abstract subquery(query: Select, scope: Scope | undefined): EmittedQuery;

  expr(expr: Expr, scope: Scope): Fragment {
    switch (expr.k) {
      case 'null':
        return { sql: 'NULL', type: NULL_TYPE, literal: true };
      case 'int':
        return integerFragment(expr.value);
      case 'dec':
        return decimalLiteral(expr.text);
      case 'double':
        return { sql: numberLiteral(expr.value), type: DOUBLE, literal: true };
      case 'str':
        return { sql: textLiteral(expr.value), type: { name: 'varchar', length: expr.value.length }, literal: true };
      case 'bytes':
        return { sql: bytesLiteral(expr.value), type: { name: 'varbinary', length: expr.value.length }, literal: true };
      case 'bool':
        return { sql: expr.value ? '1' : '0', type: BOOL, literal: true };
      case 'param':
        return valueFragment(this.context.parameters[expr.index] ?? null);
      case 'uservar':
        return valueFragment(this.context.uservar(expr.name));
      case 'sysvar':
        return valueFragment(this.context.sysvar(expr.scope, expr.name));
      case 'col':
        return resolve(scope, expr);
      case 'unary':
        return this.unary(expr.op, this.expr(expr.of, scope));
      case 'binary':
        return this.binary(expr, scope);
      case 'call':
        return this.call(expr, scope);
      default:
        return this.rarer(expr, scope);
    }
  }

  private rarer(expr: Expr, scope: Scope): Fragment {
    switch (expr.k) {
      case 'is':
        return this.is(expr, scope);
      case 'like':
        return this.like(expr, scope);
      case 'regexp': {
        const pattern = asText(this.expr(expr.pattern, scope));
        return bool(`${expr.not ? 'NOT ' : ''}my_regexp(${asText(this.expr(expr.of, scope))}, ${pattern})`);
      }
      case 'between': {
        const of = this.expr(expr.of, scope);
        const low = this.compare('>=', of, this.expr(expr.low, scope));
        const high = this.compare('<=', of, this.expr(expr.high, scope));
        return bool(`${expr.not ? 'NOT ' : ''}(${low} AND ${high})`);
      }
      case 'in':
        return this.in(expr, scope);
      case 'exists':
        return bool(`EXISTS (${this.subquery(expr.query, scope).sql})`);
      case 'quantified':
        return this.quantified(expr, scope);
      case 'subquery':
        return this.scalar(expr.query, scope);
      case 'case':
        return this.case(expr, scope);
      case 'cast':
        return cast(this.expr(expr.of, scope), expr.type);
      case 'collate': {
        const of = this.expr(expr.of, scope);
        return { ...of, type: { ...of.type, caseSensitive: /_bin$|_cs$/.test(expr.name) }, ...drop };
      }
      case 'assign': {
        const value = this.expr(expr.value, scope);
        return { sql: `my_assign(${textLiteral(expr.name)}, ${value.sql})`, type: value.type };
      }
      case 'row':
        throw errors.operandColumns(1);
      case 'interval':
      case 'star':
        throw errors.parse('', 1);
      default:
        throw new Error(`cannot emit ${expr.k}`);
    }
  }

  private unary(op: string, of: Fragment): Fragment {
    if (op === 'NOT') return bool(`(NOT ${asNumber(of)})`);
    if (op === '~') return { sql: `(~ CAST(${asNumber(of)} AS INTEGER))`, type: { ...BIGINT, unsigned: true } };
    const type = isNumber(of.type) ? of.type : DOUBLE;
    return { sql: op === '-' ? `(- ${asNumber(of)})` : asNumber(of), type };
  }

  private binary(expr: Extract<Expr, { k: 'binary' }>, scope: Scope): Fragment {
    const { op } = expr;
    if (op === '+' || op === '-') {
      const dated = this.interval(expr, scope);
      if (dated) return dated;
    }
    if (expr.left.k === 'row' || expr.right.k === 'row') return this.rowCompare(expr, scope);
    const left = this.expr(expr.left, scope);
    const right = this.expr(expr.right, scope);
    switch (op) {
      case 'AND':
      case 'OR':
        return bool(`(${asNumber(left)} ${op} ${asNumber(right)})`);
      case 'XOR':
        return bool(`((NOT ${asNumber(left)}) <> (NOT ${asNumber(right)}))`);
      case '=':
      case '<>':
      case '<':
      case '<=':
      case '>':
      case '>=':
      case '<=>':
        return bool(this.compare(op, left, right));
      default:
        return arithmetic(op, left, right);
    }
  }

  private interval(expr: Extract<Expr, { k: 'binary' }>, scope: Scope): Fragment | undefined {
    const sign = expr.op === '-' ? -1 : 1;
    if (expr.right.k === 'interval')
      return addInterval(this.expr(expr.left, scope), this.expr(expr.right.of, scope), expr.right.unit, sign);
    if (expr.left.k === 'interval' && sign === 1)
      return addInterval(this.expr(expr.right, scope), this.expr(expr.left.of, scope), expr.left.unit, 1);
    return undefined;
  }

  private rowCompare(expr: Extract<Expr, { k: 'binary' }>, scope: Scope): Fragment {
    const items = (of: Expr) => (of.k === 'row' ? of.items : [of]);
    if (expr.right.k === 'subquery') {
      const list = items(expr.left).map((item) => this.expr(item, scope).sql);
      return bool(`((${list.join(', ')}) ${lite(expr.op)} (${this.subquery(expr.right.query, scope).sql}))`);
    }
    const left = items(expr.left);
    const right = items(expr.right);
    if (left.length !== right.length) throw errors.operandColumns(left.length);
    const row = (list: Expr[]) => `(${list.map((item) => this.expr(item, scope).sql).join(', ')})`;
    return bool(`(${row(left)} ${lite(expr.op)} ${row(right)})`);
  }

  /** A comparison with MySQL's conversions: numbers with text as numbers, text without case, dates as dates. */
  compare(op: string, left: Fragment, right: Fragment): string {
    const operator = lite(op);
    const [a, b] = [left.type, right.type];
    if (isNumber(a) !== isNumber(b) && a.name !== 'null' && b.name !== 'null')
      return `(${numberSide(left)} ${operator} ${numberSide(right)})`;
    if (isTemporal(a) && right.literal) return `(${left.sql} ${operator} ${temporalLiteral(right, a)})`;
    if (isTemporal(b) && left.literal) return `(${temporalLiteral(left, b)} ${operator} ${right.sql})`;
    if (isBinary(a) !== isBinary(b) && !isNumber(a)) return `(${binarySide(left)} ${operator} ${binarySide(right)})`;
    const plain = left.column && isCaseless(a);
    if (isText(a) && isText(b) && !plain)
      return `(${left.sql} COLLATE ${isCaseless(a) && isCaseless(b) ? 'NOCASE' : 'BINARY'} ${operator} ${right.sql})`;
    if (isText(a) && isText(b) && !isCaseless(b)) return `(${left.sql} COLLATE BINARY ${operator} ${right.sql})`;
    return `(${left.sql} ${operator} ${right.sql})`;
  }

  private is(expr: Extract<Expr, { k: 'is' }>, scope: Scope): Fragment {
    const of = this.expr(expr.of, scope);
    const not = expr.not ? 'NOT ' : '';
    if (expr.what === 'NULL' || expr.what === 'UNKNOWN') return bool(`(${of.sql} IS ${not}NULL)`);
    return bool(`(${asNumber(of)} IS ${not}${expr.what})`);
  }

  private like(expr: Extract<Expr, { k: 'like' }>, scope: Scope): Fragment {
    const of = this.expr(expr.of, scope);
    const pattern = this.expr(expr.pattern, scope);
    const escapedBy = expr.escape?.k === 'str' ? expr.escape.value : '\\';
    const exact = of.type.caseSensitive || isBinary(of.type) || isBinary(pattern.type) || pattern.type.caseSensitive;
    return bool(
      `${expr.not ? 'NOT ' : ''}my_like(${asText(of)}, ${asText(pattern)}, ${textLiteral(escapedBy)}, ${exact ? 1 : 0})`,
    );
  }

  private in(expr: Extract<Expr, { k: 'in' }>, scope: Scope): Fragment {
    const not = expr.not ? 'NOT ' : '';
    if (!Array.isArray(expr.list)) return this.inQuery(expr.of, expr.list, not, scope);
    if (expr.of.k === 'row') {
      const rows = expr.list.map((right) => this.rowCompare({ k: 'binary', op: '=', left: expr.of, right }, scope).sql);
      return bool(`${not}(${rows.join(' OR ')})`);
    }
    const of = this.expr(expr.of, scope);
    const list = expr.list.map((item) => this.expr(item, scope));
    // one IN when no item needs a conversion, so that an index helps
    const simple = of.column && list.every((item) => isNumber(item.type) === isNumber(of.type) && item.literal);
    if (simple && !isTemporal(of.type))
      return bool(`(${of.sql} ${not}IN (${list.map((item) => item.sql).join(', ')}))`);
    return bool(`${not}(${list.map((item) => this.compare('=', of, item)).join(' OR ')})`);
  }

  private inQuery(of: Expr, query: Select, not: string, scope: Scope): Fragment {
    const emitted = this.subquery(query, scope);
    const items = of.k === 'row' ? of.items : [of];
    if (emitted.columns.length !== items.length) throw errors.operandColumns(items.length);
    const left = items.map((item) => this.expr(item, scope));
    const [only] = left;
    const caseless = left.length === 1 && only && isCaseless(only.type) && !only.column ? ' COLLATE NOCASE' : '';
    const row = left.map((item) => item.sql).join(', ');
    return bool(`(${left.length > 1 ? `(${row})` : row + caseless} ${not}IN (${emitted.sql}))`);
  }

  /** `x > ALL (…)` by counting the rows that do not agree, and those that are NULL. */
  private quantified(expr: Extract<Expr, { k: 'quantified' }>, scope: Scope): Fragment {
    if (expr.op === '=' && !expr.all) return this.inQuery(expr.left, expr.query, '', scope);
    if (expr.op === '<>' && expr.all) return this.inQuery(expr.left, expr.query, 'NOT ', scope);
    const left = this.expr(expr.left, scope);
    const { sql, columns } = this.subquery(expr.query, scope);
    const right: Fragment = { sql: 'q.c0', type: columns[0]?.type ?? NULL_TYPE };
    const holds = this.compare(expr.op, left, right);
    const rows = `FROM (${sql}) AS q WHERE`;
    if (expr.all) return bool(`(NOT EXISTS (SELECT 1 ${rows} (${holds}) IS NOT TRUE))`);
    return bool(`EXISTS (SELECT 1 ${rows} ${holds})`);
  }

  private scalar(query: Select, scope: Scope): Fragment {
    const { sql, columns } = this.subquery(query, scope);
    if (columns.length !== 1) throw errors.operandColumns(1);
    const single = query.limit?.count.k === 'int' && query.limit.count.value <= 1n;
    const checked = single ? sql : `SELECT my_single(count(*), q.c0) FROM (${sql}) AS q`;
    const surely = single || !mayHaveMany(query);
    return { sql: `(${surely ? sql : checked})`, type: columns[0]?.type ?? NULL_TYPE };
  }

  private case(expr: Extract<Expr, { k: 'case' }>, scope: Scope): Fragment {
    const of = expr.of ? this.expr(expr.of, scope) : undefined;
    const thens = expr.whens.map(({ result }) => this.expr(result, scope));
    const otherwise = expr.otherwise ? this.expr(expr.otherwise, scope) : undefined;
    const type = mergeTypes([...thens, ...(otherwise ? [otherwise] : [])]);
    const whens = expr.whens.map(({ when }, i) => {
      const condition = this.expr(when, scope);
      const test = of ? this.compare('=', of, condition) : asNumber(condition);
      return `WHEN ${test} THEN ${suited(thens[i] as Fragment, type)}`;
    });
    return { sql: `(CASE ${whens.join(' ')}${otherwise ? ` ELSE ${suited(otherwise, type)}` : ''} END)`, type };
  }

  private call(call: Call, scope: Scope): Fragment {
    const { name } = call;
    if (AGGREGATES.has(name) || (call.over !== undefined && WINDOW_FUNCTIONS.has(name)))
      return this.aggregate(call, scope);
    const constant = this.sessionCall(call, scope);
    if (constant) return constant;
    const dated = this.dateCall(call, scope);
    if (dated) return dated;
    const args = call.args.map((arg) => this.expr(arg, scope));
    if (name === 'NULLIF' && args.length === 2) {
      const [a, b] = args as [Fragment, Fragment];
      return { sql: `(CASE WHEN ${this.compare('=', a, b)} THEN NULL ELSE ${a.sql} END)`, type: a.type };
    }
    return callFunction(name, args, this.context.findDatabase());
  }

  private aggregate(call: Call, scope: Scope): Fragment {
    if (this.inAggregate && call.over === undefined) throw errors.invalidGroupFunc();
    const { onColumn: _, ...silent } = scope;
    const window = call.over !== undefined;
    if (!window) this.aggregateSeen = true;
    this.inAggregate = !window || this.inAggregate;
    try {
      return aggregate(call, (expr) => this.expr(expr, window ? scope : silent));
    } finally {
      this.inAggregate = false;
    }
  }

  /** Functions of the session and of the statement's instant. */
  private sessionCall(call: Call, scope: Scope): Fragment | undefined {
    const { context } = this;
    const scale = call.args[0]?.k === 'int' ? Number(call.args[0].value) : 0;
    if (isNow(call) || call.name === 'SYSDATE' || call.name === 'UTC_TIMESTAMP')
      return { sql: textLiteral(instant(context.now, scale)), type: { ...DATETIME, ...(scale ? { scale } : {}) } };
    const text = (value: string | undefined): Fragment => ({
      sql: value === undefined ? 'NULL' : textLiteral(value),
      type: { name: 'varchar', length: 34 },
    });
    switch (call.name) {
      case 'CURDATE':
      case 'CURRENT_DATE':
      case 'UTC_DATE':
        return { sql: textLiteral(instant(context.now, 0).slice(0, 10)), type: { name: 'date' } };
      case 'CURTIME':
      case 'CURRENT_TIME':
      case 'UTC_TIME':
        return { sql: textLiteral(instant(context.now, scale).slice(11)), type: { name: 'time' } };
      case 'UNIX_TIMESTAMP':
        if (call.args.length > 0)
          return { sql: `my_unix_timestamp(${asText(this.expr(call.args[0] as Expr, scope))})`, type: BIGINT };
        return integerFragment(BigInt(Math.floor(context.now / 1000)));
      case 'USER':
      case 'SESSION_USER':
      case 'SYSTEM_USER':
        return text(context.user);
      case 'CURRENT_USER':
        return text(context.account);
      case 'DATABASE':
      case 'SCHEMA':
        return text(context.findDatabase());
      case 'VERSION':
        return text(context.version);
      case 'CONNECTION_ID':
        return integerFragment(BigInt(context.connectionId));
      case 'LAST_INSERT_ID':
        return call.args.length > 0 ? undefined : integerFragment(context.lastInsertId);
      case 'ROW_COUNT':
        return integerFragment(context.rowCount);
      case 'FOUND_ROWS':
        return integerFragment(context.foundRows);
      default:
        return undefined;
    }
  }

  private dateCall(call: Call, scope: Scope): Fragment | undefined {
    const sign = /^(DATE_ADD|ADDDATE)$/.test(call.name) ? 1 : /^(DATE_SUB|SUBDATE)$/.test(call.name) ? -1 : 0;
    const [of, by] = call.args;
    if (sign === 0 || !of || !by) return undefined;
    const amount = by.k === 'interval' ? by.of : by;
    return addInterval(
      this.expr(of, scope),
      this.expr(amount, scope),
      by.k === 'interval' ? by.unit : 'DAY',
      sign as 1 | -1,
    );
  }
}

const drop = { column: undefined } as unknown as Record<string, never>;

const bool = (sql: string): Fragment => ({ sql, type: BOOL });
const lite = (op: string): string => (op === '<=>' ? 'IS' : op);

/** Whether a subquery may give more than one row: it may unless it aggregates without GROUP BY. */
function mayHaveMany(query: Select): boolean {
  if ('k' in query.first || query.rest.length > 0) return true;
  const { groupBy, items, from } = query.first;
  if (!from) return false;
  const aggregates = (expr: Expr): boolean => expr.k === 'call' && AGGREGATES.has(expr.name) && expr.over === undefined;
  return groupBy.length > 0 || !items.some(({ of }) => aggregates(of) || (of.k === 'call' && of.args.some(aggregates)));
}

function decimalLiteral(text: string): Fragment {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const sql = text.endsWith('.') ? `${text}0` : text.replace(/^(-?)\./, '$10.');
  return {
    sql,
    type: { name: 'decimal', length: whole.length + fraction.length, scale: fraction.length },
    literal: true,
  };
}

const numberSide = (f: Fragment): string =>
  f.literal && isText(f.type) && /^'-?\d{1,15}'$/.test(f.sql) ? f.sql.slice(1, -1) : asNumber(f);

const binarySide = (f: Fragment): string => (isBinary(f.type) ? f.sql : `CAST(${asText(f)} AS BLOB)`);

/** A literal that is compared with a date, in the form dates are kept. */
const temporalLiteral = (f: Fragment, type: SqlType): string =>
  type.name === 'time' ? `my_to_time(${f.sql})` : `my_comparable_date(${f.sql}, '${type.name}')`;

function arithmetic(op: string, left: Fragment, right: Fragment): Fragment {
  const [l, r] = [asNumber(left), asNumber(right)];
  const [a, b] = [numberType(left), numberType(right)];
  const integers = isInteger(a) && isInteger(b);
  switch (op) {
    case '+':
    case '-':
      return { sql: `(${l} ${op} ${r})`, type: numeric(a, b) };
    case '*': {
      const type = numeric(a, b);
      if (type.name !== 'decimal') return { sql: `(${l} * ${r})`, type };
      return { sql: `(${l} * ${r})`, type: { ...type, scale: Math.min(30, (a.scale ?? 0) + (b.scale ?? 0)) } };
    }
    case '/': {
      const exact = isExact(a) && isExact(b);
      const type: SqlType = exact ? { name: 'decimal', length: 65, scale: Math.min(30, (a.scale ?? 0) + 4) } : DOUBLE;
      return { sql: `(CAST(${l} AS REAL) / NULLIF(${r}, 0))`, type };
    }
    case 'DIV':
      return { sql: integers ? `(${l} / NULLIF(${r}, 0))` : `CAST((${l}) / NULLIF(${r}, 0) AS INTEGER)`, type: BIGINT };
    case '%':
    case 'MOD':
      return callFunction(
        'MOD',
        [
          { ...left, sql: l, type: a },
          { ...right, sql: r, type: b },
        ],
        undefined,
      );
    case '^':
      return { sql: `CAST(my_xor(${l}, ${r}) AS INTEGER)`, type: { ...BIGINT, unsigned: true } };
    default:
      return { sql: `(CAST(${l} AS INTEGER) ${op} CAST(${r} AS INTEGER))`, type: { ...BIGINT, unsigned: true } };
  }
}

const numberType = (f: Fragment): SqlType =>
  isNumber(f.type) ? f.type : f.type.name === 'null' ? BIGINT : isBinary(f.type) && f.literal ? BIGINT : DOUBLE;

function cast(of: Fragment, type: SqlType): Fragment {
  switch (type.name) {
    case 'bigint':
      return {
        sql: isInteger(of.type) ? of.sql : `CAST(my_int(${isNumber(of.type) ? of.sql : asText(of)}) AS INTEGER)`,
        type,
      };
    case 'decimal':
      return { sql: `my_round(${asNumber(of)}, ${type.scale ?? 0})`, type };
    case 'float':
    case 'double':
      return { sql: `CAST(${asNumber(of)} AS REAL)`, type: DOUBLE };
    case 'date':
      return { sql: `my_to_date(${asText(of)})`, type };
    case 'datetime':
    case 'timestamp':
      return { sql: `my_to_datetime(${asText(of)})`, type: { ...type, name: 'datetime' } };
    case 'time':
      return { sql: `my_to_time(${asText(of)})`, type };
    case 'binary':
    case 'varbinary':
      return {
        sql: `CAST(${asText(of)} AS BLOB)`,
        type: { name: 'varbinary', length: type.length ?? of.type.length ?? 255 },
      };
    case 'json':
      return { sql: `my_json(json(${asText(of)}))`, type };
    case 'char':
    case 'varchar': {
      const text = `CAST(${asText(of)} AS TEXT)`;
      return {
        sql: type.length && type.length > 1 ? `substr(${text}, 1, ${type.length})` : text,
        type: { ...VARCHAR, length: type.length ?? of.type.length ?? 255 },
      };
    }
    default:
      return { sql: asNumber(of), type: BIGINT };
  }
}

const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/** An instant as MySQL writes a DATETIME in UTC, the containers' time zone. */
export function instant(ms: number, scale: number): string {
  const date = new Date(ms);
  const day = `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
  const time = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`;
  const fraction = scale > 0 ? `.${`${pad(date.getUTCMilliseconds(), 3)}000`.slice(0, scale)}` : '';
  return `${day} ${time}${fraction}`;
}
