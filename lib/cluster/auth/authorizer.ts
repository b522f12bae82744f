// Who may do what: role-based access control over the cluster's own objects.
import type { UserInfo } from '../resources/definition';
import type { ObjectStore } from '../store/store';
import type { KubeObject, ObjectInput } from '../store/types';
import { type Access, type Rule, ruleAllows } from './rules';

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

const GROUP = 'rbac.authorization.k8s.io';
export const ROLES = `roles.${GROUP}`;
export const CLUSTER_ROLES = `clusterroles.${GROUP}`;
export const ROLE_BINDINGS = `rolebindings.${GROUP}`;
export const CLUSTER_ROLE_BINDINGS = `clusterrolebindings.${GROUP}`;
const SUPERUSERS = 'system:masters';
const BY_SUBJECT = 'subject';
const CACHE_MAX = 1000; // users whose grants are kept; service accounts come and go

const EVERYTHING: Rule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

const subjectKeys = (binding: KubeObject): string[] =>
  ((binding['subjects'] ?? []) as Subject[]).map(({ kind, name, namespace }) =>
    kind === 'ServiceAccount'
      ? `User:system:serviceaccount:${namespace ?? binding.metadata.namespace ?? ''}:${name}`
      : `${kind}:${name}`,
  );

/** A user's rules, by where they hold. */
interface Grants {
  cluster: Rule[];
  namespaces: Map<string, Rule[]>;
  /** Roles that are bound but not there: part of a refusal's reason. */
  missing: string[];
}

export class Authorizer {
  private readonly cache = new Map<string, Grants>();

  /** `everyone`: the mode AlwaysAllow stands behind RBAC. */
  constructor(
    private readonly store: ObjectStore,
    private readonly everyone = false,
  ) {
    for (const kind of [ROLES, CLUSTER_ROLES, ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS])
      store.subscribe(kind, () => this.cache.clear());
    for (const kind of [ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS]) store.index(kind, BY_SUBJECT, subjectKeys);
  }

  allows(user: UserInfo, access: Access): boolean {
    if (this.everyone || user.groups.includes(SUPERUSERS)) return true;
    const { cluster, namespaces } = this.grants(user);
    const allowed = (rule: Rule) => ruleAllows(rule, access);
    return cluster.some(allowed) || (namespaces.get(access.namespace ?? '')?.some(allowed) ?? false);
  }

  /** What else there is to say about a refusal. */
  reason(user: UserInfo): string {
    const missing = this.grants(user).missing.map((role) => `${role} not found`);
    if (missing.length === 0) return '';
    return `RBAC: ${missing.length === 1 ? missing[0] : `[${missing.join(', ')}]`}`;
  }

  /** The rules that hold in a namespace. */
  rules(user: UserInfo, namespace: string): readonly Rule[] {
    if (this.everyone || user.groups.includes(SUPERUSERS)) return EVERYTHING;
    const { cluster, namespaces } = this.grants(user);
    return [...cluster, ...(namespaces.get(namespace) ?? [])];
  }

  /** The rules of the role that a binding, here or to be, refers to. */
  rulesOf(binding: ObjectInput): Rule[] | undefined {
    const { kind, name } = binding['roleRef'] ?? {};
    const role =
      kind === 'Role'
        ? this.store.get(ROLES, binding.metadata?.namespace, name)
        : this.store.get(CLUSTER_ROLES, undefined, name);
    return role && ((role['rules'] ?? []) as Rule[]);
  }

  /** The users and groups that bindings let do something; without a namespace only those of the whole cluster. */
  whoCan(access: Access): { users: string[]; groups: string[] } {
    const users = new Set<string>();
    const groups = new Set<string>([SUPERUSERS]);
    const bindings = [
      ...this.store.list(CLUSTER_ROLE_BINDINGS),
      ...(access.namespace ? this.store.list(ROLE_BINDINGS, access.namespace) : []),
    ];
    for (const binding of bindings) {
      if (!this.rulesOf(binding)?.some((rule) => ruleAllows(rule, access))) continue;
      for (const key of subjectKeys(binding)) {
        const name = key.slice(key.indexOf(':') + 1);
        (key.startsWith('Group:') ? groups : users).add(name);
      }
    }
    return { users: [...users].sort(), groups: [...groups].sort() };
  }

  private grants(user: UserInfo): Grants {
    const key = [user.name, ...user.groups].join('\n');
    let grants = this.cache.get(key);
    if (grants) return grants;
    if (this.cache.size >= CACHE_MAX) this.cache.clear();
    this.cache.set(key, (grants = this.compute(user)));
    return grants;
  }

  private compute(user: UserInfo): Grants {
    const grants: Grants = { cluster: [], namespaces: new Map(), missing: [] };
    const keys = [`User:${user.name}`, ...user.groups.map((group) => `Group:${group}`)];
    const bound = (kind: string) => new Set(keys.flatMap((key) => this.store.byIndex(kind, BY_SUBJECT, key)));
    for (const binding of bound(CLUSTER_ROLE_BINDINGS)) grants.cluster.push(...this.found(binding, grants));
    for (const binding of bound(ROLE_BINDINGS)) {
      const { namespace = '' } = binding.metadata;
      const rules = grants.namespaces.get(namespace) ?? [];
      grants.namespaces.set(namespace, [...rules, ...this.found(binding, grants)]);
    }
    return grants;
  }

  private found(binding: KubeObject, { missing }: Grants): Rule[] {
    const rules = this.rulesOf(binding);
    if (rules) return rules;
    const { kind, name } = binding['roleRef'];
    missing.push(`${String(kind).toLowerCase()}.${GROUP} ${JSON.stringify(name)}`);
    return [];
  }
}
