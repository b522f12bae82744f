// BusyBox' nc as Docker Hub's busybox and Alpine build it (NC_110_COMPAT): networking/nc_bloaty.c.

import { Errno, strerror, strerrorOf } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { getopt, type Options } from '../getopt';
import { runWithConnection } from '../run-with-connection';
import { BANNER } from './applets';

const USAGE = `${BANNER}nc [OPTIONS] HOST PORT  - connect
nc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen
`;
const CONNECT_LIMIT_MS = 127_000; // what Linux' own retries come to
const UDP_LINGER_MS = 1000;

export const busyboxNc: Program = async (proc) => {
  // `-e PROG ARGUMENTS` takes the rest of the line
  const at = proc.argv.indexOf('-e');
  const program = at < 0 ? [] : proc.argv.slice(at + 1);
  const options = getopt(at < 0 ? proc.argv : proc.argv.slice(0, at), 'lkp:s:w:i:nubvzo:');
  if (options.error !== undefined) return quit(proc, `${options.error}\n${USAGE}`);
  if (options.has('l')) return listen(proc, options, program);
  const [host, portText] = options.rest;
  if (!host) return quit(proc, USAGE);
  const port = Number(portText ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65535) return quit(proc, `nc: bad port '${portText}'\n`);
  return connect(proc, options, { host, port, program });
};

async function quit(proc: Process, text: string): Promise<number> {
  await proc.complain(text);
  return 1;
}

interface Target {
  host: string;
  port: number;
  program: string[];
}

async function connect(proc: Process, options: Options, { host, port, program }: Target): Promise<number> {
  let address: string;
  try {
    address = (await proc.resolve(host, 0))[0] ?? host;
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    return quit(proc, `nc: bad address '${host}'\n`);
  }
  const verbose = options.all('v').length;
  const shown = `${host} (${address.includes(':') ? `[${address}]` : address}:${port})`;
  if (options.has('u')) return datagrams(proc, options, { address, port, shown });
  let connection: Connection;
  try {
    connection = await proc.connect(address, port, { timeoutMs: waitOf(options) ?? CONNECT_LIMIT_MS });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    // with one -v a refusal is not told, as a scan of many ports wants it
    if (verbose > 1 || (verbose === 1 && error.code !== 'ECONNREFUSED'))
      await proc.complain(`nc: ${shown}: ${strerrorOf(proc.machine.libc, error)}\n`);
    if (verbose > 1) await proc.complain('sent 0, rcvd 0\n');
    return 1;
  }
  if (verbose > 0) await proc.complain(`${shown} open\n`);
  const moved = options.has('z') ? NOTHING : await talk(proc, connection, options, program);
  connection.close();
  if (verbose > 1) await proc.complain(`sent ${moved.sent}, rcvd ${moved.received}\n`);
  return 0;
}

const NOTHING = { sent: 0, received: 0 };

/** `-w`: for connecting, and for the end of what is read from the net. */
function waitOf(options: Options): number | undefined {
  const seconds = Number(options.get('w'));
  return seconds > 0 ? seconds * 1000 : undefined;
}

/** Copies both ways until the peer ends, or for a while after standard input has. */
async function talk(
  proc: Process,
  connection: Connection,
  options: Options,
  program: string[],
): Promise<typeof NOTHING> {
  if (program.length > 0) return serve(proc, connection, program);
  const moved = { sent: 0, received: 0 };
  const done = new AbortController();
  const wait = waitOf(options);
  const sending = async () => {
    for (let chunk = await proc.read(0, 65536, done.signal); chunk; chunk = await proc.read(0, 65536, done.signal)) {
      moved.sent += chunk.length;
      await connection.write(chunk, proc.killed);
    }
    connection.end();
  };
  void sending().catch(() => {});
  const receiving = async () => {
    for (
      let chunk = await connection.read(65536, proc.killed);
      chunk;
      chunk = await connection.read(65536, proc.killed)
    ) {
      moved.received += chunk.length;
      await proc.print(chunk);
    }
  };
  try {
    await (wait === undefined ? receiving() : Promise.race([receiving(), proc.sleep(wait)]));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
  done.abort(new Errno('EINTR'));
  return moved;
}

/** `-e`: a program whose input and outputs are the connection. */
async function serve(proc: Process, connection: Connection, program: string[]): Promise<typeof NOTHING> {
  try {
    await runWithConnection(proc, connection, program, true);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await proc.complain(`nc: can't execute '${program[0]}': ${strerror(error)}\n`);
  }
  return NOTHING;
}

async function datagrams(
  proc: Process,
  options: Options,
  { address, port, shown }: { address: string; port: number; shown: string },
): Promise<number> {
  const socket = proc.udp();
  let refused = false;
  const receiving = (async () => {
    for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed))
      await proc.print(datagram.bytes);
  })().catch((error) => {
    if (!(error instanceof Errno)) throw error;
    refused = true;
  });
  if (options.has('z')) {
    socket.send(new Uint8Array([0]), address, port);
    await proc.sleep(UDP_LINGER_MS);
  } else {
    for (let chunk = await proc.read(); chunk && !refused; chunk = await proc.read()) socket.send(chunk, address, port);
    await Promise.race([receiving, proc.sleep(waitOf(options) ?? UDP_LINGER_MS)]);
  }
  socket.close();
  if (!refused && options.has('v')) await proc.complain(`${shown} open\n`);
  return refused ? 1 : 0;
}

async function listen(proc: Process, options: Options, program: string[]): Promise<number> {
  const port = Number(options.get('p') ?? 0);
  const address = options.get('s') ?? '0.0.0.0';
  try {
    if (options.has('u')) return await listenUdp(proc, port);
    const listener = proc.listen(port, address);
    if (options.has('v')) await proc.complain(`listening on ${bracketed(address)}:${port} ...\n`);
    do {
      const connection = await listener.accept(proc.killed);
      if (!connection) break;
      const { remoteAddress, remotePort, localAddress } = connection;
      if (options.has('v'))
        await proc.complain(
          `connect to ${bracketed(localAddress)}:${port} from ${bracketed(remoteAddress)}:${remotePort} (${bracketed(remoteAddress)}:${remotePort})\n`,
        );
      await talk(proc, connection, options, program);
      connection.close();
    } while (options.has('k'));
    return 0;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return quit(proc, `nc: bind: ${strerror(error)}\n`);
  }
}

/** An address as a socket of both families shows it. */
const bracketed = (address: string): string => (address === '0.0.0.0' ? '[::]' : `[::ffff:${address}]`);

async function listenUdp(proc: Process, port: number): Promise<number> {
  const socket = proc.udp(port);
  for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed))
    await proc.print(datagram.bytes);
  return 0;
}
