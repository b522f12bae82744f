// What containers see and how they end: parts of volumes, limits, names of variables and images, gRPC probes.
import { describe, expect, it } from 'vitest';
import { podOf, TestWorld } from '../testing/world';

const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.53';

async function run(spec: object, more: { image?: string; spec?: object } = {}): Promise<TestWorld> {
  const world = await TestWorld.start();
  world.create(
    'pods',
    podOf(
      'app',
      'tools',
      { ...spec, ...(more.image && { image: more.image }) },
      { restartPolicy: 'Never', ...more.spec },
    ),
  );
  await world.advance(5000);
  expect(world.bugs).toEqual([]);
  return world;
}

const stateOf = (world: TestWorld) => world.pod('app').status?.containerStatuses?.[0]?.state;

describe('a part of a volume', () => {
  const volumes = [{ name: 'v', emptyDir: {} }];
  it('is written through, and seen by another container', async () => {
    const world = await TestWorld.start();
    const mount = (more: object) => ({ volumeMounts: [{ name: 'v', ...more }] });
    world.create('pods', {
      metadata: { name: 'app' },
      spec: {
        restartPolicy: 'Never',
        volumes,
        initContainers: [
          {
            name: 'w',
            image: 'registry.test/tools',
            command: ['write', '/data/note', 'made'],
            ...mount({ mountPath: '/data', subPath: 'a/b' }),
          },
        ],
        containers: [
          {
            name: 'main',
            image: 'registry.test/tools',
            command: ['cat', '/all/a/b/note'],
            ...mount({ mountPath: '/all' }),
          },
        ],
      },
    });
    await world.advance(5000);
    expect(world.log('app')).toBe('made\n');
  });

  it('may be named by a variable', async () => {
    const world = await run(
      {
        command: ['write', '/data/note', 'x'],
        env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        volumeMounts: [{ name: 'v', mountPath: '/data', subPathExpr: '$(POD)' }],
      },
      { spec: { volumes } },
    );
    expect(stateOf(world)?.terminated?.exitCode).toBe(0);
  });

  it('is not written to when it is mounted read-only', async () => {
    const world = await run(
      { command: ['write', '/data/note', 'x'], volumeMounts: [{ name: 'v', mountPath: '/data', readOnly: true }] },
      { spec: { volumes } },
    );
    expect(stateOf(world)?.terminated?.exitCode).not.toBe(0);
  });
});

describe('memory', () => {
  const stress = (bytes: string, limit: string) => ({
    command: ['stress'],
    args: ['--vm', '1', '--vm-bytes', bytes, '--vm-hang', '1'],
    resources: { limits: { memory: limit } },
  });
  it('above the limit ends the container', async () => {
    const world = await run(stress('250M', '100Mi'), { image: 'polinux/stress' });
    expect(stateOf(world)?.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });
  it('below the limit does not', async () => {
    const world = await run(stress('150M', '200Mi'), { image: 'polinux/stress' });
    expect(stateOf(world)?.running).toBeDefined();
    expect(world.log('app')).toBe('stress: info: [1] dispatching hogs: 0 cpu, 0 io, 1 vm, 0 hdd\n');
  });
});

it("knows the pod's own address, and the node's amounts where there is no limit", async () => {
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const world = await run({
    command: ['env'],
    env: [
      field('IP', 'status.podIP'),
      { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      { name: 'ASKED', valueFrom: { resourceFieldRef: { resource: 'requests.cpu' } } },
    ],
  });
  const env = world.log('app').split('\n');
  expect(env).toContain(`IP=${world.pod('app').status?.podIP}`);
  expect(env).toContain('CPU=8');
  expect(env).toContain('ASKED=0');
});

it('leaves out keys that are no names of variables, and says so', async () => {
  const world = await TestWorld.start();
  world.create('configmaps', { metadata: { name: 'c' }, data: { GOOD: '1', '1bad': '2' } });
  world.create(
    'pods',
    podOf('app', 'tools', { command: ['env'], envFrom: [{ configMapRef: { name: 'c' } }] }, { restartPolicy: 'Never' }),
  );
  await world.advance(5000);
  expect(world.log('app')).toContain('GOOD=1\n');
  expect(world.log('app')).not.toContain('1bad');
  expect(world.events('app')).toContain(
    'InvalidEnvironmentVariableNames: Keys [1bad] from the EnvFrom configMap shop/c were skipped since they are considered invalid environment variable names.',
  );
});

describe('the name of an image', () => {
  it.each([
    ['Nginx', 'invalid reference format: repository name (library/Nginx) must be lowercase'],
    ['nginx:', 'invalid reference format'],
    ['nginx:a b', 'invalid reference format'],
  ])('%s', async (image, why) => {
    const world = await run({}, { image });
    const text = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${why}`;
    expect(stateOf(world)?.waiting).toEqual({ reason: 'InvalidImageName', message: text });
    expect(world.events('app')).toContain(`InspectFailed: ${text}`);
  });
});

describe('a gRPC probe', () => {
  const probe = (more: object = {}) => ({
    args: ['grpc-health-checking'],
    readinessProbe: { grpc: { port: 5000, ...more }, periodSeconds: 1 },
  });
  const reach = async (world: TestWorld) => {
    for (let i = 0; i < 5; i++) await world.advance(1000);
    return world.pod('app').status?.containerStatuses?.[0]?.ready;
  };
  it('is well when the server says so', async () => {
    const world = await run(probe(), { image: AGNHOST });
    expect(await reach(world)).toBe(true);
  });
  it('says what came instead', async () => {
    const world = await run(probe({ port: 5001 }), { image: AGNHOST });
    expect(await reach(world)).toBe(false);
    expect(world.events('app').find((text) => text.startsWith('Unhealthy'))).toMatch(
      /^Unhealthy: Readiness probe failed: timeout: failed to connect service "10\.\d+\.\d+\.\d+:5001" within 1s: context deadline exceeded$/,
    );
  });
});

it('a pod with hostPID sees the processes of its node, and of others that do; when it ends they go on', async () => {
  const world = await TestWorld.start();
  const spec = { nodeName: 'worker01', hostPID: true };
  for (const name of ['a', 'b']) world.create('pods', podOf(name, 'sleep', {}, spec));
  world.create('pods', podOf('own', 'sleep', {}, { nodeName: 'worker01' }));
  await world.advance(2000);
  const commands = async (pod: string) =>
    [...((await world.cluster.podMachine('shop', pod))?.pids.processes.values() ?? [])].map(({ argv }) => argv[0]);
  expect(await commands('a')).toEqual(['/usr/sbin/sshd', 'sleep', 'sleep']);
  expect(await commands('own')).toEqual(['sleep']);
  world.cluster.client.delete('pods', 'shop', 'b');
  await world.advance(2000);
  expect(await commands('a')).toEqual(['/usr/sbin/sshd', 'sleep']);
});

it('waits longer and longer for a command that is not there', async () => {
  const world = await TestWorld.start({ profile: 'kubernetes' });
  world.create('pods', podOf('app', 'tools', { command: ['nosuch'] }));
  await world.advance(45_000);
  const status = world.pod('app').status?.containerStatuses?.[0];
  expect(status).toMatchObject({
    restartCount: 3,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { reason: 'StartError', exitCode: 128 } },
  });
});
