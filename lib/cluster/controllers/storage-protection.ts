// Lets claims and volumes go only when nobody uses them any more.
// kubernetes pkg/controller/volume: pvcprotection, pvprotection.
import { CLAIM_PROTECTION, VOLUME_PROTECTION } from '../api/admission/storage';
import { type Pod, podFinished } from '../kinds';
import type { KubeObject } from '../store/types';
import { type ControllerContext, type MakeController, splitKey } from './controller';

const CLAIMS = 'persistentvolumeclaims';
const VOLUMES = 'persistentvolumes';

export const storageProtection: MakeController = (context) => ({
  name: 'storage-protection',
  watches: {
    [CLAIMS]: ({ object }) => (object.metadata.deletionTimestamp ? [keyOf(object)] : []),
    [VOLUMES]: ({ object }) => (object.metadata.deletionTimestamp ? [keyOf(object)] : []),
    pods: ({ type, object }) =>
      type === 'DELETED' || podFinished(object as Pod)
        ? claimsOf(object).map((claim) => `${object.metadata.namespace}/${claim}`)
        : [],
  },
  reconcile(key) {
    const { namespace, name } = splitKey(key);
    const resource = namespace ? CLAIMS : VOLUMES;
    const object = context.store.get(resource, namespace || undefined, name);
    if (object?.metadata.deletionTimestamp) letGo(context, resource, object);
    return undefined;
  },
});

const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;

const claimsOf = (pod: KubeObject): string[] =>
  ((pod as Pod).spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => (claim ? [claim.claimName] : []));

function letGo({ store, client }: ControllerContext, resource: string, object: KubeObject): void {
  const { name, namespace, finalizers = [] } = object.metadata;
  const protection = namespace ? CLAIM_PROTECTION : VOLUME_PROTECTION;
  if (!finalizers.includes(protection)) return;
  const isUsed = namespace
    ? store
        .list('pods', namespace)
        .some((pod) => (pod as Pod).spec.nodeName && !podFinished(pod as Pod) && claimsOf(pod).includes(name))
    : object['status']?.phase === 'Bound';
  if (isUsed) return;
  const rest = finalizers.filter((each) => each !== protection);
  client.update(resource, { ...object, metadata: { ...object.metadata, finalizers: rest } });
}
