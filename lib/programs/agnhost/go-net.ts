// What several commands of agnhost share: Go's durations and errors of its net package, SCTP requests, TLS servers.
import { Errno } from '../../machine/errno';
import type { Connection, Listener } from '../../machine/net';
import type { Process } from '../../machine/process';
import type { NameError } from '../../machine/resolve';
import { fromPem, TlsError, tlsAccept } from '../../machine/tls';
import { type Handler, serveOne } from '../http/serve';

const UNITS_MS: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Go's time.ParseDuration in milliseconds; undefined when it is none. */
export function duration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(\d+\.?\d*(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  return [...text.matchAll(/([\d.]+)([a-zµ]+)/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (UNITS_MS[unit as string] ?? 0),
    0,
  );
}

/** As net.DNSError says it, with the first name server. */
export function lookupError(proc: Process, name: string, { code }: NameError): string {
  const conf = proc.files.exists('/etc/resolv.conf') ? proc.files.readText('/etc/resolv.conf') : '';
  const server = /^nameserver\s+(\S+)/m.exec(conf)?.[1] ?? '127.0.0.1';
  return `lookup ${name} on ${server}:53: ${code === 'EAI_NONAME' ? 'no such host' : 'server misbehaving'}`;
}

/** JSON as Go's encoder writes it: keys sorted by the caller, HTML's characters escaped. */
export const goJson = (value: object): string =>
  JSON.stringify(value).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);

/** One message over an association and its answer. Throws Errno; ETIMEDOUT when all of it takes longer than `ms`. */
export async function overAssociation(
  proc: Process,
  address: string,
  port: number,
  text: string,
  ms: number,
): Promise<string> {
  const limit = new AbortController();
  const cancel = proc.machine.clock.after(ms, () => limit.abort(new Errno('ETIMEDOUT')));
  let connection: Connection | undefined;
  try {
    connection = await proc.connect(address, port, { protocol: 'SCTP', timeoutMs: ms, signal: limit.signal });
    await connection.write(new TextEncoder().encode(text), limit.signal);
    const answer = await connection.read(undefined, AbortSignal.any([limit.signal, proc.killed]));
    return new TextDecoder().decode(answer ?? new Uint8Array());
  } finally {
    cancel();
    connection?.close();
  }
}

/** Takes every association or connection and gives it to a function, which closes it. */
export async function acceptAll(
  proc: Process,
  listener: Listener,
  each: (c: Connection) => Promise<void>,
): Promise<void> {
  for (let c = await listener.accept(proc.killed); c; c = await listener.accept(proc.killed)) {
    const accepted = c;
    void each(accepted)
      .catch((error: unknown) => {
        const gone =
          error instanceof Errno || error instanceof TlsError || (error as { code?: string }).code === 'EPIPE';
        if (!gone && !proc.killed.aborted) proc.machine.reportBug(error);
      })
      .finally(() => accepted.close());
  }
}

/** Serves HTTPS with a certificate from files. Throws Errno when one cannot be read. */
export function serveTls(
  proc: Process,
  port: number,
  files: { certificate: string; key: string },
  handler: Handler,
): Promise<void> {
  proc.files.readText(files.key);
  const [certificate] = fromPem(proc.files.readText(files.certificate));
  if (!certificate) throw new Errno('EINVAL');
  return acceptAll(proc, proc.listen(port), async (connection) => {
    await tlsAccept(connection, () => certificate);
    await serveOne(proc, connection, handler);
  });
}
