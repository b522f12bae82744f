// A client that writes to the store with only what every object needs: no defaults, no validation, no admission. For tests of
// one controller, and for a world that is being put together.
import type { Client, DeleteOptions } from './client';
import { conflict } from './store/errors';
import type { ObjectStore } from './store/store';
import type { KubeObject, ObjectInput, ObjectMeta, ResourceId } from './store/types';

const DEFAULT_GRACE_SECONDS = 30;

export class StoreClient implements Client {
  constructor(private readonly store: ObjectStore) {}

  create(resource: ResourceId, object: ObjectInput): KubeObject {
    const { clock, random } = this.store;
    const meta = object.metadata ?? {};
    const name = meta.name ?? `${meta.generateName ?? ''}${random.suffix(5)}`;
    const metadata: ObjectMeta = {
      ...meta,
      name,
      uid: random.uuid(),
      resourceVersion: '',
      creationTimestamp: clock.timestamp(),
      generation: 1,
    };
    return this.store.create(resource, { ...object, metadata } as KubeObject);
  }

  update(resource: ResourceId, object: KubeObject): KubeObject {
    const { namespace, name, generation = 1 } = object.metadata;
    const old = this.store.getExisting(resource, namespace, name);
    const changed = JSON.stringify(old['spec']) !== JSON.stringify(object['spec']);
    const metadata = { ...object.metadata, generation: changed ? generation + 1 : generation };
    if (metadata.deletionTimestamp && !metadata.finalizers?.length && resource !== 'pods') {
      this.store.update(resource, { ...object, metadata });
      return this.store.delete(resource, namespace, name);
    }
    return this.store.update(resource, { ...object, metadata });
  }

  updateStatus(resource: ResourceId, object: KubeObject): KubeObject {
    return this.store.updateStatus(resource, object);
  }

  delete(resource: ResourceId, namespace: string | undefined, name: string, options: DeleteOptions = {}): void {
    const object = this.store.getExisting(resource, namespace, name);
    if (options.uid && options.uid !== object.metadata.uid)
      throw conflict(resource, name, `Precondition failed: UID in precondition: ${options.uid}`);
    const grace = resource === 'pods' ? this.grace(object, options.gracePeriodSeconds) : 0;
    const waits = grace > 0 || (object.metadata.finalizers?.length ?? 0) > 0;
    if (!waits) return void this.store.delete(resource, namespace, name);
    if (object.metadata.deletionTimestamp) return;
    const deletionTimestamp = `${new Date(this.store.clock.now() + grace * 1000).toISOString().slice(0, 19)}Z`;
    const metadata = { ...object.metadata, deletionTimestamp, deletionGracePeriodSeconds: grace };
    this.store.update(resource, { ...object, metadata });
  }

  private grace(pod: KubeObject, asked: number | undefined): number {
    const { phase } = pod['status'] ?? {};
    if (!pod['spec']?.nodeName || phase === 'Succeeded' || phase === 'Failed') return 0;
    return asked ?? pod['spec']?.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  }
}
