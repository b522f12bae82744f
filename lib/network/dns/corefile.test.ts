// Corefiles: the operator's own, forwarders by zone, and what the server refuses; and the cache.
import dnsPacket from 'dns-packet';
import { expect, test } from 'vitest';
import { DnsServer } from '../dns';
import { clock, service, testNetwork } from '../testing/fixture';
import { openShiftCorefile, parseCorefile } from './corefile';

const query = (name: string) => dnsPacket.encode({ type: 'query', id: 5, questions: [{ type: 'A', name }] });

function shop() {
  const network = testNetwork();
  network.apply({ kind: 'Namespace', metadata: { name: 'shop' } });
  return network;
}

test('the operator’s servers forward their zones', () => {
  const servers = [
    {
      name: 'corp',
      zones: ['corp.example.com', 'lab.example.com'],
      forwardPlugin: { upstreams: ['192.168.50.5', '192.168.50.6:5300'] },
    },
  ];
  const upstreamResolvers = { policy: 'RoundRobin', upstreams: [{ type: 'Network', address: '192.168.50.7' }] };
  const text = openShiftCorefile('cluster.local', { servers, upstreamResolvers, logLevel: 'Debug' });
  expect(text).toContain('# corp\ncorp.example.com:5353 lab.example.com:5353 {\n');
  expect(text).toContain('class denial error');
  const server = new DnsServer(shop(), parseCorefile(text));
  const to = (name: string) => {
    const outcome = server.answer(query(name), 'udp', 'node/worker01');
    return 'forward' in outcome ? [outcome.forward.policy, ...outcome.forward.to] : [];
  };
  expect(to('www.lab.example.com')).toEqual(['random', '192.168.50.5', '192.168.50.6:5300']);
  expect(to('www.example.com')).toEqual(['round_robin', '192.168.50.7:53']);
});

test.each([
  ['.:5353 {\n    nonsense\n}\n', "/etc/coredns/Corefile:2 - Error during parsing: Unknown directive 'nonsense'"],
  ['.:5353 {\n    errors\n', '/etc/coredns/Corefile:1 - Error during parsing: Unexpected EOF'],
  [
    '.:5353 {\n  forward .\n}\n',
    '/etc/coredns/Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending',
  ],
])('%j is refused', (text, message) => expect(() => parseCorefile(text)).toThrow(message));

test('a denial is kept for five seconds, an answer for the rest of its life', () => {
  const network = shop();
  const server = new DnsServer(network, parseCorefile(openShiftCorefile()));
  const ask = () => {
    const outcome = server.answer(query('web.shop.svc.cluster.local'), 'udp', 'node/worker01');
    const packet = 'answer' in outcome ? dnsPacket.decode(Buffer.from(outcome.answer)) : undefined;
    return packet?.answers?.map((record) => `${(record as { data: string }).data} ${(record as { ttl: number }).ttl}`);
  };
  expect(ask()).toEqual([]);
  network.apply(service('shop', 'web', { ip: '172.30.10.20' }));
  clock.now += 4_000;
  expect(ask()).toEqual([]);
  clock.now += 1_000;
  expect(ask()).toEqual(['172.30.10.20 5']);
  clock.now += 3_000;
  expect(ask()).toEqual(['172.30.10.20 2']);
});
