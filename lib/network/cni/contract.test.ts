// What every plug-in must keep: run over the whole list.
import { describe, expect, test } from 'vitest';
import { Random } from '../../sim/random';
import { State } from '../../sim/state';
import { Cidr } from '../address';
import { linksOf, routesOf } from '../interfaces';
import { PodAddresses } from '../ipam';
import { Network } from '../network';
import { path } from '../path';
import { pod, service, slice } from '../testing/fixture';
import type { Path } from '../types';
import { type CniPlugin, cniNames, podMtu } from './contract';
import { cniPlugins, getPlugin } from './index';
import { cniTable } from './table';

const NODES = ['worker01', 'worker02'];

/** A cluster of two nodes and three pods, their addresses leased by the plug-in's own rules. */
function cluster(plugin: CniPlugin) {
  const clusterNetwork = [plugin.clusterNetwork];
  const addresses = new PodAddresses(new State().table('addresses'), { plugin, clusterNetwork });
  const network = new Network({
    plugin: plugin.name,
    clusterNetwork,
    serviceNetwork: ['172.30.0.0/16'],
    machineNetwork: '192.168.50.0/24',
    now: () => 0,
    random: new Random(1),
  });
  const leases: Record<string, string> = {};
  for (const [name, node] of [
    ['client', 'worker01'],
    ['near', 'worker01'],
    ['far', 'worker02'],
  ] as const)
    leases[name] = addresses.allocate(node);
  for (const [i, name] of NODES.entries()) {
    const subnets = plugin.allocation.kind === 'node' ? addresses.subnets(name) : [];
    const status = { addresses: [{ type: 'InternalIP', address: `192.168.50.${11 + i}` }] };
    const inAnnotation = plugin.allocation.subnetIn === 'k8s.ovn.org/node-subnets';
    const annotations = inAnnotation ? { 'k8s.ovn.org/node-subnets': JSON.stringify({ default: subnets }) } : {};
    network.apply({ kind: 'Node', metadata: { name, annotations }, spec: { podCIDRs: subnets }, status });
  }
  for (const [name, ip] of Object.entries(leases)) {
    network.apply(pod('shop', name, { ip, node: name === 'far' ? 'worker02' : 'worker01', labels: { app: name } }));
    network.setListener(`pod/shop/${name}`, 'TCP', 80, '0.0.0.0', true);
  }
  network.apply(service('shop', 'web', { ip: '172.30.1.1', selector: { app: 'far' } }));
  network.apply(slice('shop', 'web', 80, [{ ip: leases['far'] ?? '', node: 'worker02', pod: 'far' }]));
  const connect = (to: string, from = 'pod/shop/client'): Path =>
    path(network, { from, to, port: 80, protocol: 'TCP' });
  return { network, addresses, leases, connect };
}

test('the list has every plug-in once', () => {
  expect(cniPlugins.map(({ name }) => name).sort()).toEqual([...cniNames].sort());
  for (const name of cniNames) expect(getPlugin(name).name).toBe(name);
});

test('the documentation’s table has a full row for each', () => {
  const [head = '', , ...rows] = cniTable().trim().split('\n');
  expect(rows).toHaveLength(cniPlugins.length);
  const width = head.split(' | ').length;
  for (const [i, row] of rows.entries()) {
    expect(row).toContain(`\`${cniPlugins[i]?.name}\``);
    expect(row.split(' | ').filter((cell) => cell.trim() !== '')).toHaveLength(width);
  }
});

describe.each(cniPlugins.map((plugin) => [plugin.title, plugin] as const))('%s', (_title, plugin) => {
  test('leases addresses inside its cluster network, each once', () => {
    const { addresses } = cluster(plugin);
    const cidr = Cidr.parse(plugin.clusterNetwork.cidr);
    const leased = Array.from({ length: 200 }, (_, i) => addresses.allocate(NODES[i % 2] ?? ''));
    expect(new Set(leased).size).toBe(200);
    expect(leased.every((address) => cidr.contains(address))).toBe(true);
  });

  test('runs out with its own words, and takes released addresses back', () => {
    const { hostPrefix } = plugin.clusterNetwork;
    const small = [{ cidr: '10.9.0.0/28', hostPrefix: hostPrefix === 12 ? 28 : 29 }];
    const addresses = new PodAddresses(new State().table('a'), { plugin, clusterNetwork: small });
    const leased: string[] = [];
    const fill = () => {
      while (leased.length < 100) leased.push(addresses.allocate('worker01'));
    };
    expect(fill).toThrow(/exhausted|no IP|No more|No IPs|No free|range is full/);
    const [first = ''] = leased;
    addresses.release(first);
    expect(addresses.allocate('worker01')).toBe(first);
  });

  test('carries pods to pods without translation', () => {
    const { leases, connect } = cluster(plugin);
    for (const name of ['near', 'far'])
      expect(connect(leases[name] ?? '')).toMatchObject({
        verdict: 'delivered',
        source: { address: leases['client'] },
        destination: { host: `pod/shop/${name}` },
      });
  });

  test('says how it carries them between nodes', () => {
    const { leases, connect } = cluster(plugin);
    const wrapping = (name: string) =>
      connect(leases[name] ?? '').hops.find(({ stage }) => stage === 'encapsulation')?.detail;
    expect(wrapping('near')).toBeUndefined();
    const wraps = plugin.encapsulation !== undefined && !plugin.encapsulation.crossSubnetOnly;
    expect(wrapping('far')).toMatch(wraps ? /from 192\.168\.50\.11 to 192\.168\.50\.12/ : /^none: /);
  });

  test('translates services, and keeps the client’s address', () => {
    const { leases, connect } = cluster(plugin);
    expect(connect('172.30.1.1')).toMatchObject({
      verdict: 'delivered',
      source: { address: leases['client'] },
      destination: { host: 'pod/shop/far' },
    });
    expect(connect('172.30.1.1', 'pod/shop/far')).toMatchObject({ verdict: 'delivered' });
    expect(connect('172.30.1.1', 'pod/shop/far').source.address).not.toBe(leases['far']);
  });

  test('lets nodes reach pods', () => {
    const { leases, connect } = cluster(plugin);
    for (const node of NODES) expect(connect(leases['far'] ?? '', `node/${node}`).verdict).toBe('delivered');
  });

  test('enforces NetworkPolicy, or plainly does not', () => {
    const { network, leases, connect } = cluster(plugin);
    const spec = { podSelector: { matchLabels: { app: 'far' } }, policyTypes: ['Ingress'] };
    network.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny', namespace: 'shop' },
      spec,
    });
    const got = connect(leases['far'] ?? '');
    expect(got.verdict).toBe(plugin.policy.enforced ? 'dropped' : 'delivered');
    if (plugin.policy.enforced) expect(got.policy).toBe('NetworkPolicy shop/deny');
  });

  test('shows a pod’s device and a way out', () => {
    const { network, leases } = cluster(plugin);
    const [lo, eth0] = linksOf(network, 'pod/shop/client');
    expect(lo?.name).toBe('lo');
    expect(eth0?.name).toBe('eth0');
    expect(eth0?.addresses[0]).toMatch(new RegExp(`^${leases['client']}/\\d+$`));
    const out = routesOf(network, 'pod/shop/client').find(({ to }) => to === 'default');
    // what leaves the pod has room for the tunnel: by the device, or by a route that says less
    const ofRoute = /mtu (\d+)/.exec(out?.rest ?? '')?.[1];
    expect(ofRoute ? Number(ofRoute) : out && eth0?.mtu).toBe(podMtu(plugin));
    expect(eth0?.mtu).toBe(plugin.name === 'Cilium' ? 1500 : podMtu(plugin));
  });

  test('shows a node’s devices: each route leaves through one of them', () => {
    const { network } = cluster(plugin);
    const devices = linksOf(network, 'node/worker01').map(({ name }) => name);
    expect(new Set(devices).size).toBe(devices.length);
    for (const route of routesOf(network, 'node/worker01').filter(({ device }) => device !== ''))
      expect(devices).toContain(route.device);
  });

  test('installs workloads with containers, and a configuration file', () => {
    for (const { containers, name } of plugin.installs.components) {
      expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
      expect(containers.length).toBeGreaterThan(0);
    }
    const { file, config } = plugin.netd({ mtu: podMtu(plugin), subnet: Cidr.parse('10.244.1.0/24') });
    expect(file).toMatch(/\.conf(list)?$/);
    expect(config).toHaveProperty('name');
  });
});
