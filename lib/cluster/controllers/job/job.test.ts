import { expect, test } from 'vitest';
import { TestWorld } from '../../testing/world';
import { formatIndexes, parseIndexes } from './pods';

const job = (name: string, command: string[], spec: object = {}) => ({
  metadata: { name },
  spec: {
    template: {
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'registry.test/tools', command }] },
    },
    ...spec,
  },
});

test('a job runs its pod to the end and is complete', async () => {
  const world = await TestWorld.start();
  world.create('jobs.batch', job('init', ['echo', 'done']));
  await world.advance(2000);
  expect(world.get('jobs.batch', 'init')?.['status']).toMatchObject({ succeeded: 1, ready: 0 });
  expect(world.get('jobs.batch', 'init')?.['status'].conditions.map((c: { type: string }) => c.type)).toContain(
    'Complete',
  );
  const [pod] = world.pods();
  expect(pod?.status?.phase).toBe('Succeeded');
  expect(pod?.metadata.finalizers ?? []).toEqual([]);
  expect(world.log(pod?.metadata.name ?? '')).toBe('done\n');
  world.cluster.client.delete('jobs.batch', 'shop', 'init', { propagationPolicy: 'Background' });
  await world.advance(1000);
  expect(world.pods()).toEqual([]);
  expect(world.bugs).toEqual([]);
});

test('a job gives up at its back-off limit', async () => {
  const world = await TestWorld.start();
  world.create('jobs.batch', job('bad', ['fail'], { backoffLimit: 2 }));
  await world.advance(120_000);
  const status = world.get('jobs.batch', 'bad')?.['status'];
  expect(status.failed).toBe(3);
  expect(status.conditions.find((c: { type: string }) => c.type === 'Failed')?.reason).toBe('BackoffLimitExceeded');
  expect(world.events('bad')).toContain('BackoffLimitExceeded: Job has reached the specified backoff limit');
});

test('an indexed job gives each pod its number', async () => {
  const world = await TestWorld.start();
  world.create('jobs.batch', job('parts', ['env'], { completionMode: 'Indexed', completions: 3, parallelism: 2 }));
  await world.advance(5000);
  expect(world.get('jobs.batch', 'parts')?.['status']).toMatchObject({ succeeded: 3, completedIndexes: '0-2' });
  const logs = world.pods().map(({ metadata }) => /JOB_COMPLETION_INDEX=(\d)/.exec(world.log(metadata.name))?.[1]);
  expect(logs.sort()).toEqual(['0', '1', '2']);
});

test('a job that is deleted while it runs takes its pods with it', async () => {
  const world = await TestWorld.start();
  world.create('jobs.batch', job('long', ['sleep', '1000']));
  await world.advance(1000);
  expect(world.pods().length).toBe(1);
  world.cluster.client.delete('jobs.batch', 'shop', 'long', { propagationPolicy: 'Background' });
  await world.advance(20_000);
  expect(world.pods()).toEqual([]);
  expect(world.bugs).toEqual([]);
});

test.each([
  [[0, 1, 2, 5], '0-2,5'],
  [[3, 4], '3,4'],
  [[], ''],
])('indexes %j are written %s', (indexes, text) => {
  expect(formatIndexes(indexes)).toBe(text);
  expect([...parseIndexes(text)]).toEqual(indexes);
});
