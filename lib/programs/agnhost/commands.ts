// The smaller commands of agnhost.
import type { Process } from '../../machine/process';
import { goServer, plain } from '../http/go-server';
import { splitTarget } from '../http/serve';
import { folderPage } from '../samples/files';
import type { Flags } from './flags';
import { klog } from './klog';

const resolvConf = (proc: Process): string[] =>
  proc.files.exists('/etc/resolv.conf') ? proc.files.readText('/etc/resolv.conf').split('\n') : [];

export async function dnsSuffix(proc: Process): Promise<number> {
  const search = resolvConf(proc).find((line) => line.startsWith('search '));
  await proc.print(`${search?.slice(7).trim().split(/\s+/).join(',') ?? ''}\n`);
  return untilSignal(proc);
}

export async function dnsServerList(proc: Process): Promise<number> {
  const servers = resolvConf(proc).flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
  await proc.print(`${servers.join(',')}\n`);
  return untilSignal(proc);
}

export async function etcHosts(proc: Process): Promise<number> {
  await proc.print(proc.files.readText('/etc/hosts'));
  return untilSignal(proc);
}

/** Well for ten seconds, then 500: the documentation's example of a liveness probe. */
export async function liveness(proc: Process): Promise<number> {
  const started = proc.machine.clock.now();
  return goServer(proc, [8080], (request) => {
    const seconds = (proc.machine.clock.now() - started) / 1000;
    const { path, query } = splitTarget(request.target);
    if (path === '/healthz') return seconds > 10 ? plain(`error: ${seconds}`, 500) : plain('ok');
    if (path === '/started') return plain(`${seconds}s`);
    if (path === '/redirect') return { ...plain('', 302), headers: [['Location', query.get('loc') ?? '/']] };
    return plain('404 page not found\n', 404);
  });
}

/** Lines of a made-up access log. */
export async function logsGenerator(proc: Process, flags: Flags): Promise<number> {
  const total = flags.number('log-lines-total', 0);
  const seconds = Number((flags.get('run-duration') ?? '0s').replace(/s$/, ''));
  if (total <= 0) {
    await proc.complain(`F${klog(proc).slice(1)} logs_generator.go:51] Invalid total number of lines: ${total}\n`);
    return 255;
  }
  for (let i = 0; i < total; i++) {
    const verb = proc.machine.random.pick(['GET', 'PUT', 'POST']);
    const name = proc.machine.random.suffix(4);
    await proc.complain(
      `${klog(proc)} logs_generator.go:76] ${i} ${verb} /api/v1/namespaces/ns/pods/${name} ${200 + proc.machine.random.int(400)}\n`,
    );
    if (seconds > 0) await proc.sleep((seconds * 1000) / total);
  }
  return 0;
}

/** Serves the files of the container. */
export async function testWebserver(proc: Process, flags: Flags): Promise<number> {
  return goServer(proc, [flags.number('port', 80)], (request) =>
    folderPage(proc, '/', splitTarget(request.target).path),
  );
}

export async function entrypointTester(proc: Process): Promise<number> {
  await proc.print(`[${proc.argv.join(' ')}]\n`);
  return 0;
}

export async function pause(proc: Process): Promise<number> {
  await proc.print('Paused\n');
  proc.idles = true;
  return untilSignal(proc);
}

/** Until it is told to stop. */
export function untilSignal(proc: Process): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) proc.on(signal, () => resolve(0));
  });
}
