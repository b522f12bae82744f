// What the network operator refuses, and in which words.
import { describe, expect, test } from 'vitest';
import { type NetworkConfig, refusal, unsafeChanges, validateNetworkConfig } from './cluster-config';

const ovn: NetworkConfig = {
  clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }],
  serviceNetwork: ['172.30.0.0/16'],
  defaultNetwork: { type: 'OVNKubernetes', ovnKubernetesConfig: { mtu: 1400, genevePort: 6081 } },
};
const sdn: NetworkConfig = {
  ...ovn,
  defaultNetwork: { type: 'OpenShiftSDN', openshiftSDNConfig: { mode: 'NetworkPolicy', mtu: 1450 } },
};
const network = (cidr: string, hostPrefix = 23) => ({ clusterNetwork: [{ cidr, hostPrefix }] });
const ovnConfig = (ovnKubernetesConfig: object) => ({ defaultNetwork: { type: 'OVNKubernetes', ovnKubernetesConfig } });

describe('validation', () => {
  test('the default is valid', () =>
    expect([...validateNetworkConfig(ovn), ...validateNetworkConfig(sdn)]).toEqual([]));

  test.each<[Partial<NetworkConfig>, string]>([
    [{ clusterNetwork: [] }, 'spec.clusterNetwork must have at least 1 entry'],
    [{ serviceNetwork: [] }, 'spec.serviceNetwork must have at least 1 entry'],
    [network('10.128.0.0'), 'could not parse spec.clusterNetwork 10.128.0.0'],
    [
      { serviceNetwork: ['172.30.0.0/33'] },
      'could not parse spec.serviceNetwork 172.30.0.0/33: invalid CIDR address: 172.30.0.0/33',
    ],
    [network('10.128.0.0/14', 13), 'hostPrefix 13 is larger than its cidr 10.128.0.0/14'],
    [network('10.128.0.0/14', 31), 'hostPrefix 31 is too small, must be a /30 or larger'],
    [network('172.30.0.0/14'), 'Whole or subset of ClusterNetwork CIDR 172.30.0.0/14 is already in use'],
    [{ serviceNetwork: ['172.30.0.0/16', '172.31.0.0/16'] }, 'at most one IPv4 and one IPv6 network'],
    [{ serviceNetwork: ['fd02::/112'] }, 'must either both be IPv4-only, both be IPv6-only, or both be dual-stack'],
    [{ defaultNetwork: { type: '' } }, 'spec.networkType is required'],
    [ovnConfig({ mtu: 100 }), 'invalid MTU 100'],
    [ovnConfig({ genevePort: 65536 }), 'invalid GenevePort 65536'],
    [
      { defaultNetwork: { type: 'OpenShiftSDN', openshiftSDNConfig: { mode: 'Loose' } } },
      'invalid openshift-sdn mode "Loose"',
    ],
  ])('%j', (change, message) => expect(validateNetworkConfig({ ...ovn, ...change }).join('\n')).toContain(message));
});

describe('changes', () => {
  test.each<[NetworkConfig, Partial<NetworkConfig>, string]>([
    [ovn, { defaultNetwork: { type: 'OpenShiftSDN' } }, 'cannot change default network type when not doing migration'],
    [
      sdn,
      { defaultNetwork: { type: 'Calico' }, migration: { networkType: 'OVNKubernetes' } },
      'can only change default network type to the target migration network type',
    ],
    [ovn, { serviceNetwork: ['172.31.0.0/16'] }, 'unsupported change to ServiceNetwork'],
    [ovn, network('10.128.0.0/15'), 'reducing IP range with a larger CIDR mask for clusterNetwork CIDR is unsupported'],
    [ovn, network('10.132.0.0/14'), 'modifying IP network value for clusterNetwork CIDR is unsupported'],
    [ovn, network('10.128.0.0/14', 24), "modifying a clusterNetwork's hostPrefix value is unsupported"],
    [
      ovn,
      { clusterNetwork: [...ovn.clusterNetwork, { cidr: '10.132.0.0/14', hostPrefix: 23 }] },
      'adding/removing clusterNetwork entries of the same type is not supported',
    ],
    [
      sdn,
      network('10.128.0.0/13'),
      'network type is OpenShiftSDN. changing clusterNetwork entries is only supported for OVNKubernetes',
    ],
    [ovn, { disableMultiNetwork: true }, 'cannot change DisableMultiNetwork'],
    [ovn, ovnConfig({ mtu: 1300 }), 'cannot change ovn-kubernetes MTU without migration'],
    [ovn, ovnConfig({ mtu: 1400, genevePort: 6082 }), 'cannot change ovn-kubernetes genevePort'],
    [
      sdn,
      { defaultNetwork: { type: 'OpenShiftSDN', openshiftSDNConfig: { mode: 'Subnet', mtu: 1450 } } },
      'cannot change openshift-sdn mode',
    ],
    [
      ovn,
      { migration: { mtu: { network: { from: 1300, to: 1200 }, machine: { to: 1250 } } } },
      'invalid Migration.MTU.Network.From(1300) not equal to the currently applied MTU(1400), invalid Migration.MTU.Machine.To(1250), has to be at least 1300',
    ],
  ])('%#', (before, change, message) =>
    expect(unsafeChanges(before, { ...before, ...change }).join(', ')).toBe(message),
  );

  test.each<[NetworkConfig, Partial<NetworkConfig>]>([
    [ovn, network('10.128.0.0/13')],
    [
      ovn,
      {
        serviceNetwork: ['172.30.0.0/16', 'fd02::/112'],
        clusterNetwork: [...ovn.clusterNetwork, { cidr: 'fd01::/48', hostPrefix: 64 }],
      },
    ],
    [sdn, { defaultNetwork: { type: 'OVNKubernetes' }, migration: { networkType: 'OVNKubernetes' } }],
  ])('%# is allowed', (before, change) => expect(refusal(before, { ...before, ...change })).toBeUndefined());

  test('the condition', () =>
    expect(refusal(ovn, { ...ovn, serviceNetwork: ['172.31.0.0/16'] })).toEqual({
      reason: 'InvalidOperatorConfig',
      message:
        "Not applying unsafe configuration change: invalid configuration: [unsupported change to ServiceNetwork]. Use 'oc edit network.operator.openshift.io cluster' to undo the change.",
    }));
});
