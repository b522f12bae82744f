// The lines of CoreDNS' log plugin: one a query, for the classes of answers that the Corefile names.
import dnsPacket from 'dns-packet';

export interface LoggedQuery {
  query: Uint8Array;
  reply: Uint8Array;
  transport: 'udp' | 'tcp';
  client: string;
  port: number;
}

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
const FLAGS: [bit: number, name: string][] = [
  [0x8000, 'qr'],
  [0x0400, 'aa'],
  [0x0200, 'tc'],
  [0x0100, 'rd'],
  [0x0080, 'ra'],
];

/** The line, or undefined when its class is not asked for or the query cannot be read. */
export function logLine(logged: LoggedQuery, classesOf: (name: string) => readonly string[]): string | undefined {
  const { query, reply, transport, client, port } = logged;
  try {
    const { id, questions = [], additionals = [] } = dnsPacket.decode(Buffer.from(query));
    const [question] = questions;
    if (!question) return undefined;
    const classes = classesOf(question.name);
    const flags = ((reply[2] ?? 0) << 8) | (reply[3] ?? 0);
    const answers = ((reply[6] ?? 0) << 8) | (reply[7] ?? 0);
    const rcode = RCODES[flags & 15] ?? `${flags & 15}`;
    if (!classes.includes('all') && !classes.includes(classOf(rcode, answers))) return undefined;
    const opt = additionals.find(({ type }) => type === 'OPT') as
      | { udpPayloadSize?: number; flag_do?: boolean }
      | undefined;
    const size = transport === 'tcp' ? 65_535 : (opt?.udpPayloadSize ?? 512);
    const asked = `${question.type} ${question.class ?? 'IN'} ${question.name}. ${transport} ${query.length} ${opt?.flag_do ?? false} ${size}`;
    const set = FLAGS.filter(([bit]) => flags & bit).map(([, name]) => name);
    return `[INFO] ${client.includes(':') ? `[${client}]` : client}:${port} - ${id} "${asked}" ${rcode} ${set.join()} ${reply.length} 0.000s\n`;
  } catch {
    return undefined;
  }
}

function classOf(rcode: string, answers: number): string {
  if (rcode === 'NXDOMAIN' || (rcode === 'NOERROR' && answers === 0)) return 'denial';
  return rcode === 'NOERROR' ? 'success' : 'error';
}
