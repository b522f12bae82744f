// Deletes what nobody owns any more, and finishes foreground and orphan deletions. pkg/controller/garbagecollector.
import type { KubeObject, ResourceId, StoreEvent } from '../store/types';
import type { Controller, MakeController } from './controller';

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

export const garbageCollector: MakeController = ({ store, client }): Controller => {
  /** Owner uid to the keys `resource namespace name` of what it owns. */
  const dependents = new Map<string, Set<string>>();
  /** Uids of all objects that own something or could. */
  const living = new Map<string, string>();

  const note = ({ type, object, old }: StoreEvent, key: string): void => {
    for (const { uid } of old?.metadata.ownerReferences ?? []) dependents.get(uid)?.delete(key);
    if (type === 'DELETED') {
      living.delete(object.metadata.uid);
      for (const { uid } of object.metadata.ownerReferences ?? []) dependents.get(uid)?.delete(key);
      return;
    }
    living.set(object.metadata.uid, key);
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const set = dependents.get(uid);
      if (set) set.add(key);
      else dependents.set(uid, new Set([key]));
    }
  };

  const watch = (event: StoreEvent): string[] => {
    const { object, resource, type } = event;
    if (resource === 'events') return [];
    const { namespace = '', name, uid, deletionTimestamp, ownerReferences = [] } = object.metadata;
    const key = `${resource} ${namespace} ${name}`;
    note(event, key);
    if (type === 'DELETED') {
      const owned = [...(dependents.get(uid) ?? [])];
      dependents.delete(uid);
      const waiting = ownerReferences.flatMap((owner) => living.get(owner.uid) ?? []);
      return [...owned, ...waiting];
    }
    const missing = ownerReferences.some((owner) => !living.has(owner.uid));
    const finishing =
      deletionTimestamp && object.metadata.finalizers?.some((each) => each === ORPHAN || each === FOREGROUND);
    return missing || finishing ? [key] : [];
  };

  const remove = (resource: ResourceId, object: KubeObject, propagationPolicy: 'Background' | 'Foreground') => {
    const { namespace, name, uid, deletionTimestamp } = object.metadata;
    if (!deletionTimestamp) client.delete(resource, namespace, name, { propagationPolicy, preconditions: { uid } });
  };

  const withoutFinalizer = (resource: ResourceId, object: KubeObject, finalizer: string) => {
    const finalizers = object.metadata.finalizers?.filter((each) => each !== finalizer) ?? [];
    client.update(resource, { ...object, metadata: { ...object.metadata, finalizers } });
  };

  const ownedObjects = (uid: string): { resource: ResourceId; object: KubeObject }[] =>
    [...(dependents.get(uid) ?? [])].flatMap((key) => {
      const [resource = '', namespace = '', name = ''] = key.split(' ');
      const object = store.get(resource, namespace, name);
      return object ? [{ resource, object }] : [];
    });

  const disown = (resource: ResourceId, object: KubeObject, uids: (uid: string) => boolean) => {
    const rest = (object.metadata.ownerReferences ?? []).filter((owner) => !uids(owner.uid));
    client.update(resource, { ...object, metadata: { ...object.metadata, ownerReferences: rest } });
  };

  const finish = (resource: ResourceId, object: KubeObject): void => {
    const { finalizers = [], uid } = object.metadata;
    const owned = ownedObjects(uid);
    if (finalizers.includes(ORPHAN)) {
      for (const each of owned) disown(each.resource, each.object, (owner) => owner === uid);
      withoutFinalizer(resource, object, ORPHAN);
    } else if (finalizers.includes(FOREGROUND)) {
      const blocking = owned.filter((each) =>
        each.object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion),
      );
      for (const each of owned) remove(each.resource, each.object, 'Foreground');
      const left = blocking.filter(
        ({ resource: r, object: { metadata } }) =>
          store.get(r, metadata.namespace, metadata.name)?.metadata.uid === metadata.uid,
      );
      if (left.length > 0) return;
      const now = store.get(resource, object.metadata.namespace, object.metadata.name);
      if (now) withoutFinalizer(resource, now, FOREGROUND);
    }
  };

  return {
    name: 'garbage-collector',
    watches: { '*': watch },
    reconcile(key) {
      const [resource = '', namespace = '', name = ''] = key.split(' ');
      const object = store.get(resource, namespace, name);
      if (!object) return undefined;
      if (object.metadata.deletionTimestamp) {
        finish(resource, object);
        return undefined;
      }
      const owners = object.metadata.ownerReferences ?? [];
      const gone = owners.filter(({ uid }) => !living.has(uid));
      if (gone.length === 0) return undefined;
      if (gone.length < owners.length) disown(resource, object, (uid) => !living.has(uid));
      else remove(resource, object, 'Background');
      return undefined;
    },
  };
};
