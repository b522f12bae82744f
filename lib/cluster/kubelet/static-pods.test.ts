// Pods that a node runs because of a file in its folder.
import { expect, test } from 'vitest';
import { TestWorld } from '../testing/world';

const FILE = '/etc/kubernetes/manifests/web.yaml';

const manifest = (image: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { containers: [{ name: 'main', image: `registry.test/${image}` }] },
  });

/** A pod by which the node's files are written, as `oc debug node` does it. */
async function onNode(world: TestWorld) {
  world.create('pods', {
    metadata: { name: 'debug' },
    spec: {
      nodeName: 'worker01',
      containers: [
        { name: 'main', image: 'registry.test/sleep', volumeMounts: [{ name: 'host', mountPath: '/host' }] },
      ],
      volumes: [{ name: 'host', hostPath: { path: '/' } }],
    },
  });
  await world.advance(1000);
  const machine = await world.cluster.podMachine('shop', 'debug');
  if (!machine) throw new Error('no machine');
  const { fs } = machine.mounts.find('/host');
  return {
    async write(text: string) {
      const data = new TextEncoder().encode(text);
      fs.set(FILE, { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, data });
      await world.advance(60_000);
    },
    async remove() {
      fs.remove(FILE);
      await world.advance(60_000);
    },
  };
}

test('a manifest becomes a pod with a mirror that belongs to the node', async () => {
  const world = await TestWorld.start();
  const node = await onNode(world);
  await node.write(manifest('web'));
  const { metadata, spec, status } = world.pod('web-worker01');
  expect(status?.phase).toBe('Running');
  expect(spec.nodeName).toBe('worker01');
  expect(metadata.ownerReferences).toMatchObject([{ kind: 'Node', name: 'worker01', controller: true }]);
  const notes = metadata.annotations ?? {};
  expect(notes['kubernetes.io/config.source']).toBe('file');
  expect(notes['kubernetes.io/config.mirror']).toBe(notes['kubernetes.io/config.hash']);
  expect(spec.volumes ?? []).toEqual([]); // no service account's token
  expect(await world.ask('debug', status?.podIP ?? '', 80)).toBe('web-worker01');
});

test('a deleted mirror comes back, and its containers have not noticed', async () => {
  const world = await TestWorld.start();
  const node = await onNode(world);
  await node.write(manifest('web'));
  const before = world.pod('web-worker01');
  world.cluster.client.delete('pods', 'shop', 'web-worker01');
  await world.advance(1000);
  const after = world.pod('web-worker01');
  expect(after.metadata.uid).not.toBe(before.metadata.uid);
  expect(after.metadata.deletionTimestamp).toBeUndefined();
  expect(after.status?.containerStatuses?.[0]).toEqual(before.status?.containerStatuses?.[0]);
  expect(after.status?.podIP).toBe(before.status?.podIP);
  expect(world.log('debug')).toBe('');
  expect(world.bugs).toEqual([]);
});

test('a changed manifest replaces the pod, and one that is gone ends it', async () => {
  const world = await TestWorld.start();
  const node = await onNode(world);
  await node.write(manifest('web'));
  await node.write(manifest('sleep'));
  expect(world.pod('web-worker01').spec.containers[0]?.image).toBe('registry.test/sleep');
  await node.write('this is no pod');
  expect(world.get('pods', 'web-worker01')).toBeUndefined();
  await node.write(manifest('web'));
  await node.remove();
  expect(world.get('pods', 'web-worker01')).toBeUndefined();
});

test('after a crash the node still has its pod, and keeps it', async () => {
  const world = await TestWorld.start();
  const node = await onNode(world);
  await node.write(manifest('web'));
  const again = await world.restored('crash');
  again.cluster.client.delete('pods', 'shop', 'web-worker01');
  await again.advance(2000);
  expect(again.pod('web-worker01').status?.containerStatuses?.[0]?.restartCount).toBe(1);
  expect(again.bugs).toEqual([]);
});

const CONTROL_PLANE = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

test('the control plane of kubeadm runs by manifests of its node, healthy once somebody looks', async () => {
  const world = await TestWorld.start({ profile: 'kubernetes' });
  for (const component of CONTROL_PLANE) {
    const name = `${component}-controlplane`;
    const before = world.get('pods', name, 'kube-system');
    expect(before?.metadata.labels).toEqual({ component, tier: 'control-plane' });
    expect(before?.metadata.ownerReferences).toMatchObject([{ kind: 'Node', name: 'controlplane' }]);
    expect(before?.['status'].containerStatuses[0].containerID).toMatch(/^containerd:/);
    await world.clock.drive(world.cluster.podMachine('kube-system', name), 60_000);
  }
  await world.advance(120_000);
  for (const component of CONTROL_PLANE) {
    const pod = world.get('pods', `${component}-controlplane`, 'kube-system');
    expect(pod?.['status']).toMatchObject({ phase: 'Running', containerStatuses: [{ ready: true, restartCount: 0 }] });
  }
  expect(world.list('events', 'kube-system').map((event) => event['message'])).toEqual([]);
  expect(world.bugs).toEqual([]);
});

/** A cluster of kubeadm, and how a file is taken from the folder of its control plane. */
async function kubeadm() {
  const world = await TestWorld.start({ profile: 'kubernetes' });
  world.create('pods', {
    metadata: { name: 'debug' },
    spec: {
      nodeName: 'controlplane',
      containers: [
        { name: 'main', image: 'registry.test/sleep', volumeMounts: [{ name: 'host', mountPath: '/host' }] },
      ],
      volumes: [{ name: 'host', hostPath: { path: '/' } }],
    },
  });
  await world.advance(1000);
  const machine = await world.cluster.podMachine('shop', 'debug');
  return {
    world,
    async remove(component: string) {
      machine?.mounts.find('/host').fs.remove(`/etc/kubernetes/manifests/${component}.yaml`);
      await world.advance(60_000);
    },
  };
}

/** The node that a new pod gets within a while. */
async function placed(world: TestWorld, name: string): Promise<string | undefined> {
  world.create('pods', { metadata: { name }, spec: { containers: [{ name: 'main', image: 'registry.test/sleep' }] } });
  await world.advance(5000);
  return world.pod(name).spec.nodeName;
}

test("what the installer left is looked at when it is needed: a mirror comes back, a removed file's does not", async () => {
  const { world, remove } = await kubeadm();
  const pod = () => world.get('pods', 'kube-scheduler-controlplane', 'kube-system');
  const before = pod()?.metadata.uid;
  world.cluster.client.delete('pods', 'kube-system', 'kube-scheduler-controlplane');
  await world.advance(2000);
  expect(pod()?.metadata.uid).not.toBe(before);
  await remove('kube-scheduler');
  expect(pod()).toBeUndefined();
});

test('without its scheduler a cluster places nothing, in a copy neither', async () => {
  const { world, remove } = await kubeadm();
  expect(await placed(world, 'one')).toMatch(/^node0/);
  await remove('kube-scheduler');
  expect(await placed(world, 'two')).toBeUndefined();
  const copy = await world.restored('fork');
  expect(await placed(copy, 'three')).toBeUndefined();
  expect(copy.bugs).toEqual([]);
});

test('a world that was stored without a control plane goes on without', async () => {
  const { world } = await kubeadm();
  world.state.table('cluster').delete('by-kubeadm');
  for (const component of CONTROL_PLANE) world.cluster.store.delete('pods', 'kube-system', `${component}-controlplane`);
  const old = await world.restored('crash');
  expect(await placed(old, 'one')).toMatch(/^node0/);
  await old.advance(60_000);
  expect(old.get('pods', 'etcd-controlplane', 'kube-system')).toBeUndefined();
  expect(old.bugs).toEqual([]);
});
