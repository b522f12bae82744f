// SELECT to SQLite's SQL: FROM, stars, grouping, unions, common table expressions, views.
import { errors } from '../../mysql-protocol/errors';
import type { Column, SqlType } from '../../mysql-protocol/types';
import type { Core, Expr, OrderItem, Select, SelectItem, TableRef } from '../ast';
import { keyKind, primaryKey, sameName, type Table } from '../catalog';
import { caseless, windowText } from './aggregates';
import type { Context, Relation, Virtual } from './context';
import { type EmittedQuery, ExpressionEmitter } from './expressions';
import { type Fragment, merge, NULL_TYPE, quoteId, valueFragment } from './fragment';
import { expandStar, type From, NOWHERE, type Scope, type Source, type SourceColumn } from './scope';

/** A query ready to run, with the columns a client is told of. */
export interface Query {
  sql: string;
  columns: Column[];
}

interface Item {
  name: string;
  alias?: string;
  fragment: Fragment;
  meta: Column;
}

interface Cte {
  columns: Column[];
  sql: string;
}

export class QueryEmitter extends ExpressionEmitter {
  private nextSource = 0;
  private readonly aliases = new Map<string, string>();
  private ctes: ReadonlyMap<string, Cte> = new Map();
  private viewDepth = 0;

  constructor(context: Context) {
    super(context);
  }

  protected override subquery(query: Select, scope: Scope | undefined): EmittedQuery {
    return this.select(query, scope);
  }

  /** A whole query. Its columns are named c0, c1, … in SQLite. */
  select(query: Select, parent?: Scope): Query {
    const outer = this.ctes;
    const withs = this.withClause(query, parent);
    try {
      const simple = query.rest.length === 0 && !('k' in query.first);
      const body = simple ? this.core(query.first as Core, parent, query.orderBy) : this.compound(query, parent);
      return { sql: `${withs}${body.sql}${this.limit(query)}`, columns: body.columns };
    } finally {
      this.ctes = outer;
    }
  }

  private withClause(query: Select, parent: Scope | undefined): string {
    if (query.with.length === 0) return '';
    const parts = query.with.map((cte) => {
      const id = `w${this.nextSource++}`;
      const known = new Map(this.ctes);
      if (cte.recursive) {
        // the first part alone says the columns' names and types
        const { rest: _, ...first } = cte.query;
        const { columns } = this.select({ ...first, rest: [] }, parent);
        known.set(cte.name.toLowerCase(), { sql: id, columns: renamed(columns, cte.columns) });
        this.ctes = known;
      }
      const emitted = this.select(cte.query, parent);
      known.set(cte.name.toLowerCase(), { sql: id, columns: renamed(emitted.columns, cte.columns) });
      this.ctes = known;
      const names = emitted.columns.map((_, i) => `c${i}`).join(', ');
      return `${id}(${names}) AS (${emitted.sql})`;
    });
    return `WITH RECURSIVE ${parts.join(', ')} `;
  }

  private compound(query: Select, parent: Scope | undefined): Query {
    const operands = [query.first, ...query.rest.map(({ of }) => of)].map((of) => {
      if (!('k' in of)) return this.core(of, parent, []);
      const inner = this.select(of, parent);
      return { sql: `SELECT * FROM (${inner.sql})`, columns: inner.columns };
    });
    const [first] = operands as [Query];
    for (const other of operands) if (other.columns.length !== first.columns.length) throw errors.unionColumns();
    const columns = first.columns.map((column, i) => ({
      name: column.name,
      type: operands.map((o) => (o.columns[i] as Column).type).reduce(merge, NULL_TYPE),
    }));
    const sql = operands.map((o, i) => (i === 0 ? o.sql : ` ${query.rest[i - 1]?.op} ${o.sql}`)).join('');
    const order = query.orderBy.map((item) => `${this.position(item, columns) + 1}${item.desc ? ' DESC' : ''}`);
    return { sql: order.length > 0 ? `${sql} ORDER BY ${order.join(', ')}` : sql, columns };
  }

  /** Which column of a union ORDER BY means. */
  private position({ of }: OrderItem, columns: Column[]): number {
    if (of.k === 'int') return Number(of.value) - 1;
    const name = of.k === 'col' ? of.name : '';
    const found = columns.findIndex((column) => sameName(column.name, name));
    if (found < 0) throw errors.badField(name, 'order clause');
    return found;
  }

  private limit(query: Select): string {
    if (!query.limit) return '';
    const none: Scope = { from: NOWHERE, clause: 'limit' };
    const { count, offset } = query.limit;
    const skip = offset ? ` OFFSET ${this.expr(offset, none).sql}` : '';
    return ` LIMIT ${this.expr(count, none).sql}${skip}`;
  }

  private core(core: Core, parent: Scope | undefined, orderBy: OrderItem[]): Query {
    if (core.values) return this.values(core.values, parent);
    const seenBefore = this.aggregateSeen;
    this.aggregateSeen = false;
    const from = core.from ? this.from(core.from, parent) : NOWHERE;
    const inClause = (clause: string, more: Partial<Scope> = {}): Scope => ({
      from,
      clause,
      ...(parent ? { parent } : {}),
      ...more,
    });
    const where = core.where ? ` WHERE ${this.condition(core.where, inClause('where clause'))}` : '';
    this.refuseAggregate();
    const used: ColumnUse[] = [];
    const items = this.items(core.items, inClause('field list'), used, from);
    const aliases = new Map(
      items.flatMap((item) => (item.alias ? [[item.alias.toLowerCase(), item.fragment] as const] : [])),
    );
    const groups = core.groupBy.map((of) => this.groupItem(of, items, inClause('group statement', { aliases })));
    const having = core.having
      ? ` HAVING ${this.condition(core.having, inClause('having clause', { aliases: withColumns(aliases, items), aliasFirst: true }))}`
      : '';
    const order = this.order(orderBy, items, inClause('order clause', { aliases, aliasFirst: true }));
    if (this.context.onlyFullGroupBy) this.checkGrouping(used, items, groups, this.aggregateSeen);
    const grouped = groups.length > 0 ? ` GROUP BY ${groups.map(caseless).join(', ')}` : '';
    const windows = core.windows.map(
      ({ name, window }) => `${quoteId(name)} AS ${windowText(window, (e) => this.expr(e, inClause('window')))}`,
    );
    const aggregated = this.aggregateSeen;
    this.aggregateSeen = seenBefore;
    const list = items.map((item, i) => `${item.fragment.sql} AS c${i}`).join(', ');
    // SQLite refuses HAVING where nothing is grouped; there it is one more condition
    const impliedHaving =
      having && !grouped && !aggregated ? having.replace(' HAVING ', where ? ' AND ' : ' WHERE ') : '';
    const sql = `SELECT ${core.distinct ? 'DISTINCT ' : ''}${list}${from.sql ? ` FROM ${from.sql}` : ''}${where}${impliedHaving || `${grouped}${having}`}${windows.length > 0 ? ` WINDOW ${windows.join(', ')}` : ''}${order}`;
    const columns = items.map(({ name, meta }) => ({ ...meta, name }));
    if (!core.rollup) return { sql, columns };
    return { sql: this.rollup(list, `${from.sql ? ` FROM ${from.sql}` : ''}${where}`, groups, having, order), columns };
  }

  /** GROUP BY … WITH ROLLUP: one more query a level, with NULL for what is rolled up. */
  private rollup(list: string, source: string, groups: Fragment[], having: string, order: string): string {
    const levels = groups.map((_, i) => groups.length - i).concat(0);
    const queries = levels.map((kept) => {
      const gone = groups.slice(kept);
      const items = gone.reduce((text, group) => text.replaceAll(`${group.sql} AS c`, 'NULL AS c'), list);
      const by = kept > 0 ? ` GROUP BY ${groups.slice(0, kept).map(caseless).join(', ')}` : '';
      return `SELECT ${items}${source}${by}${having}`;
    });
    const keys = groups.flatMap((group) => {
      const at = list.indexOf(`${group.sql} AS c`);
      const name = at < 0 ? undefined : /^.*? AS (c\d+)/.exec(list.slice(at + group.sql.length))?.[1];
      return name ? [`${name} IS NULL`, name] : [];
    });
    const sorted = order || (keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '');
    return `SELECT * FROM (${queries.join(' UNION ALL ')})${sorted}`;
  }

  private values(rows: Expr[][], parent: Scope | undefined): Query {
    const scope: Scope = { from: NOWHERE, clause: 'field list', ...(parent ? { parent } : {}) };
    const fragments = rows.map((row) => row.map((item) => this.expr(item, scope)));
    const columns = (fragments[0] ?? []).map((_, i) => ({
      name: `column_${i}`,
      type: fragments.map((row) => row[i]?.type ?? NULL_TYPE).reduce(merge, NULL_TYPE),
    }));
    const names = columns.map((_, i) => `column${i + 1} AS c${i}`).join(', ');
    const list = fragments.map((row) => `(${row.map((f) => f.sql).join(', ')})`).join(', ');
    return { sql: `SELECT ${names} FROM (VALUES ${list})`, columns };
  }

  private refuseAggregate(): void {
    if (this.aggregateSeen) throw errors.invalidGroupFunc();
  }

  /** A condition: text counts by its leading number. */
  condition(expr: Expr, scope: Scope): string {
    const f = this.expr(expr, scope);
    return /^(date|datetime|varchar|char|text|longtext)$/.test(f.type.name) ? `my_number(${f.sql})` : f.sql;
  }

  private items(items: SelectItem[], scope: Scope, used: ColumnUse[], from: From): Item[] {
    const list: Item[] = [];
    for (const item of items) {
      const onColumn = (source: Source | undefined, column: SourceColumn, name: string) =>
        used.push({ item: list.length + 1, source, column, name });
      if (item.of.k === 'star') {
        if (from === NOWHERE) throw errors.parse('', 1);
        for (const column of expandStar(from, item.of)) {
          const source = from.sources.find((s) => s.columns.includes(column));
          onColumn(source, column, column.name);
          list.push({ name: column.name, fragment: column.fragment, meta: column.meta });
        }
        continue;
      }
      const fragment = this.expr(item.of, { ...scope, onColumn });
      const meta: Column = { ...(fragment.column ?? { name: item.text }), type: fragment.type };
      list.push({
        name: item.alias ?? item.text,
        fragment,
        meta,
        ...(item.alias !== undefined ? { alias: item.alias } : {}),
      });
    }
    return list;
  }

  private groupItem(of: Expr, items: Item[], scope: Scope): Fragment {
    if (of.k !== 'int') return this.expr(of, scope);
    const item = items[Number(of.value) - 1];
    if (!item) throw errors.badField(String(of.value), 'group statement');
    return item.fragment;
  }

  private order(orderBy: OrderItem[], items: Item[], scope: Scope): string {
    if (orderBy.length === 0) return '';
    const parts = orderBy.map(({ of, desc }) => {
      const fragment = of.k === 'int' ? items[Number(of.value) - 1]?.fragment : this.expr(of, scope);
      if (!fragment) throw errors.badField(of.k === 'int' ? String(of.value) : '', 'order clause');
      const at = items.findIndex((item) => item.fragment === fragment);
      // a result column by its place, so that DISTINCT and aliases of aggregates hold
      const key = at >= 0 ? caseless({ ...fragment, sql: String(at + 1) }) : constantSafe(fragment);
      return `${key}${desc ? ' DESC' : ''}`;
    });
    return ` ORDER BY ${parts.join(', ')}`;
  }

  /** sql_mode only_full_group_by: a column outside aggregates must be grouped by, or follow from what is. */
  private checkGrouping(used: ColumnUse[], items: Item[], groups: Fragment[], aggregated: boolean): void {
    if (groups.length === 0 && !aggregated) return;
    for (const { item, source, column, name } of used) {
      if (groups.some((group) => group.sql === column.fragment.sql)) continue;
      if (source?.table && dependsOn(source, groups)) continue;
      if (!source?.table || groupsCover(items[item - 1], groups, column)) continue;
      const full = source.db ? `${source.db}.${source.alias}.${column.name}` : name;
      throw groups.length === 0 ? errors.mixOfGroup(item, full) : errors.wrongFieldWithGroup(item, full);
    }
  }

  // FROM

  from(ref: TableRef, parent: Scope | undefined, privilege = 'SELECT'): From {
    const from = this.tableRef(ref, parent, privilege);
    const seen = new Set<string>();
    for (const { alias, db } of from.sources) {
      const name = `${db ?? ''}.${alias}`;
      if (seen.has(name)) throw errors.nonUniqTable(alias);
      seen.add(name);
    }
    return from;
  }

  private tableRef(ref: TableRef, parent: Scope | undefined, privilege: string): From {
    if (ref.k === 'join') return this.join(ref, parent, privilege);
    const id = `s${this.nextSource++}`;
    this.aliases.set(id, ref.alias ?? (ref.k === 'table' ? ref.name.name : ''));
    if (ref.k === 'derived') {
      const query = this.select(ref.query, parent);
      const columns = renamed(query.columns, ref.columns);
      return one({ sql: `(${query.sql}) AS ${id}`, source: derived(ref.alias, id, columns) });
    }
    const cte = ref.name.db ? undefined : this.ctes.get(ref.name.name.toLowerCase());
    const alias = ref.alias ?? ref.name.name;
    if (cte) return one({ sql: `${cte.sql} AS ${id}`, source: derived(alias, id, cte.columns) });
    const db = ref.name.db ?? this.context.database();
    return one(this.relation(this.context.relation(db, ref.name.name, privilege), alias, id, db));
  }

  private relation(relation: Relation, alias: string, id: string, db: string): { sql: string; source: Source } {
    if (relation.k === 'table')
      return { sql: `${tableId(relation.table)} AS ${id}`, source: tableSource(relation.table, alias, id) };
    if (relation.k === 'virtual')
      return {
        sql: `${virtualRows(relation.virtual)} AS ${id}`,
        source: { ...derived(alias, id, relation.virtual.columns), db },
      };
    if (++this.viewDepth > MAX_VIEW_DEPTH) throw errors.noSuchTable(`${relation.db}.${relation.name}`);
    const query = this.select(relation.query);
    this.viewDepth--;
    const columns = renamed(query.columns, relation.columns);
    return { sql: `(${query.sql}) AS ${id}`, source: { ...derived(alias, id, columns), db: relation.db } };
  }

  /** The name that a statement gave to one of its tables. */
  nameOf(id: string): string | null {
    return this.aliases.get(id) ?? null;
  }

  /** Rows that the server made up, as a FROM clause. */
  virtual(virtual: Virtual): From {
    return one({ sql: `${virtualRows(virtual)} AS s`, source: derived('', 's', virtual.columns) });
  }

  private join(ref: Extract<TableRef, { k: 'join' }>, parent: Scope | undefined, privilege: string): From {
    const left = this.tableRef(ref.left, parent, privilege);
    const right = this.tableRef(ref.right, parent, privilege);
    const sources = [...left.sources, ...right.sources];
    const names = ref.natural ? commonNames(left, right) : (ref.using ?? []);
    const shared = names.map((name) => this.sharedColumn(name, left, right, ref.kind));
    const from: From = {
      sql: '',
      sources,
      shared: [...shared.map(({ column }) => column), ...left.shared, ...right.shared],
    };
    const scope: Scope = { from: { ...from, shared: [] }, clause: 'on clause', ...(parent ? { parent } : {}) };
    const on = ref.on ? this.condition(ref.on, scope) : shared.map(({ on: equal }) => equal).join(' AND ');
    const nested = ref.right.k === 'join' ? `(${right.sql})` : right.sql;
    return { ...from, sql: `${left.sql} ${ref.kind} JOIN ${nested}${on ? ` ON ${on}` : ' ON 1'}` };
  }

  private sharedColumn(name: string, left: From, right: From, kind: string): { column: SourceColumn; on: string } {
    const find = (from: From) => expandStar(from, {}).find((column) => sameName(column.name, name));
    const [a, b] = [find(left), find(right)];
    if (!a || !b) throw errors.badField(name, 'from clause');
    const kept = kind === 'RIGHT' ? b : a;
    return { column: kept, on: this.compare('=', a.fragment, b.fragment) };
  }
}

interface ColumnUse {
  item: number;
  source: Source | undefined;
  column: SourceColumn;
  name: string;
}

const MAX_VIEW_DEPTH = 32; // a view that names itself must end

const one = ({ sql, source }: { sql: string; source: Source }): From => ({ sql, sources: [source], shared: [] });

/** HAVING may name what the SELECT list names, aliased or not. */
function withColumns(aliases: ReadonlyMap<string, Fragment>, items: Item[]): ReadonlyMap<string, Fragment> {
  const all = new Map(aliases);
  for (const item of items) if (!all.has(item.name.toLowerCase())) all.set(item.name.toLowerCase(), item.fragment);
  return all;
}

/** SQLite takes an integer in ORDER BY for a place; a constant sorts nothing. */
const constantSafe = (f: Fragment): string => (f.literal ? 'NULL' : caseless(f));

/** The column stands only inside an expression that is grouped by. */
function groupsCover(item: Item | undefined, groups: Fragment[], column: SourceColumn): boolean {
  const rest = groups.reduce((sql, group) => sql.replaceAll(group.sql, ''), item?.fragment.sql ?? '');
  return !rest.includes(column.fragment.sql);
}

/** All columns of a table follow from its primary key. */
function dependsOn(source: Source, groups: Fragment[]): boolean {
  const key = source.table ? primaryKey(source.table) : undefined;
  if (!key) return false;
  return key.columns.every(({ name }) => {
    const column = source.columns.find((c) => sameName(c.name, name));
    return groups.some((group) => group.sql === column?.fragment.sql);
  });
}

const renamed = (columns: Column[], names: string[] | undefined): Column[] =>
  names ? columns.map((column, i) => ({ ...column, name: names[i] ?? column.name })) : columns;

export const tableId = (table: Table): string => (table.temporary ? quoteId(table.id) : `d.${quoteId(table.id)}`);

export function tableSource(table: Table, alias: string, id: string): Source {
  const columns = table.columns.map((column): SourceColumn => {
    const kind = keyKind(table, column);
    const meta: Column = {
      name: column.name,
      type: column.type,
      orgName: column.name,
      table: alias,
      orgTable: table.name,
      db: table.db,
      notNull: column.notNull,
      primaryKey: kind === 'PRI',
      uniqueKey: kind === 'UNI',
      autoIncrement: column.autoIncrement ?? false,
    };
    return {
      name: column.name,
      meta,
      fragment: { sql: `${id}.${quoteId(column.name)}`, type: column.type, column: meta },
    };
  });
  return { alias, db: table.db, table, id, columns };
}

function derived(alias: string, id: string, columns: Column[]): Source {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name.toLowerCase())) throw errors.dupFieldname(name);
    seen.add(name.toLowerCase());
  }
  return {
    alias,
    id,
    columns: columns.map((column, i) => {
      const type: SqlType = column.type;
      const meta: Column = { ...column, table: alias, primaryKey: false, uniqueKey: false, autoIncrement: false };
      return { name: column.name, meta, fragment: { sql: `${id}.c${i}`, type } };
    }),
  };
}

function virtualRows({ columns, rows }: Virtual): string {
  if (rows.length === 0) return `(SELECT ${columns.map((_, i) => `NULL AS c${i}`).join(', ')} WHERE 0)`;
  const names = columns.map((_, i) => `column${i + 1} AS c${i}`).join(', ');
  const list = rows.map((row) => `(${row.map((value) => valueFragment(value).sql).join(', ')})`);
  return `(SELECT ${names} FROM (VALUES ${list.join(', ')}))`;
}

const commonNames = (left: From, right: From): string[] => {
  const others = expandStar(right, {});
  return expandStar(left, {})
    .map((column) => column.name)
    .filter((name) => others.some((other) => sameName(other.name, name)));
};
