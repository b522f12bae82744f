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

/** What a name stands for, as the C library's hostent: its real name, others on the same line of /etc/hosts, addresses. */
export interface HostEntry {
  canonical: string;
  aliases: string[];
  addresses: string[];
}

/** Addresses of a name, in the order of the answer; IPv4 first unless a family is asked for. */
export const resolveName = async (
  machine: Machine,
  name: string,
  family: 4 | 6 | 0,
  signal?: AbortSignal,
): Promise<string[]> => (await resolveEntry(machine, name, family, signal)).addresses;

/** Throws a NameError. */
export async function resolveEntry(
  machine: Machine,
  name: string,
  family: 4 | 6 | 0,
  signal?: AbortSignal,
): Promise<HostEntry> {
  if (isAddress(name)) return { canonical: name, aliases: [], addresses: [name] };
  const wanted = (address: string) => family === 0 || (family === 6) === address.includes(':');
  const hosts = fromHosts(machine.text('/etc/hosts') ?? '', name).filter(({ address }) => wanted(address));
  const [first] = hosts;
  if (!first) return fromDns(machine, name, family, signal);
  const [canonical = name, ...aliases] = first.names;
  return { canonical, aliases, addresses: hosts.map(({ address }) => address) };
}

/** What the DNS alone says, whatever stands in /etc/hosts. Throws a NameError. */
export const askDns = async (machine: Machine, name: string, family: 4 | 6 | 0): Promise<string[]> =>
  isAddress(name) ? [name] : (await fromDns(machine, name, family)).addresses;

async function fromDns(machine: Machine, name: string, family: 4 | 6 | 0, signal?: AbortSignal): Promise<HostEntry> {
  const conf = parseResolvConf(machine.text('/etc/resolv.conf') ?? '');
  const names = lookups(name, conf, machine.libc);
  let found: HostEntry = { canonical: name, aliases: [], addresses: [] };
  let step = names.next();
  while (!step.done) {
    const asked = step.value.replace(/\.$/, '');
    const { outcome, addresses, canonical = asked } = await lookUp(machine, conf, asked, family, signal);
    found = { canonical, aliases: canonical === asked ? [] : [asked], addresses };
    step = names.next(outcome);
  }
  if (found.addresses.length > 0) return found;
  throw new NameError(step.value === 'TIMEOUT' || step.value === 'SERVFAIL' ? 'EAI_AGAIN' : 'EAI_NONAME');
}

/** Asks for the addresses of one name, both families unless one is wanted. */
async function lookUp(
  machine: Machine,
  conf: ResolvConf,
  name: string,
  family: 4 | 6 | 0,
  signal?: AbortSignal,
): Promise<{ outcome: LookupResult; addresses: string[]; canonical?: string }> {
  const types = (['A', 'AAAA'] as const).filter((type) => family === 0 || (family === 6) === (type === 'AAAA'));
  const replies = await Promise.all(types.map((type) => query(machine, conf, name, type, signal)));
  const found = replies.flatMap((reply) => (reply ? addresses(reply) : []));
  if (found.length > 0) {
    const owner = replies.flatMap((reply) => reply?.answers ?? []).find(({ type }) => type === 'A' || type === 'AAAA');
    return { outcome: 'NOERROR', addresses: found, ...(owner && { canonical: owner.name }) };
  }
  if (replies.every((reply) => !reply)) return { outcome: 'TIMEOUT', addresses: [] };
  const codes = replies.map((reply) => (reply ? rcode(reply) : 'SERVFAIL'));
  const outcome = codes.includes('NOERROR') ? 'NODATA' : codes.includes('NXDOMAIN') ? 'NXDOMAIN' : 'SERVFAIL';
  return { outcome, addresses: [] };
}

/** The name that an address has in the DNS; undefined when it has none. */
export async function reverseName(
  machine: Machine,
  address: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const hosts = (machine.text('/etc/hosts') ?? '')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  const known = hosts.find(([own]) => own === address)?.[1];
  if (known || !IPV4.test(address)) return known;
  const conf = parseResolvConf(machine.text('/etc/resolv.conf') ?? '');
  const reply = await query(machine, conf, `${address.split('.').reverse().join('.')}.in-addr.arpa`, 'PTR', signal);
  const answer = reply?.answers?.find(({ type }) => type === 'PTR');
  return answer?.type === 'PTR' ? answer.data.replace(/\.$/, '') : undefined;
}

function fromHosts(text: string, name: string): { address: string; names: string[] }[] {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  return text.split('\n').flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return address && names.some((n) => n.toLowerCase() === wanted) ? [{ address, names }] : [];
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
  type: 'A' | 'AAAA' | 'PTR',
  signal?: AbortSignal,
): Promise<DecodedPacket | undefined> {
  if (machine.libc === 'musl') return queryAtOnce(machine, conf, name, type, signal);
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

/** musl asks all servers together, takes the first answer that says yes or no, and asks again within one time-out for all. */
async function queryAtOnce(
  machine: Machine,
  conf: ResolvConf,
  name: string,
  type: 'A' | 'AAAA' | 'PTR',
  signal?: AbortSignal,
): Promise<DecodedPacket | undefined> {
  const { attempts, timeout } = conf.options;
  let failed: DecodedPacket | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const servers = conf.nameservers.length > 0 ? conf.nameservers : ['127.0.0.1'];
    const replies = servers.map((server) => ask(machine, server, name, type, (timeout * 1000) / attempts, signal));
    const telling = replies.map(async (reply) => {
      const said = await reply;
      if (said && (rcode(said) === 'NOERROR' || rcode(said) === 'NXDOMAIN')) return said;
      failed = said ?? failed;
      throw new Errno('EAGAIN');
    });
    try {
      return await Promise.any(telling);
    } catch (error) {
      const own = error instanceof AggregateError ? error.errors.find((each) => !(each instanceof Errno)) : error;
      if (own) throw own;
    }
  }
  return failed;
}

async function ask(
  machine: Machine,
  server: string,
  name: string,
  type: 'A' | 'AAAA' | 'PTR',
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
