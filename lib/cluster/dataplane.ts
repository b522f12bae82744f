// Tells the network of the objects that shape it.
import type { Network } from '../network/network';
import type { Cancel } from '../sim/clock';
import type { ObjectStore } from './store/store';
import type { KubeObject } from './store/types';

/** Kinds that change often and that no network reads. */
const DEAF = new Set(['events', 'leases.coordination.k8s.io', 'secrets', 'configmaps', 'endpoints']);

/** Keeps the network up to date until it is cancelled. `dark`: an object without power, which the network does not reach. */
export function connectDataplane(store: ObjectStore, network: Network, dark: (object: KubeObject) => boolean): Cancel {
  for (const resource of ['nodes', ...store.resources().filter((each) => each !== 'nodes')])
    if (!DEAF.has(resource)) for (const object of store.listKnown(resource)) if (!dark(object)) network.apply(object);
  return store.subscribe('*', ({ type, resource, object }) => {
    if (DEAF.has(resource)) return;
    if (type === 'DELETED') network.remove(object);
    else if (!dark(object)) network.apply(object);
  });
}
