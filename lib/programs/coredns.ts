// coredns: the cluster's DNS server as a container runs it. Zones are answered by lib/network, the rest is forwarded.
import type { Connection, Listener, UdpSocket } from '../machine/net';
import { concat, type Process, type Program } from '../machine/process';
import { DnsServer, type Forward } from '../network/dns';
import { CorefileError, openShiftCorefile, parseCorefile } from '../network/dns/corefile';
import { parseResolvConf } from '../network/resolver';
import { type LoggedQuery, logLine } from './dns-log';

const DEFAULT_PORT = 53;
const FORWARD_TIMEOUT_MS = 5000; // CoreDNS plugin/forward: read timeout of one upstream, with its retries

const COREFILE = '/etc/coredns/Corefile';
const RELOAD_MS = 30_000; // CoreDNS plugin/reload's interval

/** The server that a process runs, and the Corefile it was made of. */
interface Running {
  server: DnsServer;
  corefile: string;
  checked: number;
}
const running = new WeakMap<Process, Running>();

export const coredns: Program = async (proc) => {
  try {
    start(proc, corefileOf(proc));
  } catch (error) {
    if (!(error instanceof CorefileError)) throw error;
    await proc.print(`${error.message}\n`);
    return 1;
  }
  const port = portOf(corefileOf(proc));
  const udp = proc.udp(port);
  const tcp = proc.listen(port);
  await proc.print(`.:${port}\n[INFO] plugin/reload: Running configuration\nCoreDNS-1.11.3\nlinux/amd64, go1.22.9\n`);
  void serveTcp(proc, tcp);
  await serveUdp(proc, udp);
  return 0;
};

/** What CoreDNS' own image serves without a Corefile; OpenShift's operator gives its pods one. */
const NO_COREFILE = '.:53 {\n    errors\n}\n';

const corefileOf = (proc: Process): string =>
  proc.machine.text(COREFILE) ??
  (proc.argv[0] === '/coredns' ? NO_COREFILE : openShiftCorefile(proc.machine.net.fabric.network.clusterDomain));

/** The port of the root's server block: 53, or 5353 on OpenShift, where the service maps 53 to it. */
const portOf = (corefile: string): number => Number(/^\s*(?:dns:\/\/)?\.:(\d+)/m.exec(corefile)?.[1] ?? DEFAULT_PORT);

function start(proc: Process, corefile: string): Running {
  const { net, clock } = proc.machine;
  const server = new DnsServer(net.fabric.network, parseCorefile(corefile, net.addresses()));
  const made = { server, corefile, checked: clock.now() };
  running.set(proc, made);
  return made;
}

/** The server of the Corefile as it is now; a changed one is taken up within half a minute, a broken one is not. */
function serverOf(proc: Process): DnsServer {
  const now = proc.machine.clock.now();
  const own = running.get(proc) ?? start(proc, corefileOf(proc));
  if (now - own.checked < RELOAD_MS) return own.server;
  own.checked = now;
  const corefile = corefileOf(proc);
  if (corefile === own.corefile) return own.server;
  try {
    return start(proc, corefile).server;
  } catch (error) {
    void proc.print(`[ERROR] Restart failed: ${error instanceof Error ? error.message : error}\n`);
    return own.server;
  }
}

async function serveUdp(proc: Process, socket: UdpSocket): Promise<void> {
  for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed)) {
    const { bytes, address, port } = datagram;
    void answer(proc, bytes, 'udp', address).then((reply) => {
      if (!reply || proc.killed.aborted) return;
      log(proc, { query: bytes, reply, transport: 'udp', client: address, port });
      socket.send(reply, address, port);
    });
  }
}

async function serveTcp(proc: Process, listener: Listener): Promise<void> {
  for (let connection = await listener.accept(); connection; connection = await listener.accept()) {
    const client = connection;
    void serveConnection(proc, client)
      .catch(() => {})
      .finally(() => client.close());
  }
}

/** Messages on TCP carry their length in front (RFC 1035 4.2.2). */
async function serveConnection(proc: Process, connection: Connection): Promise<void> {
  let bytes = new Uint8Array();
  for (let chunk = await connection.read(); chunk; chunk = await connection.read()) {
    bytes = concat([bytes, chunk]);
    for (let size = frame(bytes); size !== undefined && bytes.length >= 2 + size; size = frame(bytes)) {
      const query = bytes.slice(2, 2 + size);
      const client = connection.remoteAddress;
      const reply = await answer(proc, query, 'tcp', client);
      if (reply) log(proc, { query, reply, transport: 'tcp', client, port: connection.remotePort });
      if (reply) await connection.write(Uint8Array.of(reply.length >> 8, reply.length & 255, ...reply));
      bytes = bytes.slice(2 + size);
    }
  }
}

function log(proc: Process, logged: LoggedQuery): void {
  const line = logLine(logged, (name) => serverOf(proc).logClasses(name));
  if (line) void proc.print(line);
}

const frame = (bytes: Uint8Array): number | undefined =>
  bytes.length < 2 ? undefined : ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);

async function answer(
  proc: Process,
  bytes: Uint8Array,
  transport: 'udp' | 'tcp',
  client: string,
): Promise<Uint8Array | undefined> {
  const { network } = proc.machine.net.fabric;
  const from = network.hostByAddress(client) ?? proc.machine.net.host;
  const outcome = serverOf(proc).answer(bytes, transport, from);
  if ('silent' in outcome) return undefined;
  return 'answer' in outcome ? outcome.answer : forward(proc, outcome.forward);
}

async function forward(proc: Process, { query, to, complete }: Forward): Promise<Uint8Array> {
  const own = parseResolvConf(proc.machine.text('/etc/resolv.conf') ?? '').nameservers;
  for (const upstream of to.flatMap((target) => (target === '/etc/resolv.conf' ? own : [target]))) {
    const [, address = upstream, port = '53'] = /^(.+?)(?::(\d+))?$/.exec(upstream) ?? [];
    const reply = await ask(proc, query, address, Number(port));
    if (reply) return complete(reply);
  }
  return complete(undefined);
}

async function ask(proc: Process, query: Uint8Array, address: string, port: number): Promise<Uint8Array | undefined> {
  const socket = proc.machine.net.udp();
  const cancel = proc.machine.clock.after(FORWARD_TIMEOUT_MS, () => socket.close());
  try {
    socket.send(query, address, port);
    for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed)) {
      if (datagram.bytes[0] === query[0] && datagram.bytes[1] === query[1]) return datagram.bytes;
    }
    return undefined;
  } catch {
    return undefined; // refused: the next upstream is asked
  } finally {
    cancel();
    socket.close();
  }
}
