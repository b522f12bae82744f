// Pods by the node they are on, as an index of the store.
import type { Pod } from '../kinds';
import type { ObjectStore } from '../store/store';

const BY_NODE = 'node';

export const indexByNode = (store: ObjectStore): void =>
  store.index('pods', BY_NODE, ({ spec }) => (spec?.nodeName ? [spec.nodeName] : []));

export const podsOn = (store: ObjectStore, node: string): Pod[] => store.byIndex('pods', BY_NODE, node) as Pod[];
