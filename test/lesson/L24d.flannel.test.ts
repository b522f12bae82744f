// L24d: Flannel, which knows no policies.
import { testPlugin } from '../support/plugin';

testPlugin({
  plugin: 'Flannel',
  clusterNetwork: { cidr: '10.244.0.0/16', hostPrefix: 24 },
  agent: 'kube-flannel kube-flannel-ds',
  wrap: /VXLAN from .*8472/,
  enforces: false,
});
