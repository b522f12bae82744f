// Ways into a service: cluster address, node port, load balancer, external address; and which endpoint is drawn.
import { describe, expect, test } from 'vitest';
import type { CniName } from './cni/contract';
import type { Network } from './network';
import { path } from './path';
import { clock, type EndpointSpec, pod, type ServiceSpec, service, slice, testNetwork } from './testing/fixture';
import type { HostId, Path } from './types';

const A: EndpointSpec = { ip: '10.128.2.20', node: 'worker01', pod: 'web-a' };
const B: EndpointSpec = { ip: '10.128.4.20', node: 'worker02', pod: 'web-b' };
const IP = '172.30.10.20';

function shop(spec: ServiceSpec = {}, endpoints: EndpointSpec[] = [A, B], plugin?: CniName): Network {
  const network = testNetwork(plugin);
  for (const [name, ip, node] of [
    ['client', '10.128.2.10', 'worker01'],
    ['other', '10.128.4.10', 'worker02'],
    ['web-a', A.ip, 'worker01'],
    ['web-b', B.ip, 'worker02'],
  ] as const)
    network.apply(pod('shop', name, { ip, node, labels: { app: name.split('-')[0] ?? '' } }));
  network.apply(service('shop', 'web', { ip: IP, selector: { app: 'web' }, targetPort: 8080, ...spec }));
  network.apply(slice('shop', 'web', 8080, endpoints));
  for (const name of ['web-a', 'web-b']) network.setListener(`pod/shop/${name}`, 'TCP', 8080, '0.0.0.0', true);
  return network;
}

const connect = (network: Network, to = IP, port = 80, from: HostId = 'pod/shop/client'): Path =>
  path(network, { from, to, port, protocol: 'TCP' });

/** The pods reached in thirty connections. */
const reached = (network: Network, to = IP, port = 80, from?: HostId): string[] =>
  [...new Set(Array.from({ length: 30 }, () => connect(network, to, port, from).destination?.host ?? '-'))].sort();

const BOTH = ['pod/shop/web-a', 'pod/shop/web-b'];
const outside = 'outside/workstation';

describe('the draw', () => {
  test('spreads over the ready endpoints', () => expect(reached(shop())).toEqual(BOTH));

  test('leaves out what is not ready', () =>
    expect(reached(shop({}, [A, { ...B, ready: false }]))).toEqual(['pod/shop/web-a']));

  test('uses terminating endpoints that still serve when nothing else is left', () => {
    const leaving = { ...B, ready: false, serving: true, terminating: true };
    expect(reached(shop({}, [A, leaving]))).toEqual(['pod/shop/web-a']);
    expect(reached(shop({}, [{ ...A, ready: false }, leaving]))).toEqual(['pod/shop/web-b']);
  });

  test('internal traffic policy Local stays on the node', () => {
    const network = shop({ internalTrafficPolicy: 'Local' }, [A]);
    expect(reached(network)).toEqual(['pod/shop/web-a']);
    expect(connect(network, IP, 80, 'pod/shop/other')).toMatchObject({
      verdict: 'dropped',
      reason: 'service web has no endpoint on node worker02, and its traffic policy is Local',
    });
  });

  test.each<[CniName, string[]]>([
    ['Flannel', ['pod/shop/web-b']],
    ['OVNKubernetes', BOTH],
  ])('hints keep traffic in its zone with %s: %s', (plugin, expected) => {
    const zoned = [
      { ...A, zones: ['a'] },
      { ...B, zones: ['b'] },
    ];
    const network = shop({}, zoned, plugin);
    const annotations = { 'k8s.ovn.org/node-subnets': '{"default":["10.128.2.0/23"]}' };
    const labels = { 'topology.kubernetes.io/zone': 'b' };
    const status = { addresses: [{ type: 'InternalIP', address: '192.168.50.11' }] };
    network.apply({ kind: 'Node', metadata: { name: 'worker01', labels, annotations }, status });
    expect(reached(network)).toEqual(expected);
  });

  test('the same seed draws the same', () => {
    const draws = () => {
      const network = shop();
      return Array.from({ length: 10 }, () => connect(network).destination?.host);
    };
    expect(draws()).toEqual(draws());
  });
});

describe('session affinity', () => {
  const sticky = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } } };

  test('holds a client to one endpoint until it was away too long', () => {
    const network = shop(sticky);
    const [first] = reached(network);
    expect(reached(network)).toEqual([first]);
    const seen = new Set<string | undefined>();
    for (let i = 0; i < 30; i++) {
      clock.now += 61_000;
      seen.add(connect(network).destination?.host);
    }
    expect([...seen].sort()).toEqual(BOTH);
  });

  test('lets go when the endpoint does', () => {
    const network = shop(sticky);
    const [first] = reached(network);
    network.apply(slice('shop', 'web', 8080, first === 'pod/shop/web-a' ? [B] : [A]));
    expect(reached(network)).toEqual([first === 'pod/shop/web-a' ? 'pod/shop/web-b' : 'pod/shop/web-a']);
  });
});

test('a UDP flow stays on its endpoint for half a minute, a new one is drawn anew', () => {
  const network = shop();
  network.apply(service('shop', 'udp', { ip: '172.30.10.25', port: 53, protocol: 'UDP' }));
  network.apply(slice('shop', 'udp', 53, [A, B], 'UDP'));
  const to = (sourcePort: number) =>
    path(network, { from: 'pod/shop/client', to: '172.30.10.25', port: 53, protocol: 'UDP', sourcePort }).destination
      ?.host;
  const first = to(40000);
  expect(new Set(Array.from({ length: 30 }, () => to(40000)))).toEqual(new Set([first]));
  expect(new Set(Array.from({ length: 30 }, (_, i) => to(41000 + i))).size).toBe(2);
  network.apply(slice('shop', 'udp', 53, first === 'pod/shop/web-a' ? [B] : [A], 'UDP'));
  expect(to(40000)).not.toBe(first);
});

describe('from outside', () => {
  const nodePort = { type: 'NodePort', nodePort: 30080 };

  test('a node port on every node leads to every endpoint, from the node’s address', () => {
    const network = shop(nodePort);
    expect(reached(network, '192.168.50.10', 30080, outside)).toEqual(BOTH);
    expect(connect(network, '192.168.50.10', 30080, outside).source.address).toBe('192.168.50.10');
  });

  test('a node port goes on to the endpoint’s node; policies see the node it came through', () => {
    const network = shop(nodePort, [B]);
    const way = connect(network, '192.168.50.11', 30080, outside);
    expect(way.hops.map(({ stage }) => stage)).toEqual(['service', 'source-nat', 'route', 'encapsulation', 'listener']);
    const spec = { podSelector: {}, policyTypes: ['Ingress'], ingress: [] as object[] };
    const policy = { kind: 'NetworkPolicy', metadata: { namespace: 'shop', name: 'np' }, spec };
    network.apply(policy);
    for (const node of ['192.168.50.11', '192.168.50.12'])
      expect(connect(network, node, 30080, outside).verdict).toBe('dropped');
    network.apply({ ...policy, spec: { ...spec, ingress: [{ from: [{ ipBlock: { cidr: '192.168.50.11/32' } }] }] } });
    expect(connect(network, '192.168.50.11', 30080, outside).verdict).toBe('delivered');
  });

  test('external traffic policy Local keeps the client’s address and the node', () => {
    const network = shop({ ...nodePort, externalTrafficPolicy: 'Local' });
    expect(reached(network, '192.168.50.11', 30080, outside)).toEqual(['pod/shop/web-a']);
    expect(connect(network, '192.168.50.11', 30080, outside).source.address).toBe('192.168.50.9');
    expect(connect(network, '192.168.50.10', 30080, outside).verdict).toBe('dropped');
  });

  test('from inside, Local does not matter', () =>
    expect(reached(shop({ ...nodePort, externalTrafficPolicy: 'Local' }), '192.168.50.10', 30080)).toEqual(BOTH));

  test('a closed node port is refused', () =>
    expect(connect(shop(), '192.168.50.10', 30080, outside).verdict).toBe('refused'));

  test('an external address', () => {
    const network = shop({ externalIPs: ['192.168.50.77'] });
    expect(reached(network, '192.168.50.77', 80, outside)).toEqual(BOTH);
    expect(connect(network, '192.168.50.77', 81, outside).verdict).toBe('dropped');
    expect(reached(network, '192.168.50.77', 80)).toEqual(BOTH);
  });

  test('a load balancer, with its source ranges', () => {
    const network = shop({ type: 'LoadBalancer', loadBalancerSourceRanges: ['192.168.50.8/29'] });
    const balanced = service('shop', 'web', {
      ip: IP,
      targetPort: 8080,
      type: 'LoadBalancer',
      loadBalancerSourceRanges: ['192.168.50.8/29'],
    });
    network.apply({ ...balanced, status: { loadBalancer: { ingress: [{ ip: '192.168.50.80' }] } } });
    network.putOutsideHost({ name: 'stranger', addresses: ['192.168.50.99'] });
    expect(reached(network, '192.168.50.80', 80, outside)).toEqual(BOTH);
    expect(connect(network, '192.168.50.80', 80, 'outside/stranger')).toMatchObject({
      verdict: 'dropped',
      reason: 'service web admits only 192.168.50.8/29',
    });
  });

  test('a host port leads to the pod on that node only', () => {
    const network = shop();
    const ports = [{ containerPort: 8080, hostPort: 9090 }];
    network.apply(pod('shop', 'web-a', { ip: A.ip, node: 'worker01', ports }));
    expect(connect(network, '192.168.50.11', 9090, outside)).toMatchObject({
      verdict: 'delivered',
      destination: { host: 'pod/shop/web-a', port: 8080 },
    });
    expect(connect(network, '192.168.50.12', 9090, outside).verdict).toBe('refused');
  });
});

test('a pod reaches itself through its service', () => {
  const network = shop({}, [A]);
  expect(connect(network, IP, 80, 'pod/shop/web-a').destination?.host).toBe('pod/shop/web-a');
});

test('the API’s service leads to a control-plane node', () => {
  const network = testNetwork();
  network.apply(service('default', 'kubernetes', { ip: '172.30.0.1', port: 443, targetPort: 6443 }));
  network.apply(slice('default', 'kubernetes', 6443, [{ ip: '192.168.50.10' }]));
  network.setListener('node/master01', 'TCP', 6443, '::', true);
  network.apply(pod('shop', 'client', { ip: '10.128.2.10' }));
  expect(connect(network, '172.30.0.1', 443)).toMatchObject({
    verdict: 'delivered',
    destination: { host: 'node/master01', address: '192.168.50.10', port: 6443 },
  });
});

test('a service with hand-made endpoints leads outside', () => {
  const network = shop();
  network.putOutsideHost({ name: 'db', addresses: ['192.168.50.60'] });
  network.setListener('outside/db', 'TCP', 5432, '0.0.0.0', true);
  network.apply(service('shop', 'legacy', { ip: '172.30.10.30', port: 5432 }));
  network.apply(slice('shop', 'legacy', 5432, [{ ip: '192.168.50.60' }]));
  expect(connect(network, '172.30.10.30', 5432)).toMatchObject({
    verdict: 'delivered',
    destination: { host: 'outside/db' },
    source: { address: '192.168.50.11' },
  });
});

test('dual stack: each family has its address and its endpoints', () => {
  const network = testNetwork();
  network.apply(pod('shop', 'client', { ip: '10.128.2.10,fd01:0:0:2::a' }));
  network.apply(pod('shop', 'web-a', { ip: '10.128.2.20,fd01:0:0:2::14' }));
  network.apply(service('shop', 'web', { ip: '172.30.10.20,fd02::20', port: 80 }));
  network.apply(slice('shop', 'web', 80, [{ ip: '10.128.2.20' }]));
  const six = slice('shop', 'web', 80, [{ ip: 'fd01:0:0:2::14' }]);
  network.apply({ ...six, metadata: { ...six.metadata, name: 'web-six' } });
  network.setListener('pod/shop/web-a', 'TCP', 80, '::', true);
  expect(connect(network, '172.30.10.20').destination?.address).toBe('10.128.2.20');
  expect(connect(network, 'FD02:0::20')).toMatchObject({
    verdict: 'delivered',
    source: { address: 'fd01:0:0:2::a' },
    destination: { address: 'fd01:0:0:2::14' },
  });
});
