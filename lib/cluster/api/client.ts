// The controllers' way in: the same defaults, admission and validation as over HTTP, without HTTP.
import type { UserInfo } from '../resources/definition';
import type { KubeObject, ObjectInput, ResourceId } from '../store/types';
import { mergePatch } from './json';
import type { DeleteOptions, Operations } from './operations';

/** As whom a write is made; `fieldManager` shows in managedFields, none keeps them as they are. */
export interface ClientOptions {
  user?: UserInfo;
  fieldManager?: string;
}

/**
 * Reads and writes of one controller. All calls are synchronous and throw ApiError.
 * @example
 * const client = new Client(operations, { user: controllerUser('replicaset-controller') });
 * client.create('pods', { metadata: { generateName: 'web-', namespace: 'demo' }, spec });
 */
export class Client {
  constructor(
    private readonly operations: Operations,
    private readonly options: ClientOptions = {},
  ) {}

  get(resource: ResourceId, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.operations.store.get(resource, namespace, name);
  }

  list(resource: ResourceId, namespace?: string): KubeObject[] {
    return this.operations.store.list(resource, namespace);
  }

  create(resource: ResourceId, object: ObjectInput, options: ClientOptions = {}): KubeObject {
    return this.operations.create(resource, object, { ...this.options, ...options });
  }

  /** A version in metadata.resourceVersion must be the stored one; none overwrites whatever is there. */
  update(resource: ResourceId, object: ObjectInput): KubeObject {
    return this.operations.update(resource, object, this.options);
  }

  updateStatus(resource: ResourceId, object: ObjectInput): KubeObject {
    return this.operations.update(resource, object, { ...this.options, subresource: 'status' });
  }

  /** A JSON merge patch; 'status' touches the status alone, 'finalize' a namespace's finalizers, 'binding' a pod's node. */
  patch(
    resource: ResourceId,
    namespace: string | undefined,
    name: string,
    patch: object,
    options: { subresource?: 'status' | 'finalize' | 'binding' } = {},
  ): KubeObject {
    const change = (copy: KubeObject) => mergePatch(copy, patch) as ObjectInput;
    return this.operations.mutate(resource, namespace, name, change, { ...this.options, ...options });
  }

  /** True if the object is gone at once. */
  delete(resource: ResourceId, namespace: string | undefined, name: string, options: DeleteOptions = {}): boolean {
    return this.operations.delete(resource, namespace, name, options, this.options).done;
  }
}

/** `system:serviceaccount:kube-system:replicaset-controller`, as the real controller manager runs each controller. */
export const controllerUser = (name: string): UserInfo => ({
  name: `system:serviceaccount:kube-system:${name}`,
  groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
});
