// Weave Net (archived in 2024): one address space that the nodes share out among themselves, VXLAN-like packets, and its own
// policy controller.
import { NetworkPolicyTier } from '../policy/network-policy';
import type { CniPlugin } from './contract';
import { bridgedLink, macOfName, onLink, veths } from './interfaces';
import { fullPolicy } from './policy-features';

const MTU_OVERHEAD = 124; // its default MTU is 1376
const policy = { ...fullPolicy, namedPorts: false, endPort: false, sctp: false };

export const weaveNet: CniPlugin = {
  name: 'WeaveNet',
  title: 'Weave Net',
  clusterNetwork: { cidr: '10.32.0.0/12', hostPrefix: 12 },
  encapsulation: { protocol: 'VXLAN (fast datapath)', port: 6784, overhead: MTU_OVERHEAD, device: 'vxlan-6784' },
  allocation: {
    kind: 'ring',
    reserved: [0],
    broadcast: true,
    exhausted: () => 'No free IPs available', // weave/ipam
  },
  services: 'kube-proxy',
  policy,
  unheld: { sameNode: 'no-route', otherNode: 'no-route' }, // one Ethernet segment: nobody answers the ARP request
  nodeOffset: undefined,
  machineDevice: 'ens3',
  hairpin: 'node',
  bridge: 'weave',
  installs: {
    components: [
      {
        namespace: 'kube-system',
        kind: 'DaemonSet',
        name: 'weave-net',
        nodes: 'all',
        containers: ['weave', 'weave-npc'],
        labels: { name: 'weave-net' },
        images: {
          weave: 'docker.io/weaveworks/weave-kube:2.8.1',
          'weave-npc': 'docker.io/weaveworks/weave-npc:2.8.1',
        },
      },
    ],
    configMaps: [{ namespace: 'kube-system', name: 'weave-net', data: {} }],
    resources: [],
  },
  netd: () => ({
    file: '10-weave.conflist',
    config: {
      cniVersion: '0.3.0',
      name: 'weave',
      plugins: [
        { name: 'weave', type: 'weave-net', hairpinMode: true },
        { type: 'portmap', capabilities: { portMappings: true }, snat: true },
      ],
    },
  }),
  routers: ({ address }, way) => (way.kind === 'outside' ? [address] : []), // one flat segment
  podLink: (pod) => ({ ...bridgedLink({ ...pod, subnet: pod.clusterNetwork[0] }), mac: macOfName(pod.id) }),
  podRoutes: ({ address, clusterNetwork: [network] }) =>
    network ? [{ to: 'default', via: network.at(1), device: 'eth0' }, onLink(network, 'eth0', address)] : [],
  nodeLinks: (node) => [
    { name: 'datapath', addresses: [], mtu: node.mtu },
    { name: 'weave', addresses: [], mtu: node.mtu, mac: macOfName(`${node.name} weave`) },
    { name: 'vxlan-6784', addresses: [], mtu: 65535 },
    ...veths(node, 'vethwepl', { digits: 7, master: 'weave' }),
  ],
  nodeRoutes: ({ clusterNetwork }) =>
    clusterNetwork.map((network) => ({ to: String(network), device: 'weave', rest: 'proto kernel scope link' })),
  policyTiers: (namespaceLabels) => [new NetworkPolicyTier(policy, namespaceLabels)],
};
