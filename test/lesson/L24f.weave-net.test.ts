// L24f: Weave Net.
import { testPlugin } from '../support/plugin';

testPlugin({
  plugin: 'WeaveNet',
  clusterNetwork: { cidr: '10.32.0.0/12', hostPrefix: 24 },
  agent: 'kube-system weave-net',
  wrap: /VXLAN \(fast datapath\) from .*6784/,
  enforces: true,
});
