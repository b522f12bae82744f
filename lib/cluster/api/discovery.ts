// What is served: /api, /apis and below, and the aggregated form that kubectl asks for first.
import { createHash } from 'node:crypto';
import type { ResourceDefinition, Verb } from '../resources/definition';
import { groupVersion } from '../resources/definition';
import type { Registry, Served } from '../resources/registry';
import { type Group, groupsOf } from './groups';
import { SUBRESOURCES } from './subresources';

const VERBS: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const verbsOf = ({ verbs }: ResourceDefinition): readonly string[] => verbs ?? VERBS;

/** apiserver pkg/endpoints/discovery/storageversionhash.go. */
function storageVersionHash({ group, versions, kind }: ResourceDefinition): string {
  const hash = createHash('sha256').update(`${group}/${versions[0]?.name}/${kind}`).digest();
  return hash.subarray(0, 8).toString('base64');
}

function resourceEntries({ definition }: Served): Record<string, unknown>[] {
  const { plural, singular, namespaced, kind, shortNames, categories } = definition;
  const own = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: verbsOf(definition),
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    storageVersionHash: storageVersionHash(definition),
  };
  const below = (definition.subresources ?? []).map((name) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    ...kindOf(definition, name),
    verbs: SUBRESOURCES[name]?.verbs ?? ['get', 'patch', 'update'],
  }));
  return [own, ...below];
}

/** Some subresources speak in kinds of other groups. */
function kindOf({ kind }: ResourceDefinition, subresource: string) {
  const own = SUBRESOURCES[subresource]?.kind;
  return own ? { ...(own.group && { group: own.group, version: own.version }), kind: own.kind } : { kind };
}

const byName = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  String(a['name']) < String(b['name']) ? -1 : 1;

export const resourceList = (group: string, version: string, resources: readonly Served[]) => ({
  kind: 'APIResourceList',
  ...(group && { apiVersion: 'v1' }),
  groupVersion: groupVersion(group, version),
  resources: resources.flatMap(resourceEntries).sort(byName),
});

const groupEntry = ({ name, versions }: Group) => {
  const list = versions.map(({ name: version }) => ({ groupVersion: groupVersion(name, version), version }));
  return { name, versions: list, preferredVersion: list[0] };
};

export const apiGroup = (group: Group) => ({ kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) });

export const apiGroupList = (registry: Registry) => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groupsOf(registry)
    .filter(({ name }) => name !== '')
    .map(groupEntry),
});

export const apiVersions = (serverAddress: string) => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
});

function aggregatedResource(served: Served, version: string) {
  const { definition } = served;
  const { plural, singular, namespaced, kind, shortNames, categories, group } = definition;
  const subresources = (definition.subresources ?? []).map((name) => {
    const own = SUBRESOURCES[name]?.kind;
    return {
      subresource: name,
      responseKind: own ? { group: own.group, version: own.version, kind: own.kind } : { group, version, kind },
      verbs: SUBRESOURCES[name]?.verbs ?? ['get', 'patch', 'update'],
    };
  });
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: verbsOf(definition),
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    ...(subresources.length > 0 && { subresources }),
  };
}

/** `/api` or `/apis` in one document: KEP-3352. */
export const aggregated = (registry: Registry, core: boolean, version: 'v2' | 'v2beta1') => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: `apidiscovery.k8s.io/${version}`,
  metadata: {},
  items: groupsOf(registry)
    .filter(({ name }) => (name === '') === core)
    .map(({ name, versions }) => ({
      metadata: { ...(name && { name }), creationTimestamp: null },
      versions: versions.map((each) => ({
        version: each.name,
        resources: each.resources.map((served) => aggregatedResource(served, each.name)),
        freshness: 'Current',
      })),
    })),
});
