// Makes the roles and bindings that a cluster is born with.
import type { Client } from '../api/client';
import { defaultClusterRoleBindings, defaultClusterRoles } from './default-roles';

const GROUP = 'rbac.authorization.k8s.io';

/** What is there already stays. */
export function createRoles(client: Client, profile: 'openshift' | 'kubernetes'): void {
  const openshift = profile === 'openshift';
  const make = (resource: string, objects: ReturnType<typeof defaultClusterRoles>) => {
    for (const object of objects)
      if (!client.get(resource, undefined, object.metadata?.name ?? '')) client.create(resource, object);
  };
  make(`clusterroles.${GROUP}`, defaultClusterRoles(openshift));
  make(`clusterrolebindings.${GROUP}`, defaultClusterRoleBindings(openshift));
}
