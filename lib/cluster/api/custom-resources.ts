// Serves what custom resource definitions define: keeps the registry in step with them, and empties a kind before it goes.
import { customDefinition } from '../resources/custom/definition';
import { CLEANUP_FINALIZER } from '../resources/custom-resource-definition';
import type { KubeObject } from '../store/types';
import { clone } from './json';
import type { Operations } from './operations';

const CRDS = 'customresourcedefinitions.apiextensions.k8s.io';

interface Condition {
  type: string;
  status: string;
  lastTransitionTime: string;
  reason: string;
  message: string;
}

const established = (crd: KubeObject): boolean =>
  (crd['status']?.conditions ?? []).some(({ type, status }: Condition) => type === 'Established' && status === 'True');

function accept(operations: Operations, crd: KubeObject): void {
  const lastTransitionTime = operations.clock.timestamp();
  const condition = (type: string, reason: string, message: string): Condition => ({
    type,
    status: 'True',
    lastTransitionTime,
    reason,
    message,
  });
  const conditions = [
    condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
    condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
  ];
  const status = { ...crd['status'], conditions, acceptedNames: clone(crd['spec'].names) };
  operations.update(CRDS, { metadata: { name: crd.metadata.name }, status }, { subresource: 'status' });
}

/** Deletes every object of the kind; the definition goes when none is left. */
function empty(operations: Operations, crd: KubeObject): void {
  const id = crd.metadata.name;
  for (const { metadata } of operations.store.list(id))
    if (!metadata.deletionTimestamp) operations.delete(id, metadata.namespace, metadata.name);
  if (operations.store.count(id) > 0) return;
  operations.mutate(CRDS, undefined, id, (copy) => {
    copy.metadata.finalizers = (copy.metadata.finalizers ?? []).filter((each) => each !== CLEANUP_FINALIZER);
  });
}

/** Call once per world, before anything is served. */
export function serveCustomResources(operations: Operations): void {
  const { store, registry } = operations;
  const serve = (crd: KubeObject) => {
    const definition = customDefinition(crd);
    if (definition) registry.add(definition);
    else registry.remove(crd.metadata.name);
  };
  for (const crd of store.list(CRDS)) serve(crd);
  store.subscribe(CRDS, ({ type, object }) => {
    if (type === 'DELETED') return registry.remove(object.metadata.name);
    serve(object);
    const current = store.get(CRDS, undefined, object.metadata.name);
    if (!current) return;
    if (!established(current)) accept(operations, current);
    else if (current.metadata.deletionTimestamp && current.metadata.finalizers?.includes(CLEANUP_FINALIZER))
      empty(operations, current);
  });
  store.subscribe('*', ({ type, resource }) => {
    if (type !== 'DELETED' || !registry.isCustom(resource)) return;
    const crd = store.get(CRDS, undefined, resource);
    if (crd?.metadata.deletionTimestamp && crd.metadata.finalizers?.includes(CLEANUP_FINALIZER)) empty(operations, crd);
  });
}
