// A server of a text protocol: accepts connections and converses, until it is told to stop.
import { Errno, strerror } from '../../machine/errno';
import type { Connection, Listener } from '../../machine/net';
import type { Process } from '../../machine/process';

/** Serves connections on a port; gives the status of its end. A port that is taken is said by `failed`. */
export async function serveTcp(
  proc: Process,
  port: number,
  converse: (connection: Connection) => Promise<void>,
  failed: (reason: string) => Promise<number>,
): Promise<number> {
  let listener: Listener;
  try {
    listener = proc.listen(port);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return failed(strerror(error));
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) proc.on(signal, () => listener.close());
  for (let next = await listener.accept(proc.killed); next; next = await listener.accept(proc.killed)) {
    const connection = next;
    void converse(connection)
      .catch((error: unknown) => {
        const isGone = proc.killed.aborted || error instanceof Errno || (error as { code?: string }).code === 'EPIPE';
        if (!isGone) proc.machine.reportBug(error);
      })
      .finally(() => connection.close());
  }
  return 0;
}
