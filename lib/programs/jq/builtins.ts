// The functions of jq that are not written in jq. jq(1), version 1.6.
import type { Env, Evaluator, Item } from './evaluate';
import { formats, textOf } from './formats';
import { generators } from './generators';
import { compare, isObject, type Json, JsonError, kindOf, parseAll, sortedKeys, toText } from './json';
import { splitText } from './operators';
import { deletePaths, equal, fail, get, getPath, indicesOf, JqError, NOWHERE, setPath, shown } from './paths';
import { matches } from './regex';
import type { Node } from './syntax';
import { gmtime, mktime, strftime, strptime } from './time';

/** What a program can ask of its surroundings. */
export interface Context {
  variables: ReadonlyMap<string, Json>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** The next input; undefined when there is none. */
  input: () => Json | undefined;
  inputName: () => string | null;
  inputLine: () => number;
  /** For standard error. */
  say: (text: string) => void;
}

/** Ends the whole program. */
export class Halt extends Error {
  constructor(
    readonly status: number,
    readonly output?: Json,
  ) {
    super('halt');
  }
}

export type Native = (evaluator: Evaluator, args: readonly Node[], env: Env | undefined, item: Item) => Generator<Item>;

/** A function of the input alone. */
const plain = (run: (input: Json, context: Context) => Json): Native =>
  function* (evaluator, _, __, [input, path]) {
    yield [run(input, evaluator.context), path && NOWHERE];
  };

/** A function of the input and of all combinations of its arguments' values. */
const applied = (run: (input: Json, a: Json, b: Json) => Json): Native =>
  function* (evaluator, [first, second], env, [input, path]) {
    for (const b of second ? evaluator.values(second, env, input) : [null])
      for (const a of first ? evaluator.values(first, env, input) : [null]) yield [run(input, a, b), path && NOWHERE];
  };

const need = (input: Json, kind: string, text: string): void => {
  if (kindOf(input) !== kind) fail(`${shown(input)} ${text}`);
};

function lengthOf(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? value.size : fail(`${shown(value)} has no length`);
}

function keysOf(value: Json, sorted: boolean): Json {
  if (Array.isArray(value)) return [...value.keys()];
  if (isObject(value)) return sorted ? sortedKeys(value) : [...value.keys()];
  return fail(`${shown(value)} has no keys`);
}

function has(value: Json, key: Json): boolean {
  if (isObject(value) && typeof key === 'string') return value.has(key);
  if (Array.isArray(value) && typeof key === 'number') return key >= 0 && key < value.length;
  return fail(`Cannot check whether ${kindOf(value)} has a ${typeof key === 'string' ? 'string' : kindOf(key)} key`);
}

function contains(whole: Json, part: Json): boolean {
  if (isObject(whole) && isObject(part))
    return [...part].every(([key, value]) => whole.has(key) && contains(whole.get(key) as Json, value));
  if (Array.isArray(whole) && Array.isArray(part))
    return part.every((b) => whole.some((a) => kindOf(a) === kindOf(b) && contains(a, b)));
  if (typeof whole === 'string' && typeof part === 'string') return whole.includes(part);
  if (kindOf(whole) === kindOf(part)) return equal(whole, part);
  return fail(`${shown(whole)} and ${shown(part)} cannot have their containment checked`);
}

function reversed(value: Json): Json {
  if (Array.isArray(value)) return [...value].reverse();
  return lengthOf(value) === 0 ? [] : fail(`Cannot index ${kindOf(value)} with number`);
}

function sorted(value: Json): Json[] {
  need(value, 'array', 'cannot be sorted, as it is not an array');
  return [...(value as Json[])].sort(compare);
}

interface Keyed {
  value: Json;
  key: Json;
}

/** Items with the keys that `map([f])` made for them, in order of those. */
function keyed(value: Json, keys: Json): Keyed[] {
  need(value, 'array', 'cannot be sorted, as it is not an array');
  return (value as Json[])
    .map((each, i) => ({ value: each, key: (keys as Json[])[i] as Json }))
    .sort((a, b) => compare(a.key, b.key));
}

function grouped(value: Json, keys: Json): Keyed[][] {
  const groups: Keyed[][] = [];
  for (const each of keyed(value, keys)) {
    const last = groups.at(-1);
    if (last && equal((last[0] as Keyed).key, each.key)) last.push(each);
    else groups.push([each]);
  }
  return groups;
}

function flatten(value: Json, depth: Json): Json {
  if (typeof depth !== 'number' || depth < 0) return fail('flatten depth must not be negative');
  const flat = (items: Json[], left: number): Json[] =>
    items.flatMap((item) => (Array.isArray(item) && left > 0 ? flat(item, left - 1) : [item]));
  return Array.isArray(value)
    ? flat(value, depth)
    : isObject(value)
      ? flat([...value.values()], depth)
      : fail(`Cannot iterate over ${shown(value)}`);
}

function fromEntries(value: Json): Json {
  const out = new Map<string, Json>();
  const entries = Array.isArray(value)
    ? value
    : isObject(value)
      ? [...value.values()]
      : fail(`Cannot iterate over ${shown(value)}`);
  for (const entry of entries as Json[]) {
    const first = (...names: string[]) =>
      names.map((name) => get(entry, name)).find((each) => each !== null && each !== false);
    const falsy = (...names: string[]) => names.map((name) => get(entry, name)).find((each) => each === false);
    const key = first('key', 'k', 'name', 'Name', 'Key', 'K') ?? falsy('key', 'k', 'name', 'Name') ?? null;
    if (key === null) return fail('Cannot use null (null) as object key');
    const named = isObject(entry) ? ['value', 'v', 'Value', 'V'].find((name) => entry.has(name)) : undefined;
    out.set(typeof key === 'string' ? key : toText(key), named === undefined ? null : get(entry, named));
  }
  return out;
}

function toNumber(value: Json): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return fail(`${shown(value)} cannot be parsed as a number`);
  try {
    const [number] = parseAll(value);
    if (typeof number === 'number') return number;
  } catch (error) {
    if (error instanceof JsonError) return fail(`${error.message} (while parsing '${value}')`);
    throw error;
  }
  return fail(`${shown(value)} cannot be parsed as a number`);
}

function fromJson(value: Json): Json {
  if (typeof value !== 'string') return fail(`${shown(value)} only strings can be parsed`);
  try {
    return parseAll(value)[0] ?? null;
  } catch (error) {
    if (error instanceof JsonError) return fail(`${error.message} (while parsing '${value}')`);
    throw error;
  }
}

const asText = (value: Json, text: string): string =>
  typeof value === 'string' ? value : fail(`${shown(value)} ${text}`);

function split(input: Json, by: Json): Json {
  if (typeof input !== 'string' || typeof by !== 'string') return fail('split input and separator must be strings');
  return splitText(input, by);
}

function join(input: Json, by: Json): Json {
  if (!Array.isArray(input)) return fail(`Cannot iterate over ${shown(input)}`);
  if (input.length === 0) return '';
  const words = input.map((item) => {
    if (item === null) return '';
    if (typeof item === 'string') return item;
    if (typeof item !== 'object') return toText(item);
    return fail(`${shown(typeof by === 'string' ? by : null)} and ${shown(item)} cannot be added`);
  });
  return words.join(asText(by, 'cannot be added to a string'));
}

function indices(input: Json, part: Json): Json {
  if (input === null) return null;
  if (typeof input === 'string' && typeof part === 'string') {
    const found: number[] = [];
    if (part !== '')
      for (let i = input.indexOf(part); i >= 0; i = input.indexOf(part, i + 1))
        found.push([...input.slice(0, i)].length);
    return found;
  }
  if (Array.isArray(input)) return indicesOf(input, Array.isArray(part) ? part : [part]);
  return fail(`Cannot index ${kindOf(input)} with ${kindOf(part)}`);
}

const numbers =
  (run: (...values: number[]) => number) =>
  (input: Json, a: Json = null, b: Json = null): Json => {
    const values = [input, ...(run.length > 1 ? [a, b].slice(0, run.length) : [])];
    const own = run.length > 1 ? values.slice(1, run.length + 1) : values;
    const bad = own.find((value) => typeof value !== 'number');
    return bad === undefined ? run(...(own as number[])) : fail(`${shown(bad)} number required`);
  };

const MATH: Record<string, (x: number) => number> = {
  floor: Math.floor,
  ceil: Math.ceil,
  round: (x) => Math.sign(x) * Math.round(Math.abs(x)),
  trunc: Math.trunc,
  sqrt: Math.sqrt,
  fabs: Math.abs,
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  exp10: (x) => 10 ** x,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  cbrt: Math.cbrt,
  significand: (x) => (x === 0 ? 0 : x / 2 ** Math.floor(Math.log2(Math.abs(x)))),
};

const MOST_RANGE = 1e9;

const FUNCTIONS: Record<string, Native> = {
  *'empty/0'() {},
  'error/0': plain((input) => {
    throw new JqError(input);
  }),
  'not/0': plain((input) => input === null || input === false),
  'length/0': plain(lengthOf),
  'utf8bytelength/0': plain((input) => Buffer.byteLength(asText(input, 'only strings have UTF-8 byte length'))),
  'keys/0': plain((input) => keysOf(input, true)),
  'keys_unsorted/0': plain((input) => keysOf(input, false)),
  'has/1': applied(has),
  'contains/1': applied(contains),
  'type/0': plain(kindOf),
  'tostring/0': plain(textOf),
  'tonumber/0': plain(toNumber),
  'tojson/0': plain((input) => toText(input)),
  'fromjson/0': plain(fromJson),
  'ascii_downcase/0': plain((input) =>
    asText(input, 'ascii_downcase input must be a string').replace(/[A-Z]/g, (c) => c.toLowerCase()),
  ),
  'ascii_upcase/0': plain((input) =>
    asText(input, 'ascii_upcase input must be a string').replace(/[a-z]/g, (c) => c.toUpperCase()),
  ),
  'explode/0': plain((input) => [...asText(input, 'cannot be exploded')].map((c) => c.codePointAt(0) as number)),
  'implode/0': plain((input) => {
    need(input, 'array', 'cannot be imploded');
    return (input as Json[])
      .map((code) =>
        typeof code === 'number' ? String.fromCodePoint(code) : fail('Unicode codepoint must be numeric'),
      )
      .join('');
  }),
  'ltrimstr/1': applied((input, a) =>
    typeof input === 'string' && typeof a === 'string' && input.startsWith(a) ? input.slice(a.length) : input,
  ),
  'rtrimstr/1': applied((input, a) =>
    typeof input === 'string' && typeof a === 'string' && a !== '' && input.endsWith(a)
      ? input.slice(0, -a.length)
      : input,
  ),
  'startswith/1': applied((input, a) =>
    typeof input === 'string' && typeof a === 'string'
      ? input.startsWith(a)
      : fail('startswith() requires string inputs'),
  ),
  'endswith/1': applied((input, a) =>
    typeof input === 'string' && typeof a === 'string' ? input.endsWith(a) : fail('endswith() requires string inputs'),
  ),
  'split/1': applied(split),
  'join/1': applied(join),
  'indices/1': applied(indices),
  'index/1': applied((input, a) => (indices(input, a) as Json[] | null)?.[0] ?? null),
  'rindex/1': applied((input, a) => (indices(input, a) as Json[] | null)?.at(-1) ?? null),
  'flatten/1': applied(flatten),
  'env/0': plain((_, { variables }) => variables.get('ENV') ?? null),
  'reverse/0': plain(reversed),
  'sort/0': plain(sorted),
  '_sort_by/1': applied((input, keys) => keyed(input, keys).map(({ value }) => value)),
  '_group_by/1': applied((input, keys) => grouped(input, keys).map((group) => group.map(({ value }) => value))),
  '_unique_by/1': applied((input, keys) => grouped(input, keys).map(([first]) => (first as Keyed).value)),
  '_min_by/1': applied((input, keys) => keyed(input, keys)[0]?.value ?? null),
  '_max_by/1': applied((input, keys) => {
    const all = keyed(input, keys);
    return all.at(-1)?.value ?? null;
  }),
  'min/0': plain((input) => sorted(input)[0] ?? null),
  'max/0': plain((input) => sorted(input).at(-1) ?? null),
  'from_entries/0': plain(fromEntries),
  'transpose/0': plain((input) => {
    const rows = input as Json[][];
    const width = Math.max(0, ...rows.map((row) => row.length));
    return Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? null));
  }),
  *'getpath/1'(evaluator, [node], env, [input, path]) {
    for (const key of evaluator.values(node as Node, env, input)) {
      const steps = Array.isArray(key) ? key : fail('Path must be specified as an array');
      yield [getPath(input, steps), path && [...path, ...steps]];
    }
  },
  'setpath/2': applied((input, path, value) =>
    Array.isArray(path) ? setPath(input, path, value) : fail('Path must be specified as an array'),
  ),
  'delpaths/1': applied((input, paths) =>
    Array.isArray(paths) && paths.every(Array.isArray)
      ? deletePaths(input, paths as Json[][])
      : fail('Paths must be specified as an array'),
  ),
  *'path/1'(evaluator, [node], env, [input, path]) {
    for (const each of evaluator.paths(node as Node, env, input)) yield [each, path && NOWHERE];
  },
  *'range/2'(evaluator, [from, to], env, [input, path]) {
    for (const end of evaluator.values(to as Node, env, input))
      for (const start of evaluator.values(from as Node, env, input)) yield* counted(start, end, 1, path);
  },
  *'range/3'(evaluator, [from, to, by], env, [input, path]) {
    for (const start of evaluator.values(from as Node, env, input))
      for (const end of evaluator.values(to as Node, env, input))
        for (const step of evaluator.values(by as Node, env, input)) yield* counted(start, end, step, path);
  },
  'match/2': function* (evaluator, [re, flags], env, [input, path]) {
    for (const wanted of evaluator.values(flags as Node, env, input))
      for (const pattern of evaluator.values(re as Node, env, input))
        for (const found of matches(input, pattern, wanted, false) as Json[]) yield [found, path && NOWHERE];
  },
  'test/2': applied((input, re, flags) => matches(input, re, flags, true) as boolean),
  *'sub/3'(evaluator, [re, replacement, flags], env, [input, path]) {
    for (const wanted of evaluator.values(flags as Node, env, input))
      for (const pattern of evaluator.values(re as Node, env, input))
        yield [
          replaced(evaluator, input, matches(input, pattern, wanted, false) as Json[], replacement as Node, env),
          path && NOWHERE,
        ];
  },
  'now/0': plain((_, context) => context.now() / 1000),
  'gmtime/0': plain(gmtime),
  'localtime/0': plain(gmtime),
  'mktime/0': plain(mktime),
  'strftime/1': applied(strftime),
  'strflocaltime/1': applied(strftime),
  'strptime/1': applied(strptime),
  'input/0': plain((_, context) => context.input() ?? fail('break')),
  'input_filename/0': plain((_, context) => context.inputName()),
  'input_line_number/0': plain((_, context) => context.inputLine()),
  *'debug/0'(evaluator, _, __, item) {
    evaluator.context.say(`${toText(['DEBUG:', item[0]])}\n`);
    yield item;
  },
  *'stderr/0'(evaluator, _, __, item) {
    evaluator.context.say(toText(item[0]));
    yield item;
  },
  'halt/0': plain(() => {
    throw new Halt(0);
  }),
  'halt_error/1': applied((input, status) => {
    throw new Halt(typeof status === 'number' ? status : fail('halt_error/1: number required'), input);
  }),
  'infinite/0': plain(() => Number.POSITIVE_INFINITY),
  'nan/0': plain(() => Number.NaN),
  'isinfinite/0': plain((input) =>
    typeof input === 'number' ? Math.abs(input) === Number.POSITIVE_INFINITY : fail(`${shown(input)} number required`),
  ),
  'isnan/0': plain((input) =>
    typeof input === 'number' ? Number.isNaN(input) : fail(`${shown(input)} number required`),
  ),
  'isnormal/0': plain((input) => typeof input === 'number' && Number.isFinite(input) && Math.abs(input) >= 2 ** -1022),
  'null/0': plain(() => null),
  'true/0': plain(() => true),
  'false/0': plain(() => false),
  'pow/2': applied(numbers((x: number, y: number) => x ** y)),
  'fmin/2': applied(numbers((x: number, y: number) => Math.min(x, y))),
  'fmax/2': applied(numbers((x: number, y: number) => Math.max(x, y))),
  'fmod/2': applied(numbers((x: number, y: number) => x % y)),
  'atan2/2': applied(numbers((x: number, y: number) => Math.atan2(x, y))),
  'builtins/0': plain(() => Object.keys(FUNCTIONS).filter((name) => !name.startsWith('_'))),
  'format/1': applied((input, name) => (formats[String(name)] ?? fail(`${textOf(name)} is not a valid format`))(input)),
};

function* counted(from: Json, to: Json, by: Json, path: Json[] | undefined): Generator<Item> {
  if (typeof from !== 'number' || typeof to !== 'number' || typeof by !== 'number')
    return fail('Range bounds must be numeric');
  let left = MOST_RANGE;
  for (let i = from; by > 0 ? i < to : by < 0 ? i > to : left > 0; i += by) {
    if (left-- <= 0) return;
    yield [i, path && NOWHERE];
  }
}

/** The text with its matches replaced by what the expression makes of their named captures. */
function replaced(
  evaluator: Evaluator,
  input: Json,
  found: readonly Json[],
  replacement: Node,
  env: Env | undefined,
): Json {
  const characters = [...asText(input, 'cannot be matched, as it is not a string')];
  let out = '';
  let at = 0;
  for (const match of found) {
    const offset = get(match, 'offset') as number;
    const names = (get(match, 'captures') as Json[]).filter((capture) => get(capture, 'name') !== null);
    const captured = new Map(names.map((capture) => [get(capture, 'name') as string, get(capture, 'string')]));
    const [text = ''] = evaluator.values(replacement, env, captured);
    out +=
      characters.slice(at, offset).join('') +
      (typeof text === 'string' ? text : fail(`${shown(captured)} cannot be added to a string`));
    at = offset + (get(match, 'length') as number);
  }
  return out + characters.slice(at).join('');
}

export const natives: Readonly<Record<string, Native>> = {
  ...FUNCTIONS,
  ...generators,
  ...Object.fromEntries(
    Object.entries(MATH).map(([name, run]) => [`${name}/0`, plain((input) => numbers(run)(input))]),
  ),
};
