// `agnhost grpc-health-checking`: answers gRPC health checks on 5000, and is told over HTTP on 8080 to say otherwise.
import { toDuplex } from '../../machine/duplex';
import type { Process } from '../../machine/process';
import { healthServer } from '../grpc/health';
import { goServer, plain } from '../http/go-server';
import { splitTarget } from '../http/serve';
import type { Flags } from './flags';

export async function grpcHealthChecking(proc: Process, flags: Flags): Promise<number> {
  const port = flags.number('port', 5000);
  const httpPort = flags.number('http-port', 8080);
  const service = flags.get('service') ?? '';
  const delayMs = flags.number('delay-unhealthy-sec', -1) * 1000;
  let serving = true;
  if (delayMs >= 0) proc.machine.clock.after(delayMs, () => (serving = false));
  const server = healthServer((asked) => (asked === '' || asked === service ? serving : undefined));
  const listener = proc.listen(port);
  proc.onExit(() => server.close());
  void (async () => {
    for (let c = await listener.accept(proc.killed); c; c = await listener.accept(proc.killed))
      server.emit('connection', toDuplex(c));
  })().catch(() => {});
  await proc.complain(`Http server starting to listen on :${httpPort}\ngRPC server starting to listen on :${port}\n`);
  return goServer(proc, [httpPort], async (request) => {
    const { path } = splitTarget(request.target);
    if (path === '/make-not-serving') serving = false;
    else if (path === '/make-serving') serving = true;
    return plain('OK');
  });
}
