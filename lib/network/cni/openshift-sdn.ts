// OpenShift SDN, the default until 4.11 and last installable with 4.16: Open vSwitch, VXLAN, kube-proxy inside its daemon, and
// three modes of isolation.
import { EgressFirewallTier } from '../policy/egress-firewall';
import { MultitenantTier } from '../policy/multitenant';
import { NetworkPolicyTier } from '../policy/network-policy';
import type { CniPlugin, CustomResource } from './contract';
import { bridgedLink, macOfAddress, macOfName, onLink, veths } from './interfaces';
import { fullPolicy } from './policy-features';
import { egressRules } from './schemas';

const namespace = 'openshift-sdn';
const policy = { ...fullPolicy, endPort: false };
const resource = (kind: string, plural: string, more: Partial<CustomResource> = {}): CustomResource => ({
  group: 'network.openshift.io',
  version: 'v1',
  kind,
  plural,
  ...more,
});

export const openShiftSdn: CniPlugin = {
  name: 'OpenShiftSDN',
  title: 'OpenShift SDN',
  lastRelease: '4.16',
  clusterNetwork: { cidr: '10.128.0.0/14', hostPrefix: 23 },
  encapsulation: { protocol: 'VXLAN', port: 4789, overhead: 50, device: 'vxlan_sys_4789' },
  allocation: {
    kind: 'node',
    reserved: [0, 1], // network, tun0
    broadcast: true,
    exhausted: (range) =>
      `failed to allocate for range 0: no IP addresses available in range set: ${range.at(1)}-${range.at(range.size - 2n)}`,
  },
  services: 'kube-proxy',
  policy,
  unheld: { sameNode: 'no-route', otherNode: 'dropped' },
  nodeOffset: 1,
  machineDevice: 'ens3',
  hairpin: 'node',
  bridge: 'br0',
  installs: {
    components: [
      { namespace, kind: 'DaemonSet', name: 'sdn', nodes: 'all', containers: ['sdn', 'kube-rbac-proxy'] },
      {
        namespace,
        kind: 'DaemonSet',
        name: 'sdn-controller',
        nodes: 'control-plane',
        containers: ['sdn-controller', 'kube-rbac-proxy'],
      },
    ],
    configMaps: [{ namespace, name: 'sdn-config', data: {} }],
    resources: [
      resource('ClusterNetwork', 'clusternetworks', {
        columns: [
          ['Cluster Network', 'string', '.network'],
          ['Service Network', 'string', '.serviceNetwork'],
          ['Plugin Name', 'string', '.pluginName'],
        ],
      }),
      resource('HostSubnet', 'hostsubnets', {
        columns: [
          ['Host', 'string', '.host'],
          ['Host IP', 'string', '.hostIP'],
          ['Subnet', 'string', '.subnet'],
          ['Egress CIDRs', 'string', '.egressCIDRs'],
          ['Egress IPs', 'string', '.egressIPs'],
        ],
      }),
      resource('NetNamespace', 'netnamespaces', {
        columns: [
          ['NetID', 'integer', '.netid'],
          ['Egress IPs', 'string', '.egressIPs'],
        ],
      }),
      resource('EgressNetworkPolicy', 'egressnetworkpolicies', { namespaced: true, spec: egressRules('egress') }),
    ],
  },
  netd: () => ({
    file: '80-openshift-network.conf',
    config: { cniVersion: '0.3.1', name: 'openshift-sdn', type: 'openshift-sdn' },
  }),
  routers: ({ subnets }, way) => (way.kind === 'outside' ? [subnets[0]?.at(1) ?? ''] : []), // one flat switch
  podLink: bridgedLink,
  podRoutes: ({ address, subnet, clusterNetwork, serviceNetwork }) => {
    const via = subnet?.at(1) ?? '';
    return [
      { to: 'default', via, device: 'eth0' },
      ...clusterNetwork.map((cidr) => ({ to: String(cidr), device: 'eth0' })),
      ...(subnet ? [onLink(subnet, 'eth0', address)] : []),
      ...serviceNetwork.map((cidr) => ({ to: String(cidr), via, device: 'eth0' })),
      { to: '224.0.0.0/4', device: 'eth0' },
    ];
  },
  nodeLinks: (node) => [
    { name: 'ovs-system', addresses: [], mtu: 1500, down: true, mac: macOfName(`${node.name} ovs-system`) },
    { name: 'br0', addresses: [], mtu: node.mtu, down: true, mac: macOfName(`${node.name} br0`) },
    {
      name: 'vxlan_sys_4789',
      addresses: [],
      mtu: 65000,
      mac: macOfName(`${node.name} vxlan_sys_4789`),
      master: 'ovs-system',
    },
    {
      name: 'tun0',
      addresses: node.subnets.map((subnet) => `${subnet.at(1)}/${subnet.prefix}`),
      mtu: node.mtu,
      mac: macOfAddress(node.subnets[0]?.at(1) ?? ''),
    },
    ...veths(node, 'veth', { master: 'ovs-system' }),
  ],
  nodeRoutes: ({ clusterNetwork, serviceNetwork }) => [
    ...clusterNetwork.map((cidr) => ({ to: String(cidr), device: 'tun0', rest: 'scope link' })),
    ...serviceNetwork.map((cidr) => ({ to: String(cidr), device: 'tun0' })),
  ],
  policyTiers: (namespaceLabels, mode) => [
    new EgressFirewallTier('EgressNetworkPolicy', 'network.openshift.io'),
    ...(mode === 'Multitenant' ? [new MultitenantTier()] : []),
    ...(mode === 'NetworkPolicy' ? [new NetworkPolicyTier(policy, namespaceLabels)] : []),
  ],
};
