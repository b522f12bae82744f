// What a new cluster is furnished with: that it is whole, that it is not stored, and that workloads can follow it.
import { expect, test } from 'vitest';
import { pull } from '../../images';
import { latestOf } from '../image-import';
import type { KubeObject } from '../store/types';
import { podOf, TestWorld } from '../testing/world';
import { FURNITURE } from './index';

const STREAMS = 'imagestreams.image.openshift.io';
const TEMPLATES = 'templates.template.openshift.io';
const CONFIGS = 'deploymentconfigs.apps.openshift.io';
const made = (resource: string) =>
  FURNITURE[resource]?.({
    created: '2026-01-01T00:00:00Z',
    release: '4.18.6',
    kubernetes: '1.31.6',
    pull,
    nodes: [],
    sshKey: '',
  }) ?? [];

test.each(made(STREAMS).map((stream) => [stream.metadata?.name ?? '', stream as KubeObject] as const))(
  'each tag of %s has an image',
  (_name, stream) => {
    const asked: { name: string }[] = stream['spec'].tags;
    expect(asked.filter(({ name }) => !latestOf(stream, name))).toEqual([]);
  },
);

test.each(made(TEMPLATES).map((template) => [template.metadata?.name ?? '', template] as const))(
  '%s follows a tag that is there, and names no parameter that it has not',
  (_name, template) => {
    const parameters: { name: string; value?: string }[] = template['parameters'];
    const named = [...JSON.stringify([template['objects'], template['message']]).matchAll(/\$\{(\w+)\}/g)];
    const known = new Set(parameters.map(({ name }) => name));
    expect(named.map(([, name = '']) => name).filter((name) => !known.has(name))).toEqual([]);
    const objects = template['objects'] as KubeObject[];
    const triggers = objects.find(({ kind }) => kind === 'DeploymentConfig')?.['spec'].triggers ?? [];
    const stream = String(triggers[0]?.imageChangeParams.from.name).split(':')[0];
    const tag = parameters.find(({ name }) => name.endsWith('_VERSION'))?.value ?? '';
    const found = made(STREAMS).find(({ metadata }) => metadata?.name === stream) as KubeObject;
    expect(latestOf(found, tag)).toBeDefined();
  },
);

test('it takes no room in the state, is the same after a crash, and what was deleted stays away', async () => {
  const world = await TestWorld.start();
  const stored = () => [...world.state.table('objects').keys()].filter((key) => key.startsWith(STREAMS));
  const before = world.get(STREAMS, 'php', 'openshift');
  expect(before?.metadata.creationTimestamp).toBe('2025-11-25T08:00:00Z');
  expect(stored()).toEqual([]);
  world.cluster.client.delete(STREAMS, 'openshift', 'ruby');
  const again = await world.restored('crash');
  expect(again.get(STREAMS, 'php', 'openshift')).toEqual(before);
  expect(again.get(STREAMS, 'ruby', 'openshift')).toBeUndefined();
});

const followers = (tag: string) => ({
  metadata: { name: 'db' },
  spec: {
    selector: { app: 'db' },
    template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: ' ' }] } },
    triggers: [
      { type: 'ConfigChange' },
      {
        type: 'ImageChange',
        imageChangeParams: {
          automatic: true,
          containerNames: ['db'],
          from: { kind: 'ImageStreamTag', name: tag, namespace: 'openshift' },
        },
      },
    ],
  },
});

test('a deployment config follows a tag of another project, and its first rollout waits for the image', async () => {
  const world = await TestWorld.start();
  world.create(CONFIGS, followers('mysql:mine'));
  await world.advance(1000);
  expect(world.list('replicationcontrollers')).toEqual([]);
  const stream = world.get(STREAMS, 'mysql', 'openshift') as KubeObject;
  const tag = { name: 'mine', from: { kind: 'ImageStreamTag', name: '8.0-el8' }, generation: 3 };
  world.cluster.client.update(STREAMS, { ...stream, spec: { ...stream['spec'], tags: [...stream['spec'].tags, tag] } });
  await world.advance(1000);
  expect(world.list('replicationcontrollers').map(({ metadata }) => metadata.name)).toEqual(['db-1']);
  const trigger = world.get(CONFIGS, 'db')?.['spec'].triggers[1];
  expect(trigger.imageChangeParams.lastTriggeredImage).toBe(world.pods()[0]?.spec.containers[0]?.image);
  expect(world.bugs).toEqual([]);
});

test('an image of the registry inside is pulled by way of its stream', async () => {
  const world = await TestWorld.start();
  const inside = 'image-registry.openshift-image-registry.svc:5000/openshift';
  world.create('pods', podOf('in', '', { image: `${inside}/tools:latest`, command: ['sleep', '1000'] }));
  world.create('pods', podOf('out', '', { image: `${inside}/none:latest` }));
  await world.advance(5000);
  expect(world.pod('in').status?.phase).toBe('Running');
  expect(world.events('out').join()).toContain('reading manifest latest in image-registry');
});

test.each([
  ['a stream that allows it', { local: true }, {}, /^docker\.io\/library\/nginx@sha256:/],
  ['a pod that asks for it', { local: false }, { 'alpha.image.policy.openshift.io/resolve-names': '*' }, /@sha256:/],
  ['nobody', { local: false }, {}, /^web$/],
])('pods name image streams by leave of %s', async (_who, lookupPolicy, annotations, image) => {
  const world = await TestWorld.start();
  const tags = [{ name: 'latest', from: { kind: 'DockerImage', name: 'nginx:1.25' }, generation: 1 }];
  world.create(STREAMS, { metadata: { name: 'web' }, spec: { lookupPolicy, tags } });
  await world.advance(100);
  const pod = podOf('web', '', { image: 'web' });
  world.create('pods', { ...pod, metadata: { name: 'web', annotations } });
  expect(world.pod('web').spec.containers[0]?.image).toMatch(image);
});

test.each(['openshift', 'kubernetes'] as const)(
  '%s has flow schemas, each of a level that is there',
  async (profile) => {
    const world = await TestWorld.start({ profile });
    const group = 'flowcontrol.apiserver.k8s.io';
    const levels = world.cluster.store
      .list(`prioritylevelconfigurations.${group}`)
      .map(({ metadata }) => metadata.name);
    const schemas = world.cluster.store.list(`flowschemas.${group}`);
    expect(schemas).toHaveLength(13);
    expect(levels).toHaveLength(8);
    for (const { spec } of schemas) expect(levels).toContain(spec?.priorityLevelConfiguration.name);
    expect([...world.state.table('objects').keys()].filter((key) => /^(flowschemas|prioritylevel)/.test(key))).toEqual(
      [],
    );
  },
);
