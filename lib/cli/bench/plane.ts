// A cluster as its own process, and a lean client of its API.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

export const podNamed = (name: string) => ({
  metadata: { name, labels: { app: 'load' } },
  spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.9' }], terminationGracePeriodSeconds: 0 },
});

/** A cluster in a process of its own. */
export class Plane {
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
