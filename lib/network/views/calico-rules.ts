// What Felix writes into a node's filter table: a chain a policy and direction, and two a pod that ask them in order
// (calico felix/rules: endpoints.go, policy.go, static.go). IPv4; host endpoints and failsafes are left out.
import { hostSide } from '../cni/interfaces';
import type { Host } from '../hosts';
import type { Network } from '../network';
import type { Direction } from '../policy/contract';
import type { ShownPeer, ShownPolicy, ShownPorts, ShownRule } from '../policy/shown';
import { type IpSet, membersOf, nameHash, podsOf } from './ip-sets';

const NAME_LIMIT = 28; // iptables.MaxChainNameLength
const SET_LIMIT = 31; // of ipset
const HASH_LENGTH = 16;
const ACCEPT = '0x10000';
const PASS = '0x20000';
const CALI_DIGITS = 11;
const SIDES = {
  ingress: { policy: 'cali-pi-', profile: 'cali-pri-', endpoint: 'cali-tw-', peer: 'src', net: '-s' },
  egress: { policy: 'cali-po-', profile: 'cali-pro-', endpoint: 'cali-fw-', peer: 'dst', net: '-d' },
} as const;
const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

export interface KernelRules {
  chains: string[];
  /** Rules of built-in chains come first. */
  rules: string[];
  sets: IpSet[];
}

/** hashutils.GetLengthLimitedID. */
function limited(prefix: string, name: string): string {
  if (prefix.length + name.length <= NAME_LIMIT) return prefix + name;
  return `${prefix}_${nameHash(name, NAME_LIMIT - 1 - prefix.length)}`;
}

export function calicoRules(network: Network, node: string | undefined): KernelRules {
  const writer = new Writer(network);
  const policies = network.shownPolicies();
  const pods = [...podsOf(network)].filter((pod) => pod.node === node);
  writer.hooks(pods);
  for (const pod of pods) writer.endpoint(pod, policies);
  const local = policies.filter((policy) => pods.some((pod) => policy.selects(pod)));
  for (const policy of local) writer.policy(policy);
  for (const namespace of new Set(pods.map((pod) => pod.namespace))) writer.profile(`kns.${namespace}`, true);
  for (const account of new Set(pods.map(accountOf))) writer.profile(account, false);
  return writer;
}

const accountOf = ({ namespace, pod }: Host): string =>
  `ksa.${namespace}.${(pod?.spec as { serviceAccountName?: string } | undefined)?.serviceAccountName ?? 'default'}`;

const idOf = ({ isKubernetes, namespace, name }: ShownPolicy): string =>
  `${namespace ? `${namespace}/` : ''}${isKubernetes ? 'knp.default.' : 'default.'}${name}`;

class Writer implements KernelRules {
  readonly chains: string[] = [];
  readonly rules: string[] = [];
  private readonly byName = new Map<string, IpSet>();

  constructor(private readonly network: Network) {}

  get sets(): IpSet[] {
    return [...this.byName.values()];
  }

  hooks(pods: readonly Host[]): void {
    for (const [chain, rest] of [
      ['INPUT', '-j cali-INPUT'],
      ['FORWARD', '-j cali-FORWARD'],
      [
        'FORWARD',
        `-m comment --comment "Policy explicitly accepted packet." -m mark --mark ${ACCEPT}/${ACCEPT} -j ACCEPT`,
      ],
      ['FORWARD', `-j MARK --set-xmark ${ACCEPT}/${ACCEPT}`],
      ['OUTPUT', '-j cali-OUTPUT'],
    ] as const)
      this.add(chain, '', rest);
    this.chain('cali-FORWARD');
    this.add('cali-FORWARD', '', '-j MARK --set-xmark 0x0/0xe0000');
    this.add('cali-FORWARD', '-i cali+ ', '-j cali-from-wl-dispatch');
    this.add('cali-FORWARD', '-o cali+ ', '-j cali-to-wl-dispatch');
    this.chain('cali-INPUT');
    this.add('cali-INPUT', '-i cali+ ', '-g cali-wl-to-host');
    this.add('cali-INPUT', '', `-m mark --mark ${ACCEPT}/${ACCEPT} -j ACCEPT`);
    this.chain('cali-OUTPUT');
    this.add('cali-OUTPUT', '', `-m mark --mark ${ACCEPT}/${ACCEPT} -j ACCEPT`);
    this.add('cali-OUTPUT', '-o cali+ ', '-j RETURN');
    this.chain('cali-wl-to-host');
    this.add('cali-wl-to-host', '', '-j cali-from-wl-dispatch');
    this.add('cali-wl-to-host', '', '-m comment --comment "Configured DefaultEndpointToHostAction" -j ACCEPT');
    for (const [chain, side, option] of [
      ['cali-from-wl-dispatch', SIDES.egress, '-i'],
      ['cali-to-wl-dispatch', SIDES.ingress, '-o'],
    ] as const) {
      this.chain(chain);
      for (const device of pods.map(({ id }) => deviceOf(id)).sort())
        this.add(chain, `${option} ${device} `, `-g ${side.endpoint}${device}`);
      this.add(chain, '', '-m comment --comment "Unknown interface" -j DROP');
    }
  }

  endpoint(pod: Host, policies: readonly ShownPolicy[]): void {
    for (const direction of DIRECTIONS) {
      const side = SIDES[direction];
      const chain = `${side.endpoint}${deviceOf(pod.id)}`;
      const accepted = (what: string) =>
        `-m comment --comment "Return if ${what} accepted" -m mark --mark ${ACCEPT}/${ACCEPT} -j RETURN`;
      this.chain(chain);
      this.add(chain, '', '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT');
      this.add(chain, '', '-m conntrack --ctstate INVALID -j DROP');
      this.add(chain, '', '-j MARK --set-xmark 0x0/0x30000');
      if (direction === 'egress') {
        this.add(
          chain,
          '-p udp ',
          '-m comment --comment "Drop VXLAN encapped packets originating in workloads" -m multiport --dports 4789 -j DROP',
        );
        this.add(
          chain,
          '-p ipencap ',
          '-m comment --comment "Drop IPinIP encapped packets originating in workloads" -j DROP',
        );
      }
      const own = policies.filter((policy) => policy.rules[direction] && policy.selects(pod));
      if (own.length > 0) {
        this.add(chain, '', `-m comment --comment "Start of tier default" -j MARK --set-xmark 0x0/${PASS}`);
        for (const policy of own) {
          this.add(chain, '', `-m mark --mark 0x0/${PASS} -j ${limited(side.policy, idOf(policy))}`);
          this.add(chain, '', accepted('policy'));
        }
        this.add(
          chain,
          '',
          `-m comment --comment "Drop if no policies passed packet" -m mark --mark 0x0/${PASS} -j DROP`,
        );
      }
      for (const profile of [`kns.${pod.namespace}`, accountOf(pod)]) {
        this.add(chain, '', `-j ${limited(side.profile, profile)}`);
        this.add(chain, '', accepted('profile'));
      }
      this.add(chain, '', '-m comment --comment "Drop if no profiles matched" -j DROP');
    }
  }

  policy(policy: ShownPolicy): void {
    const id = idOf(policy);
    for (const direction of DIRECTIONS) {
      const chain = limited(SIDES[direction].policy, id);
      this.chain(chain);
      const rules = (policy.rules[direction] ?? []).flatMap((rule) => this.matches(rule, direction));
      const comment = `-m comment --comment "${policy.kind === 'GlobalNetworkPolicy' ? 'GlobalNetworkPolicy' : 'Policy'} ${id} ${direction}" `;
      if (rules.length === 0) this.add(chain, '', comment.trimEnd());
      for (const [i, { head, match, action }] of rules.entries())
        for (const [n, target] of targetsOf(action, i === rules.length - 1).entries())
          this.add(chain, n === 0 ? head : '', `${i === 0 && n === 0 ? comment : ''}${n === 0 ? match : ''}${target}`);
    }
  }

  profile(name: string, allows: boolean): void {
    for (const direction of DIRECTIONS) {
      const chain = limited(SIDES[direction].profile, name);
      const comment = `-m comment --comment "Profile ${name} ${direction}"`;
      this.chain(chain);
      this.add(chain, '', allows ? `${comment} -j MARK --set-xmark ${ACCEPT}/${ACCEPT}` : comment);
    }
  }

  /** A rule as iptables' matches: one for each peer and protocol. */
  private matches({ action, peers, ports }: ShownRule, direction: Direction) {
    return (peers ?? [undefined]).flatMap((peer) =>
      (ports ?? [undefined]).map((port) => ({ action, ...this.match(peer, port, direction) })),
    );
  }

  private match(peer: ShownPeer | undefined, port: ShownPorts | undefined, direction: Direction) {
    const side = SIDES[direction];
    const net = peer?.cidr && peer.cidr !== '0.0.0.0/0' ? `${side.net} ${peer.cidr} ` : '';
    const protocol = port?.protocol ? `-p ${port.protocol} ` : '';
    const parts: string[] = [];
    if (peer?.set) parts.push(`-m set --match-set ${this.set(peer)} ${side.peer} `);
    // DIFFERS: Felix clears a mark in rules of their own for each hole; the set says the same in one.
    if (peer?.except?.length) parts.push(`-m set ! --match-set ${this.holes(peer.except)} ${side.peer} `);
    if (port && port.ports.length > 0) parts.push(`-m multiport --dports ${port.ports.join(',')} `);
    return { head: net + protocol, match: parts.join('') };
  }

  private set({ set }: ShownPeer): string {
    const name = `cali40s:${nameHash(set?.selector ?? '', SET_LIMIT - 8)}`;
    if (set && !this.byName.has(name))
      this.byName.set(name, { name, type: 'hash:net', members: membersOf(this.network, set) });
    return name;
  }

  private holes(except: readonly string[]): string {
    const name = `cali40n:${nameHash(except.join(' '), SET_LIMIT - 8)}`;
    this.byName.set(name, { name, type: 'hash:net', members: except });
    return name;
  }

  private chain(name: string): void {
    this.chains.push(name);
  }

  /** Each rule carries a hash of itself and its place, by which Felix knows it again. */
  private add(chain: string, head: string, rest: string): void {
    const hash = nameHash(`${chain} ${this.rules.length} ${head}${rest}`, HASH_LENGTH);
    this.rules.push(`-A ${chain} ${head}-m comment --comment "cali:${hash}" ${rest}`);
  }
}

const deviceOf = (id: string): string => hostSide('cali', id, CALI_DIGITS);

/** Marks and returns; the last return of a chain is left out. */
function targetsOf(action: ShownRule['action'], last: boolean): string[] {
  const back = (bit: string) => (last ? [] : [`-m mark --mark ${bit}/${bit} -j RETURN`]);
  if (action === 'Allow') return [`-j MARK --set-xmark ${ACCEPT}/${ACCEPT}`, ...back(ACCEPT)];
  if (action === 'Pass') return [`-j MARK --set-xmark ${PASS}/${PASS}`, ...back(PASS)];
  return action === 'Log' ? ['-j LOG --log-prefix "calico-packet: " --log-level 5'] : ['-j DROP'];
}
