// Reviews over HTTP: what is refused before the network is asked, what the network says, and who may ask.
import { describe, expect, test } from 'vitest';
import { ReviewError } from '../../../network/review';
import type { NetworkReviews } from '../../reviews';
import { openWorld } from '../testing/world';

const path = '/apis/podlab.dev/v1/pathreviews';
const matrix = '/apis/podlab.dev/v1/reachabilityreviews';
const from = { namespace: 't1', pod: 'a' };
const to = { address: '10.0.0.1' };

const reviews: NetworkReviews = {
  path: ({ to: { pod } }) => {
    if (pod?.name === 'gone') throw new ReviewError('NotFound', 'pods', 'gone');
    return { verdict: 'delivered', reason: 'fine', hops: [], source: { address: '10.0.0.9', port: 0 } };
  },
  reachability: () => ({ cells: [] }),
};
const world = openWorld({ reviews });

const post = (url: string, kind: string, spec: unknown) =>
  world.call('POST', url, { body: { apiVersion: 'podlab.dev/v1', kind, spec } });

describe('PathReview', () => {
  test('answers with the verdict, and keeps nothing', async () => {
    const { status, json } = await post(path, 'PathReview', { from, to, port: 80 });
    expect([status, json.kind, json.status.verdict, json.spec.port]).toEqual([201, 'PathReview', 'delivered', 80]);
    expect((await world.call('GET', path)).status).toBe(405);
  });

  test.each<[string, object, string]>([
    ['no source', { from: {}, to }, 'spec.from: Required value: one of pod, node, host'],
    ['a pod without namespace', { from: { pod: 'a' }, to }, 'spec.from.namespace: Required value'],
    ['no target', { from, to: {} }, 'spec.to: Required value: one of name, address, service, pod'],
    [
      'two targets',
      { from, to: { name: 'a', address: '10.0.0.1' } },
      'spec.to: Invalid value: {"name":"a","address":"10.0.0.1"}: may only have one of name, address, service, pod',
    ],
    ['port 0', { from, to, port: 0 }, 'spec.port: Invalid value: 0: must be between 1 and 65535, inclusive'],
    [
      'port 65536',
      { from, to, port: 65536 },
      'spec.port: Invalid value: 65536: must be between 1 and 65535, inclusive',
    ],
    ['UDP without port', { from, to, protocol: 'UDP' }, 'spec.port: Required value'],
    [
      'an unknown protocol',
      { from, to, port: 1, protocol: 'QUIC' },
      'spec.protocol: Unsupported value: "QUIC": supported values: "TCP", "UDP", "SCTP", "ICMP"',
    ],
  ])('%s', async (_name, spec, message) => {
    const { status, json } = await post(path, 'PathReview', spec);
    expect([status, json.message]).toEqual([422, `PathReview.podlab.dev "" is invalid: ${message}`]);
  });

  test('what is not there', async () => {
    const { status, json } = await post(path, 'PathReview', { from, to: { pod: { namespace: 't1', name: 'gone' } } });
    expect([status, json.message]).toEqual([404, 'pods "gone" not found']);
  });
});

describe('ReachabilityReview', () => {
  test.each<[string, object, string]>([
    ['no ports', { from: [from], to: [from] }, 'spec.ports: Required value'],
    [
      'no sources',
      { to: [from], ports: [{ port: 80 }] },
      'spec.from: Required value: a list, or namespace, namespaceSelector and podSelector',
    ],
    [
      'too many cells',
      { from: Array(600).fill(from), to: Array(600).fill(from), ports: [{ port: 80 }] },
      'spec: Invalid value: 360000: must ask for at most 250000 cells',
    ],
  ])('%s', async (_name, spec, message) => {
    const { status, json } = await post(matrix, 'ReachabilityReview', spec);
    expect([status, json.message]).toEqual([422, `ReachabilityReview.podlab.dev "" is invalid: ${message}`]);
  });

  test('a selection by labels', async () => {
    const spec = {
      from: { namespace: 't1', podSelector: { matchLabels: { app: 'a' } } },
      to: [from],
      ports: [{ port: 80 }],
    };
    expect((await post(matrix, 'ReachabilityReview', spec)).json.status).toEqual({ cells: [] });
  });
});

test('a review shows only what its maker may read', async () => {
  const limited = openWorld({
    reviews,
    auth: () => ({
      ...world.auth,
      authenticate: () => ({ name: 'developer', groups: [] }),
      authorize: (_user, { resource, namespace }) => ({
        allowed: resource === 'pathreviews' || namespace === 't1',
        reason: '',
      }),
    }),
  });
  const ask = (spec: object) =>
    limited.call('POST', path, { body: { apiVersion: 'podlab.dev/v1', kind: 'PathReview', spec } });
  expect((await ask({ from, to })).status).toBe(201);
  const { json } = await ask({ from: { namespace: 'secret', pod: 'a' }, to });
  expect(json.message).toBe(
    'pods "a" is forbidden: User "developer" cannot get resource "pods" in API group "" in the namespace "secret"',
  );
});
