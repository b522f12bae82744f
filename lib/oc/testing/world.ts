// A workstation with oc and kubectl, and an HTTPS server under the cluster's name that answers from a table of routes.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { toDuplex } from '../../machine/duplex';
import { toBytes, toText } from '../../machine/fs';
import type { Program } from '../../machine/process';
import { host, smallNetwork } from '../../machine/testing/host';
import { type Certificate, tlsAccept, toPem } from '../../machine/tls';
import { kubectl, oc } from '../index';
import type { Dyn } from '../object';

export const SERVER = 'https://api.ocp4.example.com:6443';

const YEAR_MS = 365 * 24 * 3600 * 1000;
const START = Date.UTC(2026, 0, 1);
const certificate = (signedBy: string): Certificate => ({
  subject: 'CN=api',
  issuer: `CN=${signedBy}`,
  signedBy,
  key: 'server',
  dnsNames: ['api.ocp4.example.com'],
  ipAddresses: [],
  notBefore: START - YEAR_MS,
  notAfter: START + YEAR_MS,
});
const AUTHORITY = toPem({ ...certificate('lab-ca'), subject: 'CN=lab-ca', key: 'lab-ca' });

/** What a route is asked, and what it answers: a body, or a status with a body, or headers, or lines that stream. */
interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Dyn;
}
export type Answer = { status?: number; headers?: Record<string, string>; body?: unknown; lines?: unknown[] };
export type Routes = (asked: Asked) => Answer | undefined;

/** Core and apps, as aggregated discovery tells them. */
const DISCOVERY: Record<string, unknown> = {
  '/api': groups([
    '',
    'v1',
    [
      ['pods', 'pod', 'Pod', true, ['po'], ['all']],
      ['services', 'service', 'Service', true, ['svc'], ['all']],
      ['namespaces', 'namespace', 'Namespace', false, ['ns'], []],
      ['nodes', 'node', 'Node', false, ['no'], []],
      ['configmaps', 'configmap', 'ConfigMap', true, ['cm'], []],
      ['secrets', 'secret', 'Secret', true, [], []],
    ],
  ]),
  '/apis': groups(
    ['apps', 'v1', [['deployments', 'deployment', 'Deployment', true, ['deploy'], ['all']]]],
    ['batch', 'v1', [['jobs', 'job', 'Job', true, [], ['all']]]],
  ),
};

type Row = [name: string, singular: string, kind: string, namespaced: boolean, short: string[], categories: string[]];

function groups(...list: [group: string, version: string, rows: Row[]][]): unknown {
  return {
    kind: 'APIGroupDiscoveryList',
    items: list.map(([name, version, rows]) => ({
      metadata: name ? { name } : {},
      versions: [
        {
          version,
          resources: rows.map(([resource, singularResource, kind, namespaced, shortNames, categories]) => ({
            resource,
            singularResource,
            responseKind: { kind },
            scope: namespaced ? 'Namespaced' : 'Cluster',
            shortNames,
            categories,
            verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
          })),
        },
      ],
    })),
  };
}

export const notFound = (kind: string, name: string): Answer => ({
  status: 404,
  body: {
    kind: 'Status',
    status: 'Failure',
    reason: 'NotFound',
    code: 404,
    message: `${kind} "${name}" not found`,
    details: { kind, name },
  },
});

export function world(routes: Routes = () => undefined, files: Record<string, string> = {}) {
  const net = smallNetwork();
  const asked: Asked[] = [];
  const api = host(net, 'api', '192.168.50.2', { serve: serveWith(routes, asked) });
  api.start(['serve']);
  const machine = host(
    net,
    'workstation',
    '192.168.50.9',
    { oc, kubectl },
    {
      '/etc/hosts':
        '127.0.0.1 localhost\n192.168.50.2 api.ocp4.example.com oauth.example.com\n192.168.50.77 nobody.example.com\n',
      '/etc/pki/tls/certs/ca-bundle.crt': AUTHORITY,
      ...files,
    },
  );
  return { ...net, machine, api, asked };
}

/** Runs a command line as the student; gives status and output. */
export async function run(w: ReturnType<typeof world>, line: string | string[], stdin = '') {
  let [out, err] = ['', ''];
  const collect = (add: (text: string) => void) => ({
    name: 'out',
    read: async () => null,
    write: async (bytes: Uint8Array) => add(toText(bytes)),
    close: () => {},
  });
  let input: Uint8Array | null = toBytes(stdin);
  const take = async () => {
    const chunk = input;
    input = null;
    return chunk?.length ? chunk : null;
  };
  const proc = w.machine.start(typeof line === 'string' ? line.split(' ') : line, {
    uid: 1000,
    gid: 1000,
    cwd: '/home/student',
    env: { HOME: '/home/student', PATH: '/usr/bin' },
    stdin: { name: 'in', read: take, write: async () => {}, close: () => {} },
    stdout: collect((text) => {
      out += text;
    }),
    stderr: collect((text) => {
      err += text;
    }),
  });
  const { code } = await w.clock.drive(proc.exited, 24 * 3600 * 1000);
  return { code, out, err };
}

function serveWith(routes: Routes, asked: Asked[]): Program {
  const server = createServer((req, res) => void answer(routes, asked, req, res));
  return async (proc) => {
    const listener = proc.listen(6443);
    for (let c = await listener.accept(proc.killed); c; c = await listener.accept(proc.killed)) {
      const connection = c;
      void tlsAccept(connection, () => certificate('lab-ca')).then(
        () => server.emit('connection', toDuplex(connection)),
        () => connection.close(),
      );
    }
    return 0;
  };
}

async function answer(routes: Routes, asked: Asked[], req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', SERVER);
  let text = '';
  for await (const chunk of req) text += chunk;
  const isJson = /json/.test(req.headers['content-type'] ?? '');
  const one: Asked = {
    method: req.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: req.headers,
    body: text && isJson ? JSON.parse(text) : text,
  };
  if (!DISCOVERY[url.pathname]) asked.push(one);
  const found: Answer =
    routes(one) ?? (DISCOVERY[url.pathname] ? { body: DISCOVERY[url.pathname] } : notFound('page', url.pathname));
  const { status = 200, headers = {}, body, lines } = found;
  res.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  for (const line of lines ?? []) res.write(typeof line === 'string' ? line : `${JSON.stringify(line)}\n`);
  res.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
}
