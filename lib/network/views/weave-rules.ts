// What weave-npc writes into a node's filter table: pods that no policy selects pass by a set a namespace, the others by a
// rule for each pair of sets (weave npc/namespace.go, npc/rule.go, prog/weave-npc).
import type { Host } from '../hosts';
import type { Network } from '../network';
import type { Direction } from '../policy/contract';
import type { ShownPeer, ShownPolicy, ShownPorts } from '../policy/shown';
import type { KernelRules } from './calico-rules';
import { type IpSet, membersOf, nameHash, podsOf } from './ip-sets';

const MARK = '0x40000/0x40000';
const SET_HASH = 23; // with its prefix within ipset's 31

const CHAINS = ['', '-DEFAULT', '-EGRESS', '-EGRESS-ACCEPT', '-EGRESS-CUSTOM', '-EGRESS-DEFAULT', '-INGRESS'];
const BASE = [
  `-A FORWARD -i weave -m comment --comment "NOTE: this must go before '-j KUBE-FORWARD'" -j WEAVE-NPC-EGRESS`,
  `-A FORWARD -o weave -m comment --comment "NOTE: this must go before '-j KUBE-FORWARD'" -j WEAVE-NPC`,
  '-A FORWARD -o weave -m state --state NEW -j NFLOG --nflog-group 86',
  '-A FORWARD -o weave -j DROP',
  '-A FORWARD -i weave ! -o weave -j ACCEPT',
  '-A FORWARD -o weave -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-A WEAVE-NPC -m state --state RELATED,ESTABLISHED -j ACCEPT',
  '-A WEAVE-NPC -d 224.0.0.0/4 -j ACCEPT',
  '-A WEAVE-NPC -m physdev --physdev-out vethwe-bridge --physdev-is-bridged -j ACCEPT',
  '-A WEAVE-NPC -m state --state NEW -j WEAVE-NPC-DEFAULT',
  '-A WEAVE-NPC -m state --state NEW -j WEAVE-NPC-INGRESS',
  '-A WEAVE-NPC-EGRESS -m state --state RELATED,ESTABLISHED -j ACCEPT',
  '-A WEAVE-NPC-EGRESS -m physdev --physdev-in vethwe-bridge --physdev-is-bridged -j RETURN',
  '-A WEAVE-NPC-EGRESS -d 224.0.0.0/4 -j RETURN',
  '-A WEAVE-NPC-EGRESS -m state --state NEW -j WEAVE-NPC-EGRESS-DEFAULT',
  `-A WEAVE-NPC-EGRESS -m state --state NEW -m mark ! --mark ${MARK} -j WEAVE-NPC-EGRESS-CUSTOM`,
  `-A WEAVE-NPC-EGRESS -m mark ! --mark ${MARK} -j DROP`,
  `-A WEAVE-NPC-EGRESS-ACCEPT -j MARK --set-xmark ${MARK}`,
];

export function weaveRules(network: Network): KernelRules {
  const sets = new Map<string, IpSet>();
  const policies = network.shownPolicies();
  const pods = [...podsOf(network)];
  const rules = [...BASE];
  const put = (key: string, members: readonly string[], comments?: readonly string[]): string => {
    const name = `weave-${nameHash(key, SET_HASH)}`;
    sets.set(name, {
      name,
      type: members.some((member) => member.includes('/')) ? 'hash:net' : 'hash:ip',
      members,
      ...(comments && { comments }),
    });
    return name;
  };
  const ofPods = (key: string, own: readonly (Host & { address: string })[]) =>
    put(
      key,
      own.map(({ address }) => address),
      own.map(({ namespace, name }) => `namespace: ${namespace}, pod: ${name}`),
    );
  for (const namespace of [...new Set(pods.map((pod) => pod.namespace))].sort())
    for (const direction of ['ingress', 'egress'] as const) {
      const free = pods.filter((pod) => pod.namespace === namespace && !isIsolated(policies, pod, direction));
      const set = ofPods(`${direction}-default-allow:${namespace}`, free);
      const comment = `-m comment --comment "DefaultAllow ${direction} isolation for namespace: ${namespace}"`;
      if (direction === 'ingress')
        rules.push(`-A WEAVE-NPC-DEFAULT -m set --match-set ${set} dst ${comment} -j ACCEPT`);
      else
        for (const target of ['WEAVE-NPC-EGRESS-ACCEPT', 'RETURN'])
          rules.push(`-A WEAVE-NPC-EGRESS-DEFAULT -m set --match-set ${set} src ${comment} -j ${target}`);
    }
  for (const policy of policies)
    for (const direction of ['ingress', 'egress'] as const)
      for (const { peers, ports } of policy.rules[direction] ?? [])
        for (const peer of peers ?? [undefined])
          for (const port of ports ?? [undefined]) {
            const own = ofPods(
              `selected ${policy.namespace} ${policy.name}`,
              pods.filter((pod) => policy.selects(pod)),
            );
            const other = peer && peerSet(network, peer, put);
            for (const match of matches(direction, own, other, port)) rules.push(...ends(direction, match, policy));
          }
  return { chains: CHAINS.map((name) => `WEAVE-NPC${name}`), rules, sets: [...sets.values()] };
}

const isIsolated = (policies: readonly ShownPolicy[], pod: Host, direction: Direction): boolean =>
  policies.some((policy) => policy.rules[direction] && policy.selects(pod));

function peerSet(
  network: Network,
  { set, cidr, except }: ShownPeer,
  put: (key: string, members: readonly string[]) => string,
) {
  if (set) return put(set.selector, membersOf(network, set));
  return put(`${cidr} ${except?.join(' ') ?? ''}`, [cidr ?? '', ...(except ?? []).map((hole) => `${hole} nomatch`)]);
}

function matches(direction: Direction, own: string, other: string | undefined, port: ShownPorts | undefined): string[] {
  const [from, to] = direction === 'ingress' ? [other, own] : [own, other];
  const sides = [from && `-m set --match-set ${from} src`, to && `-m set --match-set ${to} dst`]
    .filter(Boolean)
    .join(' ');
  const protocol = port?.protocol;
  const head = protocol ? `-p ${protocol} ` : '';
  // Named ports are not supported: weave-npc reports them and leaves them out.
  const numbers = port?.ports.filter((each) => /^\d/.test(each)) ?? [];
  if (numbers.length === 0) return port && port.ports.length > 0 ? [] : [`${head}${sides}`];
  return numbers.map((number) => `${head}${sides} -m ${protocol} --dport ${number.split(':')[0]}`);
}

function ends(direction: Direction, match: string, { namespace, name }: ShownPolicy): string[] {
  const comment = `-m comment --comment "policy: ${namespace}/${name} (${direction})"`;
  if (direction === 'ingress') return [`-A WEAVE-NPC-INGRESS ${match} ${comment} -j ACCEPT`];
  return ['WEAVE-NPC-EGRESS-ACCEPT', 'RETURN'].map(
    (target) => `-A WEAVE-NPC-EGRESS-CUSTOM ${match} ${comment} -j ${target}`,
  );
}
