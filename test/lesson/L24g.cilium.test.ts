// L24g: Cilium.
import { testPlugin } from '../support/plugin';

testPlugin({
  plugin: 'Cilium',
  clusterNetwork: { cidr: '10.0.0.0/8', hostPrefix: 24 },
  agent: 'kube-system cilium',
  wrap: /VXLAN from .*8472/,
  enforces: true,
});
