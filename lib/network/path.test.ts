// Connections as the lesson shows them: verdict, cause, and the source the server sees.
import { describe, expect, test } from 'vitest';
import type { Network } from './network';
import { describePath, path } from './path';
import { type EndpointSpec, type PodSpec, pod, service, slice, testNetwork } from './testing/fixture';
import type { Path, Protocol } from './types';

interface Given {
  pods?: Record<string, PodSpec>;
  services?: Record<string, Parameters<typeof service>[2]>;
  endpoints?: Record<string, [number, EndpointSpec[]]>;
  listen?: [string, number, string?, Protocol?][];
}

/** Everything lives in namespace `shop`. */
function given({ pods = {}, services = {}, endpoints = {}, listen = [] }: Given, network = testNetwork()): Network {
  for (const [name, spec] of Object.entries(pods)) network.apply(pod('shop', name, spec));
  for (const [name, spec] of Object.entries(services)) network.apply(service('shop', name, spec));
  for (const [name, [port, list]] of Object.entries(endpoints)) network.apply(slice('shop', name, port, list));
  for (const [host, port, address = '0.0.0.0', protocol = 'TCP'] of listen)
    network.setListener(host.includes('/') ? host : `pod/shop/${host}`, protocol, port, address, true);
  return network;
}

const connect = (network: Network, from: string, to: string, port: number, protocol: Protocol = 'TCP'): Path =>
  path(network, { from: from.includes('/') ? from : `pod/shop/${from}`, to, port, protocol, sourcePort: 40000 });

const shop: Given = {
  pods: {
    client: { ip: '10.128.2.10', node: 'worker01', labels: { app: 'client' } },
    db: { ip: '10.128.4.20', node: 'worker02', labels: { app: 'db-pod' } },
  },
  services: { 'db-pod': { ip: '172.30.10.20', selector: { app: 'db-pod' }, port: 3306 } },
  endpoints: { 'db-pod': [3306, [{ ip: '10.128.4.20', node: 'worker02', pod: 'db' }]] },
  listen: [['db', 3306]],
};

describe('pods', () => {
  test('a pod reaches a pod on another node without translation, encapsulated', () => {
    const got = connect(given(shop), 'client', '10.128.4.20', 3306);
    expect(got).toMatchObject({
      verdict: 'delivered',
      source: { address: '10.128.2.10', port: 40000 },
      destination: { host: 'pod/shop/db', address: '10.128.4.20', port: 3306 },
    });
    expect(describePath(got)).toContain('Geneve from 192.168.50.11 to 192.168.50.12, UDP port 6081');
  });

  test.each<[string, string, string, number, Protocol, string, string]>([
    [
      'a closed port',
      'client',
      '10.128.4.20',
      81,
      'TCP',
      'refused',
      'nothing listens on port 81; pod db listens on 3306',
    ],
    ['a closed UDP port', 'client', '10.128.4.20', 53, 'UDP', 'refused', 'nothing listens on UDP port 53 of pod db'],
    ['ping', 'client', '10.128.4.20', 0, 'ICMP', 'delivered', 'pod shop/db answers'],
    [
      'an old address of another node',
      'client',
      '10.128.4.99',
      80,
      'TCP',
      'dropped',
      'no pod has the address 10.128.4.99',
    ],
    [
      'an old address of this node',
      'client',
      '10.128.2.99',
      80,
      'TCP',
      'no-route',
      'no pod has the address 10.128.2.99',
    ],
    ['nonsense', 'client', '10.1.2', 80, 'TCP', 'no-route', '10.1.2 is not an IP address'],
    ['IPv6 without an IPv6 address', 'client', '2001:db8::1', 80, 'TCP', 'no-route', 'has no IPv6 address'],
    [
      'from the workstation to a pod',
      'outside/workstation',
      '10.128.4.20',
      3306,
      'TCP',
      'dropped',
      'no route into the cluster network',
    ],
    [
      'from the workstation to a service',
      'outside/workstation',
      '172.30.10.20',
      3306,
      'TCP',
      'dropped',
      'no route into the service network',
    ],
    ['from a node to a pod', 'node/worker01', '10.128.4.20', 3306, 'TCP', 'delivered', 'accepts'],
    ['from a node to a service', 'node/worker01', '172.30.10.20', 3306, 'TCP', 'delivered', 'accepts'],
    [
      'a service by the wrong port',
      'client',
      '172.30.10.20',
      3307,
      'TCP',
      'dropped',
      'service db-pod has no port 3307/TCP; it has 3306/TCP',
    ],
    ['ping to a service', 'client', '172.30.10.20', 0, 'ICMP', 'dropped', 'answers no ping'],
    [
      'an unused service address',
      'client',
      '172.30.99.99',
      80,
      'TCP',
      'dropped',
      'no service has the address 172.30.99.99',
    ],
    [
      'a machine address nobody has',
      'client',
      '192.168.50.200',
      80,
      'TCP',
      'no-route',
      'no host on the machine network',
    ],
  ])('%s', (_name, from, to, port, protocol, verdict, reason) => {
    const got = connect(given(shop), from, to, port, protocol);
    expect(got.reason).toContain(reason);
    expect(got.verdict).toBe(verdict);
  });

  test('loopback stays in the pod and sees sockets bound to it', () => {
    const network = given({ ...shop, listen: [['db', 3306, '127.0.0.1']] });
    expect(connect(network, 'db', '127.0.0.1', 3306).verdict).toBe('delivered');
    const other = connect(network, 'client', '10.128.4.20', 3306);
    expect(other).toMatchObject({ verdict: 'refused', reason: 'pod db listens on 3306 at 127.0.0.1 only' });
  });

  test('a finished pod holds no address', () => {
    const network = given(shop);
    const done = pod('shop', 'db', { ip: '10.128.4.20', node: 'worker02' });
    network.apply({ ...done, status: { ...done.status, phase: 'Succeeded' } });
    expect(network.hostByAddress('10.128.4.20')).toBeUndefined();
  });

  test('a pod on its node’s network is reached at the node’s address and known by it', () => {
    const network = given({
      ...shop,
      pods: { ...shop.pods, agent: { ip: '192.168.50.12', node: 'worker02', hostNetwork: true } },
      listen: [
        ['agent', 9100],
        ['client', 80],
      ],
    });
    expect(connect(network, 'client', '192.168.50.12', 9100)).toMatchObject({
      verdict: 'delivered',
      destination: { host: 'node/worker02' },
      source: { address: '192.168.50.11' },
    });
    expect(connect(network, 'agent', '10.128.2.10', 80).source.address).toBe('10.128.4.2');
  });

  test('going outside, a pod shows its node’s address', () => {
    const network = given({ ...shop, listen: [['outside/workstation', 80]] });
    expect(connect(network, 'client', '192.168.50.9', 80)).toMatchObject({
      verdict: 'delivered',
      source: { address: '192.168.50.11' },
    });
  });
});

describe('why a service fails', () => {
  const without = (services: Given['services'], pods: Given['pods'] = shop.pods) =>
    given({ pods: { ...shop.pods, ...pods }, services: services ?? {}, listen: shop.listen ?? [] });
  const ip = '172.30.10.20';

  test.each<[string, Network, string]>([
    [
      'the selector misses',
      without({ 'db-pod': { ip, selector: { app: 'db' }, port: 3306 } }),
      'service db-pod selects app=db; the pods carry app=db-pod',
    ],
    [
      'no pod has the label at all',
      without({ 'db-pod': { ip, selector: { tier: 'db' }, port: 3306 } }),
      'service db-pod selects tier=db; no pod in shop carries the label tier',
    ],
    [
      'no selector',
      without({ 'db-pod': { ip, port: 3306 } }),
      'service db-pod has no selector and no endpoints were made for it',
    ],
    [
      'the pod is not ready',
      without(
        { 'db-pod': { ip, selector: { app: 'db-pod' }, port: 3306 } },
        { db: { ip: '10.128.4.20', labels: { app: 'db-pod' }, ready: false, waiting: 'CrashLoopBackOff' } },
      ),
      'service db-pod selects app=db-pod, but no pod of it is ready: db is not ready (CrashLoopBackOff)',
    ],
    [
      'a named target port is unknown',
      without({ 'db-pod': { ip, selector: { app: 'db-pod' }, port: 3306, targetPort: 'mysql' } }),
      'service db-pod sends to the port named mysql; pod db declares no port of that name',
    ],
  ])('%s', (_name, network, reason) => {
    expect(connect(network, 'client', ip, 3306)).toMatchObject({ verdict: 'refused', reason });
  });

  test('the target port is wrong', () => {
    const network = given({ ...shop, endpoints: { 'db-pod': [3307, [{ ip: '10.128.4.20', pod: 'db' }]] } });
    expect(connect(network, 'client', ip, 3306)).toMatchObject({
      verdict: 'refused',
      reason: 'service db-pod sends to port 3307; pod db listens on 3306',
    });
  });
});
