// Reads a container's log: follow, tail, since, previous, timestamps. kubernetes pkg/kubelet/kuberuntime/logs.
import { Pipe } from '../../sim/pipe';
import type { LogOptions } from '../api/streams';
import type { Log, LogLine } from '../kubelet/logs';

/** `2026-01-05T08:00:00.123000000Z`, always with nine digits. */
const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, -1)}000000Z`;

export async function* readLog(
  log: Log,
  options: LogOptions,
  now: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const since = options.sinceTime
    ? Date.parse(options.sinceTime)
    : options.sinceSeconds !== undefined
      ? now - options.sinceSeconds * 1000
      : Number.NEGATIVE_INFINITY;
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
  const cut = (line: LogLine): Uint8Array => {
    const text = options.timestamps ? Buffer.concat([Buffer.from(`${stamp(line.at)} `), line.bytes]) : line.bytes;
    const part = text.subarray(0, Math.min(text.length, left));
    left -= part.length;
    return part;
  };
  const lines = [...log.lines()].filter(({ at }) => at >= since);
  const shown =
    options.tailLines === undefined ? lines : options.tailLines === 0 ? [] : lines.slice(-options.tailLines);
  const later = options.follow ? following(log, signal) : undefined;
  for (const line of shown) {
    if (left <= 0) return;
    yield cut(line);
  }
  if (!later) return;
  for await (const line of later) {
    if (left <= 0) return;
    yield cut(line);
  }
}

/** The lines that come from now on, until the log ends. */
function following(log: Log, signal: AbortSignal): AsyncIterable<LogLine> {
  const lines: LogLine[] = [];
  const ready = new Pipe(Number.POSITIVE_INFINITY); // a byte a line: wakes the reader
  const stop = log.follow(
    (line) => {
      lines.push(line);
      ready.push(Uint8Array.of(0));
    },
    () => ready.end(),
  );
  const end = () => {
    stop(); // before the pipe ends: what the program writes must not meet a broken one
    ready.end();
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return (async function* () {
    try {
      while (await ready.read(1)) {
        const line = lines.shift();
        if (line) yield line;
      }
    } finally {
      stop();
      signal.removeEventListener('abort', end);
    }
  })();
}
