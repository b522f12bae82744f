// `agnhost netexec`: answers over HTTP and UDP, runs commands, asks others in turn (/dial).
import { sink } from '../../machine/descriptor';
import { Errno } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import type { Process } from '../../machine/process';
import { goServer, plain } from '../http/go-server';
import { BadMessage, header, MessageReader, type Request, type Response, requestBytes } from '../http/message';
import { splitTarget } from '../http/serve';
import type { Flags } from './flags';
import { klog } from './klog';

const DIAL_TIMEOUT_MS = 5000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export async function netexec(proc: Process, flags: Flags): Promise<number> {
  const port = flags.number('http-port', 8080);
  const udpPort = flags.number('udp-port', 8081);
  const started = proc.machine.clock.now();
  if (udpPort > 0) void answerDatagrams(proc, udpPort).catch(() => {});
  await proc.complain(`${klog(proc)} log.go:245] Started HTTP server on port ${port}\n`);
  if (udpPort > 0) await proc.complain(`${klog(proc)} log.go:245] Started UDP server on port  ${udpPort}\n`);
  return goServer(proc, [port], async (request, connection) => {
    await proc.complain(`${klog(proc)} log.go:245] ${request.method} ${splitTarget(request.target).path}\n`);
    return answer(proc, request, connection, started);
  });
}

async function answerDatagrams(proc: Process, port: number): Promise<void> {
  const socket = proc.udp(port);
  for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed)) {
    const [command = '', ...args] = decoder.decode(datagram.bytes).trim().split(' ');
    const reply = /^hostname$/i.test(command)
      ? proc.machine.hostname
      : /^echo$/i.test(command)
        ? args.join(' ')
        : /^clientip$/i.test(command)
          ? `${datagram.address}:${datagram.port}`
          : '';
    if (reply) socket.send(encoder.encode(reply), datagram.address, datagram.port);
  }
}

async function answer(proc: Process, request: Request, connection: Connection, started: number): Promise<Response> {
  const { path, query } = splitTarget(request.target);
  const given = (name: string) => query.get(name) ?? new URLSearchParams(decoder.decode(request.body)).get(name);
  switch (path.toLowerCase()) {
    case '/':
      return plain(now(proc, started));
    case '/hostname':
      return plain(proc.machine.hostname);
    case '/clientip':
      return plain(`${connection.remoteAddress}:${connection.remotePort}`);
    case '/echo':
      return plain(given('msg') ?? '', Number(given('code') ?? 200));
    case '/header':
      return plain(header(request, given('key') ?? '') ?? '');
    case '/healthz':
      return plain('');
    case '/redirect':
      return { ...plain('', Number(given('code') ?? 302)), headers: [['Location', given('location') ?? '/']] };
    case '/shell':
      return shell(proc, given('shellCommand') ?? given('cmd') ?? '');
    case '/dial':
      return dial(proc, query);
    case '/exit':
      void proc
        .sleep(Math.max(1, Number(given('wait')?.replace(/s$/, '') ?? 0) * 1000))
        .then(() => proc.signal('SIGTERM'));
      return plain('');
    default:
      return plain('404 page not found\n', 404);
  }
}

const now = (proc: Process, started: number): string => {
  const at = proc.machine.clock.now();
  return `NOW: ${new Date(at).toISOString().replace('T', ' ').replace('Z', '')} +0000 UTC m=+${((at - started) / 1000).toFixed(9)}`;
};

async function shell(proc: Process, command: string): Promise<Response> {
  let [out, err] = ['', ''];
  const into = (add: (text: string) => void) => sink((bytes) => add(decoder.decode(bytes)));
  const child = proc.machine.start(['/bin/sh', '-c', command], {
    stdout: into((text) => (out += text)),
    stderr: into((text) => (err += text)),
    env: proc.env,
    uid: proc.uid,
    gid: proc.gid,
  });
  const { code } = await child.exited;
  const result = {
    ...(code === 0 ? {} : { error: `exit status ${code}` }),
    ...(out + err ? { output: out + err } : {}),
  };
  return plain(`${JSON.stringify(result)}\n`);
}

/** Asks `host:port` the request as many times as told; what came back and what failed, in JSON. */
async function dial(proc: Process, query: URLSearchParams): Promise<Response> {
  const host = query.get('host');
  const port = query.get('port');
  if (!host || !port) return plain('host and port parameters are required', 400);
  const protocol = query.get('protocol') ?? 'http';
  const [responses, errors]: [string[], string[]] = [[], []];
  for (let i = Number(query.get('tries') ?? 1); i > 0; i--) {
    try {
      const text = await ask(proc, protocol, host, Number(port), query.get('request') ?? 'hostname');
      if (text !== '') responses.push(text);
    } catch (error) {
      if (!(error instanceof Errno || error instanceof BadMessage)) throw error;
      errors.push(`${protocol} ${host}:${port}: ${error.message.toLowerCase()}`);
    }
  }
  const result = { ...(errors.length > 0 ? { errors } : {}), ...(responses.length > 0 ? { responses } : {}) };
  return plain(JSON.stringify(result));
}

async function ask(proc: Process, protocol: string, host: string, port: number, what: string): Promise<string> {
  const [address = ''] = await proc.resolve(host);
  if (protocol === 'udp') return askUdp(proc, address, port, what);
  const connection = await proc.connect(address, port, { timeoutMs: DIAL_TIMEOUT_MS });
  try {
    const request: Request = {
      method: 'GET',
      target: `/${what}`,
      version: 'HTTP/1.1',
      headers: [
        ['Host', `${host}:${port}`],
        ['Connection', 'close'],
      ],
      body: new Uint8Array(),
    };
    await connection.write(requestBytes(request), proc.killed);
    const { body } = await new MessageReader(connection, proc.killed).response('GET');
    return typeof body === 'string' ? body : decoder.decode(body);
  } finally {
    connection.close();
  }
}

async function askUdp(proc: Process, address: string, port: number, what: string): Promise<string> {
  const socket = proc.udp();
  const limit = new AbortController();
  const cancel = proc.machine.clock.after(DIAL_TIMEOUT_MS, () => limit.abort(new Errno('ETIMEDOUT')));
  try {
    socket.send(encoder.encode(what), address, port);
    const datagram = await socket.receive(AbortSignal.any([limit.signal, proc.killed]));
    return datagram ? decoder.decode(datagram.bytes) : '';
  } finally {
    cancel();
    socket.close();
  }
}
