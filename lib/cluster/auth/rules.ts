// One rule of a role, and whether it allows what is asked: plugin/pkg/auth/authorizer/rbac.

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

const has = (list: string[] | undefined, value: string): boolean =>
  (list?.includes('*') || list?.includes(value)) ?? false;

function namesResource({ resources = [] }: Rule, { resource = '', subresource = '' }: Access): boolean {
  const combined = subresource ? `${resource}/${subresource}` : resource;
  return resources.some(
    (each) => each === '*' || each === combined || (subresource !== '' && each === `*/${subresource}`),
  );
}

function namesPath({ nonResourceURLs = [] }: Rule, path: string): boolean {
  return nonResourceURLs.some(
    (each) => each === '*' || each === path || (each.endsWith('*') && path.startsWith(each.slice(0, -1))),
  );
}

export function ruleAllows(rule: Rule, access: Access): boolean {
  if (!has(rule.verbs, access.verb)) return false;
  if (access.path !== undefined) return namesPath(rule, access.path);
  return (
    has(rule.apiGroups, access.group ?? '') &&
    namesResource(rule, access) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(access.name ?? ''))
  );
}

/** Every single question that a rule answers with yes, for comparing rules. */
function* questions(rule: Rule): Generator<Access> {
  for (const verb of rule.verbs ?? []) {
    for (const path of rule.nonResourceURLs ?? []) yield { verb, path };
    for (const group of rule.apiGroups ?? [])
      for (const full of rule.resources ?? []) {
        const [resource = '', subresource = ''] = full.split('/');
        const names = rule.resourceNames?.length ? rule.resourceNames : [''];
        for (const name of names) yield { verb, group, resource, subresource, name };
      }
  }
}

/** What of `wanted` is not allowed by any of `held`: a role may be given only by who holds all of it. */
export const uncovered = (wanted: readonly Rule[], held: readonly Rule[]): Access[] =>
  wanted.flatMap((rule) => [...questions(rule)].filter((access) => !held.some((each) => ruleAllows(each, access))));
