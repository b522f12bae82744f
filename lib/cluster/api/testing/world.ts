// An API server with nothing behind it, and a way to speak HTTP to it inside the process.
import { request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { Clock } from '../../../sim/clock';
import { Random } from '../../../sim/random';
import { State } from '../../../sim/state';
import type { ClusterSettings } from '../../resources/definition';
import { Registry } from '../../resources/registry';
import type { NetworkReviews } from '../../reviews';
import { ApiError } from '../../store/errors';
import { ObjectStore } from '../../store/store';
import type { Auth } from '../call';
import { Operations } from '../operations';
import { createApiServer } from '../server';
import type { PodStreams } from '../streams';
import { duplexPair } from './duplex-pair';

/** One user, who may do everything: for tests of what is not about access. */
const everyone: Auth = {
  whoCan: () => ({ users: [], groups: [] }),
  authenticate: (request) =>
    request.headers.authorization === 'Bearer admin-token' ? { name: 'admin', groups: ['system:masters'] } : undefined,
  authorize: () => ({ allowed: true, reason: '' }),
  rules: () => [],
  tokenUser: () => undefined,
  issueToken: () => '',
  revoke: () => false,
  checkEscalation: () => {},
  answer: () => false,
};

const absent = () => {
  throw new ApiError(501, 'NotImplemented', 'no containers here');
};

const streams: PodStreams = {
  usage: () => undefined,
  log: absent,
  exec: absent,
  attach: absent,
  portforward: absent,
  dial: absent,
};

export interface World {
  clock: Clock;
  operations: Operations;
  server: Server;
  /** Lets everyone do everything. */
  auth: Auth;
  bugs: unknown[];
  /** Status, headers and body of one request; `body` is sent as JSON unless it is text or bytes. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** A watch, open until it is closed. */
  watch(path: string, options?: CallOptions): Watching;
}

interface CallOptions {
  body?: unknown;
  type?: string;
  token?: string;
  headers?: Record<string, string>;
}

interface Watching {
  /** Every event so far, once the world has settled. */
  events(): Promise<WatchEvent[]>;
  /** Whether the server has ended it. */
  ended(): boolean;
  close(): void;
}

export interface WatchEvent {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into objects of any kind
  object: any;
}

interface Reply {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any kind
  json: any;
}

const DEFAULTS: ClusterSettings = {
  profile: 'kubernetes',
  serviceNetwork: '10.0.0.0/24',
  clusterNetwork: '10.8.0.0/14',
  hostPrefix: 23,
  baseDomain: 'example.com',
  apiUrl: 'https://127.0.0.1:6443',
};

export interface WorldOptions {
  /** Serves removed versions too. */
  legacy?: boolean;
  settings?: Partial<ClusterSettings>;
  auth?: (operations: Operations) => Auth;
  streams?: PodStreams;
  reviews?: NetworkReviews;
  sync?: () => Promise<void>;
}

export function openWorld(options: WorldOptions = {}): World {
  const clock = new Clock(Date.parse('2026-01-01T00:00:00Z'));
  const random = new Random(1);
  const settings = { ...DEFAULTS, ...options.settings };
  const store = new ObjectStore(new State(), clock, random);
  const operations = new Operations(
    new Registry(settings.profile, { legacy: options.legacy ?? false }),
    store,
    clock,
    random,
    settings,
  );
  for (const name of ['default', 'kube-system', 't1']) {
    operations.create('namespaces', { metadata: { name } });
    operations.create('serviceaccounts', { metadata: { name: 'default', namespace: name } });
  }
  const bugs: unknown[] = [];
  const server = createApiServer({
    operations,
    auth: options.auth?.(operations) ?? everyone,
    streams: options.streams ?? streams,
    ...(options.reviews && { reviews: options.reviews }),
    pull: (reference) => ({ error: `reading manifest of ${reference}: name unknown` }),
    sync: options.sync ?? (() => store.state.commit()),
    onBug: (error) => `${bugs.push(error)}`,
  });
  return {
    clock,
    operations,
    server,
    auth: everyone,
    bugs,
    call: (method, path, each) => call(server, method, path, each),
    watch: (path, each) => watch(server, clock, path, each),
  };
}

function call(
  server: Server,
  method: string,
  path: string,
  { body, type = 'application/json', token = 'admin-token', headers = {} }: CallOptions = {},
): Promise<Reply> {
  const [client, far] = duplexPair();
  server.emit('connection', far);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({
      method,
      path,
      createConnection: () => client,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': type }),
        ...headers,
      },
    });
    sent.on('error', reject);
    sent.on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      const json =
        /json/.test(response.headers['content-type'] ?? '') && !path.includes('watch=') ? JSON.parse(text) : undefined;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
    });
    sent.end(body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
}

function watch(
  server: Server,
  clock: Clock,
  path: string,
  { token = 'admin-token', headers = {} }: CallOptions = {},
): Watching {
  const [client, far] = duplexPair();
  server.emit('connection', far);
  let text = '';
  let ended = false;
  const sent = httpRequest({
    path,
    createConnection: () => client,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  sent.on('error', () => {});
  sent.on('response', (response) => {
    response.on('data', (chunk) => (text += chunk));
    response.on('end', () => (ended = true));
    response.on('error', () => (ended = true));
  });
  sent.end();
  return {
    events: async () => {
      await clock.settle();
      await clock.settle();
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as WatchEvent);
    },
    ended: () => ended,
    close: () => sent.destroy(),
  };
}
