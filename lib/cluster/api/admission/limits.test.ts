import { expect, it } from 'vitest';
import { openWorld } from '../testing/world';

const meta = (name: string) => ({ name, namespace: 't1' });
const pod = (name: string, resources: object = {}) => ({
  metadata: meta(name),
  spec: { containers: [{ name: 'c', image: 'i', resources }] },
});

it('sets the defaults of a limit range and says so', () => {
  const { operations } = openWorld();
  operations.create('limitranges', {
    metadata: meta('l'),
    spec: {
      limits: [{ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m', memory: '64Mi' } }],
    },
  });
  const made = operations.create('pods', pod('a'));
  expect(made['spec'].containers[0].resources).toEqual({
    limits: { cpu: '500m' },
    requests: { cpu: '100m', memory: '64Mi' },
  });
  expect(made.metadata.annotations?.['kubernetes.io/limit-ranger']).toBe(
    'LimitRanger plugin set: cpu, memory request for container c; cpu limit for container c',
  );
  expect(made['status'].qosClass).toBe('Burstable');
});

it.each([
  [{ max: { cpu: '1' } }, { limits: { cpu: '2' } }, 'maximum cpu usage per Container is 1, but limit is 2'],
  [{ max: { memory: '1Gi' } }, {}, undefined],
  [
    { min: { memory: '64Mi' } },
    { requests: { memory: '1Mi' } },
    'minimum memory usage per Container is 64Mi, but request is 1Mi',
  ],
  [
    { maxLimitRequestRatio: { cpu: '2' } },
    { limits: { cpu: '3' }, requests: { cpu: '1' } },
    'cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000',
  ],
])('bounds %j', (bounds, resources, message) => {
  const { operations } = openWorld();
  operations.create('limitranges', { metadata: meta('l'), spec: { limits: [{ type: 'Container', ...bounds }] } });
  const act = () => operations.create('pods', pod('p', resources));
  if (message) expect(act).toThrow(`pods "p" is forbidden: ${message}`);
  else expect(act).not.toThrow();
});

it('refuses what exceeds a quota, with what is used', () => {
  const { operations } = openWorld();
  operations.create('resourcequotas', {
    metadata: meta('q'),
    spec: { hard: { pods: '2', 'limits.memory': '1Gi', services: '1', 'count/deployments.apps': '0' } },
  });
  const limits = { limits: { memory: '512Mi' } };
  expect(() => operations.create('pods', pod('a'))).toThrow(
    'pods "a" is forbidden: failed quota: q: must specify limits.memory for: c',
  );
  operations.create('pods', pod('a', limits));
  expect(() => operations.create('pods', pod('b', { limits: { memory: '768Mi' } }))).toThrow(
    'pods "b" is forbidden: exceeded quota: q, requested: limits.memory=768Mi, used: limits.memory=512Mi, limited: limits.memory=1Gi',
  );
  operations.create('pods', pod('b', limits));
  expect(() => operations.create('pods', pod('c', { limits: { memory: '0' } }))).toThrow(
    'exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2',
  );
  operations.create('services', { metadata: meta('s'), spec: { ports: [{ port: 80 }] } });
  expect(() => operations.create('services', { metadata: meta('s2'), spec: { ports: [{ port: 80 }] } })).toThrow(
    'services "s2" is forbidden: exceeded quota: q, requested: services=1, used: services=1, limited: services=1',
  );
  operations.delete('pods', 't1', 'a');
  operations.create('pods', pod('c', limits));
});
