// Binds claims to volumes: to a fitting one that is free, else to one that the class's provisioner makes.
// kubernetes pkg/controller/volume/persistentvolume.
import type { Pod } from '../kinds';
import { quantityValue } from '../resources/quantity';
import { matchesSelector } from '../selectors';
import type { KubeObject } from '../store/types';
import { type ControllerContext, type MakeController, splitKey } from './controller';

const CLAIMS = 'persistentvolumeclaims';
const VOLUMES = 'persistentvolumes';
const CLASSES = 'storageclasses.storage.k8s.io';
const COMPONENT = { component: 'persistentvolume-controller' };

export const volumeBinder: MakeController = (context) => {
  const { store } = context;
  const pending = () =>
    store
      .list(CLAIMS)
      .filter((claim) => claim['status']?.phase !== 'Bound')
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return {
    name: 'persistentvolume-binder',
    watches: {
      [CLAIMS]: ({ type, object }) =>
        type === 'DELETED' && object['spec'].volumeName
          ? [`/${object['spec'].volumeName}`]
          : [`${object.metadata.namespace}/${object.metadata.name}`],
      [VOLUMES]: ({ object, type }) => [...(type === 'DELETED' ? [] : [`/${object.metadata.name}`]), ...pending()],
      [CLASSES]: pending,
      pods: ({ object, old }) =>
        object['spec'].nodeName && !old?.['spec'].nodeName
          ? ((object as Pod).spec.volumes?.flatMap(({ persistentVolumeClaim: claim }) =>
              claim ? [`${object.metadata.namespace}/${claim.claimName}`] : [],
            ) ?? [])
          : [],
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      if (namespace === '') released(context, store.get(VOLUMES, undefined, name));
      else bind(context, store.get(CLAIMS, namespace, name));
      return undefined;
    },
  };
};

function bind(context: ControllerContext, claim: KubeObject | undefined): void {
  const { store } = context;
  if (!claim || claim['status']?.phase === 'Bound' || claim.metadata.deletionTimestamp) return;
  const wanted: string | undefined = claim['spec'].volumeName;
  const volume = wanted ? store.get(VOLUMES, undefined, wanted) : bestFit(store.list(VOLUMES), claim);
  if (volume) return join(context, claim, volume);
  if (!wanted) provision(context, claim);
}

function bestFit(volumes: KubeObject[], claim: KubeObject): KubeObject | undefined {
  const { resources, accessModes = [], storageClassName = '', selector, volumeMode = 'Filesystem' } = claim['spec'];
  const size = quantityValue(resources?.requests?.storage);
  const fits = volumes.filter(({ spec, status, metadata }) => {
    const reserved = spec.claimRef;
    if (reserved && (reserved.namespace !== claim.metadata.namespace || reserved.name !== claim.metadata.name))
      return false;
    return (
      (status?.phase ?? 'Available') === 'Available' &&
      (spec.storageClassName ?? '') === storageClassName &&
      (spec.volumeMode ?? 'Filesystem') === volumeMode &&
      quantityValue(spec.capacity?.storage) >= size &&
      accessModes.every((mode: string) => spec.accessModes?.includes(mode)) &&
      (!selector || matchesSelector(selector, metadata.labels))
    );
  });
  return fits.sort((a, b) => quantityValue(a['spec'].capacity.storage) - quantityValue(b['spec'].capacity.storage))[0];
}

function join({ client }: ControllerContext, claim: KubeObject, volume: KubeObject): void {
  const { namespace, name, uid } = claim.metadata;
  const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid };
  const bound = client.update(VOLUMES, { ...volume, spec: { ...volume['spec'], claimRef } });
  client.updateStatus(VOLUMES, { ...bound, status: { phase: 'Bound' } });
  const annotations = { ...claim.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' };
  const spec = { ...claim['spec'], volumeName: volume.metadata.name };
  const updated = client.update(CLAIMS, { ...claim, metadata: { ...claim.metadata, annotations }, spec });
  const { capacity, accessModes } = volume['spec'];
  client.updateStatus(CLAIMS, { ...updated, status: { phase: 'Bound', accessModes, capacity } });
}

function provision(context: ControllerContext, claim: KubeObject): void {
  const { store, client, events } = context;
  const name: string | undefined = claim['spec'].storageClassName;
  const pending = { phase: 'Pending' };
  if (claim['status']?.phase !== 'Pending') client.updateStatus(CLAIMS, { ...claim, status: pending });
  const say = (type: 'Normal' | 'Warning', reason: string, text: string) =>
    events.record(claim, type, reason, text, COMPONENT);
  if (!name)
    return say('Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  const found = store.get(CLASSES, undefined, name);
  if (!found) return say('Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`);
  if (found['provisioner'] === 'kubernetes.io/no-provisioner') return;
  if (found['volumeBindingMode'] === 'WaitForFirstConsumer' && !consumer(context, claim))
    return say('Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  const { namespace, uid } = claim.metadata;
  const volume = client.create(VOLUMES, {
    metadata: { name: `pvc-${uid}`, annotations: { 'pv.kubernetes.io/provisioned-by': found['provisioner'] } },
    spec: {
      capacity: { storage: claim['spec'].resources.requests.storage },
      accessModes: claim['spec'].accessModes,
      storageClassName: name,
      volumeMode: claim['spec'].volumeMode ?? 'Filesystem',
      persistentVolumeReclaimPolicy: found['reclaimPolicy'] ?? 'Delete',
      csi: { driver: found['provisioner'], volumeHandle: `${namespace}/${claim.metadata.name}` },
    },
  });
  say('Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata.name}`);
  const now = store.get(CLAIMS, namespace, claim.metadata.name);
  if (now) join(context, now, volume);
}

/** A scheduled pod that mounts the claim. */
const consumer = ({ store }: ControllerContext, { metadata }: KubeObject): boolean =>
  (store.list('pods', metadata.namespace) as Pod[]).some(
    ({ spec }) =>
      spec.nodeName && spec.volumes?.some(({ persistentVolumeClaim: claim }) => claim?.claimName === metadata.name),
  );

/** A volume whose claim is gone is deleted or kept, as its policy says; a new one is available. */
function released({ store, client }: ControllerContext, volume: KubeObject | undefined): void {
  if (!volume) return;
  const { claimRef, persistentVolumeReclaimPolicy } = volume['spec'];
  const phase: string | undefined = volume['status']?.phase;
  if (!claimRef?.uid) {
    if (phase !== 'Available') client.updateStatus(VOLUMES, { ...volume, status: { phase: 'Available' } });
    return;
  }
  const claim = store.get(CLAIMS, claimRef.namespace, claimRef.name);
  if (claim?.metadata.uid === claimRef.uid) return;
  if (persistentVolumeReclaimPolicy === 'Delete') {
    store.state.drop(`fs/pv/${volume.metadata.name}`);
    client.delete(VOLUMES, undefined, volume.metadata.name);
  } else if (phase !== 'Released') client.updateStatus(VOLUMES, { ...volume, status: { phase: 'Released' } });
}
