// L24e: Calico.
import { testPlugin } from '../support/plugin';

testPlugin({
  plugin: 'Calico',
  clusterNetwork: { cidr: '192.168.128.0/17', hostPrefix: 26 },
  agent: 'calico-system calico-node',
  wrap: /none: both nodes are in one subnet \(VXLAN only across subnets\)/,
  enforces: true,
});
