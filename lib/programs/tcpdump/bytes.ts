// A packet as bytes, from its IP header on: what `-X`, `-A` and a capture file show.
import type { Packet, SctpPart } from '../../machine/flow';
import { parseAddress } from '../../network/address';
import { flagByte } from './filter';

const IP_PROTOCOL = { ICMP: 1, TCP: 6, UDP: 17, SCTP: 132 } as const;
const ICMP6 = 58;
const WINDOW_SCALE = 7;

/** The IP packet. */
export function packetBytes(packet: Packet): Uint8Array {
  const body = packet.envelope ? wrapped(packet) : transport(packet);
  const [source, destination] = packet.envelope
    ? [packet.envelope.source, packet.envelope.destination]
    : [packet.source, packet.destination];
  const protocol = packet.envelope ? 'UDP' : packet.protocol;
  return source.includes(':')
    ? ip6(packet, source, destination, protocol, body)
    : ip4(packet, source, destination, protocol, body);
}

function ip4(packet: Packet, source: string, destination: string, protocol: Packet['protocol'], body: Uint8Array) {
  const bytes = new Uint8Array(20 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, bytes.length);
  view.setUint16(4, packet.id);
  view.setUint16(6, 0x4000); // don't fragment
  view.setUint8(8, packet.ttl);
  view.setUint8(9, IP_PROTOCOL[protocol]);
  bytes.set(addressBytes(source), 12);
  bytes.set(addressBytes(destination), 16);
  view.setUint16(10, checksum(bytes.subarray(0, 20)));
  bytes.set(withChecksum(body, protocol, source, destination), 20);
  return bytes;
}

function ip6(packet: Packet, source: string, destination: string, protocol: Packet['protocol'], body: Uint8Array) {
  const bytes = new Uint8Array(40 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x60000000);
  view.setUint16(4, body.length);
  view.setUint8(6, protocol === 'ICMP' ? ICMP6 : IP_PROTOCOL[protocol]);
  view.setUint8(7, packet.ttl);
  bytes.set(addressBytes(source), 8);
  bytes.set(addressBytes(destination), 24);
  bytes.set(withChecksum(body, protocol, source, destination), 40);
  return bytes;
}

function addressBytes(text: string): Uint8Array {
  const address = parseAddress(text);
  const length = address?.family === 6 ? 16 : 4;
  const bytes = new Uint8Array(length);
  for (let i = 0, value = address?.value ?? 0n; i < length; i++, value >>= 8n)
    bytes[length - 1 - i] = Number(value & 255n);
  return bytes;
}

function transport(packet: Packet): Uint8Array {
  if (packet.tcp) return tcp(packet, packet.tcp);
  if (packet.sctp) return sctp(packet, packet.sctp);
  if (packet.icmp) return icmp(packet, packet.icmp);
  return udp(packet.sourcePort, packet.destinationPort, packet.payload);
}

function tcp({ sourcePort, destinationPort, payload }: Packet, part: NonNullable<Packet['tcp']>): Uint8Array {
  const options = tcpOptions(part);
  const bytes = new Uint8Array(20 + options.length + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint32(4, part.seq);
  view.setUint32(8, part.ack);
  view.setUint8(12, ((20 + options.length) / 4) << 4);
  view.setUint8(13, flagByte(part.flags));
  view.setUint16(14, part.window);
  bytes.set(options, 20);
  bytes.set(payload, 20 + options.length);
  return bytes;
}

const CHUNK_TYPES: Record<SctpPart['chunk'], number> = {
  DATA: 0,
  INIT: 1,
  'INIT ACK': 2,
  SACK: 3,
  ABORT: 6,
  SHUTDOWN: 7,
  'SHUTDOWN ACK': 8,
  'COOKIE ECHO': 10,
  'COOKIE ACK': 11,
  'SHUTDOWN COMPLETE': 14,
};
const WHOLE_MESSAGE = 3; // the first and the last fragment
/** Receive window and streams that Linux offers. */
export const SCTP_OFFER = { window: 106_496, out: 10, in: 65_535 };
const COOKIE_BYTES = 260; // of Linux' state cookie

/** Common header and chunk; the checksum, a CRC32c, stays 0 as where the network card computes it. */
function sctp({ sourcePort, destinationPort, payload }: Packet, part: SctpPart): Uint8Array {
  const value = chunkValue(part, payload);
  const length = 4 + value.length;
  const bytes = new Uint8Array(12 + Math.ceil(length / 4) * 4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint32(4, part.verificationTag);
  view.setUint8(12, CHUNK_TYPES[part.chunk]);
  view.setUint8(13, part.chunk === 'DATA' ? WHOLE_MESSAGE : 0);
  view.setUint16(14, length);
  bytes.set(value, 16);
  return bytes;
}

function chunkValue(part: SctpPart, payload: Uint8Array): Uint8Array {
  const words = (...numbers: number[]) => {
    const view = new DataView(new ArrayBuffer(numbers.length * 4));
    for (const [i, number] of numbers.entries()) view.setUint32(i * 4, number);
    return new Uint8Array(view.buffer);
  };
  const { chunk, ownTag, tsn, cumulativeAck, sequence } = part;
  if (chunk === 'INIT' || chunk === 'INIT ACK')
    return words(ownTag, SCTP_OFFER.window, ((SCTP_OFFER.out << 16) | SCTP_OFFER.in) >>> 0, tsn);
  if (chunk === 'SACK') return words(cumulativeAck, SCTP_OFFER.window, 0);
  if (chunk === 'SHUTDOWN') return words(cumulativeAck);
  if (chunk === 'COOKIE ECHO') return new Uint8Array(COOKIE_BYTES);
  if (chunk !== 'DATA') return new Uint8Array();
  const data = new Uint8Array(12 + payload.length);
  data.set(words(tsn, sequence, 0)); // stream 0
  data.set(payload, 12);
  return data;
}

function tcpOptions({ flags, mss, stamp, echo }: NonNullable<Packet['tcp']>): Uint8Array {
  if (flags.startsWith('R')) return new Uint8Array();
  const times = [8, 10, ...word(stamp), ...word(echo)];
  if (mss === undefined) return Uint8Array.from([1, 1, ...times]);
  return Uint8Array.from([2, 4, mss >> 8, mss & 255, 4, 2, ...times, 1, 3, 3, WINDOW_SCALE]);
}

const word = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

function udp(sourcePort: number, destinationPort: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint16(4, bytes.length);
  bytes.set(payload, 8);
  return bytes;
}

const ICMP_TYPES = {
  'echo request': [8, 0],
  'echo reply': [0, 0],
  'port unreachable': [3, 3],
  'host unreachable': [3, 1],
  'time exceeded': [11, 0],
} as const;
const ICMP6_TYPES = {
  'echo request': [128, 0],
  'echo reply': [129, 0],
  'port unreachable': [1, 4],
  'host unreachable': [1, 3],
  'time exceeded': [3, 0],
} as const;

function icmp(packet: Packet, { type, id, seq }: NonNullable<Packet['icmp']>): Uint8Array {
  const bytes = new Uint8Array(8 + packet.payload.length);
  const [kind, code] = (packet.source.includes(':') ? ICMP6_TYPES : ICMP_TYPES)[type];
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setUint8(1, code);
  view.setUint16(4, id);
  view.setUint16(6, seq);
  bytes.set(packet.payload, 8);
  return bytes;
}

/** The outer UDP datagram of a tunnel: its header, an Ethernet header, the packet. */
function wrapped(packet: Packet): Uint8Array {
  const { envelope, ...inner } = packet;
  const header = envelope?.protocol === 'Geneve' ? GENEVE : VXLAN;
  const frame = ethernet(inner, packetBytes(inner));
  return udp(outerPort(packet), envelope?.port ?? 0, Uint8Array.from([...header, ...frame]));
}

const GENEVE = [0x02, 0x40, 0x65, 0x58, 0, 0, 3, 0, 0x01, 0x02, 0x80, 0x01, 0, 1, 0, 2];
const VXLAN = [8, 0, 0, 0, 0, 0, 1, 0];

/** A tunnel's source port is a hash of the flow, so that routers spread flows. */
export function outerPort({ sourcePort, destinationPort, source, destination }: Packet): number {
  let sum = sourcePort * 31 + destinationPort;
  for (const text of [source, destination])
    for (let i = 0; i < text.length; i++) sum = (sum * 33 + text.charCodeAt(i)) >>> 0;
  return 32_768 + (sum % 28_000);
}

export function ethernet({ source, destination }: Packet, bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(14 + bytes.length);
  frame.set([0x0a, 0x58, ...addressBytes(destination).slice(-4)], 0);
  frame.set([0x0a, 0x58, ...addressBytes(source).slice(-4)], 6);
  frame.set(source.includes(':') ? [0x86, 0xdd] : [8, 0], 12);
  frame.set(bytes, 14);
  return frame;
}

function withChecksum(body: Uint8Array, protocol: Packet['protocol'], source: string, destination: string): Uint8Array {
  const at = { TCP: 16, UDP: 6, ICMP: 2, SCTP: -1 }[protocol];
  if (at < 0) return body;
  const six = source.includes(':');
  const pseudo =
    protocol === 'ICMP' && !six
      ? []
      : [
          ...addressBytes(source),
          ...addressBytes(destination),
          0,
          protocol === 'ICMP' ? ICMP6 : IP_PROTOCOL[protocol],
          body.length >> 8,
          body.length & 255,
        ];
  const sum = checksum(Uint8Array.from([...pseudo, ...body]));
  new DataView(body.buffer, body.byteOffset).setUint16(at, sum);
  return body;
}

/** The Internet checksum (RFC 1071). */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** `-X` and `-x`: sixteen bytes a line. */
export function hexLines(bytes: Uint8Array, withText: boolean): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const chunk = bytes.subarray(at, at + 16);
    const pairs: string[] = [];
    for (let i = 0; i < chunk.length; i += 2)
      pairs.push([...chunk.subarray(i, i + 2)].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
    const text = withText ? `  ${printable(chunk)}` : '';
    const hex = pairs.join(' ');
    lines.push(`\t0x${at.toString(16).padStart(4, '0')}:  ${withText ? hex.padEnd(39) : hex}${text}\n`);
  }
  return lines.join('');
}

const printable = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');

/** `-A`: letters and line ends, dots for the rest. */
export const asciiText = (bytes: Uint8Array): string =>
  `${[...bytes].map((byte) => (byte === 10 ? '\n' : byte === 13 ? '' : byte === 9 || (byte >= 0x20 && byte < 0x7f) ? String.fromCharCode(byte) : '.')).join('')}\n`;
