// The one decision for every packet and connection: address translation, policy, route and listener, hop by hop.
import { type Address, Cidr, type Family, parseAddress } from './address';
import { choose, type Entry } from './balance';
import { whyNoEndpoints, whyRefused } from './explain';
import { describeHost, type Host } from './hosts';
import type { Service } from './kube';
import type { Network } from './network';
import type { Direction, Peer, Question } from './policy/contract';
import { type Frontend, isIdled } from './services';
import type { Hop, Path, PathQuery, Protocol, Stage, Verdict } from './types';

/**
 * Decides a connection. The same network state gives the same answer, but for the load balancer's draw.
 * @example path(network, { from: 'pod/shop/client', to: '10.128.2.31', port: 80, protocol: 'TCP' }).verdict // 'delivered'
 */
export const path = (network: Network, query: PathQuery): Path => new Walk(network, query).run();

/** The outcome alone, for many connections at once: the same decision without the hops and sentences that explain it. */
export function verdictOf(network: Network, query: PathQuery): Pick<Path, 'verdict' | 'policy'> {
  return new Walk(network, query, true).run();
}

/**
 * The outcomes of one source and target on many ports. Between two pods with addresses of their own and nothing in the way,
 * only policies and listeners differ from port to port, so that the rest is done once.
 */
export function verdictsOf(
  network: Network,
  from: Host,
  to: string,
  ports: readonly Pick<PathQuery, 'port' | 'protocol'>[],
): Pick<Path, 'verdict' | 'policy'>[] {
  const target = plainTarget(network, from, to);
  if (!target) return ports.map((port) => verdictOf(network, { from: from.id, to, ...port }));
  const { address, own, host } = target;
  const question = { subject: from, destination: host, protocol: 'TCP' as Protocol, port: 0 };
  // One question for all ports: what is asked is read while it is asked.
  const out: Question = { ...question, direction: 'egress', peer: { address, pod: host } };
  const into: Question = { ...question, direction: 'ingress', subject: host, peer: { address: own, pod: from } };
  return ports.map(({ port, protocol }) => {
    out.port = into.port = port;
    out.protocol = into.protocol = protocol;
    const first = network.decide(out);
    const decision = first?.allow === false ? first : (network.decide(into) ?? first);
    if (decision?.allow === false) return { verdict: 'dropped', policy: decision.policy };
    const answers = protocol === 'ICMP' || network.hosts.listener(host, protocol, port, address) !== undefined;
    const verdict = answers ? 'delivered' : 'refused';
    return decision ? { verdict, policy: decision.policy } : { verdict };
  });
}

/** A pod that another pod reaches directly: no service, no second network, no node's network between them. */
function plainTarget(
  { hosts, services, segments }: Network,
  from: Host,
  to: string,
): { address: string; own: string; host: Host } | undefined {
  const found = parseAddress(to);
  if (!found || from.kind !== 'pod' || from.hostNetwork || segments.of(from).length > 0) return undefined;
  const host = hosts.at(found.text);
  const own = from.addresses.find((text) => parseAddress(text)?.family === found.family);
  if (!own || host?.kind !== 'pod' || host === from || services.owning(found.text).length > 0) return undefined;
  return { address: found.text, own, host };
}

/** The path as text, a line a hop, for traces. */
export function describePath(path: Path): string {
  const lines = path.hops.map(({ stage, at, detail, ok }) => `${ok ? ' ' : '!'} ${stage.padEnd(15)} ${at}: ${detail}`);
  return [...lines, `${path.verdict}: ${path.reason}`].join('\n');
}

const isLoopback = ({ family, value }: Address) => (family === 4 ? value >> 24n === 127n : value === 1n);

class Walk {
  private readonly hops: Hop[] = [];
  private source: Path['source'];
  private target: { address: string; port: number };
  private destination: Path['destination'];
  private policy: string | undefined;
  private via: { service: Service; address: string } | undefined;
  /** True once the source address was replaced by a node's. */
  private masqueraded = false;

  constructor(
    private readonly network: Network,
    private readonly query: PathQuery,
    /** Leaves out what only explains. */
    private readonly brief = false,
  ) {
    this.source = { address: query.sourceAddress ?? '', port: query.sourcePort ?? 0 };
    this.target = { address: query.to, port: query.port };
  }

  run(): Path {
    const found = this.network.hosts.get(this.query.from);
    const to = parseAddress(this.query.to);
    if (!found) return this.end('no-route', `${this.query.from} is not on the network`);
    if (!to) return this.end('no-route', `${this.query.to} is not an IP address`);
    const from = this.network.hosts.owner(found);
    this.target.address = to.text;
    if (isLoopback(to)) return this.loopback(from, to);
    const own = this.query.sourceAddress ?? from.addresses.find((text) => parseAddress(text)?.family === to.family);
    if (!own)
      return this.end('no-route', `${describeHost(from)} has no IPv${to.family} address: network is unreachable`);
    this.source.address = own;
    return this.secondary(from) ?? this.translate(from) ?? this.carry(from);
  }

  private get family(): Family {
    return parseAddress(this.target.address)?.family ?? 4;
  }

  private entry(node: Host | undefined, outside: boolean): Entry {
    const { protocol, sourcePort } = this.query;
    const flow = protocol === 'UDP' && sourcePort !== undefined ? { udpPort: sourcePort } : {};
    return { client: this.source.address, family: this.family, node, outside, ...flow };
  }

  private loopback(from: Host, to: Address): Path {
    this.source.address = to.text;
    return this.listen(from);
  }

  /** An address on a network that Multus attached the pod to: straight over the link, past services and policies. */
  private secondary(from: Host): Path | undefined {
    const { hosts, segments } = this.network;
    const link = segments.between(from, this.target.address, hosts.all());
    if (!link) return undefined;
    const { near, far } = link;
    this.source.address = near.address;
    const reason = `nobody on ${near.device}’s network has the address ${this.target.address}`;
    if (!far) return this.unheld(from, 'no-route', reason);
    this.hop('route', from.name, `over ${near.device} to ${describeHost(far.host)}’s ${far.device}`, true);
    return this.listen(far.host);
  }

  /** Service, node port and host port translation; a path when it ends here. */
  private translate(from: Host): Path | undefined {
    return from.kind === 'outside' ? this.translateFromOutside(from) : this.translateInside(from);
  }

  private translateInside(from: Host): Path | undefined {
    const { hosts, services } = this.network;
    const { address, port } = this.target;
    const target = hosts.at(address);
    const owned = services.owning(address).length > 0;
    if (target?.kind === 'pod' && !owned) return undefined;
    const node = from.node ? hosts.get(`node/${from.node}`) : undefined;
    const entry = this.entry(node, false);
    const front = owned ? services.front(address, this.query.protocol, port) : undefined;
    if (front) return this.balance(front, entry);
    if (owned && this.network.proxyMode === 'ipvs') return this.atVirtualServer(from);
    if (owned || this.network.inServiceNetwork(address)) return this.noSuchPort(address);
    return target?.kind === 'node' ? this.enterNode(target, entry) : undefined;
  }

  private translateFromOutside(from: Host): Path | undefined {
    const { network } = this;
    const { address, port } = this.target;
    const target = network.hosts.at(address);
    if (target?.kind === 'node' && !network.inClusterNetwork(address))
      return this.enterNode(target, this.entry(target, true));
    if (target?.kind === 'outside') return undefined;
    if (network.inClusterNetwork(address) || network.inServiceNetwork(address))
      return this.hidden(from, network.inServiceNetwork(address) ? 'service' : 'cluster');
    const front = network.services.front(address, this.query.protocol, port);
    if (front) return this.enterExternal(front);
    return network.services.owning(address).length > 0 ? this.noSuchPort(address) : undefined;
  }

  private hidden(from: Host, which: string): Path {
    const detail = `${describeHost(from)} has no route into the ${which} network`;
    this.hop('route', from.name, detail, false);
    return this.end('dropped', `${detail}: ${this.target.address} exists only inside the cluster`);
  }

  /** An external or load-balancer address: the network brings it to a node, the first that may answer for it. */
  private enterExternal(front: Frontend): Path | undefined {
    const { service } = front;
    const { hosts, services } = this.network;
    const ranges = service.spec?.loadBalancerSourceRanges ?? [];
    if (front.via === 'loadBalancer' && ranges.length > 0 && !this.isWithin(ranges))
      return this.end('dropped', `service ${service.metadata.name} admits only ${ranges.join(', ')}`);
    const local = service.spec?.externalTrafficPolicy === 'Local';
    const withEndpoint = new Set(
      services.backends(service, front.port, this.family).map((backend) => hosts.at(backend.address)?.node),
    );
    const node = [...hosts.nodes()].find(({ name }) => !local || withEndpoint.has(name));
    if (node) this.hop('route', node.name, `${this.target.address} is answered for by node ${node.name}`, true);
    return this.balance(front, this.entry(node, true));
  }

  private isWithin(ranges: string[]): boolean {
    const source = parseAddress(this.source.address);
    return source !== undefined && ranges.some((range) => Cidr.find(range)?.holds(source));
  }

  /** A node's own address: node ports and host ports before the node's processes. */
  private enterNode(node: Host, entry: Entry): Path | undefined {
    const { hosts, services } = this.network;
    const { address, port } = this.target;
    const front = services.nodePort(this.query.protocol, port);
    if (front) return this.balance(front, { ...entry, node });
    const published = hosts.hostPort(node.name, this.query.protocol, port, address);
    const podAddress = published?.pod.addresses.find((text) => parseAddress(text)?.family === this.family);
    if (published && podAddress) {
      this.hop('host-port', node.name, `${address}:${port} is host port of ${describeHost(published.pod)}`, true);
      this.target = { address: podAddress, port: published.port };
    }
    return undefined;
  }

  private balance(front: Frontend, entry: Entry): Path | undefined {
    const { service, port } = front;
    const title = `service ${service.metadata.name}`;
    const at = entry.node?.name ?? this.query.from;
    const choice = choose(this.network, front, entry);
    if ('none' in choice) {
      const reason =
        choice.none === 'local'
          ? `${title} has no endpoint on node ${at}, and its traffic policy is Local`
          : whyNoEndpoints(this.network, service, port);
      if (choice.none !== 'local' && isIdled(service, this.network.now())) return this.sleeping(service, at);
      this.hop('service', at, reason, false);
      return this.end(choice.none === 'local' ? 'dropped' : 'refused', reason);
    }
    const { backend } = choice;
    const before = `${this.target.address}:${this.target.port}`;
    this.hop('service', at, `${before} is ${title}, translated to ${backend.address}:${backend.port}`, true);
    this.via = { service, address: this.target.address };
    this.target = { address: backend.address, port: backend.port };
    if (front.via !== 'clusterIP') this.masqueradeAt(entry, service);
    return undefined;
  }

  private sleeping({ metadata: { namespace = 'default', name } }: Service, at: string): Path {
    const reason = `service ${name} is idled; this traffic wakes it`;
    this.hop('service', at, reason, false);
    return { ...this.end('dropped', reason), idled: { namespace, name } };
  }

  /** Traffic that enters at a node's door gets that node's address, unless the service keeps it local. */
  private masqueradeAt({ node, outside }: Entry, service: Service): void {
    if (!node || (outside && service.spec?.externalTrafficPolicy === 'Local')) return;
    this.masquerade(node, 'so that the reply comes back this way');
  }

  // DIFFERS: OVN-Kubernetes shows pods its join address (100.64.0.0/16) here; we show the node's, as kube-proxy does.
  private masquerade(node: Host, why: string): void {
    const { family } = this;
    const address = node.addresses.find((text) => parseAddress(text)?.family === family);
    if (!address || address === this.source.address) return;
    this.hop('source-nat', node.name, `source ${this.source.address} becomes ${address}, ${why}`, true);
    this.source.address = address;
    this.masqueraded = true;
  }

  private noSuchPort(address: string): Path {
    const [service] = this.network.services.owning(address);
    const ports = service?.spec?.ports?.map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`).join(', ');
    const wanted = `${this.target.port}/${this.query.protocol}`;
    const reason = service
      ? this.query.protocol === 'ICMP'
        ? `${address} is the address of service ${service.metadata.name}, which answers no ping`
        : `service ${service.metadata.name} has no port ${wanted}; it has ${ports || 'none'}`
      : `no service has the address ${address}`;
    this.hop('service', address, reason, false);
    return this.end('dropped', reason);
  }

  /** With IPVS each node holds every cluster address itself: it answers a ping and refuses other ports. */
  private atVirtualServer(from: Host): Path {
    const at = from.node ?? from.name;
    const { protocol } = this.query;
    const { address, port } = this.target;
    const detail = `${address} is held by node ${at} itself (kube-ipvs0), with no virtual server on ${protocol} port ${port}`;
    this.destination = { host: from.node ? `node/${from.node}` : from.id, address, port };
    if (protocol === 'ICMP') return this.end('delivered', `node ${at} answers for ${address}`);
    this.hop('service', at, detail, false);
    return this.end('refused', detail);
  }

  /** Policy and route to the (translated) target. */
  private carry(from: Host): Path {
    const { hosts } = this.network;
    const target = hosts.at(this.target.address);
    if (target === from) return this.hairpin(from);
    const sender = this.masqueraded ? (hosts.at(this.source.address) ?? from) : from;
    return (
      this.egress(from, target) ??
      this.route(sender, from, target) ??
      this.ingress(sender, from, target) ??
      this.listen(target as Host)
    );
  }

  /** Back to the sender through a service: the plug-in puts another source in, or the answer would not find its way. */
  private hairpin(from: Host): Path {
    const node = from.node ? this.network.hosts.get(`node/${from.node}`) : undefined;
    const { hairpin } = this.network.plugin;
    if (this.via && from.kind === 'pod' && node && hairpin === 'node') this.masquerade(node, 'the pod called itself');
    else if (this.via && from.kind === 'pod' && hairpin !== 'node' && this.family === 4) this.source.address = hairpin;
    return this.listen(from);
  }

  private egress(from: Host, target: Host | undefined): Path | undefined {
    if (from.kind !== 'pod') return undefined;
    return this.ask('egress', from, peerOf(this.target.address, target), target);
  }

  private ingress(sender: Host, from: Host, target: Host | undefined): Path | undefined {
    if (target?.kind !== 'pod') return undefined;
    // A kubelet must reach the pods of its node: every plug-in lets a pod's own node in.
    if (from.kind === 'node' && from.node === target.node) return undefined;
    return this.ask('ingress', target, peerOf(this.source.address, this.masqueraded ? sender : from), target);
  }

  private ask(direction: Direction, subject: Host, peer: Peer, target: Host | undefined): Path | undefined {
    const question: Question = {
      direction,
      subject,
      peer,
      protocol: this.query.protocol,
      port: this.target.port,
      ...(target?.kind === 'pod' ? { destination: target } : {}),
    };
    const decision = this.network.decide(question);
    if (!decision) return undefined;
    this.policy = decision.policy;
    if (this.brief) return decision.allow ? undefined : this.end('dropped', '');
    this.hop(`${direction}-policy`, describeHost(subject), decision.reason, decision.allow);
    return decision.allow ? undefined : this.end('dropped', decision.reason);
  }

  private route(sender: Host, from: Host, target: Host | undefined): Path | undefined {
    if (!target) return this.nowhere(from);
    if (this.masqueraded && sender.kind === 'node' && target.kind === 'pod') return this.routeToPod(sender, target);
    if (from.kind === 'outside' || target.kind === 'outside' || target.kind === 'node')
      return this.routeByMachineNetwork(from, target);
    if (from.kind === 'node' && !this.masqueraded) this.sourceAsNode(from);
    return this.routeToPod(sender, target);
  }

  private routeByMachineNetwork(from: Host, target: Host): Path | undefined {
    const { hosts } = this.network;
    const node = from.kind === 'pod' && from.node ? hosts.get(`node/${from.node}`) : undefined;
    if (from.kind === 'pod' && !node) return this.end('no-route', `${describeHost(from)} is on no node`);
    if (node && target !== node) this.leave(from, node, target);
    if (target.kind === 'pod') {
      const at = target.node ? hosts.get(`node/${target.node}`) : undefined;
      return at ? this.routeToPod(at, target) : undefined;
    }
    this.hop('route', from.name, `to ${describeHost(target)} over the machine network`, true);
    return undefined;
  }

  /** Out of the cluster: by the pod's egress address if it has one, else by its node's. */
  private leave(pod: Host, node: Host, target: Host): void {
    const egress = target.kind === 'outside' ? this.network.egressIPs.of(pod) : undefined;
    if (!egress) return this.masquerade(node, 'the pod network is not known outside');
    const detail = `source ${this.source.address} becomes ${egress.address}, by EgressIP ${egress.name}`;
    this.hop('source-nat', egress.node, detail, true);
    this.source.address = egress.address;
    this.masqueraded = true;
  }

  private routeToPod(sender: Host, target: Host): undefined {
    if (this.brief) return undefined;
    const { plugin, hosts } = this.network;
    if (sender.node === target.node) {
      this.hop('route', sender.node ?? '', `on the same node, through ${plugin.bridge}`, true);
      return undefined;
    }
    const [a, b] = [sender.node, target.node].map((name) => hosts.get(`node/${name}`)?.addresses[0] ?? name);
    this.hop('route', sender.node ?? '', `to node ${target.node}`, true);
    this.hop('encapsulation', sender.node ?? '', this.wrapping(a, b), true);
    return undefined;
  }

  /** How a packet travels between two nodes, or why it travels as it is. */
  private wrapping(a: string | undefined, b: string | undefined): string {
    const { encapsulation, title } = this.network.plugin;
    if (!encapsulation) return `none: ${title} leaves it to the network below`;
    const { protocol, port, crossSubnetOnly } = encapsulation;
    if (crossSubnetOnly && this.isNear(a, b))
      return `none: both nodes are in one subnet (${protocol} only across subnets)`;
    return `${protocol} from ${a} to ${b}${port ? `, UDP port ${port}` : ''}`;
  }

  /** Whether two nodes lie in one subnet of the machine network. */
  private isNear(...addresses: (string | undefined)[]): boolean {
    return addresses.every((address) => address !== undefined && this.network.machineNetwork.contains(address));
  }

  /** A node speaks to pods from its address in the pod network, where the plug-in gives it one. */
  private sourceAsNode(node: Host): void {
    const { nodeOffset } = this.network.plugin;
    const { family } = this;
    const subnet = node.subnets.find((cidr) => cidr.family === family);
    if (nodeOffset !== undefined && subnet) this.source.address = subnet.at(nodeOffset);
  }

  private nowhere(from: Host): Path {
    const { network } = this;
    const { address } = this.target;
    const own = from.kind !== 'outside' && network.inClusterNetwork(address);
    if (own) {
      const node = network.nodeOfSubnet(address);
      const silent = node && node.name !== from.node ? network.plugin.unheld.otherNode : network.plugin.unheld.sameNode;
      return this.unheld(from, silent, `no pod has the address ${address} (any more)`);
    }
    if (network.machineNetwork.contains(address))
      return this.unheld(from, 'no-route', `no host on the machine network has the address ${address}`);
    return this.unheld(from, 'dropped', `nothing answers at ${address}`);
  }

  private unheld(from: Host, verdict: Verdict, reason: string): Path {
    this.hop('route', from.node ?? from.name, reason, false);
    return this.end(verdict, reason);
  }

  private listen(host: Host): Path {
    const { protocol } = this.query;
    const { address, port } = this.target;
    this.destination = { host: host.id, address, port };
    if (protocol === 'ICMP') return this.end('delivered', `${describeHost(host)} answers`);
    const bound = this.network.hosts.listener(host, protocol, port, address);
    if (this.brief) return this.end(bound === undefined ? 'refused' : 'delivered', '');
    if (bound !== undefined) {
      this.hop('listener', describeHost(host), `a process listens on ${bound}:${port}`, true);
      return this.end('delivered', `${describeHost(host)} accepts ${protocol} on port ${port}`);
    }
    const reason = whyRefused(this.network, host, protocol, port, this.via);
    this.hop('listener', describeHost(host), reason, false);
    return this.end('refused', reason);
  }

  private hop(stage: Stage, at: string, detail: string, ok: boolean): void {
    this.hops.push({ stage, at, detail, ok });
  }

  private end(verdict: Verdict, reason: string): Path {
    return {
      verdict,
      reason,
      hops: this.hops,
      source: this.source,
      ...(this.destination ? { destination: this.destination } : {}),
      ...(this.policy ? { policy: this.policy } : {}),
    };
  }
}

function peerOf(address: string, host: Host | undefined): Peer {
  if (host?.kind === 'pod') return { address, pod: host };
  return host?.kind === 'node' ? { address, node: host } : { address };
}
