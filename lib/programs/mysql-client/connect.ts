// Reaching a server as the client library does: by name and TCP, or by the local socket; its own errors 2002, 2003, 2005.
import { Errno } from '../../machine/errno';
import type { Process } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { connectLocal } from '../local-socket';
import { SqlError } from '../mysql-protocol/errors';
import type { ByteStream } from '../mysql-protocol/packets';
import { ClientConnection, LostConnection } from './connection';
import type { ClientOptions } from './options';

const NUMBERS: Record<string, number> = {
  ENOENT: 2,
  EACCES: 13,
  ECONNREFUSED: 111,
  ETIMEDOUT: 110,
  EHOSTUNREACH: 113,
  ENETUNREACH: 101,
  ECONNRESET: 104,
};

const usesSocket = ({ host, protocol }: ClientOptions): boolean =>
  protocol === 'socket' || (protocol !== 'tcp' && (host === undefined || host === '' || host === 'localhost'));

/** Connects and logs in. Throws SqlError with the client library's or the server's text. */
export async function connect(proc: Process, options: ClientOptions): Promise<ClientConnection> {
  const stream = usesSocket(options) ? localStream(proc, options.socket) : await tcpStream(proc, options);
  const connection = new ClientConnection(stream, proc.killed);
  try {
    await connection.login({ user: options.user, password: options.password ?? '', database: options.database });
  } catch (error) {
    stream.close();
    if (error instanceof LostConnection || error instanceof Errno)
      throw new SqlError(
        2013,
        'HY000',
        `Lost connection to MySQL server at 'reading initial communication packet', system error: ${error instanceof Errno ? (NUMBERS[error.code] ?? 0) : 0}`,
      );
    throw error;
  }
  return connection;
}

function localStream(proc: Process, path: string): ByteStream & { close(): void } {
  try {
    return connectLocal(proc, path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new SqlError(
      2002,
      'HY000',
      `Can't connect to local MySQL server through socket '${path}' (${NUMBERS[error.code] ?? 2})`,
    );
  }
}

async function tcpStream(
  proc: Process,
  { host = '127.0.0.1', port }: ClientOptions,
): Promise<ByteStream & { close(): void }> {
  const name = host || '127.0.0.1';
  let addresses: string[];
  try {
    addresses = name === 'localhost' ? ['127.0.0.1'] : await proc.resolve(name);
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    throw new SqlError(2005, 'HY000', `Unknown MySQL server host '${name}' (${error.code === 'EAI_AGAIN' ? -3 : -2})`);
  }
  let failure: Errno | undefined;
  for (const address of addresses) {
    try {
      return await proc.connect(address, port);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      failure = error;
    }
  }
  throw new SqlError(
    2003,
    'HY000',
    `Can't connect to MySQL server on '${name}:${port}' (${NUMBERS[failure?.code ?? ''] ?? 111})`,
  );
}

/** Asks for a password on the terminal, without echo. */
export async function askPassword(proc: Process, prompt = 'Enter password: '): Promise<string> {
  await proc.complain(prompt);
  const { terminal } = proc;
  if (terminal) terminal.termios = { ...terminal.termios, echo: false };
  try {
    let text = '';
    while (!text.includes('\n')) {
      const chunk = await proc.read(0, 1);
      if (!chunk) break;
      text += new TextDecoder().decode(chunk);
    }
    return text.replace(/\n$/, '');
  } finally {
    if (terminal) terminal.termios = { ...terminal.termios, echo: true };
    await proc.complain('\n');
  }
}
