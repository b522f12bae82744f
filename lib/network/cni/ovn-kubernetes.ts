// OVN-Kubernetes, OpenShift's default: a logical switch a node, Geneve between them, load balancers in OVN, no kube-proxy.
import { AdminPolicyTier, BaselinePolicyTier } from '../policy/admin-policy';
import { EgressFirewallTier } from '../policy/egress-firewall';
import { NetworkPolicyTier } from '../policy/network-policy';
import type { CniPlugin, CustomResource } from './contract';
import { bridgedLink, macOfAddress, macOfName, onLink, veths } from './interfaces';
import { fullPolicy } from './policy-features';
import { egressRules, open } from './schemas';

const policy = { ...fullPolicy, admin: true };
const JOIN = '100.64.0.0/16'; // between the nodes' gateway routers and the cluster router
const MASQUERADE = '169.254.0.0/17'; // of clusters installed with 4.17 or later
const HAIRPIN = '169.254.0.5';
const namespace = 'openshift-ovn-kubernetes';
const HOST_NAMESPACE = 'openshift-host-network'; // its labels stand for traffic from the nodes themselves

const own = (kind: string, plural: string, more: Partial<CustomResource> = {}): CustomResource => ({
  group: 'k8s.ovn.org',
  version: 'v1',
  kind,
  plural,
  ...more,
});

export const ovnKubernetes: CniPlugin = {
  name: 'OVNKubernetes',
  title: 'OVN-Kubernetes',
  clusterNetwork: { cidr: '10.128.0.0/14', hostPrefix: 23 },
  encapsulation: { protocol: 'Geneve', port: 6081, overhead: 100, device: 'genev_sys_6081' },
  allocation: {
    kind: 'node',
    reserved: [0, 1, 2], // network, the switch's router port, ovn-k8s-mp0
    broadcast: true,
    subnetIn: 'k8s.ovn.org/node-subnets',
    exhausted: () => 'subnet address pool exhausted',
  },
  services: 'OVN load balancer',
  policy,
  // An address of the own switch is asked for by ARP and not answered; the other node's router drops in silence.
  unheld: { sameNode: 'no-route', otherNode: 'dropped' },
  nodeOffset: 2,
  machineDevice: 'br-ex',
  hairpin: HAIRPIN,
  bridge: 'br-int',
  installs: {
    upstreamNamespace: 'ovn-kubernetes',
    components: [
      {
        namespace,
        kind: 'DaemonSet',
        name: 'ovnkube-node',
        nodes: 'all',
        containers: [
          'ovn-controller',
          'ovn-acl-logging',
          'kube-rbac-proxy-node',
          'kube-rbac-proxy-ovn-metrics',
          'northd',
          'nbdb',
          'sbdb',
          'ovnkube-controller',
        ],
      },
      {
        namespace,
        kind: 'Deployment',
        name: 'ovnkube-control-plane',
        containers: ['kube-rbac-proxy', 'ovnkube-cluster-manager'],
        replicas: 2,
      },
    ],
    configMaps: [{ namespace, name: 'ovnkube-config', data: { 'ovnkube.conf': '[default]\nmtu="1400"\n' } }],
    resources: [
      own('EgressFirewall', 'egressfirewalls', {
        namespaced: true,
        named: '^default$',
        columns: [['EgressFirewall Status', 'string', '.status.status']],
        spec: egressRules('egress'),
      }),
      own('EgressIP', 'egressips', {
        shortNames: ['eip'],
        columns: [
          ['EgressIPs', 'string', '.spec.egressIPs[*]'],
          ['Assigned Node', 'string', '.status.items[*].node'],
          ['Assigned EgressIPs', 'string', '.status.items[*].egressIP'],
        ],
        spec: {
          type: 'object',
          required: ['egressIPs', 'namespaceSelector'],
          properties: {
            egressIPs: { type: 'array', items: { type: 'string' } },
            namespaceSelector: open,
            podSelector: open,
          },
        },
      }),
      own('EgressQoS', 'egressqoses', { namespaced: true }),
      own('EgressService', 'egressservices', { namespaced: true }),
      own('AdminPolicyBasedExternalRoute', 'adminpolicybasedexternalroutes', { shortNames: ['apbexternalroute'] }),
      {
        group: 'policy.networking.k8s.io',
        version: 'v1alpha1',
        kind: 'AdminNetworkPolicy',
        plural: 'adminnetworkpolicies',
        shortNames: ['anp'],
      },
      {
        group: 'policy.networking.k8s.io',
        version: 'v1alpha1',
        kind: 'BaselineAdminNetworkPolicy',
        plural: 'baselineadminnetworkpolicies',
        shortNames: ['banp'],
      },
    ],
  },
  netd: () => ({
    file: '10-ovn-kubernetes.conf',
    config: {
      cniVersion: '0.4.0',
      name: 'ovn-kubernetes',
      type: 'ovn-k8s-cni-overlay',
      ipam: {},
      dns: {},
      logLevel: '5',
    },
  }),
  // The cluster router's port of the node's switch, then the transit switch (100.88) or the gateway router (100.64).
  routers: ({ subnets, number }, way) => {
    if (way.kind === 'same-node') return [];
    const router = subnets[0]?.at(1) ?? '';
    return [router, way.kind === 'outside' ? `100.64.0.${number + 1}` : `100.88.0.${way.node.number + 1}`];
  },
  podLink: bridgedLink,
  podRoutes: ({ address, subnet, clusterNetwork, serviceNetwork }) => {
    const via = subnet?.at(1) ?? '';
    const routed = [...clusterNetwork.map(String), JOIN, `${HAIRPIN}`, ...serviceNetwork.map(String)];
    return [
      { to: 'default', via, device: 'eth0' },
      ...routed.map((to) => ({ to, via, device: 'eth0' })),
      ...(subnet ? [onLink(subnet, 'eth0', address)] : []),
    ];
  },
  nodeLinks: (node) => [
    { name: 'ovs-system', addresses: [], mtu: 1500, down: true, mac: macOfName(`${node.name} ovs-system`) },
    { name: 'br-int', addresses: [], mtu: node.mtu, down: true, mac: macOfName(`${node.name} br-int`) },
    {
      name: 'genev_sys_6081',
      addresses: [],
      mtu: 65000,
      mac: macOfName(`${node.name} genev_sys_6081`),
      master: 'ovs-system',
    },
    {
      name: 'ovn-k8s-mp0',
      addresses: node.subnets.map((subnet) => `${subnet.at(2)}/${subnet.prefix}`),
      mtu: node.mtu,
      mac: macOfAddress(node.subnets[0]?.at(2) ?? ''),
    },
    ...veths(node, '', { digits: 15, master: 'ovs-system' }),
  ],
  nodeRoutes: ({ address, subnets, clusterNetwork, serviceNetwork }) => [
    ...subnets.flatMap((subnet) => [
      ...clusterNetwork
        .filter(({ family }) => family === subnet.family)
        .map((cidr) => ({ to: String(cidr), via: subnet.at(1), device: 'ovn-k8s-mp0' })),
      onLink(subnet, 'ovn-k8s-mp0', subnet.at(2)),
    ]),
    { to: MASQUERADE, device: 'br-ex', rest: 'proto kernel scope link src 169.254.0.2' },
    { to: '169.254.0.1', device: 'br-ex', rest: `src ${address}` },
    { to: '169.254.0.3', via: subnets[0]?.at(1) ?? '', device: 'ovn-k8s-mp0' },
    ...serviceNetwork.map((cidr) => ({ to: String(cidr), via: '169.254.0.4', device: 'br-ex', rest: 'mtu 1400' })),
  ],
  policyTiers: (namespaceLabels) => [
    new EgressFirewallTier('EgressFirewall', 'k8s.ovn.org'),
    new AdminPolicyTier(namespaceLabels),
    new NetworkPolicyTier(policy, namespaceLabels, HOST_NAMESPACE),
    new BaselinePolicyTier(namespaceLabels),
  ],
};
