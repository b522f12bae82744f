// The served kinds by group and version, in the order of discovery.
import type { Registry, Served } from '../resources/registry';

export interface Group {
  name: string;
  /** Preferred first. */
  versions: { name: string; resources: Served[] }[];
}

const VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/** Greater is newer: v2, v1, v1beta1, then names that are no versions. */
function rank(text: string): [number, number, number] {
  const [, major, stage, minor] = VERSION.exec(text) ?? [];
  if (major === undefined) return [-1, 0, 0];
  return [stage === 'alpha' ? 0 : stage === 'beta' ? 1 : 2, Number(major), Number(minor ?? 0)];
}

/** apimachinery pkg/version CompareKubeAwareVersionStrings, newest first. */
function compareVersions(a: string, b: string): number {
  const [x, y] = [rank(a), rank(b)];
  return y[0] - x[0] || y[1] - x[1] || y[2] - x[2] || (a < b ? -1 : 1);
}

export function groupsOf(registry: Registry): Group[] {
  const groups = new Map<string, Group>();
  for (const definition of registry.all()) {
    let group = groups.get(definition.group);
    if (!group) groups.set(definition.group, (group = { name: definition.group, versions: [] }));
    for (const version of definition.versions) {
      let found = group.versions.find(({ name }) => name === version.name);
      if (!found) group.versions.push((found = { name: version.name, resources: [] }));
      found.resources.push({ definition, version });
    }
  }
  for (const group of groups.values()) group.versions.sort((a, b) => compareVersions(a.name, b.name));
  return [...groups.values()];
}
