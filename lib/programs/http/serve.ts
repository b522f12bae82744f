// An HTTP server of a program: accepts, reads requests, answers, keeps connections alive.
import { Errno } from '../../machine/errno';
import type { Connection, Listener } from '../../machine/net';
import type { Process } from '../../machine/process';
import { BadMessage, header, MessageReader, type Request, type Response, responseBytes } from './message';

export type Handler = (request: Request, connection: Connection) => Promise<Response> | Response;

/** Serves until the listener closes or the process ends. */
export async function serveHttp(proc: Process, listener: Listener, handler: Handler): Promise<void> {
  for (
    let connection = await listener.accept(proc.killed);
    connection;
    connection = await listener.accept(proc.killed)
  ) {
    const accepted = connection;
    void serveOne(proc, accepted, handler)
      .catch((error: unknown) => {
        const gone =
          proc.killed.aborted ||
          error instanceof Errno ||
          error instanceof BadMessage ||
          (error as { code?: string }).code === 'EPIPE';
        if (!gone) proc.machine.reportBug(error);
      })
      .finally(() => accepted.close());
  }
}

export async function serveOne(proc: Process, connection: Connection, handler: Handler): Promise<void> {
  const reader = new MessageReader(connection, proc.killed);
  while (true) {
    const request = await next(reader, connection);
    if (!request) return;
    const asked = header(request, 'connection')?.toLowerCase();
    const close = asked === 'close' || (request.version === 'HTTP/1.0' && asked !== 'keep-alive');
    const response = await handler(request, connection);
    await connection.write(responseBytes(response, request.method, close), proc.killed);
    if (close) return connection.end();
  }
}

async function next(reader: MessageReader, connection: Connection): Promise<Request | null> {
  try {
    return await reader.request();
  } catch (error) {
    if (!(error instanceof BadMessage)) throw error;
    const body =
      '<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n</body>\r\n</html>\r\n';
    await connection.write(responseBytes({ status: 400, headers: [['Content-Type', 'text/html']], body }, 'GET', true));
    return null;
  }
}

/** Ends a server in order when it is asked to, with this status. */
export function stopOn(
  proc: Process,
  listeners: Listener[],
  signals: ('SIGTERM' | 'SIGINT' | 'SIGQUIT')[] = ['SIGTERM', 'SIGINT', 'SIGQUIT'],
): void {
  const stop = () => {
    for (const listener of listeners) listener.close();
  };
  for (const signal of signals) proc.on(signal, stop);
}

/** Path and query of a request's target. */
export function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const [path = '/', query = ''] = target.replace(/^https?:\/\/[^/]*/, '').split('?');
  return { path: safeDecode(path || '/'), query: new URLSearchParams(query) };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
