// Definitions as PostgreSQL writes them back: constraints, indexes, expressions (src/backend/utils/adt/ruleutils.c).
import type { Tree } from '../sql/postgres-parser';
import { type Constraint, columnNumbered, type Index, type Table } from './catalog';
import { quoteIdent, quoteText } from './quote';
import { displayType, isNumberType, readTypeName } from './types';
import { input, output } from './values';

const names = (table: Table, numbers: number[]): string =>
  numbers.map((number) => quoteIdent(columnNumbered(table, number).name)).join(', ');

const ACTIONS: Record<string, string> = { r: 'RESTRICT', c: 'CASCADE', n: 'SET NULL', d: 'SET DEFAULT' };

export function constraintText(
  table: Table,
  constraint: Constraint,
  tableOf: (oid: number) => Table,
  nameOf: (table: Table) => string,
): string {
  if (constraint.k === 'key')
    return `${constraint.primary ? 'PRIMARY KEY' : 'UNIQUE'} (${names(table, constraint.columns)})`;
  if (constraint.k === 'check') return `CHECK (${expressionText(constraint.expression, table)})`;
  const target = tableOf(constraint.table);
  const update = ACTIONS[constraint.onUpdate];
  const remove = ACTIONS[constraint.onDelete];
  return `FOREIGN KEY (${names(table, constraint.columns)}) REFERENCES ${nameOf(target)}(${names(target, constraint.references)})${update ? ` ON UPDATE ${update}` : ''}${remove ? ` ON DELETE ${remove}` : ''}`;
}

export function indexText(table: Table, index: Index): string {
  const elements = index.elements.map((element) => {
    const what = element.name !== undefined ? quoteIdent(element.name) : wrap(element.expr, table);
    return `${what}${element.ordering === 'SORTBY_DESC' ? ' DESC' : ''}${element.nulls_ordering === 'SORTBY_NULLS_LAST' ? ' NULLS LAST' : element.nulls_ordering === 'SORTBY_NULLS_FIRST' ? ' NULLS FIRST' : ''}`;
  });
  const where = index.where ? ` WHERE (${expressionText(index.where, table)})` : '';
  return `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quoteIdent(index.name)} ON ${quoteIdent(table.schema)}.${quoteIdent(table.name)} USING ${index.method} (${elements.join(', ')})${where}`;
}

const wrap = (node: Tree, table: Table): string =>
  node.FuncCall ? expressionText(node, table) : `(${expressionText(node, table)})`;

/** An expression of a default, a check or an index, in the pretty form that psql shows. */
export function expressionText(node: Tree, table?: Table): string {
  const text = (inner: Tree): string => expressionText(inner, table);
  const inner = (child: Tree): string => (child.A_Expr || child.BoolExpr ? `(${text(child)})` : text(child));
  if (node.A_Const) return constant(node.A_Const);
  if (node.ColumnRef)
    return node.ColumnRef.fields.map((f: Tree) => (f.String ? quoteIdent(f.String.sval) : '*')).join('.');
  if (node.TypeCast) {
    const type = displayType(readTypeName(node.TypeCast.typeName, () => true));
    return `${inner(node.TypeCast.arg).replace(/::text$/, '')}::${type}`;
  }
  if (node.FuncCall) {
    const name = node.FuncCall.funcname.at(-1).String.sval;
    const args = (node.FuncCall.args ?? []).map((arg: Tree) => typedText(arg, undefined, table)).join(', ');
    return `${name.toLowerCase() === 'btrim' || name === 'substring' ? name.toUpperCase() : quoteIdent(name)}(${args})`;
  }
  if (node.SQLValueFunction) return node.SQLValueFunction.op.replace('SVFOP_', '').replace(/_N$/, '');
  if (node.A_Expr) return operation(node.A_Expr, table, inner);
  if (node.BoolExpr) {
    const { boolop, args } = node.BoolExpr;
    if (boolop === 'NOT_EXPR') return `NOT ${inner(args[0])}`;
    return args.map(inner).join(boolop === 'AND_EXPR' ? ' AND ' : ' OR ');
  }
  if (node.NullTest)
    return `${inner(node.NullTest.arg)} IS ${node.NullTest.nulltesttype === 'IS_NULL' ? 'NULL' : 'NOT NULL'}`;
  if (node.CoalesceExpr) return `COALESCE(${node.CoalesceExpr.args.map(text).join(', ')})`;
  if (node.A_ArrayExpr)
    return `ARRAY[${(node.A_ArrayExpr.elements ?? []).map((e: Tree) => typedText(e, 'text', table)).join(', ')}]`;
  return '…';
}

function constant(value: Tree): string {
  if (value.isnull) return 'NULL';
  if (value.sval) return `${quoteText(value.sval.sval ?? '')}::text`;
  if (value.boolval) return value.boolval.boolval ? 'true' : 'false';
  if (value.fval) return value.fval.fval;
  return String(value.ival?.ival ?? 0);
}

/** A constant beside a column of a type is shown with that type. */
function typedText(node: Tree, type: string | undefined, table?: Table): string {
  const value = node.A_Const;
  if (value?.sval && type) return `${quoteText(value.sval.sval ?? '')}::${displayType({ type })}`;
  if (value && type === 'numeric' && (value.ival || value.fval)) return `${constant(value)}::numeric`;
  if (value && (type === 'float8' || type === 'float4') && (value.ival || value.fval))
    return `${constant(value)}::${displayType({ type })}`;
  return expressionText(node, table);
}

function columnType(node: Tree, table?: Table): string | undefined {
  const name = node.ColumnRef?.fields.at(-1)?.String?.sval;
  return table?.columns.find((column) => column.name === name && !column.dropped)?.type;
}

function operation(expression: Tree, table: Table | undefined, inner: (node: Tree) => string): string {
  const { kind, lexpr, rexpr, name } = expression;
  const operator = name.at(-1).String.sval;
  const type = lexpr ? columnType(lexpr, table) : undefined;
  const other = rexpr && !rexpr.List ? columnType(rexpr, table) : undefined;
  const beside = type === 'varchar' ? 'text' : type;
  const left = (): string =>
    type === 'varchar' ? `${inner(lexpr)}::text` : lexpr.A_Const ? typedText(lexpr, other, table) : inner(lexpr);
  const right = (node: Tree): string => (node.A_Const ? typedText(node, beside, table) : inner(node));
  if (kind === 'AEXPR_IN') {
    const items = rexpr.List.items.map((item: Tree) =>
      item.A_Const?.sval ? typedText(item, type === 'varchar' ? 'varchar' : (beside ?? 'text'), table) : right(item),
    );
    const array = `ARRAY[${items.join(', ')}]`;
    return `${left()} ${operator === '=' ? '= ANY' : '<> ALL'} (${type === 'varchar' ? `${array}::text[]` : array})`;
  }
  if (kind === 'AEXPR_BETWEEN') {
    const [low, high] = rexpr.List.items;
    return `${left()} >= ${right(low)} AND ${left()} <= ${right(high)}`;
  }
  if (!lexpr) return `${operator} ${inner(rexpr)}`;
  return `${left()} ${operator} ${right(rexpr)}`;
}

/** The default of a column as `\d` shows it. */
export function defaultText(node: Tree, type: string): string {
  const value = node.A_Const;
  if (value?.sval) return `${quoteText(normal(type, value.sval.sval ?? ''))}::${displayType({ type })}`;
  if (value?.ival && value.ival.ival < 0) return `'${value.ival.ival}'::integer`;
  if (node.A_Expr && !node.A_Expr.lexpr && isNumberType(type))
    return `'-${expressionText(node.A_Expr.rexpr)}'::${displayType({ type: node.A_Expr.rexpr.A_Const?.fval ? 'numeric' : 'int4' })}`;
  if (node.FuncCall?.funcname.at(-1).String.sval === 'nextval') {
    const arg = node.FuncCall.args[0];
    const name = arg.A_Const?.sval?.sval ?? arg.TypeCast?.arg.A_Const?.sval?.sval;
    if (name !== undefined) return `nextval(${quoteText(name)}::regclass)`;
  }
  return expressionText(node);
}

/** A constant in the form of its type: a day is a moment of it. */
function normal(type: string, text: string): string {
  if (!/^(date|time)/.test(type) || /^(now|today|tomorrow|yesterday)$/i.test(text)) return text;
  try {
    return output(
      type,
      input({ type }, text, () => 0),
    );
  } catch {
    return text;
  }
}
