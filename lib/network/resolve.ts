// A name looked up from a host without sending a packet: the stub resolver's sequence against the DNS server's answers, with
// the path to the server decided like any other. What traces and reviews use; programs send real packets.
import { Buffer } from 'node:buffer';
import dnsPacket from 'dns-packet';
import { answerDns } from './dns';
import type { Network } from './network';
import { path } from './path';
import { type Libc, type LookupResult, lookups, type ResolvConf } from './resolver';
import type { HostId } from './types';

export interface Resolution {
  addresses: string[];
  /** How the search ended. */
  result: LookupResult;
  /** Each name asked for, with what came back. */
  asked: { name: string; result: LookupResult }[];
  /** Why no server could be asked. */
  failure?: string;
}

/** The names beyond the cluster: its addresses, or undefined when there is none. */
export type Upstream = (name: string) => readonly string[] | undefined;

const DNS_PORT = 53;

export function resolve(
  network: Network,
  from: HostId,
  name: string,
  conf: ResolvConf,
  options: { libc?: Libc; upstream?: Upstream } = {},
): Resolution {
  const resolution: Resolution = { addresses: [], result: 'NXDOMAIN', asked: [] };
  const names = lookups(name, conf, options.libc ?? 'glibc');
  let step = names.next();
  while (!step.done) {
    const answer = askServers(network, from, step.value, conf, options.upstream ?? (() => undefined));
    resolution.asked.push({ name: step.value, result: answer.result });
    if (answer.failure) resolution.failure = answer.failure;
    if (answer.addresses) resolution.addresses = answer.addresses;
    step = names.next(answer.result);
  }
  return { ...resolution, result: step.value };
}

interface Answer {
  result: LookupResult;
  addresses?: string[];
  failure?: string;
}

function askServers(network: Network, from: HostId, name: string, conf: ResolvConf, upstream: Upstream): Answer {
  let failure = 'no name server is configured';
  for (const server of conf.nameservers) {
    const way = path(network, { from, to: server, port: DNS_PORT, protocol: 'UDP' });
    if (way.verdict !== 'delivered') {
      failure = `name server ${server} does not answer: ${way.reason}`;
      continue;
    }
    return way.destination?.host.startsWith('pod/')
      ? askCluster(network, from, name, upstream)
      : outside(name, upstream);
  }
  return { result: 'TIMEOUT', failure };
}

function outside(name: string, upstream: Upstream): Answer {
  const found = upstream(name.replace(/\.$/, ''));
  return found ? { result: found.length > 0 ? 'NOERROR' : 'NODATA', addresses: [...found] } : { result: 'NXDOMAIN' };
}

function askCluster(network: Network, from: HostId, name: string, upstream: Upstream): Answer {
  const addresses: string[] = [];
  let result: LookupResult = 'NXDOMAIN';
  for (const type of ['A', 'AAAA'] as const) {
    const query = dnsPacket.encode({ type: 'query', id: 1, questions: [{ type, name: name.replace(/\.$/, '') }] });
    const outcome = answerDns(network, query, 'tcp', from);
    if ('forward' in outcome) return outside(forwardedName(outcome.forward.query), upstream);
    if ('silent' in outcome) return { result: 'SERVFAIL' };
    const { answers = [] } = dnsPacket.decode(Buffer.from(outcome.answer));
    const rcode = (outcome.answer[3] ?? 0) & 15;
    if (rcode === 0 && result !== 'NOERROR') result = 'NODATA';
    for (const record of answers) if (record.type === type) addresses.push(record.data as string);
    if (addresses.length > 0) result = 'NOERROR';
  }
  return result === 'NOERROR' ? { result, addresses } : { result };
}

/** The name in a forwarded question: an alias' target may differ from what was asked. */
const forwardedName = (query: Uint8Array): string => dnsPacket.decode(Buffer.from(query)).questions?.[0]?.name ?? '';
