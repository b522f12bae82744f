// How the control plane writes: what the API does to every write of a component inside the cluster.
import type { KubeObject, ObjectInput, ResourceId } from './store/types';

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  uid?: string;
}

/** Reads go to the store itself. All calls throw ApiError. */
export interface Client {
  create(resource: ResourceId, object: ObjectInput): KubeObject;
  /** Throws Conflict when the object is not the newest. */
  update(resource: ResourceId, object: KubeObject): KubeObject;
  updateStatus(resource: ResourceId, object: KubeObject): KubeObject;
  delete(resource: ResourceId, namespace: string | undefined, name: string, options?: DeleteOptions): void;
}
