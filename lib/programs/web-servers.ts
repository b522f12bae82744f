// Small servers that demonstration images are made of. Each answers as the original does.
import type { Program } from '../machine/process';
import { getopt } from './getopt';
import { goServer, goTime, plain } from './http/go-server';
import { header, type Request } from './http/message';
import { splitTarget } from './http/serve';

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
