// The network under load: one review of many connections, new connections among many services, many endpoints, DNS answers.
import { loadSqlWasm } from '../../sandbox/host/sql-wasm';
import { hostTime } from '../../sandbox/host/time';
import { Sandbox } from '../../sandbox/sandbox';

const PODS = 100;
const POLICIES = 50;
const FEW = 50; // services
const MANY = 5000;
const ENDPOINTS = 5000;
const SLICE = 100; // endpoints of one slice, as the controller fills them
const ROUNDS = 9;
const CALLS = 400; // connections or questions of one measurement

export async function network(): Promise<object> {
  loadSqlWasm();
  const sandbox = await Sandbox.make(
    {
      lab: '',
      title: '',
      seed: 1,
      now: Date.now(),
      profile: 'openshift',
      network: 'OVNKubernetes',
      workers: 2,
      clusterNetwork: '10.128.0.0/14',
      hostPrefix: 23,
      serviceNetwork: '172.30.0.0/16',
      pace: 'instant',
      variables: {},
      scripts: {},
    },
    { kind: 'new' },
    { time: hostTime },
  );
  try {
    const review = await reviews(sandbox);
    const few = await connections(sandbox, FEW);
    const many = await connections(sandbox, MANY);
    const endpointsMs = await endpoints(sandbox);
    const dnsMs = await answers(sandbox);
    return {
      review: { cells: PODS * PODS * 3, policies: POLICIES, ...review },
      connection: { [`with${FEW}Ms`]: few, [`with${MANY}Ms`]: many, ratio: round(many / few) },
      endpoints: { count: ENDPOINTS, updateMs: endpointsMs },
      dnsMs,
    };
  } finally {
    sandbox.stop();
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}

async function timed(act: () => unknown): Promise<number> {
  const before = performance.now();
  await act();
  return performance.now() - before;
}

/** Each pod in one of ten namespaces, with three ports; policies of several kinds over them. */
async function reviews(sandbox: Sandbox): Promise<object> {
  for (let i = 0; i < PODS; i++) putPod(sandbox, `load-${i % 10}`, `p${i}`, `10.130.0.${i + 3}`, { app: `a${i % 20}` });
  for (let i = 0; i < POLICIES; i++) sandbox.network.apply(policy(i));
  const pods = Array.from({ length: PODS }, (_, i) => ({ namespace: `load-${i % 10}`, pod: `p${i}` }));
  const ports = [80, 81, 443].map((port) => ({ port }));
  const body = { apiVersion: 'podlab.dev/v1', kind: 'ReachabilityReview', spec: { from: pods, to: pods, ports } };
  const times: number[] = [];
  let cells: { verdict: string }[] = [];
  for (let n = 0; n < ROUNDS; n++)
    times.push(
      await timed(async () => {
        const answer = await sandbox.api.send('POST', '/apis/podlab.dev/v1/reachabilityreviews', body);
        cells = answer.body.status.cells;
      }),
    );
  const delivered = cells.filter(({ verdict }) => verdict === 'delivered').length;
  return { medianMs: median(times), delivered };
}

function putPod(
  { network }: Sandbox,
  namespace: string,
  name: string,
  ip: string,
  labels: Record<string, string>,
): void {
  network.apply({
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { nodeName: 'worker01', containers: [{ name: 'c' }] },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] },
  } as { kind: string; metadata: { name: string } });
  for (const port of [80, 81, 443]) network.setListener(`pod/${namespace}/${name}`, 'TCP', port, '0.0.0.0', true);
}

const policy = (i: number) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: `policy-${i}`, namespace: `load-${i % 10}` },
  spec: {
    podSelector: i % 5 === 0 ? {} : { matchLabels: { app: `a${i % 20}` } },
    policyTypes: i % 3 === 0 ? ['Ingress', 'Egress'] : ['Ingress'],
    ingress: [
      {
        from: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': `load-${(i + 1) % 10}` } } },
          {
            podSelector: {
              matchExpressions: [{ key: 'app', operator: 'In', values: [`a${i % 20}`, `a${(i + 3) % 20}`] }],
            },
          },
        ],
        ports: [{ port: 80 }, { port: 400, endPort: 500 }],
      },
    ],
    egress: [{ to: [{ ipBlock: { cidr: '10.130.0.0/16', except: ['10.130.0.16/28'] } }] }],
  },
});

const service = (i: number) => ({
  kind: 'Service',
  metadata: { namespace: `s${i % 100}`, name: `svc-${i}` },
  spec: {
    type: 'ClusterIP',
    clusterIP: `172.30.${1 + Math.floor(i / 250)}.${i % 250}`,
    clusterIPs: [`172.30.${1 + Math.floor(i / 250)}.${i % 250}`],
    selector: { app: `svc-${i}` },
    ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }],
  },
});

const slice = (i: number, ips: string[], part = 0) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    namespace: `s${i % 100}`,
    name: `svc-${i}-${part}`,
    labels: { 'kubernetes.io/service-name': `svc-${i}` },
  },
  addressType: 'IPv4',
  endpoints: ips.map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
  ports: [{ port: 8080, protocol: 'TCP' }],
});

/** The time of one new connection through a service, from one pod to another, with so many services present. */
async function connections(sandbox: Sandbox, count: number): Promise<number> {
  const { server, client } = ends(sandbox);
  for (let i = 0; i < count; i++) {
    sandbox.network.apply(service(i) as { kind: string; metadata: { name: string } });
    sandbox.network.apply(slice(i, [server.address]) as { kind: string; metadata: { name: string } });
  }
  const times: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    const i = n % count;
    times.push(
      await timed(async () => {
        const connection = await client.connect(service(i).spec.clusterIP, 80);
        connection.close();
      }),
    );
  }
  return median(times);
}

let made: {
  server: { address: string };
  client: { connect(address: string, port: number): Promise<{ close(): void }> };
};

function ends(sandbox: Sandbox): typeof made {
  if (made) return made;
  const [server, client] = ['bench-server', 'bench-client'].map(
    (namespace) => sandbox.probe(namespace, 'docker.io/nicolaka/netshoot').net,
  );
  if (!server || !client) throw new Error('no machines');
  const listener = server.listen(8080);
  void (async () => {
    for (let c = await listener.accept(); c; c = await listener.accept()) c.close();
  })();
  made = {
    server: { address: server.addresses()[0] ?? '' },
    client: { connect: (to, port) => client.connect(to, port) },
  };
  return made;
}

/** All endpoints of one service change, and the next connection would choose among the new ones. */
async function endpoints(sandbox: Sandbox): Promise<number> {
  const { server } = ends(sandbox);
  const times: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const slices = Array.from({ length: ENDPOINTS / SLICE }, (_, part) =>
      slice(
        1,
        Array.from({ length: SLICE }, (_, k) => (part === 0 && k === 0 ? server.address : `10.131.${part}.${k + n}`)),
        part,
      ),
    );
    times.push(
      await timed(() => {
        for (const each of slices) sandbox.network.apply(each as { kind: string; metadata: { name: string } });
        const { services } = sandbox.network;
        const changed = services.get('s1', 'svc-1');
        const [port] = changed?.spec?.ports ?? [];
        const usable = changed && port ? services.backends(changed, port, 4).length : 0;
        if (usable !== ENDPOINTS) throw new Error(`${usable} endpoints`);
      }),
    );
  }
  return median(times);
}

/** A name of the cluster, asked by a pod of the cluster's DNS server, over the simulated network. */
async function answers(sandbox: Sandbox): Promise<number> {
  const machine = sandbox.probe('bench-client', 'docker.io/nicolaka/netshoot');
  const times: number[] = [];
  for (let n = 0; n < CALLS; n++)
    times.push(await timed(() => machine.resolve('kubernetes.default.svc.cluster.local.', 4)));
  return median(times);
}
