// proxy: an HTTP request passed on to a pod or a service (apimachinery pkg/util/proxy). DIFFERS: plain HTTP only.
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Served } from '../../resources/registry';
import { ApiError, badRequest, notFound } from '../../store/errors';
import type { KubeObject } from '../../store/types';
import type { Answer, Call } from '../call';

interface Target {
  host: string;
  port: number;
}

const unavailable = (message: string) => new ApiError(503, 'ServiceUnavailable', message);

/** `http:web:8080`: scheme and port may be left out. */
function split(text: string): { name: string; port: string } {
  const parts = text.split(':');
  if (parts.length > 3) throw badRequest(`invalid proxy request ${JSON.stringify(text)}`);
  const [scheme, name, port] = parts.length === 3 ? parts : ['', ...parts];
  if (scheme === 'https') throw badRequest('not supported: proxy to https');
  return { name: name ?? '', port: port ?? '' };
}

interface Port {
  name?: string;
  port?: number;
  containerPort?: number;
}

function podTarget({ spec, status, metadata }: KubeObject, port: string): Target {
  const [first] = (spec.containers as { ports?: Port[] }[]).flatMap(({ ports = [] }) => ports);
  if (!status?.podIP) throw unavailable(`address not allocated: pod ${metadata.name} has no IP`);
  return { host: status.podIP, port: Number(port) || (first?.containerPort ?? 80) };
}

interface Subset {
  addresses?: { ip: string }[];
  ports?: Port[];
}

/** One of the ready endpoints behind a service's port. */
function serviceTarget(call: Call, { spec, metadata }: KubeObject, wanted: string): Target {
  const ports = (spec.ports ?? []) as Port[];
  const port = wanted === '' ? ports[0] : ports.find((each) => each.name === wanted || String(each.port) === wanted);
  if (!port)
    throw unavailable(`no service port ${JSON.stringify(wanted)} found for service ${JSON.stringify(metadata.name)}`);
  const { store, random } = call.api.operations;
  const subsets: Subset[] = store.get('endpoints', metadata.namespace, metadata.name)?.['subsets'] ?? [];
  const targets = subsets.flatMap(({ addresses = [], ports: behind = [] }) =>
    behind
      .filter((each) => (each.name ?? '') === (port.name ?? ''))
      .flatMap((each) => addresses.map(({ ip }) => ({ host: ip, port: each.port ?? 0 }))),
  );
  if (targets.length === 0) throw unavailable(`no endpoints available for service ${JSON.stringify(metadata.name)}`);
  return random.pick(targets);
}

function targetOf(call: Call, { definition }: Served): Target {
  const { name, port } = split(call.info.name);
  const object = call.api.operations.store.get(definition.plural, call.info.namespace, name);
  if (!object) throw notFound(definition.plural, name);
  return definition.kind === 'Pod' ? podTarget(object, port) : serviceTarget(call, object, port);
}

const HOP_BY_HOP = ['authorization', 'connection', 'host', 'keep-alive', 'te', 'transfer-encoding', 'upgrade'];

function pass(
  request: IncomingMessage,
  response: ServerResponse,
  socket: Duplex,
  host: string,
  path: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
    const onward = httpRequest({
      method: request.method ?? 'GET',
      path,
      headers: { ...headers, host, connection: 'close' },
      createConnection: () => socket,
    });
    onward.on('error', reject);
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('end', resolve).on('error', reject);
    });
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
}

/** What stands before the path that is passed on. */
const PREFIX = /^\/api\/v1\/namespaces\/[^/]+\/[^/]+\/[^/]+\/proxy/;

export async function proxy(call: Call, served: Served, response: ServerResponse): Promise<Answer | undefined> {
  const { pathname, search } = call.url;
  const behind = pathname.replace(PREFIX, '');
  if (behind === '' && call.info.verb === 'get')
    return { code: 301, text: '', type: 'text/plain', headers: { Location: `${pathname}/${search}` } };
  const { host, port } = targetOf(call, served);
  const failed = (error: unknown) => unavailable(`error trying to reach service: ${(error as Error).message}`);
  const abort = new AbortController();
  response.on('close', () => abort.abort(new Error('context canceled')));
  const dialed = call.api.streams.dial(host, port, abort.signal);
  const socket = await dialed.catch((error: unknown) => Promise.reject(failed(error)));
  await pass(call.request, response, socket, `${host}:${port}`, `${behind || '/'}${search}`).catch((error: unknown) => {
    throw failed(error);
  });
  return undefined;
}
