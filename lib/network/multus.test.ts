// Second interfaces: annotation to addresses, and who reaches whom on them.
import { describe, expect, test } from 'vitest';
import { State } from '../sim/state';
import { linksOf, routesOf } from './interfaces';
import { AttachmentError, Attachments, NETWORK_STATUS, NETWORKS, parseSelections } from './multus';
import { path } from './path';
import { pod, testNetwork } from './testing/fixture';

const definition = (name: string, config: object) => ({
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { name, namespace: 'shop' },
  spec: { config: JSON.stringify({ cniVersion: '0.3.1', name, ...config }) },
});
const range = { type: 'whereabouts', range: '192.0.2.0/29', exclude: ['192.0.2.1/32'] };
const macvlan = definition('lan', { type: 'macvlan', master: 'ens4', mode: 'bridge', ipam: range });
const bridge = definition('local', {
  type: 'bridge',
  bridge: 'br1',
  ipam: { type: 'host-local', subnet: '192.0.3.0/24' },
});
const fixed = definition('fixed', {
  type: 'ipvlan',
  master: 'ens4',
  ipam: { type: 'static', addresses: [{ address: '192.0.4.9/24' }] },
});
const all = [macvlan, bridge, fixed];
const find = (namespace: string, name: string) =>
  all.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);

/** Pods with the networks they ask for, attached and on the network. */
function shop(wanted: Record<string, [node: string, networks: string]>) {
  const network = testNetwork();
  for (const one of all) network.apply(one);
  const attachments = new Attachments(new State().table('attachments'));
  for (const [i, [name, [node, networks]]] of Object.entries(wanted).entries()) {
    const made = pod('shop', name, { ip: `10.128.${node === 'worker01' ? 2 : 4}.${10 + i}`, node });
    const asking = { ...made.metadata, annotations: { [NETWORKS]: networks } };
    const status = attachments.attach({ metadata: asking }, find);
    const annotations = { ...asking.annotations, [NETWORK_STATUS]: JSON.stringify(status) };
    network.apply({ ...made, metadata: { ...asking, annotations } });
    network.setListener(`pod/shop/${name}`, 'TCP', 80, '0.0.0.0', true);
  }
  return network;
}

const connect = (network: ReturnType<typeof testNetwork>, from: string, to: string) => {
  const { verdict, source, destination } = path(network, { from: `pod/shop/${from}`, to, port: 80, protocol: 'TCP' });
  return [verdict, source.address, destination?.host];
};

test('pods on one parent device reach each other across nodes, by their second addresses', () => {
  const network = shop({ a: ['worker01', 'lan'], b: ['worker02', 'lan'], c: ['worker02', ''] });
  expect(connect(network, 'a', '192.0.2.3')).toEqual(['delivered', '192.0.2.2', 'pod/shop/b']);
  expect(connect(network, 'a', '192.0.2.5')).toEqual(['no-route', '192.0.2.2', undefined]);
  expect(connect(network, 'c', '192.0.2.3')[0]).toBe('dropped');
});

test('a bridge ends at its node', () => {
  const network = shop({ a: ['worker01', 'local'], b: ['worker01', 'local'], c: ['worker02', 'local'] });
  expect(connect(network, 'a', '192.0.3.2')).toEqual(['delivered', '192.0.3.1', 'pod/shop/b']);
  expect(connect(network, 'c', '192.0.3.2')[0]).toBe('no-route');
});

test('the devices and routes show them', () => {
  const network = shop({ a: ['worker01', 'lan, shop/fixed@eth5'] });
  expect(linksOf(network, 'pod/shop/a').map(({ name, addresses }) => `${name} ${addresses[0]}`)).toEqual([
    'lo 127.0.0.1/8',
    'eth0 10.128.2.10/23',
    'net1 192.0.2.2/29',
    'eth5 192.0.4.9/24',
  ]);
  expect(routesOf(network, 'pod/shop/a')).toContainEqual({
    to: '192.0.2.0/29',
    device: 'net1',
    rest: 'proto kernel scope link src 192.0.2.2',
  });
});

describe('leases', () => {
  const attach = (attachments: Attachments, name: string, networks = 'lan') =>
    attachments.attach({ metadata: { namespace: 'shop', name, annotations: { [NETWORKS]: networks } } }, find)[0]?.ips;

  test('end, and are given back', () => {
    const attachments = new Attachments(new State().table('attachments'));
    const given = ['a', 'b', 'c', 'd', 'e'].map((name) => attach(attachments, name)?.[0]);
    expect(given).toEqual(['192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5', '192.0.2.6']);
    expect(() => attach(attachments, 'f')).toThrow('Could not allocate IP in range');
    attachments.release({ metadata: { namespace: 'shop', name: 'c' } });
    expect(attach(attachments, 'f')).toEqual(['192.0.2.4']);
  });

  test('a definition that is not there', () => {
    const attachments = new Attachments(new State().table('attachments'));
    expect(() => attach(attachments, 'a', 'nope')).toThrow(
      'cannot find a network-attachment-definition (nope) in namespace (shop): network-attachment-definitions.k8s.cni.cncf.io "nope" not found',
    );
  });
});

test.each([
  ['a,b', ['shop/a net1', 'shop/b net2']],
  ['other/a@eth9', ['other/a eth9']],
  ['[{"name":"a","namespace":"x","interface":"lan0"},{"name":"b"}]', ['x/a lan0', 'shop/b net2']],
])('annotation %s', (text, wanted) =>
  expect(parseSelections(text, 'shop').map((s) => `${s.namespace}/${s.name} ${s.interface}`)).toEqual(wanted),
);

test.each(['a/b/c', 'A', 'a@x@y', '[{'])('annotation %s is refused', (text) =>
  expect(() => parseSelections(text, 'shop')).toThrow(AttachmentError),
);

test.each([
  [
    'lan@net1,local@net1',
    'error adding container to network "local": DelegateAdd: cannot set "bridge" interface name to "net1": validateIfName: interface name net1 already exists',
  ],
  ['lan@eth0', 'cannot set "macvlan" interface name to "eth0": validateIfName: interface name eth0 already exists'],
  ['lan@a-name-of-16-big', 'failed to rename macvlan to "a-name-of-16-big": numerical result out of range'],
  ['[{"name":"fixed","ips":["192.0.4.300/24"]}]', 'invalid CIDR address: 192.0.4.300/24'],
  ['[{"name":"fixed","ips":["192.0.4.3"]}]', 'invalid CIDR address: 192.0.4.3'],
])('%s cannot be attached', (networks, why) => expect(() => shop({ a: ['worker01', networks] })).toThrow(why));
