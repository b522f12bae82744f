// A small cluster for tests: two nodes, objects in short form.
import { Random } from '../../sim/random';
import type { CniName } from '../cni/contract';
import { Network } from '../network';
import type { Protocol } from '../types';

export interface PodSpec {
  labels?: Record<string, string>;
  ip?: string;
  node?: string;
  hostNetwork?: boolean;
  ready?: boolean;
  ports?: { name?: string; containerPort: number; protocol?: string; hostPort?: number }[];
  waiting?: string;
}

export const clock = { now: 1_700_000_000_000 };

export function testNetwork(plugin: CniName = 'OVNKubernetes', proxyMode: 'iptables' | 'ipvs' = 'iptables'): Network {
  const network = new Network({
    plugin,
    proxyMode,
    clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }],
    serviceNetwork: ['172.30.0.0/16'],
    machineNetwork: '192.168.50.0/24',
    now: () => clock.now,
    random: new Random(7),
  });
  for (const [i, name] of ['master01', 'worker01', 'worker02'].entries()) network.apply(node(name, i));
  network.putOutsideHost({ name: 'workstation', addresses: ['192.168.50.9'] });
  return network;
}

const node = (name: string, i: number) => ({
  kind: 'Node',
  metadata: { name, annotations: { 'k8s.ovn.org/node-subnets': `{"default":["10.128.${2 * i}.0/23"]}` } },
  spec: { podCIDRs: [`10.128.${2 * i}.0/23`] },
  status: { addresses: [{ type: 'InternalIP', address: `192.168.50.${10 + i}` }] },
});

export function pod(namespace: string, name: string, spec: PodSpec) {
  const ips = spec.ip?.split(',') ?? [];
  const state = spec.waiting ? { waiting: { reason: spec.waiting } } : {};
  return {
    kind: 'Pod',
    metadata: { namespace, name, labels: spec.labels ?? {} },
    spec: {
      nodeName: spec.node ?? 'worker01',
      hostNetwork: spec.hostNetwork ?? false,
      containers: [{ name: 'main', ports: spec.ports ?? [] }],
    },
    status: {
      phase: 'Running',
      ...(ips[0] ? { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) } : {}),
      conditions: [{ type: 'Ready', status: spec.ready === false ? 'False' : 'True' }],
      containerStatuses: [{ name: 'main', state }],
    },
  };
}

export interface ServiceSpec {
  ip?: string;
  selector?: Record<string, string>;
  port?: number;
  targetPort?: number | string;
  protocol?: Protocol;
  [key: string]: unknown;
}

export function service(namespace: string, name: string, spec: ServiceSpec) {
  const { ip, selector, port = 80, targetPort = port, protocol = 'TCP', nodePort, ...rest } = spec;
  return {
    kind: 'Service',
    metadata: { namespace, name },
    spec: {
      type: 'ClusterIP',
      ...(ip ? { clusterIP: ip, clusterIPs: ip.split(',') } : {}),
      ...(selector ? { selector } : {}),
      ports: [{ port, targetPort, protocol, ...(nodePort ? { nodePort } : {}) }],
      ...rest,
    },
  };
}

export interface EndpointSpec {
  ip: string;
  node?: string;
  pod?: string;
  ready?: boolean;
  serving?: boolean;
  terminating?: boolean;
  zones?: string[];
}

export function slice(namespace: string, service: string, port: number, endpoints: EndpointSpec[], protocol = 'TCP') {
  return {
    kind: 'EndpointSlice',
    metadata: { namespace, name: `${service}-abcde`, labels: { 'kubernetes.io/service-name': service } },
    addressType: endpoints[0]?.ip.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: endpoints.map(({ ip, node, pod: name, ready = true, serving = ready, terminating = false, zones }) => ({
      addresses: [ip],
      conditions: { ready, serving, terminating },
      ...(node ? { nodeName: node } : {}),
      ...(zones ? { hints: { forZones: zones.map((zone) => ({ name: zone })) } } : {}),
      ...(name ? { targetRef: { kind: 'Pod', namespace, name } } : {}),
    })),
    ports: [{ name: '', port, protocol }],
  };
}
