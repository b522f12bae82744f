// rsyslogd as the router's second container runs it: what comes to its socket goes to its output.
import { Errno, strerror } from '../machine/errno';
import { toText } from '../machine/fs';
import type { Program } from '../machine/process';
import { getopt } from './getopt';
import { refused } from './tool';

export const rsyslogd: Program = async (proc) => {
  const options = getopt(proc.argv, 'di:f:N:nv', {});
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const path = options.get('f') ?? '/etc/rsyslog.conf';
  let config: string;
  try {
    config = proc.files.readText(path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await proc.complain(
      `rsyslogd: error during config processing: could not open config file '${path}': ${strerror(error)}\n`,
    );
    return 1;
  }
  const place = /^\$SystemLogSocketName\s+(\S+)/m.exec(config)?.[1] ?? '/dev/log';
  if (proc.files.exists(place)) proc.files.unlink(place);
  const socket = proc.machine.net.fabric.local.bind(proc, place);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) proc.on(signal, () => stop.abort());
  const ended = AbortSignal.any([proc.killed, stop.signal]);
  const shown = /:omstdout:/.test(config);
  while (!ended.aborted) {
    const message = await socket.receive(ended).catch(() => undefined);
    if (message && shown) await proc.print(line(toText(message), proc.machine));
  }
  return 0;
};

/** The local socket's messages bear no host name: what stands in its place is taken for the tag (RSYSLOG_FileFormat). */
function line(message: string, { hostname, clock }: { hostname: string; clock: { now(): number } }): string {
  const [, text = message] = /^<\d+>[A-Z][a-z]{2} [ \d]\d [\d:]{8} (.*)$/s.exec(message.trimEnd()) ?? [];
  const at = new Date(clock.now()).toISOString();
  return `${at.slice(0, 23)}000+00:00 ${hostname} ${text}\n`;
}
