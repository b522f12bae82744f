// The cluster's DNS server: wire format in, wire format out, as CoreDNS with OpenShift's Corefile.
import { Buffer } from 'node:buffer';
import dnsPacket, { type Answer, type RecordType } from 'dns-packet';
import { DnsCache, readReply } from './dns/cache';
import { type DnsConfig, type ForwardPlugin, openShiftDns, type ServerBlock } from './dns/corefile';
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
 * A running server: what `answerDns` answers, kept in its cache as the Corefile says. A new one starts with an empty cache.
 * @example new DnsServer(network, parseCorefile(text, ['10.128.2.5'])).answer(bytes, 'udp', from)
 */
export class DnsServer {
  private readonly caches = new Map<ServerBlock, DnsCache>();

  constructor(
    private readonly network: Network,
    private readonly config: DnsConfig,
  ) {
    for (const server of config.servers)
      if (server.cache) this.caches.set(server, new DnsCache(server.cache, network.now));
  }

  /** What the `log` plugin writes down of questions for a name. */
  logClasses(name: string): readonly string[] {
    return longest(this.config.servers, name)?.logs ?? [];
  }

  answer(bytes: Uint8Array, transport: 'udp' | 'tcp', from: HostId): DnsOutcome {
    const query = decodeQuery(bytes);
    const block =
      typeof query === 'object' && 'question' in query ? longest(this.config.servers, query.question.name) : undefined;
    const cache = block && this.caches.get(block);
    if (!cache || query === 'silent' || 'refuse' in query)
      return answerDns(this.network, bytes, transport, from, this.config);
    const kept = cache.get(query);
    if (kept) return { answer: encodeReply(query, kept, transport, block.bufsize) };
    const keep = (answer: Uint8Array) => {
      const reply = readReply(answer);
      if (!reply) return answer;
      cache.put(query, reply);
      return encodeReply(query, reply, transport, block.bufsize);
    };
    const outcome = answerDns(this.network, bytes, 'tcp', from, this.config);
    if ('answer' in outcome) return { answer: keep(outcome.answer) };
    if ('silent' in outcome) return outcome;
    const { complete } = outcome.forward;
    return { forward: { ...outcome.forward, complete: (reply) => keep(complete(reply)) } };
  }
}

/**
 * Answers one query. `from` is who asks; `config` what the server runs with, OpenShift's default Corefile if not given.
 * @example answerDns(network, dnsPacket.encode({ type: 'query', id: 1, questions: [{ type: 'A', name }] }), 'udp', from)
 */
export function answerDns(
  network: Network,
  query: Uint8Array,
  transport: 'udp' | 'tcp',
  from: HostId,
  config: DnsConfig = defaultConfig(network),
): DnsOutcome {
  const decoded = decodeQuery(query);
  if (decoded === 'silent') return { silent: true };
  if ('refuse' in decoded) return { answer: refuse(query, decoded.refuse) };
  return new Answering(network, decoded, transport, config, from).run();
}

const defaults = new WeakMap<Network, DnsConfig>();

function defaultConfig(network: Network): DnsConfig {
  const config = defaults.get(network) ?? openShiftDns(network);
  defaults.set(network, config);
  return config;
}

const empty: Reply = { rcode: 'NOERROR', authoritative: false, answers: [], authorities: [], additionals: [] };

class Answering {
  private bufsize = 1232;

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
    this.bufsize = block?.bufsize ?? this.bufsize;
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
    return this.reply(this.authoritative(block, plugin, zone, found));
  }

  private authoritative(block: ServerBlock, plugin: KubernetesPlugin, zone: string, found: Found | undefined): Reply {
    const rcode = found ? 'NOERROR' : plugin.synced ? 'NXDOMAIN' : 'SERVFAIL';
    const answers = block.shuffle ? this.shuffled(found?.records ?? []) : (found?.records ?? []);
    const authorities = answers.length > 0 ? [] : [soa(this.network, zone, plugin.ttl)];
    return { rcode, authoritative: true, answers, authorities, additionals: found?.extra ?? [] };
  }

  /** An alias that leads out of the zone: its target's records are asked for elsewhere and added. */
  private chase(block: ServerBlock, plugin: KubernetesPlugin, zone: string, found: Found, target: string): DnsOutcome {
    const { type } = this.query.question;
    const complete = (reply: Uint8Array | undefined) => {
      const more = readAnswers(reply);
      const records = more ? [...found.records, ...more] : [];
      return this.encode(this.authoritative(block, plugin, zone, { ...found, records }));
    };
    const forward = forwarder(block, target);
    if (!forward) return { answer: complete(undefined) };
    const query = dnsPacket.encode({
      type: 'query',
      id: this.query.id,
      flags: dnsPacket.RECURSION_DESIRED,
      questions: [{ type, name: target }],
    });
    return { forward: { ...forward, query: new Uint8Array(query), complete } };
  }

  private forward(block: ServerBlock): DnsOutcome {
    const forward = forwarder(block, this.query.question.name);
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
    return encodeReply(this.query, reply, this.transport, this.bufsize);
  }
}

const isAddress = (type: RecordType): boolean => type === 'A' || type === 'AAAA';
const byLength = (a: string, b: string): number => b.length - a.length;

const forwarder = ({ forwards }: ServerBlock, name: string): ForwardPlugin | undefined =>
  forwards.find(({ zone }) => isWithin(name, zone))?.forward;

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
