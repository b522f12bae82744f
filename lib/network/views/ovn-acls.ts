// The access lists that OVN-Kubernetes makes of network policies: port groups, address sets and ACLs of the northbound database
// (ovn-kubernetes go-controller/pkg/ovn: base_network_controller_policy.go, gress_policy.go).
import { parseAddress } from '../address';
import type { Host } from '../hosts';
import type { Network } from '../network';
import type { Direction } from '../policy/contract';
import type { PeerSet, ShownPeer, ShownPolicy, ShownPorts } from '../policy/shown';
import { membersOf, podsOf } from './ip-sets';

const DENY = 1000; // types.DefaultDenyPriority
const ALLOW = 1001; // types.DefaultAllowPriority

export interface Acl {
  /** The port group or switch that it belongs to. */
  owner: string;
  name: string;
  direction: 'to-lport' | 'from-lport';
  priority: number;
  match: string;
  action: 'allow' | 'allow-related' | 'drop';
}

interface PortGroup {
  name: string;
  ports: readonly string[];
  externalIds: Readonly<Record<string, string>>;
}

interface AddressSet {
  name: string;
  addresses: readonly string[];
}

export interface OvnPolicies {
  acls: readonly Acl[];
  groups: readonly PortGroup[];
  sets: readonly AddressSet[];
}

/** FNV-1a, 64 bits, as util.HashForOVN: `a` and the number. */
function ovnHash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash ^= BigInt(byte);
    hash = (hash * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return `a${hash}`;
}

const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];
const portOf = ({ namespace, name }: Host): string => `${namespace}_${name}`;

/** Kubernetes' policies; the switch of a node lets that node in. */
export function ovnPolicies(network: Network, node: Host): OvnPolicies {
  const made = new Making(network);
  const management = node.subnets.find(({ family }) => family === 4)?.at(2) ?? '';
  made.acl(node.name, 'allow-from-node', 'to-lport', ALLOW, `ip4.src==${management}`, 'allow-related');
  const policies = network.shownPolicies().filter(({ isKubernetes }) => isKubernetes);
  for (const namespace of new Set(policies.map((each) => each.namespace ?? '')))
    for (const direction of DIRECTIONS)
      made.isolation(
        namespace,
        direction,
        policies.filter((each) => each.namespace === namespace),
      );
  for (const policy of policies) made.policy(policy);
  return made;
}

class Making implements OvnPolicies {
  readonly acls: Acl[] = [];
  readonly groups: PortGroup[] = [];
  readonly sets: AddressSet[] = [];
  private readonly pods: (Host & { address: string })[];

  constructor(private readonly network: Network) {
    this.pods = [...podsOf(network)];
  }

  acl(
    owner: string,
    name: string,
    direction: Acl['direction'],
    priority: number,
    match: string,
    action: Acl['action'],
  ): void {
    this.acls.push({ owner, name, direction, priority, match, action });
  }

  /** The group of all pods of a namespace that some policy isolates, with what drops. */
  isolation(namespace: string, direction: Direction, policies: readonly ShownPolicy[]): void {
    const isolating = policies.filter((policy) => policy.rules[direction]);
    if (isolating.length === 0) return;
    const group = `${ovnHash(namespace)}_${direction}DefaultDeny`;
    const ports = this.pods.filter((pod) => isolating.some((policy) => policy.selects(pod))).map(portOf);
    this.groups.push({
      name: group,
      ports,
      externalIds: { direction: titled(direction), 'k8s.ovn.org/name': namespace },
    });
    const [way, side] =
      direction === 'ingress' ? (['to-lport', 'outport'] as const) : (['from-lport', 'inport'] as const);
    this.acl(group, `NP:${namespace}:${titled(direction)}`, way, ALLOW, `${side} == @${group} && (arp || nd)`, 'allow');
    this.acl(group, `NP:${namespace}:${titled(direction)}`, way, DENY, `${side} == @${group}`, 'drop');
  }

  policy(policy: ShownPolicy): void {
    const { namespace, name } = policy;
    const group = ovnHash(`${namespace}_${name}`);
    const ports = this.pods.filter((pod) => policy.selects(pod)).map(portOf);
    this.groups.push({ name: group, ports, externalIds: { 'k8s.ovn.org/name': `${namespace}:${name}` } });
    for (const direction of DIRECTIONS) {
      const [way, side] =
        direction === 'ingress' ? (['to-lport', 'outport'] as const) : (['from-lport', 'inport'] as const);
      for (const [i, rule] of (policy.rules[direction] ?? []).entries())
        for (const port of rule.ports ?? [undefined]) {
          const peers = this.peers(rule.peers, direction);
          const match = [peers, portMatch(port), `${side} == @${group}`].filter(Boolean).join(' && ');
          this.acl(group, `NP:${namespace}:${name}:${titled(direction)}:${i}`, way, ALLOW, match, 'allow-related');
        }
    }
  }

  private peers(peers: readonly ShownPeer[] | undefined, direction: Direction): string {
    if (!peers) return '';
    const field = direction === 'ingress' ? 'src' : 'dst';
    const sets = peers.flatMap(({ set }) => (set ? [`$${this.set(set)}`] : []));
    const blocks = peers.flatMap(({ cidr, except }) => (cidr ? [block(field, cidr, except)] : []));
    const all = [...(sets.length > 0 ? [`ip4.${field} == {${sets.join(', ')}}`] : []), ...blocks];
    return all.length > 1 ? `(${all.join(' || ')})` : (all[0] ?? '');
  }

  private set(set: PeerSet): string {
    const name = ovnHash(set.selector);
    if (!this.sets.some((each) => each.name === name))
      this.sets.push({ name, addresses: membersOf(this.network, set) });
    return name;
  }
}

const titled = (direction: Direction): string => (direction === 'ingress' ? 'Ingress' : 'Egress');

function block(field: string, cidr: string, except: readonly string[] = []): string {
  const family = parseAddress(cidr.split('/')[0] ?? '')?.family ?? 4;
  const own = `ip${family}.${field} == ${cidr}`;
  return except.length > 0 ? `(${own} && ip${family}.${field} != {${except.join(', ')}})` : own;
}

function portMatch(port: ShownPorts | undefined): string {
  if (!port?.protocol) return '';
  const { protocol, ports } = port;
  const ranges = ports
    .filter((each) => each.includes(':'))
    .map((each) => {
      const [first, last] = each.split(':');
      return `${first}<=${protocol}.dst<=${last}`;
    });
  const single = ports.filter((each) => !each.includes(':'));
  const numbers =
    single.length > 1 ? [`${protocol}.dst=={${single.join(',')}}`] : single.map((each) => `${protocol}.dst==${each}`);
  const all = [...numbers, ...ranges];
  return all.length === 0 ? protocol : `${protocol} && ${all.length > 1 ? `(${all.join(' || ')})` : all[0]}`;
}

/** `ovn-nbctl acl-list`. */
export const aclLine = ({ direction, priority, match, action }: Acl): string =>
  `${direction.padStart(10)} ${String(priority).padStart(5)} (${match}) ${action}${direction === 'from-lport' ? ' [after-lb]' : ''}\n`;
