// The objects of one resource, by namespace and name, with secondary indexes kept up at each write.
import type { KubeObject } from './types';
import { objectKey } from './types';

/** Names of a namespace in order; sorted again only after one came or went. */
interface NamespaceRows {
  byName: Map<string, KubeObject>;
  sorted: string[] | undefined;
}

interface Index {
  values: (object: KubeObject) => readonly string[];
  entries: Map<string, Map<string, KubeObject>>;
}

/** Objects that nothing tells apart for those who count them: how many, and one of them as it was when it came. */
export interface Alike {
  count: number;
  sample: KubeObject;
}

/** The group that an object counts in, and what it looks like there. */
export type Look = (object: KubeObject) => { group: string; look: string } | undefined;

interface Tally {
  lookOf: Look;
  groups: Map<string, Map<string, Alike>>;
}

const byteOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export class Bucket {
  private readonly namespaces = new Map<string, NamespaceRows>();
  /** Namespaces in order; sorted again only after one came or went. */
  private sorted: string[] | undefined;
  private readonly indexes = new Map<string, Index>();
  private readonly tallies = new Map<string, Tally>();
  size = 0;

  get(namespace: string, name: string): KubeObject | undefined {
    return this.namespaces.get(namespace)?.byName.get(name);
  }

  put(object: KubeObject): void {
    const { namespace = '', name } = object.metadata;
    let rows = this.namespaces.get(namespace);
    if (!rows) {
      this.namespaces.set(namespace, (rows = { byName: new Map(), sorted: [] }));
      this.sorted = undefined;
    }
    const old = rows.byName.get(name);
    rows.byName.set(name, object);
    if (!old) {
      rows.sorted = undefined;
      this.size++;
    }
    const key = this.indexes.size > 0 ? objectKey(object) : '';
    for (const index of this.indexes.values()) {
      if (old && !sameValues(index.values(old), index.values(object))) drop(index, old, key);
      enter(index, object, key);
    }
    for (const tally of this.tallies.values()) recount(tally, old, object);
  }

  remove(object: KubeObject): void {
    const { namespace = '', name } = object.metadata;
    const rows = this.namespaces.get(namespace);
    if (!rows?.byName.delete(name)) return;
    rows.sorted = undefined;
    this.size--;
    if (rows.byName.size === 0) {
      this.namespaces.delete(namespace);
      this.sorted = undefined;
    }
    for (const index of this.indexes.values()) drop(index, object, objectKey(object));
    for (const tally of this.tallies.values()) recount(tally, object, undefined);
  }

  list(namespace?: string): KubeObject[] {
    if (namespace !== undefined) return this.rowsOf(namespace);
    this.sorted ??= [...this.namespaces.keys()].sort(byteOrder);
    return this.sorted.flatMap((each) => this.rowsOf(each));
  }

  addIndex(name: string, values: Index['values']): void {
    if (this.indexes.has(name)) return;
    const index: Index = { values, entries: new Map() };
    for (const { byName } of this.namespaces.values())
      for (const object of byName.values()) enter(index, object, objectKey(object));
    this.indexes.set(name, index);
  }

  byIndex(name: string, value: string): KubeObject[] {
    const index = this.indexes.get(name);
    if (!index) throw new Error(`no index ${name}`);
    return [...(index.entries.get(value)?.values() ?? [])];
  }

  addTally(name: string, lookOf: Look): void {
    if (this.tallies.has(name)) return;
    const tally: Tally = { lookOf, groups: new Map() };
    for (const { byName } of this.namespaces.values())
      for (const object of byName.values()) recount(tally, undefined, object);
    this.tallies.set(name, tally);
  }

  alike(name: string, group: string): Alike[] {
    const tally = this.tallies.get(name);
    if (!tally) throw new Error(`no tally ${name}`);
    return [...(tally.groups.get(group)?.values() ?? [])];
  }

  private rowsOf(namespace: string): KubeObject[] {
    const rows = this.namespaces.get(namespace);
    if (!rows) return [];
    rows.sorted ??= [...rows.byName.keys()].sort(byteOrder);
    return rows.sorted.map((name) => rows.byName.get(name) as KubeObject);
  }
}

function enter(index: Index, object: KubeObject, key: string): void {
  for (const value of index.values(object)) {
    let entry = index.entries.get(value);
    if (!entry) index.entries.set(value, (entry = new Map()));
    entry.set(key, object);
  }
}

function drop(index: Index, object: KubeObject, key: string): void {
  for (const value of index.values(object)) {
    const entry = index.entries.get(value);
    entry?.delete(key);
    if (entry?.size === 0) index.entries.delete(value);
  }
}

const sameValues = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value, i) => value === b[i]);

function recount({ lookOf, groups }: Tally, old: KubeObject | undefined, object: KubeObject | undefined): void {
  const before = old && lookOf(old);
  const after = object && lookOf(object);
  if (before && after && before.group === after.group && before.look === after.look) return;
  if (after && object) {
    let group = groups.get(after.group);
    if (!group) groups.set(after.group, (group = new Map()));
    const known = group.get(after.look);
    if (known) known.count++;
    else group.set(after.look, { count: 1, sample: object });
  }
  if (!before) return;
  const group = groups.get(before.group);
  const known = group?.get(before.look);
  if (known && --known.count === 0) group?.delete(before.look);
  if (group?.size === 0) groups.delete(before.group);
}
