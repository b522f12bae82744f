// The classroom's DNS server, outside the cluster: knows the cluster's public names and forwards to nobody.
import dnsPacket, { type Answer, type DecodedPacket, type Packet } from 'dns-packet';
import type { Connection } from '../machine/net';
import type { Program } from '../machine/process';

const TTL_SECONDS = 300;
const NXDOMAIN = 3;
const FORMERR = 1;

/** Names to addresses; a name that begins with `*.` answers for everything below it. */
export type Zone = ReadonlyMap<string, string[]>;

/** Answers one query packet; undefined when it is not even a header. */
function answer(zone: Zone, query: Uint8Array): Uint8Array | undefined {
  if (query.length < 12) return undefined;
  let packet: DecodedPacket;
  try {
    packet = dnsPacket.decode(Buffer.from(query));
  } catch {
    const reply = Buffer.from(query.subarray(0, 12));
    reply.writeUInt16BE(0x8000 | FORMERR, 2);
    reply.fill(0, 4);
    return reply;
  }
  const question = packet.questions?.[0];
  const name = question?.name.toLowerCase() ?? '';
  const addresses = lookup(zone, name);
  const answers: Answer[] = (addresses ?? []).flatMap((data) => {
    const type = data.includes(':') ? 'AAAA' : 'A';
    return question?.type === type ? [{ type, name, ttl: TTL_SECONDS, data } as Answer] : [];
  });
  const rcode = addresses || isParent(zone, name) ? 0 : NXDOMAIN;
  const flags = dnsPacket.AUTHORITATIVE_ANSWER | ((packet.flags ?? 0) & dnsPacket.RECURSION_DESIRED) | rcode;
  const reply: Packet = { type: 'response', id: packet.id ?? 0, flags, questions: packet.questions ?? [], answers };
  return dnsPacket.encode(reply);
}

/** The server as a program of an outside host. */
export const classroomDns =
  (zone: () => Zone): Program =>
  async (proc) => {
    const udp = proc.udp(53);
    const tcp = proc.listen(53);
    void serveTcp(zone, tcp);
    for (let datagram = await udp.receive(proc.killed); datagram; datagram = await udp.receive(proc.killed)) {
      const reply = answer(zone(), datagram.bytes);
      if (reply) udp.send(reply, datagram.address, datagram.port);
    }
    return 0;
  };

async function serveTcp(zone: () => Zone, listener: { accept(): Promise<Connection | null> }): Promise<void> {
  for (let connection = await listener.accept(); connection; connection = await listener.accept()) {
    void serveConnection(zone, connection).finally(connection.close.bind(connection));
  }
}

async function serveConnection(zone: () => Zone, connection: Connection): Promise<void> {
  let bytes = new Uint8Array();
  for (let chunk = await connection.read(); chunk; chunk = await connection.read()) {
    bytes = Uint8Array.of(...bytes, ...chunk);
    const size = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
    if (bytes.length < 2 + size) continue;
    const reply = answer(zone(), bytes.subarray(2, 2 + size));
    if (reply) await connection.write(Uint8Array.of(reply.length >> 8, reply.length & 255, ...reply));
    bytes = bytes.slice(2 + size);
  }
}

/** The addresses of a name; empty for one that only has names below it, undefined for one that does not exist. */
export const findAddresses = (zone: Zone, name: string): string[] | undefined =>
  lookup(zone, name.toLowerCase()) ?? (isParent(zone, name.toLowerCase()) ? [] : undefined);

function lookup(zone: Zone, name: string): string[] | undefined {
  const exact = zone.get(name);
  if (exact) return exact;
  for (let rest = name; rest.includes('.'); ) {
    rest = rest.slice(rest.indexOf('.') + 1);
    const wild = zone.get(`*.${rest}`);
    if (wild) return wild;
  }
  return undefined;
}

/** Whether something stands below a name, which makes its absence NODATA. */
const isParent = (zone: Zone, name: string): boolean => [...zone.keys()].some((key) => key.endsWith(`.${name}`));
