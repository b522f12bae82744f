// Calico: blocks of 64 addresses that nodes claim as they need them, a host route a pod, VXLAN where nodes lie in different
// subnets, full NetworkPolicy and its own policies beside it.
import { CalicoPolicyTier } from '../policy/calico';
import { NetworkPolicyTier } from '../policy/network-policy';
import type { CniPlugin, Component, CustomResource } from './contract';
import { linkLocalGateway, macOfName, podHostRoutes, routedLink, veths } from './interfaces';
import { fullPolicy } from './policy-features';

const CALI_DIGITS = 11; // "cali" and eleven hexadecimal digits
/** Every one of them has the same hardware address: pods need only one to send to. */
export const CALI_VETH = { digits: CALI_DIGITS, mac: 'ee:ee:ee:ee:ee:ee' };

/** Calico's own kinds, as its own API group serves them. */
const own = (kind: string, plural: string, namespaced = false): CustomResource => ({
  group: 'crd.projectcalico.org',
  version: 'v1',
  kind,
  plural,
  namespaced,
});

export const calicoResources: readonly CustomResource[] = [
  own('IPPool', 'ippools'),
  own('FelixConfiguration', 'felixconfigurations'),
  own('BGPConfiguration', 'bgpconfigurations'),
  own('BGPPeer', 'bgppeers'),
  own('GlobalNetworkPolicy', 'globalnetworkpolicies'),
  own('NetworkPolicy', 'networkpolicies', true),
  own('GlobalNetworkSet', 'globalnetworksets'),
  own('NetworkSet', 'networksets', true),
  own('IPAMBlock', 'ipamblocks'),
  own('BlockAffinity', 'blockaffinities'),
  own('IPAMHandle', 'ipamhandles'),
  own('HostEndpoint', 'hostendpoints'),
  own('ClusterInformation', 'clusterinformations'),
];

/** What calico-apiserver serves: the kinds that users write, with kubectl. */
const served: readonly CustomResource[] = [
  ['NetworkPolicy', 'networkpolicies', true],
  ['GlobalNetworkPolicy', 'globalnetworkpolicies', false],
  ['NetworkSet', 'networksets', true],
  ['GlobalNetworkSet', 'globalnetworksets', false],
  ['IPPool', 'ippools', false],
  ['HostEndpoint', 'hostendpoints', false],
  ['BGPPeer', 'bgppeers', false],
  ['BGPConfiguration', 'bgpconfigurations', false],
  ['FelixConfiguration', 'felixconfigurations', false],
  ['ClusterInformation', 'clusterinformations', false],
].map(([kind, plural, namespaced]) => ({
  group: 'projectcalico.org',
  version: 'v3',
  kind: String(kind),
  plural: String(plural),
  namespaced: namespaced === true,
}));

export const calicoImages: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['calico-node', 'node'],
    ['calico-typha', 'typha'],
    ['calico-kube-controllers', 'kube-controllers'],
    ['calico-apiserver', 'apiserver'],
    ['calico-csi', 'csi'],
    ['csi-node-driver-registrar', 'node-driver-registrar'],
  ].map(([container, image]) => [container, `docker.io/calico/${image}:v3.29.1`]),
);

const system = (kind: Component['kind'], name: string, containers: string[], more: Partial<Component>): Component => ({
  namespace: 'calico-system',
  kind,
  name,
  containers,
  labels: { 'k8s-app': name, 'app.kubernetes.io/name': name },
  images: calicoImages,
  ...more,
});

export const calico: CniPlugin = {
  name: 'Calico',
  title: 'Calico',
  clusterNetwork: { cidr: '192.168.0.0/16', hostPrefix: 26 },
  encapsulation: { protocol: 'VXLAN', port: 4789, overhead: 50, device: 'vxlan.calico', crossSubnetOnly: true },
  allocation: {
    kind: 'blocks',
    reserved: [],
    broadcast: false,
    exhausted: (range) =>
      `failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No IPs available in pools: [${range}]`,
  },
  services: 'kube-proxy',
  policy: fullPolicy,
  unheld: { sameNode: 'dropped', otherNode: 'dropped' }, // each node has a blackhole route for its blocks
  nodeOffset: undefined,
  machineDevice: 'ens3',
  hairpin: 'node',
  bridge: 'the node’s routing table',
  installs: {
    components: [
      {
        namespace: 'tigera-operator',
        kind: 'Deployment',
        name: 'tigera-operator',
        containers: ['tigera-operator'],
        replicas: 1,
        labels: { name: 'tigera-operator', 'k8s-app': 'tigera-operator' },
        images: { 'tigera-operator': 'quay.io/tigera/operator:v1.36.2' },
      },
      system('DaemonSet', 'calico-node', ['calico-node'], { nodes: 'all' }),
      system('DaemonSet', 'csi-node-driver', ['calico-csi', 'csi-node-driver-registrar'], {
        nodes: 'all',
        podNetwork: true,
      }),
      system('Deployment', 'calico-typha', ['calico-typha'], { replicas: 2 }),
      system('Deployment', 'calico-kube-controllers', ['calico-kube-controllers'], { replicas: 1, podNetwork: true }),
      {
        namespace: 'calico-apiserver',
        kind: 'Deployment',
        name: 'calico-apiserver',
        containers: ['calico-apiserver'],
        replicas: 2,
        podNetwork: true,
        labels: { apiserver: 'true', 'k8s-app': 'calico-apiserver' },
        images: calicoImages,
      },
    ],
    configMaps: [],
    resources: [
      ...served,
      { group: 'operator.tigera.io', version: 'v1', kind: 'Installation', plural: 'installations' },
      {
        group: 'operator.tigera.io',
        version: 'v1',
        kind: 'TigeraStatus',
        plural: 'tigerastatuses',
        columns: [
          ['Available', 'string', ".status.conditions[?(@.type=='Available')].status"],
          ['Progressing', 'string', ".status.conditions[?(@.type=='Progressing')].status"],
          ['Degraded', 'string', ".status.conditions[?(@.type=='Degraded')].status"],
          ['Since', 'date', ".status.conditions[?(@.type=='Available')].lastTransitionTime"],
        ],
      },
      { group: 'operator.tigera.io', version: 'v1', kind: 'APIServer', plural: 'apiservers' },
      ...calicoResources,
    ],
  },
  netd: ({ mtu }) => ({
    file: '10-calico.conflist',
    config: {
      name: 'k8s-pod-network',
      cniVersion: '0.3.1',
      plugins: [
        { type: 'calico', datastore_type: 'kubernetes', mtu, ipam: { type: 'calico-ipam' }, policy: { type: 'k8s' } },
        { type: 'bandwidth', capabilities: { bandwidth: true } },
        { type: 'portmap', snat: true, capabilities: { portMappings: true } },
      ],
    },
  }),
  routers: ({ address }, way) => (way.kind === 'other-node' ? [address, way.node.address] : [address]),
  podLink: routedLink,
  podRoutes: () => [...linkLocalGateway],
  nodeLinks: (node) => [
    { name: 'vxlan.calico', addresses: [], mtu: node.mtu, mac: macOfName(`${node.name} vxlan.calico`) },
    ...veths(node, 'cali', CALI_VETH),
  ],
  nodeRoutes: (node) => [
    ...node.subnets.map((block) => ({ to: `blackhole ${block}`, device: '', rest: 'proto 80' })),
    ...podHostRoutes(node, 'cali', CALI_DIGITS),
    ...node.peers.flatMap(({ address, subnets }) =>
      subnets.map((block) => ({ to: String(block), via: address, device: 'ens3', rest: 'proto 80 onlink' })),
    ),
  ],
  policyTiers: (namespaceLabels) => [
    new CalicoPolicyTier(new NetworkPolicyTier(fullPolicy, namespaceLabels), namespaceLabels),
  ],
};
