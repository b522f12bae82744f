// What becomes of nodes that go silent, of pods on tainted nodes, and of pods whose node is gone.
import { expect, it } from 'vitest';
import { findCondition, type Node, podReady } from '../kinds';
import { deploymentOf, podOf, TestWorld } from '../testing/world';

const node = (world: TestWorld, name: string) => world.cluster.store.get('nodes', undefined, name) as Node;
const taints = (world: TestWorld, name: string) =>
  (node(world, name).spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
const readyOf = (world: TestWorld, name: string) => findCondition(node(world, name).status?.conditions, 'Ready');
const nodeEvents = (world: TestWorld, name: string) =>
  world.cluster.store
    .list('events', 'default')
    .filter((event) => event['involvedObject'].name === name)
    .map((event) => `${event['reason']}: ${event['message']}`);

async function withPods(replicas: number): Promise<TestWorld> {
  const world = await TestWorld.start();
  world.create('deployments.apps', deploymentOf('web', replicas, 'web'));
  await world.advance(1000);
  return world;
}
const on = (world: TestWorld, name: string) => world.pods().filter(({ spec }) => spec.nodeName === name);

it('renews a lease for each node', async () => {
  const world = await TestWorld.start();
  const lease = () => world.get('leases.coordination.k8s.io', 'worker01', 'kube-node-lease');
  const first = lease()?.['spec'];
  expect(first).toMatchObject({ holderIdentity: 'worker01', leaseDurationSeconds: 40 });
  await world.advance(301_000);
  expect(lease()?.['spec'].renewTime > first.renewTime).toBe(true);
});

it('marks a node that went silent, moves its pods after five minutes, and takes it back', async () => {
  const world = await withPods(4);
  const before = on(world, 'worker01').map(({ metadata }) => metadata.name);
  expect(before).toHaveLength(2);
  world.cluster.stopNode('worker01', 'kubelet');
  await world.advance(39_000);
  expect(readyOf(world, 'worker01')?.status).toBe('True');
  await world.advance(2000);
  expect(readyOf(world, 'worker01')).toMatchObject({
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  });
  expect(taints(world, 'worker01')).toEqual([
    'node.kubernetes.io/unreachable:NoSchedule',
    'node.kubernetes.io/unreachable:NoExecute',
  ]);
  expect(nodeEvents(world, 'worker01')).toContain('NodeNotReady: Node worker01 status is now: NodeNotReady');
  expect(on(world, 'worker01').map(podReady)).toEqual([false, false]);
  expect(world.events(before[0] as string)).toContain('NodeNotReady: Node is not ready');
  await world.advance(298_000);
  expect(on(world, 'worker01').some(({ metadata }) => metadata.deletionTimestamp)).toBe(false);
  await world.advance(3000);
  const leaving = on(world, 'worker01');
  expect(leaving.every(({ metadata }) => metadata.deletionTimestamp)).toBe(true); // and it stays so: nobody ends them
  expect(world.events(before[0] as string)).toContain(
    `TaintManagerEviction: Marking for deletion Pod shop/${before[0]}`,
  );
  expect(on(world, 'worker02')).toHaveLength(4);
  world.cluster.startNode('worker01');
  await world.advance(60_000);
  expect(readyOf(world, 'worker01')?.status).toBe('True');
  expect(taints(world, 'worker01')).toEqual([]);
  expect(on(world, 'worker01')).toEqual([]);
  expect(nodeEvents(world, 'worker01')).toEqual(
    expect.arrayContaining(['Starting: Starting kubelet.', 'NodeReady: Node worker01 status is now: NodeReady']),
  );
});

it('reaches nothing on a node without power, and counts a restart when it boots', async () => {
  const world = await withPods(2);
  const [pod] = on(world, 'worker01');
  const client = on(world, 'worker02')[0]?.metadata.name ?? '';
  const address = pod?.status?.podIP ?? '';
  expect(await world.clock.drive(world.ask(client, address, 80), 10_000)).toBe(pod?.metadata.name);
  world.cluster.stopNode('worker01', 'power');
  expect(await world.clock.drive(world.ask(client, address, 80), 300_000)).not.toBe(pod?.metadata.name);
  world.cluster.startNode('worker01');
  await world.advance(30_000);
  expect(await world.clock.drive(world.ask(client, address, 80), 10_000)).toBe(pod?.metadata.name);
  expect(world.pod(pod?.metadata.name ?? '').status?.containerStatuses?.[0]?.restartCount).toBe(1);
  expect(world.bugs).toEqual([]);
});

it('keeps a stopped node stopped over a restart of the world', async () => {
  const world = await withPods(2);
  world.cluster.stopNode('worker01', 'kubelet');
  const later = await world.restored('hibernation');
  await later.advance(60_000);
  expect(readyOf(later, 'worker01')?.status).toBe('Unknown');
});

it('mends a status that somebody else wrote', async () => {
  const world = await TestWorld.start();
  const found = node(world, 'worker01');
  const conditions = [{ type: 'Ready', status: 'False', reason: 'Test', message: '' }];
  world.cluster.client.updateStatus('nodes', { ...found, status: { ...found.status, conditions } });
  await world.advance(1);
  expect(taints(world, 'worker01')).toEqual([
    'node.kubernetes.io/not-ready:NoSchedule',
    'node.kubernetes.io/not-ready:NoExecute',
  ]);
  await world.advance(11_000);
  expect(taints(world, 'worker01')).toEqual([]);
});

it('taints a node that is cordoned', async () => {
  const world = await TestWorld.start();
  world.cluster.client.patch('nodes', undefined, 'worker01', { spec: { unschedulable: true } });
  await world.advance(1);
  expect(taints(world, 'worker01')).toEqual(['node.kubernetes.io/unschedulable:NoSchedule']);
  world.cluster.client.patch('nodes', undefined, 'worker01', { spec: { unschedulable: null } });
  await world.advance(1);
  expect(taints(world, 'worker01')).toEqual([]);
  expect(nodeEvents(world, 'worker01').sort()).toEqual([
    'NodeNotSchedulable: Node worker01 status is now: NodeNotSchedulable',
    'NodeSchedulable: Node worker01 status is now: NodeSchedulable',
  ]);
});

it('ends what does not tolerate a NoExecute taint, and later what tolerates it for a while', async () => {
  const world = await TestWorld.start();
  const tolerates = (tolerationSeconds?: number) => ({
    nodeName: 'worker01',
    tolerations: [
      {
        key: 'gone',
        operator: 'Exists',
        effect: 'NoExecute',
        ...(tolerationSeconds !== undefined && { tolerationSeconds }),
      },
    ],
  });
  world.create('pods', podOf('never', 'sleep', {}, { nodeName: 'worker01' }));
  world.create('pods', podOf('minute', 'sleep', {}, tolerates(60)));
  world.create('pods', podOf('always', 'sleep', {}, tolerates()));
  await world.advance(1000);
  world.cluster.client.patch('nodes', undefined, 'worker01', {
    spec: { taints: [{ key: 'gone', effect: 'NoExecute' }] },
  });
  await world.advance(40_000);
  expect(world.pods().map(({ metadata }) => metadata.name)).toEqual(['always', 'minute']);
  await world.advance(60_000);
  expect(world.pods().map(({ metadata }) => metadata.name)).toEqual(['always']);
});

it('removes the pods of a node that was deleted', async () => {
  const world = await withPods(2);
  world.cluster.client.delete('nodes', undefined, 'worker01');
  await world.advance(39_000);
  expect(on(world, 'worker01')).toHaveLength(1);
  await world.advance(3000);
  expect(on(world, 'worker01')).toHaveLength(0);
  expect(on(world, 'worker02')).toHaveLength(2);
});
