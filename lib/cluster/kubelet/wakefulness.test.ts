import { expect, test } from 'vitest';
import { podOf, TestWorld } from '../testing/world';

const processes = (world: TestWorld): string[] =>
  world.pods().flatMap(({ metadata }) => {
    const stack = world.fabric.stacks.get(`pod/shop/${metadata.name}`);
    return stack ? [metadata.name] : [];
  });

async function crowded(): Promise<TestWorld> {
  const world = await TestWorld.start({ mostAwake: 0 });
  world.create('pods', podOf('server', 'web'));
  world.create('pods', {
    metadata: { name: 'paused' },
    spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.9' }] },
  });
  world.create('pods', podOf('busy', 'sleep'));
  await world.advance(2000);
  world.create('pods', podOf('last', 'sleep'));
  await world.advance(2000);
  return world;
}

test('of too many pods those sleep that hold nothing but files and listeners; all of them count as running', async () => {
  const world = await crowded();
  expect(processes(world)).toEqual(['busy', 'last']);
  expect(world.pods().map(({ status }) => status?.phase)).toEqual(Array(4).fill('Running'));
});

test('a server that sleeps answers as before, from inside and outside of it, and says nothing twice', async () => {
  const world = await crowded();
  const { podIP = '' } = world.pod('server').status ?? {};
  expect(await world.clock.drive(world.ask('busy', podIP, 80), 5000)).toBe('server');
  expect(await world.clock.drive(world.ask('busy', podIP, 81), 5000)).toBe('ECONNREFUSED');
  expect(world.log('server')).toBe('listening on 80\n');
  expect(world.pod('server').status?.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
  expect(world.bugs).toEqual([]);
});

test('a pod that sleeps can be deleted, with and without grace, and gives its address back', async () => {
  const world = await crowded();
  world.cluster.client.delete('pods', 'shop', 'server');
  world.cluster.client.delete('pods', 'shop', 'paused', { gracePeriodSeconds: 0 });
  await world.advance(1000);
  expect(world.pods().map(({ metadata }) => metadata.name)).toEqual(['busy', 'last']);
  expect(await world.clock.drive(world.ask('busy', '10.8.0.5', 80).catch(String), 200_000)).not.toBe('server');
  expect(world.bugs).toEqual([]);
});

test('a pod that sleeps stays asleep when its labels change', async () => {
  const world = await crowded();
  const pod = world.pod('server');
  world.cluster.client.update('pods', { ...pod, metadata: { ...pod.metadata, labels: { app: 'other' } } });
  await world.advance(1000);
  expect(processes(world)).toEqual(['busy', 'last']);
});

test('the log of a pod that was only declared to run tells how it starts', async () => {
  const world = await TestWorld.start();
  const [pod] = world.list('pods', 'openshift-dns').filter(({ metadata }) => metadata.name.startsWith('dns-default'));
  const { streams } = world.cluster;
  const read = streams.log(
    'openshift-dns',
    pod?.metadata.name ?? '',
    { container: 'dns', follow: false, previous: false, timestamps: false },
    new AbortController().signal,
  );
  let text = '';
  const all = async () => {
    for await (const bytes of read) text += new TextDecoder().decode(bytes);
  };
  await world.clock.drive(all(), 10_000);
  expect(text).toContain('.:5353\n');
});
