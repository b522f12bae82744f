// Claims and volumes: the default class, protection of what is used, growth, loss.
import { expect, test } from 'vitest';
import { isDefaultClass } from '../resources/storage-class';
import { podOf, TestWorld } from '../testing/world';

const CLAIMS = 'persistentvolumeclaims';
const claim = (name: string, spec: object = {}) => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});
const mounted = (name: string, of: string) =>
  podOf(name, 'sleep', {}, { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: of } }] });
const events = (world: TestWorld, name: string) =>
  world
    .list('events')
    .filter((event) => event['involvedObject'].name === name)
    .map((event) => event['reason']);

test('a claim that names no class gets the default one, and a volume of its provisioner', async () => {
  const world = await TestWorld.start();
  const preferred = world.cluster.store.list('storageclasses.storage.k8s.io').find(isDefaultClass);
  world.create(CLAIMS, claim('data'));
  await world.advance(1000);
  const found = world.get(CLAIMS, 'data');
  expect(found).toMatchObject({
    metadata: {
      finalizers: ['kubernetes.io/pvc-protection'],
      annotations: { 'volume.kubernetes.io/storage-provisioner': preferred?.['provisioner'] },
    },
    spec: { storageClassName: preferred?.metadata.name },
    status: { phase: 'Bound', capacity: { storage: '1Gi' } },
  });
  expect(events(world, 'data')).toEqual(['ExternalProvisioning', 'Provisioning', 'ProvisioningSucceeded']);
  world.create(CLAIMS, claim('none', { storageClassName: '' }));
  await world.advance(1000);
  expect(world.get(CLAIMS, 'none')).toMatchObject({ spec: { storageClassName: '' }, status: { phase: 'Pending' } });
});

test('a claim in use goes when its last pod does, and its volume with it', async () => {
  const world = await TestWorld.start();
  world.create(CLAIMS, claim('data'));
  world.create('pods', mounted('web', 'data'));
  await world.advance(5000);
  const volume: string = world.get(CLAIMS, 'data')?.['spec'].volumeName;
  world.cluster.client.delete(CLAIMS, 'shop', 'data');
  await world.advance(5000);
  expect(world.get(CLAIMS, 'data')?.metadata.deletionTimestamp).toBeTruthy();
  world.cluster.client.delete('pods', 'shop', 'web');
  await world.advance(60_000);
  expect(world.get(CLAIMS, 'data')).toBeUndefined();
  expect(world.cluster.store.get('persistentvolumes', undefined, volume)).toBeUndefined();
});

test('a claim grows where its class allows it, and is refused where not', async () => {
  const world = await TestWorld.start();
  world.create('storageclasses.storage.k8s.io', {
    metadata: { name: 'grows' },
    provisioner: 'example.com/disks',
    allowVolumeExpansion: true,
  });
  world.create(CLAIMS, claim('fixed'));
  world.create(CLAIMS, claim('data', { storageClassName: 'grows' }));
  await world.advance(1000);
  const ask = (name: string) =>
    world.cluster.client.patch(CLAIMS, 'shop', name, { spec: { resources: { requests: { storage: '2Gi' } } } });
  expect(() => ask('fixed')).toThrow('only dynamically provisioned pvc can be resized');
  ask('data');
  await world.advance(1000);
  expect(world.get(CLAIMS, 'data')?.['status'].capacity).toEqual({ storage: '2Gi' });
});

test('a claim whose volume is taken away is lost', async () => {
  const world = await TestWorld.start();
  world.create(CLAIMS, claim('data'));
  await world.advance(1000);
  const volume: string = world.get(CLAIMS, 'data')?.['spec'].volumeName;
  const { client, store } = world.cluster;
  client.delete('persistentvolumes', undefined, volume);
  await world.advance(1000);
  expect(store.get('persistentvolumes', undefined, volume)?.metadata.deletionTimestamp).toBeTruthy();
  client.patch('persistentvolumes', undefined, volume, { metadata: { finalizers: null } });
  await world.advance(1000);
  expect(world.get(CLAIMS, 'data')?.['status'].phase).toBe('Lost');
  expect(events(world, 'data')).toContain('ClaimLost');
});
