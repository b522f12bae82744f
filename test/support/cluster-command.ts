// `npm run cluster` as a child process with a folder of its own, and a real kubectl for it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layerTool, ROOT } from './tools';

export class ClusterCommand {
  readonly kubeconfig: string;
  private readonly ended: Promise<number | null>;

  private constructor(
    readonly folder: string,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {
    this.kubeconfig = join(folder, 'kubeconfig');
    this.ended = new Promise((resolve) => child.once('exit', resolve));
  }

  /** Starts it with further options and waits for its `ready`. */
  static start(...options: string[]): Promise<ClusterCommand> {
    return ClusterCommand.startIn(mkdtempSync(join(tmpdir(), 'podlab-cluster-')), ...options);
  }

  static startIn(folder: string, ...options: string[]): Promise<ClusterCommand> {
    const args = ['lib/cli/run.mjs', 'cluster', '--kubeconfig', join(folder, 'kubeconfig'), '--pace', 'instant'];
    const child = spawn(process.execPath, [...args, ...options], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    return new Promise((resolve, reject) => {
      child.stderr.on('data', (chunk) => (said += chunk));
      child.stdout.on('data', (chunk) => {
        const url = /ready (https:\S+)/.exec(String(chunk))?.[1];
        if (url) resolve(new ClusterCommand(folder, url, child));
      });
      child.once('exit', (code) => reject(new Error(`npm run cluster ended with ${code}: ${said}`)));
    });
  }

  kubectl(...args: string[]): string {
    const env = { ...process.env, HOME: this.folder, KUBECONFIG: this.kubeconfig };
    return execFileSync(layerTool('kubectl'), args, { env, encoding: 'utf8', timeout: 60_000 });
  }

  /** Its status. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }

  async stop(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
