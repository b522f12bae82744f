// L24a: OVN-Kubernetes, the default.
import { testPlugin } from '../support/plugin';

testPlugin({
  plugin: 'OVNKubernetes',
  clusterNetwork: { cidr: '10.128.0.0/14', hostPrefix: 23 },
  agent: 'openshift-ovn-kubernetes ovnkube-node',
  wrap: /Geneve from/,
  enforces: true,
});
