// OVN-Kubernetes, OpenShift's default: a logical switch a node, Geneve between them, load balancers in OVN, no kube-proxy.
import { NetworkPolicyTier } from '../policy/network-policy';
import type { CniPlugin } from './contract';

const policy = {
  enforced: true,
  egress: true,
  ipBlock: true,
  ipBlockExcept: true,
  namedPorts: true,
  endPort: true,
  sctp: true,
  admin: true,
};

export const ovnKubernetes: CniPlugin = {
  name: 'OVNKubernetes',
  title: 'OVN-Kubernetes',
  clusterNetwork: { cidr: '10.128.0.0/14', hostPrefix: 23 },
  encapsulation: { protocol: 'Geneve', port: 6081, overhead: 100 },
  allocation: {
    kind: 'node',
    reserved: [0, 1, 2], // network, the switch's router port, ovn-k8s-mp0
    broadcast: true,
    exhausted: () => 'subnet address pool exhausted',
  },
  services: 'OVN load balancer',
  policy,
  // An address of the own switch is asked for by ARP and not answered; the other node's router drops in silence.
  unheld: { sameNode: 'no-route', otherNode: 'dropped' },
  nodeOffset: 2,
  bridge: 'br-int',
  policyTiers: (namespaceLabels) => [new NetworkPolicyTier(policy, namespaceLabels)],
};
