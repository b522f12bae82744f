// A packet as a line of tcpdump 4.99 (print-tcp.c, print-udp.c, print-domain.c, print-icmp.c).
import { Buffer } from 'node:buffer';
import dnsPacket, { type Answer, type DecodedPacket } from 'dns-packet';
import type { Packet, SctpPart } from '../../machine/flow';
import { toText } from '../../machine/fs';
import { outerPort, packetBytes, SCTP_OFFER } from './bytes';

const HTTP_PORTS = new Set([80, 8080, 3128]);
const DNS_PORTS = new Set([53, 5353]);
const PROTOCOL_NUMBERS = { ICMP: 1, TCP: 6, UDP: 17, SCTP: 132 };
const WINDOW_SCALE = 7;
const VXLAN_PORT = 4789; // other ports with VXLAN's header are read as OTV

export interface LineStyle {
  verbose: boolean;
  quiet: boolean;
  /** Absolute sequence numbers. */
  absolute: boolean;
  portName(port: number, protocol: string): string;
  hostName(address: string): string;
}

/** Remembers the first sequence numbers of each connection, to print later ones relative to them. */
export class Lines {
  private readonly bases = new Map<string, { seq: number; ack: number }>();

  constructor(private readonly style: LineStyle) {}

  /** From `IP` on. */
  line(packet: Packet): string {
    return packet.envelope ? this.outer(packet, packet.envelope) : this.inner(packet);
  }

  private outer(packet: Packet, { protocol, port, source, destination }: NonNullable<Packet['envelope']>): string {
    const { envelope: _, ...inside } = packet;
    const ends = `${source}.${this.port(outerPort(packet), 'udp')} > ${destination}.${this.port(port, 'udp')}`;
    if (protocol === 'Geneve')
      return `IP ${ends}: Geneve, Flags [C], vni 0x3, options [8 bytes]: ${this.inner(inside)}`;
    const header =
      port === VXLAN_PORT ? 'VXLAN, flags [I] (0x08), vni 1' : 'OTV, flags [I] (0x08), overlay 0, instance 1';
    return `IP ${ends}: ${header}\n${this.inner(inside)}`;
  }

  private inner(packet: Packet): string {
    const six = packet.source.includes(':');
    if (packet.sctp) return this.association(packet, packet.sctp);
    const ends = packet.icmp
      ? `${this.host(packet.source)} > ${this.host(packet.destination)}`
      : `${this.host(packet.source)}.${this.port(packet.sourcePort, packet.protocol)} > ${this.host(packet.destination)}.${this.port(packet.destinationPort, packet.protocol)}`;
    const head = this.style.verbose ? `${verboseHead(packet, six)}${six ? '' : '\n    '}` : six ? 'IP6 ' : 'IP ';
    return `${head}${ends}: ${this.body(packet)}`;
  }

  private body(packet: Packet): string {
    if (packet.tcp) return this.style.quiet ? `tcp ${packet.payload.length}` : this.tcp(packet, packet.tcp);
    if (packet.icmp) return icmpText(packet, packet.icmp);
    if (this.style.quiet) return `UDP, length ${packet.payload.length}`;
    if (DNS_PORTS.has(packet.sourcePort) || DNS_PORTS.has(packet.destinationPort)) return dnsText(packet);
    return `UDP, length ${packet.payload.length}`;
  }

  /** Ports are never named, and there is no colon before the first chunk (print-sctp.c). */
  private association(packet: Packet, part: SctpPart): string {
    const six = packet.source.includes(':');
    const { source, sourcePort, destination, destinationPort } = packet;
    const head = this.style.verbose ? `${verboseHead(packet, six)}${six ? '' : '\n    '}` : six ? 'IP6 ' : 'IP ';
    return `${head}${source}.${sourcePort} > ${destination}.${destinationPort}: sctp (1) ${chunkText(part)}`;
  }

  private host(address: string): string {
    return this.style.hostName(address);
  }

  private port(port: number, protocol: string): string {
    return this.style.portName(port, protocol);
  }

  private tcp(packet: Packet, { flags, window, mss, stamp, echo, ...numbers }: NonNullable<Packet['tcp']>): string {
    const { seq, ack } = this.relative(packet, numbers.seq, numbers.ack, flags.includes('S'));
    const { length } = packet.payload;
    const showsSeq = length > 0 || /[SFR]/.test(flags);
    const times = `TS val ${stamp} ecr ${echo}`;
    const options = flags.startsWith('R')
      ? undefined
      : mss === undefined
        ? `nop,nop,${times}`
        : `mss ${mss},sackOK,${times},nop,wscale ${WINDOW_SCALE}`;
    const parts = [
      `Flags [${flags}]`,
      ...(this.style.verbose ? [`cksum 0x${checksumOf(packet)} (correct)`] : []),
      ...(showsSeq ? [`seq ${length > 0 ? `${seq}:${(seq + length) >>> 0}` : seq}`] : []),
      ...(flags.includes('.') ? [`ack ${ack}`] : []),
      `win ${window}`,
      ...(options ? [`options [${options}]`] : []),
      `length ${length}`,
    ];
    return parts.join(', ') + this.http(packet);
  }

  private relative(packet: Packet, seq: number, ack: number, isSyn: boolean): { seq: number; ack: number } {
    if (this.style.absolute) return { seq, ack };
    const a = `${packet.source}:${packet.sourcePort}`;
    const b = `${packet.destination}:${packet.destinationPort}`;
    const isForward = a < b;
    const key = isForward ? `${a} ${b}` : `${b} ${a}`;
    const base = this.bases.get(key);
    if (!base || isSyn) {
      this.bases.set(key, isForward ? { seq, ack: ack - 1 } : { seq: ack - 1, ack: seq });
      return { seq, ack };
    }
    return isForward
      ? { seq: (seq - base.seq) >>> 0, ack: (ack - base.ack) >>> 0 }
      : { seq: (seq - base.ack) >>> 0, ack: (ack - base.seq) >>> 0 };
  }

  /** The first line of a request or answer; all lines of its head when verbose. */
  private http({ payload, sourcePort, destinationPort }: Packet): string {
    if (payload.length === 0 || !(HTTP_PORTS.has(sourcePort) || HTTP_PORTS.has(destinationPort))) return '';
    const text = toText(payload);
    const isHttp = /^(GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH|CONNECT|TRACE) |^HTTP\/\d/.test(text);
    if (!isHttp) return ': HTTP';
    const [first = '', ...rest] = text.split('\r\n');
    if (!this.style.verbose) return `: HTTP: ${first}`;
    return `: HTTP, length: ${payload.length}\n${[first, ...rest].map((line) => `\t${line}`).join('\n')}`;
  }
}

function chunkText({ chunk, ownTag, tsn, cumulativeAck, sequence }: SctpPart): string {
  if (chunk === 'INIT' || chunk === 'INIT ACK')
    return `[${chunk}] [init tag: ${ownTag}] [rwnd: ${SCTP_OFFER.window}] [OS: ${SCTP_OFFER.out}] [MIS: ${SCTP_OFFER.in}] [init TSN: ${tsn}] `;
  if (chunk === 'SACK')
    return `[${chunk}] [cum ack ${cumulativeAck}] [a_rwnd ${SCTP_OFFER.window}] [#gap acks 0] [#dup tsns 0] `;
  if (chunk === 'DATA') return `[${chunk}] (B)(E) [TSN: ${tsn}] [SID: 0] [SSEQ ${sequence}] [PPID 0x0] `;
  return `[${chunk}] `;
}

function verboseHead(packet: Packet, six: boolean): string {
  const { protocol, ttl, id } = packet;
  const length = packetBytes(packet).length;
  if (six)
    return `IP6 (flowlabel 0x00000, hlim ${ttl}, next-header ${protocol === 'ICMP' ? 'ICMPv6 (58)' : `${protocol} (${PROTOCOL_NUMBERS[protocol]})`} payload length: ${length - 40}) `;
  return `IP (tos 0x0, ttl ${ttl}, id ${id}, offset 0, flags [DF], proto ${protocol} (${PROTOCOL_NUMBERS[protocol]}), length ${length})`;
}

function checksumOf(packet: Packet): string {
  const bytes = packetBytes(packet);
  const at = (packet.source.includes(':') ? 40 : 20) + 16;
  return (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16).padStart(4, '0');
}

function icmpText(packet: Packet, { type, id, seq }: NonNullable<Packet['icmp']>): string {
  const six = packet.source.includes(':');
  const title = six ? 'ICMP6, ' : 'ICMP ';
  const length = packet.payload.length + 8;
  if (type === 'echo request' || type === 'echo reply')
    return `${title}${type}, id ${id}, seq ${seq}, length ${length}`;
  if (type === 'port unreachable')
    return `${title}${packet.source} udp port ${packet.sourcePort} unreachable, length ${length + 28}`;
  if (type === 'host unreachable') return `${title}host ${packet.source} unreachable, length ${length + 28}`;
  return `${title}time exceeded in-transit, length ${length + 28}`;
}

const RCODES: Record<string, string> = {
  NXDOMAIN: 'NXDomain',
  SERVFAIL: 'ServFail',
  REFUSED: 'Refused',
  FORMERR: 'FormErr',
};

function dnsText({ payload }: Packet): string {
  let message: DecodedPacket;
  try {
    message = dnsPacket.decode(Buffer.from(payload));
  } catch {
    return `UDP, length ${payload.length}`;
  }
  const { id, flags = 0, questions = [], answers = [], authorities = [], additionals = [], type } = message;
  const size = `(${payload.length})`;
  const asked = questions.map((q) => `${q.type}? ${q.name.replace(/\.$/, '')}.`).join(' ');
  if (type === 'query') {
    const recursive = flags & dnsPacket.RECURSION_DESIRED ? '+' : '';
    return `${id}${recursive}${additionals.length > 0 ? ` [${additionals.length}au]` : ''} ${asked} ${size}`;
  }
  const rcode = RCODES[(message as { rcode?: string }).rcode ?? ''];
  const marks = `${flags & dnsPacket.AUTHORITATIVE_ANSWER ? '*' : ''}${flags & dnsPacket.RECURSION_AVAILABLE ? '' : '-'}${flags & dnsPacket.TRUNCATED_RESPONSE ? '|' : ''}`;
  const said = answers.map(answerText).join(', ');
  return `${id}${rcode ? ` ${rcode}` : ''}${marks} ${answers.length}/${authorities.length}/${additionals.length}${said ? ` ${said}` : ''} ${size}`;
}

function answerText(answer: Answer): string {
  const data = (answer as { data?: unknown }).data;
  if (answer.type === 'SRV') {
    const { target, port, priority, weight } = data as {
      target: string;
      port: number;
      priority: number;
      weight: number;
    };
    return `SRV ${target}.:${port} ${priority} ${weight}`;
  }
  const text = typeof data === 'string' ? data : String(data);
  const isName = answer.type === 'CNAME' || answer.type === 'PTR' || answer.type === 'NS';
  return `${answer.type} ${text}${isName ? '.' : ''}`;
}
