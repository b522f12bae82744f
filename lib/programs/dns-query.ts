// One DNS question to one server over UDP, or TCP when the answer was cut or it is asked for; for dig, host and nslookup.
import dnsPacket, { type Answer, type DecodedPacket, type RecordType } from 'dns-packet';
import { concat, type Process } from '../machine/process';

/** The release of bind-utils, as its programs name it. */
export const BIND = '9.16.23-RH';

const DNS_PORT = 53;
export const COOKIE = 10; // EDNS option code, RFC 7873

export interface Question {
  server: string;
  name: string;
  type: string;
  port?: number;
  tcp?: boolean;
  timeoutMs?: number;
  recursive?: boolean;
  /** UDP payload size offered with EDNS; none sends no OPT record. */
  edns?: number;
  /** Of the client, sent with EDNS. */
  cookie?: Uint8Array;
  /** Leaves an answer that was cut as it is. */
  ignoreTruncation?: boolean;
  klass?: string;
}

export interface Answered {
  reply: DecodedPacket;
  bytes: number;
  tcp: boolean;
  /** An answer over UDP was cut before. */
  cut: boolean;
  /** Milliseconds from question to answer. */
  ms: number;
}

/** A reply, or why there is none. */
export type Outcome = Answered | { failed: 'timed out' | 'refused' };

export async function askDns(proc: Process, question: Question): Promise<Outcome> {
  const { random, clock } = proc.machine;
  const started = clock.now();
  const id = random.int(65536);
  const packet = dnsPacket.encode({
    type: 'query',
    id,
    flags: question.recursive === false ? 0 : dnsPacket.RECURSION_DESIRED,
    questions: [
      {
        type: question.type as RecordType,
        class: (question.klass ?? 'IN') as 'IN',
        name: question.name.replace(/\.$/, '') || '.',
      },
    ],
    ...(question.edns
      ? {
          additionals: [
            {
              type: 'OPT',
              name: '.',
              udpPayloadSize: question.edns,
              flags: 0,
              options: question.cookie ? [{ code: COOKIE, data: Buffer.from(question.cookie) } as never] : [],
              ednsVersion: 0,
              extendedRcode: 0,
              flag_do: false,
            },
          ],
        }
      : {}),
  });
  const first = question.tcp ? undefined : await overUdp(proc, question, packet, id);
  if (first === 'refused' || first === 'timed out') return { failed: first };
  const cut = first && !question.ignoreTruncation && ((decode(first).flags ?? 0) & dnsPacket.TRUNCATED_RESPONSE) !== 0;
  const bytes = first && !cut ? first : await overTcp(proc, question, packet);
  if (typeof bytes === 'string') return { failed: bytes };
  return {
    reply: decode(bytes),
    bytes: bytes.length,
    tcp: bytes !== first,
    cut: cut === true,
    ms: Math.round(clock.now() - started),
  };
}

const decode = (bytes: Uint8Array): DecodedPacket => dnsPacket.decode(Buffer.from(bytes));

async function overUdp(
  proc: Process,
  { server, port = DNS_PORT, timeoutMs = 5000 }: Question,
  packet: Uint8Array,
  id: number,
) {
  const socket = proc.udp();
  const cancel = proc.machine.clock.after(timeoutMs, () => socket.close());
  try {
    socket.send(packet, server, port);
    for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed)) {
      const [high = 0, low = 0] = datagram.bytes;
      if (((high << 8) | low) === id) return datagram.bytes;
    }
    return 'timed out' as const;
  } catch (error) {
    if (proc.killed.aborted) throw error;
    return 'refused' as const;
  } finally {
    cancel();
    socket.close();
  }
}

async function overTcp(proc: Process, { server, port = DNS_PORT, timeoutMs = 5000 }: Question, packet: Uint8Array) {
  try {
    const connection = await proc.connect(server, port, { timeoutMs });
    await connection.write(Uint8Array.of(packet.length >> 8, packet.length & 255, ...packet));
    let bytes: Uint8Array = new Uint8Array();
    for (let chunk = await connection.read(); chunk; chunk = await connection.read()) {
      bytes = concat([bytes, chunk]);
      const size = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
      if (bytes.length >= 2 + size) break;
    }
    connection.close();
    return bytes.length > 2 ? bytes.subarray(2) : ('timed out' as const);
  } catch (error) {
    if (proc.killed.aborted) throw error;
    return (error as { code?: string }).code === 'ECONNREFUSED' ? ('refused' as const) : ('timed out' as const);
  }
}

export const rcodeOf = (reply: DecodedPacket): string => (reply as { rcode?: string }).rcode ?? 'NOERROR';

/** A record's data as zone files write it. */
export function dataOf(answer: Answer): string {
  const dot = (name: string) => (name.endsWith('.') ? name : `${name}.`);
  switch (answer.type) {
    case 'A':
    case 'AAAA':
      return answer.data;
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return dot(answer.data);
    case 'SRV':
      return `${answer.data.priority ?? 0} ${answer.data.weight ?? 0} ${answer.data.port} ${dot(answer.data.target)}`;
    case 'MX':
      return `${answer.data.preference ?? 0} ${dot(answer.data.exchange)}`;
    case 'TXT':
      return [answer.data]
        .flat()
        .map((text) => `"${text.toString()}"`)
        .join(' ');
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data;
      return `${dot(mname)} ${dot(rname)} ${serial} ${refresh} ${retry} ${expire} ${minimum}`;
    }
    default:
      return '';
  }
}

/** The name that a reverse question asks for: `1.0.30.172.in-addr.arpa`. */
export const reverseName = (address: string): string => `${address.split('.').reverse().join('.')}.in-addr.arpa`;
export const isIPv4 = (text: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(text);
