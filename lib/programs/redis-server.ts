// redis-server: keys over RESP, saved to its directory after every change.
// DIFFERS: each change is saved at once, so that a restart finds it; the real server does so by its save points.
import { Errno, strerror } from '../machine/errno';
import type { Connection, Listener } from '../machine/net';
import type { Process, Program } from '../machine/process';
import { Keys } from './redis/keys';
import { type Reply, RespReader, replyText } from './redis/resp';

const version = (proc: Process): string => proc.env['REDIS_VERSION'] || '7.4.1';

export const redisServer: Program = async (proc) => {
  if (/^(--version|-v)$/.test(proc.argv[1] ?? ''))
    return proc
      .print(`Redis server v=${version(proc)} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=0\n`)
      .then(() => 0);
  const option = (name: string) =>
    proc.argv.includes(`--${name}`) ? proc.argv[proc.argv.indexOf(`--${name}`) + 1] : undefined;
  const port = Number(option('port') ?? 6379);
  const password = option('requirepass') ?? proc.env['REDIS_PASSWORD'];
  const path = `${proc.cwd}/dump.rdb`.replace('//', '/');
  const log = (mark: string, text: string) => proc.print(`${proc.pid}:M ${stamp(proc)} ${mark} ${text}\n`);
  await proc.print(
    `${proc.pid}:C ${stamp(proc)} * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n${proc.pid}:C ${stamp(proc)} * Redis version=${version(proc)}, bits=64, commit=00000000, modified=0, pid=${proc.pid}, just started\n`,
  );
  let listener: Listener;
  try {
    listener = proc.listen(port);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await log('#', `Warning: Could not create server TCP listening socket *:${port}: bind: ${strerror(error)}`);
    await log('#', 'Failed listening on port 6379 (tcp), aborting.');
    return 1;
  }
  const keys = new Keys(
    () => proc.machine.clock.now(),
    proc.files.exists(path) ? proc.files.readText(path) : undefined,
  );
  await log('*', `Running mode=standalone, port=${port}.`);
  await log('*', 'Server initialized');
  await log('*', 'Ready to accept connections tcp');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) proc.on(signal, () => listener.close());
  const save = async () => {
    if (!keys.changed) return;
    proc.files.write(path, keys.save());
    proc.machine.mounts.flush();
    await proc.machine.sync();
  };
  for (
    let connection = await listener.accept(proc.killed);
    connection;
    connection = await listener.accept(proc.killed)
  ) {
    const accepted = connection;
    void serve(proc, accepted, keys, password, save)
      .catch((error: unknown) => {
        if (!proc.killed.aborted && !(error instanceof Errno) && (error as { code?: string }).code !== 'EPIPE')
          proc.machine.reportBug(error);
      })
      .finally(() => accepted.close());
  }
  await log('*', 'User requested shutdown...');
  await log('#', 'Redis is now ready to exit, bye bye...');
  return 0;
};

function stamp(proc: Process): string {
  const [, day, month, year] = new Date(proc.machine.clock.now()).toUTCString().split(' ');
  return `${day} ${month} ${year} ${new Date(proc.machine.clock.now()).toISOString().slice(11, 23)}`;
}

async function serve(
  proc: Process,
  connection: Connection,
  keys: Keys,
  password: string | undefined,
  save: () => Promise<void>,
): Promise<void> {
  const reader = new RespReader(connection, proc.killed);
  let allowed = password === undefined;
  for (let words = await reader.request(); words; words = await reader.request()) {
    if (words.length === 0) continue;
    const name = (words[0] ?? '').toUpperCase();
    let reply: Reply;
    if (name === 'AUTH') {
      allowed = words.at(-1) === password;
      reply =
        password === undefined
          ? {
              error:
                'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
            }
          : allowed
            ? { status: 'OK' }
            : { error: 'WRONGPASS invalid username-password pair or user is disabled.' };
      if (password === undefined) allowed = true;
    } else if (!allowed) reply = { error: 'NOAUTH Authentication required.' };
    else if (name === 'QUIT') reply = { status: 'OK' };
    else if (name === 'INFO')
      reply = `# Server\r\nredis_version:${version(proc)}\r\nredis_mode:standalone\r\nos:Linux\r\ntcp_port:6379\r\n\r\n# Replication\r\nrole:master\r\nconnected_slaves:0\r\n\r\n# Keyspace\r\n${keys.size > 0 ? `db0:keys=${keys.size},expires=0,avg_ttl=0\r\n` : ''}`;
    else reply = keys.run(words);
    await save();
    await connection.write(new TextEncoder().encode(replyText(reply)), proc.killed);
    if (name === 'QUIT') return;
  }
}
