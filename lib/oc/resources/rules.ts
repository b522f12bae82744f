// Rules of roles taken apart to one resource or URL each and put together again by verb (k8s.io/kubectl/pkg/util/rbac).
import type { Dyn } from '../object';

export interface Rule {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
  resourceNames: string[];
  nonResourceURLs: string[];
}

const make = (rule: Partial<Rule>): Rule => ({
  verbs: [],
  apiGroups: [],
  resources: [],
  resourceNames: [],
  nonResourceURLs: [],
  ...rule,
});

/** A rule as rules of one verb each. */
export function breakdown(rule: Dyn): Rule[] {
  const out: Rule[] = [];
  const names: (string | undefined)[] = rule.resourceNames?.length ? rule.resourceNames : [undefined];
  for (const group of rule.apiGroups ?? [])
    for (const resource of rule.resources ?? [])
      for (const verb of rule.verbs ?? [])
        for (const name of names)
          out.push(
            make({ verbs: [verb], apiGroups: [group], resources: [resource], resourceNames: name ? [name] : [] }),
          );
  for (const url of rule.nonResourceURLs ?? [])
    for (const verb of rule.verbs ?? []) out.push(make({ verbs: [verb], nonResourceURLs: [url] }));
  return out;
}

/** Rules of the same resource as one, in the order in which kubectl shows them. */
export function compact(rules: Dyn[]): Rule[] {
  const urls: Rule[] = [];
  const simple = new Map<string, Rule>();
  for (const rule of rules.flatMap(breakdown)) {
    if (rule.nonResourceURLs.length > 0) {
      urls.push(rule);
      continue;
    }
    const key = [rule.apiGroups[0], rule.resources[0], rule.resourceNames[0] ?? ''].join('\n');
    const known = simple.get(key);
    if (!known) simple.set(key, { ...rule, verbs: [...rule.verbs] });
    else if (!known.verbs.includes(rule.verbs[0] as string)) known.verbs.push(rule.verbs[0] as string);
  }
  return [...urls, ...simple.values()].sort((a, b) =>
    goString(a) < goString(b) ? -1 : goString(a) > goString(b) ? 1 : 0,
  );
}

/** The text by which Go sorts them. */
const goString = (rule: Rule): string =>
  `Verbs:[${rule.verbs.join(' ')}],APIGroups:[${rule.apiGroups.join(' ')}],Resources:[${rule.resources.join(' ')}],ResourceNames:[${rule.resourceNames.join(' ')}],NonResourceURLs:[${rule.nonResourceURLs.join(' ')}],`;

/** `deployments.apps`, the URLs, the names, the verbs: a row of the tables about rules. */
export function cells(rule: Rule): string[] {
  const [group = ''] = rule.apiGroups;
  const resource = rule.resources.map((name) => (group ? `${name}.${group}` : name)).join('');
  return [
    resource,
    `[${rule.nonResourceURLs.join(' ')}]`,
    `[${rule.resourceNames.join(' ')}]`,
    `[${rule.verbs.join(' ')}]`,
  ];
}
