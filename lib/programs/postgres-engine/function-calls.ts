// Calls of functions: finding the one that fits the types of the arguments.
import type { Tree } from '../sql/postgres-parser';
import { aggregateCall, isAggregate, isWindow } from './aggregates';
import { asJson, asText, cast, implicit } from './casts';
import type { Compiler, Expr, Scope } from './compiler';
import { PgError } from './error';
import { type Fn, functionsNamed } from './functions';
import { displayType, elementOf, isArray, isFloat, isInteger, isReg, typeNamed } from './types';

export function callFunction(c: Compiler, call: Tree, scope: Scope): Expr {
  const name = call.funcname.at(-1).String.sval as string;
  if (isAggregate(name) || isWindow(name)) return aggregateCall(c, call, name, scope);
  const args = ((call.args ?? []) as Tree[]).map((arg) => c.expr(arg.NamedArgExpr?.arg ?? arg, scope));
  const fn = resolve(name, args, call);
  const result = invoke(c, fn, args);
  if (!fn.set) return result;
  // set-returning functions of the select list run side by side, as one more source of rows
  scope.extra.push(result.sql);
  return fromJson(`json_extract(srf.value, '$[${scope.extra.length - 1}]')`, result.type);
}

/** A set-returning function of FROM: its rows as JSON, and the type of one. */
export function rowsOfFunction(c: Compiler, call: Tree, scope: Scope): Expr | undefined {
  const name = call.funcname.at(-1).String.sval as string;
  const args = ((call.args ?? []) as Tree[]).map((arg) => c.expr(arg, scope));
  const fn = resolve(name, args, call);
  return fn.set ? invoke(c, fn, args) : undefined;
}

export const fromJson = (sql: string, type: string): Expr =>
  isInteger(type) || type === 'oid' || isReg(type) ? { sql: `CAST(${sql} AS INTEGER)`, type } : { sql, type };

function resolve(name: string, args: Expr[], call: Tree): Fn {
  const candidates = functionsNamed(name).filter((fn) => fits(fn, args));
  const best = candidates.sort((a, b) => score(b, args) - score(a, args))[0];
  if (best) return best;
  const types = args.map((arg) => displayType({ type: arg.type })).join(', ');
  throw new PgError('42883', `function ${name}(${types}) does not exist`, {
    hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
    at: call.location,
  });
}

/** The catalogue's own arrays. */
const VECTOR = /^(int2|oid)vector$/;

const wanted = (fn: Fn, i: number): string | undefined => fn.args[i] ?? (fn.variadic ? fn.args.at(-1) : undefined);

function fits(fn: Fn, args: Expr[]): boolean {
  if (args.length < fn.args.length - (fn.variadic ? 1 : 0)) return false;
  return args.every((arg, i) => {
    const type = wanted(fn, i);
    if (type === undefined) return false;
    if (type === 'out' || type === 'typeof') return true;
    if (type === 'anyarray') return isArray(arg.type) || arg.type === 'unknown' || VECTOR.test(arg.type);
    if (type === 'json' && fn.name !== 'json_array_length')
      return fn.lax || /to_json/.test(fn.name) || arg.type === 'json' || arg.type === 'unknown';
    if (type === 'text' && (fn.name.startsWith('pg_get_expr') || arg.type === 'name')) return true;
    return implicit(arg.type, type);
  });
}

/** Exact matches win, then preferred types: float8 and text for what is unknown. */
const score = (fn: Fn, args: Expr[]): number =>
  args.reduce((sum, arg, i) => {
    const type = wanted(fn, i);
    if (type === arg.type) return sum + 4;
    if (arg.type === 'unknown')
      return sum + (type === 'text' ? 3 : type === 'timestamptz' || type === 'float8' ? 2 : 0);
    return sum + (type === 'float8' || type === 'timestamptz' ? 1 : type === 'numeric' && isFloat(arg.type) ? -1 : 0);
  }, 0);

function invoke(c: Compiler, fn: Fn, args: Expr[]): Expr {
  const sqls = args.map((arg, i) => argument(c, wanted(fn, i) as string, arg));
  const array = args.find(({ type }) => isArray(type) || VECTOR.test(type))?.type ?? '_text';
  const type = fn.result === 'same' ? array : fn.result === 'element' ? elementOf(array) : fn.result;
  const call = `${fn.id}(${sqls.join(', ')})`;
  if (fn.set) return { sql: call, type };
  if (isInteger(type) || type === 'oid' || type === 'bool' || isReg(type))
    return { sql: `CAST(${call} AS INTEGER)`, type };
  return { sql: call, type };
}

function argument(c: Compiler, type: string, arg: Expr): string {
  if (type === 'out') return arg.type === 'bool' ? asText(arg, false) : asText(arg);
  if (type === 'typeof') return String(typeNamed(arg.type).oid);
  if (type === 'anyarray') return arg.type === 'unknown' ? cast(c, arg, { type: '_text' }).sql : arg.sql;
  if (type === 'json') return asJson(arg);
  return cast(c, arg, { type }, false).sql;
}
