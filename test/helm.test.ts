// helm against `npm run cluster`: the chart that `helm create` makes, through its whole life.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterCommand } from './support/cluster-command';
import { layerTool } from './support/tools';

let cluster: ClusterCommand;
let helm: (...args: string[]) => string;

beforeAll(async () => {
  cluster = await ClusterCommand.start('--profile', 'kubernetes');
  const env = { ...process.env, HOME: cluster.folder, KUBECONFIG: cluster.kubeconfig };
  helm = (...args) =>
    execFileSync(layerTool('helm'), args, { env, cwd: cluster.folder, encoding: 'utf8', timeout: 90_000 });
  helm('create', 'demo');
});

afterAll(() => cluster?.stop());

const WAIT = ['--wait', '--timeout', '60s'];

test('a chart is installed, tested, upgraded, rolled back and uninstalled', () => {
  expect(helm('install', 'demo', './demo', ...WAIT)).toMatch(/STATUS: deployed\nREVISION: 1/);
  expect(cluster.kubectl('get', 'deployment', 'demo', '-o', 'jsonpath={.status.availableReplicas}')).toBe('1');

  expect(helm('test', 'demo', '--logs')).toMatch(/Phase: +Succeeded[\s\S]*Connecting to demo:80/);

  expect(helm('upgrade', 'demo', './demo', '--set', 'replicaCount=3', ...WAIT)).toMatch(/REVISION: 2/);
  expect(cluster.kubectl('get', 'deployment', 'demo', '-o', 'jsonpath={.status.availableReplicas}')).toBe('3');

  expect(helm('rollback', 'demo', '1', ...WAIT)).toContain('Rollback was a success');
  expect(cluster.kubectl('get', 'deployment', 'demo', '-o', 'jsonpath={.spec.replicas}')).toBe('1');
  const history = JSON.parse(helm('history', 'demo', '-o', 'json')) as { revision: number; status: string }[];
  expect(history.map(({ revision, status }) => `${revision} ${status}`)).toEqual([
    '1 superseded',
    '2 superseded',
    '3 deployed',
  ]);

  expect(helm('uninstall', 'demo', '--wait')).toBe('release "demo" uninstalled\n');
  expect(cluster.kubectl('get', 'deployments,services,secrets,serviceaccounts', '-o', 'name')).toBe(
    'service/kubernetes\nserviceaccount/default\n',
  );
});
