// Routers, the routes that they admit, and ingresses that become routes.
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../store/types';
import { TestWorld } from '../../testing/world';

const ROUTES = 'routes.route.openshift.io';
const INGRESSES = 'ingresses.networking.k8s.io';
const CONTROLLERS = 'ingresscontrollers.operator.openshift.io';
const HOST = 'web.apps.ocp4.example.com';

const route = (world: TestWorld, name: string, spec: object, namespace = 'shop') =>
  world.create(ROUTES, { metadata: { name, namespace }, spec: { to: { kind: 'Service', name: 'web' }, ...spec } });

const admitted = (object: KubeObject | undefined) =>
  (object?.['status'].ingress ?? []).map(
    ({
      routerName,
      conditions: [first],
    }: {
      routerName: string;
      conditions: { status: string; reason?: string; message?: string }[];
    }) => [routerName, first?.status, first?.reason, first?.message].filter((each) => each !== undefined).join(' '),
  );

const routers = (world: TestWorld) =>
  world.list('pods', 'openshift-ingress').map((pod) => `${pod['spec'].nodeName} ${pod['status'].phase}`);

test('routers that were deleted come back on nodes of their own', async () => {
  const world = await TestWorld.start();
  expect(routers(world).sort()).toEqual(['worker01 Running', 'worker02 Running']);
  for (const { metadata } of world.list('pods', 'openshift-ingress'))
    world.cluster.client.delete('pods', 'openshift-ingress', metadata.name);
  await world.advance(60_000);
  expect(routers(world).sort()).toEqual(['worker01 Running', 'worker02 Running']);
  expect(world.bugs).toEqual([]);
});

test('the operator puts its deployment back as the IngressController wants it', async () => {
  const world = await TestWorld.start();
  const { client } = world.cluster;
  client.patch('deployments.apps', 'openshift-ingress', 'router-default', { spec: { replicas: 0 } });
  await world.advance(1000);
  expect(world.get('deployments.apps', 'router-default', 'openshift-ingress')?.['spec'].replicas).toBe(2);
  client.patch(CONTROLLERS, 'openshift-ingress-operator', 'default', { spec: { replicas: 1 } });
  await world.advance(60_000);
  expect(routers(world)).toHaveLength(1);
});

describe('admission', () => {
  test('the older route holds the host, and the younger takes it over when that goes', async () => {
    const world = await TestWorld.start();
    route(world, 'old', { host: HOST });
    await world.advance(2000);
    world.cluster.client.create('namespaces', { metadata: { name: 'other' } });
    route(world, 'same', { host: HOST });
    route(world, 'far', { host: HOST, path: '/x' }, 'other');
    route(world, 'wild', { host: 'any.apps.ocp4.example.com', wildcardPolicy: 'Subdomain' });
    await world.advance(1000);
    expect(admitted(world.get(ROUTES, 'old'))).toEqual(['default True']);
    expect(admitted(world.get(ROUTES, 'same'))).toEqual([
      `default False HostAlreadyClaimed route old already exposes ${HOST} and is older`,
    ]);
    expect(admitted(world.get(ROUTES, 'far', 'other'))).toEqual([
      `default False HostAlreadyClaimed a route in another namespace holds ${HOST} and is older than far`,
    ]);
    expect(admitted(world.get(ROUTES, 'wild'))).toEqual([
      'default False RouteNotAdmitted wildcard routes are not allowed',
    ]);
    world.cluster.client.delete(ROUTES, 'shop', 'old');
    await world.advance(1000);
    expect(admitted(world.get(ROUTES, 'same'))).toEqual(['default True']);
  });

  test('an IngressController with a selector admits the routes that carry the label', async () => {
    const world = await TestWorld.start();
    world.cluster.client.create(CONTROLLERS, {
      metadata: { name: 'sharded', namespace: 'openshift-ingress-operator' },
      spec: {
        domain: 'internal.example.com',
        endpointPublishingStrategy: { type: 'Private' },
        routeSelector: { matchLabels: { type: 'internal' } },
      },
    });
    world.create(ROUTES, {
      metadata: { name: 'in', labels: { type: 'internal' } },
      spec: { host: HOST, to: { name: 'web' } },
    });
    route(world, 'out', { host: 'x.example.com' });
    await world.advance(60_000);
    expect(admitted(world.get(ROUTES, 'in'))).toEqual(['default True', 'sharded True']);
    expect(admitted(world.get(ROUTES, 'out'))).toEqual(['default True']);
    expect(world.get('deployments.apps', 'router-sharded', 'openshift-ingress')?.['status'].availableReplicas).toBe(2);
  });
});

test('an ingress becomes routes, which go with it', async () => {
  const world = await TestWorld.start();
  world.create('services', { metadata: { name: 'web' }, spec: { ports: [{ name: 'http', port: 80 }] } });
  const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
  const path = (name: string, at: string, pathType = 'Prefix') => ({ path: at, pathType, backend: backend(name) });
  world.create(INGRESSES, {
    metadata: { name: 'web', annotations: { 'route.openshift.io/termination': 'edge' } },
    spec: {
      rules: [
        { host: HOST, http: { paths: [path('web', '/'), path('web', '/exact', 'Exact'), path('gone', '/gone')] } },
      ],
    },
  });
  await world.advance(1000);
  const [made, ...more] = world.list(ROUTES);
  expect(more).toEqual([]);
  expect(made?.['spec']).toMatchObject({
    host: HOST,
    path: '/',
    port: { targetPort: 'http' },
    tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
  });
  expect(world.get(INGRESSES, 'web')?.['status'].loadBalancer).toEqual({
    ingress: [{ hostname: 'router-default.apps.ocp4.example.com' }],
  });
  const told = world.list('events').find(({ reason }) => reason === 'IncompleteIngressToRouteRules');
  expect(told?.['message']).toBe(
    'Incomplete ingress to route rules detected: Unsupported exact path type in rule at index 0, path index 1; Backend service "gone" not found at index 0, path index 2',
  );
  world.cluster.client.delete(INGRESSES, 'shop', 'web');
  await world.advance(1000);
  expect(world.list(ROUTES)).toEqual([]);
});

test('another class is left to its own controller', async () => {
  const world = await TestWorld.start();
  world.create(INGRESSES, {
    metadata: { name: 'web' },
    spec: { ingressClassName: 'nginx', defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  });
  await world.advance(1000);
  expect(world.list(ROUTES)).toEqual([]);
});

test('a service that asks for a certificate gets one that the service CA signed', async () => {
  const world = await TestWorld.start();
  world.create('services', {
    metadata: { name: 'safe', annotations: { 'service.beta.openshift.io/serving-cert-secret-name': 'safe-tls' } },
    spec: { ports: [{ port: 443 }] },
  });
  world.create('configmaps', {
    metadata: { name: 'trust', annotations: { 'service.beta.openshift.io/inject-cabundle': 'true' } },
  });
  await world.advance(1000);
  expect(Object.keys(world.get('secrets', 'safe-tls')?.['data'] ?? {})).toEqual(['tls.crt', 'tls.key']);
  expect(world.get('configmaps', 'trust')?.['data']['service-ca.crt']).toContain('BEGIN CERTIFICATE');
});

test("a router's configuration says what it does with each route it admitted, at that moment", async () => {
  const world = await TestWorld.start();
  const service = { ports: [{ name: 'http', port: 80 }], selector: { app: 'web' } };
  world.create('services', { metadata: { name: 'web' }, spec: service });
  world.create('pods', {
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image: 'registry.test/web' }] },
  });
  route(world, 'plain', { host: HOST });
  route(world, 'moved', {
    host: 'moved.apps.ocp4.example.com',
    path: '/a',
    tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
  });
  route(world, 'passed', { host: 'passed.apps.ocp4.example.com', tls: { termination: 'passthrough' } });
  await world.advance(2000);
  const [router] = world.list('pods', 'openshift-ingress');
  const machine = await world.cluster.podMachine('openshift-ingress', router?.metadata.name ?? '');
  const read = (file: string) => machine?.text(`/var/lib/haproxy/conf/${file}`) ?? '';
  expect(read('os_http_be.map')).toBe('^web\\.apps\\.ocp4\\.example\\.com\\.?(:[0-9]+)?(/.*)?$ be_http:shop:plain\n');
  expect(read('os_edge_reencrypt_be.map')).toContain('example\\.com\\.?(:[0-9]+)?/a(/.*)?$ be_edge_http:shop:moved\n');
  expect(read('os_route_http_redirect.map')).toMatch(/moved.* 1\n/);
  expect(read('os_sni_passthrough.map')).toBe('^passed\\.apps\\.ocp4\\.example\\.com$ 1\n');
  const backend = () => /backend be_http:shop:plain\n([\s\S]*?)\n\n/.exec(`${read('haproxy.config')}\n`)?.[1] ?? '';
  const { podIP } = world.pod('web').status ?? {};
  expect(backend()).toMatch(
    new RegExp(`server pod:web:web:http:${podIP}:80 ${podIP}:80 cookie [0-9a-f]{32} weight 1$`),
  );
  world.cluster.client.patch(ROUTES, 'shop', 'plain', {
    metadata: { annotations: { 'haproxy.router.openshift.io/balance': 'leastconn' } },
  });
  world.cluster.client.delete('pods', 'shop', 'web', { gracePeriodSeconds: 0 });
  await world.advance(1000);
  expect(backend()).toContain('balance leastconn');
  expect(backend()).not.toContain('server ');
});
