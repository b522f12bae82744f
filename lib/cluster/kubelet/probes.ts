// Probes and lifecycle hooks: one call of a handler against a container, and the loop that a probe is. pkg/kubelet/prober.
import { nullDevice, sink } from '../../machine/descriptor';
import { toDuplex } from '../../machine/duplex';
import { Errno } from '../../machine/errno';
import { toBytes, toText } from '../../machine/fs';
import type { Machine } from '../../machine/machine';
import { ConnectError, type Connection, type NetStack } from '../../machine/net';
import { TlsError, tlsConnect } from '../../machine/tls';
import { checkHealth } from '../../programs/grpc/health';
import type { Clock } from '../../sim/clock';
import type { Container, Handler, Probe } from '../kinds';

export interface ProbeResult {
  ok: boolean;
  output: string;
}

/** What a handler is called on. */
export interface ProbeTarget {
  container: Container;
  machine: Machine;
  env: Record<string, string>;
  user: { uid: number; gid: number };
  cwd: string;
  address: string;
  /** The node's network: where the kubelet's own connections start. */
  node: NetStack;
}

const MAX_OUTPUT = 10 * 1024; // maxRespBodyLength, and exec's limit

/** Calls a handler once. */
export async function callHandler(target: ProbeTarget, handler: Handler, timeoutMs: number): Promise<ProbeResult> {
  if (handler.exec) return runCommand(target, handler.exec.command, timeoutMs);
  if (handler.httpGet) return httpGet(target, handler.httpGet, timeoutMs);
  if (handler.tcpSocket) return tcpSocket(target, handler.tcpSocket, timeoutMs);
  if (handler.sleep) {
    await target.machine.clock.sleep(handler.sleep.seconds * 1000);
    return { ok: true, output: '' };
  }
  if (handler.grpc) return grpc(target, handler.grpc, timeoutMs);
  return { ok: false, output: 'no handler' };
}

async function runCommand(target: ProbeTarget, command: string[], timeoutMs: number): Promise<ProbeResult> {
  const { machine, env, user, cwd } = target;
  let output = '';
  const collect = sink((bytes) => {
    if (output.length < MAX_OUTPUT) output += toText(bytes);
  });
  try {
    const proc = machine.start(command, { env, cwd, ...user, stdin: nullDevice(), stdout: collect, stderr: collect });
    const cancel = machine.clock.after(timeoutMs, () => proc.signal('SIGKILL'));
    const { code, signal } = await proc.exited;
    cancel();
    if (signal === 'SIGKILL') return { ok: false, output: 'command timed out' };
    return { ok: code === 0, output };
  } catch (error) {
    if (error instanceof Errno) return { ok: false, output: `executable file \`${command[0]}\` not found in $PATH` };
    throw error;
  }
}

function portNumber(container: Container, port: number | string): number {
  if (typeof port === 'number') return port;
  return container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
}

async function open(
  target: ProbeTarget,
  host: string | undefined,
  port: number,
  timeoutMs: number,
): Promise<Connection | string> {
  const address = host || target.address;
  const signal = AbortSignal.any([]);
  try {
    const local = address === '127.0.0.1' || address === 'localhost';
    return await target.node.connect(local ? '127.0.0.1' : address, port, { timeoutMs, signal });
  } catch (error) {
    const where = `dial tcp ${address.includes(':') ? `[${address}]` : address}:${port}`;
    if (!(error instanceof ConnectError)) throw error;
    if (error.code === 'ETIMEDOUT') return `${where}: i/o timeout`;
    return `${where}: connect: ${error.code === 'ECONNREFUSED' ? 'connection refused' : 'no route to host'}`;
  }
}

async function tcpSocket(
  target: ProbeTarget,
  { port, host }: NonNullable<Handler['tcpSocket']>,
  timeoutMs: number,
): Promise<ProbeResult> {
  const connection = await open(target, host, portNumber(target.container, port), timeoutMs);
  if (typeof connection === 'string') return { ok: false, output: connection };
  connection.close();
  return { ok: true, output: '' };
}

async function grpc(
  target: ProbeTarget,
  { port, service = '' }: NonNullable<Handler['grpc']>,
  timeoutMs: number,
): Promise<ProbeResult> {
  const authority = `${target.address}:${port}`;
  const connection = await open(target, undefined, port, timeoutMs);
  const late = `timeout: failed to connect service "${authority}" within ${timeoutMs / 1000}s: context deadline exceeded`;
  if (typeof connection === 'string') return { ok: false, output: late };
  const cancel = target.machine.clock.after(timeoutMs, () => connection.close());
  try {
    const status = await checkHealth(toDuplex(connection), authority, service);
    if (status === 'SERVING') return { ok: true, output: '' };
    return { ok: false, output: `service unhealthy (responded with "${status}")` };
  } catch (error) {
    const { message } = error as Error;
    return { ok: false, output: /health protocol|rpc error/.test(message) ? `error: ${message}` : late };
  } finally {
    cancel();
    connection.close();
  }
}

async function httpGet(
  target: ProbeTarget,
  get: NonNullable<Handler['httpGet']>,
  timeoutMs: number,
): Promise<ProbeResult> {
  const port = portNumber(target.container, get.port);
  const host = get.host || target.address;
  const path = `/${(get.path ?? '').replace(/^\//, '')}`;
  const url = `${(get.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${path}`;
  const connection = await open(target, get.host, port, timeoutMs);
  if (typeof connection === 'string') return { ok: false, output: `Get "${url}": ${connection}` };
  const timeout = target.machine.clock.after(timeoutMs, () => connection.close());
  try {
    if (get.scheme === 'HTTPS') await tlsConnect(connection, host); // whatever certificate: pkg/probe/http
    const headers = (get.httpHeaders ?? []).map(({ name, value }) => `${name}: ${value}\r\n`).join('');
    await connection.write(
      toBytes(
        `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUser-Agent: kube-probe/1.31\r\nAccept: */*\r\n${headers}Connection: close\r\n\r\n`,
      ),
    );
    const status = await statusCode(connection);
    if (status === undefined) return { ok: false, output: `Get "${url}": EOF` };
    const ok = status >= 200 && status < 400;
    return { ok, output: ok ? '' : `HTTP probe failed with statuscode: ${status}` };
  } catch (error) {
    if (error instanceof TlsError) {
      const reason = error.message === 'EOF' ? 'EOF' : 'http: server gave HTTP response to HTTPS client';
      return { ok: false, output: `Get "${url}": ${reason}` };
    }
    return {
      ok: false,
      output: `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    };
  } finally {
    timeout();
    connection.close();
  }
}

async function statusCode(connection: Connection): Promise<number | undefined> {
  let text = '';
  while (!text.includes('\r\n')) {
    const chunk = await connection.read();
    if (!chunk) break;
    text += toText(chunk);
  }
  const match = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(text);
  return match ? Number(match[1]) : undefined;
}

/**
 * Runs a probe until the signal aborts. `report` is told when the verdict changes (after as many equal results as its
 * threshold says); `onFailure` of every single failure, for the event.
 */
export async function probeLoop(
  clock: Clock,
  probe: Probe,
  call: () => Promise<ProbeResult>,
  report: (ok: boolean) => void,
  onFailure: (output: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { initialDelaySeconds = 0, periodSeconds = 10, successThreshold = 1, failureThreshold = 3 } = probe;
  let streak = { ok: true, length: 0 };
  await clock.sleep(initialDelaySeconds * 1000, signal);
  while (true) {
    const { ok, output } = await call();
    if (signal.aborted) return;
    streak = { ok, length: streak.ok === ok ? streak.length + 1 : 1 };
    if (!ok) onFailure(output);
    if (streak.length >= (ok ? successThreshold : failureThreshold)) report(ok);
    if (signal.aborted) return;
    await clock.sleep(periodSeconds * 1000, signal);
  }
}
