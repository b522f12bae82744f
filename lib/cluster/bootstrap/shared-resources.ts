// Who may look at what the project `openshift` offers to all: everybody who is signed in.
import type { Client } from '../api/client';

const NAMESPACE = 'openshift';
const NAME = 'shared-resource-viewer';

export function shareResources(client: Client): void {
  const apiGroup = 'rbac.authorization.k8s.io';
  const look = (group: string, ...resources: string[]) => ({
    apiGroups: ['', group],
    resources,
    verbs: ['get', 'list', 'watch'],
  });
  client.create(`roles.${apiGroup}`, {
    metadata: { name: NAME, namespace: NAMESPACE },
    rules: [
      look('template.openshift.io', 'templates'),
      look('image.openshift.io', 'imagestreamimages', 'imagestreams', 'imagestreamtags', 'imagetags'),
      { apiGroups: ['', 'image.openshift.io'], resources: ['imagestreams/layers'], verbs: ['get'] },
    ],
  });
  client.create(`rolebindings.${apiGroup}`, {
    metadata: { name: `${NAME}s`, namespace: NAMESPACE },
    roleRef: { apiGroup, kind: 'Role', name: NAME },
    subjects: [{ apiGroup, kind: 'Group', name: 'system:authenticated' }],
  });
}
