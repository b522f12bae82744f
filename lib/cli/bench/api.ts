// The API of `npm run cluster` over loopback HTTPS, as a lean client sees it, beside what a real kube-apiserver 1.20 with etcd
// does on a machine of this size.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { memory, quantile } from './product';

/** Measured beside this product's on a machine of two cores: seconds, MB, per second, ms. */
const REAL = {
  createsPerS: 300,
  createsPerS16: 900,
  getsPerS: 480,
  getsPerS16: 2000,
  list2000Ms: 77,
  watchMs: 3.4,
  readyMs: 5500,
  memoryMb: 350,
};
const ROUNDS = 5;
const WARM_UP = 1500; // requests until the compiler has seen enough
const SAMPLE = 2000;
const LISTED = 2000;
const PAGE = 500;
const MANY = 10_000;
const PODS = '/api/v1/namespaces/default/pods';

export async function api(): Promise<object> {
  const starts = await startTimes();
  const plane = await Plane.start('--bare');
  const rates = await requestRates(plane);
  const lists = await listTimes(plane);
  const watch = await watchTimes(plane);
  await plane.stop();
  const scale = await deploymentAtScale();
  const seen = { ...starts, ...rates, ...lists, ...watch };
  return { ...seen, ...scale, timesBetter: ratios(seen) };
}

/** How many times better than the real one each figure is. */
function ratios(seen: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(REAL).flatMap(([name, real]) => {
      const ours = seen[name];
      if (ours === undefined) return [];
      return [[name, Math.round((name.includes('PerS') ? ours / real : real / ours) * 10) / 10]];
    }),
  );
}

async function startTimes(): Promise<{ readyMs: number; memoryMb: number; rssMb: number }> {
  const times: number[] = [];
  const sizes: { rss: number; pss: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = performance.now();
    const plane = await Plane.start();
    if (round > 0) times.push(performance.now() - before); // the first may have to build
    sizes.push(memory(plane.pid));
    await plane.stop();
  }
  const middle = (values: number[]) => quantile(values, 0.5);
  return {
    readyMs: middle(times),
    memoryMb: middle(sizes.map(({ pss }) => pss)),
    rssMb: middle(sizes.map(({ rss }) => rss)),
  };
}

async function requestRates(plane: Plane) {
  let next = 0;
  const create = () => plane.call('POST', PODS, podNamed(`load-${next++}`));
  const get = () => plane.call('GET', `${PODS}/load-${next++ % WARM_UP}`);
  await rate(create, 4, WARM_UP);
  const createsPerS = await rate(create, 1, SAMPLE);
  const createsPerS16 = await rate(create, 16, SAMPLE);
  await rate(get, 4, WARM_UP);
  return {
    createsPerS,
    createsPerS16,
    getsPerS: await rate(get, 1, SAMPLE),
    getsPerS16: await rate(get, 16, SAMPLE * 2),
  };
}

/** Calls a second of so many clients at once. */
async function rate(call: () => Promise<unknown>, clients: number, count: number): Promise<number> {
  let left = count;
  const before = performance.now();
  const client = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: clients }, client));
  return Math.round((count / (performance.now() - before)) * 1000);
}

async function listTimes(plane: Plane): Promise<{ list2000Ms: number; page500Ms: number }> {
  await plane.call('DELETE', PODS);
  for (let i = 0; i < LISTED; i++) await plane.call('POST', PODS, podNamed(`listed-${i}`));
  const time = async (path: string) => {
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const before = performance.now();
      await plane.call('GET', path);
      times.push(performance.now() - before);
    }
    return quantile(times.slice(2), 0.5);
  };
  return { list2000Ms: await time(PODS), page500Ms: await time(`${PODS}?limit=${PAGE}`) };
}

/** From a create's sending to its event at a watcher. */
async function watchTimes(plane: Plane): Promise<{ watchMs: number }> {
  const sent = new Map<string, number>();
  const times: number[] = [];
  const stop = await plane.watch('/api/v1/namespaces/default/configmaps?watch=1', (event) => {
    const before = sent.get(/"name":"(seen-\d+)"/.exec(event)?.[1] ?? '');
    if (before !== undefined) times.push(performance.now() - before);
  });
  for (let i = 0; i < 500; i++) {
    const name = `seen-${i}`;
    sent.set(name, performance.now());
    await plane.call('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name } });
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop();
  return { watchMs: quantile(times.slice(100), 0.5) };
}

/** One Deployment of ten thousand pods on a hundred nodes; meanwhile somebody asks for a node every 50 ms. */
async function deploymentAtScale() {
  const plane = await Plane.start('--profile', 'kubernetes', '--nodes', '101', '--pace', 'instant');
  const name = 'many';
  const app = { app: name };
  const body = {
    metadata: { name },
    spec: {
      replicas: MANY,
      selector: { matchLabels: app },
      template: { metadata: { labels: app }, spec: podNamed('').spec },
    },
  };
  const answers: number[] = [];
  let isRunning = true;
  const asking = (async () => {
    while (isRunning) {
      const before = performance.now();
      await plane.call('GET', '/api/v1/nodes/node01');
      answers.push(performance.now() - before);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const before = performance.now();
  await plane.call('POST', '/apis/apps/v1/namespaces/default/deployments', body);
  const path = `/apis/apps/v1/namespaces/default/deployments/${name}`;
  for (let ready = 0; ready < MANY; ) {
    if (performance.now() - before > 300_000) throw new Error(`only ${ready} pods are ready after five minutes`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    ready =
      (JSON.parse(await plane.call('GET', path)) as { status: { readyReplicas?: number } }).status.readyReplicas ?? 0;
  }
  const manyRunningS = Math.round((performance.now() - before) / 100) / 10;
  isRunning = false;
  await asking;
  const { pss } = memory(plane.pid);
  await plane.stop();
  return {
    pods10000RunningS: manyRunningS,
    answerMeanwhileMs: { p95: quantile(answers, 0.95), max: quantile(answers, 1) },
    memory10000Mb: pss,
  };
}

const podNamed = (name: string) => ({
  metadata: { name, labels: { app: 'load' } },
  spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.9' }], terminationGracePeriodSeconds: 0 },
});

/** A cluster in a process of its own. */
class Plane {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly url: string,
    private readonly access: { ca: string; token: string },
    private readonly agent: Agent,
  ) {}

  static async start(...options: string[]): Promise<Plane> {
    const folder = mkdtempSync(join(tmpdir(), 'podlab-bench-'));
    const kubeconfig = join(folder, 'kubeconfig');
    const args = ['lib/cli/run.mjs', 'cluster', '--kubeconfig', kubeconfig, ...options];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        const found = /ready (https:\S+)/.exec(String(chunk))?.[1];
        if (found) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`the cluster ended with ${code}`)));
    });
    const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
    const ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString();
    const agent = new Agent({ keepAlive: true, maxSockets: 64, ca });
    return new Plane(child, folder, url, { ca, token: users[0].user.token }, agent);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  call(method: string, path: string, body?: object): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}${path}`, { method, agent: this.agent, headers: this.headers() }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if ((response.statusCode ?? 500) < 300) resolve(text);
          else reject(new Error(`${method} ${path}: ${text}`));
        });
      });
      sent.on('error', reject).end(body && JSON.stringify(body));
    });
  }

  /** Resolves when the watch is open. */
  watch(path: string, onEvent: (line: string) => void): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}${path}`, { agent: this.agent, headers: this.headers() }, (response) => {
        response.on('data', (chunk: Buffer) => {
          for (const line of chunk.toString().split('\n')) if (line) onEvent(line);
        });
        resolve(() => sent.destroy());
      });
      sent.on('error', reject).end();
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.agent.destroy();
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.access.token}`, 'content-type': 'application/json' };
  }
}
