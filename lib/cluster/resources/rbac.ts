// roles, clusterroles, rolebindings and clusterrolebindings of rbac.authorization.k8s.io: four kinds of two shapes.
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { Cell, ResourceDefinition } from './definition';
import { legacyVersion } from './definition';
import { type FieldErrors, GoValue } from './validation/field-errors';
import { pathSegment } from './validation/names';

const GROUP = 'rbac.authorization.k8s.io';

interface Rule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  nonResourceURLs?: string[];
}

function validateRules(object: KubeObject, namespaced: boolean, errors: FieldErrors): void {
  for (const [i, rule] of ((object['rules'] ?? []) as Rule[]).entries()) {
    const at = `rules[${i}]`;
    if (!rule.verbs?.length) errors.required(`${at}.verbs`, 'verbs must contain at least one value');
    if (rule.nonResourceURLs?.length) {
      const field = `${at}.nonResourceURLs`;
      if (namespaced) errors.invalid(field, rule.nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs');
      if (rule.apiGroups?.length || rule.resources?.length)
        errors.invalid(
          field,
          rule.nonResourceURLs,
          'rules cannot apply to both regular resources and non-resource URLs',
        );
      continue;
    }
    if (!rule.apiGroups?.length)
      errors.required(`${at}.apiGroups`, 'resource rules must supply at least one api group');
    if (!rule.resources?.length) errors.required(`${at}.resources`, 'resource rules must supply at least one resource');
  }
}

const createdAt = {
  columns: columns('Name', 'Created At'),
  row: (object: KubeObject): Cell[] => [object.metadata.name, object.metadata.creationTimestamp],
};

const shared = { group: GROUP, nameRule: pathSegment };

const versions = (kind: string) => [{ name: 'v1' }, legacyVersion(GROUP, 'v1beta1', kind, '1.17', '1.22')];

export const role: ResourceDefinition = {
  ...shared,
  ...createdAt,
  versions: versions('Role'),
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  namespaced: true,
  default(object) {
    object['rules'] ??= [];
  },
  validate: (object, errors) => validateRules(object, true, errors),
};

export const clusterRole: ResourceDefinition = {
  ...role,
  versions: versions('ClusterRole'),
  kind: 'ClusterRole',
  plural: 'clusterroles',
  singular: 'clusterrole',
  namespaced: false,
  validate: (object, errors) => validateRules(object, false, errors),
};

interface Subject {
  kind?: string;
  name?: string;
  namespace?: string;
  apiGroup?: string;
}

const names = (object: KubeObject, kind: string): string =>
  ((object['subjects'] ?? []) as Subject[])
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : (name ?? '')))
    .join(', ');

function validateBinding(object: KubeObject, namespaced: boolean, errors: FieldErrors): void {
  const { apiGroup, kind, name } = object['roleRef'] ?? {};
  if (apiGroup !== GROUP) errors.notSupported('roleRef.apiGroup', apiGroup ?? '', [GROUP]);
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(kind)) errors.notSupported('roleRef.kind', kind ?? '', kinds);
  if (!name) errors.required('roleRef.name');
  for (const [i, subject] of ((object['subjects'] ?? []) as Subject[]).entries()) {
    const at = `subjects[${i}]`;
    if (!subject.name) errors.required(`${at}.name`);
    if (!['ServiceAccount', 'User', 'Group'].includes(subject.kind ?? ''))
      errors.notSupported(`${at}.kind`, subject.kind ?? '', ['ServiceAccount', 'User', 'Group']);
    if (subject.kind === 'ServiceAccount' && !subject.namespace && !namespaced) errors.required(`${at}.namespace`);
  }
}

function sameRole(object: KubeObject, old: KubeObject, errors: FieldErrors): void {
  const { apiGroup = '', kind = '', name = '' } = object['roleRef'] ?? {};
  if (kind === old['roleRef']?.kind && name === old['roleRef']?.name) return;
  const shown = `rbac.RoleRef{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(kind)}, Name:${JSON.stringify(name)}}`;
  errors.invalid('roleRef', new GoValue(shown), 'cannot change roleRef');
}

export const roleBinding: ResourceDefinition = {
  ...shared,
  versions: versions('RoleBinding'),
  kind: 'RoleBinding',
  plural: 'rolebindings',
  singular: 'rolebinding',
  namespaced: true,
  columns: columns('Name', 'Role', 'Age', 'Users*', 'Groups*', 'ServiceAccounts*'),
  row: (object, now) => [
    object.metadata.name,
    `${object['roleRef']?.kind}/${object['roleRef']?.name}`,
    age(object, now),
    names(object, 'User'),
    names(object, 'Group'),
    names(object, 'ServiceAccount'),
  ],
  default(object) {
    if (object['roleRef']) object['roleRef'].apiGroup ||= GROUP;
    for (const subject of object['subjects'] ?? []) if (subject.kind !== 'ServiceAccount') subject.apiGroup ||= GROUP;
  },
  validate: (object, errors) => validateBinding(object, true, errors),
  validateUpdate: sameRole,
};

export const clusterRoleBinding: ResourceDefinition = {
  ...roleBinding,
  versions: versions('ClusterRoleBinding'),
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  namespaced: false,
  validate: (object, errors) => validateBinding(object, false, errors),
};
