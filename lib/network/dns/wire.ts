// DNS messages on the wire, over dns-packet: which queries are accepted, and replies that fit, compressed or cut when they
// do not (miekg/dns' defaults, which CoreDNS has).
import { Buffer } from 'node:buffer';
import dnsPacket, { type Answer, type OptAnswer, type Packet, type Question } from 'dns-packet';

export type Rcode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED';

export const RCODES: Readonly<Record<Rcode, number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
};

const HEADER_BYTES = 12;
const FLAGS = {
  response: 0x8000,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
};
const CLASSIC_UDP_BYTES = 512; // RFC 1035, 4.2.1
const TCP_BYTES = 65_535;

export interface Query {
  id: number;
  question: Question;
  recursionDesired: boolean;
  /** The sender's limit for a UDP answer; undefined without EDNS. */
  edns: { size: number; do: boolean; version: number; cookie?: Uint8Array } | undefined;
}

export interface Reply {
  rcode: Rcode;
  authoritative: boolean;
  recursionAvailable?: boolean;
  answers: Answer[];
  authorities: Answer[];
  additionals: Answer[];
}

/** The query, or the code to refuse it with, or `silent` for what is not answered at all. */
export function decodeQuery(bytes: Uint8Array): Query | { refuse: Rcode } | 'silent' {
  const header = readHeader(bytes);
  if (!header || header.response) return 'silent';
  if (header.opcode !== 0) return { refuse: 'NOTIMP' };
  if (header.questions !== 1 || header.answers > 1 || header.authorities > 1 || header.additionals > 2)
    return { refuse: 'FORMERR' };
  try {
    const packet = dnsPacket.decode(Buffer.from(bytes));
    const [question] = packet.questions ?? [];
    if (!question) return { refuse: 'FORMERR' };
    const opt = packet.additionals?.find((record) => record.type === 'OPT');
    return {
      id: header.id,
      question: { ...question, name: question.name === '.' ? '' : question.name },
      recursionDesired: header.recursionDesired,
      edns: opt?.type === 'OPT' ? ednsOf(opt) : undefined,
    };
  } catch {
    return { refuse: 'FORMERR' };
  }
}

const COOKIE = 10; // EDNS option code, RFC 7873

function ednsOf({ udpPayloadSize, flag_do, ednsVersion, options }: OptAnswer): NonNullable<Query['edns']> {
  const cookie = (options as unknown as { code: number; data?: Uint8Array }[]).find(
    ({ code }) => code === COOKIE,
  )?.data;
  return { size: udpPayloadSize, do: flag_do, version: ednsVersion, ...(cookie ? { cookie } : {}) };
}

function readHeader(bytes: Uint8Array) {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const [id = 0, flags = 0, questions = 0, answers = 0, authorities = 0, additionals = 0] = [0, 2, 4, 6, 8, 10].map(
    (at) => view.getUint16(at),
  );
  return {
    id,
    response: (flags & FLAGS.response) !== 0,
    opcode: (flags >> 11) & 15,
    recursionDesired: (flags & FLAGS.recursionDesired) !== 0,
    questions,
    answers,
    authorities,
    additionals,
  };
}

/** A bare header with a code: all that can be said about a query that could not be read. */
export function refuse(query: Uint8Array, rcode: Rcode): Uint8Array {
  const reply = new Uint8Array(HEADER_BYTES);
  reply.set(query.subarray(0, 4));
  reply[2] = ((reply[2] ?? 0) & 0x79) | 0x80; // keeps opcode and RD, sets QR
  reply[3] = RCODES[rcode];
  return reply;
}

/** The reply's bytes, cut to what the transport and the asker take. `bufsize` is the server's own limit for UDP. */
export function encodeReply(query: Query, reply: Reply, transport: 'udp' | 'tcp', bufsize: number): Uint8Array {
  const limit = transport === 'tcp' ? TCP_BYTES : udpLimit(query, bufsize);
  const plain = encode(query, reply, false, bufsize);
  if (plain.length <= limit) return plain;
  return compress(query, reply, limit, bufsize);
}

function udpLimit({ edns }: Query, bufsize: number): number {
  return edns ? Math.min(Math.max(edns.size, CLASSIC_UDP_BYTES), bufsize) : CLASSIC_UDP_BYTES;
}

function flags(query: Query, { authoritative, recursionAvailable }: Reply, truncated: boolean): number {
  return (
    (recursionAvailable ? FLAGS.recursionAvailable : 0) |
    (authoritative ? FLAGS.authoritative : 0) |
    (query.recursionDesired ? FLAGS.recursionDesired : 0) |
    (truncated ? FLAGS.truncated : 0)
  );
}

function optOf({ edns }: Query, bufsize: number): Answer[] {
  if (!edns) return [];
  const size = Math.min(edns.size, bufsize);
  return [
    {
      type: 'OPT',
      name: '.',
      udpPayloadSize: size,
      extendedRcode: 0,
      ednsVersion: 0,
      flags: edns.do ? 0x8000 : 0,
      flag_do: edns.do,
      options: edns.cookie ? [{ code: COOKIE, data: Buffer.from(edns.cookie) } as never] : [], // CoreDNS sends it back as it is
    },
  ];
}

function encode(query: Query, reply: Reply, truncated: boolean, bufsize: number): Uint8Array {
  const packet: Packet = {
    type: 'response',
    id: query.id,
    flags: flags(query, reply, truncated) | RCODES[reply.rcode],
    questions: [query.question],
    answers: reply.answers,
    authorities: reply.authorities,
    additionals: [...reply.additionals, ...optOf(query, bufsize)],
  };
  return new Uint8Array(dnsPacket.encode(packet));
}

/**
 * Writes records with compressed names until the limit is reached; what does not fit is left out and TC is set.
 * dns-packet does not compress, so the names are written here and only the data comes from it.
 */
function compress(query: Query, reply: Reply, limit: number, bufsize: number): Uint8Array {
  const opt = optOf(query, bufsize).map((record) => afterHeader({ answers: [record] }));
  const room = limit - opt.reduce((sum, { length }) => sum + length, 0);
  const writer = new Writer();
  writer.bytes(new Uint8Array(HEADER_BYTES));
  writer.name(query.question.name);
  writer.bytes(afterHeader({ questions: [{ ...query.question, name: '.' }] }).subarray(1));
  const counts = [reply.answers, reply.authorities, reply.additionals].map((section) => writer.section(section, room));
  for (const record of opt) writer.bytes(record);
  const total = reply.answers.length + reply.authorities.length + reply.additionals.length;
  const truncated = counts.reduce((sum, count) => sum + count, 0) < total;
  const bytes = writer.finish();
  const view = new DataView(bytes.buffer);
  const [answers = 0, authorities = 0, additionals = 0] = counts;
  const words = [query.id, FLAGS.response | flags(query, reply, truncated) | RCODES[reply.rcode], 1];
  for (const [i, word] of [...words, answers, authorities, additionals + opt.length].entries())
    view.setUint16(2 * i, word);
  return bytes;
}

/** One question or record as dns-packet writes it. */
const afterHeader = (packet: Packet): Uint8Array =>
  dnsPacket.encode({ type: 'response', ...packet }).subarray(HEADER_BYTES);

const COMPRESSED_DATA = new Set(['CNAME', 'NS', 'PTR']); // RFC 3597, section 4: only the types of RFC 1035
const MAX_POINTER = 0x3fff;

class Writer {
  private chunks: Uint8Array[] = [];
  private length = 0;
  private names = new Map<string, number>();

  bytes(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  name(name: string): void {
    const labels = name.split('.').filter((label) => label !== '');
    for (let i = 0; i < labels.length; i++) {
      const rest = labels.slice(i).join('.');
      const seen = this.names.get(rest);
      if (seen !== undefined) return this.bytes(Uint8Array.of(0xc0 | (seen >> 8), seen & 0xff));
      if (this.length <= MAX_POINTER) this.names.set(rest, this.length);
      const label = Buffer.from(labels[i] ?? '');
      this.bytes(Uint8Array.of(label.length, ...label));
    }
    this.bytes(Uint8Array.of(0));
  }

  /** Writes as many records as fit below the limit; says how many. */
  section(records: Answer[], limit: number): number {
    for (const [i, record] of records.entries()) {
      const before = { chunks: this.chunks.length, length: this.length, names: new Map(this.names) };
      this.record(record);
      if (this.length <= limit) continue;
      this.chunks.length = before.chunks;
      this.length = before.length;
      this.names = before.names;
      return i;
    }
    return records.length;
  }

  private record(record: Answer): void {
    this.name(record.name);
    const rest = afterHeader({ answers: [{ ...record, name: '.' }] }).subarray(1);
    if (!COMPRESSED_DATA.has(record.type)) return this.bytes(rest);
    const fixed = Uint8Array.from(rest.subarray(0, 10)); // type, class, ttl, length
    this.bytes(fixed);
    const start = this.length;
    this.name((record as { data: string }).data);
    new DataView(fixed.buffer).setUint16(8, this.length - start);
  }

  finish(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }
}
