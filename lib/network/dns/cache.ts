// CoreDNS' cache plugin: answers and denials are kept for as long as their records live, at least five seconds.
import { Buffer } from 'node:buffer';
import dnsPacket, { type Answer } from 'dns-packet';
import { type Query, RCODES, type Rcode, type Reply } from './wire';

const MIN_TTL_S = 5;
const CAPACITY = 9984; // entries, the plugin's default

interface Entry {
  reply: Reply;
  stored: number;
  until: number;
}

export class DnsCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly limits: { success: number; denial: number },
    private readonly now: () => number,
  ) {}

  /** The reply kept for a query, its records' remaining time counted down. */
  get(query: Query): Reply | undefined {
    const entry = this.entries.get(keyOf(query));
    if (!entry || entry.until <= this.now()) return undefined;
    const age = Math.floor((this.now() - entry.stored) / 1000);
    const aged = (records: Answer[]) =>
      records.map((record) => ('ttl' in record ? { ...record, ttl: Math.max(0, (record.ttl ?? 0) - age) } : record));
    const { answers, authorities, additionals } = entry.reply;
    return { ...entry.reply, answers: aged(answers), authorities: aged(authorities), additionals: aged(additionals) };
  }

  put(query: Query, reply: Reply): void {
    const isDenial = reply.rcode === 'NXDOMAIN' || reply.answers.length === 0;
    if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN') return;
    const ttls = [...reply.answers, ...reply.authorities].flatMap((record) =>
      'ttl' in record ? [record.ttl ?? 0] : [],
    );
    const life = Math.max(MIN_TTL_S, Math.min(...ttls, isDenial ? this.limits.denial : this.limits.success));
    if (this.entries.size >= CAPACITY) this.entries.delete(this.entries.keys().next().value ?? '');
    this.entries.set(keyOf(query), { reply, stored: this.now(), until: this.now() + life * 1000 });
  }
}

const keyOf = ({ question, edns }: Query): string =>
  `${question.name.toLowerCase()} ${question.type} ${edns?.do ?? false}`;

/** A reply read back from its bytes; undefined when it cannot be read or was cut. */
export function readReply(bytes: Uint8Array): Reply | undefined {
  try {
    const packet = dnsPacket.decode(Buffer.from(bytes));
    const code = (bytes[3] ?? 0) & 15;
    const rcode = (Object.keys(RCODES) as Rcode[]).find((name) => RCODES[name] === code);
    if (!rcode || packet.flag_tc) return undefined;
    return {
      rcode,
      authoritative: packet.flag_aa ?? false,
      recursionAvailable: packet.flag_ra ?? false,
      answers: packet.answers ?? [],
      authorities: packet.authorities ?? [],
      additionals: (packet.additionals ?? []).filter(({ type }) => type !== 'OPT'),
    };
  } catch {
    return undefined;
  }
}
