// DockerCoins, the five services of container.training: a worker asks rng for random bytes and hasher for their hash, and counts in
// redis; webui shows the count. And jpetazzo/color, which tells who serves.
import { createHash } from 'node:crypto';
import { Errno, strerror } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { clf } from '../http/clf';
import { exchange } from '../http/client';
import { goServer, plain } from '../http/go-server';
import { header, type Request, type Response } from '../http/message';
import { splitTarget } from '../http/serve';
import { type Reply, RespReader, requestBytes } from '../redis/resp';
import { escaped, html, json } from './answers';
import { flask } from './flask';

const DELAY_MS = 100; // each of the services waits so long, to look busy
const MOST_BYTES = 1024 * 1024;

export const rng: Program = (proc) =>
  flask(proc, 80, async (request) => {
    const { path } = splitTarget(request.target);
    if (path === '/') return html(`RNG running on ${proc.machine.hostname}\n`);
    const count = /^\/(\d+)$/.exec(path)?.[1];
    if (count === undefined) return plain('Not Found\n', 404);
    await proc.sleep(DELAY_MS);
    const body = Uint8Array.from({ length: Math.min(Number(count), MOST_BYTES) }, () => proc.machine.random.int(256));
    return { status: 200, headers: [['Content-Type', 'application/octet-stream']], body };
  });

export const hasher: Program = async (proc) => {
  await proc.complain(
    `== Sinatra (v3.2.0) has taken the stage on 80 for development with backup from Thin\n2 threads, max connections 1024\nListening on :::80, CTRL+C to stop\n`,
  );
  return goServer(proc, [80], async (request, connection) => {
    const response = await hashed(proc, request);
    await proc.complain(
      `${connection.remoteAddress} - - [${clf(proc.machine.clock.now())}] "${request.method} ${request.target} ${request.version}" ${response.status} ${response.body.length} 0.1000\n`,
    );
    return response;
  });
};

async function hashed(proc: Process, request: Request): Promise<Response> {
  if (splitTarget(request.target).path !== '/') return html('<h1>Not Found</h1>', 404);
  if (request.method === 'GET') return html(`HASHER running on ${proc.machine.hostname}\n`);
  await proc.sleep(DELAY_MS);
  return plain(createHash('sha256').update(request.body).digest('hex'));
}

/** A connection to redis that is kept. */
class Redis {
  private constructor(
    private readonly proc: Process,
    private readonly connection: Connection,
    private readonly reader: RespReader,
  ) {}

  static async open(proc: Process): Promise<Redis> {
    const [address = ''] = await proc.resolve('redis');
    const connection = await proc.connect(address, 6379, { timeoutMs: 30_000 });
    return new Redis(proc, connection, new RespReader(connection, proc.killed));
  }

  async ask(...words: string[]): Promise<Reply> {
    await this.connection.write(requestBytes(words), this.proc.killed);
    const reply = await this.reader.reply();
    if (reply === undefined) throw new Errno('ECONNRESET');
    return reply;
  }

  close(): void {
    this.connection.close();
  }
}

const RETRY_MS = 10_000;
const INTERVAL_MS = 1000;

export const worker: Program = async (proc) => {
  for (;;) {
    try {
      await work(proc);
    } catch (error) {
      if (proc.killed.aborted || !(error instanceof Errno || error instanceof NameError)) throw error;
      const why = error instanceof Errno ? strerror(error) : 'Name or service not known';
      await proc.complain(
        `ERROR:__main__:In work loop:\nTraceback (most recent call last):\nConnectionError: ${why}\nERROR:__main__:Waiting 10s and restarting.\n`,
      );
      await proc.sleep(RETRY_MS);
    }
  }
};

async function work(proc: Process): Promise<void> {
  const redis = await Redis.open(proc);
  try {
    let deadline = 0;
    for (let done = 0; ; done++) {
      const now = proc.machine.clock.now();
      if (now > deadline) {
        await proc.complain(`INFO:__main__:${done} units of work done, updating hash counter\n`);
        await redis.ask('INCRBY', 'hashes', String(done));
        done = 0;
        deadline = now + INTERVAL_MS;
      }
      await proc.sleep(DELAY_MS);
      await mine(proc, redis);
    }
  } finally {
    redis.close();
  }
}

async function mine(proc: Process, redis: Redis): Promise<void> {
  const agent: [string, string] = ['User-Agent', 'python-requests/2.32.3'];
  const get = {
    method: 'GET',
    target: '/32',
    headers: [['Host', 'rng'], agent] as [string, string][],
    body: new Uint8Array(),
  };
  const random = bytesOf((await exchange(proc, { host: 'rng', port: 80 }, get)).body);
  const post = {
    method: 'POST',
    target: '/',
    headers: [
      ['Host', 'hasher'],
      agent,
      ['Content-Type', 'application/octet-stream'],
      ['Content-Length', String(random.length)],
    ] as [string, string][],
    body: random,
  };
  const hash = new TextDecoder().decode(bytesOf((await exchange(proc, { host: 'hasher', port: 80 }, post)).body));
  if (!hash.startsWith('0')) return;
  await proc.complain(`INFO:__main__:Coin found: ${hash.slice(0, 8)}...\n`);
  const made = await redis.ask('HSET', 'wallet', hash, Buffer.from(random).toString('hex'));
  if (String(made) === '0') await proc.complain('INFO:__main__:We already had that coin\n');
}

const bytesOf = (body: Response['body']): Uint8Array =>
  typeof body === 'string' ? new TextEncoder().encode(body) : body;

export const webui: Program = async (proc) => {
  await proc.print('WEBUI running on port 80\n');
  return goServer(proc, [80], async (request, connection) => {
    const response = await shown(proc, request);
    await proc.print(
      `${connection.remoteAddress} - - [${clf(proc.machine.clock.now())}] "${request.method} ${request.target} ${request.version}" ${response.status} ${response.body.length}\n`,
    );
    return { ...response, headers: [['X-Powered-By', 'Express'], ...response.headers] };
  });
};

async function shown(proc: Process, request: Request): Promise<Response> {
  const { path } = splitTarget(request.target);
  if (path === '/')
    return { ...plain('Found. Redirecting to /index.html', 302), headers: [['Location', '/index.html']] };
  if (path === '/index.html')
    return html(
      '<!doctype html>\n<html>\n<head>\n<title>DockerCoin Miner WebUI</title>\n</head>\n<body>\n<h1>DockerCoin Miner WebUI</h1>\n<div id="graph"></div>\n<h2>\nCurrent mining speed: <span id="speed">-</span>\n</h2>\n</body>\n</html>\n',
    );
  if (path !== '/json') return html(`<!DOCTYPE html>\n<pre>Cannot ${request.method} ${escaped(path)}</pre>\n`, 404);
  try {
    const redis = await Redis.open(proc);
    const [coins, hashes] = [await redis.ask('HLEN', 'wallet'), await redis.ask('GET', 'hashes')];
    redis.close();
    return json({
      coins: Number(coins),
      hashes: hashes === null ? null : String(hashes),
      now: proc.machine.clock.now() / 1000,
    });
  } catch (error) {
    if (proc.killed.aborted || !(error instanceof Errno || error instanceof NameError)) throw error;
    await proc.complain(`Redis error Error: connect ECONNREFUSED redis:6379\n`);
    return html('<!DOCTYPE html>\n<pre>Internal Server Error</pre>\n', 500);
  }
}

const CIRCLES: Record<string, string> = {
  red: '🔴',
  orange: '🟠',
  yellow: '🟡',
  green: '🟢',
  blue: '🔵',
  purple: '🟣',
  brown: '🟤',
  black: '⚫',
  white: '⚪',
};

/** jpetazzo/color: says which pod serves, in the colour that its name begins with. */
export const webcolor: Program = async (proc) => {
  const port = Number(proc.env['PORT'] || 80);
  await proc.print(`Starting HTTP server (linux/amd64) listening on port ${port}.\n`);
  return goServer(proc, [port], async (request, connection) => {
    const host = proc.env['HOSTNAME'] ?? '';
    const namespace = proc.env['NAMESPACE'] || namespaceOf(proc);
    const name = namespace ? `pod ${namespace}/${host}` : host;
    const color = host.split('-')[0] ?? '';
    const circles = (CIRCLES[namespace] ?? '') + (CIRCLES[color] ?? '');
    const client = `${connection.remoteAddress}:${connection.remotePort}`;
    await proc.print(
      `${client} ${request.method} ${request.target} ${request.version} [${header(request, 'user-agent') ?? ''}]\n`,
    );
    const inside = `${circles}This is ${name} on linux/amd64, serving ${request.target} for ${client}.\n`;
    return html(
      `<!DOCTYPE html>\r<html>\r<body style="background: ${namespace}; text-align: center;">\r<div style="padding: 4em;"></div>\r<span style="padding: 4em; background: ${color};">\r<span style="padding: 2px; background: white;">\r${inside}</span>\r</span>\r</body>\r</html>\r`,
    );
  });
};

function namespaceOf(proc: Process): string {
  const path = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';
  return proc.files.exists(path) ? proc.files.readText(path) : '';
}
