// Nobody gives away more than they hold: plugin/pkg/auth/authorizer and pkg/registry/rbac/*/policybased.
import type { UserInfo } from '../resources/definition';
import { forbidden } from '../store/errors';
import type { ObjectInput } from '../store/types';
import { type Authorizer, CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES, ROLE_BINDINGS, ROLES } from './authorizer';
import { type Access, type Rule, uncovered } from './rules';

const GROUP = 'rbac.authorization.k8s.io';

function shown({ verb, group, resource, subresource, name, path }: Access): string {
  const list = (text: string) => `["${text}"]`;
  if (path !== undefined) return `{NonResourceURLs:${list(path)}, Verbs:${list(verb)}}`;
  const full = subresource ? `${resource}/${subresource}` : (resource ?? '');
  const names = name ? `, ResourceNames:${list(name)}` : '';
  return `{APIGroups:${list(group ?? '')}, Resources:${list(full)}${names}, Verbs:${list(verb)}}`;
}

function rulesGiven(authorizer: Authorizer, user: UserInfo, resource: string, object: ObjectInput): Rule[] {
  const namespace = object.metadata?.namespace ?? '';
  if (resource === ROLES || resource === CLUSTER_ROLES) {
    const escalate = { verb: 'escalate', group: GROUP, resource: resource.split('.')[0] ?? '', namespace };
    return authorizer.allows(user, escalate) ? [] : (object['rules'] ?? []);
  }
  const { kind, name } = object['roleRef'] ?? {};
  const bind = { verb: 'bind', group: GROUP, resource: kind === 'Role' ? 'roles' : 'clusterroles', namespace, name };
  return authorizer.allows(user, bind) ? [] : (authorizer.rulesOf(object) ?? []);
}

/** Throws Forbidden with the list of what is missing. */
export function checkEscalation(authorizer: Authorizer, user: UserInfo, resource: string, object: ObjectInput): void {
  if (![ROLES, CLUSTER_ROLES, ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS].includes(resource)) return;
  if (user.groups.includes('system:masters')) return;
  const wanted = rulesGiven(authorizer, user, resource, object);
  const missing = uncovered(wanted, authorizer.rules(user, object.metadata?.namespace ?? ''));
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  throw forbidden(
    resource,
    object.metadata?.name ?? '',
    `user ${JSON.stringify(user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(shown).join('\n')}`,
  );
}
