// kuard, the demonstration of "Kubernetes: Up and Running": its page, probes that can be made to fail, memory that can be taken,
// files, and the key generator of the chapter on jobs. Source of paths and texts: github.com/kubernetes-up-and-running/kuard.

import { createHash } from 'node:crypto';
import type { Connection } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { Flags } from '../agnhost/flags';
import { goServer, goTime, plain } from '../http/go-server';
import type { Request, Response } from '../http/message';
import { splitTarget } from '../http/serve';
import { releaseOf } from '../release';
import { html, json } from './answers';
import { folderPage } from './files';

const HISTORY = 20;
const KEY_MS = 3000; // a key of 4096 bits takes some seconds

/** A probe that fails as often as it is told: n times, or for ever when it is told -1. */
class Probe {
  private failNext: number;
  private last = 0;
  private readonly history: { id: number; when: number; code: number }[] = [];

  constructor(
    private readonly proc: Process,
    private readonly path: string,
    failNext: number,
  ) {
    this.failNext = failNext;
  }

  answer(): Response {
    const failing = this.failNext !== 0;
    if (this.failNext > 0) this.failNext--;
    const status = failing ? 500 : 200;
    const text = !failing ? 'ok' : this.failNext < 0 ? 'fail, permanent' : `fail, ${this.failNext} left`;
    this.history.unshift({ id: ++this.last, when: this.proc.machine.clock.now(), code: status });
    this.history.splice(HISTORY);
    return { status, headers: [['Content-Type', 'text/plain']], body: text };
  }

  api(request: Request): Response {
    if (request.method === 'PUT') {
      try {
        this.failNext = Number(
          (JSON.parse(new TextDecoder().decode(request.body)) as { failNext?: number }).failNext ?? 0,
        );
      } catch (error) {
        return plain(`${(error as Error).message}\n`, 400);
      }
    }
    const now = this.proc.machine.clock.now();
    const history = this.history.map(({ id, when, code }) => ({
      id,
      when: new Date(when).toISOString(),
      relWhen: `${Math.round((now - when) / 1000)} seconds ago`,
      code,
    }));
    return json({ probePath: this.path, failNext: this.failNext, history });
  }
}

export const kuard: Program = async (proc) => {
  const flags = new Flags(proc.argv.slice(1));
  const version = `v0.10.0-${releaseOf(proc, '') || 'blue'}`;
  const log = (text: string) => proc.complain(`${goTime(proc)} ${text}\n`);
  const address = flags.get('address') ?? ':8080';
  await log(`Starting kuard version: ${version}`);
  const stars = '*'.repeat(70);
  for (const text of [
    stars,
    '* WARNING: This server may expose sensitive',
    '* and secret information. Be careful.',
    stars,
  ])
    await log(text);
  await log(`Config: \n${JSON.stringify(configuration(flags, address), null, 2)}`);
  await log('Could not find certificates to serve TLS');
  await log(`Serving on HTTP on ${address}`);
  const keys = flags.has('keygen-enable') ? generate(proc, flags, log) : undefined;
  const probes = new Map(
    (
      [
        ['/healthy', 'liveness-fail-next'],
        ['/ready', 'readiness-fail-next'],
      ] as const
    ).map(([path, flag]) => [path as string, new Probe(proc, path, flags.number(flag, 0))]),
  );
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  const serving = goServer(proc, [port], async (request, connection) => {
    await log(`${connection.remoteAddress}:${connection.remotePort} ${request.method} ${request.target}`);
    return answer(proc, version, probes, request, connection);
  });
  return Promise.race(keys ? [serving, keys] : [serving]);
};

const configuration = (flags: Flags, address: string) => ({
  address,
  debug: flags.has('debug'),
  'debug-sitedata-dir': './sitedata',
  keygen: {
    enable: flags.has('keygen-enable'),
    'exit-code': flags.number('keygen-exit-code', 0),
    'exit-on-complete': flags.has('keygen-exit-on-complete'),
    'memq-queue': flags.get('keygen-memq-queue') ?? '',
    'memq-server': flags.get('keygen-memq-server') ?? '',
    'num-to-gen': flags.number('keygen-num-to-gen', 0),
    'time-to-run': flags.number('keygen-time-to-run', 0),
  },
  liveness: { 'fail-next': flags.number('liveness-fail-next', 0) },
  readiness: { 'fail-next': flags.number('readiness-fail-next', 0) },
  'tls-address': ':8443',
  'tls-dir': '/tls',
});

function answer(
  proc: Process,
  version: string,
  probes: ReadonlyMap<string, Probe>,
  request: Request,
  connection: Connection,
): Response {
  const { path, query } = splitTarget(request.target);
  const probe = probes.get(path) ?? probes.get(path.replace(/\/api$/, ''));
  if (probe) return path.endsWith('/api') ? probe.api(request) : probe.answer();
  if (path === '/') return page(proc, version, request, connection);
  if (path === '/env/api') return json({ commandLine: proc.argv, env: proc.env });
  if (path === '/mem/api')
    return json({ memStats: { Alloc: proc.memoryBytes, HeapAlloc: proc.memoryBytes, Sys: proc.memoryBytes } });
  if (path === '/mem/api/alloc' && request.method === 'POST') return allocate(proc, query.get('size') ?? '');
  if (path === '/mem/api/clear' && request.method === 'POST') {
    proc.holdMemory(0);
    return plain('');
  }
  if (path.startsWith('/fs/')) return folderPage(proc, '/', path.slice(3));
  return plain('404 page not found\n', 404);
}

function allocate(proc: Process, size: string): Response {
  if (size === '') return plain('size not specified\n', 400);
  if (!/^\d+$/.test(size)) return plain('bad size param\n', 400);
  proc.holdMemory(proc.memoryBytes + Number(size));
  return plain('');
}

/** The page's script shows what `pageContext` says. */
function page(proc: Process, version: string, request: Request, { remoteAddress, remotePort }: Connection): Response {
  const dump = [
    `${request.method} ${request.target} ${request.version}`,
    ...request.headers.map((pair) => pair.join(': ')),
  ];
  const context = {
    hostname: proc.machine.hostname,
    addrs: proc.machine.net.addresses(),
    version,
    versionColor: /blue|green|purple/.exec(version)?.[0] ?? 'hsl(339,100%,50%)',
    requestDump: dump.join('\r\n'),
    requestProto: request.version,
    requestAddr: `${remoteAddress}:${remotePort}`,
  };
  return html(
    `<!doctype html>\n\n<html lang="en">\n<head>\n  <meta charset="utf-8">\n\n  <title>KUAR Demo</title>\n\n  <script>\nvar pageContext = ${JSON.stringify(context)}\n  </script>\n</head>\n\n<body>\n  <div id="root"></div>\n</body>\n</html>\n`,
  );
}

/** Keys one after the other; ends the server when it was told to exit on completion. */
async function generate(proc: Process, flags: Flags, log: (text: string) => Promise<void>): Promise<number> {
  const total = flags.number('keygen-num-to-gen', 0);
  const until = flags.number('keygen-time-to-run', 0);
  const started = proc.machine.clock.now();
  await log('(ID 0) Workload starting');
  for (let n = 1; total === 0 || n <= total; n++) {
    await proc.sleep(KEY_MS / 2 + proc.machine.random.int(KEY_MS));
    if (until > 0 && proc.machine.clock.now() - started >= until * 1000) break;
    const print = createHash('sha256').update(proc.machine.random.hex(64)).digest('base64').replace(/=+$/, '');
    await log(`(ID 0${total > 0 ? ` ${n}/${total}` : ` ${n}`}) Item done: SHA256:${print}`);
  }
  await log('(ID 0) Workload exiting');
  if (flags.has('keygen-exit-on-complete')) return flags.number('keygen-exit-code', 0);
  return new Promise<number>(() => {});
}
