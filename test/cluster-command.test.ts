// `npm run cluster`: one cluster alone, served to a real kubectl over HTTPS, ended by SIGTERM.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layerTool, ROOT } from './support/tools';

test('a real kubectl reads its nodes and creates in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podlab-cluster-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const child = spawn(
    process.execPath,
    ['lib/cli/run.mjs', 'cluster', '--kubeconfig', kubeconfig, '--pace', 'instant'],
    { cwd: ROOT },
  );
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk) => String(chunk).includes('ready https://127.0.0.1:') && resolve());
      void ended.then((code) => reject(new Error(`ended with ${code}`)));
    });
    const env = { ...process.env, HOME: folder, KUBECONFIG: kubeconfig };
    const kubectl = (...args: string[]) =>
      execFileSync(layerTool('kubectl'), args, { env, encoding: 'utf8', timeout: 30_000 });
    expect(kubectl('get', 'nodes', '-o', 'name')).toBe('node/master01\nnode/worker01\nnode/worker02\n');
    expect(kubectl('create', 'configmap', 'kept', '--from-literal', 'a=b')).toBe('configmap/kept created\n');
    expect(kubectl('get', '-n', 'openshift-network-operator', 'deployment/network-operator')).toMatch(
      /network-operator +1\/1 +1 +1 +41d/,
    );
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
