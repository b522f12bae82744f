// `agnhost serve-hostname`: answers with the host name over HTTP, TCP or UDP.
import type { Process } from '../../machine/process';
import { goServer, plain } from '../http/go-server';
import type { Flags } from './flags';
import { acceptAll } from './go-net';
import { klog } from './klog';

const LINGERS_MS = 60_000; // after SIGTERM, so that its pod is deleted before it goes

export async function serveHostname(proc: Process, flags: Flags): Promise<number> {
  const [tcp, udp, http] = [flags.has('tcp'), flags.has('udp'), flags.has('http', true)];
  const log = (text: string) => proc.complain(`${klog(proc)} log.go:245] ${text}\n`);
  if (http && (tcp || udp)) {
    await log("Can't server TCP/UDP mode and HTTP mode at the same time");
    return 1;
  }
  const port = flags.number('port', 9376);
  const name = proc.machine.hostname;
  const bytes = new TextEncoder().encode(name);
  await log(`Serving on port ${port}.`);
  const servers: Promise<unknown>[] = [];
  if (tcp)
    servers.push(
      acceptAll(proc, proc.listen(port), async (connection) => {
        await log(`TCP request from ${connection.remoteAddress}:${connection.remotePort}`);
        await connection.write(bytes, proc.killed);
      }),
    );
  if (udp) servers.push(overUdp(proc, port, bytes, log));
  if (http) {
    const closing: [string, string][] = flags.has('close') ? [['Connection', 'close']] : [];
    servers.push(
      goServer(proc, [port], async (_, connection) => {
        await log(`HTTP request from ${connection.remoteAddress}:${connection.remotePort}`);
        const answer = plain(name);
        return { ...answer, headers: [...answer.headers, ...closing] };
      }),
    );
  }
  const told = new Promise<string>((resolve) => proc.on('SIGTERM', () => resolve('terminated')));
  const ended = Promise.race(servers).then((status) => (typeof status === 'number' ? status : 0));
  const signal = await Promise.race([told, ended]);
  if (typeof signal === 'number') return signal;
  await log(`Shutting down after receiving signal: ${signal}.`);
  await log('Awaiting pod deletion.');
  await proc.sleep(LINGERS_MS);
  return 0;
}

async function overUdp(proc: Process, port: number, reply: Uint8Array, log: (text: string) => Promise<void>) {
  const socket = proc.udp(port);
  for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed)) {
    await log(`UDP request from ${datagram.address}:${datagram.port}`);
    socket.send(reply, datagram.address, datagram.port);
  }
}
