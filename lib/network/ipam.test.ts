// Leases, reservations and their errors.
import { describe, expect, test } from 'vitest';
import { Random } from '../sim/random';
import { State } from '../sim/state';
import { ovnKubernetes } from './cni/ovn-kubernetes';
import { NodePorts, PodAddresses, ServiceAddresses } from './ipam';

const table = () => new State().table('t');
const pods = (cidr = '10.128.0.0/14', hostPrefix = 23, rows = table()) =>
  new PodAddresses(rows, { plugin: ovnKubernetes, clusterNetwork: [{ cidr, hostPrefix }] });

describe('pod addresses', () => {
  test('each node owns a subnet; its first addresses are not for pods', () => {
    const addresses = pods();
    expect([addresses.subnets('a'), addresses.subnets('b')]).toEqual([['10.128.0.0/23'], ['10.128.2.0/23']]);
    expect(['a', 'a', 'b'].map((node) => addresses.allocate(node))).toEqual(['10.128.0.3', '10.128.0.4', '10.128.2.3']);
  });

  test('a released address is not given again at once, but when the range came round', () => {
    const addresses = pods('10.0.0.0/28', 29);
    const [first = '', second] = [addresses.allocate('a'), addresses.allocate('a')];
    addresses.release(first);
    expect(second).toBe('10.0.0.4');
    expect([1, 2, 3].map(() => addresses.allocate('a'))).toEqual(['10.0.0.5', '10.0.0.6', first]);
    expect(() => addresses.allocate('a')).toThrow('subnet address pool exhausted');
  });

  test('the table holds everything', () => {
    const rows = table();
    pods(undefined, undefined, rows).allocate('a');
    const again = pods(undefined, undefined, rows);
    expect([again.allocate('a'), again.subnets('b')]).toEqual(['10.128.0.4', ['10.128.2.0/23']]);
  });

  test('dual stack: a subnet and an address of each family', () => {
    const clusterNetwork = [
      { cidr: '10.128.0.0/14', hostPrefix: 23 },
      { cidr: 'fd01::/48', hostPrefix: 64 },
    ];
    const addresses = new PodAddresses(table(), { plugin: ovnKubernetes, clusterNetwork });
    expect(addresses.subnets('a')).toEqual(['10.128.0.0/23', 'fd01::/64']);
    expect(addresses.subnets('b')).toEqual(['10.128.2.0/23', 'fd01:0:0:1::/64']);
    expect(addresses.families.map((family) => addresses.allocate('b', { family }))).toEqual([
      '10.128.2.3',
      'fd01:0:0:1::3',
    ]);
  });

  test('running out of subnets', () => {
    const addresses = pods('10.0.0.0/23', 24);
    addresses.allocate('a');
    addresses.allocate('b');
    expect(() => addresses.allocate('c')).toThrow('subnet address pool exhausted');
  });
});

describe('service addresses', () => {
  test('drawn from the upper band, the same by the same seed', () => {
    const [one, two] = [1, 1].map((seed) =>
      new ServiceAddresses(table(), ['172.30.0.0/16'], new Random(seed)).allocate(),
    );
    expect(one).toBe(two);
    expect(one).toMatch(/^172\.30\.\d+\.\d+$/);
    expect(one).not.toMatch(/^172\.30\.0\./);
  });

  test.each([
    ['172.30.0.10', 'provided IP is already allocated'],
    ['10.0.0.1', 'the provided IP (10.0.0.1) is not in the valid range. The range of valid IPs is 172.30.0.0/16'],
    ['172.30.0.0', 'the provided IP (172.30.0.0) is not in the valid range. The range of valid IPs is 172.30.0.0/16'],
  ])('a request for %s', (requested, message) => {
    const addresses = new ServiceAddresses(table(), ['172.30.0.0/16'], new Random(1));
    addresses.allocate('172.30.0.10');
    expect(() => addresses.allocate(requested)).toThrow(message);
    addresses.release('172.30.0.10');
    expect(addresses.allocate('172.30.0.10')).toBe('172.30.0.10');
  });

  test('a used-up range', () => {
    const addresses = new ServiceAddresses(table(), ['172.30.0.0/29'], new Random(1));
    const all = Array.from({ length: 6 }, () => addresses.allocate());
    expect(new Set(all).size).toBe(6);
    expect(() => addresses.allocate()).toThrow('range is full');
  });
});

test('node ports are unique by protocol and bounded', () => {
  const ports = new NodePorts(table(), new Random(1), '30000-30001');
  expect(ports.allocate('TCP', 30000)).toBe(30000);
  expect(ports.allocate('UDP', 30000)).toBe(30000);
  expect(() => ports.allocate('TCP', 30000)).toThrow('provided port is already allocated');
  expect(() => ports.allocate('TCP', 80)).toThrow(
    'provided port is not in the valid range. The range of valid ports is 30000-30001',
  );
  expect(ports.allocate('TCP')).toBe(30001);
  expect(() => ports.allocate('TCP')).toThrow('range is full');
});
