// What kinds the server knows, asked by aggregated discovery, and which of them a word on the command line means.
import type { Machine } from '../../machine/machine';
import type { Process } from '../../machine/process';
import { UrlError } from '../errors';
import type { Dyn } from '../object';
import type { Client } from './client';
import { klog } from './trace';

/** A kind as it is served. */
export interface Resource {
  group: string;
  version: string;
  /** `pods`. */
  name: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames: string[];
  verbs: string[];
  categories: string[];
  subresources: string[];
  /** The group's preferred version. */
  preferred: boolean;
}

export const apiVersion = (r: { group: string; version: string }): string =>
  r.group ? `${r.group}/${r.version}` : r.version;

/** `pods`, `deployments.apps`: as messages name a kind. */
export const groupResource = (r: Resource): string => (r.group ? `${r.name}.${r.group}` : r.name);

/** `pod/x`, `deployment.apps/x`: as results name an object. */
export const printedName = (r: { group: string; kind: string }, name: string): string =>
  `${r.kind.toLowerCase()}${r.group ? `.${r.group}` : ''}/${name}`;

export function resourcePath(r: Resource, namespace: string, name?: string, subresource?: string): string {
  const root = r.group ? `/apis/${r.group}/${r.version}` : `/api/${r.version}`;
  const scope = r.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const tail = name === undefined ? '' : `/${encodeURIComponent(name)}${subresource ? `/${subresource}` : ''}`;
  return `${root}${scope}/${r.name}${tail}`;
}

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';
const FRESH_MS = 6 * 3600 * 1000; // kubectl's discovery cache
const REFUSED_TRIES = 5; // how often kubectl asks for the groups before it gives up

// DIFFERS: kubectl keeps this under ~/.kube/cache/discovery; here it is the machine's memory, so that it costs no disk of a snapshot.
const caches = new WeakMap<Machine, Map<string, { at: number; resources: Resource[] }>>();

export class Discovery {
  private fresh = false;
  private loaded: Resource[] | undefined;

  constructor(
    private readonly proc: Process,
    private readonly client: Client,
  ) {}

  /** All kinds, the core group first, groups in the server's order. */
  async all(refresh = false): Promise<Resource[]> {
    if (this.loaded && !refresh) return this.loaded;
    const cache = this.cache();
    const key = `${this.client.server} ${this.client.target.token ?? ''}`;
    const known = cache.get(key);
    const now = this.proc.machine.clock.now();
    if (known && !refresh && now - known.at < FRESH_MS) this.loaded = known.resources;
    else {
      this.loaded = await this.fetch();
      this.fresh = true;
      cache.set(key, { at: now, resources: this.loaded });
    }
    return this.loaded;
  }

  /** The kind that a word means: `po`, `deployments.apps`, `deployments.v1.apps`, `Pod`. */
  async find(word: string): Promise<Resource | undefined> {
    const found = match(await this.all(), word);
    if (found || this.fresh) return found;
    return match(await this.all(true), word);
  }

  /** The kind of an object. */
  async forKind(version: string, kind: string): Promise<Resource | undefined> {
    const pick = (resources: Resource[]) => resources.find((r) => r.kind === kind && apiVersion(r) === version);
    return pick(await this.all()) ?? (this.fresh ? undefined : pick(await this.all(true)));
  }

  /** The kinds of a category (`all`), one version of each. */
  async category(name: string): Promise<Resource[]> {
    const seen = new Set<string>();
    return (await this.all()).filter((r) => {
      if (!r.preferred || !r.categories.includes(name) || seen.has(groupResource(r))) return false;
      seen.add(groupResource(r));
      return true;
    });
  }

  private cache(): Map<string, { at: number; resources: Resource[] }> {
    let cache = caches.get(this.proc.machine);
    if (!cache) caches.set(this.proc.machine, (cache = new Map()));
    return cache;
  }

  private async fetch(): Promise<Resource[]> {
    for (let tries = 1; ; tries++) {
      try {
        const core = await this.root('/api');
        return [...core, ...(await this.root('/apis'))];
      } catch (error) {
        if (!(error instanceof UrlError)) throw error;
        const text = `couldn't get current server API group list: ${error.message}`;
        await this.proc.complain(
          klog(this.proc, 'E', 'memcache.go:265', `"Unhandled Error" err=${JSON.stringify(text)}`),
        );
        if (tries === REFUSED_TRIES) throw error;
      }
    }
  }

  private async root(path: string): Promise<Resource[]> {
    const list = await this.client.json('GET', path, { accept: AGGREGATED, query: { timeout: '32s' } });
    if (list.kind === 'APIGroupDiscoveryList') return (list.items ?? []).flatMap(fromAggregated);
    return this.legacy(list);
  }

  /** A server without aggregated discovery: one request a group and version. */
  private async legacy(list: Dyn): Promise<Resource[]> {
    const versions: { path: string; group: string; version: string; preferred: boolean }[] =
      list.kind === 'APIVersions'
        ? list.versions.map((version: string) => ({ path: `/api/${version}`, group: '', version, preferred: true }))
        : (list.groups ?? []).flatMap((group: Dyn) =>
            group.versions.map((v: Dyn) => ({
              path: `/apis/${v.groupVersion}`,
              group: group.name,
              version: v.version,
              preferred: v.version === group.preferredVersion.version,
            })),
          );
    const out: Resource[] = [];
    for (const { path, group, version, preferred } of versions) {
      const body = await this.client.json('GET', path, { query: { timeout: '32s' } });
      out.push(...fromResourceList(body, group, version, preferred));
    }
    return out;
  }
}

function fromAggregated(group: Dyn): Resource[] {
  return group.versions.flatMap((version: Dyn, i: number) =>
    (version.resources ?? []).map(
      (r: Dyn): Resource => ({
        group: group.metadata?.name ?? '',
        version: version.version,
        name: r.resource,
        singular: r.singularResource ?? '',
        kind: r.responseKind?.kind ?? '',
        namespaced: r.scope === 'Namespaced',
        shortNames: r.shortNames ?? [],
        verbs: r.verbs ?? [],
        categories: r.categories ?? [],
        subresources: (r.subresources ?? []).map((sub: Dyn) => sub.subresource),
        preferred: i === 0,
      }),
    ),
  );
}

function fromResourceList(body: Dyn, group: string, version: string, preferred: boolean): Resource[] {
  const subs = (name: string): string[] =>
    body.resources.filter((r: Dyn) => r.name.startsWith(`${name}/`)).map((r: Dyn) => r.name.slice(name.length + 1));
  return body.resources
    .filter((r: Dyn) => !r.name.includes('/'))
    .map(
      (r: Dyn): Resource => ({
        group,
        version,
        name: r.name,
        singular: r.singularName || r.kind.toLowerCase(),
        kind: r.kind,
        namespaced: r.namespaced,
        shortNames: r.shortNames ?? [],
        verbs: r.verbs ?? [],
        categories: r.categories ?? [],
        subresources: subs(r.name),
        preferred,
      }),
    );
}

function match(resources: Resource[], typed: string): Resource | undefined {
  const word = typed.toLowerCase();
  const [name = '', ...rest] = word.split('.');
  const suffix = rest.join('.');
  const named = (r: Resource) => r.name === name || r.singular === name || r.kind.toLowerCase() === name;
  const fits = (r: Resource) =>
    suffix === '' ||
    r.group === suffix ||
    `${r.version}.${r.group}` === suffix ||
    (r.group === '' && `${r.version}.` === suffix);
  const order = (list: Resource[]) => list.find((r) => r.preferred) ?? list[0];
  const exact = order(resources.filter((r) => named(r) && fits(r)));
  if (exact) return exact;
  const short = order(resources.filter((r) => r.shortNames.includes(name) && fits(r)));
  if (short) return short;
  return suffix ? order(resources.filter((r) => named(r) && r.group.startsWith(suffix))) : undefined;
}
