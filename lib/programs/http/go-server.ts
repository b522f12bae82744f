// A server written in Go, as most demonstrations are: what they share.
import { Errno, strerror } from '../../machine/errno';
import type { Connection, Listener } from '../../machine/net';
import { Exit, type Process } from '../../machine/process';
import { httpDate, type Request, type Response } from './message';
import { type Handler, serveHttp } from './serve';

export const plain = (body: string, status = 200): Response => ({
  status,
  headers: [['Content-Type', 'text/plain; charset=utf-8']],
  body,
});

/** Listens on ports and serves until a signal; a port that is taken ends it with Go's words. */
export async function goServer(proc: Process, ports: number[], handler: Handler): Promise<number> {
  const listeners: Listener[] = [];
  for (const port of ports) {
    try {
      listeners.push(proc.listen(port));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await proc.complain(`panic: ListenAndServe: listen tcp :${port}: bind: ${strerror(error).toLowerCase()}\n`);
      return 2;
    }
  }
  let status = 0;
  const stop = (code: number) => {
    status = code;
    for (const listener of listeners) listener.close();
  };
  const dated: Handler = async (request, connection) => {
    const response = await answered(request, connection, handler, stop);
    return { ...response, headers: [['Date', httpDate(proc.machine.clock.now())], ...response.headers] };
  };
  proc.on('SIGTERM', () => stop(143));
  proc.on('SIGINT', () => stop(130));
  await Promise.all(listeners.map((listener) => serveHttp(proc, listener, dated)));
  return status;
}

/** A handler that calls `proc.exit` ends the server, and its client gets no answer. */
async function answered(
  request: Request,
  connection: Connection,
  handler: Handler,
  stop: (code: number) => void,
): Promise<Response> {
  try {
    return await handler(request, connection);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    stop(error.code);
    throw new Errno('EPIPE');
  }
}

/** The time as Go's log package writes it. */
export const goTime = (proc: Process): string =>
  new Date(proc.machine.clock.now()).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');
