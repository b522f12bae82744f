// netexec's /dial: asks another server as many times as told, and says in JSON what came back and what failed.
import { Errno, strerror } from '../../machine/errno';
import type { Process } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { plain } from '../http/go-server';
import { BadMessage, MessageReader, type Request, type Response, requestBytes } from '../http/message';
import { goJson, lookupError, overAssociation } from './go-net';

const TIMEOUT_MS = 5000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Dialer = (proc: Process, address: string, port: number, request: string) => Promise<string>;

export async function dial(proc: Process, query: URLSearchParams): Promise<Response> {
  const bad = (text: string) => plain(`${text}\n`, 400);
  const [host = '', port = '', request = ''] = ['host', 'port', 'request'].map((name) => query.get(name) ?? '');
  const protocol = query.get('protocol') ?? '';
  const tries = query.get('tries') || '1';
  if (!/^-?\d+$/.test(tries))
    return bad(`tries parameter is invalid. strconv.Atoi: parsing "${tries}": invalid syntax`);
  if (request === '') return bad('request parameter not specified. <nil>');
  const dialer = DIALERS[protocol.toLowerCase()];
  if (!dialer) return bad(`unsupported protocol. ${protocol}`);
  let address = '';
  try {
    [address = ''] = await proc.resolve(host.replace(/^\[|\]$/g, ''));
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    return bad(`host and/or port param are invalid. ${lookupError(proc, host, error)}`);
  }
  if (!/^\d{1,5}$/.test(port)) return bad(`host and/or port param are invalid. lookup tcp/${port}: unknown port`);
  const [responses, errors]: [string[], string[]] = [[], []];
  let last = '';
  for (let i = Number(tries); i > 0; i--) {
    last = '';
    try {
      last = await dialer(proc, address, Number(port), request);
      responses.push(last);
    } catch (error) {
      if (!(error instanceof Error) || proc.killed.aborted) throw error;
      errors.push(error.message);
    }
  }
  return plain(goJson({ ...(errors.length > 0 ? { errors } : {}), ...(last !== '' ? { responses } : {}) }));
}

const hostPort = (address: string, port: number) =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

async function http(proc: Process, address: string, port: number, request: string): Promise<string> {
  const at = hostPort(address, port);
  const asked = (problem: string) => new Error(`Get "http://${at}/${request}": ${problem}`);
  const limit = new AbortController();
  const cancel = proc.machine.clock.after(TIMEOUT_MS, () => limit.abort(new Errno('ETIMEDOUT')));
  const late = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  try {
    const connection = await proc.connect(address, port, { timeoutMs: TIMEOUT_MS }).catch((error: unknown) => {
      if (!(error instanceof Errno)) throw error;
      throw asked(error.code === 'ETIMEDOUT' ? late : `dial tcp ${at}: connect: ${strerror(error).toLowerCase()}`);
    });
    try {
      await connection.write(requestBytes(get(at, request)), proc.killed);
      const signal = AbortSignal.any([limit.signal, proc.killed]);
      const { body } = await new MessageReader(connection, signal).response('GET');
      return typeof body === 'string' ? body : decoder.decode(body);
    } finally {
      connection.close();
    }
  } catch (error) {
    if (error instanceof BadMessage) throw asked('EOF');
    if (!(error instanceof Errno)) throw error;
    throw asked(error.code === 'ETIMEDOUT' ? late : `read tcp ${at}: read: ${strerror(error).toLowerCase()}`);
  } finally {
    cancel();
  }
}

const get = (at: string, request: string): Request => ({
  method: 'GET',
  target: `/${request}`,
  version: 'HTTP/1.1',
  headers: [
    ['Host', at],
    ['User-Agent', 'Go-http-client/1.1'],
    ['Connection', 'close'],
  ],
  body: new Uint8Array(),
});

async function udp(proc: Process, address: string, port: number, request: string): Promise<string> {
  const socket = proc.udp();
  const limit = new AbortController();
  const cancel = proc.machine.clock.after(TIMEOUT_MS, () => limit.abort(new Errno('ETIMEDOUT')));
  try {
    socket.send(encoder.encode(request), address, port);
    const datagram = await socket.receive(AbortSignal.any([limit.signal, proc.killed]));
    return decoder.decode(datagram?.bytes ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const [own = ''] = proc.machine.net.addresses();
    const text = error.code === 'ETIMEDOUT' ? 'i/o timeout' : `read: ${strerror(error).toLowerCase()}`;
    throw new Error(
      `reading from udp connection failed. err:'read udp ${hostPort(own, socket.port)}->${hostPort(address, port)}: ${text}'`,
    );
  } finally {
    cancel();
    socket.close();
  }
}

async function sctp(proc: Process, address: string, port: number, request: string): Promise<string> {
  try {
    return await overAssociation(proc, address, port, request, TIMEOUT_MS);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new Error(`sctp dial failed. err:${strerror(error).toLowerCase()}`);
  }
}

const DIALERS: Record<string, Dialer> = { '': http, http, udp, sctp };
