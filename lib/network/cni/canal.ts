// Canal: Flannel's network with Calico's policy.
import { CalicoPolicyTier } from '../policy/calico';
import { NetworkPolicyTier } from '../policy/network-policy';
import { hostLocal } from './allocation';
import { CALI_VETH, calicoImages, calicoResources } from './calico';
import type { CniPlugin } from './contract';
import { FLANNEL_IMAGE, flannelDevice, flannelRoutes } from './flannel';
import { linkLocalGateway, podHostRoutes, routedLink, veths } from './interfaces';
import { fullPolicy } from './policy-features';

const namespace = 'kube-system';

export const canal: CniPlugin = {
  name: 'Canal',
  title: 'Canal',
  clusterNetwork: { cidr: '10.244.0.0/16', hostPrefix: 24 },
  encapsulation: { protocol: 'VXLAN', port: 8472, overhead: 50, device: 'flannel.1' },
  allocation: hostLocal,
  services: 'kube-proxy',
  policy: fullPolicy,
  unheld: { sameNode: 'no-route', otherNode: 'no-route' },
  nodeOffset: undefined,
  machineDevice: 'ens3',
  hairpin: 'node',
  bridge: 'the node’s routing table',
  installs: {
    components: [
      {
        namespace,
        kind: 'DaemonSet',
        name: 'canal',
        nodes: 'all',
        containers: ['calico-node', 'kube-flannel'],
        labels: { 'k8s-app': 'canal' },
        images: { ...calicoImages, 'kube-flannel': FLANNEL_IMAGE },
      },
      {
        namespace,
        kind: 'Deployment',
        name: 'calico-kube-controllers',
        containers: ['calico-kube-controllers'],
        replicas: 1,
        podNetwork: true,
        labels: { 'k8s-app': 'calico-kube-controllers' },
        images: calicoImages,
      },
    ],
    configMaps: [
      {
        namespace,
        name: 'canal-config',
        data: {
          'net-conf.json': JSON.stringify({ Network: '10.244.0.0/16', Backend: { Type: 'vxlan' } }, null, 2),
          masquerade: 'true',
        },
      },
    ],
    resources: calicoResources,
  },
  netd: ({ mtu, subnet }) => ({
    file: '10-canal.conflist',
    config: {
      name: 'k8s-pod-network',
      cniVersion: '0.3.1',
      plugins: [
        {
          type: 'calico',
          datastore_type: 'kubernetes',
          mtu,
          ipam: { type: 'host-local', subnet: subnet ? String(subnet) : 'usePodCidr' },
          policy: { type: 'k8s' },
        },
        { type: 'portmap', snat: true, capabilities: { portMappings: true } },
      ],
    },
  }),
  routers: ({ address }, way) => (way.kind === 'other-node' ? [address, way.node.subnets[0]?.at(0) ?? ''] : [address]),
  podLink: routedLink,
  podRoutes: () => [...linkLocalGateway],
  nodeLinks: (node) => [flannelDevice(node), ...veths(node, 'cali', CALI_VETH)],
  nodeRoutes: (node) => [...podHostRoutes(node, 'cali', CALI_VETH.digits), ...flannelRoutes(node)],
  policyTiers: (namespaceLabels) => [
    new CalicoPolicyTier(new NetworkPolicyTier(fullPolicy, namespaceLabels), namespaceLabels),
  ],
};
