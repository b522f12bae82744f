// The official JavaScript client against `npm run cluster`: an informer, patches, exec, logs, port-forward.
import { createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import {
  AppsV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  makeInformer,
  PatchStrategy,
  PortForward,
  setHeaderOptions,
  type V1Pod,
  type V1Status,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterCommand } from './support/cluster-command';

let cluster: ClusterCommand;
const config = new KubeConfig();
let core: CoreV1Api;

beforeAll(async () => {
  cluster = await ClusterCommand.start('--profile', 'kubernetes');
  config.loadFromFile(cluster.kubeconfig);
  core = config.makeApiClient(CoreV1Api);
});

afterAll(() => cluster?.stop());

const webPod = (name: string): V1Pod => ({
  metadata: { name, labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image: 'nginx:1.27' }] },
});

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const running = (name: string) =>
  until(async () => {
    const pod = await core.readNamespacedPod({ name, namespace: 'default' });
    return pod.status?.phase === 'Running' ? pod : undefined;
  });

test('an informer sees what is added, changed and deleted', async () => {
  const seen: string[] = [];
  const list = () => core.listNamespacedPod({ namespace: 'default', labelSelector: 'app=web' });
  const informer = makeInformer(config, '/api/v1/namespaces/default/pods', list, 'app=web');
  informer.on('add', (pod) => void seen.push(`add ${pod.metadata?.name}`));
  informer.on('delete', (pod) => void seen.push(`delete ${pod.metadata?.name}`));
  informer.on('update', (pod) => {
    const entry = `${pod.status?.phase} ${pod.metadata?.name}`;
    if (!seen.includes(entry)) seen.push(entry);
  });
  await informer.start();
  await core.createNamespacedPod({ namespace: 'default', body: webPod('a') });
  await until(() => (seen.includes('Running a') ? true : undefined));
  await core.deleteNamespacedPod({ namespace: 'default', name: 'a', gracePeriodSeconds: 0 });
  await until(() => (seen.includes('delete a') ? true : undefined));
  await informer.stop();
  expect(seen[0]).toBe('add a');
});

test('patches of every kind', async () => {
  const apps = config.makeApiClient(AppsV1Api);
  const where = { namespace: 'default', name: 'web' };
  const template = { metadata: { labels: { app: 'p' } }, spec: webPod('x').spec };
  await apps.createNamespacedDeployment({
    namespace: 'default',
    body: { metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'p' } }, template } as never },
  });
  const kinds: [(typeof PatchStrategy)[keyof typeof PatchStrategy], unknown][] = [
    [PatchStrategy.JsonPatch, [{ op: 'replace', path: '/spec/replicas', value: 2 }]],
    [PatchStrategy.MergePatch, { metadata: { labels: { merged: 'yes' } } }],
    [
      PatchStrategy.StrategicMergePatch,
      { spec: { template: { spec: { containers: [{ name: 'main', env: [{ name: 'A', value: 'b' }] }] } } } },
    ],
  ];
  for (const [strategy, body] of kinds)
    await apps.patchNamespacedDeployment({ ...where, body }, setHeaderOptions('Content-Type', strategy));
  const client = KubernetesObjectApi.makeApiClient(config);
  const applied = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: where, spec: { minReadySeconds: 3 } };
  await client.patch(applied as never, undefined, undefined, 'tester', true, PatchStrategy.ServerSideApply);
  const { metadata, spec } = await apps.readNamespacedDeployment(where);
  expect(spec).toMatchObject({ replicas: 2, minReadySeconds: 3 });
  expect(metadata?.labels).toEqual({ merged: 'yes' });
  expect(spec?.template.spec?.containers[0]).toMatchObject({ image: 'nginx:1.27', env: [{ name: 'A', value: 'b' }] });
  expect(metadata?.managedFields?.some(({ manager, operation }) => manager === 'tester' && operation === 'Apply')).toBe(
    true,
  );
});

test('exec, logs and port-forward reach a running container', async () => {
  await core.createNamespacedPod({ namespace: 'default', body: webPod('server') });
  await running('server');

  const out = new PassThrough();
  const status = await new Promise<V1Status>((resolve, reject) => {
    const command = ['sh', '-c', 'cat; echo done; exit 3'];
    const input = new PassThrough();
    input.end('hello\n');
    new Exec(config).exec('default', 'server', 'main', command, out, out, input, false, resolve).catch(reject);
  });
  expect(String(out.read())).toBe('hello\ndone\n');
  expect(status.details?.causes).toEqual([{ reason: 'ExitCode', message: '3' }]);

  const forward = new PortForward(config);
  const server = createServer((socket) => void forward.portForward('default', 'server', [80], socket, null, socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const page = await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text();
  server.close();
  expect(page).toContain('Welcome to nginx!');

  const log = new PassThrough();
  await new Log(config).log('default', 'server', 'main', log, { tailLines: 1 });
  const line = await until(() => (log.read() as Buffer | null)?.toString());
  expect(line).toContain('"GET / HTTP/1.1" 200 615');
});
