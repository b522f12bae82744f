// Aggregate and window functions.

import { errors } from '../../mysql-protocol/errors';
import type { SqlType } from '../../mysql-protocol/types';
import type { Call, Expr, OrderItem, Window } from '../ast';
import { asNumber, asText, BIGINT, DOUBLE, type Fragment, isCaseless, isExact, quoteId, textLiteral } from './fragment';

export const AGGREGATES: ReadonlySet<string> = new Set(
  `COUNT SUM AVG MIN MAX GROUP_CONCAT STD STDDEV STDDEV_POP STDDEV_SAMP VARIANCE VAR_POP VAR_SAMP BIT_AND BIT_OR BIT_XOR
JSON_ARRAYAGG JSON_OBJECTAGG`.split(/\s+/),
);

export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set(
  'ROW_NUMBER RANK DENSE_RANK PERCENT_RANK CUME_DIST NTILE LAG LEAD FIRST_VALUE LAST_VALUE NTH_VALUE'.split(' '),
);

type Emit = (expr: Expr) => Fragment;

export function aggregate(call: Call, emit: Emit): Fragment {
  const fragment = WINDOW_FUNCTIONS.has(call.name) ? windowFunction(call, emit) : plain(call, emit);
  if (call.over === undefined) return fragment;
  const over = typeof call.over === 'string' ? quoteId(call.over) : windowText(call.over, emit);
  return { sql: `${fragment.sql} OVER ${over}`, type: fragment.type };
}

export function windowText(window: Window, emit: Emit): string {
  const parts: string[] = [];
  if (window.partitionBy.length > 0)
    parts.push(`PARTITION BY ${window.partitionBy.map((e) => caseless(emit(e))).join(', ')}`);
  if (window.orderBy.length > 0) parts.push(`ORDER BY ${orderText(window.orderBy, emit)}`);
  if (window.frame) parts.push(window.frame);
  return `(${parts.join(' ')})`;
}

/** A text in a place that sorts or groups. */
export const caseless = (f: Fragment): string => (isCaseless(f.type) && !f.column ? `${f.sql} COLLATE NOCASE` : f.sql);

const orderText = (items: OrderItem[], emit: Emit): string =>
  items.map(({ of, desc }) => `${caseless(emit(of))}${desc ? ' DESC' : ''}`).join(', ');

function plain(call: Call, emit: Emit): Fragment {
  const distinct = call.distinct ? 'DISTINCT ' : '';
  const [first] = call.args;
  if (!first) throw errors.wrongParamCount(call.name);
  if (first.k === 'star') return { sql: 'count(*)', type: BIGINT };
  if (call.name === 'GROUP_CONCAT') return groupConcat(call, emit);
  const args = call.args.map(emit);
  const of = args[0] as Fragment;
  switch (call.name) {
    case 'COUNT':
      if (args.length > 1)
        return { sql: `count(${distinct}json_array(${args.map((f) => f.sql).join(', ')}))`, type: BIGINT };
      return { sql: `count(${distinct}${caseless(of)})`, type: BIGINT };
    case 'SUM':
      return { sql: `sum(${distinct}${asNumber(of)})`, type: summed(of.type, 0) };
    case 'AVG':
      return { sql: `avg(${distinct}${asNumber(of)})`, type: summed(of.type, 4) };
    case 'MIN':
    case 'MAX':
      return { sql: `${call.name.toLowerCase()}(${caseless(of)})`, type: of.type };
    case 'BIT_AND':
    case 'BIT_OR':
    case 'BIT_XOR':
      return {
        sql: `CAST(my_${call.name.toLowerCase()}(json_group_array(${asNumber(of)})) AS INTEGER)`,
        type: { ...BIGINT, unsigned: true },
      };
    case 'JSON_ARRAYAGG':
      return { sql: `my_json(json_group_array(${jsonValue(of)}))`, type: { name: 'json' } };
    case 'JSON_OBJECTAGG':
      return {
        sql: `my_json(json_group_object(${of.sql}, ${jsonValue(args[1] as Fragment)}))`,
        type: { name: 'json' },
      };
    default:
      return variance(call.name, asNumber(of));
  }
}

const jsonValue = (f: Fragment): string => (f.type.name === 'json' ? `json(${f.sql})` : f.sql);

function summed(type: SqlType, more: number): SqlType {
  if (!isExact(type)) return DOUBLE;
  return { name: 'decimal', length: 65, scale: Math.min(30, (type.scale ?? 0) + more) };
}

function variance(name: string, x: string): Fragment {
  const squares = `(sum(1.0 * ${x} * ${x}) - sum(1.0 * ${x}) * sum(1.0 * ${x}) / count(${x}))`;
  const sample = name.endsWith('_SAMP');
  const value = `max(0.0, ${squares} / ${sample ? `NULLIF(count(${x}) - 1, 0)` : `NULLIF(count(${x}), 0)`})`;
  return { sql: name.startsWith('STD') ? `my_sqrt(${value})` : value, type: DOUBLE };
}

function groupConcat(call: Call, emit: Emit): Fragment {
  const args = call.args.map(emit);
  const of = args.length === 1 ? asText(args[0] as Fragment) : `(${args.map(asText).join(' || ')})`;
  const order = call.orderBy && call.orderBy.length > 0 ? ` ORDER BY ${orderText(call.orderBy, emit)}` : '';
  const list = `json_group_array(${call.distinct ? 'DISTINCT ' : ''}CAST(${of} AS TEXT)${order})`;
  return { sql: `my_join(${list}, ${textLiteral(call.separator ?? ',')})`, type: { name: 'text' } };
}

const RANKS = new Set(['ROW_NUMBER', 'RANK', 'DENSE_RANK', 'NTILE']);

function windowFunction(call: Call, emit: Emit): Fragment {
  const args = call.args.map(emit);
  const name = call.name.toLowerCase();
  const sql = `${name}(${args.map((f) => f.sql).join(', ')})`;
  if (RANKS.has(call.name)) return { sql, type: { ...BIGINT, unsigned: true } };
  if (call.name === 'PERCENT_RANK' || call.name === 'CUME_DIST') return { sql, type: DOUBLE };
  return { sql, type: args[0]?.type ?? BIGINT };
}
