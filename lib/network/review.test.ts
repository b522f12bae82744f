// Reviews: by name through the resolver, by service, by pod; and the matrix by labels.
import { describe, expect, test } from 'vitest';
import type { Network } from './network';
import { ReviewError, reviewPath, reviewReachability } from './review';
import { pod, service, slice, testNetwork } from './testing/fixture';

const conf = 'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 172.30.0.10\noptions ndots:5\n';
const context = {
  resolvConf: () => conf,
  upstream: (name: string) => (name === 'www.example.com' ? ['192.168.50.60'] : undefined),
};
const client = { namespace: 'shop', pod: 'client' };

function shop(dns = true): Network {
  const network = testNetwork();
  for (const name of ['shop', 'data', 'openshift-dns']) network.apply({ kind: 'Namespace', metadata: { name } });
  network.apply(pod('openshift-dns', 'dns-default-x', { ip: '10.128.0.9', node: 'master01' }));
  network.setListener('pod/openshift-dns/dns-default-x', 'UDP', 5353, '::', true);
  network.apply(
    service('openshift-dns', 'dns-default', { ip: '172.30.0.10', port: 53, protocol: 'UDP', selector: { a: 'b' } }),
  );
  network.apply(slice('openshift-dns', 'dns-default', 5353, dns ? [{ ip: '10.128.0.9' }] : [], 'UDP'));
  network.apply(pod('shop', 'client', { ip: '10.128.2.10' }));
  network.apply(pod('data', 'db', { ip: '10.128.4.20', node: 'worker02', labels: { app: 'db' } }));
  network.setListener('pod/data/db', 'TCP', 3306, '0.0.0.0', true);
  network.apply(service('data', 'db', { ip: '172.30.10.20', port: 3306, selector: { app: 'db' } }));
  network.apply(slice('data', 'db', 3306, [{ ip: '10.128.4.20', node: 'worker02', pod: 'db' }]));
  network.putOutsideHost({ name: 'www', addresses: ['192.168.50.60'] });
  network.setListener('outside/www', 'TCP', 80, '0.0.0.0', true);
  return network;
}

describe('PathReview', () => {
  test('a name, with the search list as hops', () => {
    const { verdict, hops, destination } = reviewPath(
      shop(),
      { from: client, to: { name: 'db.data' }, port: 3306 },
      context,
    );
    expect(hops.filter(({ stage }) => stage === 'resolve').map(({ detail }) => detail)).toEqual([
      'db.data.shop.svc.cluster.local. NXDOMAIN',
      'db.data.svc.cluster.local. is 172.30.10.20',
    ]);
    expect([verdict, destination?.host]).toEqual(['delivered', 'pod/data/db']);
  });

  test('a name of another namespace: says where it is', () => {
    const got = reviewPath(shop(), { from: client, to: { name: 'db' }, port: 3306 }, context);
    expect(got.verdict).toBe('name-error');
    expect(got.reason).toContain('there is a service db in namespace data: db.data');
  });

  test('a name beyond the cluster', () => {
    const got = reviewPath(shop(), { from: client, to: { name: 'www.example.com' }, port: 80 }, context);
    expect([got.verdict, got.destination?.host]).toEqual(['delivered', 'outside/www']);
  });

  test('no DNS pods', () => {
    const got = reviewPath(shop(false), { from: client, to: { name: 'db.data' }, port: 3306 }, context);
    expect(got.verdict).toBe('name-error');
    expect(got.reason).toContain('name server 172.30.0.10 does not answer: service dns-default selects a=b');
  });

  test.each([
    [{ service: { namespace: 'data', name: 'db' } }, 'delivered'],
    [{ pod: { namespace: 'data', name: 'db' } }, 'delivered'],
    [{ address: '10.128.4.20' }, 'delivered'],
  ])('to %j', (to, verdict) =>
    expect(reviewPath(shop(), { from: client, to, port: 3306 }, context).verdict).toBe(verdict),
  );

  test.each<[Parameters<typeof reviewPath>[1], string]>([
    [{ from: { node: 'worker09' }, to: { address: '10.128.4.20' }, port: 80 }, 'nodes "worker09" not found'],
    [{ from: client, to: { service: { namespace: 'data', name: 'no' } }, port: 80 }, 'services "no" not found'],
    [{ from: client, to: {}, port: 80 }, 'spec.to: Required value'],
    [{ from: client, to: { address: '10.128.4.20' }, port: 65536 }, 'must be between 1 and 65535, inclusive'],
  ])('%j is refused', (spec, message) => {
    expect(() => reviewPath(shop(), spec, context)).toThrow(ReviewError);
    expect(() => reviewPath(shop(), spec, context)).toThrow(message);
  });
});

test('ReachabilityReview by list and by labels', () => {
  const ports = [{ port: 3306 }];
  const listed = reviewReachability(shop(), {
    from: [client],
    to: [{ service: { namespace: 'data', name: 'db' } }],
    ports,
  });
  expect(listed.cells).toEqual([
    { from: 'shop/client', to: 'data/db', port: 3306, protocol: 'TCP', verdict: 'delivered', policy: '' },
  ]);
  const selected = reviewReachability(shop(), {
    from: { namespace: 'shop' },
    to: { podSelector: { matchLabels: { app: 'db' } } },
    ports,
  });
  expect(selected.cells.map(({ to, verdict }) => [to, verdict])).toEqual([['data/db', 'delivered']]);
});
