// The components of a control plane as their pods run them: they say how they start and answer their health checks.
// DIFFERS: what they would do is done by the simulation; the API server's port is served by it as well.
import { Errno } from '../../machine/errno';
import type { Listener } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { Flags } from '../agnhost/flags';
import { klog } from '../agnhost/klog';
import { plain } from '../http/go-server';
import { serveHttps, splitTarget } from '../http/serve';
import { pause } from '../pause';
import { releaseOf } from '../release';
import { json } from '../samples/answers';
import { selfSigned } from '../samples/echo-servers';

const FORBIDDEN = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'forbidden: User "system:anonymous" cannot get path',
  reason: 'Forbidden',
  details: {},
  code: 403,
};

/** What a component calls itself when it starts, and the port of its health; the API server has another's. */
const COMPONENTS: Record<string, { greeting: string; port?: number }> = {
  'kube-apiserver': { greeting: 'server.go:144] Version:' },
  'kube-controller-manager': { greeting: 'controllermanager.go:197] "Starting" version=', port: 10257 },
  'kube-scheduler': { greeting: 'server.go:167] "Starting Kubernetes Scheduler" version=', port: 10259 },
};

/** kube-apiserver, kube-controller-manager and kube-scheduler; the name says which. */
export const controlPlane: Program = async (proc) => {
  const version = `v${releaseOf(proc, '1.31.6').replace(/^v/, '')}`;
  const flags = new Flags(proc.argv.slice(1));
  if (flags.has('version')) return proc.print(`Kubernetes ${version}\n`).then(() => 0);
  const { greeting, port } = COMPONENTS[proc.name] ?? { greeting: '' };
  await proc.complain(`${klog(proc)} ${greeting}${port ? `"${version}"` : ` ${version}`}\n`);
  return port === undefined ? pause(proc) : healthy(proc, flags.number('secure-port', port));
};

async function healthy(proc: Process, port: number): Promise<number> {
  let listener: Listener;
  try {
    listener = proc.listen(port, '127.0.0.1');
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await proc.complain(
      `E${klog(proc).slice(1)} run.go:72] "command failed" err="failed to create listener: failed to listen on 127.0.0.1:${port}: listen tcp 127.0.0.1:${port}: bind: address already in use"\n`,
    );
    return 1;
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) proc.on(signal, () => listener.close());
  await proc.complain(`${klog(proc)} secure_serving.go:213] Serving securely on 127.0.0.1:${port}\n`);
  const certificate = selfSigned('localhost', proc.machine.clock.now());
  await serveHttps(
    proc,
    listener,
    ({ target }) => {
      const { path } = splitTarget(target);
      const message = `${FORBIDDEN.message} "${path}"`;
      return /^\/(livez|readyz|healthz)$/.test(path) ? plain('ok') : json({ ...FORBIDDEN, message }, 403);
    },
    () => certificate,
  );
  return 0;
}
