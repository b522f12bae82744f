// Two copies of one cluster: a real kubectl speaks to the one over HTTPS, our own on the workstation to the other.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { loadSqlWasm } from '../../lib/sandbox/host/sql-wasm';
import { hostTime } from '../../lib/sandbox/host/time';
import { Sandbox } from '../../lib/sandbox/sandbox';
import type { SandboxSpec } from '../../lib/sandbox/spec';
import { makeServerCertificate, type ServerCertificate } from '../../lib/server/certificates';
import type { Snapshot } from '../../lib/sim/state';
import { kubectlOfOurRelease } from '../support/tools';
import { FILES } from './files';

/** What a command line gave. */
export interface Ran {
  stdout: string;
  stderr: string;
  status: number;
}

const LIMIT_MS = 60_000; // of one command line
const HOME = '/home/student';
const WORK = `${HOME}/work`;
const INSIDE = 'https://api.ocp4.example.com:6443';

const specOf = (profile: SandboxSpec['profile']): SandboxSpec => ({
  lab: '',
  title: '',
  seed: 7,
  now: Date.now(),
  profile,
  network: 'OVNKubernetes',
  workers: 2,
  clusterNetwork: '10.8.0.0/14',
  hostPrefix: 23,
  serviceNetwork: '172.30.0.0/16',
  pace: 'instant',
  variables: {},
  scripts: {},
});

const told = (error: unknown): string => {
  console.error(error);
  return 'test';
};

/** A cluster with the files on its workstation, from which pairs are made. */
export class Origin {
  private constructor(
    readonly spec: SandboxSpec,
    readonly snapshot: Snapshot,
    readonly certificate: ServerCertificate,
  ) {}

  static async make(profile: SandboxSpec['profile'] = 'kubernetes'): Promise<Origin> {
    loadSqlWasm();
    const spec = specOf(profile);
    const sandbox = await Sandbox.make(spec, { kind: 'new' }, { time: hostTime, onBug: told });
    const files: Record<string, string> = { [`${HOME}/.kube/config`]: kubeconfig(sandbox, INSIDE) };
    for (const [path, text] of Object.entries(FILES)) files[`${WORK}/${path}`] = text;
    const script = Object.entries(files).map(
      ([path, text]) =>
        `mkdir -p ${dirname(path)}; echo ${Buffer.from(text).toString('base64')} | base64 -d >${path}\n`,
    );
    const { status, stderr } = await runInside(sandbox, script.join(''));
    if (status !== 0) throw new Error(stderr);
    const snapshot = sandbox.snapshot();
    sandbox.stop();
    return new Origin(spec, snapshot, await makeServerCertificate(['localhost'], ['127.0.0.1'], Date.now()));
  }

  /** A copy that follows the host's time. */
  copy(): Promise<Sandbox> {
    return Sandbox.make(this.spec, { kind: 'fork', snapshot: this.snapshot }, { time: hostTime, onBug: told });
  }
}

export class Pair {
  private constructor(
    private readonly theirs: Sandbox,
    private readonly own: Sandbox,
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async make(origin: Origin): Promise<Pair> {
    const [theirs, own] = await Promise.all([origin.copy(), origin.copy()]);
    const folder = mkdtempSync(join(tmpdir(), 'podlab-diff-'));
    const { cert, key } = origin.certificate;
    const server = createServer({ cert, key, noDelay: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      theirs.cluster.serve(socket, { trusted: false });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const pair = new Pair(theirs, own, server, folder);
    pair.furnish();
    return pair;
  }

  get address(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The line with a real kubectl, its places spelled as on the workstation. */
  async real(line: string): Promise<Ran> {
    const env = {
      HOME: this.folder,
      PATH: `${this.folder}/bin:/usr/bin:/bin`,
      LANG: 'en_US.UTF-8',
      USER: 'student',
      NODE_ENV: 'test' as const,
    };
    const here = (text: string) =>
      text
        .replaceAll(this.address, INSIDE)
        .replaceAll(this.address.slice('https://'.length), INSIDE.slice('https://'.length))
        .replaceAll(this.folder, HOME);
    const ran = await new Promise<Ran>((resolve) => {
      const options = { env, cwd: join(this.folder, 'work'), timeout: LIMIT_MS, maxBuffer: 1 << 28 };
      const child = execFile('bash', ['-c', line], options, (error, stdout, stderr) =>
        resolve({ stdout, stderr, status: error ? Number(error.code ?? 124) : 0 }),
      );
      child.stdin?.end();
    });
    return { ...ran, stdout: here(ran.stdout), stderr: here(ran.stderr) };
  }

  /** The line typed into the workstation's shell. */
  ours(line: string): Promise<Ran> {
    return runInside(this.own, `cd ${WORK}\n${line}`);
  }

  stop(): void {
    this.server.close();
    this.theirs.stop();
    this.own.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private furnish(): void {
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    };
    for (const [path, text] of Object.entries(FILES)) write(join('work', path), text);
    write('.kube/config', kubeconfig(this.theirs, this.address));
    mkdirSync(join(this.folder, 'bin'));
    symlinkSync(kubectlOfOurRelease(), join(this.folder, 'bin', 'kubectl'));
  }
}

/** Both have the same, but for the address. */
function kubeconfig(sandbox: Sandbox, server: string): string {
  const token = (user: string) => sandbox.cluster.tokenFor(user);
  return `apiVersion: v1
clusters:
- cluster:
    insecure-skip-tls-verify: true
    server: ${server}
  name: podlab
contexts:
- context:
    cluster: podlab
    namespace: default
    user: admin
  name: admin
- context:
    cluster: podlab
    user: developer
  name: developer
current-context: admin
kind: Config
preferences: {}
users:
- name: admin
  user:
    token: ${token(sandbox.spec.profile === 'openshift' ? 'kube:admin' : 'admin')}
- name: developer
  user:
    token: ${token('developer')}
`;
}

async function runInside(sandbox: Sandbox, script: string): Promise<Ran> {
  const text = { stdout: '', stderr: '' };
  const to = (stream: 'stdout' | 'stderr') => {
    const decoder = new TextDecoder();
    return {
      name: stream,
      read: async () => null,
      write: async (bytes: Uint8Array) => {
        text[stream] += decoder.decode(bytes, { stream: true });
      },
      close: () => {},
    };
  };
  const shell = sandbox.run(script, { stdout: to('stdout'), stderr: to('stderr') });
  const ended = shell.exited.then(({ code }) => code);
  const late = new Promise<number>((resolve) => setTimeout(() => resolve(124), LIMIT_MS).unref());
  return { status: await Promise.race([ended, late]), ...text };
}
