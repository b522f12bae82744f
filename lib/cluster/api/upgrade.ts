// Upgraded connections: exec, attach and port-forward go to whoever runs the containers.
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ApiError, notFound, unauthorized, unknownResource } from '../store/errors';
import { authorized } from './authorized';
import type { Api } from './call';
import { Call } from './call';
import { isTrue } from './request-info';
import { asApiError } from './respond';
import type { ExecOptions } from './streams';

const flag = (call: Call, name: string) => isTrue(call.query.get(name));

function execOptions(call: Call): ExecOptions {
  const container = call.query.get('container');
  return {
    ...(container && { container }),
    command: call.query.getAll('command'),
    stdin: flag(call, 'stdin'),
    stdout: flag(call, 'stdout'),
    stderr: flag(call, 'stderr'),
    tty: flag(call, 'tty'),
  };
}

async function open(call: Call, socket: Duplex, head: Buffer): Promise<void> {
  const user = call.api.auth.authenticate(call.request);
  if (!user) throw unauthorized();
  call.user = user;
  const { info, api, request } = call;
  // A WebSocket begins as GET, but it does what POST does.
  if (info.isResource && info.verb === 'get') info.verb = info.subresource === 'proxy' ? 'get' : 'create';
  authorized(call);
  const { group, resource, subresource, namespace, name } = info;
  if (group !== '' || resource !== 'pods') throw unknownResource();
  if (!api.operations.store.get('pods', namespace, name)) throw notFound('pods', name);
  const stream = { user, namespace, pod: name, request, socket, head };
  if (subresource === 'exec') return api.streams.exec({ ...stream, options: execOptions(call) });
  if (subresource === 'attach') return api.streams.attach({ ...stream, options: execOptions(call) });
  if (subresource === 'portforward') {
    const ports = call.query
      .getAll('ports')
      .flatMap((each) => each.split(','))
      .map(Number);
    return api.streams.portforward({ ...stream, options: { ports } });
  }
  throw unknownResource();
}

function refuse(socket: Duplex, error: ApiError): void {
  const body = `${JSON.stringify(error.status)}\n`;
  socket.end(
    `HTTP/1.1 ${error.code} ${STATUS_CODES[error.code] ?? ''}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

export async function upgrade(api: Api, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  socket.on('error', () => {});
  try {
    await open(new Call(api, request, new URL(request.url ?? '/', 'http://api')), socket, head);
  } catch (error) {
    if (!socket.writable) return void socket.destroy();
    refuse(socket, asApiError(error, api.onBug));
  }
}
