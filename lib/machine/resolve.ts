// The C library's resolver: /etc/hosts, then DNS queries as /etc/resolv.conf says, over simulated UDP and TCP.
import dnsPacket, { type Answer, type DecodedPacket } from 'dns-packet';
import { type LookupResult, lookups, parseResolvConf, type ResolvConf } from '../network/resolver';
import { Errno } from './errno';
import type { Machine } from './machine';

/** A name that did not resolve. `EAI_AGAIN`: no server answered. */
export class NameError extends Error {
  constructor(readonly code: 'EAI_NONAME' | 'EAI_AGAIN') {
    super(code === 'EAI_NONAME' ? 'Name or service not known' : 'Temporary failure in name resolution');
  }
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const isAddress = (text: string): boolean =>
  text.includes(':') ||
  (IPV4.exec(text)
    ?.slice(1)
    .every((n) => Number(n) < 256) ??
    false);

/** Addresses of a name, in the order of the answer; IPv4 first unless a family is asked for. */
export async function resolveName(
  machine: Machine,
  name: string,
  family: 4 | 6 | 0,
  signal?: AbortSignal,
): Promise<string[]> {
  if (isAddress(name)) return [name];
  const wanted = (address: string) => family === 0 || (family === 6) === address.includes(':');
  const hosts = fromHosts(machine.text('/etc/hosts') ?? '', name).filter(wanted);
  if (hosts.length > 0) return hosts;
  const conf = parseResolvConf(machine.text('/etc/resolv.conf') ?? '');
  const names = lookups(name, conf, machine.libc);
  let found: string[] = [];
  let step = names.next();
  while (!step.done) {
    const result = await lookUp(machine, conf, step.value.replace(/\.$/, ''), family, signal);
    found = result.addresses;
    step = names.next(result.outcome);
  }
  if (found.length > 0) return found;
  throw new NameError(step.value === 'TIMEOUT' || step.value === 'SERVFAIL' ? 'EAI_AGAIN' : 'EAI_NONAME');
}

/** Asks for the addresses of one name, both families unless one is wanted. */
async function lookUp(
  machine: Machine,
  conf: ResolvConf,
  name: string,
  family: 4 | 6 | 0,
  signal?: AbortSignal,
): Promise<{ outcome: LookupResult; addresses: string[] }> {
  const types = (['A', 'AAAA'] as const).filter((type) => family === 0 || (family === 6) === (type === 'AAAA'));
  const replies = await Promise.all(types.map((type) => query(machine, conf, name, type, signal)));
  const found = replies.flatMap((reply) => (reply ? addresses(reply) : []));
  if (found.length > 0) return { outcome: 'NOERROR', addresses: found };
  if (replies.every((reply) => !reply)) return { outcome: 'TIMEOUT', addresses: [] };
  const codes = replies.map((reply) => (reply ? rcode(reply) : 'SERVFAIL'));
  const outcome = codes.includes('NOERROR') ? 'NODATA' : codes.includes('NXDOMAIN') ? 'NXDOMAIN' : 'SERVFAIL';
  return { outcome, addresses: [] };
}

function fromHosts(text: string, name: string): string[] {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  return text.split('\n').flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return address && names.some((n) => n.toLowerCase() === wanted) ? [address] : [];
  });
}

const rcode = (packet: DecodedPacket): string => (packet as { rcode?: string }).rcode ?? 'NOERROR';

const addresses = (packet: DecodedPacket): string[] =>
  (packet.answers ?? []).flatMap((answer: Answer) =>
    answer.type === 'A' || answer.type === 'AAAA' ? [answer.data] : [],
  );

/** Asks each server in turn; undefined when none answered, the last SERVFAIL when none did better. */
async function query(
  machine: Machine,
  conf: ResolvConf,
  name: string,
  type: 'A' | 'AAAA',
  signal?: AbortSignal,
): Promise<DecodedPacket | undefined> {
  let failed: DecodedPacket | undefined;
  for (let attempt = 0; attempt < conf.options.attempts; attempt++) {
    for (const server of conf.nameservers.length > 0 ? conf.nameservers : ['127.0.0.1']) {
      const reply = await ask(machine, server, name, type, conf.options.timeout * 1000, signal);
      if (reply && rcode(reply) !== 'SERVFAIL') return reply;
      failed = reply ?? failed;
    }
  }
  return failed;
}

async function ask(
  machine: Machine,
  server: string,
  name: string,
  type: 'A' | 'AAAA',
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<DecodedPacket | undefined> {
  const id = machine.random.int(65536);
  const packet = dnsPacket.encode({ type: 'query', id, flags: 256, questions: [{ type, name }] });
  const reply = await overUdp(machine, server, packet, id, timeoutMs, signal);
  if (!reply || ((reply.flags ?? 0) & dnsPacket.TRUNCATED_RESPONSE) === 0) return reply;
  return overTcp(machine, server, packet, timeoutMs, signal);
}

async function overUdp(
  machine: Machine,
  server: string,
  packet: Uint8Array,
  id: number,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<DecodedPacket | undefined> {
  const socket = machine.net.udp();
  const cancel = machine.clock.after(timeoutMs, () => socket.close());
  try {
    socket.send(packet, server, 53);
    for (let datagram = await socket.receive(signal); datagram; datagram = await socket.receive(signal)) {
      const reply = dnsPacket.decode(Buffer.from(datagram.bytes));
      if (reply.id === id) return reply;
    }
    return undefined;
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  } finally {
    cancel();
    socket.close();
  }
}

async function overTcp(
  machine: Machine,
  server: string,
  packet: Uint8Array,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<DecodedPacket | undefined> {
  try {
    const connection = await machine.net.connect(server, 53, { timeoutMs, ...(signal ? { signal } : {}) });
    try {
      await connection.write(Uint8Array.of(packet.length >> 8, packet.length & 255, ...packet));
      let bytes = new Uint8Array();
      for (let chunk = await connection.read(); chunk; chunk = await connection.read()) {
        bytes = Uint8Array.of(...bytes, ...chunk);
        const size = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
        if (bytes.length >= 2 + size) return dnsPacket.decode(Buffer.from(bytes.subarray(2, 2 + size)));
      }
      return undefined;
    } finally {
      connection.close();
    }
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}
