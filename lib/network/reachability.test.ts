// The matrix and the policy behind each cell.
import { expect, test } from 'vitest';
import { reachability } from './reachability';
import { pod, testNetwork } from './testing/fixture';

test('every cell has its verdict and the policy that decided', () => {
  const network = testNetwork();
  for (const [name, ip] of [
    ['a', '10.128.2.10'],
    ['b', '10.128.2.11'],
  ] as const) {
    network.apply(pod('shop', name, { ip, labels: { app: name } }));
    network.setListener(`pod/shop/${name}`, 'TCP', 80, '0.0.0.0', true);
  }
  const spec = { podSelector: { matchLabels: { app: 'b' } }, policyTypes: ['Ingress'] };
  network.apply({ kind: 'NetworkPolicy', metadata: { namespace: 'shop', name: 'deny' }, spec });
  const sources = [...network.hosts.podsOf('shop')];
  const targets = sources.map(({ name, addresses }) => ({ name: `shop/${name}`, address: addresses[0] ?? '' }));
  const cells = reachability(network, sources, targets, [{ port: 80, protocol: 'TCP' }]);
  expect(cells.map(({ from, to, verdict, policy }) => `${from} ${to} ${verdict} ${policy}`)).toEqual([
    'shop/a shop/a delivered ',
    'shop/a shop/b dropped NetworkPolicy shop/deny',
    'shop/b shop/a delivered ',
    'shop/b shop/b delivered ',
  ]);
});
