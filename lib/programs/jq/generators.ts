// The functions of jq that decide how often, and over what, their arguments run. jq(1), version 1.6.
import type { Native } from './builtins';
import type { Evaluator, Item } from './evaluate';
import { eventsOf, truncated, valuesOf } from './events';
import { isObject, type Json } from './json';
import { fail, get, NOWHERE, shown } from './paths';
import type { Node } from './syntax';

const truth = (value: Json): boolean => value !== null && value !== false;
const placed = (value: Json, [, path]: Item): Item => [value, path && NOWHERE];
const numeric = (value: Json): number => (typeof value === 'number' ? value : fail(`${shown(value)} number required`));

/** The first `count` results; jq 1.6 gives one for none. */
function* taken(results: Generator<Item>, count: number): Generator<Item> {
  let left = count;
  for (const result of results) {
    yield result;
    if (--left <= 0) return;
  }
}

/** `any` and `all`: whether the condition holds somewhere, or nowhere fails. */
const quantified = (isAny: boolean): Native =>
  function* (evaluator, [source, condition], env, item) {
    let found = false;
    search: for (const value of evaluator.values(source as Node, env, item[0]))
      for (const held of evaluator.values(condition as Node, env, value))
        if (truth(held) === isAny) {
          found = true;
          break search;
        }
    yield placed(found === isAny, item);
  };

/** A value whose parts were handed to the filter first, from the leaves up. */
function* walked(value: Json, filter: (value: Json) => Iterable<Json>): Generator<Json> {
  if (Array.isArray(value)) yield* filter(value.flatMap((part) => [...walked(part, filter)]));
  else if (isObject(value)) {
    const made = new Map<string, Json>();
    for (const [key, part] of value) for (const result of walked(part, filter)) made.set(key, result);
    yield* filter(made);
  } else yield* filter(value);
}

/** One item of each list, in all ways; the first list turns slowest. */
function* combined(lists: readonly Json[]): Generator<Json[]> {
  const [first, ...rest] = lists;
  if (first === undefined) {
    yield [];
    return;
  }
  if (!Array.isArray(first)) return fail(`Cannot iterate over ${shown(first)}`);
  for (const head of first) for (const tail of combined(rest)) yield [head, ...tail];
}

const listOf = (value: Json): Json[] => (Array.isArray(value) ? value : fail(`Cannot iterate over ${shown(value)}`));

/** What is between the matches of a pattern. */
function between(text: Json, matches: readonly Json[]): Json[] {
  const characters = [...(typeof text === 'string' ? text : '')];
  let at = 0;
  const parts = matches.map((match) => {
    const start = get(match, 'offset') as number;
    const part = characters.slice(at, start).join('');
    at = start + (get(match, 'length') as number);
    return part;
  });
  return [...parts, characters.slice(at).join('')];
}

/** The results of calling another function by name with the same arguments. */
const called = (evaluator: Evaluator, name: string, args: readonly Node[], env: Parameters<Native>[2], input: Json) =>
  evaluator.values({ t: 'call', name, args: [...args], at: 0 }, env, input);

export const generators: Record<string, Native> = {
  *'first/1'(evaluator, [source], env, item) {
    yield* taken(evaluator.run(source as Node, env, item), 1);
  },
  *'limit/2'(evaluator, [count, source], env, item) {
    for (const wanted of evaluator.values(count as Node, env, item[0])) {
      const results = evaluator.run(source as Node, env, item);
      if (numeric(wanted) < 0) yield* results;
      else yield* taken(results, numeric(wanted));
    }
  },
  *'last/1'(evaluator, [source], env, item) {
    let last = placed(null, item);
    for (const result of evaluator.run(source as Node, env, item)) last = result;
    yield last;
  },
  *'nth/2'(evaluator, [index, source], env, item) {
    for (const wanted of evaluator.values(index as Node, env, item[0])) {
      if (numeric(wanted) < 0) fail('Out of bounds negative array index');
      let last = placed(null, item);
      for (const result of taken(evaluator.run(source as Node, env, item), numeric(wanted) + 1)) last = result;
      yield last;
    }
  },
  *'isempty/1'(evaluator, [source], env, item) {
    yield placed(evaluator.values(source as Node, env, item[0]).next().done === true, item);
  },
  'any/2': quantified(true),
  'all/2': quantified(false),
  *'walk/1'(evaluator, [filter], env, item) {
    const run = (value: Json) => evaluator.values(filter as Node, env, value);
    for (const value of walked(item[0], run)) yield placed(value, item);
  },
  *'combinations/0'(_, __, ___, item) {
    for (const one of combined(listOf(item[0]))) yield placed(one, item);
  },
  *'combinations/1'(evaluator, [count], env, item) {
    for (const times of evaluator.values(count as Node, env, item[0]))
      for (const one of combined(Array<Json>(Math.max(0, numeric(times))).fill(item[0]))) yield placed(one, item);
  },
  *'tostream/0'(_, __, ___, item) {
    for (const event of eventsOf(item[0])) yield placed(event, item);
  },
  *'fromstream/1'(evaluator, [source], env, item) {
    for (const value of valuesOf(evaluator.values(source as Node, env, item[0]))) yield placed(value, item);
  },
  *'truncate_stream/1'(evaluator, [source], env, item) {
    for (const event of evaluator.values(source as Node, env, null)) {
      const rest = truncated(event, numeric(item[0]));
      if (rest !== undefined) yield placed(rest, item);
    }
  },
  *'split/2'(evaluator, [pattern, flags], env, item) {
    for (const wanted of evaluator.values(flags as Node, env, item[0])) {
      const all: Node = { t: 'literal', value: `${wanted ?? ''}g` };
      yield placed(between(item[0], [...called(evaluator, 'match', [pattern as Node, all], env, item[0])]), item);
    }
  },
  *'capture/2'(evaluator, args, env, item) {
    for (const match of called(evaluator, 'match', args, env, item[0])) {
      const named = (get(match, 'captures') as Json[]).filter((capture) => get(capture, 'name') !== null);
      const made = new Map(named.map((capture) => [get(capture, 'name') as string, get(capture, 'string')]));
      yield placed(made, item);
    }
  },
  *'to_entries/0'(_, __, ___, item) {
    const [value] = item;
    const parts: [Json, Json][] = isObject(value)
      ? [...value]
      : Array.isArray(value)
        ? [...value.entries()]
        : fail(`${shown(value)} has no keys`);
    const entries = parts.map(([key, each]) => new Map<string, Json>([['key', key]]).set('value', each));
    yield placed(entries, item);
  },
};
