// Google's guestbook: a PHP front end over a redis leader and its followers.
import { Errno, strerror } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { goServer } from '../http/go-server';
import type { Response } from '../http/message';
import { splitTarget } from '../http/serve';
import { type Reply, RespReader, replyText, requestBytes } from '../redis/resp';

const REDIS_PORT = 6379;
const TIMEOUT_MS = 5000;

const page = (body: string, type = 'text/html', status = 200): Response => ({
  status,
  headers: [
    ['Server', 'Apache/2.4.52 (Debian)'],
    ['X-Powered-By', 'PHP/7.4.28'],
    ['Content-Type', type],
  ],
  body,
});

/** gb-frontend: / is the page, guestbook.php reads and writes. */
export const guestbookFrontend: Program = async (proc) => {
  await proc.complain(
    `AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using ${proc.machine.net.addresses()[0]}. Set the 'ServerName' directive globally to suppress this message\n`,
  );
  return goServer(proc, [80], async (request, connection) => {
    const response = await answer(proc, request.target);
    await proc.print(
      `${connection.remoteAddress} - - [${new Date(proc.machine.clock.now()).toUTCString()}] "${request.method} ${request.target} ${request.version}" ${response.status} ${response.body.length}\n`,
    );
    return response;
  });
};

async function answer(proc: Process, target: string): Promise<Response> {
  const { path, query } = splitTarget(target);
  if (path === '/' || path === '/index.html') return page(FRONT);
  if (path !== '/guestbook.php') return page('<h1>Not Found</h1>\n', 'text/html; charset=iso-8859-1', 404);
  const key = query.get('key') ?? 'messages';
  const [role, words] =
    query.get('cmd') === 'set' ? ['leader', ['SET', key, query.get('value') ?? '']] : ['follower', ['GET', key]];
  try {
    const reply = await ask(proc, hostOf(proc, role as 'leader' | 'follower'), words as string[]);
    if (role === 'leader') return page('{"message": "Updated"}', 'application/json');
    return page(`{"data": "${typeof reply === 'string' ? reply : ''}"}`, 'application/json');
  } catch (error) {
    if (!(error instanceof Errno || error instanceof NameError) || proc.killed.aborted) throw error;
    const why =
      error instanceof Errno
        ? strerror(error)
        : 'php_network_getaddresses: getaddrinfo failed: Name or service not known';
    await proc.complain(
      `PHP Fatal error:  Uncaught Predis\\Connection\\ConnectionException: ${why} [tcp://${hostOf(proc, role as 'leader')}:${REDIS_PORT}]\n`,
    );
    return page('', 'text/html', 500);
  }
}

/** By the service's name, or by the variables of a service that was there first. */
function hostOf(proc: Process, role: 'leader' | 'follower'): string {
  if (proc.env['GET_HOSTS_FROM'] === 'env') return proc.env[`REDIS_${role.toUpperCase()}_SERVICE_HOST`] ?? '';
  return `redis-${role}`;
}

async function ask(proc: Process, host: string, words: string[]): Promise<Reply> {
  const [address = ''] = await proc.resolve(host);
  const connection = await proc.connect(address, REDIS_PORT, { timeoutMs: TIMEOUT_MS });
  try {
    await connection.write(requestBytes(words), proc.killed);
    return (await new RespReader(connection, proc.killed).reply()) ?? null;
  } finally {
    connection.close();
  }
}

const WRITES = /^(SET|SETEX|SETNX|DEL|INCR|DECR|INCRBY|APPEND|LPUSH|RPUSH|SADD|HSET|EXPIRE|FLUSHALL|FLUSHDB)$/i;

/**
 * gb-redis-follower: answers reads of what the leader holds, refuses writes.
 * DIFFERS: it asks the leader for each read instead of keeping a copy.
 */
export const redisFollower: Program = async (proc) => {
  const leader = proc.env['GET_HOSTS_FROM'] === 'env' ? (proc.env['REDIS_LEADER_SERVICE_HOST'] ?? '') : 'redis-leader';
  const listener = proc.listen(REDIS_PORT);
  await proc.print(
    `${proc.pid}:S Connecting to MASTER ${leader}:${REDIS_PORT}\n${proc.pid}:S Ready to accept connections\n`,
  );
  for (const signal of ['SIGTERM', 'SIGINT'] as const) proc.on(signal, () => listener.close());
  for (let peer = await listener.accept(proc.killed); peer; peer = await listener.accept(proc.killed)) {
    const connection = peer;
    const serve = async () => {
      const reader = new RespReader(connection, proc.killed);
      for (let words = await reader.request(); words; words = await reader.request())
        await connection.write(new TextEncoder().encode(replyText(await follow(proc, leader, words))), proc.killed);
    };
    void serve()
      .catch((error: unknown) => {
        if (!proc.killed.aborted && !(error instanceof Errno) && (error as { code?: string }).code !== 'EPIPE')
          proc.machine.reportBug(error);
      })
      .finally(() => connection.close());
  }
  return 0;
};

async function follow(proc: Process, leader: string, words: string[]): Promise<Reply> {
  if (/^PING$/i.test(words[0] ?? '')) return { status: 'PONG' };
  if (WRITES.test(words[0] ?? '')) return { error: "READONLY You can't write against a read only replica." };
  try {
    return await ask(proc, leader, words);
  } catch (error) {
    if (!(error instanceof Errno || error instanceof NameError)) throw error;
    return { error: "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'." };
  }
}

const FRONT =
  '<html ng-app="redis">\n  <head>\n    <title>Guestbook</title>\n  </head>\n  <body ng-controller="RedisCtrl">\n    <div>\n      <h2>Guestbook</h2>\n      <form>\n        <fieldset>\n          <input ng-model="msg" placeholder="Messages" type="text" name="input"><br>\n          <button type="button" ng-click="controller.onRedis()">Submit</button>\n        </fieldset>\n      </form>\n    </div>\n  </body>\n</html>\n';
