// Roles made of others: `admin`, `edit` and `view` take in every cluster role that is labelled for them
// (pkg/controller/clusterroleaggregation).
import { equal } from '../api/json';
import type { Operations } from '../api/operations';
import { type LabelSelector, selects } from '../store/selectors';
import type { KubeObject } from '../store/types';
import { CLUSTER_ROLES } from './authorizer';
import type { Rule } from './rules';

interface Aggregation {
  clusterRoleSelectors?: LabelSelector[];
}

/** The rules of the roles that are picked, each once, in the order of the roles' names. */
function aggregated(rule: Aggregation, own: string, roles: readonly KubeObject[]): Rule[] {
  const picked = roles.filter(
    ({ metadata }) =>
      metadata.name !== own && rule.clusterRoleSelectors?.some((selector) => selects(selector, metadata.labels)),
  );
  const rules: Rule[] = [];
  for (const role of picked)
    for (const each of (role['rules'] ?? []) as Rule[])
      if (!rules.some((known) => equal(known, each))) rules.push(each);
  return rules;
}

const LABEL = 'rbac.authorization.k8s.io/aggregate-to-';
const isPart = (role: KubeObject | undefined): boolean =>
  Object.keys(role?.metadata.labels ?? {}).some((key) => key.startsWith(LABEL));

/** Keeps the rules of such roles up to date from now on. */
export function keepAggregated(operations: Operations): void {
  const { store } = operations;
  store.subscribe(CLUSTER_ROLES, ({ type, object, old }) => {
    if (!isPart(object) && !isPart(old) && !(type === 'ADDED' && object['aggregationRule'])) return;
    const roles = store.list(CLUSTER_ROLES);
    for (const role of roles) {
      if (!role['aggregationRule']) continue;
      const rules = aggregated(role['aggregationRule'], role.metadata.name, roles);
      if (!equal(rules, role['rules'] ?? [])) operations.update(CLUSTER_ROLES, { ...role, rules });
    }
  });
}
