// One request to a server, as samples make it to another service.
import type { Process } from '../../machine/process';
import { MessageReader, type Request, type Response, requestBytes } from './message';

const TIMEOUT_MS = 30_000;

/** Sends a request by name and port, and waits for the answer. Throws Errno and NameError. */
export async function exchange(
  proc: Process,
  { host, port }: { host: string; port: number },
  request: Pick<Request, 'method' | 'target' | 'headers' | 'body'>,
): Promise<Response> {
  const [address = ''] = await proc.resolve(host);
  const connection = await proc.connect(address, port, { timeoutMs: TIMEOUT_MS });
  try {
    const headers: [string, string][] = [...request.headers, ['Connection', 'close']];
    await connection.write(requestBytes({ ...request, version: 'HTTP/1.1', headers }), proc.killed);
    return await new MessageReader(connection, proc.killed).response(request.method);
  } finally {
    connection.close();
  }
}
