// Runs a program of jq: every expression gives any number of values, and where they came from if that is asked for. jq 1.6,
// src/execute.c.
import { type Context, natives } from './builtins';
import { formats } from './formats';
import { brief, compare, isObject, type Json, type JsonObject, kindOf } from './json';
import { arithmetic } from './operators';
import { deletePaths, equal, fail, get, getPath, JqError, NOWHERE, setPath, shown } from './paths';
import { PRELUDE } from './prelude';
import { CompileError, type Definition, type Node, type Pattern, parseLibrary } from './syntax';

/** A value, and its path from the input where paths are followed: NOWHERE for what is no part of the input. */
export type Item = [value: Json, path: Json[] | undefined];

/** Thrown by `break`; each run of a `label` has its own. */
class Break extends Error {
  constructor(readonly label: object) {
    super('break');
  }
}

/** A program that does not end is ended. */
export class Exhausted extends Error {}

const MOST_STEPS = 10_000_000; // some seconds
const STEPS_PER_VALUE = 4; // what is kept costs more than what is passed
const MOST_DEPTH = 2500; // of calls in calls: what the host's stack holds

interface Closure {
  node: Node;
  env: Env;
}
interface Function {
  definition: Definition;
  env: Env | undefined;
}

/** What is in sight: variables, functions, arguments, labels, the innermost first. */
export type Env =
  | { kind: 'variable'; name: string; value: Json; up: Env | undefined }
  | { kind: 'function'; name: string; definition: Definition; up: Env | undefined }
  | { kind: 'closure'; name: string; closure: Closure; up: Env | undefined }
  | { kind: 'label'; name: string; label: object; up: Env | undefined };

const keyOf = (name: string, arity: number): string => `${name}/${arity}`;
const LIBRARY = new Map(
  parseLibrary(PRELUDE).map((definition) => [keyOf(definition.name, definition.parameters.length), definition]),
);

const bare = (parameter: string): string => parameter.replace('$', '');

/** Refuses what is not defined, before anything runs; gives what functions are called, `input/0`. */
export function check(node: Node, names: ReadonlySet<string>): ReadonlySet<string> {
  const called = new Set<string>();
  const walk = (each: unknown, scope: Scope): void => {
    if (!each || typeof each !== 'object' || each instanceof Map) return;
    if (Array.isArray(each)) {
      for (const item of each) walk(item, scope);
      return;
    }
    visit(each as Node, scope);
  };
  const visit = (each: Node, scope: Scope): void => {
    switch (each.t) {
      case 'variable':
        if (!scope.variables.has(each.name)) throw new CompileError(`$${each.name} is not defined`, each.at);
        return;
      case 'break':
        if (!scope.labels.has(each.name)) throw new CompileError(`$*label-${each.name} is not defined`, each.at);
        return;
      case 'label':
        return walk(each.body, { ...scope, labels: new Set([...scope.labels, each.name]) });
      case 'call': {
        const key = keyOf(each.name, each.args.length);
        if (!scope.functions.has(key) && !LIBRARY.has(key) && !(key in natives))
          throw new CompileError(`${key} is not defined`, each.at);
        called.add(key);
        return walk(each.args, scope);
      }
      case 'define': {
        const { name, parameters, body } = each.definition;
        const own = keyOf(name, parameters.length);
        const inner = {
          ...scope,
          functions: new Set([...scope.functions, own, ...parameters.map((p) => keyOf(bare(p), 0))]),
          variables: new Set([...scope.variables, ...parameters.filter((p) => p.startsWith('$')).map(bare)]),
        };
        walk(body, inner);
        return walk(each.body, { ...scope, functions: new Set([...scope.functions, own]) });
      }
      case 'bind':
      case 'reduce':
      case 'foreach': {
        walk(each.source, scope);
        const patterns = each.t === 'bind' ? each.patterns : [each.pattern];
        const variables = new Set([...scope.variables, ...patterns.flatMap(variablesOf)]);
        walk(patterns.map(keysOf), { ...scope, variables });
        if (each.t !== 'bind') walk(each.start, scope);
        return walk(each.t === 'bind' ? each.body : [each.update, each.t === 'foreach' ? each.extract : undefined], {
          ...scope,
          variables,
        });
      }
      case 'literal':
        return;
      default:
        for (const part of Object.values(each)) walk(part, scope);
    }
  };
  visit(node, { variables: names, functions: new Set(), labels: new Set() });
  return called;
}

interface Scope {
  variables: ReadonlySet<string>;
  functions: ReadonlySet<string>;
  labels: ReadonlySet<string>;
}

function variablesOf(pattern: Pattern): string[] {
  if (pattern.t === 'variable') return [pattern.name];
  if (pattern.t === 'array') return pattern.items.flatMap(variablesOf);
  return pattern.entries.flatMap(({ variable, value }) => [
    ...(variable === undefined ? [] : [variable]),
    ...(value ? variablesOf(value) : []),
  ]);
}

const keysOf = (pattern: Pattern): Node[] =>
  pattern.t === 'variable'
    ? []
    : pattern.t === 'array'
      ? pattern.items.flatMap(keysOf)
      : pattern.entries.flatMap(({ key, value }) => [key, ...(value ? keysOf(value) : [])]);

const truth = (value: Json): boolean => value !== null && value !== false;

export class Evaluator {
  private steps = 0;
  private depth = 0;

  constructor(readonly context: Context) {}

  /** All values of a program for an input. */
  *values(node: Node, env: Env | undefined, input: Json): Generator<Json> {
    for (const [value] of this.run(node, env, [input, undefined])) {
      if ((this.steps += STEPS_PER_VALUE) > MOST_STEPS) throw new Exhausted();
      yield value;
    }
  }

  *paths(node: Node, env: Env | undefined, input: Json): Generator<Json[]> {
    for (const [value, path] of this.run(node, env, [input, []])) {
      if (path === NOWHERE) fail(`Invalid path expression with result ${brief(value)}`);
      yield path as Json[];
    }
  }

  *run(node: Node, env: Env | undefined, item: Item): Generator<Item> {
    if (++this.steps > MOST_STEPS) throw new Exhausted();
    const [input, path] = item;
    const made = (value: Json): Item => [value, path && NOWHERE];
    switch (node.t) {
      case 'identity':
        yield item;
        return;
      case 'recurse':
        yield* this.everything(item);
        return;
      case 'literal':
        yield made(node.value);
        return;
      case 'index':
        for (const target of this.run(node.target, env, item))
          for (const key of this.values(node.key, env, input)) yield this.step(target, key);
        return;
      case 'slice':
        for (const target of this.run(node.target, env, item))
          for (const to of node.to ? this.values(node.to, env, input) : [null])
            for (const from of node.from ? this.values(node.from, env, input) : [null])
              yield this.step(target, new Map<string, Json>([['start', from]]).set('end', to));
        return;
      case 'iterate':
        for (const target of this.run(node.target, env, item)) yield* this.each(target);
        return;
      case 'try':
        yield* this.attempt(node, env, item);
        return;
      case 'string':
        for (const text of this.interpolated(node.parts, node.format, env, input)) yield made(text);
        return;
      case 'format':
        yield made(this.format(node.name, input));
        return;
      case 'array':
        yield made(node.body ? [...this.values(node.body, env, input)] : []);
        return;
      case 'object':
        for (const object of this.objects(node.entries, env, input, new Map())) yield made(object);
        return;
      case 'negate':
        for (const value of this.values(node.body, env, input))
          yield made(typeof value === 'number' ? -value : fail(`${shown(value)} cannot be negated`));
        return;
      case 'pipe':
        for (const middle of this.run(node.left, env, item)) yield* this.run(node.right, env, middle);
        return;
      case 'comma':
        yield* this.run(node.left, env, item);
        yield* this.run(node.right, env, item);
        return;
      case 'and':
      case 'or':
        for (const left of this.values(node.left, env, input)) {
          if (truth(left) === (node.t === 'or')) yield made(node.t === 'or');
          else for (const right of this.values(node.right, env, input)) yield made(truth(right));
        }
        return;
      case 'alternative':
        yield* this.alternative(node.left, node.right, env, item);
        return;
      case 'binary':
        for (const right of this.values(node.right, env, input))
          for (const left of this.values(node.left, env, input)) yield made(binary(node.op, left, right));
        return;
      case 'assign':
        for (const value of this.assigned(node.op, node.left, node.right, env, input)) yield made(value);
        return;
      case 'if':
        for (const condition of this.values(node.condition, env, input)) {
          const branch = truth(condition) ? node.yes : node.no;
          if (branch) yield* this.run(branch, env, item);
          else yield item;
        }
        return;
      case 'reduce': {
        for (const start of this.run(node.start, env, item)) {
          let state: Item | undefined = start;
          for (const value of this.run(node.source, env, item))
            for (const inner of this.bindings(node.pattern, value[0], env, input)) {
              let last: Item | undefined;
              for (const next of state ? this.run(node.update, inner, state) : []) last = next;
              state = last ?? made(null);
            }
          yield state;
        }
        return;
      }
      case 'foreach':
        for (const start of this.run(node.start, env, item)) {
          let state = start;
          for (const value of this.run(node.source, env, item))
            for (const inner of this.bindings(node.pattern, value[0], env, input))
              for (const next of this.run(node.update, inner, state)) {
                state = next;
                if (node.extract) yield* this.run(node.extract, inner, next);
                else yield next;
              }
        }
        return;
      case 'define': {
        const { name, parameters } = node.definition;
        yield* this.run(
          node.body,
          { kind: 'function', name: keyOf(name, parameters.length), definition: node.definition, up: env },
          item,
        );
        return;
      }
      case 'variable':
        yield made(this.variable(node.name, env));
        return;
      case 'bind':
        yield* this.bound(node, env, item);
        return;
      case 'label': {
        const label = {};
        try {
          yield* this.run(node.body, { kind: 'label', name: node.name, label, up: env }, item);
        } catch (error) {
          if (!(error instanceof Break) || error.label !== label) throw error;
        }
        return;
      }
      case 'break': {
        for (let at = env; at; at = at.up) if (at.kind === 'label' && at.name === node.name) throw new Break(at.label);
        return;
      }
      case 'call':
        yield* this.call(node, env, item);
    }
  }

  private step([value, path]: Item, key: Json): Item {
    if (path === NOWHERE) return fail(`Invalid path expression with result ${brief(value)}`);
    return [get(value, key), path && [...path, key]];
  }

  private *each([value, path]: Item): Generator<Item> {
    if (path === NOWHERE) fail(`Invalid path expression with result ${brief(value)}`);
    if (Array.isArray(value)) for (const [i, each] of value.entries()) yield [each, path && [...path, i]];
    else if (isObject(value)) for (const [key, each] of value) yield [each, path && [...path, key]];
    else fail(`Cannot iterate over ${value === null ? 'null (null)' : shown(value)}`);
  }

  private *everything(item: Item): Generator<Item> {
    if (++this.steps > MOST_STEPS) throw new Exhausted();
    yield item;
    if (Array.isArray(item[0]) || isObject(item[0])) for (const each of this.each(item)) yield* this.everything(each);
  }

  private *attempt(node: Node & { t: 'try' }, env: Env | undefined, item: Item): Generator<Item> {
    const run = this.run(node.body, env, item);
    for (;;) {
      let next: IteratorResult<Item>;
      try {
        next = run.next();
      } catch (error) {
        if (!(error instanceof JqError)) throw error;
        if (node.handler) yield* this.run(node.handler, env, [error.value, item[1] && NOWHERE]);
        return;
      }
      if (next.done) return;
      yield next.value;
    }
  }

  private *alternative(left: Node, right: Node, env: Env | undefined, item: Item): Generator<Item> {
    let any = false;
    try {
      for (const each of this.run(left, env, item)) {
        if (!truth(each[0])) continue;
        any = true;
        yield each;
      }
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
    }
    if (!any) yield* this.run(right, env, item);
  }

  private *interpolated(
    parts: readonly (string | Node)[],
    format: string,
    env: Env | undefined,
    input: Json,
  ): Generator<string> {
    const [part, ...rest] = parts;
    if (part === undefined) {
      yield '';
      return;
    }
    for (const value of typeof part === 'string' ? [part] : this.values(part, env, input)) {
      const text = typeof part === 'string' ? part : String(this.format(format, value));
      for (const more of this.interpolated(rest, format, env, input)) yield text + more;
    }
  }

  private format(name: string, value: Json): Json {
    const format = formats[name];
    return format ? format(value) : fail(`${name} is not a valid format`);
  }

  private *objects(
    entries: readonly [Node, Node][],
    env: Env | undefined,
    input: Json,
    made: JsonObject,
  ): Generator<JsonObject> {
    const [entry, ...rest] = entries;
    if (!entry) {
      yield made;
      return;
    }
    for (const key of this.values(entry[0], env, input)) {
      if (typeof key !== 'string') fail(`Object keys must be strings`);
      for (const value of this.values(entry[1], env, input))
        yield* this.objects(rest, env, input, new Map(made).set(key as string, value));
    }
  }

  private *assigned(op: string, left: Node, right: Node, env: Env | undefined, input: Json): Generator<Json> {
    if (op === '|=') {
      let value = input;
      const gone: Json[][] = [];
      for (const path of this.paths(left, env, input)) {
        const { value: next, done } = this.values(right, env, getPath(value, path)).next();
        if (done) gone.push(path);
        else value = setPath(value, path, next);
      }
      yield gone.length > 0 ? deletePaths(value, gone) : value;
      return;
    }
    for (const operand of this.values(right, env, input)) {
      let value = input;
      for (const path of this.paths(left, env, input)) {
        const old = op === '=' ? null : getPath(value, path);
        const next =
          op === '='
            ? operand
            : op === '//='
              ? truth(old)
                ? old
                : operand
              : arithmetic(op[0] as string, old, operand);
        value = setPath(value, path, next);
      }
      yield value;
    }
  }

  private *bindings(pattern: Pattern, value: Json, env: Env | undefined, input: Json): Generator<Env | undefined> {
    if (pattern.t === 'variable') {
      yield { kind: 'variable', name: pattern.name, value, up: env };
      return;
    }
    if (pattern.t === 'array') {
      if (value !== null && !Array.isArray(value)) fail(`Cannot index ${kindOf(value)} with number`);
      yield* this.several(
        pattern.items.map((each, i) => (inner: Env | undefined) => this.bindings(each, get(value, i), inner, input)),
        env,
      );
      return;
    }
    const steps = pattern.entries.map(({ key, variable, value: nested }) => {
      const self = this;
      return function* (inner: Env | undefined): Generator<Env | undefined> {
        for (const name of self.values(key, inner, input)) {
          const found = get(
            value,
            typeof name === 'string' ? name : fail(`Cannot index ${kindOf(value)} with ${kindOf(name)}`),
          );
          const own: Env | undefined =
            variable === undefined ? inner : { kind: 'variable', name: variable, value: found, up: inner };
          if (nested) yield* self.bindings(nested, found, own, input);
          else yield own;
        }
      };
    });
    yield* this.several(steps, env);
  }

  private *several(
    steps: readonly ((env: Env | undefined) => Generator<Env | undefined>)[],
    env: Env | undefined,
  ): Generator<Env | undefined> {
    const [step, ...rest] = steps;
    if (!step) yield env;
    else for (const inner of step(env)) yield* this.several(rest, inner);
  }

  private *bound(node: Node & { t: 'bind' }, env: Env | undefined, item: Item): Generator<Item> {
    const { patterns } = node;
    const all = patterns.flatMap(variablesOf);
    for (const value of this.values(node.source, env, item[0])) {
      if (patterns.length === 1) {
        for (const inner of this.bindings(patterns[0] as Pattern, value, env, item[0]))
          yield* this.run(node.body, inner, item);
        continue;
      }
      const empty = all.reduce<Env | undefined>((up, name) => ({ kind: 'variable', name, value: null, up }), env);
      for (const [i, pattern] of patterns.entries()) {
        try {
          for (const inner of this.bindings(pattern, value, empty, item[0])) yield* this.run(node.body, inner, item);
          break;
        } catch (error) {
          if (!(error instanceof JqError) || i === patterns.length - 1) throw error;
        }
      }
    }
  }

  private variable(name: string, env: Env | undefined): Json {
    for (let at = env; at; at = at.up) if (at.kind === 'variable' && at.name === name) return at.value;
    return this.context.variables.get(name) ?? null;
  }

  private *call(node: Node & { t: 'call' }, env: Env | undefined, item: Item): Generator<Item> {
    const key = keyOf(node.name, node.args.length);
    for (let at = env; at; at = at.up) {
      if (at.kind === 'closure' && at.name === key) {
        yield* this.run(at.closure.node, at.closure.env, item);
        return;
      }
      if (at.kind === 'function' && at.name === key) {
        yield* this.apply({ definition: at.definition, env: at }, node.args, env, item);
        return;
      }
    }
    const native = natives[key];
    if (native) {
      yield* native(this, node.args, env, item);
      return;
    }
    yield* this.apply({ definition: LIBRARY.get(key) as Definition, env: undefined }, node.args, env, item);
  }

  private *apply(
    { definition, env: home }: Function,
    args: readonly Node[],
    env: Env | undefined,
    item: Item,
  ): Generator<Item> {
    if (this.depth > MOST_DEPTH) throw new Exhausted();
    this.depth++;
    try {
      yield* this.applied(definition, home, args, env, item, 0);
    } finally {
      this.depth--;
    }
  }

  private *applied(
    definition: Definition,
    inner: Env | undefined,
    args: readonly Node[],
    env: Env | undefined,
    item: Item,
    i: number,
  ): Generator<Item> {
    const parameter = definition.parameters[i];
    if (parameter === undefined) {
      yield* this.run(definition.body, inner, item);
      return;
    }
    const name = keyOf(bare(parameter), 0);
    const node = args[i] as Node;
    if (!parameter.startsWith('$')) {
      const next: Env = { kind: 'closure', name, closure: { node, env: env as Env }, up: inner };
      yield* this.applied(definition, next, args, env, item, i + 1);
      return;
    }
    for (const value of this.values(node, env, item[0])) {
      const literal: Node = { t: 'literal', value };
      const bound: Env = { kind: 'variable', name: bare(parameter), value, up: inner };
      const next: Env = { kind: 'closure', name, closure: { node: literal, env: bound }, up: bound };
      yield* this.applied(definition, next, args, env, item, i + 1);
    }
  }
}

function binary(op: string, left: Json, right: Json): Json {
  switch (op) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case '<':
      return compare(left, right) < 0;
    case '<=':
      return compare(left, right) <= 0;
    case '>':
      return compare(left, right) > 0;
    case '>=':
      return compare(left, right) >= 0;
    default:
      return arithmetic(op, left, right);
  }
}
