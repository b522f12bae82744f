// A server written in Go, as most demonstrations are: what they share.
import { Errno, strerror } from '../../machine/errno';
import type { Listener } from '../../machine/net';
import type { Process } from '../../machine/process';
import { httpDate, type Response } from './message';
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
  const dated: Handler = async (request, connection) => {
    const response = await handler(request, connection);
    return { ...response, headers: [['Date', httpDate(proc.machine.clock.now())], ...response.headers] };
  };
  let status = 0;
  proc.on('SIGTERM', () => {
    status = 143;
    for (const listener of listeners) listener.close();
  });
  proc.on('SIGINT', () => {
    status = 130;
    for (const listener of listeners) listener.close();
  });
  await Promise.all(listeners.map((listener) => serveHttp(proc, listener, dated)));
  return status;
}

/** The time as Go's log package writes it. */
export const goTime = (proc: Process): string =>
  new Date(proc.machine.clock.now()).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');
