// A client of the Kubernetes API: requests, answers, warnings, watches.
import type { IncomingMessage } from 'node:http';
import type { Process } from '../../machine/process';
import { ApiError, type Status } from '../errors';
import { type Dyn, quote } from '../object';
import { toCompactJson } from '../printers/json';
import type { Target } from './address';
import { Trace, type Traced } from './trace';
import { bodyText, Transport } from './transport';

export type Query = Record<string, string | number | boolean | undefined>;

export interface RequestOptions {
  query?: Query;
  body?: unknown;
  /** Content type of the body; JSON unless said otherwise. */
  type?: string;
  accept?: string;
  signal?: AbortSignal;
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: Dyn;
}

export class Client {
  readonly transport: Transport;
  private readonly warned = new Set<string>();
  private readonly trace: Trace;

  constructor(
    private readonly proc: Process,
    readonly target: Target,
    private readonly options: { verbosity?: number; agent?: string; kubeconfig?: string } = {},
  ) {
    this.trace = new Trace(proc, options.verbosity ?? 0, options.kubeconfig);
    this.transport = new Transport(proc, target, (address, name) => this.trace.connected(address, name));
  }

  get server(): string {
    return this.target.server;
  }

  /** Sends a request and gives the answer as it is, whatever its status. */
  async raw(method: string, path: string, options: RequestOptions = {}): Promise<IncomingMessage> {
    const url = this.server + path + queryText(options.query);
    const body =
      options.body === undefined
        ? undefined
        : typeof options.body === 'string'
          ? options.body
          : toCompactJson(options.body); // keys in order, as Go writes maps
    const headers = {
      Accept: options.accept ?? 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': options.type ?? 'application/json' }),
      ...this.headers(),
    };
    const answer = await this.traced({ method, url, headers, body }, () =>
      this.transport.send({
        method,
        url,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(options.signal ? { signal: options.signal } : {}),
      }),
    );
    await this.warn(answer);
    return answer;
  }

  private async traced(request: Traced, send: () => Promise<IncomingMessage>): Promise<IncomingMessage> {
    if (!this.trace.isOn) return send();
    const { clock } = this.proc.machine;
    await this.trace.request(request);
    const started = clock.now();
    let answer: IncomingMessage | undefined;
    try {
      answer = await send();
      return answer;
    } finally {
      await this.trace.answer(request, answer, clock.now() - started);
    }
  }

  /** The whole body of an answer. */
  private async body(answer: IncomingMessage): Promise<string> {
    const text = await bodyText(answer);
    await this.trace.body('Response', text);
    return text;
  }

  /** Sends a request and gives the body of a successful answer as JSON. Throws ApiError, UrlError. */
  async json(method: string, path: string, options: RequestOptions = {}): Promise<Dyn> {
    const answer = await this.raw(method, path, options);
    const text = await this.body(answer);
    if ((answer.statusCode ?? 500) >= 400) throw apiError(answer, text);
    return parseJson(text);
  }

  /** The body of a successful answer as text. */
  async text(method: string, path: string, options: RequestOptions = {}): Promise<string> {
    const answer = await this.raw(method, path, options);
    const text = await this.body(answer);
    if ((answer.statusCode ?? 500) >= 400) throw apiError(answer, text);
    return text;
  }

  /** The body of a successful answer as it comes. */
  async stream(method: string, path: string, options: RequestOptions = {}): Promise<IncomingMessage> {
    const answer = await this.raw(method, path, options);
    if ((answer.statusCode ?? 500) >= 400) throw apiError(answer, await this.body(answer));
    return answer;
  }

  /** The events of a watch, until the server ends it. Leaving the loop closes the connection. */
  async *watch(path: string, query: Query, options: Omit<RequestOptions, 'query'> = {}): AsyncGenerator<WatchEvent> {
    const answer = await this.stream('GET', path, { ...options, query: { ...query, watch: 'true' } });
    try {
      for await (const line of lines(answer)) if (line) yield JSON.parse(line) as WatchEvent;
    } finally {
      answer.destroy();
    }
  }

  /** Headers that say who asks. */
  headers(): Record<string, string> {
    const { token, basic, impersonate } = this.target;
    const headers: Record<string, string> = { 'User-Agent': this.options.agent ?? 'kubectl' };
    if (token) headers['Authorization'] = `Bearer ${token}`;
    else if (basic)
      headers['Authorization'] = `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}`;
    if (impersonate) {
      headers['Impersonate-User'] = impersonate.user;
      if (impersonate.groups.length > 0) headers['Impersonate-Group'] = impersonate.groups.join(',');
      if (impersonate.uid) headers['Impersonate-Uid'] = impersonate.uid;
    }
    return headers;
  }

  close(): void {
    this.transport.close();
  }

  private async warn(answer: IncomingMessage): Promise<void> {
    for (const header of answer.headersDistinct['warning'] ?? [])
      for (const [, text] of header.matchAll(/299 \S+ ("(?:[^"\\]|\\.)*")/g)) {
        const warning = JSON.parse(text as string) as string;
        if (this.warned.has(warning)) continue;
        this.warned.add(warning);
        await this.proc.complain(`Warning: ${warning}\n`);
      }
  }
}

export function queryText(query: Query | undefined): string {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  if (pairs.length === 0) return '';
  return `?${pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`).join('&')}`;
}

async function* lines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const parts = rest.split('\n');
    rest = parts.pop() as string;
    yield* parts;
  }
  if (rest) yield rest;
}

function parseJson(text: string): Dyn {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(
      `couldn't get version/kind; json parse error: invalid character ${quote(text[0] ?? '')} looking for beginning of value`,
    );
  }
}

/** The error that an answer carries: its Status, or one made up from the HTTP status as client-go does. */
export function apiError(
  answer: { statusCode?: number | undefined; statusMessage?: string | undefined },
  text: string,
): ApiError {
  try {
    const body = JSON.parse(text) as Status & { kind?: string };
    if (body.kind === 'Status') return new ApiError(body);
  } catch {
    // not a Status: made up below
  }
  const code = answer.statusCode ?? 500;
  const [reason, message] = GENERIC[code] ?? [
    '',
    `the server responded with the status code ${code} but did not return more information`,
  ];
  return new ApiError({ status: 'Failure', code, reason, message: code === 401 ? message : message || text });
}

const GENERIC: Record<number, [reason: string, message: string]> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  403: ['Forbidden', 'unknown'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  409: ['Conflict', 'the server reported a conflict'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  500: ['InternalError', 'an error on the server has prevented the request from succeeding'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
};
