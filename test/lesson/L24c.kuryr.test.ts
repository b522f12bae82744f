// L24c: Kuryr, on OpenStack.
import { testPlugin } from '../support/plugin';

testPlugin({
  plugin: 'Kuryr',
  clusterNetwork: { cidr: '10.128.0.0/14', hostPrefix: 23 },
  agent: 'openshift-kuryr kuryr-cni',
  wrap: /encapsulation .* none: Kuryr leaves it/,
  enforces: true,
});
