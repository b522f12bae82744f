// Makes the roles and bindings that a cluster is born with.
import type { Client } from '../api/client';
import type { ObjectInput } from '../store/types';
import { type Account, CLASSROOM, userOf } from './accounts';
import { CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES } from './authorizer';
import { BINDINGS } from './default-roles/bindings';
import { type DefaultRole, ROLES } from './default-roles/roles';
import type { Rule } from './rules';

const GROUP = 'rbac.authorization.k8s.io';
/** What each of the three takes in: a wider role holds the narrower ones too. */
const TAKES_IN = { admin: ['admin', 'edit', 'view'], edit: ['edit', 'view'], view: ['view'] } as const;

const label = (into: string) => ({ [`${GROUP}/aggregate-to-${into}`]: 'true' });

/** The rules of `admin`, `edit` or `view` as aggregation would make them. */
const rulesInto = (from: 'admin' | 'edit' | 'view', roles: readonly DefaultRole[]): Rule[] =>
  TAKES_IN[from].flatMap((into) => roles.filter((role) => role.into === into).flatMap(({ rules }) => rules));

const metadata = (name: string, labels = {}) => ({
  name,
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
  annotations: { [`${GROUP.replace('.k8s.io', '.kubernetes.io')}/autoupdate`]: 'true' },
});

function roleObject({ name, rules, into, from }: DefaultRole, roles: readonly DefaultRole[]): ObjectInput {
  if (!from) return { metadata: metadata(name, into && label(into)), rules };
  const above = from === 'view' ? label('edit') : from === 'edit' ? label('admin') : {};
  return {
    metadata: metadata(name, above),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: label(from) }] },
    rules: rulesInto(from, roles),
  };
}

/** What is there already stays. `accounts` marked as such are made administrators of the cluster. */
export function createRoles(
  client: Client,
  profile: 'openshift' | 'kubernetes',
  accounts: readonly Account[] = CLASSROOM,
): void {
  const served = <T extends { openshift?: true }>(list: readonly T[]) =>
    list.filter((each) => profile === 'openshift' || !each.openshift);
  const make = (resource: string, object: ObjectInput) => {
    if (!client.get(resource, undefined, object.metadata?.name ?? '')) client.create(resource, object);
  };
  const roles = served(ROLES);
  for (const role of roles) make(CLUSTER_ROLES, roleObject(role, roles));
  for (const { name, role, groups = [], users = [] } of served(BINDINGS))
    make(CLUSTER_ROLE_BINDINGS, {
      metadata: metadata(name),
      roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: role },
      subjects: [
        ...groups.map((group) => ({ apiGroup: GROUP, kind: 'Group', name: group })),
        ...users.map((user) => ({ apiGroup: GROUP, kind: 'User', name: user })),
      ],
    });
  const administrators = profile === 'openshift' ? accounts.filter((account) => account.clusterAdmin) : [];
  administrators.forEach((account, i) => {
    make(CLUSTER_ROLE_BINDINGS, {
      metadata: { name: `cluster-admin-${i}` }, // as `oc adm policy add-cluster-role-to-user` names it
      roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: GROUP, kind: 'User', name: userOf(account) }],
    });
  });
}
