// Operators on two nodes: sums, differences, products and merges, comparisons.
import { assign, assignAttributes, equal, isTruthy, placed, plainTag, seq, YqNode } from './node';
import { YqError } from './problem';

type Two = (left: YqNode, right: YqNode) => YqNode;

const isNumber = (node: YqNode): boolean => /^!!(int|float)$/.test(plainTag(node));

/** A whole number in any of YAML's notations. */
export function integer(value: string): bigint {
  const text = value.replaceAll('_', '');
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '').replace(/^0+(?=\d)/, '');
  const size = BigInt(digits);
  return negative ? -size : size;
}

/** As `%v` of Go prints a floating-point number. */
export function float(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e21)) {
    const [digits = '', power = ''] = value.toExponential().split('e');
    return `${digits}e${power[0]}${power.slice(1).padStart(2, '0')}`;
  }
  return String(value);
}

const number = (node: YqNode): number => {
  const { value } = node;
  if (/^[-+]?\.inf$/i.test(value)) return value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return plainTag(node) === '!!int' ? Number(integer(value)) : Number(value);
};

/** A result in the left side's place and style. */
function replacement(left: YqNode, tag: string, value: string): YqNode {
  const made = new YqNode('scalar', left.tag.startsWith('!!') || left.tag === '' ? tag : left.tag, value);
  made.style = left.kind === 'scalar' ? left.style : '';
  return placed(made, left);
}

function compute(
  left: YqNode,
  right: YqNode,
  onIntegers: (a: bigint, b: bigint) => bigint,
  onFloats: (a: number, b: number) => number,
): YqNode {
  if (plainTag(left) === '!!int' && plainTag(right) === '!!int') {
    const result = onIntegers(integer(left.value), integer(right.value));
    return replacement(
      left,
      '!!int',
      /^0x/i.test(left.value) ? `0x${result.toString(16).toUpperCase()}` : String(result),
    );
  }
  return replacement(left, '!!float', float(onFloats(number(left), number(right))));
}

export const add: Two = (one, other) => {
  const [left, right] = [one.real, other.real];
  if (left.isNull) return right.copy();
  if (left.kind === 'map') {
    if (right.kind !== 'map') {
      if (right.isNull) return left.copy();
      throw new YqError(`${right.tag} (${shownPath(right)}) cannot be added to a !!map (${shownPath(left)})`);
    }
    const sum = left.copy();
    for (const [key, value] of right.pairs()) {
      const old = sum.get(key.value);
      if (old) {
        old.content = [];
        assign(old, value);
      } else sum.put(key.copy(), value.copy());
    }
    return sum;
  }
  if (left.kind === 'seq') {
    const sum = left.copy();
    if (right.isNull) return sum;
    const items = right.kind === 'seq' ? right.content : [right];
    for (const item of items) {
      const copy = item.copy();
      if (left.content[0] && copy.kind === 'scalar' && left.content[0].style !== '') copy.style = left.content[0].style;
      sum.push(copy);
    }
    if (left.content.length === 0 && right.kind === 'seq') sum.style = right.style;
    return sum;
  }
  if (right.kind === 'seq' && left.kind === 'scalar') {
    const sum = seq([left.copy(), ...right.copy().content]);
    return sum;
  }
  if (right.kind !== 'scalar')
    throw new YqError(`${right.tag} (${shownPath(right)}) cannot be added to a ${left.tag} (${shownPath(left)})`);
  if (isNumber(left) && isNumber(right))
    return compute(
      left,
      right,
      (a, b) => a + b,
      (a, b) => a + b,
    );
  if (plainTag(left) === '!!timestamp' || (plainTag(left) === '!!str' && isDuration(right.value) && isTime(left.value)))
    return moved(left, right, 1);
  if (plainTag(left) === '!!bool' || plainTag(right) === '!!map')
    throw new YqError(`${right.tag} cannot be added to ${left.tag}`);
  const joined = right.isNull ? left.value : left.value + right.value;
  return replacement(left, plainTag(left) === '!!str' || plainTag(right) === '!!str' ? '!!str' : '!!str', joined);
};

const shownPath = (node: YqNode): string =>
  node
    .path()
    .map(({ value }) => value)
    .join('.');

export const subtract: Two = (one, other) => {
  const [left, right] = [one.real, other.real];
  if (left.isNull) return right.copy();
  if (left.kind === 'map') throw new YqError('maps not yet supported for subtraction');
  if (left.kind === 'seq') {
    if (right.kind !== 'seq')
      throw new YqError(`${right.tag} (${shownPath(right)}) cannot be subtracted from ${left.tag}`);
    const made = left.copy();
    const kept = left.content.filter((item) => !right.content.some((each) => equal(item, each)));
    made.content = [];
    for (const item of kept) made.push(item.copy());
    return made;
  }
  if (right.kind !== 'scalar')
    throw new YqError(`${right.tag} (${shownPath(right)}) cannot be subtracted from ${left.tag}`);
  if (plainTag(left) === '!!timestamp' || (isTime(left.value) && isDuration(right.value)))
    return moved(left, right, -1);
  if (isNumber(left) && isNumber(right))
    return compute(
      left,
      right,
      (a, b) => a - b,
      (a, b) => a - b,
    );
  if (plainTag(left) === '!!str' || plainTag(right) === '!!str') throw new YqError('strings cannot be subtracted');
  throw new YqError(`${right.tag} cannot be added to ${left.tag}`);
};

export const divide: Two = (one, other) => {
  const [left, right] = [one.real, other.real];
  if (left.isNull)
    throw new YqError(`${left.tag} (${shownPath(left)}) cannot be divided by ${right.tag} (${shownPath(right)})`);
  if (plainTag(left) === '!!str' && plainTag(right) === '!!str') {
    const parts = seq();
    for (const part of left.value.split(right.value)) parts.push(new YqNode('scalar', '!!str', part));
    return parts;
  }
  if (!isNumber(left) || !isNumber(right))
    throw new YqError(`${left.tag} (${shownPath(left)}) cannot be divided by ${right.tag} (${shownPath(right)})`);
  const result = number(left) / number(right);
  const whole = plainTag(left) === '!!int' && plainTag(right) === '!!int' && Number.isInteger(result);
  return replacement(left, whole ? '!!int' : '!!float', float(result));
};

export const modulo: Two = (one, other) => {
  const [left, right] = [one.real, other.real];
  if (left.isNull)
    throw new YqError(`${left.tag} (${shownPath(left)}) cannot modulo by ${right.tag} (${shownPath(right)})`);
  if (!isNumber(left) || !isNumber(right)) throw new YqError(`${left.tag} cannot modulo by ${right.tag}`);
  if (plainTag(left) === '!!int' && plainTag(right) === '!!int' && integer(right.value) === 0n)
    throw new YqError('cannot modulo by 0');
  return compute(
    left,
    right,
    (a, b) => a % b,
    (a, b) => a % b,
  );
};

/** `*` and its letters: `+` appends sequences, `d` merges them item by item, `n` only what is new, `?` only what is there, `c` tags too. */
export const multiply =
  (flags: string): Two =>
  (one, other) => {
    const [left, right] = [one.real, other.real];
    if (right.isNull) return left.copy();
    const merges = (left.kind === right.kind || left.isNull) && right.kind !== 'scalar';
    if (merges) {
      const made = left.copy();
      made.isRoot = left.isRoot;
      if (left.isNull) Object.assign(made, { kind: right.kind, tag: right.tag, value: '', style: right.style });
      if (!made.head) made.head = right.head;
      if (!made.leading && !left.head) made.leading = right.leading;
      if (!made.foot) made.foot = right.foot;
      if (flags.includes('c')) made.tag = right.tag;
      merge(made, right, flags);
      return made;
    }
    if (plainTag(left) === '!!str' && plainTag(right) === '!!int' && left.kind === 'scalar') {
      throw new YqError(`Cannot multiply ${left.tag} with ${right.tag}`);
    }
    if (left.kind !== 'scalar' || right.kind !== 'scalar' || !isNumber(left) || !isNumber(right))
      throw new YqError(`Cannot multiply ${left.tag} with ${right.tag}`);
    return compute(
      left,
      right,
      (a, b) => a * b,
      (a, b) => a * b,
    );
  };

function merge(to: YqNode, from: YqNode, flags: string): void {
  const clobber = flags.includes('c');
  if (from.kind === 'map' && (to.kind === 'map' || to.isNull)) {
    if (to.isNull) Object.assign(to, { kind: 'map', tag: '!!map', value: '', style: from.style });
    for (const [key, value] of from.pairs()) {
      const at = to.content.findIndex((each, i) => i % 2 === 0 && each.value === key.value);
      const old = at < 0 ? undefined : (to.content[at + 1] as YqNode);
      if (!old) {
        if (flags.includes('?')) continue;
        to.put(key.copy(), value.copy());
        continue;
      }
      const oldKey = to.content[at] as YqNode;
      if (!flags.includes('n') || old.isNull)
        for (const part of ['head', 'line', 'foot'] as const) if (key[part]) oldKey[part] = key[part];
      mergeValue(old, value, flags, clobber);
    }
    return;
  }
  mergeValue(to, from, flags, clobber);
}

function mergeValue(old: YqNode, value: YqNode, flags: string, clobber: boolean): void {
  if (value.kind === 'map' && (old.real.kind === 'map' || old.isNull)) {
    if (!flags.includes('n') || old.isNull) assignAttributes(old, value, clobber, true);
    merge(old.kind === 'alias' ? old.real : old, value, flags);
    return;
  }
  if (value.kind === 'seq' && flags.includes('+')) {
    const sum = add(old, value);
    assign(old, sum, clobber);
    return;
  }
  if (value.kind === 'seq' && flags.includes('d') && old.kind === 'seq') {
    value.content.forEach((item, i) => {
      const there = old.content[i];
      if (there) mergeValue(there, item, flags, clobber);
      else if (!flags.includes('?')) old.push(item.copy());
    });
    return;
  }
  if (flags.includes('n') && !old.isNull) return;
  assign(old, value, clobber);
}

export type Order = '<' | '<=' | '>' | '>=';

export function compare(one: YqNode, other: YqNode, order: Order): boolean {
  const [left, right] = [one.real, other.real];
  if (left.kind !== 'scalar' || right.kind !== 'scalar') {
    const which = left.kind !== 'scalar' ? left : right;
    if (which.kind === 'map') throw new YqError('maps not yet supported for comparison');
    if (which.kind === 'seq') throw new YqError('arrays not yet supported for comparison');
  }
  if (left.isNull && right.isNull) return order.includes('=');
  if (left.isNull || right.isNull) return false;
  const result = sign(left, right);
  if (result === undefined) throw new YqError(`${left.tag} not yet supported for comparison`);
  return order === '<' ? result < 0 : order === '<=' ? result <= 0 : order === '>' ? result > 0 : result >= 0;
}

function sign(left: YqNode, right: YqNode): number | undefined {
  if (isNumber(left) && isNumber(right)) return Math.sign(number(left) - number(right));
  const [a, b] = [Date.parse(left.value), Date.parse(right.value)];
  if (plainTag(left) === '!!timestamp' || plainTag(right) === '!!timestamp') return Math.sign(a - b);
  if (plainTag(left) === '!!str' && plainTag(right) === '!!str')
    return left.value < right.value ? -1 : left.value > right.value ? 1 : 0;
  return undefined;
}

/** The order of `sort`: null, booleans, numbers, times, texts. */
export function sorting(one: YqNode, other: YqNode): number {
  const [left, right] = [one.real, other.real];
  const rank = (node: YqNode) => {
    const tag = plainTag(node);
    return ['!!null', '!!bool', '!!int', '!!timestamp', '!!str'].indexOf(tag === '!!float' ? '!!int' : tag);
  };
  const [a, b] = [rank(left), rank(right)];
  if (a !== b) return a - b;
  if (a === 1) return Number(isTruthy(left)) - Number(isTruthy(right));
  return sign(left, right) ?? 0;
}

/** `==`: texts may be patterns with stars. */
export function equals(one: YqNode, other: YqNode): boolean {
  const [left, right] = [one.real, other.real];
  if (left.isNull || right.isNull) return left.isNull && right.isNull;
  if (left.kind !== 'scalar' || right.kind !== 'scalar') return equal(left, right);
  return wild(right.value).test(left.value);
}

export const wild = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[\\s\\S]*')
      .replaceAll('?', '[\\s\\S]')}$`,
    'u',
  );

const DURATION = /^([-+]?)((?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+)$/;
const UNITS: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const isDuration = (text: string): boolean => DURATION.test(text);
const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\d([T ]|$)/.test(text) && !Number.isNaN(Date.parse(text));

function moved(left: YqNode, right: YqNode, direction: 1 | -1): YqNode {
  const found = DURATION.exec(right.value);
  if (!found) throw new YqError(`unable to parse duration [${right.value}]: time: invalid duration "${right.value}"`);
  const size = [...(found[2] as string).matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit as string] as number),
    0,
  );
  const shift = (found[1] === '-' ? -1 : 1) * direction * size;
  const zone = /(Z|[-+]\d\d:?\d\d)$/.exec(left.value)?.[1];
  const offset =
    zone && zone !== 'Z'
      ? (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000
      : 0;
  const time = Date.parse(left.value.replace(' ', 'T')) + shift;
  const local = new Date(time + offset).toISOString().replace(/\.000Z$/, 'Z');
  return replacement(left, '!!timestamp', local.replace(/Z$/, zone ?? 'Z'));
}

/** Two maps' or sequences' content in one. */
export function contains(one: YqNode, other: YqNode): boolean {
  const [left, right] = [one.real, other.real];
  if (left.isNull) return right.isNull;
  if (left.kind !== right.kind) throw new YqError(`${left.tag} cannot check contained in ${right.tag}`);
  if (left.kind === 'map')
    return [...right.pairs()].every(([key, value]) => {
      const there = left.get(key.value);
      return there !== undefined && contains(there, value);
    });
  if (left.kind === 'seq')
    return right.content.every((item) =>
      left.content.some(
        (each) =>
          each.real.kind === item.real.kind && plainTag(each.real) === plainTag(item.real) && contains(each, item),
      ),
    );
  if (plainTag(left) !== plainTag(right)) throw new YqError(`${left.tag} cannot check contained in ${right.tag}`);
  return plainTag(left) === '!!str' ? left.value.includes(right.value) : left.value === right.value;
}
