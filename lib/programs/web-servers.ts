// Small servers that demonstration images are made of. Each answers as the original does.
import { Errno, strerror } from '../machine/errno';
import type { Connection, Listener } from '../machine/net';
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { header, httpDate, type Request, type Response } from './http/message';
import { type Handler, serveHttp, splitTarget } from './http/serve';

const plain = (body: string, status = 200): Response => ({
  status,
  headers: [['Content-Type', 'text/plain; charset=utf-8']],
  body,
});

/** Listens on ports and serves until a signal; a port that is taken ends it with Go's words. */
async function goServer(proc: Process, ports: number[], handler: Handler): Promise<number> {
  const listeners: Listener[] = [];
  for (const port of ports) {
    try {
      listeners.push(proc.listen(port));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await proc.complain(`panic: ListenAndServe: listen tcp :${port}: bind: ${strerror(error).toLowerCase()}\n`);
      return 2;
    }
  }
  const dated: Handler = async (request, connection) => {
    const response = await handler(request, connection);
    return { ...response, headers: [['Date', httpDate(proc.machine.clock.now())], ...response.headers] };
  };
  let status = 0;
  proc.on('SIGTERM', () => {
    status = 143;
    for (const listener of listeners) listener.close();
  });
  proc.on('SIGINT', () => {
    status = 130;
    for (const listener of listeners) listener.close();
  });
  await Promise.all(listeners.map((listener) => serveHttp(proc, listener, dated)));
  return status;
}

/** openshift/hello-openshift. */
export const helloOpenshift: Program = async (proc) => {
  const ports = [Number(proc.env['PORT'] || 8080), Number(proc.env['SECOND_PORT'] || 8888)];
  for (const port of ports) await proc.complain(`serving on ${port}\n`);
  return goServer(proc, ports, async () => {
    await proc.print('Servicing request.\n');
    return plain(`${proc.env['RESPONSE'] || 'Hello OpenShift!'}\n`);
  });
};

/** google-samples/hello-app. */
const helloApp =
  (version: string): Program =>
  async (proc) => {
    const port = Number(proc.env['PORT'] || 8080);
    await proc.complain(`${goTime(proc)} Server listening on port ${port}\n`);
    return goServer(proc, [port], async (request) => {
      await proc.complain(`${goTime(proc)} Serving request: ${splitTarget(request.target).path}\n`);
      return plain(`Hello, world!\nVersion: ${version}\nHostname: ${proc.machine.hostname}\n`);
    });
  };
export const helloApp1 = helloApp('1.0.0');
export const helloApp2 = helloApp('2.0.0');

const goTime = (proc: Process): string =>
  new Date(proc.machine.clock.now()).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');

/** hashicorp/http-echo. */
export const httpEcho: Program = async (proc) => {
  const args = proc.argv.slice(1).map((word) => word.replace(/^--/, '-'));
  const value = (name: string) => {
    const at = args.findIndex((word) => word === `-${name}` || word.startsWith(`-${name}=`));
    if (at < 0) return undefined;
    return args[at]?.includes('=') ? args[at]?.slice(name.length + 2) : args[at + 1];
  };
  const text = value('text') ?? proc.env['ECHO_TEXT'];
  if (text === undefined) {
    await proc.complain('Missing -text option!\n');
    return 127;
  }
  const listen = value('listen') ?? ':5678';
  const port = Number(listen.slice(listen.lastIndexOf(':') + 1));
  await proc.complain(`${goTime(proc)} [INFO] server is listening on ${listen}\n`);
  const status = Number(value('status-code') ?? 200);
  return goServer(proc, [port], async (request, connection) => {
    await proc.print(
      `${goTime(proc)} ${header(request, 'host') ?? ''} ${connection.remoteAddress}:${connection.remotePort} "${request.method} ${request.target} ${request.version}" ${status} ${text.length + 1} "${header(request, 'user-agent') ?? ''}"\n`,
    );
    const response = plain(`${text}\n`, status);
    return { ...response, headers: [['X-App-Name', 'http-echo'], ['X-App-Version', '1.0.0'], ...response.headers] };
  });
};

/** traefik/whoami. */
export const traefikWhoami: Program = async (proc) => {
  const options = getopt(proc.argv, 'p:n:', { 'port=': 'p', 'name=': 'n', verbose: 'v' });
  const port = Number(options.get('p') ?? proc.env['WHOAMI_PORT_NUMBER'] ?? 80);
  await proc.complain(`${goTime(proc)} Starting up on port ${port}\n`);
  return goServer(proc, [port], (request, connection) => {
    const { path, query } = splitTarget(request.target);
    if (path === '/health') return plain('');
    const name = options.get('n') ?? proc.env['WHOAMI_NAME'];
    const addresses = ['127.0.0.1', '::1', ...proc.machine.net.addresses()];
    const lines = [
      ...(name ? [`Name: ${name}`] : []),
      `Hostname: ${proc.machine.hostname}`,
      ...addresses.map((address) => `IP: ${address}`),
      `RemoteAddr: ${connection.remoteAddress}:${connection.remotePort}`,
      `${request.method} ${request.target} ${request.version}`,
      `Host: ${header(request, 'host') ?? ''}`,
      ...sortedHeaders(request),
      ...(query.has('env') ? Object.entries(proc.env).map(([key, value]) => `${key}=${value}`) : []),
    ];
    return plain(`${lines.join('\n')}\n\n`);
  });
};

const sortedHeaders = (request: Request): string[] =>
  request.headers
    .filter(([name]) => name.toLowerCase() !== 'host')
    .map(([name, value]) => `${name}: ${value}`)
    .sort();

/** registry.k8s.io/echoserver 1.x: an nginx that says what it was asked. */
export const echoserver: Program = async (proc) => {
  await proc.print('Generating self-signed cert\n');
  return goServer(proc, [8080], (request, connection) => {
    const host = header(request, 'host') ?? '';
    const body = new TextDecoder().decode(request.body);
    const text = `\n\nHostname: ${proc.machine.hostname}\n\nPod Information:\n\t-no pod information available-\n\nServer values:\n\tserver_version=nginx: 1.13.3 - lua: 10008\n\nRequest Information:\n\tclient_address=${connection.remoteAddress}\n\tmethod=${request.method}\n\treal path=${request.target}\n\tquery=${splitTarget(request.target).query}\n\trequest_version=1.1\n\trequest_scheme=http\n\trequest_uri=http://${host.replace(/:\d+$/, '')}:8080${request.target}\n\nRequest Headers:\n${request.headers
      .map(([name, value]) => `\t${name.toLowerCase()}=${value}`)
      .sort()
      .join('\n')}\n\nRequest Body:\n${body || '\t-no body in request-'}\n\n`;
    return plain(text);
  });
};

/** Kubernetes' test image: netexec, serve-hostname, connect, pause. */
export const agnhost: Program = async (proc) => {
  const [command = '', ...rest] = proc.argv.slice(1);
  const flag = (name: string) => {
    const at = rest.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
    if (at < 0) return undefined;
    return rest[at]?.includes('=') ? rest[at]?.slice(name.length + 3) : rest[at + 1];
  };
  switch (command) {
    case 'netexec':
      return netexec(proc, Number(flag('http-port') ?? 8080), Number(flag('udp-port') ?? 8081));
    case 'serve-hostname': {
      const port = Number(flag('port') ?? 9376);
      await proc.complain(`${klog(proc)} serve_hostname.go:115] Serving on port ${port}.\n`);
      return goServer(proc, [port], () => plain(proc.machine.hostname));
    }
    case 'connect':
      return connect(proc, rest, flag('timeout'), flag('protocol'));
    case 'pause':
      await proc.print('Paused\n');
      return waitForSignal(proc);
    case '':
    case '--help':
      await proc.print(
        'Usage:\n  app [command]\n\nAvailable Commands:\n  connect                         Attempts a TCP, UDP or SCTP connection and returns useful errors\n  netexec                         Creates HTTP(S), UDP, and (optionally) SCTP servers with various endpoints\n  pause                           Pauses the execution\n  serve-hostname                  Serves the hostname\n',
      );
      return 0;
    default:
      await proc.complain(`Error: unknown command "${command}" for "app"\nRun 'app --help' for usage.\n`);
      return 1;
  }
};

function klog(proc: Process): string {
  const iso = new Date(proc.machine.clock.now()).toISOString();
  return `I${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000 ${String(proc.pid).padStart(7)}`;
}

function waitForSignal(proc: Process): Promise<number> {
  return new Promise((resolve) => {
    proc.on('SIGTERM', () => resolve(0));
    proc.on('SIGINT', () => resolve(0));
  });
}

async function connect(
  proc: Process,
  rest: string[],
  timeout: string | undefined,
  protocol: string | undefined,
): Promise<number> {
  const target = rest.find((word, i) => !word.startsWith('-') && !rest[i - 1]?.startsWith('--')) ?? '';
  const at = target.lastIndexOf(':');
  const ms = Number.parseFloat(timeout ?? '0') * (timeout?.endsWith('ms') ? 1 : 1000);
  try {
    if (protocol === 'udp') return await connectUdp(proc, target, ms);
    const [address = ''] = await proc.resolve(target.slice(0, at));
    const connection = await proc.connect(address, Number(target.slice(at + 1)), ms > 0 ? { timeoutMs: ms } : {});
    connection.close();
    return 0;
  } catch (error) {
    const code = error instanceof Errno ? error.code : 'EAI';
    const words: Record<string, string> = { ECONNREFUSED: 'REFUSED', ETIMEDOUT: 'TIMEOUT', EAI: 'DNS: ' };
    await proc.complain(
      `${words[code] ?? 'OTHER: '}${words[code]?.endsWith(' ') || !words[code] ? (error as Error).message : ''}\n`,
    );
    return 1;
  }
}

async function connectUdp(proc: Process, target: string, ms: number): Promise<number> {
  const at = target.lastIndexOf(':');
  const [address = ''] = await proc.resolve(target.slice(0, at));
  const socket = proc.udp();
  socket.send(new TextEncoder().encode('hostname\n'), address, Number(target.slice(at + 1)));
  const limit = new AbortController();
  const cancel = proc.machine.clock.after(ms || 1000, () => limit.abort(new Errno('ETIMEDOUT')));
  try {
    await socket.receive(AbortSignal.any([limit.signal, proc.killed]));
    return 0;
  } finally {
    cancel();
    socket.close();
  }
}

async function netexec(proc: Process, httpPort: number, udpPort: number): Promise<number> {
  if (udpPort > 0) void netexecUdp(proc, udpPort).catch(() => {});
  await proc.complain(`${klog(proc)} log.go:245] Started HTTP server on port ${httpPort}\n`);
  if (udpPort > 0) await proc.complain(`${klog(proc)} log.go:245] Started UDP server on port  ${udpPort}\n`);
  return goServer(proc, [httpPort], (request, connection) => netexecAnswer(proc, request, connection));
}

async function netexecUdp(proc: Process, port: number): Promise<void> {
  const socket = proc.udp(port);
  for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed)) {
    const [command = '', ...args] = new TextDecoder().decode(datagram.bytes).trim().split(' ');
    const reply = /^hostname$/i.test(command)
      ? proc.machine.hostname
      : /^echo$/i.test(command)
        ? args.join(' ')
        : /^clientip$/i.test(command)
          ? `${datagram.address}:${datagram.port}`
          : '';
    if (reply) socket.send(new TextEncoder().encode(reply), datagram.address, datagram.port);
  }
}

function netexecAnswer(proc: Process, request: Request, connection: Connection): Response {
  const { path, query } = splitTarget(request.target);
  switch (path.toLowerCase()) {
    case '/':
      return plain(
        `NOW: ${new Date(proc.machine.clock.now()).toISOString().replace('T', ' ').slice(0, 23)} +0000 UTC m=+1.0`,
      );
    case '/hostname':
      return plain(proc.machine.hostname);
    case '/clientip':
      return plain(`${connection.remoteAddress}:${connection.remotePort}`);
    case '/echo':
      return plain(query.get('msg') ?? '', Number(query.get('code') ?? 200));
    case '/header':
      return plain(header(request, query.get('key') ?? '') ?? '');
    case '/healthz':
      return plain('');
    default:
      return plain('404 page not found\n', 404);
  }
}
