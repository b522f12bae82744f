// ClusterIPs and node ports: pkg/registry/core/service/{ipallocator,portallocator}. What is taken is read from an index of the
// services themselves, so there is no second state that could disagree.
import { invalid } from '../../store/errors';
import type { KubeObject } from '../../store/types';
import type { Context } from '../definition';
import { FieldErrors, GoValue } from '../validation/field-errors';
import type { Range } from '../validation/ip';
import { addressAt, inRange, parseCIDR } from '../validation/ip';
import { needsHealthCheck } from './validate';

const FIRST_NODE_PORT = 30_000;
const LAST_NODE_PORT = 32_767;
const TRIES = 64; // random draws before the range is walked in order
const DNS_OFFSET = 10n; // the cluster's DNS service is the tenth address, by convention of every installer

function indexed(context: Context): void {
  context.store.index('services', 'clusterIP', ({ spec }) => spec?.clusterIPs ?? []);
  context.store.index('services', 'nodePort', ({ spec }) =>
    (spec?.ports ?? [])
      .flatMap(({ nodePort, protocol }: { nodePort?: number; protocol?: string }) =>
        nodePort ? [`${nodePort}/${protocol}`] : [],
      )
      .concat(spec?.healthCheckNodePort ? [`${spec.healthCheckNodePort}/TCP`] : []),
  );
}

const taken = (context: Context, ip: string) => context.store.byIndex('services', 'clusterIP', ip).length > 0;

const refuse = (object: KubeObject, field: string, value: unknown, detail: string): never => {
  const errors = new FieldErrors();
  errors.invalid(field, value, detail);
  throw invalid('Service', object.metadata.name, errors.list);
};

/** Sets spec.clusterIP(s) of a service that wants one. */
export function allocateAddress(object: KubeObject, context: Context): void {
  indexed(context);
  const { spec } = object;
  if (spec.clusterIP === 'None') return;
  const range = parseCIDR(context.settings.serviceNetwork) as Range;
  if (spec.clusterIP) requireFree(object, spec.clusterIP, range, context);
  else spec.clusterIP = freeAddress(object, range, context);
  spec.clusterIPs = [spec.clusterIP];
}

function requireFree(object: KubeObject, ip: string, range: Range, context: Context): void {
  if (!/^[0-9a-fA-F.:]+$/.test(ip) || !inRange(ip, { ...range, first: 0n, last: 2n ** 128n })) return; // validation says what is wrong
  const value = new GoValue(`[]string{${JSON.stringify(ip)}}`);
  const why = (text: string) => `failed to allocate IP ${ip}: ${text}`;
  if (!inRange(ip, range))
    refuse(
      object,
      'spec.clusterIPs',
      value,
      why(
        `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${context.settings.serviceNetwork}`,
      ),
    );
  if (taken(context, ip)) refuse(object, 'spec.clusterIPs', value, why('provided IP is already allocated'));
}

function freeAddress(object: KubeObject, range: Range, context: Context): string {
  const size = range.last - range.first - 1n; // without network and broadcast address
  const usable = Number(size < 65_536n ? size : 65_536n);
  // The lower band is kept for addresses that are asked for (KEP-3070).
  const band = Math.min(Math.max(16, Math.floor(usable / 16)), 256);
  const start = usable > 2 * band ? band : 0;
  for (let i = 0; i < TRIES + usable; i++) {
    const offset = i < TRIES ? start + context.random.int(usable - start) : i - TRIES;
    const ip = addressAt(range, BigInt(offset) + 1n);
    if (BigInt(offset) + 1n !== DNS_OFFSET && !taken(context, ip)) return ip;
  }
  return refuse(
    object,
    'spec.clusterIPs',
    new GoValue('[]string(nil)'),
    'failed to allocate a serviceIP: range is full',
  );
}

interface Port {
  name?: string;
  nodePort?: number;
  protocol?: string;
}

/** Sets spec.ports[].nodePort where the type wants one. */
export function allocatePorts(object: KubeObject, old: KubeObject | undefined, context: Context): void {
  indexed(context);
  const { spec } = object;
  const wants =
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  const mine = new Set<string>(
    (old?.['spec'].ports ?? []).map(({ nodePort, protocol }: Port) => `${nodePort}/${protocol}`),
  );
  const given = new Map<number, Set<string>>();
  if (old && wants) keepPorts(spec.ports ?? [], old['spec'].ports ?? []);
  for (const [i, port] of ((spec.ports ?? []) as Port[]).entries()) {
    if (port.nodePort) requireFreePort(object, i, port.nodePort, port.protocol ?? 'TCP', mine, context);
    else if (wants) port.nodePort = freePort(object, i, port.protocol ?? 'TCP', given, context);
    if (port.nodePort) given.set(port.nodePort, (given.get(port.nodePort) ?? new Set()).add(port.protocol ?? 'TCP'));
  }
}

/** A port that names no node port keeps the one that the port of its name had, if no other port took it. */
function keepPorts(ports: Port[], before: Port[]): void {
  const used = new Set(ports.map(({ nodePort }) => nodePort));
  for (const port of ports) {
    if (port.nodePort) continue;
    const known = before.find(({ name = '' }) => name === (port.name ?? ''))?.nodePort;
    if (!known || used.has(known)) continue;
    port.nodePort = known;
    used.add(known);
  }
}

/** Sets spec.healthCheckNodePort of a balancer that keeps to local endpoints. */
export function allocateHealthCheck(object: KubeObject, old: KubeObject | undefined, context: Context): void {
  const { spec } = object;
  if (!needsHealthCheck(spec)) return;
  if (spec.healthCheckNodePort === undefined && old) spec.healthCheckNodePort = old['spec'].healthCheckNodePort;
  spec.healthCheckNodePort ??= freePort(object, 0, 'TCP', new Map(), context);
}

const portTaken = (context: Context, port: number, protocol: string) =>
  context.store.byIndex('services', 'nodePort', `${port}/${protocol}`).length > 0;

function requireFreePort(
  object: KubeObject,
  i: number,
  port: number,
  protocol: string,
  mine: ReadonlySet<string>,
  context: Context,
): void {
  const field = `spec.ports[${i}].nodePort`;
  if (port < FIRST_NODE_PORT || port > LAST_NODE_PORT)
    refuse(
      object,
      field,
      port,
      `provided port is not in the valid range. The range of valid ports is ${FIRST_NODE_PORT}-${LAST_NODE_PORT}`,
    );
  if (!mine.has(`${port}/${protocol}`) && portTaken(context, port, protocol))
    refuse(object, field, port, 'provided port is already allocated');
}

function freePort(
  object: KubeObject,
  i: number,
  protocol: string,
  given: Map<number, Set<string>>,
  context: Context,
): number {
  const size = LAST_NODE_PORT - FIRST_NODE_PORT + 1;
  for (let n = 0; n < TRIES + size; n++) {
    const port = FIRST_NODE_PORT + (n < TRIES ? context.random.int(size) : n - TRIES);
    if (!given.has(port) && !portTaken(context, port, protocol)) return port;
  }
  return refuse(object, `spec.ports[${i}].nodePort`, 0, 'failed to allocate a nodePort: range is full');
}
