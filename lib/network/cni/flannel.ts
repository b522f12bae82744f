// Flannel: a subnet a node, a Linux bridge, VXLAN between nodes, and no policy at all.
import { hostLocal } from './allocation';
import type { CniPlugin, NodeView, Route } from './contract';
import { bridgedLink, macOfName, onLink, veths } from './interfaces';
import { noPolicy } from './policy-features';

/** To each other node's subnet through its VXLAN device. */
export const flannelRoutes = ({ peers }: NodeView): Route[] =>
  peers.flatMap(({ subnets }) =>
    subnets.map((subnet) => ({ to: String(subnet), via: subnet.at(0), device: 'flannel.1', rest: 'onlink' })),
  );

export const flannelDevice = ({ name, subnets, mtu }: NodeView) => ({
  name: 'flannel.1',
  addresses: subnets.map((subnet) => `${subnet.at(0)}/32`),
  mtu,
  mac: macOfName(`${name} flannel.1`),
});

const cniConfiguration = {
  name: 'cbr0',
  cniVersion: '0.3.1',
  plugins: [
    { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

export const FLANNEL_IMAGE = 'ghcr.io/flannel-io/flannel:v0.26.1';

export const flannel: CniPlugin = {
  name: 'Flannel',
  title: 'Flannel',
  clusterNetwork: { cidr: '10.244.0.0/16', hostPrefix: 24 },
  encapsulation: { protocol: 'VXLAN', port: 8472, overhead: 50, device: 'flannel.1' },
  allocation: hostLocal,
  services: 'kube-proxy',
  policy: noPolicy,
  unheld: { sameNode: 'no-route', otherNode: 'no-route' }, // the kernel of the node that owns the subnet says so
  nodeOffset: 1,
  machineDevice: 'ens3',
  hairpin: 'node',
  bridge: 'cni0',
  installs: {
    components: [
      {
        namespace: 'kube-flannel',
        kind: 'DaemonSet',
        name: 'kube-flannel-ds',
        nodes: 'all',
        containers: ['kube-flannel'],
        labels: { app: 'flannel', 'k8s-app': 'flannel', tier: 'node' },
        images: { 'kube-flannel': FLANNEL_IMAGE },
      },
    ],
    configMaps: [
      {
        namespace: 'kube-flannel',
        name: 'kube-flannel-cfg',
        data: {
          'cni-conf.json': JSON.stringify(cniConfiguration, null, 2),
          'net-conf.json': JSON.stringify({ Network: '10.244.0.0/16', Backend: { Type: 'vxlan' } }, null, 2),
        },
      },
    ],
    resources: [],
  },
  netd: () => ({
    file: '10-flannel.conflist',
    config: cniConfiguration,
  }),
  routers: ({ subnets }, way) => {
    const bridge = subnets[0]?.at(1) ?? '';
    if (way.kind === 'same-node') return [];
    return way.kind === 'outside' ? [bridge] : [bridge, way.node.subnets[0]?.at(0) ?? ''];
  },
  podLink: bridgedLink,
  podRoutes: ({ address, subnet, clusterNetwork }) => {
    const via = subnet?.at(1) ?? '';
    return [
      { to: 'default', via, device: 'eth0' },
      ...clusterNetwork.map((cidr) => ({ to: String(cidr), via, device: 'eth0' })),
      ...(subnet ? [onLink(subnet, 'eth0', address)] : []),
    ];
  },
  nodeLinks: (node) => [
    flannelDevice(node),
    {
      name: 'cni0',
      addresses: node.subnets.map((subnet) => `${subnet.at(1)}/${subnet.prefix}`),
      mtu: node.mtu,
      mac: macOfName(`${node.name} cni0`),
    },
    ...veths(node, 'veth', { master: 'cni0' }),
  ],
  nodeRoutes: (node) => [...node.subnets.map((subnet) => onLink(subnet, 'cni0', subnet.at(1))), ...flannelRoutes(node)],
  policyTiers: () => [],
};
