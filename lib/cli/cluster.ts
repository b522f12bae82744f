// npm run cluster: one cluster alone, served over HTTPS on loopback, for real clients.
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { stringify } from 'yaml';
import { loadSqlWasm } from '../sandbox/host/sql-wasm';
import { hostTime } from '../sandbox/host/time';
import { Sandbox } from '../sandbox/sandbox';
import type { SandboxSpec } from '../sandbox/spec';
import { makeServerCertificate } from '../server/certificates';
import { main, oneOf, parse, seedOf, UsageError, whole } from './arguments';
import { installed, NETWORK_OPTIONS, NETWORK_USAGE } from './network-options';
import { StateFolder } from './state-folder';

const USAGE = `usage: npm run cluster -- --kubeconfig FILE [--port N] ${NETWORK_USAGE}
         [--pace instant|brisk|realistic] [--seed N]
         [--bare] [--state DIR]

  --bare       a control plane alone: one node object, nothing runs, the token admin-token may do everything
  --state DIR  keeps the cluster there across restarts; what it was made from is kept, too, and other options than --port are ignored`;
const OPTIONS = {
  kubeconfig: { type: 'string' },
  port: { type: 'string' },
  ...NETWORK_OPTIONS,
  pace: { type: 'string' },
  seed: { type: 'string' },
  bare: { type: 'boolean' },
  state: { type: 'string' },
} as const;
type Values = ReturnType<typeof parse<{ options: typeof OPTIONS; allowPositionals: false }>>['values'];

const LARGE_BYTES = 400 * 1024 * 1024; // more than ten thousand pods
const LOOK_MS = 250;

/** A hundred thousand pods are to fit in 2 GB: a large heap is collected when it has grown by a fifth, not when it has doubled. */
function keepHeapTight(): void {
  const look = () => {
    const isLarge = getHeapStatistics().used_heap_size > LARGE_BYTES;
    setFlagsFromString(`--heap-growing-percent=${isLarge ? 20 : 0}`);
  };
  setInterval(look, LOOK_MS).unref();
}

let bugs = 0;

void main(async () => {
  const { values } = parse({ options: OPTIONS, allowPositionals: false }, USAGE);
  if (!values.kubeconfig) throw new UsageError(USAGE);
  loadSqlWasm();
  keepHeapTight();
  const folder = values.state === undefined ? undefined : await StateFolder.open(values.state);
  const known = folder?.read();
  const certificate =
    known?.kept.certificate ?? (await makeServerCertificate(['localhost'], ['127.0.0.1'], Date.now()));
  const sandbox = await openWorld(known, specOf(values), folder);
  const server = createServer({ cert: certificate.cert, key: certificate.key, noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    sandbox.cluster.serve(socket, { trusted: false });
  });
  const wanted = whole(values.port ?? String(known?.kept.port ?? 0), '--port');
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(wanted, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const kept = { spec: sandbox.spec, certificate, port, clean: false };
  await folder?.keep(kept, () => sandbox.snapshot());
  const url = `https://127.0.0.1:${port}`;
  writeFileSync(values.kubeconfig, kubeconfig(url, certificate.ca, sandbox), { mode: 0o600 });
  await sandbox.state.commit(); // the tokens just written
  console.log(`ready ${url}`);
  setFlagsFromString('--semi-space-growth-factor=2'); // V8's own again: see load.mjs
  await new Promise<void>((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
  await folder?.close(kept);
  sandbox.stop();
  setImmediate(() => process.exit(0));
  return 0;
});

/** The world of the folder, or a new one. */
function openWorld(
  known: ReturnType<StateFolder['read']>,
  fresh: SandboxSpec,
  folder: StateFolder | undefined,
): Promise<Sandbox> {
  const host = { time: hostTime, onBug: told, ...(folder && { journal: folder }) };
  if (!known) return Sandbox.make(fresh, { kind: 'new' }, host);
  const reason = known.kept.clean ? 'hibernation' : 'crash';
  return Sandbox.make(known.kept.spec, { kind: 'restore', snapshot: known.snapshot, reason }, host);
}

function told(error: unknown): string {
  const id = `${process.pid}-${++bugs}`;
  console.error(`bug ${id}:`, error);
  return id;
}

function specOf(values: Values): SandboxSpec {
  const bare = values.bare ?? false;
  return {
    lab: '',
    title: '',
    seed: seedOf(values.seed),
    now: Date.now(),
    bare,
    ...installed(
      bare
        ? { ...values, profile: 'kubernetes', 'service-network': values['service-network'] ?? ['10.0.0.0/24'] }
        : values,
    ),
    pace: oneOf(values.pace, ['brisk', 'instant', 'realistic'], '--pace'),
    variables: {},
    scripts: {},
  };
}

/** A context for each user, the administrator's being current. */
function kubeconfig(server: string, ca: string, sandbox: Sandbox): string {
  const users = ['kubeadmin', 'developer'];
  // kubeadmin is OpenShift's; elsewhere the administrator is bound by name
  const administrator = sandbox.spec.profile === 'openshift' ? 'kube:admin' : 'admin';
  const named = (user: string) => (user === 'kubeadmin' ? administrator : user);
  const cluster = 'podlab';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: cluster, cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: users.map((name) => ({ name, user: { token: sandbox.cluster.tokenFor(named(name)) } })),
    contexts: users.map((user) => ({ name: user, context: { cluster, user, namespace: 'default' } })),
    'current-context': 'kubeadmin',
  });
}
