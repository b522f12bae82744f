// Where pods go, in which order, what has to give way to them, and what is said when they find no place.
import { describe, expect, it } from 'vitest';
import { podOf, TestWorld } from '../testing/world';

const cpu = (amount: string) => ({ resources: { requests: { cpu: amount } } });

async function classes(world: TestWorld): Promise<void> {
  for (const [name, value] of [
    ['high', 1000],
    ['low', -10],
  ] as const)
    world.cluster.client.create('priorityclasses.scheduling.k8s.io', { metadata: { name }, value });
  world.cluster.client.create('priorityclasses.scheduling.k8s.io', {
    metadata: { name: 'patient' },
    value: 1000,
    preemptionPolicy: 'Never',
  });
}

const scheduling = (world: TestWorld, name: string) =>
  world.events(name).filter((text) => text.startsWith('FailedScheduling'));

describe('a pod that finds no place', () => {
  const master = '1 node(s) had untolerated taint {node-role.kubernetes.io/master: }';
  const REFUSED: [string, object, string][] = [
    [
      'selector',
      { nodeSelector: { disk: 'ssd' } },
      `0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
    ],
    [
      'resources',
      { containers: [{ name: 'main', image: 'registry.test/sleep', ...cpu('100') }] },
      `0/3 nodes are available: ${master}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.`,
    ],
    [
      'claim that is not there',
      { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
      '0/3 nodes are available: persistentvolumeclaim "data" not found. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    ],
    [
      'pod affinity',
      {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'nobody' } } },
            ],
          },
        },
      },
      `0/3 nodes are available: ${master}, 2 node(s) didn't match pod affinity rules. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
    ],
    [
      'spread over a label that no node has',
      {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
        ],
      },
      `0/3 nodes are available: ${master}, 2 node(s) didn't match pod topology spread constraints (missing required label). preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
    ],
  ];
  it.each(REFUSED)('%s', async (_title, spec, message) => {
    const world = await TestWorld.start();
    world.create('pods', podOf('web', 'sleep', {}, spec));
    await world.advance(10);
    expect(scheduling(world, 'web')).toEqual([`FailedScheduling: ${message}`]);
    const condition = world.pod('web').status?.conditions?.find(({ type }) => type === 'PodScheduled');
    expect(condition).toMatchObject({ status: 'False', reason: 'Unschedulable', message });
  });
});

it('ends less important pods for a more important one, the fewest and the least important', async () => {
  const world = await TestWorld.start();
  await classes(world);
  for (const [name, amount, priorityClassName] of [
    ['a', '3', 'low'],
    ['b', '3', undefined],
    ['c', '3', undefined],
    ['d', '3', undefined],
  ] as const)
    world.create('pods', podOf(name, 'sleep', cpu(amount), { ...(priorityClassName && { priorityClassName }) }));
  await world.advance(1000);
  expect(world.pods().map(({ spec }) => Boolean(spec.nodeName))).toEqual([true, true, true, true]);
  const { nodeName } = world.pod('a').spec;
  world.create('pods', podOf('urgent', 'sleep', cpu('3'), { priorityClassName: 'high' }));
  await world.advance(10);
  expect(world.pod('urgent').status?.nominatedNodeName).toBe(nodeName);
  expect(
    world.events('a').some((text) => /^Preempted: Preempted by pod [0-9a-f-]{36} on node worker0\d$/.test(text)),
  ).toBe(true);
  await world.advance(60_000);
  expect(world.get('pods', 'a')).toBeUndefined();
  expect(world.pod('urgent').spec.nodeName).toBe(nodeName);
  expect(world.pods().map(({ metadata }) => metadata.name)).toEqual(['b', 'c', 'd', 'urgent']);
  expect(scheduling(world, 'urgent')[0]).toBe(
    'FailedScheduling: 0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }, 2 Insufficient cpu.',
  );
});

it('waits when its class says so', async () => {
  const world = await TestWorld.start();
  await classes(world);
  for (const name of ['a', 'b']) world.create('pods', podOf(name, 'sleep', cpu('7'), { priorityClassName: 'low' }));
  await world.advance(10);
  world.create('pods', podOf('patient', 'sleep', cpu('4'), { priorityClassName: 'patient' }));
  await world.advance(10);
  expect(scheduling(world, 'patient')[0]).toMatch(/ preemption: not eligible due to preemptionPolicy=Never\.$/);
});

it('places the more important first', async () => {
  const world = await TestWorld.start();
  await classes(world);
  for (const name of ['worker01', 'worker02'])
    world.cluster.client.patch('nodes', undefined, name, { spec: { unschedulable: true } });
  world.create('pods', podOf('first', 'sleep', cpu('4')));
  world.create('pods', podOf('second', 'sleep', cpu('4'), { priorityClassName: 'high' }));
  await world.advance(10);
  world.cluster.client.patch('nodes', undefined, 'worker01', { spec: { unschedulable: false } });
  await world.advance(10);
  expect(['first', 'second'].map((name) => world.pod(name).spec.nodeName)).toEqual([undefined, 'worker01']);
});

it('prefers the company that a pod wishes for', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('cache', 'sleep'));
  await world.advance(10);
  const wish = (kind: string) => ({
    affinity: {
      [kind]: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              topologyKey: 'kubernetes.io/hostname',
              labelSelector: { matchLabels: { app: 'cache' } },
            },
          },
        ],
      },
    },
  });
  world.create('pods', podOf('near', 'sleep', {}, wish('podAffinity')));
  world.create('pods', podOf('far', 'sleep', {}, wish('podAntiAffinity')));
  await world.advance(10);
  const { nodeName } = world.pod('cache').spec;
  expect(world.pod('near').spec.nodeName).toBe(nodeName);
  expect(world.pod('far').spec.nodeName).not.toBe(nodeName);
});

it('keeps a pod where its bound volume can be used', async () => {
  const world = await TestWorld.start();
  const on = (values: string[]) => ({
    required: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }] }],
    },
  });
  world.cluster.client.create('persistentvolumes', {
    metadata: { name: 'disk' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'manual',
      local: { path: '/mnt' },
      nodeAffinity: on(['master01']),
    },
  });
  world.create('persistentvolumeclaims', {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'manual', resources: { requests: { storage: '1Gi' } } },
  });
  await world.advance(10);
  world.create(
    'pods',
    podOf('web', 'sleep', {}, { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] }),
  );
  await world.advance(10);
  expect(scheduling(world, 'web')[0]).toContain('2 node(s) had volume node affinity conflict');
});

it('refuses a priority class that is not there, and a number of its own', async () => {
  const world = await TestWorld.start();
  const make = (spec: object) => () => world.create('pods', podOf('web', 'sleep', {}, spec));
  expect(make({ priorityClassName: 'none' })).toThrow(
    'pods "web" is forbidden: no PriorityClass with name none was found',
  );
  expect(make({ priority: 5 })).toThrow(
    'pods "web" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
  );
});
