import { describe, expect, test } from 'vitest';
import { picture } from './picture';
import { pod, service, testNetwork } from './testing/fixture';

const all = () => true;

function shop() {
  const network = testNetwork();
  for (const name of ['shop', 'data']) network.apply({ kind: 'Namespace', metadata: { name } });
  network.apply(pod('shop', 'web', { ip: '10.128.2.10', labels: { app: 'web' } }));
  network.apply(pod('data', 'db', { ip: '10.128.4.10', labels: { app: 'db' }, node: 'worker02', ready: false }));
  network.setListener('pod/data/db', 'TCP', 3306, '0.0.0.0', true);
  network.setListener('pod/data/db', 'TCP', 33060, '127.0.0.1', true);
  network.apply(service('data', 'db', { ip: '172.30.1.1', port: 3306, type: 'NodePort', nodePort: 30306 }));
  network.apply({
    kind: 'EndpointSlice',
    metadata: { namespace: 'data', name: 'db-1', labels: { 'kubernetes.io/service-name': 'db' } },
    addressType: 'IPv4',
    ports: [{ port: 3306, protocol: 'TCP' }],
    endpoints: [{ addresses: ['10.128.4.10'], targetRef: { kind: 'Pod', namespace: 'data', name: 'db' } }],
  } as { kind: string; metadata: { name: string } });
  return network;
}

const denyAll = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'data', name: 'deny' },
  spec: { podSelector: {}, policyTypes: ['Ingress'] },
};

describe('picture', () => {
  test('shows nodes with their subnets, pods with what listens, services with their endpoints', () => {
    const { nodes, pods, services, outside, plugin } = picture(shop(), [], all);
    expect(plugin).toBe('OVNKubernetes');
    expect(nodes[1]).toEqual({ name: 'worker01', address: '192.168.50.11', subnets: ['10.128.2.0/23'] });
    expect(pods.find(({ name }) => name === 'db')).toMatchObject({
      id: 'pod/data/db',
      node: 'worker02',
      addresses: ['10.128.4.10'],
      ready: false,
      listening: ['TCP/3306', 'TCP/33060'],
    });
    expect(services).toEqual([
      {
        namespace: 'data',
        name: 'db',
        type: 'NodePort',
        addresses: ['172.30.1.1'],
        ports: ['3306:30306/TCP'],
        endpoints: [{ pod: 'pod/data/db', address: '10.128.4.10', port: 3306 }],
      },
    ]);
    expect(outside).toEqual([{ id: 'outside/workstation', name: 'workstation', address: '192.168.50.9' }]);
  });

  test('shows what a policy forbids, and only that', () => {
    const network = shop();
    expect(picture(network, [], all).blocked).toEqual([]);
    network.apply(denyAll);
    expect(picture(network, [], all).blocked).toEqual([
      { from: 'pod/shop/web', to: 'pod/data/db', port: 'TCP/3306', policy: 'NetworkPolicy data/deny' },
    ]);
  });

  test('leaves out the namespaces that are not asked for', () => {
    const { pods, services } = picture(shop(), [], (namespace) => namespace === 'shop');
    expect(pods.map(({ id }) => id)).toEqual(['pod/shop/web']);
    expect(services).toEqual([]);
  });

  test('shows the newest connection of each pair, newest first', () => {
    const noted = (at: number, verdict: 'delivered' | 'dropped') => ({
      from: 'pod/shop/web',
      to: '172.30.1.1',
      port: 3306,
      path: { verdict, reason: '', destination: { host: 'pod/data/db', address: '10.128.4.10', port: 3306 } },
      at,
    });
    const { connections } = picture(shop(), [noted(1, 'delivered'), noted(2, 'dropped')], all);
    expect(connections).toHaveLength(1);
    expect(connections[0]).toMatchObject({ to: 'pod/data/db', verdict: 'dropped', at: 2 });
  });

  test('is bounded', () => {
    const network = shop();
    for (let i = 0; i < 200; i++) network.apply(pod('shop', `p${i}`, { ip: `10.128.3.${i + 1}` }));
    const { pods, omitted } = picture(network, [], all);
    expect(pods.length + omitted).toBe(202);
    expect(pods.length).toBeLessThanOrEqual(60);
  });
});
