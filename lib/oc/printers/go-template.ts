// Go's text/template executed on JSON, as `-o go-template` does. Whole numbers are Go's ints, bigint here.
import { CliError } from '../errors';
import { goSyntax, goValue } from '../jsonpath/evaluate';
import { type Dyn, isMap, quote } from '../object';
import {
  type Expr,
  type Pipe,
  parseTemplate as parse,
  type Template,
  TemplateError,
  type TemplateNode,
} from './go-template-parse';
import { toCompactJson } from './json';
import { sprintf } from './sprintf';

export { TemplateError };

/** A template with the functions that kubectl gives it. */
export const parseTemplate = (text: string): Template => parse(text, NAMES);

/** A template's output; throws what kubectl prints when it does not execute. */
export function executeTemplate(template: Template, text: string, data: Dyn, allowMissing: boolean): string {
  const missing = Symbol('no value');
  const run = new Execution(template, allowMissing ? missing : undefined);
  try {
    const root = withIntegers(data);
    run.nodes(template.nodes, root, new Map([['$', root]]));
    return run.out;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const details = `Error executing template: ${error.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${text}\n\traw data was:\n\t\t${toCompactJson(data)}\n\tobject given to template engine was:\n\t\t${goValue(data)}\n\n`;
    throw new CliError(`error executing template ${quote(text)}: ${error.message}`, {
      stdout: `${run.out}${details}`,
    });
  }
}

/** JSON's whole numbers as ints. */
function withIntegers(value: Dyn): Dyn {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(withIntegers);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withIntegers(inner)]));
}

type Scope = Map<string, Dyn>;
class Break extends Error {}
class Continue extends Error {}

class Execution {
  out = '';

  constructor(
    private readonly template: Template,
    private readonly missing: symbol | undefined,
  ) {}

  nodes(nodes: TemplateNode[], dot: Dyn, scope: Scope): void {
    for (const node of nodes) this.node(node, dot, scope);
  }

  private node(node: TemplateNode, dot: Dyn, scope: Scope): void {
    switch (node.type) {
      case 'text':
        this.out += node.text;
        return;
      case 'action': {
        const value = this.pipe(node.pipe, dot, scope);
        if (node.pipe.declare.length === 0) this.out += this.show(value);
        return;
      }
      case 'break':
        throw new Break();
      case 'continue':
        throw new Continue();
      case 'template': {
        const body = this.template.named.get(node.name);
        if (!body) throw this.failure(node.name, 0, `template ${quote(node.name)} not defined`);
        const value = node.pipe ? this.pipe(node.pipe, dot, scope) : null;
        return this.nodes(body, value, new Map([['$', value]]));
      }
      case 'range':
        return this.range(node, dot, scope);
      default: {
        const inner = new Map(scope);
        const value = this.pipe(node.pipe, dot, inner);
        if (truth(value, this.missing)) this.nodes(node.body, node.type === 'with' ? value : dot, inner);
        else this.nodes(node.otherwise, dot, inner);
      }
    }
  }

  private range(node: TemplateNode & { type: 'if' | 'with' | 'range' }, dot: Dyn, scope: Scope): void {
    const { declare } = node.pipe;
    const value = this.pipe({ ...node.pipe, declare: [] }, dot, scope);
    const items = this.entries(value, node.pipe);
    if (items.length === 0) return this.nodes(node.otherwise, dot, new Map(scope));
    for (const [key, item] of items) {
      const inner = new Map(scope);
      if (declare.length === 1) inner.set(declare[0] as string, item);
      if (declare.length === 2) inner.set(declare[0] as string, key).set(declare[1] as string, item);
      try {
        this.nodes(node.body, item, inner);
      } catch (error) {
        if (error instanceof Break) return;
        if (!(error instanceof Continue)) throw error;
      }
    }
  }

  private entries(value: Dyn, { text, commands }: Pipe): [Dyn, Dyn][] {
    if (value === null || value === undefined || value === this.missing) return [];
    if (Array.isArray(value)) return value.map((item, i) => [BigInt(i), item]);
    if (isMap(value))
      return Object.keys(value)
        .sort()
        .map((key) => [key, value[key]]);
    throw this.failure(text, commands[0]?.[0]?.at ?? 0, `range can't iterate over ${goValue(value)}`);
  }

  private pipe(pipe: Pipe, dot: Dyn, scope: Scope): Dyn {
    let value: Dyn;
    pipe.commands.forEach((command, i) => {
      value = this.command(command, dot, scope, i > 0 ? [value] : []);
    });
    for (const name of pipe.declare) scope.set(name, value);
    return value;
  }

  private command([first, ...rest]: Expr[], dot: Dyn, scope: Scope, piped: Dyn[]): Dyn {
    const head = first as Expr;
    if (head.type === 'function') return this.call(head, rest, dot, scope, piped);
    if (rest.length > 0 || piped.length > 0)
      throw this.failure(exprText(head), head.at, `can't give argument to non-function ${exprText(head)}`);
    return this.evaluate(head, dot, scope);
  }

  private evaluate(expr: Expr, dot: Dyn, scope: Scope): Dyn {
    switch (expr.type) {
      case 'literal':
        return expr.value;
      case 'field':
        return this.path(dot, expr.path, expr);
      case 'variable':
        if (!scope.has(expr.name))
          throw new TemplateError(`template: output:1: undefined variable ${quote(expr.name)}`);
        return this.path(scope.get(expr.name), expr.path, expr);
      case 'pipe':
        return this.pipe(expr.pipe, dot, scope);
      case 'chain':
        return this.path(this.evaluate(expr.base, dot, scope), expr.path, expr);
      case 'function':
        return this.call(expr, [], dot, scope, []);
    }
  }

  private path(start: Dyn, path: string[], expr: Expr): Dyn {
    return path.reduce((value, name, i) => {
      if (value === this.missing || value === null || value === undefined) {
        if (i === 0 && value !== this.missing)
          throw this.failure(exprText(expr), expr.at, `nil data; no entry for key ${quote(name)}`);
        return this.missing ?? null;
      }
      if (!isMap(value))
        throw this.failure(exprText(expr), expr.at, `can't evaluate field ${name} in type interface {}`);
      if (Object.hasOwn(value, name)) return value[name];
      if (this.missing === undefined)
        throw this.failure(exprText(expr), expr.at, `map has no entry for key ${quote(name)}`);
      return this.missing;
    }, start);
  }

  private call(head: Expr & { type: 'function' }, rest: Expr[], dot: Dyn, scope: Scope, piped: Dyn[]): Dyn {
    const { name } = head;
    const lazy = rest.map((expr) => () => this.evaluate(expr, dot, scope));
    if (name === 'and' || name === 'or') {
      let value: Dyn;
      for (const next of [...lazy, ...piped.map((p) => () => p)]) {
        value = next();
        if (truth(value, this.missing) === (name === 'or')) return value;
      }
      return value;
    }
    const args = [...lazy.map((next) => next()), ...piped].map((arg) => (arg === this.missing ? null : arg));
    try {
      return FUNCTIONS[name]?.(...args);
    } catch (error) {
      const text = [name, ...rest.map(exprText)].join(' ');
      throw this.failure(text, head.at, `error calling ${name}: ${(error as Error).message}`);
    }
  }

  private show(value: Dyn): string {
    return value === this.missing || value === undefined || value === null ? '<no value>' : display(value);
  }

  private failure(where: string, at: number, why: string): TemplateError {
    return new TemplateError(`template: output:1:${at}: executing "output" at <${where}>: ${why}`);
  }
}

const exprText = (expr: Expr): string =>
  expr.type === 'field'
    ? `.${expr.path.join('.')}`
    : expr.type === 'variable'
      ? [expr.name, ...expr.path].join('.')
      : expr.type === 'literal'
        ? goSyntax(expr.value)
        : 'pipeline';

const typeName = (value: Dyn): string =>
  Array.isArray(value)
    ? '[]interface {}'
    : typeof value === 'bigint'
      ? 'int64'
      : typeof value === 'number'
        ? 'float64'
        : typeof value;

function truth(value: Dyn, missing: symbol | undefined): boolean {
  if (value === null || value === undefined || value === missing) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Go's %v of a float64: an exponent from a million on. */
function goFloat(value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 21 && (exponent < 6 || !Number.isFinite(value))) return String(value);
  const [mantissa, e = '0'] = value.toExponential().split('e');
  const digits = e.replace(/^[-+]/, '').padStart(2, '0');
  return `${mantissa}e${e.startsWith('-') ? '-' : '+'}${digits}`;
}

function display(value: Dyn): string {
  if (typeof value === 'number') return goFloat(value);
  if (Array.isArray(value)) return `[${value.map((v) => (v === null ? '<nil>' : display(v))).join(' ')}]`;
  if (!isMap(value)) return String(value);
  return `map[${Object.keys(value)
    .sort()
    .map((key) => `${key}:${value[key] === null ? '<nil>' : display(value[key])}`)
    .join(' ')}]`;
}

const comparable = (a: Dyn, b: Dyn): void => {
  if (typeof a !== typeof b) throw new Error('incompatible types for comparison');
};
const order = (test: (a: Dyn, b: Dyn) => boolean) => (a: Dyn, b: Dyn) => {
  comparable(a, b);
  return test(a, b);
};

function index(value: Dyn, ...keys: Dyn[]): Dyn {
  return keys.reduce((at, key) => {
    if (at === null || at === undefined) throw new Error('index of untyped nil');
    if (isMap(at)) return at[String(key)] ?? null;
    if (!Array.isArray(at) && typeof at !== 'string') throw new Error(`can't index item of type ${typeName(at)}`);
    if (typeof key !== 'bigint') throw new Error(`cannot index slice/array with type ${typeName(key)}`);
    if (key < 0n || key >= BigInt(at.length)) throw new Error(`index out of range: ${key}`);
    return at[Number(key)];
  }, value);
}

function exists(value: Dyn, ...keys: Dyn[]): boolean {
  try {
    const found = index(value, ...keys);
    return found !== null && found !== undefined;
  } catch {
    return false;
  }
}

const FUNCTIONS: Record<string, (...args: Dyn[]) => Dyn> = {
  not: (value) => !truth(value, undefined),
  len: (value) => {
    if (value === null || value === undefined) throw new Error('len of nil pointer');
    if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
    if (typeof value !== 'object') throw new Error(`len of type ${typeName(value)}`);
    return BigInt(Object.keys(value).length);
  },
  index,
  exists,
  slice: (value, from = 0n, to = BigInt(value.length)) => value.slice(Number(from), Number(to)),
  print: (...args) => args.map((arg) => (arg === null ? '<nil>' : display(arg))).join(' '),
  println: (...args) => `${args.map((arg) => (arg === null ? '<nil>' : display(arg))).join(' ')}\n`,
  printf: (format, ...args) => sprintf(format, args, display),
  html: (value) => display(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
  js: (value) => JSON.stringify(display(value)).slice(1, -1),
  urlquery: (value) => encodeURIComponent(display(value)).replaceAll('%20', '+'),
  base64decode: (value) => Buffer.from(String(value), 'base64').toString(),
  eq: (a, ...others) =>
    others.some((b) => {
      comparable(a, b);
      return a === b;
    }),
  ne: order((a, b) => a !== b),
  lt: order((a, b) => a < b),
  le: order((a, b) => a <= b),
  gt: order((a, b) => a > b),
  ge: order((a, b) => a >= b),
};

const NAMES: ReadonlySet<string> = new Set([...Object.keys(FUNCTIONS), 'and', 'or']);
