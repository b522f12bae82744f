// Makes a new cluster look as old as one that a class works on: every timestamp of its objects moves back.
import type { ObjectStore } from '../store/store';

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Moves all timestamps that lie at `now` back by `ms`. */
export function age(store: ObjectStore, now: number, ms: number): void {
  const older = `${new Date(now - ms).toISOString().slice(0, 19)}Z`;
  const limit = now - 3600_000;
  const shift = (value: unknown): unknown => {
    if (typeof value === 'string') return TIMESTAMP.test(value) && Date.parse(value) > limit ? older : value;
    if (Array.isArray(value)) return value.map(shift);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shift(each)]));
  };
  for (const resource of store.resources()) {
    if (resource === 'events') {
      for (const { metadata } of store.list(resource)) store.delete(resource, metadata.namespace, metadata.name);
      continue;
    }
    for (const object of store.list(resource)) store.update(resource, shift(object) as typeof object);
  }
}
