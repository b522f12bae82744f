// Small servers that greet or refuse: hello-kubernetes, rancher/hello-world, tutum/hello-world, the default back end of ingress
// controllers, Red Hat's versioned-hello and long-load, and an HTTP proxy.

import { Errno } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { exchange } from '../http/client';
import { goServer, plain } from '../http/go-server';
import { header, type Request, type Response } from '../http/message';
import { splitTarget } from '../http/serve';
import { releaseOf } from '../release';
import { escaped, html, json } from './answers';

const NODE_OS = 'Linux (5.14.0-427.50.1.el9_4.x86_64)';

/** paulbouwer/hello-kubernetes. */
export const helloKubernetes: Program = async (proc) => {
  const { env } = proc;
  const version = releaseOf(proc, '1.10.1');
  const port = Number(env['PORT'] || 8080);
  const pod = env['KUBERNETES_POD_NAME'] || proc.machine.hostname;
  const isOld = /^1\.[0-9]$/.test(version); // without namespace, with npm's head in the log
  if (isOld)
    await proc.print(
      `\n> hello-kubernetes@${version}.0 start /usr/src/app\n> node server.js\n\nListening on: http://${proc.machine.hostname}:${port}\n`,
    );
  else
    await proc.print(
      `${JSON.stringify({ level: 30, time: proc.machine.clock.now(), pid: proc.pid, hostname: proc.machine.hostname, msg: `Listening on: http://${pod}:${port}` })}\n`,
    );
  const message = env['MESSAGE'] || 'Hello world!';
  const rows: [string, string][] = [
    ...(isOld ? [] : [['namespace', env['KUBERNETES_NAMESPACE'] || '-'] as [string, string]]),
    ['pod', pod],
    ['node', isOld ? NODE_OS : `${env['KUBERNETES_NODE_NAME'] || '-'} (Linux 5.14.0-427.50.1.el9_4.x86_64)`],
  ];
  const table = rows.map(
    ([name, value]) => `    <tr>\n      <th>${name}:</th>\n      <td>${escaped(value)}</td>\n    </tr>\n`,
  );
  return goServer(proc, [port], (request) => {
    if (splitTarget(request.target).path === '/health') return json({ message: 'Ok' });
    return html(
      `<!DOCTYPE html>\n<html>\n<head>\n  <title>Hello Kubernetes!</title>\n</head>\n<body>\n<div class="main">\n<div id="message">\n  ${escaped(message)}\n</div>\n<div id="info">\n  <table>\n${table.join('')}  </table>\n</div>\n<div id="footer">paulbouwer/hello-kubernetes:${version} (linux/amd64)</div>\n</div>\n</body>\n</html>\n`,
      200,
      [['X-Powered-By', 'Express']],
    );
  });
};

/** rancher/hello-world. */
export const rancherHello: Program = async (proc) => {
  const port = Number(proc.env['WEB_PORT'] || 80);
  await proc.print(`Running web-test service at ${port} port\n`);
  return goServer(proc, [port], (request) => {
    const host = proc.machine.hostname;
    const services = Object.entries(proc.env).filter(
      ([name, value]) => name.endsWith('_PORT') && /^(tcp|udp):\/\//.test(value),
    );
    const found = services.length > 0 ? `\t\t<h3>k8s services found, ${services.length} </h3>\n` : '';
    const list = services.map(([name, value]) => `\t\t<b> ${name.replace(/_PORT$/, '')} </b>  ${value} <br />\n`);
    return html(
      `<html>\n\t<head>\n\t\t<title>Rancher</title>\n\t</head>\n\t<body>\n\t\t<h1>Hello world!</h1>\n\t\t<h3>My hostname is  ${host} </h3>\n${found}${list.join('')}\t\t<h3>Request info</h3>\n\t\t<b>Host:</b>  ${escaped(header(request, 'host') ?? '')} <br />\n\t\t<b>Pod:</b>  ${host} </b><br />\n\t</body>\n</html>\n`,
    );
  });
};

/** tutum/hello-world. */
export const tutumHello: Program = (proc) =>
  goServer(proc, [80], () =>
    html(
      `<html>\n<head>\n\t<title>Hello world!</title>\n</head>\n<body>\n\t<h1>Hello world!</h1>\n\t<h3>My hostname is ${proc.machine.hostname}</h3>\n</body>\n</html>\n`,
    ),
  );

/** registry.k8s.io/defaultbackend: 404 for everything but its health. */
export const defaultBackend: Program = (proc) =>
  goServer(proc, [8080], (request) =>
    splitTarget(request.target).path === '/healthz' ? plain('ok') : plain('default backend - 404', 404),
  );

/** redhattraining/versioned-hello. */
const versionedHello =
  (text: string): Program =>
  (proc) =>
    goServer(proc, [8080], () => plain(`${text}\n`));
export const versionedHello10 = versionedHello('Hi!');
export const versionedHello11 = versionedHello('Hi! v1.1');

/** redhattraining/long-load: starts after START_DELAY milliseconds, and falls ill or dies on demand. */
export const longLoad: Program = (proc) => {
  const readyAt = proc.machine.clock.now() + (Number(proc.env['START_DELAY']) || 0);
  let sick = false;
  let hiccupUntil = 0;
  return goServer(proc, [3000], (request) => {
    const { path, query } = splitTarget(request.target);
    const now = proc.machine.clock.now();
    switch (path) {
      case '/destruct':
        return proc.exit(1);
      case '/togglesick':
        sick = !sick;
        return plain('');
      case '/hiccup':
        hiccupUntil = now + (Number(query.get('time')) || 1) * 1000;
        return plain('');
      case '/health':
      case '/':
        if (now < readyAt) return plain('app is still starting\n', 503);
        return sick || now < hiccupUntil ? plain('app is unhealthy\n', 500) : plain('Ok\n');
      default:
        return plain(`Cannot ${request.method} ${path}\n`, 404);
    }
  });
};

/** registry.k8s.io/goproxy: an HTTP proxy; it refuses what is no request to a proxy. */
export const goproxy: Program = (proc) =>
  goServer(proc, [8080], (request) => {
    const match = /^http:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(request.target);
    if (!match) return plain('This is a proxy server. Does not respond to non-proxy requests.\n', 500);
    return forward(proc, request, match[1] ?? '', Number(match[2] ?? 80), match[3] ?? '/');
  });

async function forward(proc: Process, request: Request, host: string, port: number, target: string): Promise<Response> {
  try {
    const headers = request.headers.filter(([name]) => !/^(connection|proxy-.*)$/i.test(name));
    const response = await exchange(proc, { host, port }, { ...request, target, headers });
    return { ...response, headers: response.headers.filter(([name]) => !/^(connection|date)$/i.test(name)) };
  } catch (error) {
    if (proc.killed.aborted || !(error instanceof Errno || error instanceof NameError)) throw error;
    return plain(`${error.message.toLowerCase()}\n`, 500);
  }
}
