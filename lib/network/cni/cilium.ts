// Cilium: eBPF in the kernel in place of bridges, iptables and kube-proxy; a /24 a node out of its cluster pool; its own
// policies beside NetworkPolicy.
import { CiliumPolicyTier } from '../policy/cilium';
import { NetworkPolicyTier } from '../policy/network-policy';
import type { CniPlugin, CustomResource } from './contract';
import { macOfName, routedLink, veths } from './interfaces';
import { fullPolicy } from './policy-features';

const namespace = 'kube-system';
/** Of devices: what the tunnel takes is written into the routes alone. cilium pkg/mtu: device MTU and route MTU. */
const DEVICE_MTU = 1500;
const own = (kind: string, plural: string, more: Partial<CustomResource> = {}): CustomResource => ({
  group: 'cilium.io',
  version: 'v2',
  kind,
  plural,
  ...more,
});

export const cilium: CniPlugin = {
  name: 'Cilium',
  title: 'Cilium',
  clusterNetwork: { cidr: '10.0.0.0/8', hostPrefix: 24 },
  encapsulation: { protocol: 'VXLAN', port: 8472, overhead: 50, device: 'cilium_vxlan' },
  allocation: {
    kind: 'node',
    reserved: [0, 1], // network, cilium_host
    broadcast: true,
    exhausted: () => 'range is full',
  },
  services: 'eBPF',
  policy: fullPolicy,
  unheld: { sameNode: 'dropped', otherNode: 'dropped' },
  nodeOffset: 1,
  machineDevice: 'ens3',
  hairpin: '10.0.0.1',
  bridge: 'cilium_host',
  installs: {
    components: [
      {
        namespace,
        kind: 'DaemonSet',
        name: 'cilium',
        nodes: 'all',
        containers: ['cilium-agent'],
        labels: {
          'k8s-app': 'cilium',
          'app.kubernetes.io/name': 'cilium-agent',
          'app.kubernetes.io/part-of': 'cilium',
        },
        images: { 'cilium-agent': 'quay.io/cilium/cilium:v1.16.5' },
      },
      {
        namespace,
        kind: 'DaemonSet',
        name: 'cilium-envoy',
        nodes: 'all',
        containers: ['cilium-envoy'],
        labels: { 'k8s-app': 'cilium-envoy', 'app.kubernetes.io/part-of': 'cilium' },
        images: { 'cilium-envoy': 'quay.io/cilium/cilium-envoy:v1.30.8' },
      },
      {
        namespace,
        kind: 'Deployment',
        name: 'cilium-operator',
        containers: ['cilium-operator'],
        replicas: 2,
        labels: { name: 'cilium-operator', 'io.cilium/app': 'operator' },
        images: { 'cilium-operator': 'quay.io/cilium/operator-generic:v1.16.5' },
      },
    ],
    configMaps: [
      {
        namespace,
        name: 'cilium-config',
        data: {
          'cluster-pool-ipv4-cidr': '10.0.0.0/8',
          'cluster-pool-ipv4-mask-size': '24',
          'enable-ipv4': 'true',
          ipam: 'cluster-pool',
          'kube-proxy-replacement': 'true',
          'routing-mode': 'tunnel',
          'tunnel-protocol': 'vxlan',
        },
      },
    ],
    resources: [
      own('CiliumEndpoint', 'ciliumendpoints', {
        namespaced: true,
        shortNames: ['cep', 'ciliumep'],
        columns: [
          ['Security Identity', 'integer', '.status.identity.id'],
          ['Endpoint State', 'string', '.status.state'],
          ['IPv4', 'string', '.status.networking.addressing[0].ipv4'],
          ['IPv6', 'string', '.status.networking.addressing[0].ipv6'],
        ],
      }),
      own('CiliumIdentity', 'ciliumidentities', { shortNames: ['ciliumid'] }),
      own('CiliumNode', 'ciliumnodes', {
        shortNames: ['cn', 'ciliumn'],
        columns: [
          ['CiliumInternalIP', 'string', ".spec.addresses[?(@.type=='CiliumInternalIP')].ip"],
          ['InternalIP', 'string', ".spec.addresses[?(@.type=='InternalIP')].ip"],
          ['Age', 'date', '.metadata.creationTimestamp'],
        ],
      }),
      own('CiliumNetworkPolicy', 'ciliumnetworkpolicies', { namespaced: true, shortNames: ['cnp', 'ciliumnp'] }),
      own('CiliumClusterwideNetworkPolicy', 'ciliumclusterwidenetworkpolicies', { shortNames: ['ccnp'] }),
      own('CiliumLoadBalancerIPPool', 'ciliumloadbalancerippools', { version: 'v2alpha1', shortNames: ['lbippool'] }),
    ],
  },
  netd: () => ({
    file: '05-cilium.conflist',
    config: {
      cniVersion: '0.3.1',
      name: 'cilium',
      plugins: [{ type: 'cilium-cni', 'enable-debug': false, 'log-file': '/var/run/cilium/cilium-cni.log' }],
    },
  }),
  routers: ({ subnets }, way) => {
    const router = subnets[0]?.at(1) ?? '';
    return way.kind === 'other-node' ? [router, way.node.subnets[0]?.at(1) ?? ''] : [router];
  },
  podLink: (pod) => routedLink({ ...pod, mtu: DEVICE_MTU }),
  podRoutes: ({ subnet, mtu }) => {
    const router = subnet?.at(1) ?? '';
    return [
      { to: 'default', via: router, device: 'eth0', rest: `mtu ${mtu}` },
      { to: router, device: 'eth0', rest: 'scope link' },
    ];
  },
  nodeLinks: (node) => [
    {
      name: 'cilium_net',
      addresses: [],
      mtu: DEVICE_MTU,
      peer: 'cilium_host',
      mac: macOfName(`${node.name} cilium_net`),
    },
    {
      name: 'cilium_host',
      addresses: node.subnets.map((subnet) => `${subnet.at(1)}/32`),
      mtu: DEVICE_MTU,
      peer: 'cilium_net',
      mac: macOfName(`${node.name} cilium_host`),
    },
    { name: 'cilium_vxlan', addresses: [], mtu: DEVICE_MTU, mac: macOfName(`${node.name} cilium_vxlan`) },
    ...veths({ ...node, mtu: DEVICE_MTU }, 'lxc', { digits: 12 }),
  ],
  nodeRoutes: ({ subnets, peers, mtu }) => {
    const router = subnets[0]?.at(1) ?? '';
    const src = `proto kernel src ${router}`;
    return [
      ...peers.flatMap((peer) =>
        peer.subnets.map((to) => ({ to: String(to), via: router, device: 'cilium_host', rest: `${src} mtu ${mtu}` })),
      ),
      ...subnets.map((to) => ({ to: String(to), via: router, device: 'cilium_host', rest: src })),
      { to: router, device: 'cilium_host', rest: 'proto kernel scope link' },
    ];
  },
  policyTiers: (namespaceLabels) => [
    new CiliumPolicyTier(new NetworkPolicyTier(fullPolicy, namespaceLabels), namespaceLabels),
  ],
};
