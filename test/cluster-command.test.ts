// `npm run cluster`: one cluster alone, served to a real kubectl over HTTPS, ended by SIGTERM.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { v8Flags } from '../lib/server/supervisor/child';
import { HEAP_MB } from '../lib/server/supervisor/limits';
import { ClusterCommand } from './support/cluster-command';

test('a real kubectl reads its nodes and creates in it', async () => {
  const cluster = await ClusterCommand.start();
  try {
    expect(cluster.kubectl('get', 'nodes', '-o', 'name')).toBe('node/master01\nnode/worker01\nnode/worker02\n');
    expect(cluster.kubectl('create', 'configmap', 'kept', '--from-literal', 'a=b')).toBe('configmap/kept created\n');
    expect(cluster.kubectl('get', '-n', 'openshift-network-operator', 'deployment/network-operator')).toMatch(
      /network-operator +1\/1 +1 +1 +41d/,
    );
    expect(await cluster.end()).toBe(0);
  } finally {
    await cluster.stop();
  }
});

test('with --state a cluster outlives its process, and a kill loses nothing that was answered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podlab-cluster-'));
  const state = ['--state', join(folder, 'state')];
  try {
    const first = await ClusterCommand.startIn(folder, ...state, '--profile', 'kubernetes', '--nodes', '2');
    for (let i = 0; i < 5; i++) first.kubectl('create', 'configmap', `kept-${i}`);
    first.kubectl('run', 'web', '--image', 'nginx:1.27');
    first.kubectl('wait', 'pod/web', '--for=condition=Ready');
    const identity = ['get', 'pod', 'web', '-o', 'jsonpath={.metadata.uid} {.status.podIP}'];
    const before = first.kubectl(...identity);
    await first.end('SIGKILL');

    const second = await ClusterCommand.startIn(folder, ...state);
    expect(second.url).toBe(first.url);
    expect(second.kubectl('get', 'configmaps', '-o', 'name').match(/kept-/g)).toHaveLength(5);
    expect(second.kubectl('get', 'nodes', '-o', 'name').trim().split('\n')).toHaveLength(2);
    second.kubectl('wait', 'pod/web', '--for=condition=Ready');
    expect(second.kubectl(...identity)).toBe(before);
    second.kubectl('delete', 'configmap', 'kept-0');
    expect(await second.end()).toBe(0);

    const third = await ClusterCommand.startIn(folder, ...state);
    expect(third.kubectl('get', 'configmaps', '-o', 'name').match(/kept-/g)).toHaveLength(4);
    await third.end();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what only a bundle can lack is there: the text commands of the library, and the code that V8 made beforehand', async () => {
  const cluster = await ClusterCommand.start('--profile', 'kubernetes');
  try {
    cluster.kubectl('run', 'tools', '--image', 'alpine:3.20', '--', 'sleep', '3600');
    cluster.kubectl('wait', 'pod/tools', '--for=condition=Ready');
    const said = cluster.kubectl('exec', 'tools', '--', 'sh', '-c', `echo a b c | awk '{ print $2 }'`);
    expect(said).toBe('b\n');
  } finally {
    await cluster.stop();
  }
  const load = (name: string, flags: string[]) => {
    const main = `import { load } from './.podlab/build/load.mjs'; console.log(load('${name}').script.cachedDataRejected)`;
    return execFileSync(process.execPath, [...flags, '--input-type=module', '-e', main], { encoding: 'utf8' });
  };
  expect(load('cluster', [])).toBe('false\n');
  expect(load('sandbox-process', v8Flags(HEAP_MB))).toBe('false\n');
});

test('bad options are told plainly', async () => {
  await expect(ClusterCommand.start('--nodes', 'many')).rejects.toThrow('--nodes takes a whole number, not many');
  await expect(ClusterCommand.start('--pace', 'slow')).rejects.toThrow('--pace is one of brisk, instant, realistic');
  await expect(ClusterCommand.start('--network', 'Nothing')).rejects.toThrow('Nothing');
});
