// Events: what components say about objects. What is said again and again is counted, combined and at last left out, as
// client-go does it (tools/record/events_cache.go).
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
const CACHED = 4096; // things said that are remembered, of each of the three sorts

/** Messages that differ within so long are combined from the tenth on. */
const COMBINED_MS = 600_000;
const COMBINED_FROM = 10;
/** A component may say so much about one object, and one thing more in so long. */
const BURST = 25;
const REFILL_MS = 300_000;

const NANOSECONDS = 1_000_000; // in a millisecond

/** A map that forgets what was set longest ago. */
class Cache<T> extends Map<string, T> {
  override set(key: string, value: T): this {
    this.delete(key);
    super.set(key, value);
    if (this.size > CACHED) this.delete(this.keys().next().value as string);
    return this;
  }
}

/** An event that can still be counted up. It may have been left out so far. */
interface Observed {
  name: string;
  count: number;
  firstTimestamp: string;
}

export class EventRecorder {
  private readonly observed = new Cache<Observed>();
  private readonly similar = new Cache<{ messages: Set<string>; last: number }>();
  private readonly allowances = new Cache<{ left: number; at: number }>();
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
    const speaker = [source.component, source.host, about.metadata.uid].join('\n');
    const isCombined = this.isCombined([speaker, type, reason].join('\n'), message);
    const text = isCombined ? `(combined from similar events): ${message}` : message;
    const key = [speaker, type, reason, isCombined ? '' : `${fieldPath}\n${message}`].join('\n');
    const before = this.observed.get(key);
    const seen: Observed = before
      ? { ...before, count: before.count + 1 }
      : { name: [about.metadata.name, this.moment()].join('.'), count: 1, firstTimestamp: this.clock.timestamp() };
    this.observed.set(key, seen);
    if (!this.isAllowed(speaker)) return;
    const old = before && this.store.get('events', namespace, seen.name);
    const lastTimestamp = this.clock.timestamp();
    if (old) this.store.update('events', { ...old, message: text, count: seen.count, lastTimestamp });
    else this.create(this.make(about, type, reason, text, source, fieldPath, seen));
  }

  private create(event: ObjectInput): void {
    try {
      this.client.create('events', event);
    } catch {
      // an event is never worth a failure: its namespace may be going
    }
  }

  /** Whether this is one of too many that differ in their message only. */
  private isCombined(subject: string, message: string): boolean {
    const now = this.clock.now();
    const known = this.similar.get(subject);
    const messages = known && now - known.last <= COMBINED_MS ? known.messages : new Set<string>();
    messages.add(message);
    this.similar.set(subject, { messages, last: now });
    if (messages.size < COMBINED_FROM) return false;
    messages.delete(messages.values().next().value as string);
    return true;
  }

  private isAllowed(speaker: string): boolean {
    const now = this.clock.now();
    const { left, at } = this.allowances.get(speaker) ?? { left: BURST, at: now };
    const allowance = Math.min(BURST, left + (now - at) / REFILL_MS);
    const isAllowed = allowance >= 1;
    this.allowances.set(speaker, { left: isAllowed ? allowance - 1 : allowance, at: now });
    return isAllowed;
  }

  /** Nanoseconds in hexadecimal, as client-go names events: a list of them stands in the order in which they were made. */
  private moment(): string {
    const within = Number(this.store.resourceVersion) % NANOSECONDS; // every write has a number of its own
    return (BigInt(Math.floor(this.clock.now())) * BigInt(NANOSECONDS) + BigInt(within)).toString(16);
  }

  private make(
    about: KubeObject,
    type: string,
    reason: string,
    message: string,
    source: EventSource,
    fieldPath: string | undefined,
    seen: Observed,
  ): ObjectInput {
    const { name, namespace, uid, resourceVersion } = about.metadata;
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: seen.name, namespace: namespace ?? 'default' },
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
      firstTimestamp: seen.firstTimestamp,
      lastTimestamp: this.clock.timestamp(),
      count: seen.count,
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
