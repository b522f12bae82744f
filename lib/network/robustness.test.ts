// Whatever comes in: bytes that are no DNS, objects with parts missing, addresses that are none. Nothing throws, nothing hangs.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAddress } from './address';
import { cniNames } from './cni/contract';
import { answerDns } from './dns';
import { linksOf, routesOf } from './interfaces';
import { path } from './path';
import { parseResolvConf } from './resolver';
import { service, testNetwork } from './testing/fixture';

const holds = (property: fc.IRawProperty<unknown>) =>
  expect(() => fc.assert(property, { numRuns: 500, seed: 4 })).not.toThrow();

test('any bytes at the DNS server', () => {
  const network = testNetwork();
  network.apply({ kind: 'Namespace', metadata: { name: 'shop' } });
  network.apply(service('shop', 'web', { ip: '172.30.10.20' }));
  const header = fc.constantFrom([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0], [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.tuple(header, fc.uint8Array({ maxLength: 80 })).map(([head, rest]) => Uint8Array.of(...head, ...rest)),
  );
  holds(
    fc.property(bytes, fc.constantFrom('udp' as const, 'tcp' as const), (query, transport) => {
      const outcome = answerDns(network, query, transport, 'outside/workstation');
      if ('answer' in outcome && (outcome.answer[0] !== query[0] || outcome.answer[1] !== query[1]))
        throw new Error('another id');
      if ('forward' in outcome) outcome.forward.complete(query);
    }),
  );
});

const name = fc.constantFrom('a', 'b');
const part = (value: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: fc.constant(undefined) });
const address = fc.constantFrom('10.128.2.5', 'fd01::5', '192.168.50.11', 'None', '', 'x', '::ffff:10.0.0.1');
const apiVersion = fc.constantFrom(
  'v1',
  'networking.k8s.io/v1',
  'discovery.k8s.io/v1',
  'policy.networking.k8s.io/v1alpha1',
  'k8s.ovn.org/v1',
  'projectcalico.org/v3',
  'cilium.io/v2',
  'route.openshift.io/v1',
  'k8s.cni.cncf.io/v1',
);
const kind = fc.constantFrom(
  'Pod',
  'Node',
  'Service',
  'EndpointSlice',
  'Namespace',
  'NetworkPolicy',
  'AdminNetworkPolicy',
  'EgressIP',
  'EgressFirewall',
  'GlobalNetworkPolicy',
  'CiliumNetworkPolicy',
  'Route',
  'NetworkAttachmentDefinition',
  'Banana',
);
const spec = fc.record(
  {
    nodeName: name,
    clusterIP: address,
    clusterIPs: fc.array(address, { maxLength: 2 }),
    selector: fc.constant({ app: 'a' }),
    ports: fc.array(fc.record({ port: fc.constantFrom(0, 80, 65536), nodePort: fc.constantFrom(0, 30080) }), {
      maxLength: 2,
    }),
    podCIDRs: fc.array(fc.constantFrom('10.128.2.0/23', 'x', ''), { maxLength: 2 }),
    egress: fc.constant([]),
    ingress: fc.constant([{}]),
    host: fc.constantFrom('web.example.com', ''),
    config: fc.constantFrom('{', '{}', '{"type":"macvlan"}'),
  },
  { requiredKeys: [] },
);
const object = fc.record({
  apiVersion,
  kind,
  metadata: fc.record({
    name,
    namespace: part(name),
    labels: part(fc.constant({ app: 'a' })),
    annotations: part(fc.constant({ 'k8s.ovn.org/node-subnets': '{' })),
  }),
  spec: part(spec),
  status: part(
    fc.record({
      podIP: part(address),
      phase: part(fc.constant('Running')),
      addresses: part(fc.constant([])),
      loadBalancer: part(fc.constant({})),
    }),
  ),
  endpoints: fc.oneof(fc.constant(null), fc.constant(undefined), fc.constant([{ addresses: ['10.128.2.5'] }])),
  ports: fc.oneof(fc.constant(null), fc.constant([{ port: 80 }])),
});

test('any objects, in any order, with any plug-in', () =>
  holds(
    fc.property(
      fc.constantFrom(...cniNames),
      fc.array(fc.tuple(object, fc.boolean()), { maxLength: 12 }),
      (plugin, changes) => {
        const network = testNetwork(plugin);
        for (const [drawn, add] of changes) {
          const one = drawn as { kind: string; metadata: { name: string } };
          if (add) network.apply(one);
          else network.remove(one);
        }
        for (const to of ['10.128.2.5', '192.168.50.11', '172.30.0.1', 'fd01::5', ''])
          for (const from of ['pod/a/a', 'pod/default/a', 'node/worker01', 'outside/workstation'])
            path(network, { from, to, port: 80, protocol: 'TCP' });
        for (const id of ['pod/a/a', 'node/worker01']) [linksOf(network, id), routesOf(network, id)];
      },
    ),
  ));

test('any text as an address or a resolv.conf', () =>
  holds(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef.:/ \nnameserver') }), (text) => {
      parseAddress(text);
      parseResolvConf(text);
    }),
  ));
