// `npm run cluster`: one cluster alone, served to a real kubectl over HTTPS, ended by SIGTERM.
import { expect, test } from 'vitest';
import { ClusterCommand } from './support/cluster-command';

test('a real kubectl reads its nodes and creates in it', async () => {
  const cluster = await ClusterCommand.start();
  try {
    expect(cluster.kubectl('get', 'nodes', '-o', 'name')).toBe('node/master01\nnode/worker01\nnode/worker02\n');
    expect(cluster.kubectl('create', 'configmap', 'kept', '--from-literal', 'a=b')).toBe('configmap/kept created\n');
    expect(cluster.kubectl('get', '-n', 'openshift-network-operator', 'deployment/network-operator')).toMatch(
      /network-operator +1\/1 +1 +1 +41d/,
    );
    expect(await cluster.end()).toBe(0);
  } finally {
    await cluster.stop();
  }
});
