// openshift-router: serves the routes that its ingress controller admitted, on HTTP and TLS, as HAProxy does for it.
import { Errno, strerror } from '../../machine/errno';
import type { Connection, Listener } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { answerHello, type Certificate, fromPem, readClientHello, TlsError } from '../../machine/tls';
import { admittedBy, decidePassthrough, passthroughRoute, Turns } from '../../network/routes';
import { plain } from '../http/go-server';
import { BadMessage, MessageReader, type Response } from '../http/message';
import { serveHttp } from '../http/serve';
import { AccessLog, backendName, Counted, type Entry, NO_SERVER, serverName } from './access-log';
import { RouterConfiguration } from './configuration';
import { BAD_REQUEST } from './pages';
import { answer, type Router } from './proxy';

const CONFIGURATION = '/var/lib/haproxy/conf';
const DEFAULT_CERTIFICATE = '/etc/pki/tls/private/tls.crt';

export const openshiftRouter: Program = async (proc) => {
  const router: Router = {
    proc,
    admits: admittedBy(proc.env['ROUTER_SERVICE_NAME'] ?? 'default'),
    turns: new Turns(),
    log: AccessLog.of(proc),
  };
  const port = (name: string, otherwise: number) => Number(proc.env[name] ?? otherwise);
  const ports = { http: port('ROUTER_SERVICE_HTTP_PORT', 80), https: port('ROUTER_SERVICE_HTTPS_PORT', 443) };
  const listeners: Listener[] = [];
  try {
    for (const each of [ports.http, ports.https, port('STATS_PORT', 1936)]) listeners.push(proc.listen(each));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await proc.complain(
      `[ALERT]    (${proc.pid}) : Starting frontend public: cannot bind socket (${strerror(error)})\n`,
    );
    return 1;
  }
  const [http, https, stats] = listeners as [Listener, Listener, Listener];
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    proc.on(signal, () => {
      for (const listener of listeners) listener.close();
    });
  const { clock, mounts } = proc.machine;
  mounts.mount(CONFIGURATION, new RouterConfiguration(router, () => clock.now()));
  await log(proc, 'template.go:560', '"msg"="starting router" "logger"="router"');
  await log(proc, 'router.go:669', '"msg"="router reloaded" "logger"="template"');
  await Promise.all([
    serveAll(proc, http, (connection) =>
      serveRequests(router, connection, { port: ports.http, tls: false, frontend: 'public' }),
    ),
    serveAll(proc, https, (connection) => serveTls(router, connection, ports.https)),
    serveHttp(proc, stats, ({ target }) => health(target)),
  ]);
  return 0;
};

/** A line as klog writes it. */
function log(proc: Process, where: string, text: string): Promise<void> {
  const time = new Date(proc.machine.clock.now()).toISOString();
  return proc.complain(`I${time.slice(5, 10).replace('-', '')} ${time.slice(11, 23)}000       1 ${where}] ${text}\n`);
}

function health(target: string): Response {
  const [path = ''] = target.split('?');
  if (['/healthz', '/healthz/ready', '/livez', '/readyz'].includes(path)) return plain('ok\n');
  return path === '/metrics' ? plain('Unauthorized\n', 401) : plain('404 page not found\n', 404);
}

async function serveAll(
  proc: Process,
  listener: Listener,
  serve: (connection: Connection) => Promise<void>,
): Promise<void> {
  for (let each = await listener.accept(proc.killed); each; each = await listener.accept(proc.killed)) {
    const connection = each;
    void serve(connection)
      .catch((error: unknown) => {
        const gone =
          proc.killed.aborted ||
          error instanceof Errno ||
          error instanceof TlsError ||
          (error as { code?: string }).code === 'EPIPE';
        if (!gone) proc.machine.reportBug(error);
      })
      .finally(() => connection.close());
  }
}

interface Frontend {
  port: number;
  tls: boolean;
  frontend: string;
}

async function serveRequests(router: Router, connection: Connection, { port, tls, frontend }: Frontend): Promise<void> {
  const { killed } = router.proc;
  const leave = router.log?.enter('', frontend);
  const client = new Counted(connection);
  const reader = new MessageReader(client, killed);
  try {
    for (let first = true; ; first = false) {
      const request = await reader.request().catch((error: unknown) => {
        if (error instanceof BadMessage) return BAD_REQUEST;
        throw error;
      });
      const entry = begun(router, connection, frontend);
      client.bytes = 0;
      if (request === null) {
        Object.assign(entry, { status: 400, state: 'CR' });
        if (first) router.log?.empty(entry);
        return;
      }
      if (typeof request === 'string') {
        Object.assign(entry, { status: 400, state: 'PR', bytes: request.length });
        router.log?.http(entry);
        return client.write(new TextEncoder().encode(request), killed);
      }
      entry.request = request;
      const reply = await answer(router, { request, client: connection.remoteAddress, port, tls, entry });
      const { bytes, close, carry } = reply;
      const done = router.log?.enter(`/${entry.backend}`, `/${entry.backend}/${entry.server}`);
      try {
        if (bytes) await client.write(bytes, killed);
        if (carry) await carry(client, reader.take());
      } catch (error) {
        entry.state = 'CD';
        throw error;
      } finally {
        done?.();
        entry.bytes = client.bytes;
        router.log?.http(entry);
      }
      if (close) return connection.end();
    }
  } finally {
    leave?.();
  }
}

/** What the log knows of a request or connection that begins. */
const begun = ({ proc }: Router, { remoteAddress, remotePort }: Connection, frontend: string): Entry => ({
  frontend,
  client: remoteAddress,
  port: remotePort,
  start: proc.machine.clock.now(),
  backend: frontend,
  server: NO_SERVER,
  status: -1,
  bytes: 0,
  retries: 0,
  state: '--',
  cookies: '--',
});

/** By the name in the greeting: passed on as it is, or answered here with the route's certificate or the default one. */
async function serveTls(router: Router, connection: Connection, port: number): Promise<void> {
  const { proc, log: accessLog } = router;
  const client = new Counted(connection);
  const entry = begun(router, connection, 'public_ssl');
  const leave = accessLog?.enter('', entry.frontend);
  try {
    await passOrServe(router, client, port, entry);
  } catch (error) {
    if (!proc.killed.aborted && entry.state === '--') entry.state = 'CD';
    throw error;
  } finally {
    leave?.();
    entry.bytes = client.bytes;
    if (entry.tried === undefined) accessLog?.empty(entry);
    else accessLog?.tcp(entry);
  }
}

async function passOrServe(router: Router, client: Connection, port: number, entry: Entry): Promise<void> {
  const { proc, admits, turns } = router;
  const { network } = proc.machine.net.fabric;
  const { servername, bytes } = await readClientHello(client);
  const passing = passthroughRoute(network, servername, admits);
  entry.tried = proc.machine.clock.now();
  if (passing) {
    const decision = decidePassthrough(network, passing, client.remoteAddress, turns);
    entry.backend = backendName(passing);
    if (decision.kind !== 'forward') {
      entry.state = decision.kind === 'rejected' ? 'PR' : 'SC';
      return undefined;
    }
    entry.server = serverName(decision);
    return tunnel(proc, client, decision.backend, bytes, entry);
  }
  const kind = servername ? 'sni' : 'no_sni';
  Object.assign(entry, { backend: `be_${kind}`, server: `fe_${kind}`, connected: entry.tried });
  const certificate = certificateFor(router, servername);
  if (!certificate) return undefined;
  await answerHello(client, certificate);
  return serveRequests(router, client, { port, tls: true, frontend: `fe_${kind}~` });
}

function certificateFor({ proc, admits }: Router, servername: string): Certificate | undefined {
  const route = proc.machine.net.fabric.network.routes.find(
    servername,
    '/',
    (each) => admits(each) && Boolean(each.spec?.tls?.certificate),
  );
  const [own] = fromPem(route?.spec?.tls?.certificate ?? '');
  return own ?? fromPem(proc.machine.text(DEFAULT_CERTIFICATE) ?? '')[0];
}

/** Carries the bytes of a connection that the router does not look into, both ways until both have ended. */
async function tunnel(
  proc: Process,
  client: Connection,
  { address, port }: { address: string; port: number },
  greeting: Uint8Array,
  entry: Entry,
): Promise<void> {
  const server = await proc.machine.net
    .connect(address, port, { signal: proc.killed, timeoutMs: 5000 })
    .catch((error: unknown) => {
      entry.state = 'SC';
      throw error;
    });
  entry.connected = proc.machine.clock.now();
  try {
    await server.write(greeting, proc.killed);
    await Promise.all([pump(proc, client, server), pump(proc, server, client)]);
  } finally {
    server.close();
  }
}

async function pump(proc: Process, from: Connection, to: Connection): Promise<void> {
  for (let chunk = await from.read(65_536, proc.killed); chunk; chunk = await from.read(65_536, proc.killed))
    await to.write(chunk, proc.killed);
  to.end();
}
