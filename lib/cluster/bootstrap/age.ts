// Makes a new cluster look as old as one that a class works on: every timestamp of its objects moves back.
import type { ObjectStore } from '../store/store';

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Moves all timestamps that lie at `now` back by `ms`. */
export function age(store: ObjectStore, now: number, ms: number): void {
  const older = `${new Date(now - ms).toISOString().slice(0, 19)}Z`;
  const limit = now - 3600_000;
  const shifted = (text: string): string =>
    text.length === older.length && TIMESTAMP.test(text) && Date.parse(text) > limit ? older : text;
  for (const resource of store.resources()) {
    if (resource === 'events') {
      for (const { metadata } of store.list(resource)) store.delete(resource, metadata.namespace, metadata.name);
      continue;
    }
    for (const object of store.listKnown(resource)) store.update(resource, mapTexts(object, shifted));
  }
}

/** The value with its texts changed; parts without a change are the old ones. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  let copy: T | undefined;
  for (const key in value) {
    const part = value[key];
    const changed = mapTexts(part, change);
    if (changed === part) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as T;
    copy[key] = changed;
  }
  return copy ?? value;
}
