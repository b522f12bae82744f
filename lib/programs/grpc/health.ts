// grpc.health.v1.Health/Check, both sides of it, over HTTP/2 on any duplex stream.
import { type ClientHttp2Session, connect, createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';

const PATH = '/grpc.health.v1.Health/Check';
const STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
const PREFIX_BYTES = 5; // compressed or not, and the length of the message
const [NOT_FOUND, UNIMPLEMENTED] = [5, 12];

/** A message of one field, 1, with its prefix. */
function framed(body: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
}

const request = (service: string): Buffer =>
  framed(
    service ? Buffer.concat([Buffer.from([0x0a, Buffer.byteLength(service)]), Buffer.from(service)]) : Buffer.alloc(0),
  );

const serviceOf = (message: Buffer): string => message.subarray(PREFIX_BYTES + 2).toString();

/** Answers by `check`: whether a service is well, undefined for one that it does not know. */
export function healthServer(check: (service: string) => boolean | undefined): Http2Server {
  const server = createServer();
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => {});
    stream.on('end', () => {
      const state = headers[':path'] === PATH ? check(serviceOf(Buffer.concat(chunks))) : undefined;
      const code = headers[':path'] !== PATH ? UNIMPLEMENTED : state === undefined ? NOT_FOUND : 0;
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(code) }));
      stream.end(code === 0 ? framed(Buffer.from([0x08, state ? 1 : 2])) : undefined);
    });
  });
  server.on('sessionError', () => {});
  return server;
}

/** Asks once; gives the status' name, or throws with what came instead. */
export function checkHealth(stream: Duplex, authority: string, service: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const session: ClientHttp2Session = connect(`http://${authority}`, { createConnection: () => stream });
    const end = (error?: Error, status = '') => {
      session.destroy();
      if (error) reject(error);
      else resolve(status);
    };
    session.on('error', end);
    stream.on('close', () => end(new Error('connection closed')));
    const call = session.request({
      ':method': 'POST',
      ':path': PATH,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'kube-probe/1.31',
    });
    const chunks: Buffer[] = [];
    let code = '0';
    call.on('data', (chunk: Buffer) => chunks.push(chunk));
    call.on('response', (headers) => (code = String(headers['grpc-status'] ?? code)));
    call.on('trailers', (headers) => (code = String(headers['grpc-status'] ?? code)));
    call.on('error', end);
    call.on('end', () => {
      if (Number(code) === UNIMPLEMENTED)
        return end(new Error('this server does not implement the grpc health protocol (grpc.health.v1.Health)'));
      if (code !== '0')
        return end(new Error(`rpc error: code = ${code === '5' ? 'NotFound' : code} desc = unknown service`));
      end(undefined, STATUSES[Buffer.concat(chunks)[PREFIX_BYTES + 1] ?? 0] ?? 'UNKNOWN');
    });
    call.end(request(service));
  });
}
