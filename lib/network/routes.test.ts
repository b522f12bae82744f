// Requests at the router: host, path, termination, weights, cookies, and who holds a host.
import { describe, expect, test } from 'vitest';
import type { Network } from './network';
import { decideRoute, passthroughRoute, type Route, type RouteDecision, Turns } from './routes';
import { service, slice, testNetwork } from './testing/fixture';

const route = (name: string, spec: Route['spec'], more: Partial<Route['metadata']> = {}) => ({
  apiVersion: 'route.openshift.io/v1',
  kind: 'Route',
  metadata: { namespace: 'shop', name, creationTimestamp: '2026-01-01T00:00:00Z', ...more },
  spec: { host: 'web.apps.example.com', to: { kind: 'Service', name: 'web' }, ...spec },
});

function shop(...routes: ReturnType<typeof route>[]): Network {
  const network = testNetwork();
  for (const [i, name] of ['web', 'blue', 'empty'].entries()) {
    network.apply(service('shop', name, { ip: `172.30.10.2${i}`, port: 80, targetPort: 8080 }));
    const ends = name === 'empty' ? [] : [1, 2].map((n) => ({ ip: `10.128.2.${10 * (i + 1) + n}` }));
    network.apply(slice('shop', name, 8080, ends));
  }
  for (const one of routes) network.apply(one);
  return network;
}

const text = (decision: RouteDecision): string => {
  if (decision.kind === 'forward')
    return `${decision.route.metadata.name} ${decision.backend.address.replace(/\d$/, 'x')}`;
  if (decision.kind === 'rejected') return 'rejected';
  return decision.kind === 'redirect' ? decision.location : decision.reason;
};

const ask = (network: Network, path = '/', tls = false, host = 'web.apps.example.com'): string =>
  text(decideRoute(network, { host, path, tls }));

describe('which route', () => {
  const blue = { to: { name: 'blue' } };
  test.each<[string, ReturnType<typeof route>[], string, string]>([
    ['the host', [route('a', {})], '/', 'a 10.128.2.1x'],
    ['the longest path', [route('a', {}), route('b', { ...blue, path: '/shop' })], '/shop/cart?x=1', 'b 10.128.2.2x'],
    ['whole segments only', [route('a', {}), route('b', { ...blue, path: '/shop' })], '/shopping', 'a 10.128.2.1x'],
    ['no path that fits', [route('b', { ...blue, path: '/shop' })], '/', 'no route has the host web.apps.example.com'],
    ['a service without endpoints', [route('a', { to: { name: 'empty' } })], '/', 'route a has no endpoint to send to'],
    [
      'weight zero',
      [route('a', { to: { name: 'web', weight: 0 }, alternateBackends: [{ name: 'blue' }] })],
      '/',
      'a 10.128.2.2x',
    ],
    ['a wildcard', [route('a', { host: 'any.apps.example.com', wildcardPolicy: 'Subdomain' })], '/', 'a 10.128.2.1x'],
  ])('%s', (_name, routes, path, wanted) => expect(ask(shop(...routes), path)).toBe(wanted));

  test('the port in the Host header and upper case do not matter', () =>
    expect(ask(shop(route('a', {})), '/', false, 'WEB.apps.example.com:80')).toBe('a 10.128.2.1x'));

  test('the older route of another namespace holds the host', () => {
    const young = { namespace: 'other', creationTimestamp: '2026-01-02T00:00:00Z' };
    const network = shop(route('young', {}, young), route('old', {}));
    expect(ask(network)).toBe('old 10.128.2.1x');
    expect(network.routes.claimedBy(route('young', {}, young))?.metadata.name).toBe('old');
    network.remove(route('old', {}));
    expect(network.routes.claimedBy(route('young', {}, young))).toBeUndefined();
  });
});

describe('termination', () => {
  test.each<[string | undefined, string | undefined, boolean, string]>([
    [undefined, undefined, false, 'a 10.128.2.1x'],
    [undefined, undefined, true, 'route a is not a TLS route'],
    ['edge', undefined, true, 'a 10.128.2.1x'],
    ['edge', undefined, false, 'route a takes TLS only'],
    ['edge', 'Redirect', false, 'https://web.apps.example.com/'],
    ['edge', 'Allow', false, 'a 10.128.2.1x'],
  ])('%s, insecure %s, TLS %s', (termination, insecure, tls, wanted) => {
    const spec = termination
      ? { tls: { termination, ...(insecure ? { insecureEdgeTerminationPolicy: insecure } : {}) } }
      : {};
    expect(ask(shop(route('a', spec)), '/', tls)).toBe(wanted);
  });

  test('re-encrypt speaks TLS to the backend, passthrough is known by its name', () => {
    const request = { host: 'web.apps.example.com', path: '/', tls: true };
    expect(decideRoute(shop(route('a', { tls: { termination: 'reencrypt' } })), request)).toMatchObject({
      secure: true,
    });
    expect(
      passthroughRoute(shop(route('a', { tls: { termination: 'passthrough' } })), request.host)?.metadata.name,
    ).toBe('a');
    expect(passthroughRoute(shop(route('a', { tls: { termination: 'edge' } })), request.host)).toBeUndefined();
  });
});

test('weights share requests out', () => {
  const network = shop(
    route('a', { to: { name: 'web', weight: 90 }, alternateBackends: [{ name: 'blue', weight: 10 }] }),
  );
  const counts = Array.from({ length: 1000 }, () => ask(network)).filter((one) => one === 'a 10.128.2.2x').length;
  expect(counts).toBeGreaterThan(60);
  expect(counts).toBeLessThan(140);
});

test('a cookie keeps a client on its backend until that goes', () => {
  const network = shop(route('a', {}));
  const first = decideRoute(network, { host: 'web.apps.example.com', path: '/', tls: false });
  if (first.kind !== 'forward') throw new Error('not forwarded');
  const cookie = first.setCookie?.split(';')[0] ?? '';
  for (let i = 0; i < 20; i++) {
    const next = decideRoute(network, {
      host: 'web.apps.example.com',
      path: '/',
      tls: false,
      cookie: `x=1; ${cookie}`,
    });
    expect(next).toMatchObject({ backend: { address: first.backend.address } });
    expect(next).not.toHaveProperty('setCookie');
  }
  network.apply(slice('shop', 'web', 8080, [{ ip: '10.128.2.19' }]));
  const after = decideRoute(network, { host: 'web.apps.example.com', path: '/', tls: false, cookie });
  expect(after).toMatchObject({ backend: { address: '10.128.2.19' } });
});

test('weights of several services are kept to exactly', () => {
  const network = shop(
    route('a', { to: { name: 'web', weight: 80 }, alternateBackends: [{ name: 'blue', weight: 20 }] }),
  );
  const turns = new Turns();
  const request = { host: 'web.apps.example.com', path: '/', tls: false };
  const seen = Array.from({ length: 10 }, () => text(decideRoute(network, request, undefined, turns)));
  expect(seen.filter((one) => one === 'a 10.128.2.2x')).toHaveLength(2);
});

test.each([
  ['192.168.50.0/24', '192.168.50.9', 'a 10.128.2.1x'],
  ['192.168.50.9 10.0.0.1', '192.168.50.9', 'a 10.128.2.1x'],
  ['10.0.0.1', '192.168.50.9', 'rejected'],
])('ip_whitelist %s and client %s', (list, client, wanted) => {
  const annotations = { 'haproxy.router.openshift.io/ip_whitelist': list };
  const network = shop(route('a', {}, { annotations }));
  expect(text(decideRoute(network, { host: 'web.apps.example.com', path: '/', tls: false, client }))).toBe(wanted);
});

test('a plain route of a host that an edge route holds for another path', () => {
  const network = shop(route('plain', {}), route('safe', { path: '/admin', tls: { termination: 'edge' } }));
  expect(ask(network, '/admin')).toBe('plain 10.128.2.1x');
  expect(ask(network, '/admin', true)).toBe('safe 10.128.2.1x');
});
