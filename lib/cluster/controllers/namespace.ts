// Empties a namespace that is being deleted, and lets it go when nothing is left. pkg/controller/namespace/deletion.
import type { KubeObject, ResourceId } from '../store/types';
import { type ControllerContext, type MakeController, splitKey } from './controller';

const AGAIN_MS = 1000; // while pods still terminate

export const namespace: MakeController = (context) => ({
  name: 'namespace',
  watches: {
    namespaces: ({ object }) => (object.metadata.deletionTimestamp ? [`/${object.metadata.name}`] : []),
    '*': ({ type, object }) => {
      const { namespace: name } = object.metadata;
      if (type !== 'DELETED' || !name) return [];
      return context.store.get('namespaces', undefined, name)?.metadata.deletionTimestamp ? [`/${name}`] : [];
    },
  },
  reconcile(key) {
    const found = context.store.get('namespaces', undefined, splitKey(key).name);
    return found?.metadata.deletionTimestamp ? empty(context, found) : undefined;
  },
});

function empty({ store, client }: ControllerContext, found: KubeObject): number | undefined {
  const { name } = found.metadata;
  const left = new Map<ResourceId, KubeObject[]>();
  for (const resource of store.resources()) {
    for (const object of store.list(resource, name)) {
      if (object.metadata.namespace !== name || object.metadata.deletionTimestamp) continue;
      client.delete(resource, name, object.metadata.name, { propagationPolicy: 'Background' });
    }
    const rest = store.list(resource, name).filter(({ metadata }) => metadata.namespace === name);
    if (rest.length > 0) left.set(resource, rest);
  }
  if (left.size === 0) {
    client.patch('namespaces', undefined, name, { spec: { finalizers: null } }, { subresource: 'finalize' });
    return undefined;
  }
  noteRemaining({ client }, found, left);
  return AGAIN_MS;
}

/** What is left, and which finalizers hold it, as the conditions of the namespace. */
function noteRemaining(
  { client }: Pick<ControllerContext, 'client'>,
  found: KubeObject,
  left: Map<ResourceId, KubeObject[]>,
): void {
  const counts = [...left].map(
    ([resource, objects]) =>
      `${resource.includes('.') ? resource : `${resource}.`} has ${objects.length} resource instances`,
  );
  const holders = new Map<string, number>();
  for (const object of [...left.values()].flat())
    for (const finalizer of object.metadata.finalizers ?? []) holders.set(finalizer, (holders.get(finalizer) ?? 0) + 1);
  const held = [...holders].map(([finalizer, n]) => `${finalizer} in ${n} resource instances`);
  const at = found.metadata.deletionTimestamp;
  const condition = (type: string, on: boolean, reason: string, message: string) => ({
    type,
    status: on ? 'True' : 'False',
    lastTransitionTime: at,
    reason,
    message,
  });
  const conditions = [
    condition(
      'NamespaceDeletionDiscoveryFailure',
      false,
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    condition(
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    condition(
      'NamespaceDeletionContentFailure',
      false,
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    condition(
      'NamespaceContentRemaining',
      true,
      'SomeResourcesRemain',
      `Some resources are remaining: ${counts.sort().join(', ')}`,
    ),
    held.length > 0
      ? condition(
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${held.sort().join(', ')}`,
        )
      : condition(
          'NamespaceFinalizersRemaining',
          false,
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ];
  client.patch('namespaces', undefined, found.metadata.name, { status: { conditions } }, { subresource: 'status' });
}
