// adminnetworkpolicies and baselineadminnetworkpolicies of policy.networking.k8s.io.
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { untyped } from './untyped';
import type { FieldErrors } from './validation/field-errors';

const PRIORITY_MAX = 1000;

interface Rule {
  action?: string;
  from?: unknown[];
  to?: unknown[];
}

function validateRules(object: KubeObject, actions: readonly string[], errors: FieldErrors): void {
  if (!object['spec']?.subject) errors.required('spec.subject');
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const)
    for (const [i, rule] of ((object['spec']?.[direction] ?? []) as Rule[]).entries()) {
      const at = `spec.${direction}[${i}]`;
      if (!actions.includes(rule.action ?? '')) errors.notSupported(`${at}.action`, rule.action ?? '', actions);
      if (!rule[peers]?.length)
        errors.invalid(`${at}.${peers}`, 0, `spec.${direction}[${i}].${peers} in body should have at least 1 items`);
    }
}

const shared = { group: 'policy.networking.k8s.io', namespaced: false, generation: true, subresources: ['status'] };

export const adminNetworkPolicy: ResourceDefinition = {
  ...shared,
  versions: [{ name: 'v1alpha1' }],
  kind: 'AdminNetworkPolicy',
  plural: 'adminnetworkpolicies',
  singular: 'adminnetworkpolicy',
  shortNames: ['anp'],
  types: untyped('AdminNetworkPolicy'),
  columns: columns('Name', 'Priority', 'Age'),
  row: (object, now) => [object.metadata.name, object['spec']?.priority ?? 0, age(object, now)],
  validate(object, errors) {
    const { priority } = object['spec'] ?? {};
    if (priority === undefined) errors.required('spec.priority');
    else if (!Number.isInteger(priority) || priority < 0 || priority > PRIORITY_MAX)
      errors.invalid(
        'spec.priority',
        priority,
        `spec.priority in body should be less than or equal to ${PRIORITY_MAX}`,
      );
    validateRules(object, ['Allow', 'Deny', 'Pass'], errors);
  },
};

export const baselineAdminNetworkPolicy: ResourceDefinition = {
  ...shared,
  versions: [{ name: 'v1alpha1' }],
  kind: 'BaselineAdminNetworkPolicy',
  plural: 'baselineadminnetworkpolicies',
  singular: 'baselineadminnetworkpolicy',
  shortNames: ['banp'],
  types: untyped('BaselineAdminNetworkPolicy'),
  columns: columns('Name', 'Age'),
  row: (object, now) => [object.metadata.name, age(object, now)],
  validate(object, errors) {
    if (object.metadata.name !== 'default')
      errors.invalid(
        'metadata.name',
        object.metadata.name,
        'Only one baseline admin network policy with metadata.name="default" can be created in the cluster',
      );
    validateRules(object, ['Allow', 'Deny'], errors);
  },
};
