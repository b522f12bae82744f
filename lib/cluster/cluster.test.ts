import { expect, test } from 'vitest';
import { findCondition } from './kinds';
import { deploymentOf, podOf, TestWorld } from './testing/world';

test('a new cluster has nodes, namespaces and the service of its API', async () => {
  const world = await TestWorld.start();
  const nodes = world.cluster.store.list('nodes');
  expect(nodes.map(({ metadata }) => metadata.name)).toEqual(['master01', 'worker01', 'worker02']);
  expect(world.get('services', 'kubernetes', 'default')?.['spec'].clusterIP).toBe('172.30.0.1');
  expect(world.list('serviceaccounts').map(({ metadata }) => metadata.name)).toEqual([
    'builder',
    'default',
    'deployer',
  ]);
  expect(world.bugs).toEqual([]);
});

test('a deployment gives pods on two workers that answer behind a service', async () => {
  const world = await TestWorld.start();
  world.create('deployments.apps', deploymentOf('web', 2, 'web'));
  world.create('services', {
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 8080, targetPort: 80 }] },
  });
  world.create('pods', podOf('client', 'sleep'));
  await world.advance(5000);
  expect(world.bugs).toEqual([]);
  const pods = world.pods().filter(({ metadata }) => metadata.labels?.['app'] === 'web');
  expect(pods.map(({ status }) => status?.phase)).toEqual(['Running', 'Running']);
  expect(pods.map(({ spec }) => spec.nodeName).sort()).toEqual(['worker01', 'worker02']);
  const deployment = world.get('deployments.apps', 'web');
  expect(deployment?.['status']).toMatchObject({
    replicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    updatedReplicas: 2,
  });
  const addresses = world.get('endpoints', 'web')?.['subsets'][0].addresses.map((a: { ip: string }) => a.ip);
  expect(addresses.sort()).toEqual(pods.map(({ status }) => status?.podIP).sort());
  const ip = world.get('services', 'web')?.['spec'].clusterIP;
  expect(pods.map(({ metadata }) => metadata.name)).toContain(await world.ask('client', ip, 8080));
  expect(world.bugs).toEqual([]);
});

test('a container that fails restarts at once, then backs off with the real words', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('bad', 'tools', { command: ['fail', '3'] }));
  await world.advance(600);
  const { status, metadata } = world.pod('bad');
  expect(status?.containerStatuses?.[0]).toMatchObject({
    restartCount: 1,
    state: {
      waiting: {
        reason: 'CrashLoopBackOff',
        message: `back-off 10s restarting failed container=main pod=bad_shop(${metadata.uid})`,
      },
    },
    lastState: { terminated: { exitCode: 3, reason: 'Error' } },
  });
  expect(world.log('bad')).toBe('it does not work\n');
  await world.advance(60_000);
  expect(world.pod('bad').status?.containerStatuses?.[0]?.restartCount).toBe(3);
  expect(world.events('bad')).toContain(
    `BackOff: Back-off restarting failed container main in pod bad_shop(${metadata.uid})`,
  );
});

test('an image that is not there is waited for', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('lost', 'nothing'));
  await world.advance(300);
  expect(world.pod('lost').status?.containerStatuses?.[0]?.state.waiting).toEqual({
    reason: 'ImagePullBackOff',
    message: 'Back-off pulling image "registry.test/nothing"',
  });
  expect(world.pod('lost').status?.phase).toBe('Pending');
});

test('a pod that cannot be placed says why', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('big', 'sleep', { resources: { requests: { cpu: '64' } } }));
  await world.advance(100);
  expect(findCondition(world.pod('big').status?.conditions, 'PodScheduled')?.message).toBe(
    '0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
  );
});

test('a deleted pod is replaced with another name and address; its service follows', async () => {
  const world = await TestWorld.start();
  world.create('deployments.apps', deploymentOf('web', 1, 'web'));
  world.create('services', { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
  await world.advance(1000);
  const before = world.pods()[0];
  world.cluster.client.delete('pods', 'shop', before?.metadata.name ?? '');
  await world.advance(10_000);
  const [after, ...more] = world.pods();
  expect(more).toEqual([]);
  expect(after?.metadata.name).not.toBe(before?.metadata.name);
  expect(after?.status?.podIP).not.toBe(before?.status?.podIP);
  expect(world.get('endpoints', 'web')?.['subsets'][0].addresses[0].ip).toBe(after?.status?.podIP);
  world.cluster.client.delete('deployments.apps', 'shop', 'web');
  await world.advance(10_000);
  expect(world.pods()).toEqual([]);
  expect(world.list('replicasets.apps')).toEqual([]);
  expect(world.get('endpoints', 'web')?.['subsets']).toBeUndefined();
});

test('a namespace goes with everything in it', async () => {
  const world = await TestWorld.start();
  world.create('deployments.apps', deploymentOf('web', 1, 'web'));
  await world.advance(1000);
  world.cluster.client.delete('namespaces', undefined, 'shop');
  await world.advance(20_000);
  expect(world.cluster.store.get('namespaces', undefined, 'shop')).toBeUndefined();
  expect(world.list('pods')).toEqual([]);
});

test('containers of a restored world sleep until they are called; a crash counts as a restart', async () => {
  const world = await TestWorld.start();
  world.create('deployments.apps', deploymentOf('web', 1, 'web'));
  world.create('pods', podOf('client', 'sleep'));
  await world.advance(1000);
  const web = world.pods().find(({ metadata }) => metadata.labels?.['app'] === 'web');
  const copy = await world.restored('fork');
  expect(copy.cluster.kubelet.find('shop', web?.metadata.name ?? '')?.containers[0]?.asleep).toBe(true);
  expect(await copy.ask('client', web?.status?.podIP ?? '', 80)).toBe(web?.metadata.name);
  expect(copy.pod(web?.metadata.name ?? '').status?.containerStatuses?.[0]?.restartCount).toBe(0);
  const crashed = await world.restored('crash');
  expect(crashed.pod(web?.metadata.name ?? '').status?.containerStatuses?.[0]?.restartCount).toBe(1);
  expect(await crashed.ask('client', web?.status?.podIP ?? '', 80)).toBe(web?.metadata.name);
  expect([...copy.bugs, ...crashed.bugs]).toEqual([]);
});

test('pods find services by name through the DNS pods, which start when they are asked', async () => {
  const world = await TestWorld.start();
  world.create('services', { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
  world.create('pods', podOf('client', 'sleep'));
  await world.advance(1000);
  const dns = world.list('pods', 'openshift-dns').filter(({ metadata }) => metadata.name.startsWith('dns-default'));
  expect(
    dns.map((pod) => world.cluster.kubelet.find('openshift-dns', pod.metadata.name)?.containers[0]?.asleep),
  ).toEqual([true, true, true]);
  const ip = world.get('services', 'web')?.['spec'].clusterIP;
  for (const name of ['web', 'web.shop', 'web.shop.svc.cluster.local'])
    expect(await world.resolve('client', name)).toBe(ip);
  expect(await world.resolve('client', 'nothing')).toBe('EAI_NONAME');
  const machine = await world.cluster.podMachine('shop', 'client');
  expect(machine?.text('/etc/resolv.conf')).toBe(
    'search shop.svc.cluster.local svc.cluster.local cluster.local ocp4.example.com\nnameserver 172.30.0.10\noptions ndots:5\n',
  );
  expect(world.bugs).toEqual([]);
});

test("the platform's pods are there, ready and as old as the cluster", async () => {
  const world = await TestWorld.start();
  const operator = world.get('deployments.apps', 'network-operator', 'openshift-network-operator');
  expect(operator?.['status']).toMatchObject({ replicas: 1, readyReplicas: 1, availableReplicas: 1 });
  expect(world.clock.now() - Date.parse(operator?.metadata.creationTimestamp ?? '')).toBeGreaterThan(40 * 86_400_000);
  const pods = world.cluster.store.list('pods').filter(({ metadata }) => metadata.namespace?.startsWith('openshift-'));
  expect(pods.length).toBeGreaterThan(10);
  expect(pods.every(({ status }) => status.phase === 'Running')).toBe(true);
});

test.each([
  ['plain Kubernetes', { profile: 'kubernetes' as const }],
  ['one node', { workers: 0 }],
  ['a bare control plane', { profile: 'kubernetes' as const, bare: true }],
])('starts as %s without a bug', async (_title, options) => {
  const world = await TestWorld.start(options);
  world.create('deployments.apps', deploymentOf('web', 1, 'web'));
  await world.advance(3000);
  const phases = world.cluster.store.list('pods').map(({ status }) => status.phase);
  expect(new Set(phases)).toEqual(new Set(['bare' in options ? 'Pending' : 'Running']));
  expect(world.bugs).toEqual([]);
});

test('an OpenShift cluster says how it was installed', async () => {
  const world = await TestWorld.start();
  const get = (resource: string, name = 'cluster') => world.cluster.store.get(resource, undefined, name);
  expect(get('networks.config.openshift.io')?.['status']).toMatchObject({
    networkType: 'OVNKubernetes',
    clusterNetworkMTU: 1400,
  });
  expect(
    get('clusteroperators.config.openshift.io', 'dns')?.['status'].conditions.map(
      (c: { type: string; status: string }) => `${c.type} ${c.status}`,
    ),
  ).toContain('Available True');
  expect(get('dnses.operator.openshift.io', 'default')?.['status'].clusterIP).toBe('172.30.0.10');
});
