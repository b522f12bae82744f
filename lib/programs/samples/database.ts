// A MySQL connection of a sample application, as its driver opens it.
import { Errno } from '../../machine/errno';
import type { Process } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { ClientConnection, type ClientResult, type Credentials, LostConnection } from '../mysql-client/connection';
import { SqlError } from '../mysql-protocol/errors';

const CONNECT_TIMEOUT_MS = 10_000;
const decoder = new TextDecoder();

/** Connects for one piece of work. Throws NameError, Errno, SqlError. */
export async function withDatabase<T>(
  proc: Process,
  where: Credentials & { host: string; port?: number },
  work: (query: (sql: string) => Promise<(string | null)[][]>) => Promise<T>,
): Promise<T> {
  const [address = ''] = await proc.resolve(where.host);
  const stream = await proc.connect(address, where.port ?? 3306, { timeoutMs: CONNECT_TIMEOUT_MS });
  const connection = new ClientConnection(stream, proc.killed);
  try {
    await connection.login(where);
    return await work(async (sql) => {
      let rows: (string | null)[][] = [];
      for await (const result of connection.query(sql)) rows = textRows(result);
      return rows;
    });
  } finally {
    stream.close();
  }
}

const textRows = (result: ClientResult): (string | null)[][] =>
  result.k === 'rows' ? result.rows.map((row) => row.map((cell) => (cell ? decoder.decode(cell) : null))) : [];

/** A text in a statement. */
export const literal = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`;

/** What went wrong, as a Go driver says it. */
export function reason(error: unknown, host: string): string {
  if (error instanceof NameError) return `dial tcp: lookup ${host}: ${error.message.toLowerCase()}`;
  if (error instanceof SqlError) return `Error ${error.code} (${error.state}): ${error.message}`;
  if (error instanceof Errno) return `dial tcp ${host}:3306: connect: ${error.message.toLowerCase()}`;
  if (error instanceof LostConnection) return 'unexpected EOF';
  throw error;
}

/** An error that the world has, not the program. */
export const isOutside = (error: unknown): boolean =>
  [Errno, NameError, SqlError, LostConnection].some((kind) => error instanceof kind);
