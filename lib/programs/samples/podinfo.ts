// stefanprodan/podinfo: a small web service that tells about itself. Source of paths: github.com/stefanprodan/podinfo, pkg/api/http.

import type { Process, Program } from '../../machine/process';
import { Flags } from '../agnhost/flags';
import { goServer, plain } from '../http/go-server';
import { header, type Request, type Response } from '../http/message';
import { beside, splitTarget } from '../http/serve';
import { releaseOf } from '../release';
import { bodyText, html, json } from './answers';

const REVISION = 'unknown';
const SHUTDOWN_MS = 3000; // for readiness to be noticed, as the original waits

interface Settings {
  hostname: string;
  version: string;
  color: string;
  message: string;
  logo: string;
}

/** Its probes can be turned off and on. */
interface Health {
  healthy: boolean;
  ready: boolean;
}

export const podinfo: Program = async (proc) => {
  const flags = new Flags(proc.argv.slice(1));
  const setting = (name: string, otherwise: string) =>
    flags.get(name) ?? proc.env[`PODINFO_${name.toUpperCase().replaceAll('-', '_')}`] ?? otherwise;
  const version = releaseOf(proc, '6.9.0');
  const settings: Settings = {
    hostname: proc.machine.hostname,
    version,
    color: setting('ui-color', '#34577c'),
    message: setting('ui-message', `greetings from podinfo v${version}`),
    logo: setting('ui-logo', 'https://raw.githubusercontent.com/stefanprodan/podinfo/gh-pages/cuddle_clap.gif'),
  };
  const port = Number(setting('port', '9898'));
  const metrics = Number(setting('port-metrics', '0'));
  const log = (caller: string, msg: string, more: object = {}) =>
    proc.complain(
      `${JSON.stringify({ level: 'info', ts: new Date(proc.machine.clock.now()).toISOString(), caller, msg, ...more })}\n`,
    );
  await log('podinfo/main.go:153', 'Starting podinfo', { version, revision: REVISION, port: String(port) });
  await log('http/server.go:224', 'Starting HTTP Server.', { addr: `:${port}` });
  const health: Health = { healthy: !flags.has('unhealthy'), ready: !flags.has('unready') };
  const requests = new Map<number, number>();
  const scrape = () => plain(counted(requests));
  if (metrics > 0)
    beside(
      proc,
      goServer(proc, [metrics], () => scrape()),
    );
  const status = await goServer(proc, [port], async (request) => {
    const { path } = splitTarget(request.target);
    const response = path === '/metrics' ? scrape() : await answer(proc, settings, health, request);
    requests.set(response.status, (requests.get(response.status) ?? 0) + 1);
    return { ...response, headers: [...response.headers, ['X-Content-Type-Options', 'nosniff']] };
  });
  await log('signals/shutdown.go:46', 'Shutting down HTTP/HTTPS server', { timeout: 5 });
  await proc.sleep(SHUTDOWN_MS);
  return status === 143 || status === 130 ? 0 : status;
};

const pretty = (value: unknown, status = 200) => {
  const response = json(value, status, 2);
  return { ...response, body: (response.body as string).replace(/\n$/, '') };
};

const counted = (requests: ReadonlyMap<number, number>): string =>
  `# HELP http_requests_total The total number of HTTP requests.\n# TYPE http_requests_total counter\n${[...requests].map(([code, count]) => `http_requests_total{status="${code}"} ${count}\n`).join('')}`;

async function answer(proc: Process, settings: Settings, health: Health, request: Request): Promise<Response> {
  const { path } = splitTarget(request.target);
  const { method } = request;
  const { version } = settings;
  switch (path) {
    case '/':
      return /^Mozilla/.test(header(request, 'user-agent') ?? '') ? page(settings) : pretty(info(settings));
    case '/api/info':
      return pretty(info(settings));
    case '/version':
      return pretty({ commit: REVISION, version });
    case '/healthz':
      return health.healthy ? pretty({ status: 'OK' }) : plain('', 503);
    case '/readyz':
      return health.ready ? pretty({ status: 'OK' }) : plain('', 503);
    case '/env':
      return pretty(Object.entries(proc.env).map(([name, value]) => `${name}=${value}`));
    case '/headers':
      return pretty(Object.fromEntries(request.headers.map(([name, value]) => [name, [value]]).sort()));
    case '/panic':
      await proc.complain('{"level":"info","caller":"http/panic.go:17","msg":"Panic command received"}\n');
      return proc.exit(255);
  }
  if (method === 'POST' && (path === '/echo' || path === '/api/echo'))
    return { ...plain(bodyText(request), 202), headers: [['X-Color', settings.color]] };
  const turned = /^\/readyz\/(enable|disable)$/.exec(path)?.[1];
  if (method === 'POST' && turned) {
    health.ready = turned === 'enable';
    return plain('', 202);
  }
  const code = Number(/^\/status\/(\d{3})$/.exec(path)?.[1] ?? 0);
  if (code) return pretty({ status: code }, code);
  const wait = /^\/delay\/(\d+)$/.exec(path)?.[1];
  if (wait !== undefined) {
    await proc.sleep(Number(wait) * 1000);
    return pretty({ delay: Number(wait) });
  }
  if (/^\/(store|cache|token|configs|ws|chunked|swagger)/.test(path)) return plain(`not supported: ${path}\n`, 501);
  return plain('404 page not found\n', 404);
}

const info = ({ hostname, version, color, logo, message }: Settings) => ({
  hostname,
  version,
  revision: REVISION,
  color,
  logo,
  message,
  goos: 'linux',
  goarch: 'amd64',
  runtime: 'go1.24.1',
  num_goroutine: '8',
  num_cpu: '4',
});

const page = ({ hostname, color, message }: Settings): Response =>
  html(
    `<!DOCTYPE html>\n<html>\n<head>\n  <meta charset="utf-8">\n  <title>${hostname}</title>\n</head>\n<body style="background: ${color};">\n  <h1>${message}</h1>\n  <p>Served by ${hostname}</p>\n</body>\n</html>\n`,
  );
