// The cluster's DNS server: wire format in, wire format out, as CoreDNS with OpenShift's Corefile.
import { Buffer } from 'node:buffer';
import dnsPacket, { type Answer, type RecordType } from 'dns-packet';
import { type DnsConfig, openShiftDns, type ServerBlock } from './dns/corefile';
import { decodeQuery, encodeReply, type Query, type Reply, refuse } from './dns/wire';
import { type Found, isWithin, type KubernetesPlugin, lookup, soa } from './dns/zone';
import type { Network } from './network';
import type { HostId } from './types';

/** A question for another server; `complete` makes the final answer of its reply, or of none. */
export interface Forward {
  query: Uint8Array;
  /** Addresses, `address:port`, or `/etc/resolv.conf` for the server's own name servers. */
  to: string[];
  policy: 'random' | 'round_robin' | 'sequential';
  complete(reply: Uint8Array | undefined): Uint8Array;
}

/** `silent`: what is no query gets no answer. */
export type DnsOutcome = { answer: Uint8Array } | { forward: Forward } | { silent: true };

/**
 * Answers one query. `from` is who asks; `config` what the server runs with, OpenShift's default Corefile if not given.
 * @example answerDns(network, dnsPacket.encode({ type: 'query', id: 1, questions: [{ type: 'A', name }] }), 'udp', from)
 */
export function answerDns(
  network: Network,
  query: Uint8Array,
  transport: 'udp' | 'tcp',
  from: HostId,
  config: DnsConfig = openShiftDns(network),
): DnsOutcome {
  const decoded = decodeQuery(query);
  if (decoded === 'silent') return { silent: true };
  if ('refuse' in decoded) return { answer: refuse(query, decoded.refuse) };
  return new Answering(network, decoded, transport, config, from).run();
}

const empty: Reply = { rcode: 'NOERROR', authoritative: false, answers: [], authorities: [], additionals: [] };

class Answering {
  constructor(
    private readonly network: Network,
    private readonly query: Query,
    private readonly transport: 'udp' | 'tcp',
    private readonly config: DnsConfig,
    readonly from: HostId,
  ) {}

  run(): DnsOutcome {
    const { name, class: klass = 'IN' } = this.query.question;
    const block = longest(this.config.servers, name);
    if (!block || (klass !== 'IN' && klass !== 'ANY')) return this.reply({ ...empty, rcode: 'REFUSED' });
    const zone = block.kubernetes?.zones.filter((candidate) => isWithin(name, candidate)).sort(byLength)[0];
    if (!block.kubernetes || zone === undefined) return this.forward(block);
    // The zone in the case of the question, as CoreDNS keeps it.
    return this.kubernetes(block, block.kubernetes, name.slice(name.length - zone.length));
  }

  private kubernetes(block: ServerBlock, plugin: KubernetesPlugin, zone: string): DnsOutcome {
    const { name, type } = this.query.question;
    const found = lookup(this.network, plugin, zone, name, type);
    if (!found && plugin.fallthrough.some((candidate) => isWithin(name, candidate))) return this.forward(block);
    if (found?.chase !== undefined) return this.chase(block, plugin, zone, found, found.chase);
    return this.reply(this.authoritative(plugin, zone, found));
  }

  private authoritative(plugin: KubernetesPlugin, zone: string, found: Found | undefined): Reply {
    const rcode = found ? 'NOERROR' : plugin.synced ? 'NXDOMAIN' : 'SERVFAIL';
    const answers = this.config.shuffle ? this.shuffled(found?.records ?? []) : (found?.records ?? []);
    const authorities = answers.length > 0 ? [] : [soa(this.network, zone, plugin.ttl)];
    return { rcode, authoritative: true, answers, authorities, additionals: found?.extra ?? [] };
  }

  /** An alias that leads out of the zone: its target's records are asked for elsewhere and added. */
  private chase(block: ServerBlock, plugin: KubernetesPlugin, zone: string, found: Found, target: string): DnsOutcome {
    const { type } = this.query.question;
    const complete = (reply: Uint8Array | undefined) => {
      const more = readAnswers(reply);
      const records = more ? [...found.records, ...more] : [];
      return this.encode(this.authoritative(plugin, zone, { ...found, records }));
    };
    const forward = longest([block], target)?.forward;
    if (!forward) return { answer: complete(undefined) };
    const query = dnsPacket.encode({
      type: 'query',
      id: this.query.id,
      flags: dnsPacket.RECURSION_DESIRED,
      questions: [{ type, name: target }],
    });
    return { forward: { ...forward, query: new Uint8Array(query), complete } };
  }

  private forward({ forward }: ServerBlock): DnsOutcome {
    if (!forward) return this.reply({ ...empty, rcode: 'SERVFAIL' });
    const { id, question, recursionDesired } = this.query;
    const query = dnsPacket.encode({
      type: 'query',
      id,
      flags: recursionDesired ? dnsPacket.RECURSION_DESIRED : 0,
      questions: [question],
    });
    const complete = (reply: Uint8Array | undefined) => reply ?? this.encode({ ...empty, rcode: 'SERVFAIL' });
    return { forward: { ...forward, query: new Uint8Array(query), complete } };
  }

  private shuffled(records: Answer[]): Answer[] {
    const addresses = records.filter(({ type }) => isAddress(type));
    const rest = records.filter(({ type }) => !isAddress(type));
    const turn = addresses.length > 1 ? this.network.random.int(addresses.length) : 0;
    return [...rest, ...addresses.slice(turn), ...addresses.slice(0, turn)];
  }

  private reply(reply: Reply): DnsOutcome {
    return { answer: this.encode(reply) };
  }

  private encode(reply: Reply): Uint8Array {
    return encodeReply(this.query, reply, this.transport, this.config.bufsize);
  }
}

const isAddress = (type: RecordType): boolean => type === 'A' || type === 'AAAA';
const byLength = (a: string, b: string): number => b.length - a.length;

/** The server block whose zone fits the name best. */
function longest(servers: readonly ServerBlock[], name: string): ServerBlock | undefined {
  const fits = servers.flatMap((server) =>
    server.zones.filter((zone) => isWithin(name, zone)).map((zone) => ({ server, length: zone.length })),
  );
  return fits.sort((a, b) => b.length - a.length)[0]?.server;
}

/** The answers of another server's reply; undefined when it failed. */
function readAnswers(reply: Uint8Array | undefined): Answer[] | undefined {
  if (!reply) return undefined;
  try {
    return dnsPacket.decode(Buffer.from(reply)).answers;
  } catch {
    return undefined;
  }
}
