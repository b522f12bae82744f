// Capture files (pcap): written with `-w`, read with `-r`, and good for Wireshark.
import type { Packet } from '../../machine/flow';
import { Cidr, parseAddress } from '../../network/address';
import { ethernet, packetBytes } from './bytes';

const MAGIC = 0xa1b2c3d4; // microseconds, byte order of the reader's choice; we write big-endian
const SNAPSHOT_BYTES = 262_144;
const ETHERNET = 1; // LINKTYPE_ETHERNET

export class CaptureFileError extends Error {}

export function fileHeader(): Uint8Array {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, SNAPSHOT_BYTES);
  view.setUint32(20, ETHERNET);
  return bytes;
}

export function record(packet: Packet, atUs: number): Uint8Array {
  const frame = ethernet(packet, packetBytes(packet));
  const bytes = new Uint8Array(16 + frame.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(atUs / 1e6));
  view.setUint32(4, Math.floor(atUs % 1e6));
  view.setUint32(8, frame.length);
  view.setUint32(12, frame.length);
  bytes.set(frame, 16);
  return bytes;
}

/** The packets of a file that was written here. Throws CaptureFileError with tcpdump's text. */
export function readFile(bytes: Uint8Array): { packet: Packet; at: number }[] {
  if (bytes.length < 24)
    throw new CaptureFileError(`truncated dump file; tried to read 24 file header bytes, only got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0) !== MAGIC) throw new CaptureFileError('unknown file format');
  const found: { packet: Packet; at: number }[] = [];
  for (let at = 24; at + 16 <= bytes.length; ) {
    const length = view.getUint32(at + 8);
    const frame = bytes.subarray(at + 16, at + 16 + length);
    const packet = readPacket(frame.subarray(14));
    if (packet) found.push({ packet, at: view.getUint32(at) * 1e6 + view.getUint32(at + 4) });
    at += 16 + length;
  }
  return found;
}

const PROTOCOLS: Record<number, Packet['protocol']> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMP', 132: 'SCTP' };
const TUNNELS: Record<number, { protocol: string; header: number }> = {
  6081: { protocol: 'Geneve', header: 16 },
  4789: { protocol: 'VXLAN', header: 8 },
  8472: { protocol: 'VXLAN', header: 8 },
  6784: { protocol: 'VXLAN', header: 8 },
};

function readPacket(bytes: Uint8Array): Packet | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const six = view.getUint8(0) >> 4 === 6;
  const head = six ? 40 : 20;
  const protocol = PROTOCOLS[view.getUint8(six ? 6 : 9)];
  if (!protocol) return undefined;
  const [source, destination] = six
    ? [address(bytes.subarray(8, 24)), address(bytes.subarray(24, 40))]
    : [address(bytes.subarray(12, 16)), address(bytes.subarray(16, 20))];
  const body = bytes.subarray(head);
  const common = { source, destination, protocol, ttl: view.getUint8(six ? 7 : 8), id: six ? 0 : view.getUint16(4) };
  const inside = new DataView(body.buffer, body.byteOffset, body.length);
  if (protocol === 'ICMP') return icmpPacket(common, body, inside);
  const [sourcePort, destinationPort] = [inside.getUint16(0), inside.getUint16(2)];
  if (protocol === 'TCP') return tcpPacket({ ...common, sourcePort, destinationPort }, body, inside);
  const tunnel = TUNNELS[destinationPort];
  const inner =
    tunnel && body.length > 8 + tunnel.header + 14 ? readPacket(body.subarray(8 + tunnel.header + 14)) : undefined;
  if (tunnel && inner)
    return { ...inner, envelope: { protocol: tunnel.protocol, port: destinationPort, source, destination } };
  return { ...common, sourcePort, destinationPort, payload: body.subarray(8) };
}

type Common = Pick<Packet, 'source' | 'destination' | 'protocol' | 'ttl' | 'id'>;

function tcpPacket(
  common: Common & Pick<Packet, 'sourcePort' | 'destinationPort'>,
  body: Uint8Array,
  view: DataView,
): Packet {
  const length = (view.getUint8(12) >> 4) * 4;
  const byte = view.getUint8(13);
  const flags = [
    [8, 'P'],
    [2, 'S'],
    [1, 'F'],
    [4, 'R'],
    [16, '.'],
  ].flatMap(([bit, letter]) => (byte & Number(bit) ? [letter] : []));
  const isFirst = length === 40;
  const stamps = isFirst ? 28 : 24;
  return {
    ...common,
    payload: body.subarray(length),
    tcp: {
      flags: flags.join(''),
      seq: view.getUint32(4),
      ack: view.getUint32(8),
      window: view.getUint16(14),
      ...(isFirst ? { mss: view.getUint16(22) } : {}),
      stamp: length > 20 ? view.getUint32(stamps) : 0,
      echo: length > 20 ? view.getUint32(stamps + 4) : 0,
    },
  };
}

function icmpPacket(common: Common, body: Uint8Array, view: DataView): Packet {
  const [kind, code] = [view.getUint8(0), view.getUint8(1)];
  const type =
    kind === 8 || kind === 128
      ? 'echo request'
      : kind === 0 || kind === 129
        ? 'echo reply'
        : kind === 11 || (common.source.includes(':') && kind === 3)
          ? 'time exceeded'
          : code === 1
            ? 'host unreachable'
            : 'port unreachable';
  const icmp = { type, id: view.getUint16(4), seq: view.getUint16(6) } as const;
  return { ...common, sourcePort: 0, destinationPort: 0, payload: body.subarray(8), icmp };
}

function address(bytes: Uint8Array): string {
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const zero = bytes.length === 4 ? Cidr.parse('0.0.0.0/0') : Cidr.parse('::/0');
  const text = zero.at(value);
  return parseAddress(text)?.text ?? text;
}
