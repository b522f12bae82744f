// Runs upstream functions against bare control planes of ours, a few at a time, and gathers what they asserted.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, layerTool, ROOT } from '../support/tools';
import { type Results, readResults } from './assertions';
import { HARNESS, kubernetesTests } from './prepare';

const STREAMS = 2; // functions at a time, each with a control plane of its own: they delete each other's objects
const FUNCTION_SECONDS = 120; // the longest takes 40 on a slow machine; one that takes longer hangs

/** The client that drives them: the machine's, else the newest of the registry. */
export const upstreamKubectl = (): string => find('kubectl') ?? layerTool('kubectl');

export async function runUpstream(names: readonly string[]): Promise<Results> {
  const sources = kubernetesTests();
  const folder = mkdtempSync(join(tmpdir(), 'podlab-upstream-'));
  const left = [...names];
  try {
    const parts = await Promise.all(
      Array.from({ length: STREAMS }, (_, i) => stream(left, sources, join(folder, `${i}`))),
    );
    return {
      passed: new Set(parts.flatMap(({ passed }) => [...passed])),
      failed: new Map(parts.flatMap(({ failed }) => [...failed])),
      states: new Map(parts.flatMap(({ states }) => [...states])),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes functions from the common list until none is left. */
async function stream(left: string[], sources: string, folder: string): Promise<Results> {
  mkdirSync(folder);
  const plane = await ControlPlane.start(join(folder, 'kubeconfig'));
  const gathered: Results = { passed: new Set(), failed: new Map(), states: new Map() };
  try {
    for (let name = left.shift(); name; name = left.shift()) {
      const { passed, failed, states } = await runFunction(name, plane.url, sources, join(folder, name));
      for (const one of passed) gathered.passed.add(one);
      for (const [one, text] of failed) gathered.failed.set(one, text);
      for (const [one, state] of states) gathered.states.set(one, state);
    }
  } finally {
    await plane.stop();
  }
  return gathered;
}

async function runFunction(name: string, url: string, sources: string, out: string): Promise<Results> {
  const env = {
    ...process.env,
    K8S: sources,
    OUT: out,
    KUBECTL: upstreamKubectl(),
    FUNC_TIMEOUT: `${FUNCTION_SECONDS}`,
  };
  const child = spawn('bash', [join(HARNESS, 'run.sh'), url, name], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let table = '';
  child.stdout.on('data', (chunk) => (table += chunk));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve()); // its status says nothing: failures are in the table
  });
  const state = new RegExp(`^${name} .* (\\S+)$`, 'm').exec(table)?.[1] ?? 'did not run';
  return { ...readResults(join(out, 'results.tsv')), states: new Map([[name, state]]) };
}

class ControlPlane {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static start(kubeconfig: string): Promise<ControlPlane> {
    const args = ['lib/cli/run.mjs', 'cluster', '--bare', '--kubeconfig', kubeconfig];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    return new Promise((resolve, reject) => {
      child.stdout?.on('data', (chunk) => {
        const url = /ready (https:\S+)/.exec(String(chunk))?.[1];
        if (url) resolve(new ControlPlane(url, child));
      });
      child.once('exit', (code) => reject(new Error(`the control plane ended with ${code}`)));
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}
