// The program of a declared image: checks its environment, reaches what it depends on, logs, serves, ends.
import { Errno, strerror } from '../../machine/errno';
import type { Listener } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import type { DeclaredImage } from './declaration';
import { serveRoutes } from './http';
import { serveDatagrams, serveLines } from './lines';
import { fill, named, ofProcess } from './texts';

const CONNECT_TIMEOUT_MS = 10_000;

export const declaredService =
  (image: DeclaredImage): Program =>
  async (proc) => {
    const missing = image.requires.filter(({ name, pattern }) => !demanded(proc.env[name], pattern));
    if (missing.length > 0) {
      const names = named({ missing: missing.map(({ name }) => name).join(', ') });
      for (const line of image.missing.log) await proc.complain(`${fill(line, names, ofProcess(proc))}\n`);
      return image.missing.status;
    }
    const end = ending(proc, image);
    return Promise.race([end, serving(proc, image, end)]);
  };

const demanded = (value: string | undefined, pattern: string | undefined): boolean =>
  value !== undefined && value !== '' && (pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value));

/** Settles with the exit status by which the service ends on its own or is told to. */
function ending(proc: Process, { exit, terminate }: DeclaredImage): Promise<number> {
  return new Promise((resolve) => {
    const after = (seconds: number, status: number) =>
      void proc.sleep(seconds * 1000).then(
        () => resolve(status),
        () => {},
      );
    if (exit) after(exit.after, exit.status);
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      if (terminate.ignore) proc.ignore(signal);
      else proc.on(signal, () => after(terminate.after, terminate.status));
  });
}

async function serving(proc: Process, image: DeclaredImage, end: Promise<number>): Promise<number> {
  for (const dependency of image.connects) {
    const status = await reach(proc, dependency);
    if (status !== undefined) return status;
  }
  const writing = image.log.map((line) => unlessKilled(proc, write(proc, line)));
  const failed = await Promise.race([Promise.all(doors(proc, image).map((door) => unlessKilled(proc, door))), end]);
  if (typeof failed === 'number') return failed;
  const status = failed.find((code) => code !== 0);
  if (status !== undefined) return status;
  await Promise.all(writing);
  return image.exit ? end : 0;
}

/** What still waits when the process ends is nobody's error. */
const unlessKilled = <T>(proc: Process, work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => (proc.killed.aborted ? new Promise<T>(() => {}) : Promise.reject(error)));

/** Each port; a promise settles with a status when its port cannot be had, and never while it serves. */
function doors(proc: Process, image: DeclaredImage): Promise<number>[] {
  return [
    ...image.http.map((http) => open(proc, http, (listener) => serveRoutes(proc, listener, http))),
    ...image.tcp.map((lines) => open(proc, lines, (listener) => serveLines(proc, listener, lines))),
    ...image.udp.map(async (lines) => {
      if (lines.after > 0) await proc.sleep(lines.after * 1000);
      return taken(proc, lines.port, () => serveDatagrams(proc, proc.udp(lines.port), lines));
    }),
  ];
}

async function open(
  proc: Process,
  { port, after }: { port: number; after: number },
  serve: (listener: Listener) => Promise<void>,
): Promise<number> {
  if (after > 0) await proc.sleep(after * 1000);
  return taken(proc, port, () => serve(proc.listen(port)));
}

async function taken(proc: Process, port: number, serve: () => Promise<void>): Promise<number> {
  try {
    await serve();
    return 0;
  } catch (error) {
    if (!(error instanceof Errno) || proc.killed.aborted) throw error;
    await proc.complain(`listen :${port}: bind: ${strerror(error).toLowerCase()}\n`);
    return 1;
  }
}

async function write(proc: Process, { text, after, every }: DeclaredImage['log'][number]): Promise<void> {
  if (after > 0) await proc.sleep(after * 1000);
  await proc.print(`${fill(text, ofProcess(proc))}\n`);
  while (every !== undefined) {
    await proc.sleep(every * 1000);
    await proc.print(`${fill(text, ofProcess(proc))}\n`);
  }
}

/** Tries to connect, again and again where the image says so; a status when it gave up. */
async function reach(proc: Process, dependency: DeclaredImage['connects'][number]): Promise<number | undefined> {
  const to = fill(dependency.to, ofProcess(proc));
  for (;;) {
    const why = await attemptTo(proc, to);
    if (why === undefined) break;
    await proc.complain(`${fill(dependency.failure, named({ to, reason: why }), ofProcess(proc))}\n`);
    if (dependency.retry === undefined) return dependency.status;
    await proc.sleep(dependency.retry * 1000);
  }
  if (dependency.log !== undefined) await proc.print(`${fill(dependency.log, named({ to }), ofProcess(proc))}\n`);
  return undefined;
}

async function attemptTo(proc: Process, to: string): Promise<string | undefined> {
  const at = to.lastIndexOf(':');
  try {
    const [address = ''] = await proc.resolve(to.slice(0, at));
    (await proc.connect(address, Number(to.slice(at + 1)), { timeoutMs: CONNECT_TIMEOUT_MS })).close();
    return undefined;
  } catch (error) {
    if (error instanceof NameError) return `lookup ${to.slice(0, at)}: no such host`;
    if (error instanceof Errno && !proc.killed.aborted) return strerror(error).toLowerCase();
    throw error;
  }
}
