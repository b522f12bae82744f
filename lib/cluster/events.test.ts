import { expect, test } from 'vitest';
import { deploymentOf, TestWorld } from './testing/world';

const about = (world: TestWorld, reason: string) => world.list('events').filter((event) => event['reason'] === reason);

test('of many that differ in their message alone nine are told and the others combined, and a component stops after 25', async () => {
  const world = await TestWorld.start();
  world.create('deployments.apps', deploymentOf('web', 40, 'web'));
  await world.advance(5000);
  const said = about(world, 'SuccessfulCreate');
  expect(said).toHaveLength(10);
  expect(said.filter((event) => event['count'] === 1)).toHaveLength(9);
  const combined = said.find((event) => event['count'] !== 1);
  expect(combined?.['count']).toBe(25 - 9);
  expect(combined?.['message']).toMatch(/^\(combined from similar events\): Created pod: web-/);
  // what was left out is counted as soon as something may be said again
  await world.advance(300_000);
  world.cluster.client.patch('deployments.apps', 'shop', 'web', { spec: { replicas: 41 } });
  await world.advance(5000);
  expect(about(world, 'SuccessfulCreate').find((event) => event['count'] !== 1)?.['count']).toBe(41 - 9);
});
