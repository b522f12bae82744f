import { expect, test } from 'vitest';
import { diffMerge, mergePatch, threeWayMerge } from './merge-patch';
import { threeWay, twoWay } from './strategic';

const container = (name: string, more: object = {}) => ({ name, image: 'a', ...more });

test.each([
  ['nothing', { a: 1 }, { a: 1 }, {}],
  ['a value', { a: 1, b: 2 }, { a: 3, b: 2 }, { a: 3 }],
  ['a field gone', { a: 1, b: { c: 1 } }, { a: 1, b: {} }, { b: { c: null } }],
  ['a plain list is replaced whole', { args: ['x'] }, { args: ['x', 'y'] }, { args: ['x', 'y'] }],
  [
    'a container by its name',
    { containers: [container('a'), container('b')] },
    { containers: [container('a', { image: 'z' }), container('b')] },
    { '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }], containers: [{ image: 'z', name: 'a' }] },
  ],
  [
    'a container gone',
    { containers: [container('a'), container('b')] },
    { containers: [container('b')] },
    { '$setElementOrder/containers': [{ name: 'b' }], containers: [{ $patch: 'delete', name: 'a' }] },
  ],
  [
    'ports of a service by their number',
    { ports: [{ port: 80 }] },
    { ports: [{ port: 80 }, { port: 443 }] },
    { '$setElementOrder/ports': [{ port: 80 }, { port: 443 }], ports: [{ port: 443 }] },
  ],
])('a strategic patch of %s', (_, before, after, patch) => {
  expect(twoWay(before, after)).toEqual(patch);
});

test('apply deletes what it set before and leaves what others set', () => {
  const original = { spec: { replicas: 1, paused: true } };
  const modified = { spec: { replicas: 2 } };
  const current = { spec: { replicas: 1, paused: true, revisionHistoryLimit: 10 } };
  expect(threeWay(original, modified, current)).toEqual({ spec: { replicas: 2, paused: null } });
  expect(threeWayMerge(original, modified, current)).toEqual({ spec: { replicas: 2, paused: null } });
  expect(threeWay(modified, modified, { spec: { replicas: 2, revisionHistoryLimit: 10 } })).toEqual({});
  expect(threeWayMerge(modified, modified, { spec: { replicas: 2, other: 1 } })).toEqual({});
});

test('merge patches as RFC 7386 has them', () => {
  expect(mergePatch({ a: { b: 1, c: 2 } }, { a: { b: null, d: [1] } })).toEqual({ a: { c: 2, d: [1] } });
  expect(diffMerge({ a: 1, b: 2 }, { b: 3 })).toEqual({ a: null, b: 3 });
  expect(diffMerge({ a: [1] }, { a: [1] })).toBeUndefined();
});
