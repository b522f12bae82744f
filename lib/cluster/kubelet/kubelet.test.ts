import { expect, test } from 'vitest';
import { podOf, TestWorld } from '../testing/world';

const statusOf = (world: TestWorld, pod: string) => world.pod(pod).status;
const container = (name: string, image: string, more: object = {}) => ({
  name,
  image: `registry.test/${image}`,
  ...more,
});

test('init containers run one after the other, before the others; a sidecar goes on', async () => {
  const world = await TestWorld.start();
  world.create('pods', {
    metadata: { name: 'app' },
    spec: {
      volumes: [{ name: 'shared', emptyDir: {} }],
      initContainers: [
        container('proxy', 'web', { restartPolicy: 'Always' }),
        container('prepare', 'tools', {
          command: ['write', '/shared/note', 'made'],
          volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
        }),
      ],
      containers: [
        container('main', 'tools', {
          command: ['cat', '/shared/note'],
          volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
        }),
      ],
      restartPolicy: 'Never',
    },
  });
  await world.advance(5000);
  expect(world.log('app', 'main')).toBe('made\n');
  expect(statusOf(world, 'app')?.phase).toBe('Succeeded');
  expect(
    statusOf(world, 'app')?.initContainerStatuses?.map(({ name, state }) => [name, Object.keys(state)[0]]),
  ).toEqual([
    ['proxy', 'terminated'],
    ['prepare', 'terminated'],
  ]);
  expect(world.bugs).toEqual([]);
});

test('a failed init container keeps the pod from starting', async () => {
  const world = await TestWorld.start();
  world.create(
    'pods',
    podOf(
      'app',
      'web',
      {},
      { restartPolicy: 'Never', initContainers: [container('bad', 'tools', { command: ['fail'] })] },
    ),
  );
  await world.advance(3000);
  expect(statusOf(world, 'app')?.phase).toBe('Failed');
  expect(statusOf(world, 'app')?.containerStatuses?.[0]?.state.waiting?.reason).toBe('PodInitializing');
});

test('readiness follows its probe; a failed liveness probe restarts the container', async () => {
  const world = await TestWorld.start();
  const probe = { tcpSocket: { port: 80 }, periodSeconds: 1, failureThreshold: 1 };
  world.create('pods', podOf('ok', 'web', { readinessProbe: probe, livenessProbe: probe }));
  world.create('pods', podOf('never', 'sleep', { readinessProbe: probe }));
  world.create('pods', podOf('dead', 'sleep', { livenessProbe: { ...probe, failureThreshold: 2 } }));
  await world.advance(5000);
  expect(statusOf(world, 'ok')?.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
  expect(statusOf(world, 'never')?.containerStatuses?.[0]).toMatchObject({
    ready: false,
    started: true,
    restartCount: 0,
  });
  expect(world.events('never').join()).toMatch(
    /Unhealthy: Readiness probe failed: dial tcp 10\.8\.\d+\.\d+:80: connect: connection refused/,
  );
  expect(statusOf(world, 'dead')?.containerStatuses?.[0]?.restartCount).toBeGreaterThan(0);
  expect(world.events('dead')).toContain('Killing: Container main failed liveness probe, will be restarted');
  expect(world.bugs).toEqual([]);
});

test('an http probe and an exec probe are asked as they say', async () => {
  const world = await TestWorld.start();
  const every = { periodSeconds: 1, failureThreshold: 1 };
  world.create('pods', podOf('exec', 'web', { readinessProbe: { exec: { command: ['echo', 'fine'] }, ...every } }));
  world.create('pods', podOf('bad', 'web', { readinessProbe: { exec: { command: ['fail'] }, ...every } }));
  await world.advance(3000);
  expect(statusOf(world, 'exec')?.containerStatuses?.[0]?.ready).toBe(true);
  expect(world.events('bad')).toContain('Unhealthy: Readiness probe failed: it does not work\n');
});

test('the environment comes from the spec, config maps, secrets, the pod and its services', async () => {
  const world = await TestWorld.start();
  world.create('services', {
    metadata: { name: 'db-pod' },
    spec: { clusterIP: '172.30.7.7', selector: { app: 'db' }, ports: [{ port: 3306 }] },
  });
  world.create('configmaps', { metadata: { name: 'conf' }, data: { A: 'one', B: 'two' } });
  world.create('secrets', { metadata: { name: 'hush' }, data: { PASSWORD: Buffer.from('s3cret').toString('base64') } });
  const env = [
    { name: 'WHO', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'FROM', valueFrom: { configMapKeyRef: { name: 'conf', key: 'A' } } },
    { name: 'URL', value: 'mysql://$(DB_POD_SERVICE_HOST):$(DB_POD_SERVICE_PORT)/$(NOTHING)/$$(WHO)' },
  ];
  world.create(
    'pods',
    podOf(
      'box',
      'tools',
      {
        command: ['env'],
        env,
        envFrom: [{ configMapRef: { name: 'conf' }, prefix: 'C_' }, { secretRef: { name: 'hush' } }],
      },
      { restartPolicy: 'Never' },
    ),
  );
  await world.advance(2000);
  const lines = world.log('box').split('\n');
  for (const line of [
    'WHO=box',
    'FROM=one',
    'C_B=two',
    'PASSWORD=s3cret',
    'HOSTNAME=box',
    'URL=mysql://172.30.7.7:3306/$(NOTHING)/$(WHO)',
    'DB_POD_PORT_3306_TCP_ADDR=172.30.7.7',
    'KUBERNETES_SERVICE_HOST=172.30.0.1',
  ])
    expect(lines).toContain(line);
});

test('what is missing is waited for, and said', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('env', 'web', { envFrom: [{ configMapRef: { name: 'later' } }] }));
  world.create('pods', podOf('volume', 'web', {}, { volumes: [{ name: 'v', secret: { secretName: 'later' } }] }));
  await world.advance(500);
  expect(statusOf(world, 'env')?.containerStatuses?.[0]?.state.waiting).toEqual({
    reason: 'CreateContainerConfigError',
    message: 'configmap "later" not found',
  });
  expect(world.events('volume')).toContain(
    'FailedMount: MountVolume.SetUp failed for volume "v" : secret "later" not found',
  );
  world.create('configmaps', { metadata: { name: 'later' }, data: {} });
  world.create('secrets', { metadata: { name: 'later' }, data: {} });
  await world.advance(5000);
  expect([statusOf(world, 'env')?.phase, statusOf(world, 'volume')?.phase]).toEqual(['Running', 'Running']);
});

test('volumes of config maps, of the pod and of its account hold their files; a changed map is seen', async () => {
  const world = await TestWorld.start();
  world.create('configmaps', { metadata: { name: 'conf' }, data: { 'app.ini': 'a=1' } });
  const volumes = [
    { name: 'conf', configMap: { name: 'conf' } },
    { name: 'me', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
  ];
  const volumeMounts = [
    { name: 'conf', mountPath: '/conf' },
    { name: 'me', mountPath: '/me' },
  ];
  world.create('pods', podOf('box', 'sleep', { volumeMounts }, { volumes }));
  await world.advance(1000);
  const machine = await world.cluster.podMachine('shop', 'box');
  expect(machine?.text('/conf/app.ini')).toBe('a=1');
  expect(machine?.text('/me/labels')).toBe('app="box"');
  expect(machine?.text('/var/run/secrets/kubernetes.io/serviceaccount/namespace')).toBe('shop');
  expect(machine?.text('/var/run/secrets/kubernetes.io/serviceaccount/token')?.split('.').length).toBe(3);
  world.cluster.client.patch('configmaps', 'shop', 'conf', { data: { 'app.ini': 'a=2' } });
  await world.advance(90_000);
  expect(machine?.text('/conf/app.ini')).toBe('a=2');
});

test('a volume is mounted where a link of the image leads, as /var/run does', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('box', '', { image: 'registry.access.redhat.com/ubi9/ubi', command: ['sleep', '1000'] }));
  await world.advance(1000);
  const machine = await world.cluster.podMachine('shop', 'box');
  expect(machine?.text('/var/run/secrets/kubernetes.io/serviceaccount/namespace')).toBe('shop');
  expect(machine?.text('/run/secrets/kubernetes.io/serviceaccount/namespace')).toBe('shop');
});

test('two containers share the address; one port cannot be taken twice', async () => {
  const world = await TestWorld.start();
  world.create('pods', {
    metadata: { name: 'two' },
    spec: { containers: [container('a', 'web'), container('b', 'web')] },
  });
  await world.advance(2000);
  const [a, b] = statusOf(world, 'two')?.containerStatuses ?? [];
  expect(a?.ready).toBe(true);
  expect(b?.restartCount).toBeGreaterThan(0);
  expect(world.log('two', 'b')).toContain('Address already in use');
});

test('a deadline ends a pod', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('slow', 'sleep', {}, { activeDeadlineSeconds: 5 }));
  await world.advance(20_000);
  expect(statusOf(world, 'slow')).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' });
});

test('a pod on its node’s network has its address and resolver', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('host', 'web', {}, { hostNetwork: true }));
  await world.advance(1000);
  expect(statusOf(world, 'host')?.podIP).toBe(statusOf(world, 'host')?.hostIP);
  expect((await world.cluster.podMachine('shop', 'host'))?.text('/etc/resolv.conf')).toBe(
    'search ocp4.example.com\nnameserver 192.168.50.254\n',
  );
});

test('a container that gets another image starts again, also one whose image could not be pulled', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('good', 'web'));
  world.create('pods', podOf('bad', 'nowhere'));
  world.create('pods', podOf('once', 'sleep', {}, { restartPolicy: 'Never', terminationGracePeriodSeconds: 0 }));
  await world.advance(5000);
  for (const name of ['good', 'bad', 'once']) {
    const pod = world.pod(name);
    const containers = pod.spec.containers.map((each) => ({ ...each, image: 'registry.test/sleep:2' }));
    world.cluster.client.update('pods', { ...pod, spec: { ...pod.spec, containers } });
  }
  await world.advance(5000);
  const seen = ['good', 'bad', 'once'].map((name) => statusOf(world, name)?.containerStatuses?.[0]);
  expect(seen.map((each) => [each?.image, each?.restartCount, each?.state.running !== undefined])).toEqual([
    ['registry.test/sleep:2', 1, true],
    ['registry.test/sleep:2', 0, true],
    ['registry.test/sleep:2', 1, true],
  ]);
  expect(world.events('good')).toContain('Killing: Container main definition changed, will be restarted');
  expect(world.bugs).toEqual([]);
});
