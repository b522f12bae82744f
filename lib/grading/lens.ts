// What a grader sees of a fork: the API, and connections from named places.
import type { Machine } from '../machine/machine';
import { ConnectError } from '../machine/net';
import { NameError } from '../machine/resolve';
import type { Sandbox } from '../sandbox/sandbox';
import type { ExecResult, KubeObject, Lens, ProbeResult, Vantage } from './contract';

const PROBE_IMAGE = 'registry.ocp4.example.com:8443/openshift4/network-tools-rhel8';
const CONNECT_LIMIT_MS = 10_000; // a connection inside a cluster takes a millisecond; longer is a drop

export class SandboxLens implements Lens {
  constructor(private readonly sandbox: Sandbox) {}

  async get(path: string): Promise<KubeObject | undefined> {
    const { status, body } = await this.sandbox.api.get(path);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${body?.message ?? ''}`);
    return body as KubeObject;
  }

  list(path: string, labelSelector?: Record<string, string>): Promise<KubeObject[]> {
    return this.sandbox.api.list(path, labelSelector);
  }

  async connect(from: Vantage, target: { host: string; port: number }): Promise<ProbeResult> {
    const machine = await this.place(from);
    if (typeof machine === 'string') return { verdict: 'no-route', reason: machine };
    let address: string | undefined;
    try {
      [address] = await machine.resolve(target.host, 4);
    } catch (error) {
      if (!(error instanceof NameError)) throw error;
      return { verdict: 'name-error', reason: `the name ${target.host} does not resolve from there: ${error.message}` };
    }
    if (!address) return { verdict: 'name-error', reason: `the name ${target.host} has no address` };
    try {
      const connection = await machine.net.connect(address, target.port, { timeoutMs: CONNECT_LIMIT_MS });
      connection.close();
      return { verdict: 'delivered', reason: '', endpoint: `${address}:${target.port}` };
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      const verdict = error.path?.verdict ?? 'refused';
      // the path may have been delivered to a port whose program ended meanwhile
      return { verdict: verdict === 'delivered' ? 'refused' : verdict, reason: error.path?.reason ?? error.message };
    }
  }

  async resolve(from: Vantage, name: string): Promise<{ addresses: string[]; error?: string }> {
    const machine = await this.place(from);
    if (typeof machine === 'string') return { addresses: [], error: machine };
    try {
      return { addresses: await machine.resolve(name, 4) };
    } catch (error) {
      if (error instanceof NameError) return { addresses: [], error: error.message };
      throw error;
    }
  }

  async exec(from: Vantage, argv: string[]): Promise<ExecResult> {
    const machine = await this.place(from);
    if (typeof machine === 'string') return { stdout: '', stderr: machine, code: 127 };
    const out = collector();
    const err = collector();
    const proc = machine.start(argv, {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/' },
      stdout: out.description,
      stderr: err.description,
    });
    const { code } = await proc.exited;
    return { stdout: out.text(), stderr: err.text(), code };
  }

  advance(ms: number): Promise<void> {
    return this.sandbox.clock.sleep(ms);
  }

  /** The machine of a vantage, or a sentence that says why there is none. */
  private async place(from: Vantage): Promise<Machine | string> {
    if (from === 'workstation') return this.sandbox.workstation;
    if ('node' in from) throw new Error('not supported: looking from a node');
    if ('pod' in from) return this.pod(from.namespace, from.pod);
    if ('selector' in from) {
      const pods = await this.list(`/api/v1/namespaces/${from.namespace}/pods`, from.selector);
      const running = pods.find((pod) => pod['status']?.phase === 'Running');
      return running
        ? this.pod(from.namespace, running.metadata.name)
        : `no pod in ${from.namespace} runs with these labels`;
    }
    if (!(await this.get(`/api/v1/namespaces/${from.namespace}`))) return `there is no project ${from.namespace}`;
    return this.sandbox.probe(from.namespace, from.image ?? PROBE_IMAGE);
  }

  private async pod(namespace: string, name: string): Promise<Machine | string> {
    return (await this.sandbox.cluster.podMachine(namespace, name)) ?? `pod ${name} in ${namespace} does not run`;
  }
}

function collector() {
  const decoder = new TextDecoder();
  let text = '';
  return {
    text: () => text,
    description: {
      name: 'collected',
      read: async () => null,
      write: async (bytes: Uint8Array) => void (text += decoder.decode(bytes, { stream: true })),
      close: () => {},
    },
  };
}
