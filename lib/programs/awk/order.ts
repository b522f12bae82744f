// The order in which `for (key in array)` takes the keys: that of PROCINFO["sorted_in"], or the one in which they came.
import { compare, Input, toNumber, toText, type Value } from './values';

type Pair = [key: string, value: Value];

const isNumber = (value: Value): boolean =>
  typeof value === 'number' || (value instanceof Input && value.numeric !== undefined);
const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const ORDERS: Record<string, (a: Pair, b: Pair) => number> = {
  ind_str: ([a], [b]) => byText(a, b),
  ind_num: ([a], [b]) => toNumber(new Input(a)) - toNumber(new Input(b)) || byText(a, b),
  val_num: ([, a], [, b]) => toNumber(a) - toNumber(b),
  val_str: ([, a], [, b]) => byText(toText(a), toText(b)),
  val_type: ([, a], [, b]) => Number(isNumber(b)) - Number(isNumber(a)) || compare(a, b, '%.6g'),
};

export function keysOf(table: ReadonlyMap<string, Value>, sortedIn: string): string[] {
  const [, name = '', way] = /^@(\w+)_(asc|desc)$/.exec(sortedIn) ?? [];
  const order = ORDERS[name];
  if (!order) return [...table.keys()];
  const sign = way === 'desc' ? -1 : 1;
  const sorted = [...table].sort((a, b) => sign * (order(a, b) || ORDERS['ind_str']?.(a, b) || 0));
  return sorted.map(([key]) => key);
}
