// What a grader sees of a fork: the API, and connections from named places.
import type { Machine } from '../machine/machine';
import { ConnectError, type Connection } from '../machine/net';
import { askDns, NameError } from '../machine/resolve';
import { path } from '../network/path';
import { findValues } from '../sandbox/json-path';
import { answersTo } from '../sandbox/lab-notes';
import type { Sandbox } from '../sandbox/sandbox';
import type {
  Answer,
  ExecResult,
  Held,
  KubeObject,
  Lens,
  ProbeResult,
  Serving,
  Target,
  Vantage,
  Verdict,
  WorkstationFile,
} from './contract';

const PROBE_IMAGE = 'registry.ocp4.example.com:8443/openshift4/network-tools-rhel8';
const CONNECT_LIMIT_MS = 10_000; // a connection inside a cluster takes a millisecond; longer is a drop
const EXEC_LIMIT_MS = 20_000; // the tools' own limits are shorter; a server that never answers must not stop the check
const TIMED_OUT = 124; // as timeout(1) says it
const MAX_OUTPUT = 1 << 20; // characters; a server that sends without end is cut off
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Holds another check in the same fork; handed in, since checks hold graders and graders look through lenses. */
export type Hold = (lens: Lens, check: Held) => Promise<Verdict>;

export class SandboxLens implements Lens {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly holder: Hold,
  ) {}

  async get(path: string): Promise<KubeObject | undefined> {
    const { status, body } = await this.sandbox.api.get(path);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${body?.message ?? ''}`);
    return body as KubeObject;
  }

  list(path: string, labelSelector?: Record<string, string>): Promise<KubeObject[]> {
    return this.sandbox.api.list(path, labelSelector);
  }

  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer> {
    return this.sandbox.api.send(method, path, body, contentType);
  }

  async log(namespace: string, pod: string, container?: string): Promise<string | undefined> {
    const query = container ? `?container=${encodeURIComponent(container)}` : '';
    const { status, body } = await this.sandbox.api.get(`/api/v1/namespaces/${namespace}/pods/${pod}/log${query}`);
    return status === 200 ? String(body) : undefined;
  }

  async connect(from: Vantage, { host, port, protocol = 'TCP' }: Target): Promise<ProbeResult> {
    const machine = await this.place(from);
    if (typeof machine === 'string') return { verdict: 'no-route', reason: machine };
    let address: string | undefined;
    try {
      [address] = await machine.resolve(host, 4);
    } catch (error) {
      if (!(error instanceof NameError)) throw error;
      return { verdict: 'name-error', reason: `the name ${host} does not resolve from there: ${error.message}` };
    }
    if (!address) return { verdict: 'name-error', reason: `the name ${host} has no address` };
    return protocol === 'UDP' ? this.decide(machine, address, port, 'UDP') : this.dial(machine, address, port);
  }

  async resolve(from: Vantage, name: string): Promise<{ addresses: string[]; error?: string }> {
    const machine = await this.place(from);
    if (typeof machine === 'string') return { addresses: [], error: machine };
    try {
      return { addresses: await askDns(machine, name, 4) };
    } catch (error) {
      if (error instanceof NameError) return { addresses: [], error: error.message };
      throw error;
    }
  }

  async exec(from: Vantage, argv: string[], limitMs = EXEC_LIMIT_MS): Promise<ExecResult> {
    const machine = await this.place(from, true);
    if (typeof machine === 'string') return { stdout: '', stderr: machine, code: 127 };
    const out = collector();
    const err = collector();
    const env = { PATH, HOME: '/' };
    const proc = machine.start(argv, { env, stdout: out.description, stderr: err.description });
    const { clock } = this.sandbox;
    let late = false;
    const cancel = clock.after(limitMs, () => {
      late = true;
      proc.signal('SIGKILL');
    });
    const { code } = await proc.exited;
    cancel();
    return { stdout: out.text(), stderr: err.text(), code: late ? TIMED_OUT : code };
  }

  values(path: string, object: unknown): unknown[] {
    return findValues(path, object);
  }

  async runs(namespace: string, pod: string): Promise<boolean> {
    return (await this.sandbox.cluster.podMachine(namespace, pod)) !== undefined;
  }

  async serving(namespace: string, pod: string, port: number): Promise<Serving | undefined> {
    const spec = (await this.get(`/api/v1/namespaces/${namespace}/pods/${pod}`))?.['spec'];
    const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap(
      (list) => (spec?.[list] ?? []) as { name: string; image: string }[],
    );
    for (const { name, image } of containers) {
      const machine = await this.sandbox.cluster.podMachine(namespace, pod, name);
      const listens = machine?.net
        .listeners()
        .some((each) => each.protocol === 'TCP' && each.port === port && each.owner?.machine === machine.id);
      if (listens) return { container: name, image };
    }
    return undefined;
  }

  answer(question: string): string | undefined {
    return answersTo(this.sandbox.state.table('lab'), question).at(-1);
  }

  async file(path: string): Promise<WorkstationFile | undefined> {
    const { mounts } = this.sandbox.workstation;
    const entry = mounts.lookup(path);
    if (!entry || entry.type === 'device' || entry.type === 'fifo') return undefined;
    const text = entry.type === 'file' ? new TextDecoder().decode(entry.data) : '';
    return { text, mode: entry.mode, directory: entry.type === 'dir' };
  }

  advance(ms: number): Promise<void> {
    return this.sandbox.clock.sleep(ms);
  }

  hold(check: Held): Promise<Verdict> {
    return this.holder(this, check);
  }

  private async dial(machine: Machine, address: string, port: number): Promise<ProbeResult> {
    let connection: Connection;
    try {
      connection = await machine.net.connect(address, port, { timeoutMs: CONNECT_LIMIT_MS });
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      const { verdict = 'refused', reason = error.message, policy } = error.path ?? {};
      // the path may have been delivered to a port whose program ended meanwhile
      return { verdict: verdict === 'delivered' ? 'refused' : verdict, reason, ...(policy ? { policy } : {}) };
    }
    connection.close();
    return { ...this.decide(machine, address, port, 'TCP'), verdict: 'delivered', reason: '' };
  }

  /** The path alone: the policy that decided, the source that the server sees; for UDP, all there is to know. */
  private decide(machine: Machine, to: string, port: number, protocol: 'TCP' | 'UDP'): ProbeResult {
    const found = path(this.sandbox.network, { from: machine.net.host, to, port, protocol });
    const endpoint = found.destination ? `${found.destination.address}:${found.destination.port}` : `${to}:${port}`;
    const { verdict, reason, policy, source } = found;
    const { hosts } = this.sandbox.network;
    const client = hosts.get(machine.net.host);
    const own = [...(client ? hosts.owner(client).addresses : [])];
    return { verdict, reason, endpoint, source: source.address, own, ...(policy ? { policy } : {}) };
  }

  /** The machine of a vantage, or a sentence that says why there is none. `fresh`: with programs of its own. */
  private async place(from: Vantage, fresh = false): Promise<Machine | string> {
    const { sandbox } = this;
    if (typeof from === 'object' && 'node' in from)
      return sandbox.toolsOnNode(from.node, PROBE_IMAGE) ?? `there is no node ${from.node}`;
    if (typeof from === 'object' && 'namespace' in from && !('pod' in from) && !('selector' in from)) {
      if (!(await this.get(`/api/v1/namespaces/${from.namespace}`))) return `there is no project ${from.namespace}`;
      return sandbox.probe(from.namespace, from.image ?? PROBE_IMAGE, from.labels);
    }
    const machine = await this.inhabited(from);
    return typeof machine === 'string' || !fresh ? machine : sandbox.toolsOn(machine, PROBE_IMAGE);
  }

  private async inhabited(from: Vantage): Promise<Machine | string> {
    if (from === 'workstation') return this.sandbox.workstation;
    if ('host' in from) return this.sandbox.findHost(from.host) ?? `there is no host ${from.host}`;
    if ('pod' in from) return this.pod(from.namespace, from.pod);
    if (!('selector' in from)) throw new Error('not a place');
    const pods = await this.list(`/api/v1/namespaces/${from.namespace}/pods`, from.selector);
    const running = pods.find((pod) => pod['status']?.phase === 'Running' && !pod.metadata['deletionTimestamp']);
    return running
      ? this.pod(from.namespace, running.metadata.name)
      : `no pod in ${from.namespace} runs with these labels`;
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
      write: async (bytes: Uint8Array) => {
        if (text.length < MAX_OUTPUT) text += decoder.decode(bytes, { stream: true });
      },
      close: () => {},
    },
  };
}
