// L24b: OpenShift SDN, the legacy plug-in.
import { testPlugin } from '../support/plugin';

testPlugin({
  plugin: 'OpenShiftSDN',
  clusterNetwork: { cidr: '10.128.0.0/14', hostPrefix: 23 },
  agent: 'openshift-sdn sdn',
  wrap: /VXLAN from .*4789/,
  enforces: true,
});
