// What a controller is: it names what it looks at, and brings the world one step nearer to what one object asks for.
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Client } from '../api/client';
import type { EventRecorder } from '../events';
import type { ObjectStore } from '../store/store';
import type { ResourceId, StoreEvent } from '../store/types';

export interface ControllerContext {
  store: ObjectStore;
  client: Client;
  clock: Clock;
  random: Random;
  events: EventRecorder;
  profile: 'openshift' | 'kubernetes';
  /** The release that the cluster claims: `4.18.6`, an older one with a network plug-in that later ones do not have. */
  release: string;
  /** Whether the API knows a kind at all. */
  serves(resource: ResourceId): boolean;
}

export interface Controller {
  name: string;
  /** Resource to the keys (`namespace/name`) that an event of it concerns. */
  watches: Record<ResourceId, (event: StoreEvent) => Iterable<string>>;
  /** Looks at the state, never at the event; idempotent. A number asks to be called again after so many milliseconds. */
  reconcile(key: string): number | undefined;
}

export type MakeController = (context: ControllerContext) => Controller;

/** `namespace/name` apart; the namespace of a cluster-wide object is ''. */
export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
