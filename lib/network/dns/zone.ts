// The cluster's zone as CoreDNS' kubernetes plugin answers it (plugin/kubernetes, plugin/backend_lookup.go), from the network's
// services, endpoint slices and pods.
import type { Answer } from 'dns-packet';
import { canonical, parseAddress } from '../address';
import type { Service, SliceEndpoint } from '../kube';
import type { Network } from '../network';
import { clusterIPs } from '../services';

/** The options of the plugin, as the Corefile gives them. */
export interface KubernetesPlugin {
  /** Lower case, without a final dot; the first one that is not reverse is the cluster's. */
  zones: string[];
  pods: 'disabled' | 'insecure' | 'verified';
  /** Only these namespaces; all when empty. */
  namespaces: string[];
  /** Zones whose misses go to the next plugin. */
  fallthrough: string[];
  /** Seconds. */
  ttl: number;
  ignoreEmptyService: boolean;
  /** False while the server has not yet read the API. */
  synced: boolean;
  /** The server's own addresses: its service is the zone's name server. */
  addresses: string[];
}

/** What a name has. `chase`: the last record is an alias whose target is elsewhere. */
export interface Found {
  records: Answer[];
  extra: Answer[];
  chase?: string;
}

/** One answer before it is a record: a host under a name. */
interface Item {
  host: string;
  port: number;
  key: string;
}

/** `undefined` is NXDOMAIN; an empty list is NODATA. */
type Items = Item[] | undefined;

const VERSION = '1.1.0'; // of the Kubernetes DNS specification
const VERSION_TTL_S = 28_800;
const MAX_ALIASES = 8;
const NO_PORTS = -1; // CoreDNS' stand-in for "declares no ports"

export function soa(network: Network, zone: string, ttl: number): Answer {
  return {
    type: 'SOA',
    name: zone,
    ttl: Math.min(ttl, 300),
    data: {
      mname: `ns.dns.${zone}`,
      rname: `hostmaster.${zone}`,
      serial: Math.floor(network.modifiedAt / 1000),
      refresh: 7200,
      retry: 1800,
      expire: 86400,
      minimum: ttl,
    },
  };
}

/** Looks up a name in a zone that holds it; undefined is NXDOMAIN. `zone` has the case of the question. */
export function lookup(
  network: Network,
  plugin: KubernetesPlugin,
  zone: string,
  name: string,
  type: string,
): Found | undefined {
  return new Lookup(network, plugin, zone).find(name, type);
}

class Lookup {
  private readonly extra: Answer[] = [];
  private chase: string | undefined;

  constructor(
    private readonly network: Network,
    private readonly plugin: KubernetesPlugin,
    private readonly zone: string,
  ) {}

  find(name: string, type: string): Found | undefined {
    const records = this.records(name, type);
    return records && { records, extra: this.extra, ...(this.chase === undefined ? {} : { chase: this.chase }) };
  }

  private records(name: string, type: string): Answer[] | undefined {
    const isApex = name.length === this.zone.length;
    switch (type) {
      case 'A':
      case 'AAAA':
        return this.addresses(name, type, []);
      case 'SRV':
        return this.srv(name);
      case 'CNAME':
        return this.items(name)
          ?.slice(0, 1)
          .filter(isAlias)
          .map((item) => this.alias(name, item));
      case 'TXT':
        return this.txt(name);
      case 'PTR':
        return this.ptr(name);
      case 'SOA':
        return isApex ? [soa(this.network, name, this.plugin.ttl)] : this.nothing(name);
      case 'NS':
        return isApex ? this.ns(name) : this.nothing(name);
      default:
        return this.nothing(name);
    }
  }

  /** Tells NODATA from NXDOMAIN for types that the zone has none of. */
  private nothing(name: string): Answer[] | undefined {
    return this.addresses(name, 'A', []) && [];
  }

  private addresses(name: string, type: 'A' | 'AAAA', aliases: string[]): Answer[] | undefined {
    const items = this.items(name);
    if (!items) return undefined;
    const records = new Map<string, Answer[]>();
    for (const item of items) {
      const family = parseAddress(item.host)?.family;
      if (family === (type === 'A' ? 4 : 6)) records.set(item.host, [this.address(name, item.host)]);
      if (family === undefined) records.set(item.host, this.follow(name, item, type, aliases));
    }
    return [...records.values()].flat();
  }

  /** An alias: its target's records when it lies in the zone, else the target is to be asked for elsewhere. */
  private follow(name: string, item: Item, type: 'A' | 'AAAA', aliases: string[]): Answer[] {
    const target = item.host.replace(/\.$/, '');
    if (isWithin(name, target) || aliases.includes(target.toLowerCase()) || aliases.length >= MAX_ALIASES) return [];
    const alias = this.alias(name, item);
    if (!isWithin(target, this.zone)) {
      this.chase = target;
      return [alias];
    }
    const next = this.addresses(target, type, [...aliases, target.toLowerCase()]) ?? [];
    return next.length > 0 ? [alias, ...next] : [];
  }

  private srv(name: string): Answer[] | undefined {
    const items = this.items(name)?.filter((item) => !isAlias(item));
    if (!items) return undefined;
    const weight = Math.max(1, Math.floor(100 / Math.max(1, items.length)));
    const records = new Map<string, Answer>();
    const extra = new Map<string, Answer>();
    for (const { host, port, key } of items.filter((item) => item.port !== NO_PORTS)) {
      const data = { priority: 0, weight, port, target: key };
      records.set(`${key} ${port}`, { type: 'SRV', name, ttl: this.plugin.ttl, data });
      extra.set(`${key} ${host}`, this.address(key, host));
    }
    this.extra.push(...extra.values());
    return [...records.values()];
  }

  private txt(name: string): Answer[] | undefined {
    if (this.relative(name) === 'dns-version') return [{ type: 'TXT', name, ttl: VERSION_TTL_S, data: [VERSION] }];
    return this.items(name)?.length ? [] : undefined;
  }

  private ns(name: string): Answer[] {
    const servers = this.nameServers();
    this.extra.push(...servers.map(({ key, host }) => this.address(key, host)));
    return [...new Set(servers.map(({ key }) => key))].map((key) => ({
      type: 'NS',
      name,
      ttl: this.plugin.ttl,
      data: key,
    }));
  }

  private ptr(name: string): Answer[] | undefined {
    const address = addressOfReverse(name.toLowerCase());
    if (!address) return this.items(name) && [];
    const names = new Set(this.namesOf(address));
    if (names.size === 0) return undefined;
    return [...names].map((data) => ({ type: 'PTR', name, ttl: this.plugin.ttl, data }));
  }

  /** A service's name for its cluster address, else the names of the endpoints at the address. */
  private *namesOf(address: string): Iterable<string> {
    const { services } = this.network;
    const zone = this.plugin.zones.find((candidate) => !candidate.endsWith('.arpa')) ?? this.network.clusterDomain;
    const exposed = (namespace: string) => this.plugin.namespaces.length === 0 || this.isExposed(namespace);
    for (const service of services.owning(address)) {
      const { name, namespace = 'default' } = service.metadata;
      if (clusterIPs(service).includes(address) && exposed(namespace)) return yield `${name}.${namespace}.svc.${zone}`;
    }
    for (const { metadata, endpoints } of services.slicesAt(address)) {
      const { namespace = 'default', labels = {} } = metadata;
      if (!exposed(namespace)) continue;
      for (const endpoint of endpoints ?? [])
        if (isReady(endpoint) && endpoint.addresses.some((text) => canonical(text) === address))
          yield `${hostname(endpoint, address)}.${labels['kubernetes.io/service-name']}.${namespace}.svc.${zone}`;
    }
  }

  private items(name: string): Items {
    const base = this.relative(name);
    if (base === 'ns.dns') return this.nameServers();
    const labels = base === '' ? [] : base.split('.');
    const kind = labels.pop();
    if (kind === undefined) return [];
    if (kind !== 'svc' && kind !== 'pod') return undefined;
    const [namespace, second] = [labels.pop(), labels.pop()];
    if (namespace === undefined) return [];
    if (labels.length > 2 || this.isReverse() || !this.isExposed(namespace)) return undefined;
    if (second === undefined) return [];
    return kind === 'pod' ? this.pods(second, namespace) : this.service(second, namespace, labels);
  }

  private isReverse(): boolean {
    return this.zone.toLowerCase().endsWith('.arpa');
  }

  /** The name without the zone, lower case. */
  private relative(name: string): string {
    return name.slice(0, -this.zone.length).replace(/\.$/, '').toLowerCase();
  }

  private isExposed(namespace: string): boolean {
    const { namespaces } = this.plugin;
    return (namespaces.length === 0 || namespaces.includes(namespace)) && this.network.hasNamespace(namespace);
  }

  private pods(label: string, namespace: string): Items {
    if (this.plugin.pods === 'disabled') return undefined;
    const dashes = label.split('-').length - 1;
    const text = label.replaceAll('-', dashes === 3 && !label.includes('--') ? '.' : ':');
    const address = parseAddress(text)?.text;
    if (!address) return undefined;
    const item = { host: address, port: 0, key: '' };
    if (this.plugin.pods === 'insecure') return [item];
    const holder = this.network.hosts.at(address);
    return holder?.kind === 'pod' && holder.namespace === namespace ? [item] : undefined;
  }

  private service(name: string, namespace: string, rest: string[]): Items {
    const service = this.network.services.get(namespace, name);
    if (!service) return undefined;
    const [endpoint, port, protocol] = rest.length === 1 ? [rest[0]] : [undefined, bare(rest[0]), bare(rest[1])];
    const key = `${name}.${namespace}.svc.${this.zone}`;
    if (service.spec?.type === 'ExternalName') {
      const host = service.spec.externalName ?? '';
      return rest.length > 0 || !host || parseAddress(host) ? undefined : [{ host, port: 0, key }];
    }
    const matches = (p: { name?: string; protocol?: string }) =>
      (!port || (p.name ?? '').toLowerCase() === port) &&
      (!protocol || (p.protocol ?? 'TCP').toLowerCase() === protocol);
    const headless = service.spec?.clusterIP === 'None';
    if (headless || endpoint !== undefined) return nonEmpty(this.endpoints(service, key, endpoint, matches));
    if (this.plugin.ignoreEmptyService && !this.hasEndpoints(name, namespace)) return undefined;
    return this.clusterItems(service, key, matches);
  }

  private clusterItems(service: Service, key: string, matches: (port: { name?: string }) => boolean): Items {
    const declared = service.spec?.ports?.length ? service.spec.ports : [{ port: NO_PORTS }];
    return nonEmpty(
      declared.filter(matches).flatMap(({ port }) => clusterIPs(service).map((host) => ({ host, port, key }))),
    );
  }

  private hasEndpoints(name: string, namespace: string): boolean {
    return [...this.network.services.slicesOf(namespace, name)].some((slice) => slice.endpoints?.some(isReady));
  }

  private endpoints(
    { metadata: { name, namespace = 'default' } }: Service,
    key: string,
    wanted: string | undefined,
    matches: (port: { name?: string; protocol?: string }) => boolean,
  ): Item[] {
    return [...this.network.services.slicesOf(namespace, name)].flatMap(({ endpoints, ports }) => {
      const declared = (ports?.length ? ports : [{ port: NO_PORTS, protocol: '' }]).filter(matches);
      return (endpoints ?? []).filter(isReady).flatMap((endpoint) =>
        endpoint.addresses.map(canonical).flatMap((host) => {
          const label = hostname(endpoint, host);
          if (wanted !== undefined && label.toLowerCase() !== wanted) return [];
          return declared.map(({ port = NO_PORTS }) => ({ host, port, key: `${label}.${key}` }));
        }),
      );
    });
  }

  /** The services that stand before this server; itself when there is none. */
  private nameServers(): Item[] {
    const { services } = this.network;
    const own = this.plugin.addresses.flatMap((address) =>
      [...services.slicesAt(address)].flatMap(({ metadata: { namespace = 'default', labels = {} } }) => {
        const name = labels['kubernetes.io/service-name'] ?? '';
        const service = services.get(namespace, name);
        const key = `${name}.${namespace}.svc.${this.zone}`;
        return service ? clusterIPs(service).map((host) => ({ host, port: 0, key })) : [];
      }),
    );
    return own.length > 0 ? own : this.plugin.addresses.map((host) => ({ host, port: 0, key: `ns.dns.${this.zone}` }));
  }

  private address(name: string, host: string): Answer {
    return { type: parseAddress(host)?.family === 6 ? 'AAAA' : 'A', name, ttl: this.plugin.ttl, data: host };
  }

  private alias(name: string, { host }: Item): Answer {
    return { type: 'CNAME', name, ttl: this.plugin.ttl, data: host.replace(/\.$/, '') };
  }
}

const isAlias = ({ host }: Item): boolean => parseAddress(host) === undefined;
const isReady = ({ conditions }: SliceEndpoint): boolean => conditions?.ready ?? true;
const bare = (label: string | undefined): string | undefined => label?.replace(/^_/, '');
const nonEmpty = (items: Item[]): Items => (items.length > 0 ? items : undefined);
const hostname = ({ hostname: given }: SliceEndpoint, address: string): string =>
  given || address.replaceAll(/[.:]/g, '-');

/** Whether a name lies in (or is) a zone. */
export function isWithin(name: string, zone: string): boolean {
  const [a, b] = [name.toLowerCase(), zone.toLowerCase()];
  return b === '' || a === b || a.endsWith(`.${b}`);
}

/** `10.0.30.172.in-addr.arpa` is 172.30.0.10. */
function addressOfReverse(name: string): string | undefined {
  const v4 = /^((?:\d{1,3}\.){4})in-addr\.arpa$/.exec(name)?.[1];
  if (v4) return parseAddress(v4.slice(0, -1).split('.').reverse().join('.'))?.text;
  const v6 = /^((?:[0-9a-f]\.){32})ip6\.arpa$/.exec(name)?.[1];
  if (!v6) return undefined;
  const digits = v6.replaceAll('.', '').split('').reverse().join('');
  return parseAddress(digits.match(/.{4}/g)?.join(':') ?? '')?.text;
}
