// The shapes every part of the cluster shares: objects, their metadata, and what the store tells its watchers.

/** One owner of an object; the garbage collector follows `uid`. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Who set which fields, as server-side apply keeps it. */
export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time?: string;
  fieldsType: 'FieldsV1';
  fieldsV1: FieldSet;
  subresource?: string;
}

/** FieldsV1: `f:name`, `k:{…}`, `v:…` and `.`, nested. */
export interface FieldSet {
  [key: string]: FieldSet;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
  generateName?: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  managedFields?: ManagedFieldsEntry[];
}

/** An object as it is stored and served: frozen by convention, never changed in place. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind pass here; whoever reads a field knows its kind's shape
  [field: string]: any;
}

/** An object on its way in: metadata may be incomplete. */
export interface ObjectInput {
  apiVersion?: string;
  kind?: string;
  metadata?: Partial<ObjectMeta>;
  // biome-ignore lint/suspicious/noExplicitAny: see KubeObject
  [field: string]: any;
}

/** What changed. `old` is the object before, on MODIFIED and DELETED. */
export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: string;
  object: KubeObject;
  old?: KubeObject;
}

/**
 * Names a resource: its plural, and its group if it has one: `pods`, `deployments.apps`, `routes.route.openshift.io`.
 */
export type ResourceId = string;

/** `a/b` for display and map keys; a cluster-wide object has the namespace ''. */
/** Joined, as all texts that are kept for each object: V8 keeps the parts of a template literal beside the whole, at twice the size. */
export const objectKey = (object: KubeObject): string =>
  [object.metadata.namespace ?? '', object.metadata.name].join('/');
