// Kuryr, for OpenShift on OpenStack, last installable with 4.14: Neutron networks, a subnet a namespace, Octavia in front of
// services, security groups for policy.
import { NetworkPolicyTier } from '../policy/network-policy';
import type { CniPlugin, CustomResource } from './contract';
import { bridgedLink, onLink, veths } from './interfaces';
import { fullPolicy } from './policy-features';

const namespace = 'openshift-kuryr';
const resource = (kind: string, plural: string, columns: CustomResource['columns'] = []): CustomResource => ({
  group: 'openstack.org',
  version: 'v1',
  kind,
  plural,
  namespaced: true,
  ...(columns.length > 0 ? { columns } : {}),
});

export const kuryr: CniPlugin = {
  name: 'Kuryr',
  title: 'Kuryr',
  lastRelease: '4.14',
  clusterNetwork: { cidr: '10.128.0.0/14', hostPrefix: 23 },
  encapsulation: undefined, // Neutron's business: pods sit on trunk ports of their virtual machine
  allocation: {
    kind: 'namespace',
    reserved: [0, 1, 2], // network, router, DHCP
    broadcast: true,
    exhausted: (range) => `No more IP addresses available on network ${range}.`,
  },
  services: 'Octavia',
  policy: { ...fullPolicy, sctp: false },
  unheld: { sameNode: 'no-route', otherNode: 'dropped' },
  nodeOffset: undefined,
  machineDevice: 'ens3',
  hairpin: 'node',
  bridge: 'the Neutron router',
  installs: {
    components: [
      {
        namespace,
        kind: 'DaemonSet',
        name: 'kuryr-cni',
        nodes: 'all',
        containers: ['kuryr-cni'],
        labels: { app: 'kuryr-cni' },
      },
      { namespace, kind: 'Deployment', name: 'kuryr-controller', containers: ['controller'], replicas: 1 },
    ],
    configMaps: [{ namespace, name: 'kuryr-config', data: {} }],
    resources: [
      resource('KuryrNetwork', 'kuryrnetworks', [
        ['SUBNET-CIDR', 'string', '.status.subnetCIDR'],
        ['Age', 'date', '.metadata.creationTimestamp'],
      ]),
      resource('KuryrPort', 'kuryrports'),
      resource('KuryrNetworkPolicy', 'kuryrnetworkpolicies'),
      resource('KuryrLoadBalancer', 'kuryrloadbalancers'),
    ],
  },
  netd: () => ({
    file: '10-kuryr.conflist',
    config: {
      cniVersion: '0.3.1',
      name: 'kuryr',
      plugins: [{ type: 'kuryr-cni', kuryr_conf: '/etc/kuryr/kuryr.conf' }],
    },
  }),
  routers: ({ subnets }, way) => (way.kind === 'outside' ? [subnets[0]?.at(1) ?? ''] : []),
  podLink: bridgedLink,
  podRoutes: ({ address, subnet }) => [
    { to: 'default', via: subnet?.at(1) ?? '', device: 'eth0' },
    ...(subnet ? [onLink(subnet, 'eth0', address)] : []),
  ],
  nodeLinks: (node) => veths(node, 'tap'),
  nodeRoutes: () => [],
  policyTiers: (namespaceLabels) => [new NetworkPolicyTier({ ...fullPolicy, sctp: false }, namespaceLabels)],
};
