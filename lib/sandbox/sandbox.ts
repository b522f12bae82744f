// A world: a cluster, a workstation and the hosts around them, made from a lab or from a snapshot.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLASSROOM } from '../cluster/auth/accounts';
import { Cluster } from '../cluster/cluster';
import { registryWith } from '../images';
import { declaredPrograms } from '../images/declared/build';
import { FileSystem, type ImageFiles, imageFiles, Mounts } from '../machine/fs';
import { binary, Machine, type Programs } from '../machine/machine';
import { Fabric, NetStack } from '../machine/net';
import { DEVICES } from '../machine/rootfs';
import type { Terminal } from '../machine/terminal';
import { Network } from '../network/network';
import { completers, kubectl, oc } from '../oc';
import { programs as commonPrograms } from '../programs';
import { Clock, type HostTime } from '../sim/clock';
import { Random } from '../sim/random';
import { type Journal, type Snapshot, State } from '../sim/state';
import { ApiClient } from './api-client';
import { classroomDns, findAddresses, type Zone } from './classroom-dns';
import { serveConsole } from './console';
import { DOCUMENTATION_NAMES, documentationCertificate, documentationHost } from './documentation/host';
import { type LabHost, labCommand, runAsAdministrator } from './lab-command';
import { clusterNetworksOf, serviceNetworksOf } from './networks';
import { planHost } from './outside-host';
import { servePicture } from './picture';
import type { SandboxSpec } from './spec';
import { toolsOn } from './tools';
import { STUDENT, studentEnvironment, workstationFiles } from './workstation';

/** What a world is handed by whoever runs it. */
export interface SandboxHost {
  /** Follows this clock; without it time jumps. */
  time?: HostTime;
  journal?: Journal;
  lab?: LabHost;
  /** Told of a bug; gives the id that the user sees. */
  onBug?: (error: unknown) => string;
}

export type Origin =
  | { kind: 'new' }
  | { kind: 'restore'; snapshot: Snapshot; reason: 'crash' | 'hibernation' }
  | { kind: 'fork'; snapshot: Snapshot };

const MACHINE_NETWORK = '192.168.50.0/24';
const WORKSTATION_ADDRESS = '192.168.50.9';
const DNS_ADDRESS = '192.168.50.254';
const CLUSTER_DOMAIN = 'ocp4.example.com';
const CONSOLE_PATH = '/podlab/v1/console';
const PICTURE_PATH = '/podlab/v1/picture';

const NO_HOST: LabHost = {
  grade: async () => {
    throw new Error('not supported: grading from inside a copy');
  },
  started: async () => {},
  finished: async () => {},
};

/**
 * A sandbox.
 * @example
 * const sandbox = await Sandbox.make(spec, { kind: 'new' }, { time: hostTime });
 * const { code } = await sandbox.run('oc get nodes').exited;
 */
export class Sandbox {
  readonly clock: Clock;
  readonly random: Random;
  readonly state: State;
  readonly network: Network;
  readonly fabric: Fabric;
  readonly cluster: Cluster;
  readonly workstation: Machine;
  readonly programs: Programs;
  readonly api: ApiClient;
  private readonly front: Server;
  private readonly utility: Machine;
  private readonly hosts = new Map<string, Machine>();
  private readonly probes = new Map<string, Machine>();
  private readonly pull: ReturnType<typeof registryWith>;
  private unfollow: (() => void) | undefined;

  private constructor(
    readonly spec: SandboxSpec,
    private readonly origin: Origin,
    private readonly host: SandboxHost,
  ) {
    // a new world is kept whole once it is there (the host asks for a snapshot): its making is not worth a log
    this.state = origin.kind === 'new' ? new State() : new State(origin.snapshot, host.journal);
    const saved = this.state.table('world');
    this.clock = new Clock(origin.kind === 'fork' ? (saved.get<number>('now') ?? spec.now) : spec.now);
    this.random = this.seed();
    this.network = new Network({
      plugin: spec.network,
      ...(spec.sdnMode ? { sdnMode: spec.sdnMode } : {}),
      ...(spec.proxyMode ? { proxyMode: spec.proxyMode } : {}),
      clusterNetwork: clusterNetworksOf(spec),
      serviceNetwork: serviceNetworksOf(spec),
      machineNetwork: MACHINE_NETWORK,
      now: () => this.clock.now(),
      random: this.random.fork('network'),
    });
    this.fabric = new Fabric(this.network, this.clock);
    this.pull = registryWith(spec.images ?? [], spec.profile === 'openshift' ? 'cri-o' : 'containerd');
    this.programs = new Map([
      ...commonPrograms,
      ...declaredPrograms(spec.images ?? []),
      ['oc', oc],
      ['kubectl', kubectl],
      ['lab', labCommand(spec, host.lab ?? NO_HOST, this.state.table('lab'))],
    ]);
    this.cluster = new Cluster({
      state: this.state,
      clock: this.clock,
      random: this.random.fork('cluster'),
      fabric: this.fabric,
      programs: this.programs,
      pull: this.pull,
      profile: spec.profile,
      workers: spec.workers,
      clusterNetwork: clusterNetworksOf(spec),
      serviceNetwork: spec.serviceNetwork,
      ...(spec.nodePortRange ? { nodePortRange: spec.nodePortRange } : {}),
      upstreamDns: DNS_ADDRESS,
      baseDomain: CLUSTER_DOMAIN,
      pace: spec.pace,
      bare: spec.bare ?? false,
      multus: spec.multus ?? false,
      ...(spec.sdnMode ? { sdnMode: spec.sdnMode } : {}),
      surroundings: {
        names: (name) => findAddresses(this.zone(), name),
        file: (host, path) => (host === 'workstation' ? this.workstation.text(path) : undefined),
      },
      sync: () => this.state.commit(),
      onBug: (error) => this.bug(error),
    });
    this.utility = this.outsideHost(
      'utility',
      DNS_ADDRESS,
      new Map([
        ['classroom-dns', classroomDns(() => this.zone())],
        ['documentation', documentationHost(documentationCertificate(this.cluster.authority))],
      ]),
      imageFiles({
        '/usr/sbin/named': binary('classroom-dns'),
        '/usr/sbin/documentation': binary('documentation'),
        ...DEVICES,
      }),
    );
    this.workstation = this.outsideHost(
      'workstation',
      WORKSTATION_ADDRESS,
      this.programs,
      workstationFiles(spec, this.programs, this.cluster.authority, DNS_ADDRESS),
    );
    for (const declared of spec.hosts ?? []) {
      const plan = planHost(declared, this.programs, this.pull, DNS_ADDRESS);
      const machine = this.outsideHost(declared.name, declared.address, plan.programs, plan.files);
      plan.start(machine);
      this.hosts.set(declared.name, machine);
    }
    this.api = new ApiClient((stream) => this.cluster.serve(stream, { trusted: true }));
    this.front = createServer();
    this.routeFront();
  }

  /** Makes a world and waits until its API answers. */
  static async make(spec: SandboxSpec, origin: Origin, host: SandboxHost): Promise<Sandbox> {
    const sandbox = new Sandbox(spec, origin, host);
    if (host.time) sandbox.unfollow = sandbox.clock.follow(host.time);
    sandbox.utility.start(['/usr/sbin/named']);
    sandbox.utility.start(['/usr/sbin/documentation']);
    if (origin.kind === 'new') {
      await sandbox.settleWhile(sandbox.bootstrap());
      if (host.journal) sandbox.state.attach(host.journal);
    } else await sandbox.settleWhile(sandbox.cluster.resume(origin.kind === 'fork' ? 'fork' : origin.reason));
    return sandbox;
  }

  /** A copy that shares nothing changeable with this world; its time jumps, and nothing it does is kept. */
  async fork(): Promise<Sandbox> {
    return Sandbox.make(this.spec, { kind: 'fork', snapshot: this.snapshot() }, {});
  }

  /** The whole durable state. Running programs are not in it; what they keep in files is. */
  snapshot(): Snapshot {
    this.workstation.mounts.flush();
    this.cluster.flush();
    this.state.table('world').set('now', this.clock.now());
    this.state.table('world').set('random', this.random.state);
    return this.state.snapshot();
  }

  /** A login shell of the student on a terminal. */
  login(terminal: Terminal) {
    const shell = this.programs.get('bash');
    return this.workstation.start(['-bash'], { ...this.session(terminal), ...(shell ? { program: shell } : {}) });
  }

  /** A shell of the student that runs commands without a terminal. */
  run(commands: string, streams: Pick<Parameters<Machine['start']>[1] & object, 'stdin' | 'stdout' | 'stderr'> = {}) {
    return this.workstation.start(['bash', '-l', '-c', commands], { ...this.session(), ...streams });
  }

  /** Serves one stream of the sandbox's socket: consoles, and the Kubernetes API for the server. */
  serve(stream: Duplex): void {
    this.front.emit('connection', stream);
  }

  /** A place to probe from: a pod's network in a namespace with an image's programs. It is known to the network only. */
  probe(namespace: string, reference: string, labels: Record<string, string> = {}): Machine {
    const key = JSON.stringify([namespace, reference, labels]);
    const made =
      this.probes.get(key) ?? this.cluster.probePod(namespace, `podlab-probe-${this.probes.size}`, reference, labels);
    this.probes.set(key, made);
    return made;
  }

  /** A host outside the cluster that the lab declares. */
  findHost(name: string): Machine | undefined {
    return this.hosts.get(name);
  }

  /** Fresh programs of an image on the network of a machine. */
  toolsOn(machine: Machine, image: string): Machine {
    const etc = Object.fromEntries(['/etc/resolv.conf', '/etc/hosts'].map((path) => [path, machine.text(path) ?? '']));
    return this.tools(machine.net, etc, image);
  }

  /** The same on the network of a node. */
  toolsOnNode(name: string, image: string): Machine | undefined {
    if (!this.cluster.nodeAddresses().some((node) => node.name === name)) return undefined;
    const net = this.cluster.kubelet.nodeStack(name);
    return this.tools(net, { '/etc/resolv.conf': `search ${CLUSTER_DOMAIN}\nnameserver ${DNS_ADDRESS}\n` }, image);
  }

  private tools(net: NetStack, etc: Record<string, string>, image: string): Machine {
    const { clock, random, programs, pull } = this;
    const id = `${net.host} ${image}`;
    const made =
      this.probes.get(id) ??
      toolsOn({ net, etc, image, pull, id, clock, random, programs, onBug: (error) => this.bug(error) });
    this.probes.set(id, made);
    return made;
  }

  /** Switches the world off. Nothing is written any more. */
  stop(): void {
    this.unfollow?.();
    this.workstation.powerOff();
    this.utility.powerOff();
    for (const machine of this.hosts.values()) machine.powerOff();
    this.cluster.stop();
  }

  private async bootstrap(): Promise<void> {
    await this.cluster.bootstrap();
    const login = this.workstation.start(['bash', '-c', ':'], {});
    await login.exited;
    this.writeAdministratorKubeconfig();
    if (this.spec.scripts.prepare) await this.prepare(this.spec.scripts.prepare);
    if (this.spec.login) await this.logIn(this.spec.login);
  }

  private async logIn({ user, project }: NonNullable<SandboxSpec['login']>): Promise<void> {
    const { password } = CLASSROOM.find(({ name }) => name === user) ?? {};
    const into = project ? ` && oc project ${project}` : '';
    const { code } = await this.run(`oc login -u ${user} -p ${password} ${this.cluster.settings.apiUrl}${into}`).exited;
    if (code !== 0)
      throw new Error(`signing in as ${user}${project ? ` into ${project}` : ''} failed with status ${code}`);
  }

  private writeAdministratorKubeconfig(): void {
    const { fs, inner } = this.workstation.mounts.find('/root/.kube/config');
    const now = this.clock.now();
    fs.set('/root/.kube', { type: 'dir', mode: 0o700, uid: 0, gid: 0, mtime: now });
    const data = new TextEncoder().encode(this.cluster.administratorKubeconfig());
    fs.set(inner, { type: 'file', mode: 0o600, uid: 0, gid: 0, mtime: now, data });
  }

  private async prepare(script: string): Promise<void> {
    const outcome = { code: 1, output: '' };
    const runner = this.workstation.start(['prepare'], {
      program: async (proc) => Object.assign(outcome, await runAsAdministrator(proc, script)).code,
    });
    await runner.exited;
    if (outcome.code !== 0)
      throw new Error(`the lab's preparation failed with status ${outcome.code}:\n${outcome.output}`);
  }

  /** A world that jumps has to be driven while it starts. */
  private settleWhile(work: Promise<void>): Promise<void> {
    return this.host.time ? work : this.clock.drive(work, START_LIMIT_MS);
  }

  private seed(): Random {
    const saved = this.state.table('world');
    const state = saved.get<ReturnType<() => Random['state']>>('random');
    if (this.origin.kind === 'fork' && state) return new Random(state);
    // a world that crashed has used draws that were not saved: go on from a source that it has not used
    const starts = (saved.get<number>('starts') ?? 0) + 1;
    saved.set('starts', starts);
    return new Random(this.spec.seed).fork(`start ${starts}`);
  }

  private zone(): Zone {
    const api = this.cluster.apiAddress();
    return new Map([
      [`api.${CLUSTER_DOMAIN}`, [api]],
      [`api-int.${CLUSTER_DOMAIN}`, [api]],
      [`*.apps.${CLUSTER_DOMAIN}`, this.cluster.routerAddresses()],
      ...this.cluster
        .nodeAddresses()
        .flatMap(({ name, address }) =>
          [CLUSTER_DOMAIN, 'lab.example.com'].map((domain) => [`${name}.${domain}`, [address]] as [string, string[]]),
        ),
      ['workstation.lab.example.com', [WORKSTATION_ADDRESS]],
      ['utility.lab.example.com', [DNS_ADDRESS]],
      ...DOCUMENTATION_NAMES.map((name) => [name, [DNS_ADDRESS]] as [string, string[]]),
      ...(this.spec.hosts ?? []).map(
        ({ name, address }) => [`${name}.lab.example.com`, [address]] as [string, string[]],
      ),
    ]);
  }

  private outsideHost(name: string, address: string, programs: Programs, files: ImageFiles): Machine {
    this.network.putOutsideHost({ name, addresses: [address] });
    return new Machine({
      id: name,
      hostname: name,
      clock: this.clock,
      random: this.random.fork(name),
      mounts: new Mounts(new FileSystem(files, this.state.table(`fs/${name}`), () => this.clock.now())),
      net: new NetStack(this.fabric, `outside/${name}`, () => [address]),
      programs,
      completers,
      initDies: true,
      sync: () => this.state.commit(),
      onBug: (error) => this.bug(error),
    });
  }

  private session(terminal?: Terminal) {
    return {
      env: studentEnvironment(this.spec),
      cwd: STUDENT.home,
      uid: STUDENT.uid,
      gid: STUDENT.gid,
      ...(terminal ? { terminal } : {}),
    };
  }

  private routeFront(): void {
    this.front.keepAliveTimeout = 0;
    this.front.headersTimeout = 0;
    this.front.requestTimeout = 0;
    const trusted = (message: IncomingMessage) => this.cluster.trust(message.socket);
    this.front.on('request', (message, response) => {
      if (message.url === PICTURE_PATH) return servePicture(this.fabric, response);
      trusted(message);
      this.cluster.server.emit('request', message, response);
    });
    this.front.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (message.url?.split('?')[0] === CONSOLE_PATH) return serveConsole(this, message, socket, head);
      trusted(message);
      this.cluster.server.emit('upgrade', message, socket, head);
    });
  }

  private bug(error: unknown): string {
    return this.host.onBug?.(error) ?? 'unknown';
  }
}

const START_LIMIT_MS = 10 * 60 * 1000; // simulated; a cluster starts in far less
