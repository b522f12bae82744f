// What a new cluster has in its rooms and nobody changes: worked out when somebody first looks, by the same rules each time.
import { Random } from '../../sim/random';
import type { Table } from '../../sim/state';
import type { PullImage } from '../image-import';
import type { ObjectStore } from '../store/store';
import type { KubeObject, ObjectInput, ObjectMeta, ResourceId } from '../store/types';
import { clusterOperators } from './cluster-operators';
import { machineConfigPools, machineConfigs, singletons } from './configuration';
import { flowSchemas, priorityLevels } from './flow-control';
import { imageStreams } from './image-streams';
import { templates } from './templates';

/** What the objects are made of, beside their kind's own list. */
export interface Surroundings {
  /** When the cluster was installed, `2024-10-16T08:00:00Z`. */
  created: string;
  /** The release of the cluster, `4.18.6`. */
  release: string;
  pull: PullImage;
  /** The version of Kubernetes, `1.31.6`. */
  kubernetes: string;
  nodes: readonly { roles: readonly string[] }[];
  /** The public key that the nodes let in. */
  sshKey: string;
}

/** Written down once, so that a cluster that comes back has the same. */
interface Delivery {
  created: string;
  resourceVersion: string;
  seed: number;
}

const KEY = 'furniture';

type Furniture = Readonly<Record<ResourceId, (of: Surroundings) => ObjectInput[]>>;

/** What any API server comes with. */
const EVERYWHERE: Furniture = {
  'flowschemas.flowcontrol.apiserver.k8s.io': flowSchemas,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': priorityLevels,
};

export const FURNITURE: Furniture = {
  ...EVERYWHERE,
  ...singletons,
  'clusteroperators.config.openshift.io': clusterOperators,
  'machineconfigpools.machineconfiguration.openshift.io': machineConfigPools,
  'machineconfigs.machineconfiguration.openshift.io': machineConfigs,
  'imagestreams.image.openshift.io': imageStreams,
  'templates.template.openshift.io': templates,
};

/** Notes that the furniture came; without it a cluster has none. */
export function deliver(table: Table, store: ObjectStore, created: string): void {
  const delivery: Delivery = { created, resourceVersion: store.resourceVersion, seed: store.random.uint32() };
  table.set(KEY, delivery);
}

/** Puts what was delivered into the store's rooms. */
export function furnish(
  table: Table,
  store: ObjectStore,
  profile: 'openshift' | 'kubernetes',
  of: Omit<Surroundings, 'created'>,
): void {
  const delivery = table.get<Delivery>(KEY);
  if (!delivery) return;
  for (const [resource, make] of Object.entries(profile === 'openshift' ? FURNITURE : EVERYWHERE))
    store.furnish(resource, () =>
      make({ ...of, created: delivery.created }).map((object) => completed(resource, object, delivery)),
    );
}

function completed(
  resource: ResourceId,
  object: ObjectInput,
  { created, resourceVersion, seed }: Delivery,
): KubeObject {
  const { namespace = '', name = '' } = object.metadata ?? {};
  const uid = new Random(seed).fork(`${resource}/${namespace}/${name}`).uuid();
  const metadata = { ...object.metadata, uid, resourceVersion, creationTimestamp: created } as ObjectMeta;
  return { ...object, metadata } as KubeObject;
}
