// redis-cli: one command from its arguments, or a prompt.
import { Errno, strerror } from '../machine/errno';
import type { Connection } from '../machine/net';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';
import { getopt } from './getopt';
import { type Reply, RespReader, requestBytes } from './redis/resp';

export const redisCli: Program = async (proc) => {
  if (/^(--version|-v)$/.test(proc.argv[1] ?? ''))
    return proc.print(`redis-cli ${proc.env['REDIS_VERSION'] || '7.4.1'}\n`).then(() => 0);
  const options = getopt(proc.argv, 'h:p:a:n:u:', { 'no-auth-warning': 'q', raw: 'raw', 'pass=': 'a' }, true);
  if (options.error)
    return proc.complain(`Unrecognized option or bad number of args for: '${proc.argv[1] ?? ''}'\n`).then(() => 1);
  const host = options.get('h') ?? '127.0.0.1';
  const port = Number(options.get('p') ?? 6379);
  const password = options.get('a') ?? proc.env['REDISCLI_AUTH'];
  if (options.has('a') && !options.has('q'))
    await proc.complain(
      "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n",
    );
  const connection = await open(proc, host, port);
  if (typeof connection === 'string')
    return proc.complain(`Could not connect to Redis at ${host}:${port}: ${connection}\n`).then(() => 1);
  const reader = new RespReader(connection, proc.killed);
  const ask = async (words: string[]): Promise<Reply | undefined> => {
    await connection.write(requestBytes(words), proc.killed);
    return reader.reply();
  };
  const pretty = proc.stdout.terminal !== undefined && !options.has('raw');
  try {
    if (password !== undefined) await ask(['AUTH', password]);
    if (options.rest.length > 0) {
      const reply = await ask(options.rest);
      if (reply === undefined) return proc.complain('Error: Server closed the connection\n').then(() => 1);
      await proc.print(`${shown(reply, pretty)}\n`);
      return typeof reply === 'object' && reply !== null && 'error' in reply ? 1 : 0;
    }
    return await prompt(proc, `${host}:${port}> `, ask, pretty);
  } finally {
    connection.close();
  }
};

async function open(proc: Process, host: string, port: number): Promise<Connection | string> {
  try {
    const [address = host] = await proc.resolve(host);
    return await proc.connect(address, port);
  } catch (error) {
    if (error instanceof NameError) return error.message;
    if (error instanceof Errno) return strerror(error);
    throw error;
  }
}

async function prompt(
  proc: Process,
  text: string,
  ask: (words: string[]) => Promise<Reply | undefined>,
  pretty: boolean,
): Promise<number> {
  if (pretty) await proc.print(text);
  for await (const line of proc.lines()) {
    const words = [...line.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|(\S+)/g)].map(
      (match) => match[1] ?? match[2] ?? match[3] ?? '',
    );
    if (/^(exit|quit)$/i.test(words[0] ?? '')) return 0;
    if (words.length > 0) {
      const reply = await ask(words);
      if (reply === undefined) return 1;
      await proc.print(`${shown(reply, pretty)}\n`);
    }
    if (pretty) await proc.print(text);
  }
  return 0;
}

/** With types for a person at a terminal, bare for a script. */
function shown(reply: Reply, pretty: boolean, indent = ''): string {
  if (reply === null) return pretty ? '(nil)' : '';
  if (typeof reply === 'number') return pretty ? `(integer) ${reply}` : String(reply);
  if (typeof reply === 'string') return pretty && !reply.includes('\r\n') ? JSON.stringify(reply) : reply;
  if (!Array.isArray(reply)) return 'status' in reply ? reply.status : `${pretty ? '(error) ' : ''}${reply.error}`;
  if (!pretty) return reply.map((item) => shown(item, false)).join('\n');
  if (reply.length === 0) return '(empty array)';
  return reply.map((item, i) => `${i > 0 ? indent : ''}${i + 1}) ${shown(item, true, `${indent}   `)}`).join('\n');
}
