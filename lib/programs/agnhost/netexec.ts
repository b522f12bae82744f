// `agnhost netexec`: answers over HTTP, UDP and SCTP, runs commands, asks others in turn (/dial).
import { sink } from '../../machine/descriptor';
import { Errno, strerror } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import type { Process } from '../../machine/process';
import { goServer, plain } from '../http/go-server';
import { header, type Request, type Response } from '../http/message';
import { type Handler, splitTarget } from '../http/serve';
import { dial } from './dial';
import type { Flags } from './flags';
import { acceptAll, duration, goJson, serveTls } from './go-net';
import { klog } from './klog';
import { upload } from './upload';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const netexec = (proc: Process, flags: Flags): Promise<number> => new Netexec(proc, flags).run();

class Netexec {
  private readonly started: number;
  /** Whether a UDP or SCTP server is up. */
  private ready = false;
  private exit: (code: number) => void = () => {};
  private readonly exited = new Promise<number>((resolve) => {
    this.exit = resolve;
  });

  constructor(
    private readonly proc: Process,
    private readonly flags: Flags,
  ) {
    this.started = proc.machine.clock.now();
  }

  async run(): Promise<number> {
    const { flags } = this;
    const port = flags.number('http-port', 8080);
    const udpPort = flags.number('udp-port', 8081);
    const sctpPort = flags.number('sctp-port', -1);
    await this.log(`Started HTTP server on port ${port}`);
    const servers = [this.http(port)];
    const addresses = (flags.get('udp-listen-addresses') ?? '').split(',');
    if (udpPort !== -1) servers.push(...[...new Set(addresses)].sort().map((address) => this.udp(address, udpPort)));
    if (sctpPort !== -1) servers.push(this.sctp(sctpPort));
    return Promise.race([this.exited, ...servers]);
  }

  private log(text: string): Promise<void> {
    return this.proc.complain(`${klog(this.proc)} log.go:245] ${text}\n`);
  }

  /** As Go's log.Fatalf. */
  private async fatal(detail: string, error: unknown): Promise<number> {
    if (!(error instanceof Errno)) throw error;
    await this.log(`Error occurred: ${detail}:${strerror(error).toLowerCase()}`);
    return 1;
  }

  private async http(port: number): Promise<number> {
    const { proc, flags } = this;
    const override = flags.get('http-override');
    const handler: Handler = (request, connection) =>
      this.answer(override ? { ...request, method: 'GET', target: override } : request, connection);
    const certificate = flags.get('tls-cert-file');
    if (!certificate) return goServer(proc, [port], handler);
    try {
      await serveTls(proc, port, { certificate, key: flags.get('tls-private-key-file') ?? '' }, handler);
      return 0;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await this.log(`open ${certificate}: ${strerror(error).toLowerCase()}`);
      return 1;
    }
  }

  private async udp(address: string, port: number): Promise<number> {
    const { proc } = this;
    try {
      const socket = proc.udp(port, address || '0.0.0.0');
      await this.log(`Started UDP server on port ${address} ${port}`);
      this.ready = true;
      for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed)) {
        const client = `${datagram.address}:${datagram.port}`;
        const reply = await this.obey('UDP', 'udp', decoder.decode(datagram.bytes), client);
        if (reply !== undefined) socket.send(encoder.encode(reply), datagram.address, datagram.port);
      }
      return 0;
    } catch (error) {
      return this.fatal(`failed to create listener for UDP address ${address}:${port}`, error);
    }
  }

  private async sctp(port: number): Promise<number> {
    const { proc } = this;
    try {
      const listener = proc.listen(port, '0.0.0.0', 'SCTP');
      await this.log('Started SCTP server');
      this.ready = true;
      await acceptAll(proc, listener, async (connection) => {
        const asked = await connection.read(undefined, proc.killed);
        const client = `${connection.remoteAddress}:${connection.remotePort}`;
        const reply = await this.obey('SCTP', 'SCTP', decoder.decode(asked ?? new Uint8Array()), client);
        if (reply !== undefined) await connection.write(encoder.encode(reply));
      });
      return 0;
    } catch (error) {
      return this.fatal(`failed to create listener for SCTP address :${port}`, error);
    }
  }

  /** The commands of the UDP and SCTP servers; undefined: no answer. */
  private async obey(protocol: string, word: string, text: string, client: string): Promise<string | undefined> {
    const command = text.trim().toLowerCase();
    if (command === 'hostname') {
      await this.log(`Sending ${word} hostName response`);
      return this.proc.machine.hostname;
    }
    if (command.startsWith('echo ')) {
      await this.log(`Echoing ${command.slice(5)} to ${protocol} client ${client}`);
      return command.slice(5);
    }
    if (command === 'clientip') {
      await this.log(`Sending clientip back to ${protocol} client ${client}`);
      return client;
    }
    if (command !== '') await this.log(`Unknown ${protocol} command received from ${client}: ${command}`);
    return undefined;
  }

  private async answer(request: Request, connection: Connection): Promise<Response> {
    const { proc } = this;
    const { path, query } = splitTarget(request.target);
    const given = (name: string) =>
      query.get(name) ?? new URLSearchParams(decoder.decode(request.body)).get(name) ?? '';
    await this.log(`GET ${logged(path, given)}`);
    switch (path) {
      case '/hostname':
      case '/hostName':
        return plain(proc.machine.hostname);
      case '/clientip':
        return plain(`${connection.remoteAddress}:${connection.remotePort}`);
      case '/serverport':
        return plain(String(connection.localPort));
      case '/echo':
        return echo(given('msg'), given('code'));
      case '/header':
        return plain(header(request, given('key')) ?? '');
      case '/healthz':
        return plain('', this.ready ? 200 : 412);
      case '/redirect':
        return redirect(request, given('location'), given('code'));
      case '/shell':
        return this.shell(given('shellCommand') || given('cmd'));
      case '/dial':
        return dial(proc, query);
      case '/upload':
        return upload(proc, request);
      case '/exit':
        return this.leave(given('code'), given('timeout'), given('wait'));
      case '/shutdown':
        this.exit(0);
        return plain('');
      default:
        return plain(this.now());
    }
  }

  private now(): string {
    const at = this.proc.machine.clock.now();
    const time = new Date(at).toISOString().replace('T', ' ').replace('Z', '000000');
    return `NOW: ${time} +0000 UTC m=+${((at - this.started) / 1000).toFixed(9)}`;
  }

  private async shell(command: string): Promise<Response> {
    const { proc } = this;
    let output = '';
    const both = sink((bytes) => {
      output += decoder.decode(bytes);
    });
    const { env, uid, gid } = proc;
    const child = proc.machine.start(['/bin/sh', '-c', command], { stdout: both, stderr: both, env, uid, gid });
    const { code, signal } = await child.exited;
    const error =
      code === 0 ? {} : { error: signal ? `signal: ${GO_SIGNALS[signal] ?? signal}` : `exit status ${code}` };
    const result = { ...error, ...(output ? { output } : {}) };
    await this.log(
      `Output: map[${Object.entries(result)
        .map(([key, value]) => `${key}:${value}`)
        .join(' ')}]`,
    );
    return plain(goJson(result));
  }

  private async leave(codeText: string, timeoutText: string, waitText: string): Promise<Response> {
    const [timeout, wait] = [timeoutText, waitText].map((text) => (text === '' ? 0 : duration(text)));
    const wrong = (name: string, kind: string, text: string) =>
      plain(`argument '${name}' must be ${kind} or empty, got ${JSON.stringify(text)}\n`);
    if (timeout === undefined) return wrong('timeout', 'a valid golang duration', timeoutText);
    if (wait === undefined) return wrong('wait', 'a valid golang duration', waitText);
    if (codeText !== '' && !/^[-+]?\d+$/.test(codeText)) return wrong('code', 'an integer [0-127]', codeText);
    const code = Number(codeText);
    await this.log(
      `Will begin shutdown in ${waitText || '0s'}, allowing ${timeoutText || '0s'} for connections to close, then will exit with ${code}`,
    );
    await this.proc.sleep(wait);
    if (timeout > 0) await this.log('Graceful shutdown completed with: <nil>');
    this.exit(code);
    return plain('');
  }
}

const GO_SIGNALS: Record<string, string> = { SIGKILL: 'killed', SIGTERM: 'terminated', SIGINT: 'interrupt' };

const LOGGED: Record<string, readonly string[]> = {
  '/echo': ['msg', 'code'],
  '/exit': ['code', 'timeout', 'wait'],
  '/dial': ['host', 'protocol', 'port', 'request', 'tries'],
};
const PLAIN_PATHS = [
  '/hostname',
  '/hostName',
  '/clientip',
  '/serverport',
  '/header',
  '/healthz',
  '/upload',
  '/shutdown',
];

/** A request as the log names it: the handler's own words, not the client's. */
function logged(path: string, given: (name: string) => string): string {
  if (path === '/shell') return `/shell?cmd=${given('shellCommand') || given('cmd')}`;
  const names = LOGGED[path];
  if (names) return `${path}?${names.map((name) => `${name}=${given(name)}`).join('&')}`;
  if (path === '/redirect') return `/redirect?msg=${given('location')}&code=${given('code')}`;
  return PLAIN_PATHS.includes(path) ? path : '/';
}

function echo(message: string, code: string): Response {
  if (code === '') return plain(message);
  if (!/^\d{3}$/.test(code)) return plain(`argument 'code' must be an integer or empty, got ${JSON.stringify(code)}\n`);
  return plain(message, Number(code));
}

function redirect({ method }: Request, location: string, code: string): Response {
  const status = code === '' ? 302 : Number(code);
  const text: Record<number, string> = {
    301: 'Moved Permanently',
    302: 'Found',
    303: 'See Other',
    307: 'Temporary Redirect',
    308: 'Permanent Redirect',
  };
  const to = location.startsWith('/') || /^\w+:/.test(location) ? location : `/${location}`;
  const body = method === 'GET' ? `<a href="${to}">${text[status] ?? ''}</a>.\n\n` : '';
  return {
    status,
    headers: [
      ['Content-Type', 'text/html; charset=utf-8'],
      ['Location', to],
    ],
    body,
  };
}
