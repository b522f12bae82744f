// Who owns what: indexes by owner, adoption of orphans, release of what no longer matches.
import type { Client } from '../api/client';
import type { LabelSelector, Pod } from '../kinds';
import { matchesSelector } from '../selectors';
import type { ObjectStore } from '../store/store';
import type { KubeObject, OwnerReference, ResourceId } from '../store/types';

const BY_CONTROLLER = 'controller';

export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((owner) => owner.controller);

/** The reference that makes `owner` the controller of an object. */
export const controllerReference = (owner: KubeObject): OwnerReference => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

/** Objects by their controller's uid; those without one under `orphans/NAMESPACE`. */
export function indexByController(store: ObjectStore, resource: ResourceId): void {
  store.index(resource, BY_CONTROLLER, (object) => {
    const owner = controllerOf(object);
    return [owner ? owner.uid : `orphans/${object.metadata.namespace ?? ''}`];
  });
}

export const ownedBy = (store: ObjectStore, resource: ResourceId, owner: KubeObject): KubeObject[] =>
  store.byIndex(resource, BY_CONTROLLER, owner.metadata.uid);

const orphans = (store: ObjectStore, resource: ResourceId, owner: KubeObject): KubeObject[] =>
  store.byIndex(resource, BY_CONTROLLER, `orphans/${owner.metadata.namespace ?? ''}`);

/** Whether there is anything in the namespace of `owner` that nobody controls. */
export const hasOrphans = (store: ObjectStore, resource: ResourceId, owner: KubeObject): boolean =>
  orphans(store, resource, owner).length > 0;

/** What an owner has, after it took in the orphans that match its selector and let go of its own that do not. */
export function claim(
  store: ObjectStore,
  client: Client,
  resource: ResourceId,
  owner: KubeObject,
  selector: LabelSelector | undefined,
): KubeObject[] {
  const kept: KubeObject[] = [];
  for (const object of ownedBy(store, resource, owner)) {
    if (matchesSelector(selector, object.metadata.labels)) kept.push(object);
    else if (!object.metadata.deletionTimestamp) release(client, resource, owner, object);
  }
  if (owner.metadata.deletionTimestamp || !selector) return kept;
  for (const object of orphans(store, resource, owner)) {
    if (object.metadata.deletionTimestamp || !matchesSelector(selector, object.metadata.labels)) continue;
    const ownerReferences = [...(object.metadata.ownerReferences ?? []), controllerReference(owner)];
    kept.push(client.update(resource, { ...object, metadata: { ...object.metadata, ownerReferences } }));
  }
  return kept;
}

function release(client: Client, resource: ResourceId, owner: KubeObject, object: KubeObject): void {
  const rest = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
  const { ownerReferences: _, ...metadata } = object.metadata;
  client.update(resource, { ...object, metadata: rest.length > 0 ? { ...metadata, ownerReferences: rest } : metadata });
}

/** Keys of the owners that an event of an owned object concerns; for an orphan, of every owner that would take it. */
export function ownerKeys(store: ObjectStore, kind: string, resource: ResourceId) {
  return ({ object, old }: { object: KubeObject; old?: KubeObject }): string[] => {
    const namespace = object.metadata.namespace ?? '';
    const keys = [object, old].flatMap((each) => {
      const owner = each && controllerOf(each);
      return owner?.kind === kind ? [`${namespace}/${owner.name}`] : [];
    });
    if (controllerOf(object)) return keys;
    const takers = store
      .list(resource, namespace)
      .filter((owner) => matchesSelector(asSelector(owner['spec']?.selector), object.metadata.labels));
    return [...keys, ...takers.map((owner) => `${namespace}/${owner.metadata.name}`)];
  };
}

/** ReplicationControllers and DeploymentConfigs write their selector as plain labels. */
export const asSelector = (selector: LabelSelector | Record<string, string> | undefined): LabelSelector | undefined =>
  !selector || 'matchLabels' in selector || 'matchExpressions' in selector
    ? (selector as LabelSelector | undefined)
    : { matchLabels: selector as Record<string, string> };

export const podsOf = (store: ObjectStore, owner: KubeObject): Pod[] => ownedBy(store, 'pods', owner) as Pod[];
