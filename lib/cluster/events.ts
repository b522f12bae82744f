// Events: what components say about objects. The same thing said again counts up, as client-go's event correlator does.
import type { Clock } from '../sim/clock';
import type { Client } from './api/client';
import type { ObjectStore } from './store/store';
import type { KubeObject, ObjectInput } from './store/types';
import { Texts } from './texts';

export interface EventSource {
  component: string;
  host?: string;
}

const TTL_MS = 3 * 3600_000; // OpenShift's event-ttl
const SWEEP_MS = 600_000;
const KNOWN = 4096; // events that can still be counted up

const NANOSECONDS = 1_000_000; // in a millisecond

export class EventRecorder {
  /** What was said to the event's name, oldest first. */
  private readonly known = new Map<string, string>();
  private readonly texts = new Texts();
  private swept: number;

  constructor(
    private readonly store: ObjectStore,
    private readonly client: Client,
    private readonly clock: Clock,
  ) {
    this.swept = clock.now();
  }

  /** Records an event in the object's namespace (`default` for cluster-wide objects). `fieldPath` names a container. */
  record(
    about: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    source: EventSource,
    fieldPath?: string,
  ): void {
    this.sweep();
    const namespace = about.metadata.namespace ?? 'default';
    if (this.store.get('namespaces', undefined, namespace)?.metadata.deletionTimestamp) return;
    const key = [about.metadata.uid, type, reason, message, source.component, source.host, fieldPath].join('\n');
    const said = this.known.get(key);
    const old = said === undefined ? undefined : this.store.get('events', namespace, said);
    if (old) return this.again(old);
    const event = this.make(about, type, reason, message, source, fieldPath);
    try {
      const { name } = this.client.create('events', event).metadata;
      this.known.set(key, name);
      if (this.known.size > KNOWN) this.known.delete(this.known.keys().next().value as string);
    } catch {
      // an event is never worth a failure: its namespace may be going
    }
  }

  /** Nanoseconds in hexadecimal, as client-go names events: a list of them stands in the order in which they were made. */
  private moment(): string {
    const within = Number(this.store.resourceVersion) % NANOSECONDS; // every write has a number of its own
    return (BigInt(Math.floor(this.clock.now())) * BigInt(NANOSECONDS) + BigInt(within)).toString(16);
  }

  private again(old: KubeObject): void {
    this.store.update('events', { ...old, count: (old['count'] ?? 1) + 1, lastTimestamp: this.clock.timestamp() });
  }

  private make(
    about: KubeObject,
    type: string,
    reason: string,
    message: string,
    source: EventSource,
    fieldPath: string | undefined,
  ): ObjectInput {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    const now = this.clock.timestamp();
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${this.moment()}`, namespace: namespace ?? 'default' },
      involvedObject: {
        kind: about.kind,
        ...(namespace && { namespace }),
        name,
        uid,
        apiVersion: about.apiVersion,
        resourceVersion,
        ...(fieldPath && { fieldPath }),
      },
      reason,
      message: this.texts.of(message),
      source,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: source.component,
      reportingInstance: source.host ?? '',
    };
  }

  private sweep(): void {
    const now = this.clock.now();
    if (now - this.swept < SWEEP_MS) return;
    this.swept = now;
    for (const event of this.store.list('events')) {
      const last = event['lastTimestamp'] ?? event['eventTime'] ?? event.metadata.creationTimestamp;
      if (Date.parse(last) + TTL_MS < now) this.store.delete('events', event.metadata.namespace, event.metadata.name);
    }
  }
}
