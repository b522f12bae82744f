// A public tutorial typed into the workstation's shell: each step a command and what the page shows for it.
import { expect } from 'vitest';
import { loadSqlWasm } from '../../lib/sandbox/host/sql-wasm';
import { Sandbox } from '../../lib/sandbox/sandbox';
import type { SandboxSpec } from '../../lib/sandbox/spec';
import { Typist } from './typist';

const NOW = Date.UTC(2026, 0, 1);
const LIMIT_MS = 20 * 60_000; // simulated
const CA = '/etc/pki/tls/certs/ca-bundle.crt';
const API = 'https://api.ocp4.example.com:6443';

/** A command, and what it shows: text to compare after names, addresses and ages are taken out, or a pattern. */
export type Step = [command: string, shows?: string | RegExp];

export class Tutorial {
  private constructor(readonly sandbox: Sandbox) {}

  /** A fresh cluster whose administrator sits at the workstation. */
  static async open(profile: SandboxSpec['profile'] = 'kubernetes'): Promise<Tutorial> {
    loadSqlWasm();
    const spec: SandboxSpec = {
      lab: '',
      title: '',
      seed: 7,
      now: NOW,
      profile,
      network: 'OVNKubernetes',
      workers: 2,
      clusterNetwork: '10.8.0.0/14',
      hostPrefix: 23,
      serviceNetwork: '172.30.0.0/16',
      pace: 'instant',
      variables: {},
      scripts: {},
    };
    const bugs: unknown[] = [];
    const sandbox = await Sandbox.make(spec, { kind: 'new' }, { onBug: (error) => String(bugs.push(error)) });
    const token = sandbox.cluster.tokenFor(profile === 'openshift' ? 'kube:admin' : 'admin');
    const tutorial = new Tutorial(sandbox);
    const config = [
      `set-cluster here --server=${API} --certificate-authority=${CA}`,
      `set-credentials admin --token=${token}`,
      'set-context here --cluster=here --user=admin --namespace=default',
      'use-context here',
    ];
    for (const line of config) await tutorial.run(`kubectl config ${line}`);
    return tutorial;
  }

  /** What a command line printed, standard error within. */
  async run(command: string): Promise<string> {
    let text = '';
    const decoder = new TextDecoder();
    const stream = {
      name: 'out',
      read: async () => null,
      write: async (bytes: Uint8Array) => {
        text += decoder.decode(bytes, { stream: true });
      },
      close: () => {},
    };
    const shell = this.sandbox.run(command, { stdout: stream, stderr: stream });
    await this.sandbox.clock.drive(shell.exited, LIMIT_MS);
    return text;
  }

  /** Types the steps one after another, at a terminal where they want one. */
  async play(steps: readonly Step[], at: 'shell' | 'terminal' = 'shell'): Promise<void> {
    const typist = at === 'terminal' ? new Typist(this.sandbox) : undefined;
    for (const [command, shows] of steps) {
      const text = await (typist ? typist.type(command) : this.run(command));
      if (shows instanceof RegExp) expect(text, command).toMatch(shows);
      else if (shows !== undefined) expect(plain(text), command).toBe(plain(shows));
    }
  }

  stop(): void {
    this.sandbox.stop();
  }
}

/** Text without what differs from cluster to cluster; cells are one blank apart. */
const plain = (text: string): string =>
  text
    .replace(/\b\d{1,3}(\.\d{1,3}){3}\b/g, 'IP')
    .replace(/-[0-9a-f]{8,10}-[a-z0-9]{5}\b/g, '-DRAWN')
    .replace(/-[0-9a-f]{8,10}\b/g, '-DRAWN')
    .replace(/\b\d+[smhd](\d+[smhd])?\b/g, 'AGE')
    .replace(/\bnode\d\d\b/g, 'NODE')
    .replace(/:3[0-2]\d{3}\//g, ':NODEPORT/')
    .replace(/[ \t]+/g, ' ')
    .replace(/ $/gm, '')
    .trim();
