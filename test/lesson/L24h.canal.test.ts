// L24h: Canal: Flannel's network, Calico's policies.
import { testPlugin } from '../support/plugin';

testPlugin({
  plugin: 'Canal',
  clusterNetwork: { cidr: '10.244.0.0/16', hostPrefix: 24 },
  agent: 'kube-system canal',
  wrap: /VXLAN from .*8472/,
  enforces: true,
});
