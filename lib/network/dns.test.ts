// The recorded DNS answers, then the wire: malformed queries, truncation, forwarding.
import dnsPacket, { type Answer, type Packet, type RecordType } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { canonical } from './address';
import { answerDns } from './dns';
import { type DnsConfig, openShiftDns } from './dns/corefile';
import type { Network } from './network';
import { pod, service, slice, testNetwork } from './testing/fixture';
import { hasTruth, readTruth } from './testing/truth';

interface TruthRecord {
  name: string;
  ttl: number;
  type: RecordType;
  data: string;
}

interface Case {
  id: string;
  fixture: string;
  options: {
    zone?: string;
    zones?: string[];
    exposedNamespaces?: string[];
    pods?: 'disabled' | 'insecure' | 'verified';
    ignoreEmptyService?: boolean;
    hasSynced?: boolean;
  };
  query: { name: string; type: RecordType };
  rcode: string;
  answer: TruthRecord[];
  additional: TruthRecord[];
  authority: TruthRecord[];
  authoritySOAOnly: boolean;
}

interface FixturePod {
  namespace: string;
  name: string;
  ip: string;
  labels?: Record<string, string>;
  ready?: boolean;
  hostname?: string;
  subdomain?: string;
}

interface Fixture {
  namespaces: string[];
  services: { metadata: { name: string; namespace: string }; spec: Record<string, unknown> }[];
  endpointSlices?: { metadata: { name: string } }[];
  pods?: FixturePod[];
}

interface Truth {
  fixtures: Record<string, Fixture>;
  cases: Case[];
}

const truth = hasTruth ? readTruth<Truth>('dns-cases.json') : { fixtures: {}, cases: [] };
const dot = (name: string) => (name.endsWith('.') ? name : `${name}.`);
const undot = (name: string) => name.replace(/\.$/, '');

/** What the endpoint slice controller would make of the fixture's pods. */
function slicesOf({ services, pods = [] }: Fixture) {
  return services.flatMap(({ metadata, spec }) => {
    const selector = spec.selector as Record<string, string> | undefined;
    if (!selector) return [];
    const selected = pods.filter(
      (candidate) =>
        candidate.namespace === metadata.namespace &&
        Object.entries(selector).every(([key, value]) => candidate.labels?.[key] === value),
    );
    const endpoints = selected.map(({ ip, ready, hostname, subdomain }) => ({
      addresses: [ip],
      conditions: { ready: ready !== false || spec.publishNotReadyAddresses === true },
      ...(hostname && subdomain === metadata.name ? { hostname } : {}),
    }));
    const labels = { 'kubernetes.io/service-name': metadata.name };
    const ports = spec.ports as unknown[];
    return [{ kind: 'EndpointSlice', metadata: { ...metadata, labels }, endpoints, ports }];
  });
}

function networkOf(fixture: Fixture): Network {
  const network = testNetwork();
  for (const name of fixture.namespaces) network.apply({ kind: 'Namespace', metadata: { name } });
  for (const one of fixture.services) network.apply({ ...one, kind: 'Service' });
  for (const one of fixture.endpointSlices ?? slicesOf(fixture)) network.apply({ ...one, kind: 'EndpointSlice' });
  for (const { namespace, name, ip } of fixture.pods ?? []) network.apply(pod(namespace, name, { ip }));
  return network;
}

function configOf(network: Network, { options }: Case): DnsConfig {
  const config = openShiftDns(network, ['127.0.0.1']);
  for (const { kubernetes } of config.servers) {
    if (!kubernetes) continue;
    kubernetes.zones = (options.zones ?? [options.zone ?? 'cluster.local.']).map(undot);
    kubernetes.fallthrough = [];
    kubernetes.namespaces = options.exposedNamespaces ?? [];
    kubernetes.pods = options.pods ?? 'disabled';
    kubernetes.ignoreEmptyService = options.ignoreEmptyService ?? false;
    kubernetes.synced = options.hasSynced ?? true;
  }
  return config;
}

const encodeQuery = (name: string, type: RecordType, extra: Partial<Packet> = {}) =>
  dnsPacket.encode({
    type: 'query',
    id: 4711,
    flags: dnsPacket.RECURSION_DESIRED,
    questions: [{ type, name }],
    ...extra,
  });

/** A record in the truth's text form; the serial of a SOA and its minimum depend on the server. */
function text(record: Answer): string {
  const { name, ttl, type, data } = record as unknown as { name: string; ttl: number; type: string; data: never };
  return `${dot(name)} ${ttl} ${type} ${dataText(type, data)}`;
}

function dataText(type: string, data: never): string {
  if (type === 'SRV') {
    const { priority, weight, port, target } = data as {
      priority: number;
      weight: number;
      port: number;
      target: string;
    };
    return `${priority} ${weight} ${port} ${dot(target)}`;
  }
  if (type === 'SOA') return `${dot((data as { mname: string }).mname)} ${dot((data as { rname: string }).rname)} *`;
  if (type === 'TXT') return String(data);
  return type === 'A' || type === 'AAAA' ? canonical(data) : dot(data);
}

const expected = ({ name, ttl, type, data }: TruthRecord) =>
  `${dot(name)} ${ttl} ${type} ${
    type === 'SOA' ? `${data.split(' ').slice(0, 2).join(' ')} *` : type === 'AAAA' ? canonical(data) : data
  }`;

function ask(network: Network, name: string, type: RecordType, config?: DnsConfig, extra?: Partial<Packet>) {
  const outcome = answerDns(network, encodeQuery(name, type, extra), 'udp', 'outside/workstation', config);
  if (!('answer' in outcome)) throw new Error('not answered');
  return { bytes: outcome.answer, packet: dnsPacket.decode(Buffer.from(outcome.answer)) };
}

const rcodeOf = (bytes: Uint8Array) =>
  ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'][(bytes[3] ?? 0) & 15];

describe.skipIf(!hasTruth)('recorded answers', () => {
  test.each(truth.cases.map((c) => [c.id, c.query.type, c.query.name, c] as const))(
    '%s %s %s',
    (_id, type, name, c) => {
      const network = networkOf(truth.fixtures[c.fixture] as Fixture);
      const { bytes, packet } = ask(network, undot(name), type, configOf(network, c));
      expect(rcodeOf(bytes)).toBe(c.rcode);
      expect((packet.answers ?? []).map(text).sort()).toEqual(c.answer.map(expected).sort());
      expect((packet.additionals ?? []).map(text).sort()).toEqual(c.additional.map(expected).sort());
      expect((packet.authorities ?? []).map(({ type: t }) => t)).toEqual(c.authoritySOAOnly ? ['SOA'] : []);
      if (c.authority.length > 0) expect(packet.authorities?.map(text)).toEqual(c.authority.map(expected));
    },
  );
});

function shop(): Network {
  const network = testNetwork();
  for (const name of ['shop', 'default']) network.apply({ kind: 'Namespace', metadata: { name } });
  network.apply(service('shop', 'web', { ip: '172.30.10.20' }));
  network.apply(service('shop', 'many', { clusterIP: 'None' }));
  network.apply(service('shop', 'ext', { type: 'ExternalName', externalName: 'www.example.com' }));
  const endpoints = Array.from({ length: 60 }, (_, i) => ({ ip: `10.128.2.${i + 10}` }));
  network.apply(slice('shop', 'many', 80, endpoints));
  return network;
}

describe('the wire', () => {
  test('a long answer is compressed, cut at 512 bytes and marked; EDNS gives it room', () => {
    const cut = ask(shop(), 'many.shop.svc.cluster.local', 'A');
    expect(cut.packet.flag_tc).toBe(true);
    expect(cut.bytes.length).toBeLessThanOrEqual(512);
    expect(cut.packet.answers?.length).toBe(29); // (512 - 12 - 33 of the question) / 16 a compressed record
    const opt = { type: 'OPT', name: '.', udpPayloadSize: 4096, flags: 0, options: [] } as unknown as Answer;
    const whole = ask(shop(), 'many.shop.svc.cluster.local', 'A', undefined, { additionals: [opt] });
    expect(whole.packet.flag_tc).toBe(false);
    expect(whole.packet.answers?.length).toBe(60);
  });

  test('over TCP everything fits', () => {
    const outcome = answerDns(shop(), encodeQuery('many.shop.svc.cluster.local', 'A'), 'tcp', 'node/worker01');
    const packet = 'answer' in outcome ? dnsPacket.decode(Buffer.from(outcome.answer)) : undefined;
    expect(packet?.answers?.length).toBe(60);
    expect(packet?.flag_tc).toBe(false);
  });

  const header = (flags: number, counts: number[]) =>
    Buffer.from([0, 7, flags >> 8, flags & 255, ...counts.flatMap((n) => [0, n])]);
  test.each<[string, Buffer, string]>([
    [
      'a name that points at itself',
      Buffer.concat([header(0, [1, 0, 0, 0]), Buffer.from([0xc0, 12, 0, 1, 0, 1])]),
      'FORMERR',
    ],
    ['a label past the end', Buffer.concat([header(0, [1, 0, 0, 0]), Buffer.from([63, 65])]), 'FORMERR'],
    ['no question', header(0, [0, 0, 0, 0]), 'FORMERR'],
    ['two questions', header(0, [2, 0, 0, 0]), 'FORMERR'],
    ['an update', header(5 << 11, [1, 0, 0, 0]), 'NOTIMP'],
  ])('%s', (_name, bytes, rcode) => {
    const outcome = answerDns(shop(), bytes, 'udp', 'node/worker01');
    expect('answer' in outcome && [rcodeOf(outcome.answer), outcome.answer[1]]).toEqual([rcode, 7]);
  });

  test.each([
    ['three bytes', Buffer.from([1, 2, 3])],
    ['a response', header(0x8000, [1, 0, 0, 0])],
  ])('%s gets no answer', (_name, bytes) => {
    expect(answerDns(shop(), bytes, 'udp', 'node/worker01')).toEqual({ silent: true });
  });
});

describe('forwarding', () => {
  const forward = (name: string, type: RecordType = 'A') => {
    const outcome = answerDns(shop(), encodeQuery(name, type), 'udp', 'node/worker01');
    if (!('forward' in outcome)) throw new Error('not forwarded');
    return outcome.forward;
  };
  const upstream = (name: string) =>
    dnsPacket.encode({
      type: 'response',
      id: 4711,
      questions: [],
      answers: [{ type: 'A', name, ttl: 60, data: '192.0.2.53' }],
    });

  test('other names go to the servers of resolv.conf', () => {
    const got = forward('www.example.com');
    expect(got).toMatchObject({ to: ['/etc/resolv.conf'], policy: 'sequential' });
    expect(dnsPacket.decode(Buffer.from(got.query)).questions).toMatchObject([{ name: 'www.example.com', type: 'A' }]);
    expect(rcodeOf(got.complete(undefined))).toBe('SERVFAIL');
  });

  test('an ExternalName service answers with the alias and what it leads to', () => {
    const got = forward('ext.shop.svc.cluster.local');
    const packet = dnsPacket.decode(Buffer.from(got.complete(upstream('www.example.com'))));
    expect(packet.answers?.map(text)).toEqual([
      'ext.shop.svc.cluster.local. 5 CNAME www.example.com.',
      'www.example.com. 60 A 192.0.2.53',
    ]);
  });

  test('reverse names of the cluster are answered, others passed on', () => {
    expect(ask(shop(), '20.10.30.172.in-addr.arpa', 'PTR').packet.answers?.map(text)).toEqual([
      '20.10.30.172.in-addr.arpa. 5 PTR web.shop.svc.cluster.local.',
    ]);
    expect(forward('9.50.168.192.in-addr.arpa', 'PTR').to).toEqual(['/etc/resolv.conf']);
  });
});
