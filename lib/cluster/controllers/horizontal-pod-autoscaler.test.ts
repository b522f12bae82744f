// Scaling by simulated load, and what the metrics API tells.
import { expect, it } from 'vitest';
import { deploymentOf, podOf, TestWorld } from '../testing/world';

const withRequests = (name: string, requests: object | undefined) => {
  const made = deploymentOf(name, 1, 'web');
  const [container] = made['spec'].template.spec.containers;
  if (requests) container.resources = { requests };
  return made;
};
const scaler = (spec: object = {}) => ({
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 1,
    maxReplicas: 5,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
    ...spec,
  },
});
const size = (world: TestWorld) => world.get('deployments.apps', 'web')?.['spec'].replicas;
const conditionOf = (world: TestWorld, type: string) =>
  world
    .get('horizontalpodautoscalers.autoscaling', 'web')
    ?.['status'].conditions.find((each: { type: string }) => each.type === type);

it('grows under load, and shrinks five minutes after it', async () => {
  const world = await TestWorld.start();
  world.create('deployments.apps', withRequests('web', { cpu: '200m' }));
  world.create('pods', podOf('client', 'sleep'));
  await world.advance(1000);
  world.create('horizontalpodautoscalers.autoscaling', scaler());
  await world.advance(20_000);
  expect(conditionOf(world, 'ScalingActive')).toMatchObject({ status: 'True', reason: 'ValidMetricFound' });
  const address = world.pods().find(({ metadata }) => metadata.name.startsWith('web-'))?.status?.podIP ?? '';
  for (let second = 0; second < 40; second++) {
    for (let i = 0; i < 80; i++) await world.clock.drive(world.ask('client', address, 80), 1000);
    await world.advance(1000);
  }
  expect(size(world)).toBeGreaterThan(1);
  expect(world.events('web').find((text) => text.startsWith('SuccessfulRescale'))).toMatch(
    /^SuccessfulRescale: New size: \d; reason: cpu resource utilization \(percentage of request\) above target$/,
  );
  await world.advance(60_000);
  expect(conditionOf(world, 'AbleToScale')?.reason).toBe('ScaleDownStabilized');
  await world.advance(400_000);
  expect(size(world)).toBe(1);
  expect(world.bugs).toEqual([]);
});

it('says what keeps it from computing', async () => {
  const world = await TestWorld.start();
  world.create('deployments.apps', withRequests('web', undefined));
  await world.advance(1000);
  world.create('horizontalpodautoscalers.autoscaling', scaler());
  await world.advance(20_000);
  const pod = world.pods()[0]?.metadata.name;
  expect(conditionOf(world, 'ScalingActive')).toMatchObject({
    status: 'False',
    reason: 'FailedGetResourceMetric',
    message: `the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container main of Pod ${pod}`,
  });
});

it('brings a target into its bounds', async () => {
  const world = await TestWorld.start();
  world.create('deployments.apps', withRequests('web', { cpu: '200m' }));
  world.create('horizontalpodautoscalers.autoscaling', scaler({ minReplicas: 2 }));
  await world.advance(20_000);
  expect(size(world)).toBe(2);
  expect(world.events('web')).toContain(
    'SuccessfulRescale: New size: 2; reason: Current number of replicas below Spec.MinReplicas',
  );
});
