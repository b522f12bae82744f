// Binds claims to volumes: to a fitting one that is free, else to one that the class's provisioner makes.
// kubernetes pkg/controller/volume/persistentvolume.
import { defaultClass, namesNoClass } from '../api/admission/storage';
import type { Pod } from '../kinds';
import { quantityValue } from '../resources/quantity';
import { matchesSelector } from '../selectors';
import type { KubeObject } from '../store/types';
import { type ControllerContext, type MakeController, splitKey } from './controller';

const CLAIMS = 'persistentvolumeclaims';
const VOLUMES = 'persistentvolumes';
const CLASSES = 'storageclasses.storage.k8s.io';
const PROVISIONED = 'pv.kubernetes.io/provisioned-by';
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
      [VOLUMES]: ({ object, type }) => [
        ...(type === 'DELETED' ? claimOf(object) : [`/${object.metadata.name}`]),
        ...pending(),
      ],
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

const claimOf = ({ spec }: KubeObject): string[] =>
  spec.claimRef ? [`${spec.claimRef.namespace}/${spec.claimRef.name}`] : [];

function bind(context: ControllerContext, claim: KubeObject | undefined): void {
  const { store, client, events } = context;
  if (!claim || claim.metadata.deletionTimestamp) return;
  const wanted: string | undefined = claim['spec'].volumeName;
  const volume = wanted ? store.get(VOLUMES, undefined, wanted) : undefined;
  if (claim['status']?.phase === 'Bound') {
    if (volume) return grow(context, claim, volume);
    client.updateStatus(CLAIMS, { ...claim, status: { ...claim['status'], phase: 'Lost' } });
    const lost = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!';
    return events.record(claim, 'Warning', 'ClaimLost', lost, COMPONENT);
  }
  if (claim['status']?.phase === 'Lost') return;
  const preferred = namesNoClass(claim) ? defaultClass(store)?.metadata.name : undefined;
  if (preferred) {
    // a class became the default after the claim was made
    client.update(CLAIMS, { ...claim, spec: { ...claim['spec'], storageClassName: preferred } });
    return;
  }
  const fit = volume ?? (wanted ? undefined : bestFit(store.list(VOLUMES), claim));
  if (fit) return join(context, claim, fit);
  if (!wanted) provision(context, claim);
}

/** A volume follows its claim that asks for more; admission has seen to it that the class allows it. */
function grow({ client, events }: ControllerContext, claim: KubeObject, volume: KubeObject): void {
  const wanted: string = claim['spec'].resources?.requests?.storage ?? '0';
  const has: string = claim['status'].capacity?.storage ?? '0';
  if (quantityValue(wanted) <= quantityValue(has) || !volume.metadata.annotations?.[PROVISIONED]) return;
  const capacity = { storage: wanted };
  client.update(VOLUMES, { ...volume, spec: { ...volume['spec'], capacity } });
  client.updateStatus(CLAIMS, { ...claim, status: { ...claim['status'], capacity } });
  const resizer = { component: `external-resizer ${volume.metadata.annotations[PROVISIONED]}` };
  events.record(claim, 'Normal', 'VolumeResizeSuccessful', 'Resize volume succeeded', resizer);
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
  const { namespace, name, uid, resourceVersion } = claim.metadata;
  const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid, resourceVersion };
  const byController = { 'pv.kubernetes.io/bound-by-controller': 'yes' };
  const marked = volume['spec'].claimRef ? {} : byController;
  const bound = client.update(VOLUMES, {
    ...volume,
    metadata: { ...volume.metadata, annotations: { ...volume.metadata.annotations, ...marked } },
    spec: { ...volume['spec'], claimRef },
  });
  client.updateStatus(VOLUMES, { ...bound, status: { ...bound['status'], phase: 'Bound' } });
  const annotations = {
    ...claim.metadata.annotations,
    'pv.kubernetes.io/bind-completed': 'yes',
    ...(claim['spec'].volumeName ? {} : byController),
  };
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
  const say = (type: 'Normal' | 'Warning', reason: string, text: string, component = COMPONENT.component) =>
    events.record(claim, type, reason, text, { component });
  if (!name)
    return say('Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  const found = store.get(CLASSES, undefined, name);
  if (!found) return say('Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`);
  const provisioner: string = found['provisioner'];
  const waits = found['volumeBindingMode'] === 'WaitForFirstConsumer';
  if (waits && !consumer(context, claim))
    return say('Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  if (provisioner === 'kubernetes.io/no-provisioner') return;
  say(
    'Normal',
    'ExternalProvisioning',
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
  );
  const { namespace = '', uid } = claim.metadata;
  const title = `${namespace}/${claim.metadata.name}`;
  const teller = `${provisioner}_${RUNS_ON[provisioner] ?? 'provisioner'}`;
  say('Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${title}"`, teller);
  const volume = client.create(VOLUMES, {
    metadata: { name: `pvc-${uid}`, annotations: { [PROVISIONED]: provisioner } },
    spec: {
      capacity: { storage: claim['spec'].resources.requests.storage },
      accessModes: claim['spec'].accessModes,
      storageClassName: name,
      volumeMode: claim['spec'].volumeMode ?? 'Filesystem',
      persistentVolumeReclaimPolicy: found['reclaimPolicy'] ?? 'Delete',
      ...sourceOf(provisioner, claim),
    },
  });
  say('Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata.name}`, teller);
  const now = store.get(CLAIMS, namespace, claim.metadata.name);
  if (!now) return;
  const by = {
    'volume.beta.kubernetes.io/storage-provisioner': provisioner,
    'volume.kubernetes.io/storage-provisioner': provisioner,
  };
  const annotations = { ...now.metadata.annotations, ...by };
  join(context, { ...now, metadata: { ...now.metadata, annotations } }, volume);
}

// DIFFERS: whichever provisioner a class names is there; a real cluster has those that were installed.
const RUNS_ON: Record<string, string> = { 'k8s.io/minikube-hostpath': 'minikube' };
const NFS_SERVER = '192.168.50.254'; // the classroom's utility host

/** Where a provisioner puts a volume, as it writes it into the object. */
function sourceOf(provisioner: string, { metadata }: KubeObject): Record<string, object> {
  const { namespace = '', name, uid } = metadata;
  if (provisioner === 'k8s.io/minikube-hostpath')
    return { hostPath: { path: `/tmp/hostpath-provisioner/${namespace}/${name}`, type: '' } };
  if (provisioner === 'k8s-sigs.io/nfs-subdir-external-provisioner')
    return { nfs: { server: NFS_SERVER, path: `/exports-ocp4/${namespace}-${name}-pvc-${uid}` } };
  return { csi: { driver: provisioner, fsType: 'xfs', volumeHandle: uid } };
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
  if (phase !== 'Released') client.updateStatus(VOLUMES, { ...volume, status: { phase: 'Released' } });
  else if (persistentVolumeReclaimPolicy === 'Delete' && !volume.metadata.deletionTimestamp) {
    const { nfs } = volume['spec'];
    store.state.drop(nfs ? `fs/nfs/${nfs.server}:${nfs.path}` : `fs/pv/${volume.metadata.name}`);
    client.delete(VOLUMES, undefined, volume.metadata.name);
  }
}
