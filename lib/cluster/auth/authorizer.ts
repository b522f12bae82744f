// Who may do what: role-based access control over the cluster's own objects (plugin/pkg/auth/authorizer/rbac).
import type { UserInfo } from '../resources/definition';
import type { ObjectStore } from '../store/store';
import type { KubeObject } from '../store/types';

export interface Rule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

/** One question: a resource, or a path. */
export interface Access {
  verb: string;
  group?: string;
  resource?: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  path?: string;
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

const GROUP = 'rbac.authorization.k8s.io';
const KINDS = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'].map((plural) => `${plural}.${GROUP}`);
const SUPERUSERS = 'system:masters';

const has = (list: string[] | undefined, value: string) => list?.includes('*') || list?.includes(value) || false;

function resourceMatches(rule: Rule, access: Access): boolean {
  const { resource = '', subresource } = access;
  const combined = subresource ? `${resource}/${subresource}` : resource;
  return (rule.resources ?? []).some(
    (each) =>
      each === '*' ||
      each === combined ||
      (subresource !== undefined && subresource !== '' && each === `*/${subresource}`),
  );
}

export function ruleAllows(rule: Rule, access: Access): boolean {
  if (!has(rule.verbs, access.verb)) return false;
  if (access.path !== undefined)
    return (rule.nonResourceURLs ?? []).some(
      (each) =>
        each === '*' ||
        each === access.path ||
        (each.endsWith('*') && (access.path as string).startsWith(each.slice(0, -1))),
    );
  return (
    has(rule.apiGroups, access.group ?? '') &&
    resourceMatches(rule, access) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(access.name ?? ''))
  );
}

function isSubject(subject: Subject, user: UserInfo, namespace: string): boolean {
  if (subject.kind === 'User') return subject.name === user.name;
  if (subject.kind === 'Group') return user.groups.includes(subject.name);
  return `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}` === user.name;
}

/** A user's rules, by where they hold. */
interface Grants {
  cluster: Rule[];
  namespaces: Map<string, Rule[]>;
}

export class Authorizer {
  private cache = new Map<string, Grants>();

  constructor(private readonly store: ObjectStore) {
    for (const kind of KINDS) store.subscribe(kind, () => this.cache.clear());
  }

  allows(user: UserInfo, access: Access): boolean {
    if (user.groups.includes(SUPERUSERS)) return true;
    const { cluster, namespaces } = this.grants(user);
    if (cluster.some((rule) => ruleAllows(rule, access))) return true;
    return access.namespace
      ? (namespaces.get(access.namespace)?.some((rule) => ruleAllows(rule, access)) ?? false)
      : false;
  }

  /** The rules that hold in a namespace, for SelfSubjectRulesReview. */
  rules(user: UserInfo, namespace: string): Rule[] {
    if (user.groups.includes(SUPERUSERS))
      return [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ];
    const { cluster, namespaces } = this.grants(user);
    return [...cluster, ...(namespaces.get(namespace) ?? [])];
  }

  /** Namespaces in which the user may see the project; undefined: all of them. */
  visible(user: UserInfo): ReadonlySet<string> | undefined {
    const see: Access = { verb: 'get', group: '', resource: 'namespaces' };
    if (user.groups.includes(SUPERUSERS)) return undefined;
    const { cluster, namespaces } = this.grants(user);
    if (cluster.some((rule) => ruleAllows(rule, see))) return undefined;
    return new Set(
      [...namespaces]
        .filter(([name, rules]) => rules.some((rule) => ruleAllows(rule, { ...see, namespace: name, name })))
        .map(([name]) => name),
    );
  }

  private grants(user: UserInfo): Grants {
    const key = [user.name, ...user.groups].join('\n');
    let grants = this.cache.get(key);
    if (!grants) this.cache.set(key, (grants = this.compute(user)));
    return grants;
  }

  private compute(user: UserInfo): Grants {
    const grants: Grants = { cluster: [], namespaces: new Map() };
    const mine = (binding: KubeObject) =>
      ((binding['subjects'] ?? []) as Subject[]).some((subject) =>
        isSubject(subject, user, binding.metadata.namespace ?? ''),
      );
    for (const binding of this.store.list(`clusterrolebindings.${GROUP}`))
      if (mine(binding)) grants.cluster.push(...this.rulesOf(binding));
    for (const binding of this.store.list(`rolebindings.${GROUP}`)) {
      if (!mine(binding)) continue;
      const namespace = binding.metadata.namespace ?? '';
      grants.namespaces.set(namespace, [...(grants.namespaces.get(namespace) ?? []), ...this.rulesOf(binding)]);
    }
    return grants;
  }

  private rulesOf(binding: KubeObject): Rule[] {
    const { kind, name } = binding['roleRef'] ?? {};
    const role =
      kind === 'Role'
        ? this.store.get(`roles.${GROUP}`, binding.metadata.namespace, name)
        : this.store.get(`clusterroles.${GROUP}`, undefined, name);
    return role?.['rules'] ?? [];
  }
}

/** The sentence of a refusal, without the resource it starts with. */
export function refusal(
  user: UserInfo,
  { verb, group = '', resource = '', subresource, namespace, path }: Access,
): string {
  if (path !== undefined) return `User ${JSON.stringify(user.name)} cannot ${verb} path ${JSON.stringify(path)}`;
  const full = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  return `User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(full)} in API group ${JSON.stringify(group)} ${where}`;
}
