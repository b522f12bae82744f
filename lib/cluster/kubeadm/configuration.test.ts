// What kubeadm leaves in a new cluster's API.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { TestWorld } from '../testing/world';

test('a cluster of kubeadm says how it was made, and who leads', async () => {
  const world = await TestWorld.start({ profile: 'kubernetes' });
  const data = (namespace: string, name: string, key: string) =>
    parse(world.get('configmaps', name, namespace)?.['data'][key]);
  expect(data('kube-system', 'kubeadm-config', 'ClusterConfiguration')).toMatchObject({
    kind: 'ClusterConfiguration',
    kubernetesVersion: 'v1.31.6',
    networking: { podSubnet: '10.8.0.0/14', serviceSubnet: '172.30.0.0/16' },
  });
  expect(data('kube-system', 'kubelet-config', 'kubelet').clusterDNS).toEqual(['172.30.0.10']);
  const { clusters } = data('kube-public', 'cluster-info', 'kubeconfig');
  const ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString();
  expect(ca).toBe(world.get('configmaps', 'kube-root-ca.crt', 'default')?.['data']['ca.crt']);
  const leases = world.list('leases.coordination.k8s.io', 'kube-system');
  expect(leases.map(({ metadata }) => metadata.name)).toEqual(['kube-controller-manager', 'kube-scheduler']);
  expect(leases[0]?.['spec'].holderIdentity).toMatch(/^controlplane_[\da-f-]{36}$/);
});

test('OpenShift has none of it', async () => {
  const world = await TestWorld.start();
  expect(world.get('configmaps', 'kubeadm-config', 'kube-system')).toBeUndefined();
});
