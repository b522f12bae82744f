// The cluster's objects: one table of the world's state, indexed, versioned and watched. Everything here is synchronous;
// durability is the caller's `state.commit()`.
import type { Cancel, Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { State, Table } from '../../sim/state';
import { type Alike, Bucket, type Look } from './bucket';
import { alreadyExists, conflict, notFound } from './errors';
import { type KubeObject, objectKey, type ResourceId, type StoreEvent } from './types';
import { WatchCache } from './watch-cache';

export type StoreHandler = (event: StoreEvent) => void;

const VERSION_KEY = 'resourceVersion';
const REMOVED = 'removed-furniture';

/**
 * Objects by resource, namespace and name. An object is never changed in place: a write puts a new one.
 * Handlers run inside the write, in the order of the writes; a write made by a handler is told after the present one.
 * @example
 * store.create('pods', pod);
 * store.list('pods', 'default');
 * const cancel = store.subscribe('pods', ({ type, object }) => queue.add(objectKey(object)));
 */
export class ObjectStore {
  private readonly objects: Table;
  private readonly meta: Table;
  private readonly buckets = new Map<ResourceId, Bucket>();
  private readonly caches = new Map<ResourceId, WatchCache>();
  private readonly handlers = new Map<ResourceId, Set<StoreHandler>>();
  /** What is worked out when somebody first looks. */
  private readonly furniture = new Map<ResourceId, () => KubeObject[]>();
  private readonly furnished = new Set<ResourceId>();
  private readonly queue: StoreEvent[] = [];
  private draining = false;
  private version: number;
  /** The version the world was started or restored with: no event before it is known. */
  private readonly floor: number;

  constructor(
    readonly state: State,
    readonly clock: Clock,
    readonly random: Random,
  ) {
    this.objects = state.table('objects');
    this.meta = state.table('store');
    this.version = this.meta.get<number>(VERSION_KEY) ?? 1;
    this.floor = this.version;
    for (const [key, object] of this.objects.entries<KubeObject>())
      this.bucket(key.slice(0, key.indexOf('/'))).put(object);
  }

  /**
   * Declares objects that a cluster comes with. They are worked out when a reader first asks for their resource and take no room in
   * the state; one that is written is an object as others are, one that is deleted stays deleted. `make` must give the same objects
   * whenever it is called.
   */
  furnish(resource: ResourceId, make: () => KubeObject[]): void {
    this.furniture.set(resource, make);
    this.furnished.add(resource);
  }

  /** The newest version given out, as a string. */
  get resourceVersion(): string {
    return String(this.version);
  }

  get(resource: ResourceId, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.find(resource)?.get(namespace ?? '', name);
  }

  /** Throws NotFound. */
  getExisting(resource: ResourceId, namespace: string | undefined, name: string): KubeObject {
    const object = this.get(resource, namespace, name);
    if (!object) throw notFound(resource, name);
    return object;
  }

  /** Sorted by namespace and name; all namespaces if none is given. */
  list(resource: ResourceId, namespace?: string): KubeObject[] {
    return this.find(resource)?.list(namespace) ?? [];
  }

  /** The same without what the cluster came with and nobody asked for yet: for those who act on what happened. */
  listKnown(resource: ResourceId): KubeObject[] {
    return this.buckets.get(resource)?.list() ?? [];
  }

  /** The list as it was at a version, by taking back what happened since; throws Expired (410) if that is not known any more. */
  listAt(resource: ResourceId, version: number, namespace?: string): KubeObject[] {
    const later = this.cache(resource).since(version, this.version);
    if (later.length === 0) return this.list(resource, namespace);
    const then = new Map(this.list(resource, namespace).map((object) => [objectKey(object), object]));
    for (const { object, old } of later.reverse()) {
      if (namespace !== undefined && (object.metadata.namespace ?? '') !== namespace) continue;
      if (old) then.set(objectKey(old), old);
      else then.delete(objectKey(object));
    }
    const place = ({ metadata }: KubeObject) => [metadata.namespace ?? '', metadata.name].join('\0');
    return [...then.values()].sort((a, b) => (place(a) < place(b) ? -1 : 1));
  }

  count(resource: ResourceId): number {
    return this.find(resource)?.size ?? 0;
  }

  /** Every resource that has or had objects. */
  resources(): ResourceId[] {
    return [...new Set([...this.buckets.keys(), ...this.furnished])];
  }

  /**
   * Declares a secondary index; asking for the same name again does nothing. Cost per write is flat.
   * @example
   * store.index('pods', 'node', (pod) => [pod.spec.nodeName ?? '']);
   * store.byIndex('pods', 'node', 'worker01');
   */
  index(resource: ResourceId, name: string, values: (object: KubeObject) => readonly string[]): void {
    this.find(resource);
    this.bucket(resource).addIndex(name, values);
  }

  byIndex(resource: ResourceId, name: string, value: string): KubeObject[] {
    return this.bucket(resource).byIndex(name, value);
  }

  /**
   * Declares a count, kept up at each write, for those who need to know how many objects there are of a look but not which.
   * Asking for the same name again does nothing.
   * @example
   * store.tally('pods', 'phase', (pod) => ({ group: pod.spec.nodeName, look: pod.status.phase }));
   * store.alike('pods', 'phase', 'worker01'); // [{ count: 12, sample: a running pod }, …]
   */
  tally(resource: ResourceId, name: string, lookOf: Look): void {
    this.find(resource);
    this.bucket(resource).addTally(name, lookOf);
  }

  alike(resource: ResourceId, name: string, group: string): Alike[] {
    return this.bucket(resource).alike(name, group);
  }

  /** Told of every later change of a resource (or of all: '*'). No replay: list first. */
  subscribe(resource: ResourceId | '*', handler: StoreHandler): Cancel {
    let set = this.handlers.get(resource);
    if (!set) this.handlers.set(resource, (set = new Set()));
    set.add(handler);
    return () => set.delete(handler);
  }

  /** Events after a version, then live ones; throws Expired (410) if the window has moved on. */
  watch(resource: ResourceId, since: string, handler: StoreHandler): Cancel {
    const missed = this.cache(resource).since(Number(since), this.version);
    for (const event of missed) handler(event);
    return this.subscribe(resource, handler);
  }

  /** Stores a new object under a new version; throws AlreadyExists. */
  create(resource: ResourceId, object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata;
    if (this.get(resource, namespace, name)) throw alreadyExists(resource, name);
    const stored = this.stamp(object);
    this.put(resource, stored);
    this.tell({ type: 'ADDED', resource, object: stored });
    return stored;
  }

  /** Replaces an object; throws NotFound, or Conflict if `object` carries another version than the stored one. */
  update(resource: ResourceId, object: KubeObject): KubeObject {
    const old = this.matching(resource, object);
    const stored = this.stamp(object);
    this.put(resource, stored);
    this.tell({ type: 'MODIFIED', resource, object: stored, old });
    return stored;
  }

  /** Replaces only `status` of the stored object. Same errors as `update`. */
  updateStatus(resource: ResourceId, object: KubeObject): KubeObject {
    const old = this.matching(resource, object);
    return this.update(resource, { ...old, status: object['status'] });
  }

  /** Removes an object at once, whatever its finalizers; throws NotFound. Returns it with the version of its deletion. */
  delete(resource: ResourceId, namespace: string | undefined, name: string): KubeObject {
    const old = this.getExisting(resource, namespace, name);
    const last = this.stamp(old);
    const key = `${resource}/${namespace ?? ''}/${name}`;
    this.objects.delete(key);
    if (this.furnished.has(resource)) this.state.table(REMOVED).set(key, true);
    this.bucket(resource).remove(old);
    this.tell({ type: 'DELETED', resource, object: last, old });
    return last;
  }

  private matching(resource: ResourceId, object: KubeObject): KubeObject {
    const { namespace, name, resourceVersion } = object.metadata;
    const old = this.getExisting(resource, namespace, name);
    if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw conflict(resource, name);
    return old;
  }

  private stamp(object: KubeObject): KubeObject {
    this.version++;
    this.meta.set(VERSION_KEY, this.version);
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
  }

  private put(resource: ResourceId, object: KubeObject): void {
    this.objects.set([resource, object.metadata.namespace ?? '', object.metadata.name].join('/'), object);
    this.bucket(resource).put(object);
  }

  private tell(event: StoreEvent): void {
    this.cache(event.resource).add(event);
    this.queue.push(event);
    if (this.draining) return;
    this.draining = true;
    try {
      for (let next = this.queue.shift(); next; next = this.queue.shift()) this.deliver(next);
    } finally {
      this.draining = false;
    }
  }

  private deliver(event: StoreEvent): void {
    for (const handler of [...(this.handlers.get(event.resource) ?? []), ...(this.handlers.get('*') ?? [])])
      handler(event);
  }

  private bucket(resource: ResourceId): Bucket {
    let bucket = this.buckets.get(resource);
    if (!bucket) this.buckets.set(resource, (bucket = new Bucket()));
    return bucket;
  }

  /** The objects of a resource to read from, with what the cluster came with. */
  private find(resource: ResourceId): Bucket | undefined {
    const make = this.furniture.get(resource);
    if (make) this.moveIn(resource, make);
    return this.buckets.get(resource);
  }

  private moveIn(resource: ResourceId, make: () => KubeObject[]): void {
    this.furniture.delete(resource);
    const removed = this.state.table(REMOVED);
    for (const object of make()) {
      const key = [resource, object.metadata.namespace ?? '', object.metadata.name].join('/');
      if (!this.objects.has(key) && !removed.has(key)) this.bucket(resource).put(object);
    }
  }

  private cache(resource: ResourceId): WatchCache {
    let cache = this.caches.get(resource);
    if (!cache) this.caches.set(resource, (cache = new WatchCache(this.floor)));
    return cache;
  }
}
