// The policy kinds that plug-ins add: one connection each way of deciding.
import { describe, expect, test } from 'vitest';
import { Random } from '../../sim/random';
import type { CniName, SdnMode } from '../cni/contract';
import { Network } from '../network';
import { path } from '../path';
import { pod } from '../testing/fixture';
import { compileCalicoSelector } from './calico-selector';

function shop(plugin: CniName, objects: Record<string, unknown>[], sdnMode: SdnMode = 'NetworkPolicy'): Network {
  const network = new Network({
    plugin,
    sdnMode,
    clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }],
    serviceNetwork: ['172.30.0.0/16'],
    machineNetwork: '192.168.50.0/24',
    now: () => 0,
    random: new Random(1),
  });
  for (const [i, name] of ['worker01', 'worker02'].entries()) {
    const status = { addresses: [{ type: 'InternalIP', address: `192.168.50.${11 + i}` }] };
    network.apply({ kind: 'Node', metadata: { name }, spec: { podCIDRs: [`10.128.${2 * i + 2}.0/23`] }, status });
  }
  network.putOutsideHost({ name: 'db', addresses: ['192.168.50.60'] });
  network.setListener('outside/db', 'TCP', 80, '0.0.0.0', true);
  for (const [ns, team] of [
    ['shop', 'red'],
    ['data', 'blue'],
  ] as const)
    network.apply({ kind: 'Namespace', metadata: { name: ns, labels: { team } } });
  for (const [ns, name, ip] of [
    ['shop', 'web', '10.128.2.10'],
    ['shop', 'api', '10.128.2.11'],
    ['data', 'db', '10.128.4.10'],
  ] as const) {
    network.apply(pod(ns, name, { ip, labels: { app: name }, node: ns === 'shop' ? 'worker01' : 'worker02' }));
    network.setListener(`pod/${ns}/${name}`, 'TCP', 80, '0.0.0.0', true);
  }
  for (const object of objects) network.apply(object as { kind: string; metadata: { name: string } });
  return network;
}

const TO: Record<string, string> = {
  web: '10.128.2.10',
  api: '10.128.2.11',
  db: '10.128.4.10',
  outside: '192.168.50.60',
};

/** `shop/web>db` and so on: who reaches whom on TCP port 80, and by which policy. */
function connect(network: Network, text: string): string {
  const [from = '', to = ''] = text.split('>');
  const { verdict, policy } = path(network, { from: `pod/${from}`, to: TO[to] ?? '', port: 80, protocol: 'TCP' });
  return policy ? `${verdict} by ${policy}` : verdict;
}

const all = {};
const anp = (name: string, priority: number, action: string, extra: object = {}) => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  metadata: { name },
  spec: {
    priority,
    subject: { namespaces: all },
    ingress: [{ action, from: [{ namespaces: { matchLabels: { team: 'red' } } }], ...extra }],
  },
});
const banp = {
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'BaselineAdminNetworkPolicy',
  metadata: { name: 'default' },
  spec: { subject: { namespaces: all }, ingress: [{ action: 'Deny', from: [{ namespaces: all }] }] },
};
const np = (namespace: string, ingress: object[]) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'np', namespace },
  spec: { podSelector: {}, policyTypes: ['Ingress'], ingress },
});

describe('admin policies', () => {
  test.each<[string, Record<string, unknown>[], string]>([
    ['a denial beats NetworkPolicy', [anp('a', 5, 'Deny'), np('data', [{}])], 'dropped by AdminNetworkPolicy a'],
    ['an allowance beats NetworkPolicy', [anp('a', 5, 'Allow'), np('data', [])], 'delivered by AdminNetworkPolicy a'],
    ['the lower number comes first', [anp('a', 5, 'Deny'), anp('b', 1, 'Allow')], 'delivered by AdminNetworkPolicy b'],
    [
      'pass leaves it to NetworkPolicy',
      [anp('a', 1, 'Pass'), anp('b', 5, 'Allow'), np('data', [])],
      'dropped by NetworkPolicy data/np',
    ],
    ['the baseline is asked last', [banp], 'dropped by BaselineAdminNetworkPolicy default'],
    ['NetworkPolicy comes before the baseline', [banp, np('data', [{}])], 'delivered by NetworkPolicy data/np'],
    ['ports limit a rule', [anp('a', 5, 'Deny', { ports: [{ portRange: { start: 81, end: 90 } }] })], 'delivered'],
  ])('%s', (_name, objects, wanted) => expect(connect(shop('OVNKubernetes', objects), 'shop/web>db')).toBe(wanted));

  test('egress to networks and removal', () => {
    const policy = {
      ...anp('a', 1, 'Deny'),
      spec: {
        priority: 1,
        subject: { pods: { podSelector: all } },
        egress: [{ action: 'Deny', to: [{ networks: ['192.168.50.0/24'] }] }],
      },
    };
    const network = shop('OVNKubernetes', [policy]);
    expect(connect(network, 'shop/web>outside')).toBe('dropped by AdminNetworkPolicy a');
    network.remove(policy);
    expect(connect(network, 'shop/web>outside')).toBe('delivered');
  });
});

test('OVN-Kubernetes lets policies select traffic from nodes by the labels of openshift-host-network', () => {
  const group = { 'policy-group.network.openshift.io/host-network': '' };
  const network = shop('OVNKubernetes', [np('data', [{ from: [{ namespaceSelector: { matchLabels: group } }] }])]);
  const verdict = () => path(network, { from: 'node/worker01', to: '10.128.4.10', port: 80, protocol: 'TCP' }).verdict;
  expect(verdict()).toBe('dropped');
  network.apply({ kind: 'Namespace', metadata: { name: 'openshift-host-network', labels: group } });
  expect(verdict()).toBe('delivered');
  expect(connect(network, 'shop/web>db')).toBe('dropped by NetworkPolicy data/np');
});

test.each([
  ['OVNKubernetes', 'EgressFirewall', 'k8s.ovn.org/v1'],
  ['OpenShiftSDN', 'EgressNetworkPolicy', 'network.openshift.io/v1'],
] as const)('%s: an %s stops what leaves the cluster, not pods', (plugin, kind, apiVersion) => {
  const rules = [
    { type: 'Allow', to: { cidrSelector: '192.168.50.61/32' } },
    { type: 'Deny', to: { cidrSelector: '0.0.0.0/0' } },
  ];
  const metadata = { name: 'default', namespace: 'shop' };
  const network = shop(plugin, [{ apiVersion, kind, metadata, spec: { egress: rules } }]);
  expect(connect(network, 'shop/web>outside')).toBe(`dropped by ${kind} shop/default`);
  expect(connect(network, 'data/db>outside')).toBe('delivered');
  expect(connect(network, 'shop/web>db')).toBe('delivered');
});

test('an egress address replaces the node’s outside the cluster', () => {
  const egress = {
    apiVersion: 'k8s.ovn.org/v1',
    kind: 'EgressIP',
    metadata: { name: 'red' },
    spec: { egressIPs: ['192.168.50.70'], namespaceSelector: { matchLabels: { team: 'red' } } },
  };
  const source = (network: Network, from: string) =>
    path(network, { from, to: '192.168.50.60', port: 80, protocol: 'TCP' }).source.address;
  const network = shop('OVNKubernetes', [egress]);
  expect(source(network, 'pod/shop/web')).toBe('192.168.50.11');
  network.apply({ ...egress, status: { items: [{ node: 'worker02', egressIP: '192.168.50.70' }] } });
  expect(source(network, 'pod/shop/web')).toBe('192.168.50.70');
  expect(source(network, 'pod/data/db')).toBe('192.168.50.12');
});

describe('OpenShift SDN', () => {
  const net = (netname: string, netid: number) => ({
    apiVersion: 'network.openshift.io/v1',
    kind: 'NetNamespace',
    metadata: { name: netname },
    netname,
    netid,
  });
  test.each<[string, SdnMode, Record<string, unknown>[], string]>([
    [
      'projects are apart in Multitenant mode',
      'Multitenant',
      [net('shop', 11), net('data', 12)],
      'dropped by NetNamespace data',
    ],
    ['joined projects meet', 'Multitenant', [net('shop', 11), net('data', 11)], 'delivered'],
    ['a global project meets all', 'Multitenant', [net('shop', 0), net('data', 12)], 'delivered'],
    ['Multitenant mode knows no NetworkPolicy', 'Multitenant', [np('data', [])], 'delivered'],
    ['Subnet mode isolates nothing', 'Subnet', [np('data', []), net('shop', 11), net('data', 12)], 'delivered'],
    ['NetworkPolicy mode does', 'NetworkPolicy', [np('data', [])], 'dropped by NetworkPolicy data/np'],
  ])('%s', (_name, mode, objects, wanted) =>
    expect(connect(shop('OpenShiftSDN', objects, mode), 'shop/web>db')).toBe(wanted),
  );
});

describe('Calico', () => {
  const policy = (kind: string, name: string, spec: object, namespace?: string) => ({
    apiVersion: 'projectcalico.org/v3',
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}) },
    spec,
  });
  const rule = (action: string, selector: string) => ({
    action,
    protocol: 'TCP',
    source: { selector },
    destination: { ports: [80] },
  });
  test.each<[string, Record<string, unknown>[], string]>([
    [
      'a global denial',
      [policy('GlobalNetworkPolicy', 'g', { selector: "app == 'db'", ingress: [rule('Deny', "app == 'web'")] })],
      'dropped by GlobalNetworkPolicy g',
    ],
    [
      'what no rule matches is denied',
      [policy('GlobalNetworkPolicy', 'g', { selector: 'all()', ingress: [rule('Allow', "app == 'api'")] })],
      'dropped by GlobalNetworkPolicy g',
    ],
    [
      'the order counts',
      [
        policy('GlobalNetworkPolicy', 'late', { order: 20, selector: 'all()', ingress: [{ action: 'Deny' }] }),
        policy(
          'NetworkPolicy',
          'early',
          { order: 10, ingress: [{ action: 'Allow', source: { namespaceSelector: "team == 'red'" } }] },
          'data',
        ),
      ],
      'delivered by NetworkPolicy data/early',
    ],
    [
      'a namespaced selector means its own namespace',
      [policy('NetworkPolicy', 'n', { ingress: [rule('Allow', "app == 'web'")] }, 'data')],
      'dropped by NetworkPolicy data/n',
    ],
    [
      'Kubernetes’ policies stand at 1000',
      [np('data', [{}]), policy('GlobalNetworkPolicy', 'g', { order: 2000, ingress: [{ action: 'Deny' }] })],
      'delivered by NetworkPolicy data/np',
    ],
    [
      'egress',
      [
        policy('GlobalNetworkPolicy', 'g', {
          types: ['Egress'],
          egress: [{ action: 'Deny', destination: { nets: ['10.128.4.0/23'] } }],
        }),
      ],
      'dropped by GlobalNetworkPolicy g',
    ],
  ])('%s', (_name, objects, wanted) => expect(connect(shop('Calico', objects), 'shop/web>db')).toBe(wanted));

  test.each<[string, boolean]>([
    ["app == 'db'", true],
    ["app != 'db' || has(tier)", true],
    ['!has(tier)', false],
    ["app in {'a', \"db\"} && tier not in {'web'}", true],
    ["(app == 'x' || tier starts with 'ba') && !(app contains 'z')", true],
    ["tier ends with 'ck' && all()", true],
    ['global()', false],
  ])('selector %s', (text, wanted) => expect(compileCalicoSelector(text)({ app: 'db', tier: 'back' })).toBe(wanted));

  test.each(["app = 'db'", "app == 'db", 'has(app', "app == 'db' tier"])('selector %s is refused', (text) =>
    expect(() => compileCalicoSelector(text)).toThrow('invalid selector'),
  );
});

describe('Cilium', () => {
  const policy = (spec: object, kind = 'CiliumNetworkPolicy') => ({
    apiVersion: 'cilium.io/v2',
    kind,
    metadata: { name: 'c', ...(kind === 'CiliumNetworkPolicy' ? { namespace: 'data' } : {}) },
    spec: { endpointSelector: {}, ...spec },
  });
  const web = { matchLabels: { app: 'web', 'k8s:io.kubernetes.pod.namespace': 'shop' } };
  const toPorts = (port: string) => [{ ports: [{ port, protocol: 'TCP' }] }];
  test.each<[string, Record<string, unknown>[], string]>([
    [
      'an allowed endpoint',
      [policy({ ingress: [{ fromEndpoints: [web], toPorts: toPorts('80') }] })],
      'delivered by CiliumNetworkPolicy data/c',
    ],
    [
      'another port',
      [policy({ ingress: [{ fromEndpoints: [web], toPorts: toPorts('81') }] })],
      'dropped by CiliumNetworkPolicy data/c',
    ],
    [
      'an endpoint of the own namespace',
      [policy({ ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }] })],
      'dropped by CiliumNetworkPolicy data/c',
    ],
    [
      'a denial beats all',
      [np('data', [{}]), policy({ ingressDeny: [{ fromEntities: ['cluster'] }] })],
      'dropped by CiliumNetworkPolicy data/c',
    ],
    [
      'pods have no CIDR',
      [policy({ ingress: [{ fromCIDR: ['10.0.0.0/8'] }] })],
      'dropped by CiliumNetworkPolicy data/c',
    ],
    [
      'union with NetworkPolicy',
      [np('data', [{}]), policy({ ingress: [{ fromEntities: ['world'] }] })],
      'delivered by NetworkPolicy data/np',
    ],
    [
      'cluster-wide',
      [policy({ ingress: [{ fromEntities: ['all'] }] }, 'CiliumClusterwideNetworkPolicy')],
      'delivered by CiliumClusterwideNetworkPolicy c',
    ],
  ])('%s', (_name, objects, wanted) => expect(connect(shop('Cilium', objects), 'shop/web>db')).toBe(wanted));
});
