// nc, ncat: Nmap's Ncat 7.92, which Red Hat ships as nc. Texts: ncat/ncat_connect.c, ncat_main.c.
import { Errno, strerror } from '../machine/errno';
import type { Connection } from '../machine/net';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';
import { getopt, type Options } from './getopt';
import { inBackground } from './in-background';
import { runWithConnection } from './run-with-connection';

const VERSION = 'Ncat: Version 7.92 ( https://nmap.org/ncat )\n';
const CONNECT_LIMIT_MS = 10_000; // DEFAULT_CONNECT_TIMEOUT
const DEFAULT_PORT = 31337;
const SHORT = 'zvw:lkup:46ni:ne:c:';
const LONG = {
  verbose: 'v',
  'wait=': 'w',
  listen: 'l',
  'keep-open': 'k',
  udp: 'u',
  'source-port=': 'p',
  nodns: 'n',
  'idle-timeout=': 'i',
  'send-only': 'send-only',
  'recv-only': 'recv-only',
  help: 'help',
  version: 'version',
};

export const nc: Program = async (proc) => {
  const options = getopt(proc.argv, SHORT, LONG);
  if (options.error)
    return quit(
      proc,
      `${options.error}\nNcat: Try \`--help' or man(1) ncat for more information, usage options and help. QUITTING.\n`,
      2,
    );
  if (options.has('version')) return quit(proc, VERSION, 0);
  if (options.has('help')) return quit(proc, `${VERSION.slice(6, 18)}\nUsage: ncat [options] [hostname] [port]\n`, 0);
  const limit = seconds(options.get('w'));
  if (limit === 'invalid') return quit(proc, `Ncat: Invalid -w timeout (must be greater than 0). QUITTING.\n`, 2);
  if (options.has('v')) await proc.complain(VERSION);
  return options.has('l') ? listen(proc, options) : connect(proc, options, limit);
};

async function quit(proc: Process, text: string, code: number): Promise<number> {
  await proc.complain(text);
  return code;
}

function seconds(text: string | undefined): number | 'invalid' {
  if (text === undefined) return CONNECT_LIMIT_MS;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's'] ?? 1000;
  const ms = Number(match?.[1]) * unit;
  return ms > 0 ? ms : 'invalid';
}

async function connect(proc: Process, options: Options, limitMs: number): Promise<number> {
  const [host, portText = String(DEFAULT_PORT), ...more] = options.rest;
  if (!host) return quit(proc, 'Ncat: You must specify a host to connect to. QUITTING.\n', 2);
  if (more.length > 0)
    return quit(proc, `Ncat: Got more than one port specification: ${portText} ${more.join(' ')}. QUITTING.\n`, 2);
  const port = Number(portText);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    return quit(proc, `Ncat: Invalid port number "${portText}". QUITTING.\n`, 2);
  let addresses: string[];
  try {
    addresses = await proc.resolve(host, options.has('6') ? 6 : options.has('4') ? 4 : 0);
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    return quit(proc, `Ncat: Could not resolve hostname "${host}": ${error.message}. QUITTING.\n`, 2);
  }
  if (options.has('u')) return datagrams(proc, options, addresses[0] ?? host, port);
  const connection = await firstThatAnswers(proc, options, addresses, port, limitMs);
  if (!connection) return 1;
  const program = programOf(options);
  if (program) return runOn(proc, connection, program).then(() => 0);
  const started = proc.machine.clock.now();
  if (options.has('v')) await proc.complain(`Ncat: Connected to ${connection.remoteAddress}:${port}.\n`);
  const moved = options.has('z') ? { sent: 0, received: 0 } : await relay(proc, connection, options);
  connection.close();
  if (options.has('v')) {
    const took = (proc.machine.clock.now() - started) / 1000;
    await proc.complain(
      `Ncat: ${moved.sent} bytes sent, ${moved.received} bytes received in ${took.toFixed(2)} seconds.\n`,
    );
  }
  return 0;
}

async function firstThatAnswers(
  proc: Process,
  options: Options,
  addresses: string[],
  port: number,
  limitMs: number,
): Promise<Connection | undefined> {
  let failure = '';
  const started = proc.machine.clock.now();
  for (const address of addresses) {
    try {
      return await proc.connect(address, port, { timeoutMs: limitMs });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const waited = proc.machine.clock.now() - started >= limitMs;
      failure = error.code === 'ETIMEDOUT' && waited ? 'TIMEOUT' : strerror(error);
    }
  }
  if (!options.has('z') || options.has('v')) await proc.complain(`Ncat: ${failure}.\n`);
  return undefined;
}

/** `-e`, `-c`: a program whose input and output are the connection. */
function programOf(options: Options): string[] | undefined {
  const shell = options.get('c');
  if (shell !== undefined) return ['/bin/sh', '-c', shell];
  return options.get('e')?.trim().split(/\s+/);
}

async function runOn(proc: Process, connection: Connection, program: string[]): Promise<void> {
  try {
    await runWithConnection(proc, connection, program);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await proc.complain(`Ncat: Cannot execute ${program[0]}: ${strerror(error)}\n`);
  }
  connection.close();
}

/** Copies both ways until the peer ends; the end of standard input is passed on as a half-close. */
async function relay(
  proc: Process,
  connection: Connection,
  options: Options,
): Promise<{ sent: number; received: number }> {
  const moved = { sent: 0, received: 0 };
  const done = new AbortController();
  const sending = async () => {
    for (let chunk = await proc.read(0, 65536, done.signal); chunk; chunk = await proc.read(0, 65536, done.signal)) {
      moved.sent += chunk.length;
      await connection.write(chunk, proc.killed);
    }
    connection.end();
    if (options.has('send-only')) connection.close();
  };
  if (!options.has('recv-only')) void sending().catch(() => {});
  try {
    for (
      let chunk = await connection.read(65536, proc.killed);
      chunk;
      chunk = await connection.read(65536, proc.killed)
    ) {
      moved.received += chunk.length;
      if (!options.has('send-only')) await proc.print(chunk);
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await proc.complain(`Ncat: ${strerror(error)}.\n`);
  }
  done.abort(new Errno('EINTR'));
  return moved;
}

async function datagrams(proc: Process, options: Options, address: string, port: number): Promise<number> {
  const socket = proc.udp();
  if (options.has('v')) await proc.complain(`Ncat: Connected to ${address}:${port}.\n`);
  if (options.has('z')) socket.send(new Uint8Array(), address, port);
  let refused = false;
  const receiving = (async () => {
    for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed))
      await proc.print(datagram.bytes);
  })().catch((error) => {
    if (!(error instanceof Errno)) throw error;
    refused = true;
  });
  if (!options.has('z')) {
    for (let chunk = await proc.read(); chunk && !refused; chunk = await proc.read()) socket.send(chunk, address, port);
    await Promise.race([receiving, proc.sleep(UDP_LINGER_MS)]);
  } else await proc.sleep(UDP_LINGER_MS);
  socket.close();
  if (refused) await proc.complain('Ncat: Connection refused.\n');
  return refused ? 1 : 0;
}

const UDP_LINGER_MS = 2000; // Ncat waits this long for an ICMP answer

async function listen(proc: Process, options: Options): Promise<number> {
  const operands = [...options.rest];
  const port = Number(options.get('p') ?? operands.pop() ?? DEFAULT_PORT);
  const address = operands[0] ?? '0.0.0.0';
  try {
    return options.has('u') ? await listenUdp(proc, port) : await listenTcp(proc, options, port, address);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return quit(proc, `Ncat: bind to ${address}:${port}: ${strerror(error)}. QUITTING.\n`, 2);
  }
}

async function listenTcp(proc: Process, options: Options, port: number, address: string): Promise<number> {
  const listener = proc.listen(port, address);
  if (options.has('v')) await proc.complain(`Ncat: Listening on ${address}:${port}\n`);
  for (
    let connection = await listener.accept(proc.killed);
    connection;
    connection = await listener.accept(proc.killed)
  ) {
    if (options.has('v'))
      await proc.complain(`Ncat: Connection from ${connection.remoteAddress}:${connection.remotePort}.\n`);
    const program = programOf(options);
    const served = program
      ? runOn(proc, connection, program)
      : relay(proc, connection, options).then(() => connection.close());
    if (!options.has('k')) return served.then(() => 0);
    if (program) inBackground(proc, served);
    else await served;
  }
  return 0;
}

async function listenUdp(proc: Process, port: number): Promise<number> {
  const socket = proc.udp(port);
  for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed))
    await proc.print(datagram.bytes);
  return 0;
}
