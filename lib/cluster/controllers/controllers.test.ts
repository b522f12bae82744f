import { expect, test } from 'vitest';
import { deploymentOf, podOf, TestWorld } from '../testing/world';

const names = (world: TestWorld, resource: string) => world.list(resource).map(({ metadata }) => metadata.name);
const labelled = {
  metadata: { labels: { app: 'db' } },
  spec: { containers: [{ name: 'main', image: 'registry.test/web' }] },
};

test('a rollout replaces the pods, keeps the history and can be undone', async () => {
  const world = await TestWorld.start();
  world.create('deployments.apps', deploymentOf('web', 3, 'web'));
  await world.advance(2000);
  const change = (image: string) =>
    world.cluster.client.patch('deployments.apps', 'shop', 'web', {
      spec: { template: { spec: { containers: [{ name: 'main', image: `registry.test/${image}` }] } } },
    });
  change('sleep');
  await world.advance(20_000);
  expect(world.get('deployments.apps', 'web')?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
  expect(
    world
      .list('replicasets.apps')
      .map(({ spec }) => spec.replicas)
      .sort(),
  ).toEqual([0, 3]);
  expect(new Set(world.pods().map(({ spec }) => spec.containers[0]?.image))).toEqual(new Set(['registry.test/sleep']));
  change('web');
  await world.advance(20_000);
  expect(world.list('replicasets.apps').length).toBe(2);
  expect(world.get('deployments.apps', 'web')?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
  expect(world.bugs).toEqual([]);
});

test('a rollout that does not get on says so after its deadline, and keeps what runs', async () => {
  const world = await TestWorld.start();
  world.create('deployments.apps', deploymentOf('web', 2, 'web', { progressDeadlineSeconds: 30 }));
  await world.advance(2000);
  world.cluster.client.patch('deployments.apps', 'shop', 'web', {
    spec: { template: { spec: { containers: [{ name: 'main', image: 'registry.test/missing' }] } } },
  });
  await world.advance(60_000);
  const { conditions, availableReplicas } = world.get('deployments.apps', 'web')?.['status'] ?? {};
  expect(availableReplicas).toBe(2);
  expect(conditions.find((c: { type: string }) => c.type === 'Progressing')).toMatchObject({
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
  });
});

test('a stateful set makes its pods one after the other, each with its claim', async () => {
  const world = await TestWorld.start();
  world.cluster.client.create('storageclasses.storage.k8s.io', { metadata: { name: 'fast' }, provisioner: 'test' });
  world.create('statefulsets.apps', {
    metadata: { name: 'db' },
    spec: {
      replicas: 2,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: labelled,
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: 'fast',
            resources: { requests: { storage: '1Gi' } },
          },
        },
      ],
    },
  });
  await world.advance(5000);
  expect(names(world, 'pods')).toEqual(['db-0', 'db-1']);
  expect(world.list('persistentvolumeclaims').map(({ metadata, status }) => [metadata.name, status.phase])).toEqual([
    ['data-db-0', 'Bound'],
    ['data-db-1', 'Bound'],
  ]);
  expect(world.get('statefulsets.apps', 'db')?.['status']).toMatchObject({ readyReplicas: 2, currentReplicas: 2 });
  world.cluster.client.patch('statefulsets.apps', 'shop', 'db', { spec: { replicas: 1 } });
  await world.advance(10_000);
  expect(names(world, 'pods')).toEqual(['db-0']);
  expect(names(world, 'persistentvolumeclaims').length).toBe(2);
  expect(world.bugs).toEqual([]);
});

test('a cron job starts a job when it is time', async () => {
  const world = await TestWorld.start();
  const container = { name: 'main', image: 'registry.test/tools', command: ['echo', 'x'] };
  world.create('cronjobs.batch', {
    metadata: { name: 'tick' },
    spec: {
      schedule: '*/1 * * * *',
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
    },
  });
  await world.advance(5 * 60_000);
  expect(names(world, 'jobs.batch').length).toBe(3);
  expect(world.get('cronjobs.batch', 'tick')?.['status'].lastSuccessfulTime).toBeDefined();
  expect(world.bugs).toEqual([]);
});

test('projects have a range of user ids, and pods run as the first of it', async () => {
  const world = await TestWorld.start();
  const range = world.cluster.store.get('namespaces', undefined, 'shop')?.metadata.annotations?.[
    'openshift.io/sa.scc.uid-range'
  ];
  expect(range).toMatch(/^1\d{9}\/10000$/);
  world.create('pods', podOf('box', 'sleep'));
  await world.advance(1000);
  const run = world.cluster.kubelet.find('shop', 'box')?.containers[0];
  expect(run?.user).toEqual({ uid: Number(range?.split('/')[0]), gid: 0 });
  expect(run?.machine?.text('/etc/passwd')).toContain(`${run?.user.uid}:x:${run?.user.uid}:0:`);
});

test('hand-made endpoints get a slice; a budget counts; a quota shows what is used', async () => {
  const world = await TestWorld.start();
  world.create('services', { metadata: { name: 'outside' }, spec: { ports: [{ port: 80 }] } });
  world.create('endpoints', {
    metadata: { name: 'outside' },
    subsets: [{ addresses: [{ ip: '192.168.50.9' }], ports: [{ port: 80 }] }],
  });
  world.create('deployments.apps', deploymentOf('web', 3, 'web'));
  world.create('poddisruptionbudgets.policy', {
    metadata: { name: 'web' },
    spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
  });
  world.create('resourcequotas', { metadata: { name: 'few' }, spec: { hard: { pods: '5' } } });
  await world.advance(3000);
  expect(
    world.list('endpointslices.discovery.k8s.io').find(({ metadata }) => metadata.name.startsWith('outside-'))?.[
      'endpoints'
    ][0].addresses,
  ).toEqual(['192.168.50.9']);
  expect(world.get('poddisruptionbudgets.policy', 'web')?.['status']).toMatchObject({
    disruptionsAllowed: 1,
    currentHealthy: 3,
  });
  expect(world.get('resourcequotas', 'few')?.['status'].used).toEqual({ pods: '3' });
  expect(world.bugs).toEqual([]);
});

test('a deployment config runs its newest version', async () => {
  const world = await TestWorld.start();
  world.create('deploymentconfigs.apps.openshift.io', {
    metadata: { name: 'old' },
    spec: { replicas: 1, selector: { app: 'db' }, template: labelled },
  });
  await world.advance(3000);
  expect(names(world, 'replicationcontrollers')).toEqual(['old-1']);
  expect(world.get('deploymentconfigs.apps.openshift.io', 'old')?.['status']).toMatchObject({
    latestVersion: 1,
    availableReplicas: 1,
  });
  expect(world.bugs).toEqual([]);
});

test('a custom resource brings the APIService of its group version, and takes it along', async () => {
  const world = await TestWorld.start();
  const { client, store } = world.cluster;
  const crds = 'customresourcedefinitions.apiextensions.k8s.io';
  const names = () => store.list('apiservices.apiregistration.k8s.io').map(({ metadata }) => metadata.name);
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  client.create(crds, {
    metadata: { name: 'crontabs.stable.example.com' },
    spec: {
      group: 'stable.example.com',
      scope: 'Namespaced',
      names: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab', listKind: 'CronTabList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
  await world.advance(1000);
  expect(names()).toContain('v1.stable.example.com');
  client.delete(crds, undefined, 'crontabs.stable.example.com');
  await world.advance(1000);
  expect(names()).not.toContain('v1.stable.example.com');
});

test.each([
  ['the service that the pod names', { hostname: 'db-0', subdomain: 'db' }, 'db-0'],
  ['another service', { hostname: 'db-0', subdomain: 'peers' }, undefined],
  ['no service', { hostname: 'db-0' }, undefined],
  ['a service, without a name of its own', { subdomain: 'db' }, undefined],
])('a pod has a name of its own only below the service of its subdomain: %s', async (_, spec, expected) => {
  const world = await TestWorld.start();
  world.create('services', { metadata: { name: 'db' }, spec: { clusterIP: 'None', selector: { app: 'db' } } });
  world.create('pods', {
    ...labelled,
    metadata: { ...labelled.metadata, name: 'one' },
    spec: { ...labelled.spec, ...spec },
  });
  await world.advance(5000);
  expect(world.get('endpoints', 'db')?.['subsets'][0].addresses[0].hostname).toBe(expected);
  const slice = world.list('endpointslices.discovery.k8s.io').find(({ metadata }) => metadata.name.startsWith('db-'));
  expect(slice?.['endpoints'][0].hostname).toBe(expected);
});
