// An HTTP server of a program: accepts, reads requests, answers, keeps connections alive.
import { Errno } from '../../machine/errno';
import type { Connection, Listener } from '../../machine/net';
import type { Process } from '../../machine/process';
import { type Certificate, TlsError, tlsAccept } from '../../machine/tls';
import { BadMessage, header, MessageReader, type Request, type Response, responseBytes } from './message';

export type Handler = (request: Request, connection: Connection) => Promise<Response> | Response;

/** Serves until the listener closes or the process ends. */
export const serveHttp = (proc: Process, listener: Listener, handler: Handler): Promise<void> =>
  accepting(proc, listener, (connection) => serveOne(proc, connection, handler));

/** The same over TLS, with the certificate for the name that the client asks for. */
export const serveHttps = (
  proc: Process,
  listener: Listener,
  handler: Handler,
  choose: (servername: string) => Certificate,
): Promise<void> =>
  accepting(proc, listener, async (connection) => {
    await tlsAccept(connection, choose);
    await serveOne(proc, connection, handler);
  });

async function accepting(
  proc: Process,
  listener: Listener,
  serve: (connection: Connection) => Promise<void>,
): Promise<void> {
  for (
    let connection = await listener.accept(proc.killed);
    connection;
    connection = await listener.accept(proc.killed)
  ) {
    const accepted = connection;
    void serve(accepted)
      .catch((error: unknown) => {
        const gone =
          proc.killed.aborted ||
          error instanceof Errno ||
          error instanceof BadMessage ||
          error instanceof TlsError ||
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

/** A server beside the main one: it ends with its process. */
export function beside(proc: Process, work: Promise<unknown>): void {
  void work.catch((error: unknown) => {
    if (!proc.killed.aborted) proc.machine.reportBug(error);
  });
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
