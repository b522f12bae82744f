// A name looked up from a host without sending a packet: the stub resolver's sequence against the DNS server's answers, with
// the path to the server decided like any other. What traces and reviews use; programs send real packets.
import { Buffer } from 'node:buffer';
import dnsPacket from 'dns-packet';
import { answerDns, type Forward } from './dns';
import type { DnsConfig } from './dns/corefile';
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
type Upstream = (name: string) => readonly string[] | undefined;

/** A DNS server in a pod: what it runs with, and the name servers of its own /etc/resolv.conf. */
export interface NameServer {
  config: DnsConfig;
  nameservers: readonly string[];
}

export interface ResolveOptions {
  libc?: Libc;
  upstream?: Upstream;
  /** The DNS server that runs in a pod; without it, an untouched OpenShift cluster's. */
  nameServer?: (host: HostId) => NameServer | undefined;
}

const DNS_PORT = 53;
const MAX_FORWARDS = 4; // servers that ask each other in a circle give up, as CoreDNS' loop plugin has it

export function resolve(
  network: Network,
  from: HostId,
  name: string,
  conf: ResolvConf,
  options: ResolveOptions = {},
): Resolution {
  const resolution: Resolution = { addresses: [], result: 'NXDOMAIN', asked: [] };
  const names = lookups(name, conf, options.libc ?? 'glibc');
  let step = names.next();
  while (!step.done) {
    const asking = new Asking(network, options);
    const answer = asking.client(from, conf.nameservers, step.value);
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

class Asking {
  constructor(
    private readonly network: Network,
    private readonly options: ResolveOptions,
  ) {}

  /** What the C library hears: glibc from the first server that can be reached, musl from any that says yes or no. */
  client(from: HostId, servers: readonly string[], name: string): Answer {
    if (this.options.libc !== 'musl') return this.servers(from, servers, name, 0);
    const answers = servers.map((server) => this.servers(from, [server], name, 0));
    const telling = answers.find(({ result }) => result !== 'TIMEOUT' && result !== 'SERVFAIL');
    return telling ?? answers.find(({ result }) => result === 'SERVFAIL') ?? this.servers(from, servers, name, 0);
  }

  /** The first of some servers that answers. */
  servers(from: HostId, servers: readonly string[], name: string, depth: number): Answer {
    let failure = 'no name server is configured';
    for (const server of servers) {
      const [, address = server, port = DNS_PORT] = /^(.+?):(\d+)$/.exec(server) ?? [];
      const way = path(this.network, { from, to: address, port: Number(port), protocol: 'UDP' });
      const host = way.destination?.host;
      if (way.verdict === 'delivered' && host)
        return host.startsWith('pod/') ? this.cluster(host, from, name, depth) : this.outside(name);
      failure = `name server ${server} does not answer: ${way.reason}`;
    }
    return { result: 'TIMEOUT', failure };
  }

  private outside(name: string): Answer {
    const found = this.options.upstream?.(name.replace(/\.$/, ''));
    return found ? { result: found.length > 0 ? 'NOERROR' : 'NODATA', addresses: [...found] } : { result: 'NXDOMAIN' };
  }

  private cluster(host: HostId, from: HostId, name: string, depth: number): Answer {
    const server = this.options.nameServer?.(host);
    const addresses: string[] = [];
    let result: LookupResult = 'NXDOMAIN';
    for (const type of ['A', 'AAAA'] as const) {
      const query = dnsPacket.encode({ type: 'query', id: 1, questions: [{ type, name: name.replace(/\.$/, '') }] });
      const outcome = answerDns(this.network, query, 'tcp', from, server?.config);
      if ('forward' in outcome) return this.forward(host, server, outcome.forward, depth + 1);
      if ('silent' in outcome) return { result: 'SERVFAIL' };
      const { answers = [] } = dnsPacket.decode(Buffer.from(outcome.answer));
      const rcode = (outcome.answer[3] ?? 0) & 15;
      if (rcode === SERVFAIL || rcode === REFUSED) return { result: 'SERVFAIL' };
      if (rcode === 0 && result !== 'NOERROR') result = 'NODATA';
      for (const record of answers) if (record.type === type) addresses.push(record.data as string);
      if (addresses.length > 0) result = 'NOERROR';
    }
    return result === 'NOERROR' ? { result, addresses } : { result };
  }

  /** What a server does not know it asks others; when none of them answers, the client hears SERVFAIL. */
  private forward(host: HostId, server: NameServer | undefined, { query, to }: Forward, depth: number): Answer {
    const name = forwardedName(query);
    if (!server) return this.outside(name);
    if (depth > MAX_FORWARDS) return { result: 'SERVFAIL' };
    const targets = to.flatMap((target) => (target === '/etc/resolv.conf' ? server.nameservers : [target]));
    const answer = this.servers(host, targets, name, depth);
    return answer.result === 'TIMEOUT' ? { ...answer, result: 'SERVFAIL' } : answer;
  }
}

const SERVFAIL = 2;
const REFUSED = 5;

/** The name in a forwarded question: an alias' target may differ from what was asked. */
const forwardedName = (query: Uint8Array): string => dnsPacket.decode(Buffer.from(query)).questions?.[0]?.name ?? '';
