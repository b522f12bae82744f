// A cluster: its objects, its control plane, its nodes and what runs on them.
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { administratorKey } from '../images/node';
import type { Machine } from '../machine/machine';
import type { NetStack } from '../machine/net';
import type { Certificate } from '../machine/tls';
import { Cidr } from '../network/address';
import { podMtu } from '../network/cni/contract';
import { netdOf } from '../network/interfaces';
import { PodAddresses } from '../network/ipam';
import type { Network } from '../network/network';
import type { Cancel } from '../sim/clock';
import type { Random } from '../sim/random';
import { Client, controllerUser } from './api/client';
import { Operations } from './api/operations';
import { CLASSROOM } from './auth/accounts';
import { ClientCertificates } from './auth/client-certificates';
import { createRoles } from './auth/roles';
import { authorityPem, type Certificates, certificates } from './authority';
import { age } from './bootstrap/age';
import { createApiService, createServiceCidr } from './bootstrap/api-service';
import { createApiServices } from './bootstrap/api-services';
import { createConfiguration } from './bootstrap/configuration';
import { countRestarts } from './bootstrap/crash';
import { type Declaring, declareRunning } from './bootstrap/declare';
import { createNamespaces } from './bootstrap/namespaces';
import { createNode, kubeletVersion, type NodePlan, planNodes } from './bootstrap/nodes';
import { createPriorityClasses } from './bootstrap/priority-classes';
import { createSecurityContextConstraints } from './bootstrap/security-context-constraints';
import { shareResources } from './bootstrap/shared-resources';
import { createStorageClasses } from './bootstrap/storage-classes';
import type { ClusterOptions, ResumeReason } from './cluster-options';
import { certificateSigning } from './controllers/certificate-signing';
import type { Controller, ControllerContext } from './controllers/controller';
import { horizontalPodAutoscaler } from './controllers/horizontal-pod-autoscaler';
import { imageImport, imageTriggers } from './controllers/image-streams';
import { controllers } from './controllers/index';
import { loadBalancer } from './controllers/load-balancer';
import { nodeLifecycle } from './controllers/node-lifecycle';
import { podsOn } from './controllers/pods-by-node';
import { rootCa } from './controllers/root-ca';
import { ControllerRunner } from './controllers/runner';
import { connectDataplane } from './dataplane';
import { EventRecorder } from './events';
import { deliver, furnish } from './furniture/index';
import { HealthCheckPorts } from './health-check-ports';
import type { PullImage } from './image-import';
import { throughStreams } from './internal-registry';
import { type Pod, podReady } from './kinds';
import { KubeadmControlPlane } from './kubeadm/control-plane';
import type { PodSettings } from './kubelet/context';
import { Kubelet } from './kubelet/kubelet';
import { DeclaredListeners } from './kubelet/listeners';
import { nodeAgent } from './kubelet/node-agent';
import { operators } from './operators/index';
import { installKubeDns } from './operators/kube-dns';
import { VERSION } from './operators/operator';
import type { PluginContext } from './plugins/contract';
import { type Installation, installPlugin, pluginControllers } from './plugins/index';
import { probe } from './probe';
import { type ClusterSettings, resourceId } from './resources/definition';
import { Registry } from './resources/registry';
import { networkReviews } from './reviews';
import { Scheduler } from './scheduler/scheduler';
import { API_PORT, Serving } from './serving';
import { ObjectStore } from './store/store';
import type { KubeObject } from './store/types';
import { KubeletStreams } from './streams/pod-streams';
import { unidle } from './unidling';

const CATCH_UP_KEYS = 64; // about ten milliseconds of work
const AGE_MS = 41 * 86_400_000; // of a new cluster, as in the lesson
const BARE_NODE = '127.0.0.1';
/** The newest of each release in which a plug-in was there for the last time. */
const LAST_RELEASES: Record<string, string> = { '4.14': '4.14.45', '4.16': '4.16.33' };
const ADVERTISED = '192.0.2.1'; // endpoints must not be loopback addresses: what a bare server says of itself

/**
 * A cluster of simulated nodes.
 * @example
 * const cluster = new Cluster(options);
 * await cluster.bootstrap();
 * cluster.client.create('pods', { metadata: { name: 'web', namespace: 'default' }, spec });
 */
export class Cluster {
  readonly store: ObjectStore;
  readonly operations: Operations;
  /** Writes as the control plane itself. */
  readonly client: Client;
  readonly kubelet: Kubelet;
  readonly settings: ClusterSettings;
  /** Logs, exec, attach and port-forward, for the API server. */
  readonly streams: KubeletStreams;
  private readonly serving: Serving;
  private readonly healthChecks: HealthCheckPorts;
  private readonly certificates: Certificates;
  private readonly clientCertificates: ClientCertificates;
  private readonly random: Random;
  private readonly addresses: PodAddresses;
  private readonly listeners: DeclaredListeners;
  private readonly runners: ControllerRunner[];
  /** Those that kube-controller-manager runs. */
  private readonly managed: ControllerRunner[];
  private readonly nodeRunner: ControllerRunner;
  private readonly scheduler: Scheduler;
  private readonly nodes: NodePlan[];
  private readonly kubeadm: KubeadmControlPlane;
  private readonly served: ReadonlySet<string>;
  private readonly pull: PullImage;
  private disconnect: Cancel = () => {};
  private unfollow: Cancel = () => {};

  constructor(private readonly options: ClusterOptions) {
    const { state, clock, fabric, profile, baseDomain, clusterNetwork } = options;
    const serviceNetworks = options.serviceNetwork.split(',').map((block) => block.trim());
    const [serviceNetwork = ''] = serviceNetworks;
    const version = state.table('store').get<number>('resourceVersion') ?? 0;
    this.random = options.random.fork(`at ${version}`); // a world that comes back must not draw the same names again
    const [pods] = clusterNetwork;
    this.settings = {
      profile,
      serviceNetwork,
      serviceNetworks,
      clusterNetworks: clusterNetwork,
      clusterNetwork: pods?.cidr ?? '10.128.0.0/14',
      hostPrefix: pods?.hostPrefix ?? 23,
      baseDomain,
      apiUrl: `https://api.${baseDomain}:${API_PORT}`,
      release: this.release,
      ...(options.nodePortRange ? { nodePortRange: options.nodePortRange } : {}),
    };
    this.store = new ObjectStore(state, clock, this.random);
    this.pull = throughStreams(options.pull, this.store);
    if (!options.bare) this.furnish();
    this.operations = new Operations(
      new Registry(profile, { legacy: options.bare ?? false }),
      this.store,
      clock,
      this.random,
      this.settings,
    );
    this.served = new Set(this.operations.registry.all().map(resourceId));
    this.client = new Client(this.operations);
    this.addresses = new PodAddresses(state.table('pod-addresses'), { plugin: fabric.network.plugin, clusterNetwork });
    this.nodes = options.bare
      ? [{ name: BARE_NODE, address: BARE_NODE, roles: [], subnets: [] }]
      : planNodes(profile, options.workers, (node) => this.addresses.subnets(node));
    this.certificates = certificates(state.table('cluster'), this.random, clock.now(), {
      dnsNames: [
        `api.${baseDomain}`,
        `api-int.${baseDomain}`,
        'kubernetes',
        'kubernetes.default',
        'kubernetes.default.svc',
        'kubernetes.default.svc.cluster.local',
      ],
      ipAddresses: [this.apiAddress(), Cidr.parse(serviceNetwork).at(1), '127.0.0.1'],
    });
    this.kubeadm = new KubeadmControlPlane({
      table: state.table('cluster'),
      store: this.store,
      client: this.client,
      settings: this.settings,
      node: this.nodes[0]?.name ?? '',
      address: this.apiAddress(),
      dnsAddress: this.dnsAddress,
      certificates: this.certificates,
      administrator: () => this.administratorKubeconfig(),
    });
    const podSettings: PodSettings = {
      clusterDomain: 'cluster.local',
      dnsAddress: this.dnsAddress,
      nodeDns: { nameservers: [options.upstreamDns], searches: [baseDomain] },
      networkName: networkName(fabric.network),
      multus: profile === 'openshift' || (options.multus ?? false),
    };
    this.listeners = new DeclaredListeners(state.table('listeners'), fabric);
    this.kubelet = new Kubelet({
      ...this.context('kubelet'),
      state,
      fabric,
      programs: options.programs,
      pull: this.pull,
      addresses: this.addresses,
      listeners: this.listeners,
      pace: options.pace,
      settings: podSettings,
      onBug: options.onBug,
      ...(options.mostAwake !== undefined && { mostAwake: options.mostAwake }),
      sync: options.sync,
      ca: () => authorityPem(this.certificates),
      installed: (node) => this.kubeadm.filesOn(node),
      token: (pod, audience, seconds) => this.podToken(pod, audience, seconds),
    });
    this.clientCertificates = new ClientCertificates(state.table('cluster'), this.random, this.certificates.authority);
    this.streams = new KubeletStreams(this.store, this.kubelet, clock, () =>
      this.kubelet.nodeStack(this.nodes[0]?.name ?? ''),
    );
    this.serving = new Serving({
      operations: this.operations,
      streams: this.streams,
      reviews: networkReviews({
        network: fabric.network,
        store: this.store,
        settings: podSettings,
        pull: this.pull,
        surroundings: options.surroundings,
      }),
      pull: this.pull,
      table: state.table('cluster'),
      sync: () => {
        this.catchUp();
        return options.sync();
      },
      onBug: options.onBug,
      certificate: this.certificates.server,
      clientCertificates: this.clientCertificates,
      ...(options.bare
        ? { accounts: [{ name: 'admin', token: 'admin-token', groups: ['system:masters'] }], alwaysAllow: true }
        : {}),
    });
    this.healthChecks = new HealthCheckPorts({
      store: this.store,
      network: fabric.network,
      nodes: this.nodes.map(({ name }) => name),
      stack: (node) => this.kubelet.nodeStack(node),
    });
    this.scheduler = new Scheduler(this.context('kube-scheduler'));
    const run = (controller: Controller) => new ControllerRunner(controller, this.store, clock, options.onBug);
    this.nodeRunner = run(nodeLifecycle(this.context('node-controller'), (node) => this.kubelet.silentSince(node)));
    this.managed = [...this.makeControllers().map(run), ...(options.bare ? [] : [this.nodeRunner])];
    this.runners = [...this.managed, ...this.makeOthers().map(run)];
  }

  /** The first start: fills the store with what a new cluster has. */
  async bootstrap(): Promise<void> {
    const { clock, profile, fabric } = this.options;
    const { serviceNetwork } = this.settings;
    this.connect();
    createNamespaces(this.client, profile);
    createRoles(this.client, profile);
    createPriorityClasses(this.client, profile);
    if (!this.options.bare) createStorageClasses(this.client, profile);
    createApiServices(this.client, this.operations.registry);
    if (profile === 'openshift') createSecurityContextConstraints(this.client);
    if (profile === 'openshift') shareResources(this.client);
    for (const { name } of CLASSROOM.filter(({ clusterAdmin }) => clusterAdmin)) this.bindAdministrator(name);
    const flavour = {
      profile,
      tainted: this.nodes.length > 1,
      plugin: fabric.network.plugin.name,
      release: this.context('').release,
    };
    for (const node of this.nodes) createNode(this.client, node, flavour, this.random, clock.timestamp());
    createServiceCidr(this.client, this.settings.serviceNetworks ?? [serviceNetwork], clock.timestamp());
    createApiService(this.client, serviceNetwork, [this.options.bare ? ADVERTISED : this.apiAddress()]);
    if (!this.options.bare) installPlugin(this.pluginContext(''), this.installation());
    if (profile === 'kubernetes' && !this.options.bare) {
      this.kubeadm.begin();
      installKubeDns(this.context(''), this.dnsAddress);
    }
    if (profile === 'openshift' && !this.options.bare)
      createConfiguration(this.context(''), {
        ...this.settings,
        network: fabric.network.plugin.name,
        mtu: podMtu(fabric.network.plugin),
      });
    this.startControllers();
    this.settle();
    for (const pod of this.store.list('pods') as Pod[]) if (pod.spec.nodeName) declareRunning(this.declaring(), pod);
    this.settle();
    if (profile === 'kubernetes' && !this.options.bare) this.installControlPlane();
    if (!this.options.bare) age(this.store, clock.now(), AGE_MS);
    if (!this.options.bare) {
      const created = `${new Date(clock.now() - AGE_MS).toISOString().slice(0, 19)}Z`;
      deliver(this.options.state.table('cluster'), this.store, created);
      this.furnish();
    }
    this.startNodes();
    await this.options.sync();
  }

  /** What kubeadm leaves: the pods of the first node, and how they were made. */
  private installControlPlane(): void {
    const node = this.nodes[0]?.name ?? '';
    this.kubelet.mirror(node);
    for (const pod of podsOn(this.store, node))
      if (!pod.status?.podIP && pod.metadata.namespace === 'kube-system') declareRunning(this.declaring(), pod);
    this.kubeadm.leaveConfiguration(this.context(''));
  }

  private furnish(): void {
    furnish(this.options.state.table('cluster'), this.store, this.options.profile, {
      release: this.release,
      kubernetes: kubeletVersion(this.release).replace('v', ''),
      pull: this.options.pull,
      nodes: this.nodes,
      sshKey: administratorKey(),
    });
  }

  /** Goes on with a world that was stored. */
  async resume(reason: ResumeReason): Promise<void> {
    if (reason === 'crash') countRestarts(this.store);
    this.connect();
    this.startControllers();
    this.startNodes();
    if (!this.options.bare) await this.kubelet.rouseHostPods();
    await this.options.sync();
  }

  /** Ends everything that runs; nothing is written any more. */
  stop(): void {
    this.listeners.mute();
    this.unfollow();
    for (const runner of this.runners) runner.stop();
    this.scheduler.stop();
    this.healthChecks.stop();
    this.kubelet.stop();
    this.disconnect();
  }

  /** Writes all files of running containers to the state. */
  flush(): void {
    this.kubelet.flush();
  }

  /** The certificate that signs the API server's. */
  get authority(): Certificate {
    return this.certificates.authority;
  }

  apiAddress(): string {
    return this.nodes[0]?.address ?? BARE_NODE;
  }

  /** Where routes are served: the nodes that run a router, as the entry in the company's DNS names them. */
  routerAddresses(): string[] {
    const routers = (this.store.list('pods', 'openshift-ingress') as Pod[]).filter(
      (pod) => pod.spec.hostNetwork && podReady(pod),
    );
    const addresses = new Set(routers.flatMap(({ status }) => status?.hostIP ?? []));
    return addresses.size > 0 ? [...addresses].sort() : [(this.nodes[1] ?? this.nodes[0])?.address ?? BARE_NODE];
  }

  nodeAddresses(): { name: string; address: string }[] {
    return this.nodes.map(({ name, address }) => ({ name, address }));
  }

  /** Where the cluster's DNS answers: the tenth address of the service network. */
  private get dnsAddress(): string {
    return Cidr.parse(this.settings.serviceNetwork).at(10);
  }

  /** The machine of a running container, woken if it sleeps. */
  async podMachine(namespace: string, name: string, container?: string): Promise<Machine | undefined> {
    return (await this.kubelet.machine(namespace, name, container))?.machine;
  }

  /** The API server; it never listens, connections are handed to it. */
  get server(): Server {
    return this.serving.server;
  }

  /** Serves a stream from outside the world. A trusted one may name its user in X-Remote-User. */
  serve(stream: Duplex, options: { trusted: boolean }): void {
    this.serving.serve(stream, options);
  }

  /** Believes X-Remote-User on a stream that was handed to the server by another way. */
  trust(stream: Duplex): void {
    this.serving.trust(stream);
  }

  tokenFor(user: string): string {
    return this.serving.tokenFor(user);
  }

  administratorKubeconfig(): string {
    return this.serving.administratorKubeconfig(authorityPem(this.certificates));
  }

  /** A place to look from in a namespace; nothing of the API knows it. */
  probePod(namespace: string, name: string, image: string, labels: Record<string, string> = {}): Machine {
    const { clock, fabric, programs, onBug, upstreamDns, baseDomain } = this.options;
    const node = this.nodes.at(-1)?.name ?? BARE_NODE;
    const clusterDNS = this.dnsAddress;
    const nodeDns = { nameservers: [upstreamDns], search: [baseDomain] };
    const { random, addresses, pull } = this;
    return probe({
      namespace,
      name,
      labels,
      node,
      image,
      clusterDNS,
      nodeDns,
      clock,
      random,
      fabric,
      programs,
      pull,
      addresses,
      onBug,
    });
  }

  private podToken({ metadata, spec }: Pod, audience: string | undefined, seconds: number): string {
    const { namespace = '', name, uid } = metadata;
    const account = this.store.get('serviceaccounts', namespace, spec.serviceAccountName ?? 'default')?.metadata;
    return account ? this.serving.issueToken(namespace, account, seconds, audience, { name, uid }) : '';
  }

  private bindAdministrator(name: string): void {
    const apiGroup = 'rbac.authorization.k8s.io';
    this.client.create(`clusterrolebindings.${apiGroup}`, {
      metadata: { name: `cluster-admin-${name}` },
      roleRef: { apiGroup, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup, kind: 'User', name }],
    });
  }

  private connect(): void {
    const unidling = this.context('');
    this.options.fabric.onIdled = ({ namespace, name }) =>
      unidle({ ...unidling, timestamp: () => this.options.clock.timestamp() }, namespace, name);
    this.options.fabric.nodeAgent = (node) =>
      nodeAgent(
        {
          store: this.store,
          kubelet: this.kubelet,
          isOpenShift: this.options.profile === 'openshift',
          pull: this.pull,
          tokensOn: (name) => this.kubeadm.tokensOn(name),
          turn: (name, runs) => (runs ? this.startNode(name) : this.stopNode(name, 'kubelet')),
        },
        node,
      );
    this.disconnect = connectDataplane(this.store, this.options.fabric.network, (object) => this.dark(object));
  }

  /** A node without power, or a pod on one. */
  private dark({ kind, metadata, spec }: KubeObject): boolean {
    if (kind === 'Node') return !this.kubelet.hasPower(metadata.name);
    return kind === 'Pod' && spec?.nodeName !== undefined && !this.kubelet.hasPower(spec.nodeName);
  }

  /** Ends a node's kubelet, or takes its power; the control plane finds out by itself. */
  stopNode(node: string, kind: 'kubelet' | 'power'): void {
    const { network } = this.options.fabric;
    const lost = [
      ...podsOn(this.store, node),
      ...this.store.list('nodes').filter(({ metadata }) => metadata.name === node),
    ];
    if (kind === 'power') for (const object of lost) network.remove(object);
    this.kubelet.stopNode(node, kind);
    this.nodeRunner.poke(`/${node}`);
  }

  /** The other way round: the node boots, or its kubelet starts. */
  startNode(node: string): void {
    const dark = !this.kubelet.hasPower(node);
    this.kubelet.startNode(node);
    if (!dark) return;
    const { network } = this.options.fabric;
    const found = this.store.get('nodes', undefined, node);
    if (found) network.apply(found);
    for (const pod of podsOn(this.store, node)) network.apply(pod);
  }

  private startControllers(): void {
    const lists = new Map<string, KubeObject[]>();
    const listOnce = (resource: string) => {
      const known = lists.get(resource);
      if (known) return known;
      const list = this.store.listKnown(resource);
      lists.set(resource, list);
      return list;
    };
    for (const runner of this.runners) runner.start(listOnce);
    if (!this.options.bare) this.scheduler.start();
  }

  private startNodes(): void {
    if (this.options.bare) return;
    this.kubelet.start();
    this.serving.listen(this.controlPlane());
    if (this.kubeadm.isThere) this.followControlPlane();
    this.healthChecks.start();
  }

  private followControlPlane(): void {
    this.unfollow = this.kubeadm.follow({
      scheduler: this.scheduler,
      controllers: this.managed,
      api: (answers) => {
        if (!answers) this.serving.close();
        else if (!this.serving.isListening) this.serving.listen(this.controlPlane());
      },
    });
  }

  private controlPlane(): NetStack {
    return this.kubelet.nodeStack(this.nodes[0]?.name ?? BARE_NODE);
  }

  /** Runs the control plane at once until nothing is left to do. */
  private settle(): void {
    for (let busy = true; busy; ) {
      busy = false;
      for (const runner of this.runners) busy = runner.flush() || busy;
      busy = this.scheduler.flush() || busy;
    }
  }

  /**
   * Lets the control plane act on a write before its caller hears of it. A real one needs some milliseconds, which are less than a
   * person needs to type the next command, but more than a pasted line takes here. Bounded, so that no write waits for thousands.
   */
  private catchUp(): void {
    let left = CATCH_UP_KEYS;
    for (let before = -1; left > 0 && before !== left; ) {
      before = left;
      for (const part of [...this.runners, this.scheduler]) left -= part.take(left);
    }
  }

  private makeControllers(): Controller[] {
    const list = controllers.map((make) => make(this.context('')));
    const { profile, bare } = this.options;
    if (profile === 'openshift' && !bare) {
      list.push(...operators(this.context(''), this.operated()));
      list.push(imageImport(this.context('image-import-controller'), this.pull));
      list.push(imageTriggers(this.context('image-trigger-controller')));
    }
    if (!bare) list.push(certificateSigning(this.context('csrsigning'), this.clientCertificates));
    const autoscaler = horizontalPodAutoscaler(this.context(''), (pod) => this.kubelet.usage(pod));
    return [...list, autoscaler, rootCa(this.context('root-ca-cert-publisher'), () => authorityPem(this.certificates))];
  }

  /** What runs in pods of its own. */
  private makeOthers(): Controller[] {
    if (this.options.bare) return [];
    const plugins = pluginControllers(this.pluginContext('network-plugin'), this.installation());
    return [loadBalancer(this.context('')), ...plugins];
  }

  private operated() {
    const { fabric, baseDomain } = this.options;
    return { dnsAddress: this.dnsAddress, appsDomain: `apps.${baseDomain}`, network: fabric.network };
  }

  /** What a component of the control plane works with. */
  private context(name: string): ControllerContext {
    const { clock, profile } = this.options;
    const client = name ? new Client(this.operations, { user: controllerUser(name) }) : this.client;
    const events = new EventRecorder(this.store, client, clock);
    const serves = (resource: string) => this.served.has(resource);
    const { store, random, release } = this;
    return { store, client, clock, random, events, profile, serves, release };
  }

  /** The newest release that the plug-in can be installed with. */
  private get release(): string {
    const { lastRelease } = this.options.fabric.network.plugin;
    return (lastRelease && LAST_RELEASES[lastRelease]) ?? VERSION;
  }

  private installation(): Installation {
    const { plugin, proxyMode, machineNetwork } = this.options.fabric.network;
    return { plugin, proxyMode, machineNetwork: String(machineNetwork), multus: this.options.multus ?? false };
  }

  private pluginContext(name: string): PluginContext {
    const { settings, addresses } = this;
    const { sdnMode = 'NetworkPolicy', fabric } = this.options;
    return { ...this.context(name), settings, addresses, sdnMode, mtu: podMtu(fabric.network.plugin) };
  }

  private declaring(): Declaring {
    const { store, random, addresses, listeners, pull } = this;
    const nodeAddress = (name: string) => this.nodes.find((node) => node.name === name)?.address ?? '';
    const runtime = this.options.profile === 'openshift' ? 'cri-o' : 'containerd';
    return { store, random, addresses, listeners, nodeAddress, pull, runtime };
  }
}

/** The plug-in's network as Multus calls it: the name in its configuration file. */
function networkName(network: Network): string {
  const { config } = netdOf(network, '');
  return (config as { name?: string }).name ?? 'cluster-network';
}
