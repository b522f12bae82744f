// Address management: pod addresses leased from a node's part of the cluster network, cluster addresses and node ports of
// services. Everything durable lives in a table of the world's state.
import { hash32, type Random } from '../sim/random';
import type { Table } from '../sim/state';
import { Cidr, canonical, type Family, parseAddress } from './address';
import type { ClusterNetwork, CniPlugin } from './cni/contract';

/** Why an address or port could not be had; the message is the real component's. */
export class AllocationError extends Error {
  constructor(
    readonly code: 'full' | 'allocated' | 'not-in-range',
    message: string,
  ) {
    super(message);
  }
}

export interface LeaseFor {
  family?: Family;
  /** The pod's namespace: Kuryr gives each a subnet of its own. */
  namespace?: string;
}

/**
 * The leases of pod addresses.
 * @example
 * const addresses = new PodAddresses(state.table('pod-addresses'), { plugin, clusterNetwork });
 * addresses.allocate('worker01'); // '10.128.2.3'
 */
export class PodAddresses {
  /** The families of the cluster network, the primary first. */
  readonly families: readonly Family[];
  private readonly plugin: CniPlugin;
  private readonly pools: readonly { cidr: Cidr; hostPrefix: number }[];
  /** Owner (a node, or a namespace) to its ranges. */
  private readonly ranges = new Map<string, Cidr[]>();
  private readonly taken = new Map<string, string>();
  private readonly known = new Map<(typeof this.pools)[number], number>();

  constructor(
    private readonly table: Table,
    { plugin, clusterNetwork }: { plugin: CniPlugin; clusterNetwork: readonly ClusterNetwork[] },
  ) {
    this.plugin = plugin;
    this.pools = clusterNetwork.map(({ cidr, hostPrefix }) => ({ cidr: Cidr.parse(cidr), hostPrefix }));
    this.families = [...new Set(this.pools.map(({ cidr }) => cidr.family))];
    for (const [key, owner] of table.entries<string>()) if (key.startsWith('range/')) this.own(owner, key.slice(6));
  }

  /** The parts of the cluster network that belong to a node; a plug-in with a subnet a node claims it now. */
  subnets(node: string): string[] {
    if (this.plugin.allocation.kind === 'node')
      for (const family of this.families) if (this.rangesOf(node, family).length === 0) this.claim(node, family);
    return (this.ranges.get(node) ?? []).map(String);
  }

  /** Who holds which ranges: nodes, or `namespace/NAME` where each namespace has its own. */
  owners(): [owner: string, range: string][] {
    return [...this.taken].map(([range, owner]) => [owner, range]);
  }

  /** Leases an address for a pod on a node. Throws an AllocationError with the plug-in's text when none is left. */
  allocate(node: string, { family = this.families[0] ?? 4, namespace = 'default' }: LeaseFor = {}): string {
    const owner = this.plugin.allocation.kind === 'namespace' ? `namespace/${namespace}` : node;
    const own = this.rangesOf(owner, family);
    const address = this.next(own) ?? this.next(this.grow(owner, family)) ?? this.next(this.borrowed(family));
    if (!address) throw this.exhausted(own, node, family);
    this.table.set(`lease/${address}`, node);
    return address;
  }

  /** Gives an address back. It comes up again only after the rest of its range. */
  release(address: string): void {
    this.table.delete(`lease/${canonical(address)}`);
  }

  /** Whether an address is leased. */
  has(address: string): boolean {
    return this.table.has(`lease/${canonical(address)}`);
  }

  private rangesOf(owner: string, family: Family): Cidr[] {
    return (this.ranges.get(owner) ?? []).filter((range) => range.family === family);
  }

  private own(owner: string, text: string): Cidr {
    const range = Cidr.parse(text);
    const before = this.taken.get(text);
    if (before) this.ranges.set(before, this.ranges.get(before)?.filter((own) => String(own) !== text) ?? []);
    this.ranges.set(owner, [...(this.ranges.get(owner) ?? []), range]);
    this.taken.set(text, owner);
    return range;
  }

  private grow(owner: string, family: Family): Cidr[] {
    const { kind } = this.plugin.allocation;
    if (kind !== 'blocks' && this.rangesOf(owner, family).length > 0) return [];
    const range = this.claim(owner, family);
    return range ? [range] : [];
  }

  /** Ranges of others that a node may take single addresses from, once there is no free one (Calico, Weave). */
  private borrowed(family: Family): Cidr[] {
    const { kind } = this.plugin.allocation;
    return kind === 'blocks' || kind === 'ring'
      ? [...this.taken.keys()].map(Cidr.parse).filter((r) => r.family === family)
      : [];
  }

  private claim(owner: string, family: Family): Cidr | undefined {
    const range = this.plugin.allocation.kind === 'ring' ? this.donated(family) : this.freeRange(owner, family);
    if (!range) return undefined;
    this.table.set(`range/${range}`, owner);
    return this.own(owner, String(range));
  }

  private freeRange(owner: string, family: Family): Cidr | undefined {
    for (const pool of this.pools.filter(({ cidr }) => cidr.family === family)) {
      const { cidr, hostPrefix } = pool;
      const count = 2 ** Math.min(32, hostPrefix - cidr.prefix);
      // Calico starts looking at a place that depends on the host's name (block_reader_writer.go).
      const isBlocks = this.plugin.allocation.kind === 'blocks';
      const start = isBlocks ? hash32(owner) % count : 0;
      const known = this.known.get(pool) ?? 0; // the first so many are taken: a range is never given back
      for (let i = known; i < count; i++) {
        const range = cidr.subnet(hostPrefix, (start + i) % count);
        if (!range || this.taken.has(String(range))) continue;
        if (!isBlocks) this.known.set(pool, i);
        return range;
      }
      this.known.set(pool, count);
    }
    return undefined;
  }

  /** Weave: the first peer has the whole range; a later one is given the upper half of the largest part. */
  private donated(family: Family): Cidr | undefined {
    const parts = [...this.taken.keys()].map(Cidr.parse).filter((range) => range.family === family);
    const largest = parts.sort((a, b) => a.prefix - b.prefix)[0];
    if (!largest) return this.pools.find(({ cidr }) => cidr.family === family)?.cidr;
    const donor = this.taken.get(String(largest)) ?? '';
    const [lower, upper] = [0, 1].map((half) => largest.subnet(largest.prefix + 1, half));
    if (!lower || !upper) return undefined;
    this.replace(donor, largest, lower);
    return upper;
  }

  private replace(owner: string, before: Cidr, after: Cidr): void {
    this.table.delete(`range/${before}`);
    this.taken.delete(String(before));
    this.ranges.set(owner, this.ranges.get(owner)?.filter((range) => range !== before) ?? []);
    const cursor = this.table.get<number>(`cursor/${before}`);
    if (cursor !== undefined) this.table.set(`cursor/${after}`, cursor);
    this.table.set(`range/${after}`, owner);
    this.own(owner, String(after));
  }

  /** The next free address after the last one given, round and round. */
  private next(ranges: readonly Cidr[]): string | undefined {
    for (const range of ranges) {
      const size = Number(range.size < 2n ** 32n ? range.size : 2n ** 32n);
      const last = this.table.get<number>(`cursor/${range}`) ?? -1;
      for (let step = 1; step <= size; step++) {
        const offset = (last + step) % size;
        const address = range.at(offset);
        if (this.isReserved(range, offset, size) || this.table.has(`lease/${address}`)) continue;
        this.table.set(`cursor/${range}`, offset);
        return address;
      }
    }
    return undefined;
  }

  private isReserved(range: Cidr, offset: number, size: number): boolean {
    const { reserved, broadcast } = this.plugin.allocation;
    return reserved.includes(offset) || (broadcast && range.family === 4 && offset === size - 1);
  }

  private exhausted(own: readonly Cidr[], node: string, family: Family): AllocationError {
    const { kind } = this.plugin.allocation;
    const whole = own.length === 0 || kind === 'blocks' || kind === 'ring';
    const ranges = whole ? this.pools.map(({ cidr }) => cidr) : own;
    const range = ranges.find((candidate) => candidate.family === family);
    const text = range ? this.plugin.allocation.exhausted(range, node) : `no range configured for IPv${family}`;
    return new AllocationError('full', text);
  }
}

const STATIC_BAND = { min: 16, max: 256, step: 16 }; // KEP-3070: the low part is left for requested addresses

/** Where it is written which addresses are taken. */
type Books = Pick<Table, 'has' | 'set' | 'delete' | 'keys'>;

/** Cluster addresses of services: requested or drawn. */
export class ServiceAddresses {
  private readonly cidrs: readonly Cidr[];
  private readonly counts = new Map<Cidr, number>();

  constructor(
    private readonly table: Books,
    serviceNetwork: readonly string[],
    private readonly random: Random,
  ) {
    this.cidrs = serviceNetwork.map(Cidr.parse);
    for (const address of table.keys()) this.count(address, 1);
  }

  get families(): Family[] {
    return this.cidrs.map(({ family }) => family);
  }

  /** A free address of the family, or the one requested. Errors carry the API server's text (ipallocator). */
  allocate(requested?: string, family?: Family): string {
    if (requested !== undefined) return this.take(this.checked(requested));
    const cidr = family ? this.cidrs.find((candidate) => candidate.family === family) : this.cidrs[0];
    const address = cidr && this.draw(cidr);
    if (!address) throw new AllocationError('full', 'range is full');
    return this.take(address);
  }

  release(address: string): void {
    const text = canonical(address);
    if (!this.table.has(text)) return;
    this.table.delete(text);
    this.count(text, -1);
  }

  private checked(requested: string): string {
    const address = parseAddress(requested);
    const cidr = address && this.cidrs.find((candidate) => candidate.family === address.family);
    const range = cidr ?? this.cidrs[0];
    if (!address || !cidr?.holds(address) || !isUsable(cidr, address.value))
      throw new AllocationError(
        'not-in-range',
        `the provided IP (${requested}) is not in the valid range. The range of valid IPs is ${range}`,
      );
    if (this.table.has(address.text)) throw new AllocationError('allocated', 'provided IP is already allocated');
    return address.text;
  }

  private take(address: string): string {
    this.table.set(address, true);
    this.count(address, 1);
    return address;
  }

  private count(address: string, by: number): void {
    const cidr = this.cidrs.find((candidate) => candidate.contains(address));
    if (cidr) this.counts.set(cidr, (this.counts.get(cidr) ?? 0) + by);
  }

  /** A random free address of the upper band, else of the lower. */
  private draw(cidr: Cidr): string | undefined {
    const size = Number(cidr.size < 2n ** 24n ? cidr.size : 2n ** 24n); // the API server looks at no more of IPv6 either
    const usable = cidr.family === 4 && size > 2 ? size - 2 : size - 1;
    if ((this.counts.get(cidr) ?? 0) >= usable) return undefined;
    const band = Math.min(Math.max(STATIC_BAND.min, Math.floor(usable / STATIC_BAND.step)), STATIC_BAND.max);
    const low = band < usable ? band : 0;
    return this.scan(cidr, low + 1, usable) ?? this.scan(cidr, 1, low);
  }

  private scan(cidr: Cidr, first: number, last: number): string | undefined {
    const count = last - first + 1;
    if (count <= 0) return undefined;
    const start = this.random.int(count);
    for (let i = 0; i < count; i++) {
      const address = cidr.at(first + ((start + i) % count));
      if (!this.table.has(address)) return address;
    }
    return undefined;
  }
}

/** The network's own address and IPv4's broadcast address are nobody's. */
const isUsable = (cidr: Cidr, value: bigint): boolean =>
  cidr.size <= 2n || (value !== cidr.first && (cidr.family === 6 || value !== cidr.last));

/** Node ports, unique by protocol. */
export class NodePorts {
  private readonly first: number;
  private readonly last: number;

  constructor(
    private readonly table: Table,
    private readonly random: Random,
    private readonly range = '30000-32767',
  ) {
    [this.first = 0, this.last = 0] = range.split('-').map(Number);
  }

  /** A free port, or the one requested. Errors carry the API server's text (portallocator). */
  allocate(protocol: string, requested?: number): number {
    if (requested !== undefined) return this.take(protocol, this.checked(protocol, requested));
    const count = this.last - this.first + 1;
    const start = this.random.int(count);
    for (let i = 0; i < count; i++) {
      const port = this.first + ((start + i) % count);
      if (!this.table.has(`${protocol}/${port}`)) return this.take(protocol, port);
    }
    throw new AllocationError('full', 'range is full');
  }

  release(protocol: string, port: number): void {
    this.table.delete(`${protocol}/${port}`);
  }

  private checked(protocol: string, port: number): number {
    if (port < this.first || port > this.last)
      throw new AllocationError(
        'not-in-range',
        `provided port is not in the valid range. The range of valid ports is ${this.range}`,
      );
    if (this.table.has(`${protocol}/${port}`))
      throw new AllocationError('allocated', 'provided port is already allocated');
    return port;
  }

  private take(protocol: string, port: number): number {
    this.table.set(`${protocol}/${port}`, true);
    return port;
  }
}
