// A world with a cluster for tests: time jumps, images are small, programs do one thing each.

import dnsPacket from 'dns-packet';
import { pull as pullImage } from '../../images';
import type { Image, Pull } from '../../images/image';
import { words } from '../../images/tags';
import { imageFiles } from '../../machine/fs';
import { binary } from '../../machine/machine';
import { Fabric, NetStack } from '../../machine/net';
import type { Program } from '../../machine/process';
import { DEVICES } from '../../machine/rootfs';
import { Network } from '../../network/network';
import { programs } from '../../programs';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { type Snapshot, State } from '../../sim/state';
import { Cluster } from '../cluster';
import type { ClusterOptions, ResumeReason } from '../cluster-options';
import type { Pod } from '../kinds';
import type { KubeObject, ObjectInput } from '../store/types';

const NOW = Date.UTC(2026, 0, 5, 8, 0, 0);

const UPSTREAM = '192.168.50.254';

/** The name server outside: it knows no name. */
async function answerNothing(stack: NetStack): Promise<void> {
  const socket = stack.udp(53);
  for (let query = await socket.receive(); query; query = await socket.receive()) {
    const { id, questions } = dnsPacket.decode(Buffer.from(query.bytes));
    const flags = 3; // NXDOMAIN
    socket.send(
      dnsPacket.encode({ type: 'response', id: id ?? 0, flags, questions: questions ?? [] }),
      query.address,
      query.port,
    );
  }
}

/** Programs on board of every test image. */
const PROGRAMS: Record<string, Program> = {
  /** Listens on its first argument and answers each connection with its host name. */
  serve: async (proc) => {
    const listener = proc.listen(Number(proc.argv[1] ?? 80));
    await proc.print(`listening on ${listener.port}\n`);
    proc.on('SIGTERM', () => listener.close());
    for (let c = await listener.accept(proc.killed); c; c = await listener.accept(proc.killed)) {
      await c.write(new TextEncoder().encode(proc.machine.hostname));
      c.close();
    }
    return 0;
  },
  sleep: async (proc) => {
    proc.on('SIGTERM', () => proc.signal('SIGKILL'));
    await proc.sleep(Number(proc.argv[1] ?? 1e6) * 1000);
    return 0;
  },
  tick: async (proc) => {
    for (;;) {
      await proc.print('tick\n');
      await proc.sleep(1000);
    }
  },
  echo: async (proc) => {
    await proc.print(`${proc.argv.slice(1).join(' ')}\n`);
    return 0;
  },
  fail: async (proc) => {
    await proc.complain('it does not work\n');
    return Number(proc.argv[1] ?? 1);
  },
  cat: async (proc) => {
    if (proc.argv[1]) await proc.print(proc.files.readText(proc.argv[1]));
    else for (let chunk = await proc.read(); chunk; chunk = await proc.read()) await proc.print(chunk);
    return 0;
  },
  env: async (proc) => {
    for (const [name, value] of Object.entries(proc.env)) await proc.print(`${name}=${value}\n`);
    return 0;
  },
  write: async (proc) => {
    proc.files.write(proc.argv[1] ?? '', `${proc.argv[2]}\n`);
    return 0;
  },
};

const FILES = imageFiles({
  ...Object.fromEntries(Object.keys(PROGRAMS).map((name) => [`/usr/bin/${name}`, binary(name)])),
  ...DEVICES,
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  '/tmp': { type: 'dir', mode: 0o1777 },
});

const image = (entrypoint: string[]): Image => ({
  repositories: [],
  tags: words('latest'),
  files: FILES,
  env: { PATH: '/usr/bin' },
  entrypoint,
  cmd: [],
  user: '0',
  workdir: '/',
  ports: [],
  volumes: [],
  labels: {},
  libc: 'glibc',
  sizeBytes: 1_000_000,
});

const IMAGES: Record<string, Image> = {
  'registry.test/web': image(['serve', '80']),
  'registry.test/sleep': image(['sleep', '1000000']),
  'registry.test/tools': image(['echo', 'tools']),
};

function pull(reference: string): Pull {
  const found = IMAGES[reference.replace(/:[^/:]*$/, '')];
  if (found) return { image: found, digest: `sha256:${'0'.repeat(64)}` };
  return pullImage(reference);
}

export class TestWorld {
  readonly clock: Clock;
  readonly state: State;
  readonly cluster: Cluster;
  readonly fabric: Fabric;
  readonly bugs: unknown[] = [];

  private constructor(
    private readonly options: Partial<ClusterOptions>,
    snapshotOf?: { snapshot: Snapshot; now: number },
  ) {
    this.clock = new Clock(snapshotOf?.now ?? NOW);
    const random = new Random(7);
    this.state = new State(snapshotOf?.snapshot);
    const clusterNetwork = [{ cidr: '10.8.0.0/14', hostPrefix: 23 }];
    const network = new Network({
      plugin: 'OVNKubernetes',
      clusterNetwork,
      serviceNetwork: ['172.30.0.0/16'],
      machineNetwork: '192.168.50.0/24',
      now: () => this.clock.now(),
      random: random.fork('network'),
    });
    this.fabric = new Fabric(network, this.clock);
    network.putOutsideHost({ name: 'utility', addresses: [UPSTREAM] });
    void answerNothing(new NetStack(this.fabric, 'outside/utility', () => [UPSTREAM]));
    this.cluster = new Cluster({
      state: this.state,
      clock: this.clock,
      random: random.fork('cluster'),
      fabric: this.fabric,
      programs: new Map([...programs, ...Object.entries(PROGRAMS)]),
      pull,
      profile: 'openshift',
      workers: 2,
      clusterNetwork,
      serviceNetwork: '172.30.0.0/16',
      upstreamDns: UPSTREAM,
      baseDomain: 'ocp4.example.com',
      pace: 'instant',
      sync: () => this.state.commit(),
      onBug: (error) => {
        this.bugs.push(error);
        return 'bug';
      },
      ...options,
    });
  }

  static async start(options: Partial<ClusterOptions> = {}): Promise<TestWorld> {
    const world = new TestWorld(options);
    await world.cluster.bootstrap();
    world.cluster.client.create('namespaces', { metadata: { name: 'shop' } });
    await world.advance(10);
    return world;
  }

  /** The same world again, from what it has stored. */
  async restored(reason: ResumeReason): Promise<TestWorld> {
    this.cluster.flush();
    const world = new TestWorld(this.options, { snapshot: this.state.snapshot(), now: this.clock.now() });
    await world.cluster.resume(reason);
    return world;
  }

  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  create(resource: string, object: ObjectInput): KubeObject {
    return this.cluster.client.create(resource, { ...object, metadata: { namespace: 'shop', ...object.metadata } });
  }

  get(resource: string, name: string, namespace = 'shop'): KubeObject | undefined {
    return this.cluster.store.get(resource, namespace, name);
  }

  list(resource: string, namespace = 'shop'): KubeObject[] {
    return this.cluster.store.list(resource, namespace);
  }

  pods(): Pod[] {
    return this.list('pods') as Pod[];
  }

  pod(name: string): Pod {
    return this.cluster.store.getExisting('pods', 'shop', name) as Pod;
  }

  /** `reason: message` of the events about an object, oldest first. */
  events(name: string): string[] {
    return this.list('events')
      .filter((event) => event['involvedObject'].name === name)
      .map((event) => `${event['reason']}: ${event['message']}`);
  }

  /** What a container wrote in its newest run. */
  log(pod: string, container?: string): string {
    const { metadata, spec } = this.pod(pod);
    const name = container ?? spec.containers[0]?.name ?? '';
    const run = this.cluster.kubelet.find('shop', pod)?.find(name)?.status.restartCount ?? 0;
    const lines = [...this.cluster.kubelet.logs.get(metadata.uid, name, run).lines()];
    return lines.map(({ bytes }) => new TextDecoder().decode(bytes)).join('');
  }

  /** The addresses of a name as a pod resolves it, or the error's code. */
  async resolve(pod: string, name: string): Promise<string> {
    const machine = await this.cluster.podMachine('shop', pod);
    try {
      return (await this.clock.drive(machine?.resolve(name, 4) ?? Promise.resolve([]), 60_000)).join(' ');
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  }

  /** Connects from a pod, and gives what it reads or the error's code. */
  async ask(pod: string, address: string, port: number): Promise<string> {
    const machine = await this.cluster.podMachine('shop', pod);
    if (!machine) return 'no machine';
    try {
      const connection = await machine.net.connect(address, port);
      const chunk = await connection.read();
      return chunk ? new TextDecoder().decode(chunk) : '';
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  }
}

/** A pod of one container. */
export const podOf = (name: string, image: string, container: object = {}, spec: object = {}): ObjectInput => ({
  metadata: { name, labels: { app: name } },
  spec: { containers: [{ name: 'main', image: `registry.test/${image}`, ...container }], ...spec },
});

export const deploymentOf = (name: string, replicas: number, image: string, spec: object = {}): ObjectInput => ({
  metadata: { name, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: `registry.test/${image}` }] },
    },
    ...spec,
  },
});
