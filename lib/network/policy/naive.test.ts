// Thousands of random policies, decided by `path` and by a second evaluator that reads the API's documentation literally and
// shares no code with the first.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LabelSelector, NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from '../kube';
import type { Network } from '../network';
import { path, verdictsOf } from '../path';
import { pod, testNetwork } from '../testing/fixture';
import type { Protocol } from '../types';

interface Party {
  ns: string;
  name: string;
  ip: string;
  labels: Record<string, string>;
}

const NAMESPACES: Record<string, Record<string, string>> = {
  x: { team: 'red' },
  y: { team: 'blue', env: 'prod' },
  z: {},
};
const PODS: Party[] = Object.keys(NAMESPACES).flatMap((ns, i) =>
  [{ app: 'a' }, { app: 'b', tier: 'web' }, { tier: 'db' }].map((labels, k) => ({
    ns,
    name: `p${k}`,
    ip: `10.128.${k % 2 === 0 ? 2 : 4}.${16 * i + k + 10}`,
    labels: labels as Record<string, string>,
  })),
);
const PORTS = [
  { name: 'web', containerPort: 80, protocol: 'TCP' },
  { name: 'dns', containerPort: 53, protocol: 'UDP' },
  { name: 'web-alt', containerPort: 81, protocol: 'TCP' },
  { name: 'sig', containerPort: 82, protocol: 'SCTP' },
];

// The second evaluator.

function selected(selector: LabelSelector, labels: Record<string, string>): boolean {
  for (const key in selector.matchLabels) if (labels[key] !== selector.matchLabels[key]) return false;
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const has = Object.hasOwn(labels, key);
    const listed = has && (values ?? []).indexOf(labels[key] as string) >= 0;
    if (operator === 'In' && !listed) return false;
    if (operator === 'NotIn' && listed) return false;
    if (operator === 'Exists' && !has) return false;
    if (operator === 'DoesNotExist' && has) return false;
  }
  return true;
}

const toNumber = (ip: string) => ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

function inBlock(ip: string, cidr: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(toNumber(ip) / size) === Math.floor(toNumber(network) / size);
}

const labelsOf = (ns: string) => ({ ...NAMESPACES[ns], 'kubernetes.io/metadata.name': ns });

function isPeer(peer: PolicyPeer, policyNamespace: string, other: Party): boolean {
  if (peer.ipBlock)
    return inBlock(other.ip, peer.ipBlock.cidr) && !(peer.ipBlock.except ?? []).some((hole) => inBlock(other.ip, hole));
  if (!peer.namespaceSelector && other.ns !== policyNamespace) return false;
  if (peer.namespaceSelector && !selected(peer.namespaceSelector, labelsOf(other.ns))) return false;
  return !peer.podSelector || selected(peer.podSelector, other.labels);
}

function isPort(entry: PolicyPort, protocol: string, port: number): boolean {
  if ((entry.protocol ?? 'TCP') !== protocol) return false;
  if (entry.port === undefined) return true;
  if (typeof entry.port === 'string')
    return PORTS.some((own) => own.name === entry.port && own.containerPort === port && own.protocol === protocol);
  return entry.endPort === undefined ? port === entry.port : port >= entry.port && port <= entry.endPort;
}

function permitted(
  policies: NetworkPolicy[],
  way: 'Ingress' | 'Egress',
  own: Party,
  other: Party,
  protocol: string,
  port: number,
) {
  let isolated = false;
  for (const { metadata, spec = {} } of policies) {
    const types = spec.policyTypes ?? (spec.egress ? ['Ingress', 'Egress'] : ['Ingress']);
    if (metadata.namespace !== own.ns || !types.includes(way) || !selected(spec.podSelector ?? {}, own.labels))
      continue;
    isolated = true;
    for (const rule of (way === 'Ingress' ? spec.ingress : spec.egress) ?? []) {
      const peers = (way === 'Ingress' ? rule.from : rule.to) ?? [];
      const ports = rule.ports ?? [];
      const peerFits = peers.length === 0 || peers.some((peer) => isPeer(peer, own.ns, other));
      if (peerFits && (ports.length === 0 || ports.some((entry) => isPort(entry, protocol, port)))) return true;
    }
  }
  return !isolated;
}

// Random policies.

const label = fc.constantFrom('app', 'tier', 'team', 'env');
const value = fc.constantFrom('a', 'b', 'web', 'db', 'red', 'blue', 'prod');
const expression = fc.record({
  key: label,
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.array(value, { maxLength: 2 }),
});
const selector: fc.Arbitrary<LabelSelector> = fc.oneof(
  fc.constant({}),
  fc.record({ matchLabels: fc.dictionary(label, value, { maxKeys: 1 }) }),
  fc.record({ matchExpressions: fc.array(expression, { maxLength: 2 }) }),
);
const block = fc.constantFrom('10.128.0.0/14', '10.128.2.0/24', '10.128.4.0/23', '10.128.2.10/32', '0.0.0.0/0');
const peer: fc.Arbitrary<PolicyPeer> = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ namespaceSelector: selector, podSelector: selector }),
  fc.record({ ipBlock: fc.record({ cidr: block, except: fc.array(block, { maxLength: 2 }) }) }),
);
const port: fc.Arbitrary<PolicyPort> = fc.oneof(
  fc.record({ port: fc.constantFrom(53, 80, 81, 82), protocol: fc.constantFrom('TCP', 'UDP', 'SCTP') }),
  fc.record({
    port: fc.constantFrom('web', 'dns', 'web-alt', 'sig', 'none'),
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
  }),
  fc.record({ port: fc.constant(60), endPort: fc.constantFrom(79, 80, 90) }),
  fc.record({ port: fc.constant(60), endPort: fc.constantFrom(79, 82), protocol: fc.constantFrom('UDP', 'SCTP') }),
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP', 'SCTP') }),
);
const rule = (way: 'from' | 'to'): fc.Arbitrary<PolicyRule> =>
  fc.record({ [way]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) }, { requiredKeys: [] });
const spec = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.constantFrom<string[][]>(['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    ingress: fc.array(rule('from'), { maxLength: 2 }),
    egress: fc.array(rule('to'), { maxLength: 2 }),
  },
  { requiredKeys: ['podSelector', 'policyTypes'] },
);
const policies = fc.array(fc.record({ namespace: fc.constantFrom('x', 'y', 'z'), spec }), {
  minLength: 1,
  maxLength: 5,
});

const QUERIES = [
  ['TCP', 80],
  ['UDP', 53],
  ['TCP', 81],
  ['SCTP', 82],
] as [Protocol, number][];

/** The parties on a network of a plug-in, listening on every port. */
function populated(plugin: 'OVNKubernetes' | 'Canal'): Network {
  const network = testNetwork(plugin);
  for (const [name, labels] of Object.entries(NAMESPACES))
    network.apply({ kind: 'Namespace', metadata: { name, labels } });
  for (const { ns, name, ip, labels } of PODS) {
    network.apply(
      pod(ns, name, { ip, labels, ports: PORTS, node: ip.startsWith('10.128.2.') ? 'worker01' : 'worker02' }),
    );
    for (const [protocol, number] of QUERIES)
      network.setListener(`pod/${ns}/${name}`, protocol, number, '0.0.0.0', true);
  }
  return network;
}

type Drawn = { namespace: string; spec: unknown }[];

const objectsOf = (drawn: Drawn) =>
  drawn.map(({ namespace, spec: own }, i) => ({
    kind: 'NetworkPolicy',
    metadata: { name: `policy-${i}`, namespace },
    spec: own as NonNullable<NetworkPolicy['spec']>,
  }));

test('path agrees with a naive reading on random policies, and many at once with one at a time', () => {
  const network = populated('OVNKubernetes');
  const property = fc.property(policies, (drawn) => {
    const objects = objectsOf(drawn);
    for (const object of objects) network.apply(object);
    for (const from of PODS)
      for (const to of PODS.filter((candidate) => candidate !== from)) {
        const source = network.hosts.get(`pod/${from.ns}/${from.name}`);
        const ports = QUERIES.map(([protocol, port]) => ({ protocol, port }));
        const many = source ? verdictsOf(network, source, to.ip, ports) : [];
        for (const [i, [protocol, number]] of QUERIES.entries()) {
          const got = path(network, { from: `pod/${from.ns}/${from.name}`, to: to.ip, port: number, protocol });
          const wanted =
            permitted(objects, 'Egress', from, to, protocol, number) &&
            permitted(objects, 'Ingress', to, from, protocol, number);
          if ((got.verdict === 'delivered') !== wanted)
            throw new Error(`${from.ns}/${from.name} to ${to.ns}/${to.name} ${protocol}/${number}: ${got.reason}`);
          if (many[i]?.verdict !== got.verdict || many[i]?.policy !== got.policy)
            throw new Error(`${protocol}/${number}: ${JSON.stringify(many[i])} at once, ${got.verdict} ${got.policy}`);
        }
      }
    for (const object of objects) network.remove(object);
  });
  expect(() => fc.assert(property, { numRuns: 800, seed: 20 })).not.toThrow();
});

/** A pod on its node's network: no policy selects it, and to others it is an address. */
function admitsAddress(objects: NetworkPolicy[], to: Party, ip: string, protocol: string, port: number): boolean {
  const isolating = objects.filter(
    ({ metadata, spec = {} }) =>
      metadata.namespace === to.ns &&
      (spec.policyTypes ?? ['Ingress']).includes('Ingress') &&
      selected(spec.podSelector ?? {}, to.labels),
  );
  const holds = ({ from, ports }: PolicyRule) => {
    const peers = from ?? [];
    const blocks = peers.flatMap(({ ipBlock }) => ipBlock ?? []);
    const isPeerOf = blocks.some(
      ({ cidr, except }) => inBlock(ip, cidr) && !(except ?? []).some((hole) => inBlock(ip, hole)),
    );
    const fits = (ports ?? []).length === 0 || (ports ?? []).some((entry) => isPort(entry, protocol, port));
    return fits && (peers.length === 0 || isPeerOf);
  };
  return isolating.length === 0 || isolating.some(({ spec }) => (spec?.ingress ?? []).some(holds));
}

test('host-network pods are addresses to policies, are selected by none, and reach the pods of their own node', () => {
  const network = populated('Canal');
  const ip = '192.168.50.11';
  network.apply(pod('x', 'agent', { ip, hostNetwork: true, node: 'worker01', labels: { app: 'a' } }));
  network.setListener('node/worker01', 'TCP', 80, '0.0.0.0', true);
  const property = fc.property(policies, (drawn) => {
    const objects = objectsOf(drawn);
    for (const object of objects) network.apply(object);
    for (const to of PODS)
      for (const [protocol, number] of QUERIES) {
        const got = path(network, { from: 'pod/x/agent', to: to.ip, port: number, protocol });
        const near = to.ip.startsWith('10.128.2.');
        const wanted = near || admitsAddress(objects, to, ip, protocol, number);
        if ((got.verdict === 'delivered') !== wanted)
          throw new Error(`${to.ns}/${to.name} ${protocol}/${number}: ${got.reason}`);
      }
    for (const object of objects) network.remove(object);
  });
  expect(() => fc.assert(property, { numRuns: 500, seed: 21 })).not.toThrow();
});
