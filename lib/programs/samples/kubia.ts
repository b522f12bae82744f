// The samples of "Kubernetes in Action" (luksa/kubia and its kin), which many courses took over, and HashiCorp's counting service.
import { Errno, strerror } from '../../machine/errno';
import type { Program } from '../../machine/process';
import { goServer, plain } from '../http/go-server';
import type { Response } from '../http/message';
import { splitTarget } from '../http/serve';
import { bodyText, html } from './answers';

const answer = (body: string, status = 200): Response => ({ status, headers: [], body });

/** A server that says who it is; some fall ill after a number of requests. */
const kubiaServer =
  (greet: (host: string) => string, wellFor: number, ill: (host: string) => string): Program =>
  async (proc) => {
    await proc.print('Kubia server starting...\n');
    let requests = 0;
    return goServer(proc, [8080], async (_, connection) => {
      await proc.print(`Received request from ::ffff:${connection.remoteAddress}\n`);
      const host = proc.machine.hostname;
      return ++requests > wellFor ? answer(ill(host), 500) : answer(greet(host));
    });
  };

const hit = (host: string) => `You've hit ${host}\n`;
const running = (version: string) => (host: string) => `This is ${version} running in pod ${host}\n`;
const ALWAYS = Number.POSITIVE_INFINITY;

export const kubia = kubiaServer(hit, ALWAYS, hit);
export const kubia1 = kubiaServer(running('v1'), ALWAYS, hit);
export const kubia2 = kubiaServer(running('v2'), ALWAYS, hit);
export const kubia3 = kubiaServer(
  running('v3'),
  4,
  (host) => `Some internal error has occurred! This is pod ${host}\n`,
);
export const kubia4 = kubiaServer(running('v4'), ALWAYS, hit);
export const kubiaUnhealthy = kubiaServer(hit, 5, () => "I'm not well. Please restart me!");

const DATA = '/var/data/kubia.txt';

/** kubia-pet: keeps what was posted in a file of its volume. */
export const kubiaPet: Program = (proc) =>
  goServer(proc, [8080], async (request) => {
    const host = proc.machine.hostname;
    if (request.method === 'POST') {
      try {
        proc.files.write(DATA, bodyText(request));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await proc.complain(`Error: ${error.code}: ${strerror(error).toLowerCase()}, open '${DATA}'\n`);
        return proc.exit(1);
      }
      await proc.print('New data has been received and stored.\n');
      return answer(`Data stored on pod ${host}\n`);
    }
    const data = proc.files.exists(DATA) ? proc.files.readText(DATA) : 'No data posted yet';
    return answer(`You've hit ${host}\nData stored on this pod: ${data}\n`);
  });

const SAYINGS = [
  'A pod that is never restarted was never deployed.',
  'He who trusts an address has not met a scheduler.',
  'Names last longer than addresses.',
  'Two is one, and one is none, said the replica set.',
  'What has no probe is always healthy.',
  'The shortest way between two services is a third one.',
];

/** fortune(6), with few sayings of its own. */
export const fortune: Program = async (proc) => {
  await proc.print(`${SAYINGS[proc.machine.random.int(SAYINGS.length)]}\n`);
  return 0;
};

/** hashicorp/counting-service: counts its requests. */
export const countingService: Program = async (proc) => {
  const port = Number(proc.env['PORT'] || 80);
  await proc.print(`Serving at http://localhost:${port}\n(Pass as PORT environment variable)\n`);
  let count = 0;
  return goServer(proc, [port], (request) => {
    const { path } = splitTarget(request.target);
    if (path === '/health') return plain(`Hello, you've hit ${path}\n`);
    return plain(JSON.stringify({ count: ++count, hostname: proc.machine.hostname }));
  });
};

/** hashicorp/dashboard-service. DIFFERS: no web socket, by which the page gets its count. */
export const dashboardService: Program = async (proc) => {
  const port = Number(proc.env['PORT'] || 80);
  const source = proc.env['COUNTING_SERVICE_URL'] ?? 'http://localhost:9001';
  await proc.print(
    `Starting server on http://0.0.0.0:${port}\n(Pass as PORT environment variable)\nUsing counting service at ${source}\n(Pass as COUNTING_SERVICE_URL environment variable)\nStarting websocket server...\n`,
  );
  return goServer(proc, [port], (request) => {
    const { path } = splitTarget(request.target);
    if (path === '/health') return plain(`Hello, you've hit ${path}\n`);
    if (path === '/health/api') return plain('failures: 0', 503); // until a client has fetched a count
    if (path.startsWith('/socket.io/')) return plain('not supported: web sockets\n', 501);
    return path === '/' || path === '/index.html'
      ? html(
          '<!DOCTYPE html>\n<html>\n<head>\n<title>Dashboard</title>\n</head>\n<body>\n<h1>Dashboard</h1>\n<div id="count"></div>\n</body>\n</html>\n',
        )
      : plain('404 page not found\n', 404);
  });
};
