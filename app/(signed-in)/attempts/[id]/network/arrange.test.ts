import { expect, test } from 'vitest';
import type { Picture } from '../../../../../lib/server/picture';
import { arrange } from './arrange';

const pod = (name: string, node: string) => ({
  id: `pod/shop/${name}`,
  namespace: 'shop',
  name,
  node,
  addresses: node ? ['10.8.0.5'] : [],
  hostNetwork: false,
  phase: node ? 'Running' : 'Pending',
  ready: node !== '',
  listening: [],
});

const shop: Picture = {
  plugin: 'OVNKubernetes',
  clusterNetwork: ['10.8.0.0/14'],
  serviceNetwork: ['172.30.0.0/16'],
  nodes: [{ name: 'worker01', address: '192.168.50.11', subnets: ['10.8.0.0/23'] }],
  outside: [{ id: 'outside/workstation', name: 'workstation', address: '192.168.50.9' }],
  pods: [pod('a', 'worker01'), pod('b', 'worker01'), pod('c', '')],
  services: [
    {
      namespace: 'shop',
      name: 'web',
      type: 'NodePort',
      addresses: ['172.30.0.9'],
      ports: ['80:30080/TCP'],
      endpoints: [
        { pod: 'pod/shop/a', address: '10.8.0.5', port: 80 },
        { pod: 'pod/shop/a', address: '10.8.0.5', port: 81 },
      ],
    },
  ],
  routes: [{ namespace: 'shop', name: 'web', host: 'web.apps.example.com', service: 'web' }],
  blocked: [{ from: 'pod/shop/a', to: 'pod/shop/b', port: 'TCP/80', policy: 'NetworkPolicy shop/deny' }],
  connections: [
    { from: 'pod/shop/a', to: 'pod/shop/b', address: '10.8.0.6', port: 80, verdict: 'dropped', reason: '', at: 1_000 },
  ],
  omitted: 0,
};

const pairs = (selected?: string, now = 2_000) =>
  arrange(shop, now, selected).edges.map(({ source, target, className }) => `${className} ${source} ${target}`);

test('no two boxes of a column lie on each other, and pods lie in their nodes', () => {
  const { nodes } = arrange(shop, 0);
  const places = nodes.map(({ parentId = '', position }) => `${parentId} ${position.x} ${position.y}`);
  expect(new Set(places).size).toBe(nodes.length);
  expect(nodes.find(({ id }) => id === 'pod/shop/a')?.parentId).toBe('node/worker01');
});

test('a pod that no node has stands apart', () => {
  const { nodes } = arrange(shop, 0);
  const waiting = nodes.find(({ id }) => id === 'pod/shop/c');
  expect(nodes.find(({ id }) => id === waiting?.parentId)?.data.title).toBe('Not scheduled');
});

test('lines lead from outside over routes and services to the endpoints, each once', () => {
  expect(pairs(undefined, 100_000)).toEqual([
    'podlab-line-way route/shop/web service/shop/web',
    'podlab-line-way outside/workstation service/shop/web',
    'podlab-line-endpoint service/shop/web pod/shop/a',
  ]);
});

test('a recent connection is a line, and what policies forbid shows for the selected pod', () => {
  expect(pairs()).toContain('podlab-line-dead pod/shop/a pod/shop/b');
  expect(pairs()).not.toContain('podlab-line-block pod/shop/a pod/shop/b');
  expect(pairs('pod/shop/b')).toContain('podlab-line-block pod/shop/a pod/shop/b');
});
