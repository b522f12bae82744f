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

const conditionOf = (world: TestWorld, name: string, type: string) =>
  world.get('jobs.batch', name)?.['status'].conditions?.find((c: { type: string }) => c.type === type);
const indexed = { completionMode: 'Indexed', completions: 3, parallelism: 3 };

test('a failure policy ends a job at once, or lets a failure go', async () => {
  const world = await TestWorld.start();
  const rule = (action: string) => ({
    podFailurePolicy: { rules: [{ action, onExitCodes: { operator: 'In', values: [42] } }] },
  });
  world.create('jobs.batch', job('strict', ['fail', '42'], rule('FailJob')));
  world.create('jobs.batch', job('lenient', ['fail', '42'], { ...rule('Ignore'), backoffLimit: 0 }));
  await world.advance(2000);
  const pod = world.pods().find(({ metadata }) => metadata.name.startsWith('strict-'))?.metadata.name;
  expect(conditionOf(world, 'strict', 'Failed')).toMatchObject({
    reason: 'PodFailurePolicy',
    message: `Container main for pod shop/${pod} failed with exit code 42 matching FailJob rule at index 0`,
  });
  expect(world.get('jobs.batch', 'lenient')?.['status'].failed).toBeUndefined();
  expect(conditionOf(world, 'lenient', 'Failed')).toBeUndefined();
});

test('indexes are given up one by one where the job says so', async () => {
  const world = await TestWorld.start();
  world.create('jobs.batch', job('parts', ['fail'], { ...indexed, backoffLimitPerIndex: 1 }));
  await world.advance(600_000);
  expect(world.get('jobs.batch', 'parts')?.['status']).toMatchObject({ failed: 6, failedIndexes: '0-2' });
  expect(conditionOf(world, 'parts', 'Failed')).toMatchObject({
    reason: 'FailedIndexes',
    message: 'Job has failed indexes',
  });
  world.create('jobs.batch', job('few', ['fail'], { ...indexed, backoffLimitPerIndex: 0, maxFailedIndexes: 1 }));
  await world.advance(60_000);
  expect(conditionOf(world, 'few', 'Failed')?.reason).toBe('MaxFailedIndexesExceeded');
});

test('a job with a success policy ends when a rule is met', async () => {
  const world = await TestWorld.start();
  world.create(
    'jobs.batch',
    job('enough', ['echo'], { ...indexed, parallelism: 1, successPolicy: { rules: [{ succeededIndexes: '0' }] } }),
  );
  await world.advance(5000);
  expect(conditionOf(world, 'enough', 'SuccessCriteriaMet')).toMatchObject({
    reason: 'SuccessPolicy',
    message: 'Matched rules at index 0',
  });
  expect(world.get('jobs.batch', 'enough')?.['status'].completedIndexes).toBe('0');
});
