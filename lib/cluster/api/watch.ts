// Watches: a response that goes on, one event a line, told only when what it tells is durable.
import type { ServerResponse } from 'node:http';
import type { Cancel } from '../../sim/clock';
import type { Served } from '../resources/registry';
import { storageOf } from '../resources/registry';
import { ApiError, badRequest, invalid } from '../store/errors';
import type { KubeObject, StoreEvent } from '../store/types';
import type { Call } from './call';
import { checkVersion, includeObject, naturalNumber, selected } from './list';
import { isTrue } from './request-info';
import { type Selects, selectionOf } from './selection';
import { objectParts } from './serialize';
import { partialOf, tableOf } from './table';
import { apiVersionOf, toServed } from './versions';

const MIN_TIMEOUT_SECONDS = 1800; // kube-apiserver's --min-request-timeout: each watch ends between once and twice that
const BOOKMARK_EVERY_MS = 60_000;
const UNREAD_MAX_BYTES = 8 * 1024 * 1024; // a client that does not read is cut off

const END = Buffer.from('}\n');

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';

/** What a selective watcher is told: an object that leaves its selection is deleted to it. */
function seenAs(event: StoreEvent, selects: Selects): [EventType, KubeObject] | undefined {
  const is = event.type !== 'DELETED' && selects(event.object);
  const was = event.old !== undefined && selects(event.old);
  if (is) return [was ? 'MODIFIED' : 'ADDED', event.object];
  if (!was) return undefined;
  if (event.type === 'DELETED') return ['DELETED', event.object];
  const last = event.old as KubeObject;
  const { resourceVersion } = event.object.metadata;
  return ['DELETED', { ...last, metadata: { ...last.metadata, resourceVersion } }];
}

class WatchStream {
  private chunks: Buffer[] = [];
  private flushing = false;
  private ended = false;
  private columnsTold = false;
  private readonly cancels: Cancel[] = [];

  constructor(
    private readonly call: Call,
    private readonly served: Served,
    private readonly response: ServerResponse,
  ) {}

  start(): void {
    const { query, api } = this.call;
    const { store, clock, random } = api.operations;
    const selects = selectionOf(this.call, this.served.definition);
    const asked = query.get('resourceVersion') ?? '';
    const initial = isTrue(query.get('sendInitialEvents'));
    const fresh = initial || asked === '' || asked === '0';
    const seconds =
      naturalNumber(query.get('timeoutSeconds'), 'timeoutSeconds') || MIN_TIMEOUT_SECONDS * (1 + random.float());
    this.head();
    const tell = (event: StoreEvent) => {
      const seen = seenAs(event, selects);
      if (seen) this.event(...seen);
    };
    if (fresh) this.initialEvents(initial);
    try {
      this.cancels.push(store.watch(storageOf(this.served.definition), fresh ? store.resourceVersion : asked, tell));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.push(Buffer.from(`{"type":"ERROR","object":${JSON.stringify(error.status)}}\n`));
      return this.finish();
    }
    this.cancels.push(clock.after(seconds * 1000, () => this.finish()));
    if (isTrue(query.get('allowWatchBookmarks')))
      this.cancels.push(clock.every(BOOKMARK_EVERY_MS, () => this.bookmark()));
    this.response.on('close', () => this.stop());
  }

  private initialEvents(marked: boolean): void {
    for (const object of selected(this.call, this.served)) this.event('ADDED', object);
    if (marked && isTrue(this.call.query.get('allowWatchBookmarks')))
      this.bookmark({ 'k8s.io/initial-events-end': 'true' });
  }

  private head(): void {
    const { response } = this;
    response.statusCode = 200;
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Cache-Control', 'no-cache, private');
    response.flushHeaders();
  }

  private event(type: EventType, object: KubeObject): void {
    this.push(Buffer.from(`{"type":"${type}","object":`), ...this.shape(object), END);
  }

  private shape(object: KubeObject): Buffer[] {
    const { as } = this.call.accept;
    if (as === 'PartialObjectMetadata') return [Buffer.from(JSON.stringify(partialOf(object)))];
    if (as !== 'Table') return objectParts(toServed(this.served, object));
    const { resourceVersion } = object.metadata;
    const now = this.call.api.operations.clock.now();
    const table = tableOf(this.served, [object], { resourceVersion }, now, includeObject(this.call), !this.columnsTold);
    this.columnsTold = true;
    return [Buffer.from(JSON.stringify(table))];
  }

  private bookmark(annotations?: Record<string, string>): void {
    const metadata = { resourceVersion: this.newest(), creationTimestamp: null, ...(annotations && { annotations }) };
    const { kind } = this.served.definition;
    const object =
      this.call.accept.as === 'Table'
        ? {
            kind: 'Table',
            apiVersion: 'meta.k8s.io/v1',
            metadata: { resourceVersion: this.newest() },
            columnDefinitions: null,
            rows: [],
          }
        : { kind, apiVersion: apiVersionOf(this.served), metadata };
    this.push(Buffer.from(`{"type":"BOOKMARK","object":${JSON.stringify(object)}}\n`));
  }

  /** Everything up to the store's newest version has been told: handlers run inside the write. */
  private newest(): string {
    return this.call.api.operations.store.resourceVersion;
  }

  private push(...chunks: Buffer[]): void {
    if (this.ended) return;
    this.chunks.push(...chunks);
    if (!this.flushing) void this.flush();
  }

  private async flush(): Promise<void> {
    this.flushing = true;
    while (this.chunks.length > 0) {
      const ready = this.chunks;
      this.chunks = [];
      await this.call.api.sync();
      if (this.response.destroyed) break;
      this.response.write(Buffer.concat(ready));
      if (this.response.writableLength > UNREAD_MAX_BYTES) this.response.destroy();
    }
    this.flushing = false;
    if (this.ended) this.response.end();
  }

  private finish(): void {
    this.stop();
    if (!this.flushing) this.response.end();
  }

  private stop(): void {
    this.ended = true;
    for (const cancel of this.cancels.splice(0)) cancel();
  }
}

/** Begins a watch on the response; throws an ApiError as long as nothing is written. */
export function watch(call: Call, served: Served, response: ServerResponse): void {
  const { query } = call;
  if (query.get('sendInitialEvents') !== null) {
    const match = query.get('resourceVersionMatch');
    if (match !== 'NotOlderThan')
      throw invalid('ListOptions.meta.k8s.io', '', [
        {
          field: 'resourceVersionMatch',
          reason: 'FieldValueForbidden',
          message: 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
        },
      ]);
  } else if (query.get('resourceVersionMatch'))
    throw invalid('ListOptions.meta.k8s.io', '', [
      {
        field: 'resourceVersionMatch',
        reason: 'FieldValueForbidden',
        message: 'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      },
    ]);
  if (call.accept.format !== 'json' && call.accept.as === 'Object') throw badRequest('a watch is streamed as JSON');
  checkVersion(call);
  new WatchStream(call, served, response).start();
}
