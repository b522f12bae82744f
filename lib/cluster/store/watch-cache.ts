// The recent events of one resource, so that a watch can begin at a version a little in the past.
import { expired } from './errors';
import type { StoreEvent } from './types';

const WINDOW_EVENTS = 4096; // far above what a client misses between its list and its watch; bounds memory

const versionOf = (event: StoreEvent) => Number(event.object.metadata.resourceVersion);

export class WatchCache {
  private events: StoreEvent[] = [];

  /** `horizon`: nothing at or before this version can be told apart any more. */
  constructor(private horizon: number) {}

  add(event: StoreEvent): void {
    this.events.push(event);
    if (this.events.length <= 2 * WINDOW_EVENTS) return;
    const cut = this.events.length - WINDOW_EVENTS; // in one go, so that the cost per event stays flat
    this.horizon = versionOf(this.events[cut - 1] as StoreEvent);
    this.events = this.events.slice(cut);
  }

  /** Events after `version`; throws Expired if some may be missing. */
  since(version: number, current: number): StoreEvent[] {
    if (version < this.horizon) throw expired(`too old resource version: ${version} (${this.horizon})`);
    if (version >= current) return [];
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (versionOf(this.events[middle] as StoreEvent) > version) high = middle;
      else low = middle + 1;
    }
    return this.events.slice(low);
  }
}
