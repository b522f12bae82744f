// HTTP/1.1 on a simulated connection, from the server's side and, for proxies, the client's.
import type { Connection } from '../../machine/net';

export interface Request {
  method: string;
  /** As sent: path and query. */
  target: string;
  version: string;
  headers: [string, string][];
  body: Uint8Array;
}

export interface Response {
  status: number;
  headers: [string, string][];
  body: Uint8Array | string;
}

export const REASONS: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

const HEAD_LIMIT_BYTES = 64 * 1024;
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const header = (message: { headers: [string, string][] }, name: string): string | undefined =>
  message.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

export interface ResponseHead {
  status: number;
  reason: string;
  headers: [string, string][];
}

const REQUEST_LINE = /^([A-Z]+) (\S+) (HTTP\/1\.[01])$/;
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/;

/** A message that is no HTTP. */
export class BadMessage extends Error {}

/** Takes messages off a connection, one after the other. */
export class MessageReader {
  private buffer = new Uint8Array();

  constructor(
    private readonly connection: Pick<Connection, 'read'>,
    private readonly signal?: AbortSignal,
  ) {}

  /** The next request; null when the peer has ended between requests. */
  async request(): Promise<Request | null> {
    const head = await this.head(REQUEST_LINE);
    if (!head) return null;
    const [, method = '', target = '', version = ''] = head.first;
    const body = await this.body(head.headers, 0);
    return { method, target, version, headers: head.headers, body };
  }

  async response(method: string): Promise<Response> {
    const head = await this.head(STATUS_LINE);
    const status = Number(head?.first[1]);
    if (!head || !status) throw new BadMessage('');
    const empty = method === 'HEAD' || status === 204 || status === 304;
    const body = empty ? new Uint8Array() : await this.body(head.headers, undefined);
    return { status, headers: head.headers, body };
  }

  /** Status and headers of a response, whose body is read with `parts`. */
  async responseHead(): Promise<ResponseHead> {
    const head = await this.head(STATUS_LINE);
    if (!head) throw new BadMessage('');
    const [, status = '', reason = ''] = head.first;
    return { status: Number(status), reason, headers: head.headers };
  }

  /** A body piece by piece as it comes; to the end of the connection when its headers say no length. */
  async *parts({ headers }: { headers: [string, string][] }): AsyncGenerator<Uint8Array> {
    if (/chunked/i.test(header({ headers }, 'transfer-encoding') ?? '')) return yield* this.chunkParts();
    let left = Number(header({ headers }, 'content-length') ?? Number.POSITIVE_INFINITY);
    while (left > 0) {
      if (this.buffer.length === 0 && !(await this.more())) {
        if (left !== Number.POSITIVE_INFINITY) throw new BadMessage('short body');
        return;
      }
      const part = this.take(left);
      left -= part.length;
      yield part;
    }
  }

  private async *chunkParts(): AsyncGenerator<Uint8Array> {
    for (let size = await this.chunkSize(); size > 0; size = await this.chunkSize()) {
      yield await this.exactly(size);
      await this.line();
    }
    while (await this.line());
  }

  private async chunkSize(): Promise<number> {
    const size = Number.parseInt((await this.line()) ?? '', 16);
    if (Number.isNaN(size)) throw new BadMessage('bad chunk');
    return size;
  }

  /** Bytes that were read beyond the last message. */
  take(most = Number.POSITIVE_INFINITY): Uint8Array {
    const part = this.buffer.slice(0, most);
    this.buffer = this.buffer.subarray(part.length);
    return part;
  }

  private async more(): Promise<boolean> {
    const chunk = await this.connection.read(65536, this.signal);
    if (!chunk) return false;
    const joined = new Uint8Array(this.buffer.length + chunk.length);
    joined.set(this.buffer);
    joined.set(chunk, this.buffer.length);
    this.buffer = joined;
    return true;
  }

  private async line(): Promise<string | null> {
    while (true) {
      const end = this.buffer.indexOf(10);
      if (end >= 0) {
        const line = decoder.decode(this.buffer.subarray(0, end)).replace(/\r$/, '');
        this.buffer = this.buffer.subarray(end + 1);
        return line;
      }
      if (this.buffer.length > HEAD_LIMIT_BYTES) throw new BadMessage('header too large');
      if (!(await this.more())) return null;
    }
  }

  /** A first line of another form is refused before what follows it has come. */
  private async head(form: RegExp): Promise<{ first: RegExpExecArray; headers: [string, string][] } | null> {
    let line = await this.line();
    while (line === '') line = await this.line();
    if (line === null) return null;
    const first = form.exec(line);
    if (!first) throw new BadMessage(line);
    const headers: [string, string][] = [];
    for (line = await this.line(); line; line = await this.line()) {
      const colon = line.indexOf(':');
      if (colon > 0) headers.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
    }
    return { first, headers };
  }

  private async body(headers: [string, string][], otherwise: number | undefined): Promise<Uint8Array> {
    if (/chunked/i.test(header({ headers }, 'transfer-encoding') ?? '')) return this.chunks();
    const length = header({ headers }, 'content-length');
    if (length === undefined && otherwise === undefined) {
      while (await this.more());
      return this.exactly(this.buffer.length);
    }
    return this.exactly(Number(length ?? otherwise));
  }

  private async exactly(size: number): Promise<Uint8Array> {
    if (!(size <= BODY_LIMIT_BYTES)) throw new BadMessage('body too large');
    while (this.buffer.length < size) if (!(await this.more())) throw new BadMessage('short body');
    const body = this.buffer.slice(0, size);
    this.buffer = this.buffer.subarray(size);
    return body;
  }

  private async chunks(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const part of this.chunkParts()) parts.push(part);
    return new Uint8Array(Buffer.concat(parts));
  }
}

export function responseBytes(response: Response, method: string, close: boolean): Uint8Array {
  const body = typeof response.body === 'string' ? encoder.encode(response.body) : response.body;
  const lines = [`HTTP/1.1 ${response.status} ${REASONS[response.status] ?? ''}`];
  for (const [name, value] of response.headers) lines.push(`${name}: ${value}`);
  const bodiless = response.status === 204 || response.status === 304;
  if (!bodiless && header(response, 'content-length') === undefined) lines.push(`Content-Length: ${body.length}`);
  if (header(response, 'connection') === undefined) lines.push(`Connection: ${close ? 'close' : 'keep-alive'}`);
  const head = encoder.encode(`${lines.join('\r\n')}\r\n\r\n`);
  return method === 'HEAD' || bodiless ? head : new Uint8Array(Buffer.concat([head, body]));
}

export function requestBytes(request: Request): Uint8Array {
  const lines = [
    `${request.method} ${request.target} HTTP/1.1`,
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return new Uint8Array(Buffer.concat([encoder.encode(`${lines.join('\r\n')}\r\n\r\n`), request.body]));
}

/** The date of an HTTP header. */
export const httpDate = (ms: number): string => new Date(ms).toUTCString();
