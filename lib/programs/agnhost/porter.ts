// `agnhost porter`: a server for each variable SERVE_[TCP_|UDP_|TLS_|SCTP_]PORT_n, which answers with its value.
import { Errno, strerror } from '../../machine/errno';
import type { Process } from '../../machine/process';
import { goServer, plain } from '../http/go-server';
import type { Handler } from '../http/serve';
import { untilSignal } from './commands';
import type { Flags } from './flags';
import { acceptAll, serveTls } from './go-net';
import { klog } from './klog';

interface Port {
  port: number;
  value: string;
  json: boolean;
}

export async function porter(proc: Process, flags: Flags): Promise<number> {
  const json = flags.has('json-response');
  const servers = Object.entries(proc.env).flatMap(([name, value]) => {
    const [, kind, port] = /^SERVE_(?:(TCP|UDP|TLS|SCTP)_)?PORT_(\d+)$/.exec(name) ?? [];
    return port === undefined ? [] : [SERVERS[kind ?? 'TCP']?.(proc, { port: Number(port), value, json })];
  });
  const fatal = servers.map((server) => server?.then((status) => status || new Promise<never>(() => {})));
  return Promise.race([untilSignal(proc), ...fatal.filter((each) => each !== undefined)]);
}

const log = (proc: Process, text: string) => proc.complain(`${klog(proc)} log.go:245] ${text}\n`);

const answer =
  ({ value, json }: Port): Handler =>
  ({ method }) =>
    json
      ? {
          status: 200,
          headers: [['Content-Type', 'application/json']],
          body: JSON.stringify({ Method: method, Body: value }),
        }
      : plain(value);

/** Each resolves with a status that ends the whole, or 0 when only this server has gone. */
const SERVERS: Record<string, (proc: Process, port: Port) => Promise<number>> = {
  TCP: async (proc, port) => {
    const status = await goServer(proc, [port.port], answer(port));
    return status > 128 ? status : 0;
  },
  TLS: async (proc, port) => {
    const certificate = proc.env['CERT_FILE'] || 'localhost.crt';
    const key = proc.env['KEY_FILE'] || 'localhost.key';
    const failed = (text: string) =>
      log(proc, `tls server on port "${port.port}" with certFile="${certificate}", keyFile="${key}" failed: ${text}`);
    try {
      await serveTls(proc, port.port, { certificate, key }, answer(port));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await failed(`open ${certificate}: ${strerror(error).toLowerCase()}`);
    }
    return 0;
  },
  UDP: async (proc, { port, value }) => {
    try {
      const socket = proc.udp(port);
      await log(proc, `Started UDP server on port ${port}`);
      for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed))
        socket.send(new TextEncoder().encode(value), datagram.address, datagram.port);
      return 0;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await log(proc, `UDP: failed to listen on port ${port}: ${strerror(error).toLowerCase()}`);
      return 1;
    }
  },
  SCTP: async (proc, { port, value }) => {
    try {
      const listener = proc.listen(port, '0.0.0.0', 'SCTP');
      await log(proc, 'Started SCTP server');
      await acceptAll(proc, listener, async (connection) => {
        await log(proc, 'Sending response');
        await connection.write(new TextEncoder().encode(value));
        await log(proc, 'Response sent');
      });
      return 0;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await log(proc, `Failed to listen SCTP. error:${strerror(error).toLowerCase()}`);
      return 1;
    }
  },
};
