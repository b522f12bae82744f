// The recorded resolver sequences, and the resolv.conf of each DNS policy.
import { describe, expect, test } from 'vitest';
import { type Libc, type LookupResult, lookups, type PodResolver, parseResolvConf, podResolvConf } from './resolver';
import { hasTruth, readTruth } from './testing/truth';

interface Truth {
  zone: Record<string, string>;
  nodata: string[];
  cases: {
    libc: Libc;
    podNamespace: string;
    ndots: number;
    search: string[];
    name: string;
    queries: { query: string; result: LookupResult }[];
    final: LookupResult;
  }[];
  resolvConf: (Partial<PodResolver> & {
    nodeResolvConf?: PodResolver['node'];
    expect: { search: string; nameserver: string[]; options: string[] };
  })[];
}

const truth = hasTruth ? readTruth<Truth>('resolver-cases.json') : { zone: {}, nodata: [], cases: [], resolvConf: [] };

function answer(query: string): LookupResult {
  const name = query.slice(0, -1);
  return truth.zone[name] ? 'NOERROR' : truth.nodata.includes(name) ? 'NODATA' : 'NXDOMAIN';
}

describe.skipIf(!hasTruth)('recorded sequences', () => {
  test.each(truth.cases.map((c) => [c.libc, c.name, c.podNamespace, c] as const))(
    '%s %s in %s',
    (libc, name, _ns, c) => {
      const conf = { nameservers: [], search: c.search, options: { ndots: c.ndots, timeout: 5, attempts: 2 } };
      const seen: Truth['cases'][number]['queries'] = [];
      const names = lookups(name, conf, libc);
      let step = names.next();
      while (!step.done) {
        seen.push({ query: step.value, result: answer(step.value) });
        step = names.next(answer(step.value));
      }
      expect(seen).toEqual(c.queries);
      expect(step.value).toBe(c.final);
    },
  );

  test.each(truth.resolvConf.map((c) => [c.dnsPolicy, c] as const))('resolv.conf of %s', (_policy, c) => {
    const node = c.nodeResolvConf ?? { search: [], nameservers: [] };
    const text = podResolvConf({ namespace: 'x', clusterDNS: '172.30.0.10', ...c, node } as PodResolver);
    const { search, nameserver, options } = c.expect;
    const lines = [`search ${search}`, ...nameserver.map((ip) => `nameserver ${ip}`)];
    if (options.length > 0) lines.push(`options ${options.join(' ')}`);
    expect(text).toBe(`${lines.join('\n')}\n`);
  });
});

test('resolv.conf is read as the libraries read it', () => {
  const text =
    'domain a\nsearch b c # d\nnameserver 1.1.1.1\nnonsense\nnameserver ::1\noptions ndots:99 timeout:0 rotate\n';
  expect(parseResolvConf(text)).toEqual({
    nameservers: ['1.1.1.1', '::1'],
    search: ['b', 'c'],
    options: { ndots: 15, timeout: 1, attempts: 2 },
  });
});
