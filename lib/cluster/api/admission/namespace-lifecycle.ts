// Nothing is made in a namespace that is missing or on its way out: plugin/pkg/admission/namespace/lifecycle.
import { ApiError, forbidden, notFound } from '../../store/errors';
import type { Plugin } from './admission';

const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);

export const namespaceLifecycle: Plugin = ({ operation, resource, definition, object }, { store }) => {
  const { name, namespace } = object.metadata;
  if (operation === 'DELETE' && resource === 'namespaces' && IMMORTAL.has(name))
    throw forbidden('namespaces', name, 'this namespace may not be deleted');
  if (operation !== 'CREATE' || !definition.namespaced || !namespace) return;
  const found = store.get('namespaces', undefined, namespace);
  if (!found) throw notFound('namespaces', namespace);
  if (!found.metadata.deletionTimestamp) return;
  const message = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const refusal = forbidden(resource, name, message);
  const causes = [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ];
  throw new ApiError(403, 'Forbidden', refusal.message, { ...refusal.details, causes });
};
