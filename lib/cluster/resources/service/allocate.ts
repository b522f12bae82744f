// ClusterIPs and node ports: pkg/registry/core/service/{ipallocator,portallocator}. What is taken is read from an index of the
// services themselves, so there is no second state that could disagree.
import { type Family, parseAddress } from '../../../network/address';
import { AllocationError, ServiceAddresses } from '../../../network/ipam';
import { internalError, invalid } from '../../store/errors';
import type { ObjectStore } from '../../store/store';
import type { KubeObject } from '../../store/types';
import type { Context } from '../definition';
import { FieldErrors, GoValue } from '../validation/field-errors';
import { serviceBlocks } from './families';
import { needsHealthCheck } from './validate';

const NODE_PORTS = '30000-32767';
const TRIES = 64; // random draws before the range is walked in order

/** The services by what they hold. */
export function indexServices(store: ObjectStore): void {
  store.index('services', 'clusterIP', ({ spec }) => spec?.clusterIPs ?? []);
  store.index('services', 'nodePort', ({ spec }) =>
    (spec?.ports ?? [])
      .flatMap(({ nodePort, protocol }: { nodePort?: number; protocol?: string }) =>
        nodePort ? [`${nodePort}/${protocol}`] : [],
      )
      .concat(spec?.healthCheckNodePort ? [`${spec.healthCheckNodePort}/TCP`] : []),
  );
}

const refuse = (object: KubeObject, field: string, value: unknown, detail: string): never => {
  const errors = new FieldErrors();
  errors.invalid(field, value, detail);
  throw invalid('Service', object.metadata.name, errors.list);
};

/** What lib/network's allocator keeps its books in: here the services themselves. */
const booksOf = ({ store }: Context) => ({
  has: (ip: string) => store.byIndex('services', 'clusterIP', ip).length > 0,
  set: () => {},
  delete: () => {},
  keys: () => [].values(),
});

/** Sets spec.clusterIP(s) of a service that wants them, one a family. */
export function allocateAddress(object: KubeObject, context: Context): void {
  indexServices(context.store);
  const { spec } = object;
  if (spec.clusterIP === 'None') return;
  const addresses = new ServiceAddresses(booksOf(context), serviceBlocks(context.settings), context.random);
  const asked: string[] = spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : []);
  const families: string[] = spec.ipFamilies ?? [];
  const own = families.map((family, i) => oneAddress(object, addresses, asked, i, family === 'IPv6' ? 6 : 4));
  if (own.some((ip) => ip === undefined)) return; // validation says what is wrong
  spec.clusterIPs = own;
  spec.clusterIP = own[0];
}

/** The address of a family that an update adds. */
export function allocateSecond(object: KubeObject, context: Context): void {
  indexServices(context.store);
  const { spec } = object;
  if (spec.clusterIP === 'None') return;
  const addresses = new ServiceAddresses(booksOf(context), serviceBlocks(context.settings), context.random);
  const second = oneAddress(object, addresses, spec.clusterIPs, 1, spec.ipFamilies[1] === 'IPv6' ? 6 : 4);
  if (second) spec.clusterIPs = [spec.clusterIPs[0], second];
}

function oneAddress(
  object: KubeObject,
  addresses: ServiceAddresses,
  asked: readonly string[],
  i: number,
  family: Family,
): string | undefined {
  const ip = asked[i];
  if (ip && !parseAddress(ip)) return undefined;
  try {
    return ip ? addresses.allocate(ip) : addresses.allocate(undefined, family);
  } catch (error) {
    if (!(error instanceof AllocationError)) throw error;
    if (!ip) throw internalError(`failed to allocate a serviceIP: ${error.message}`);
    const value = new GoValue(`[]string{${asked.map((each) => JSON.stringify(each)).join(', ')}}`);
    return refuse(object, 'spec.clusterIPs', value, `failed to allocate IP ${ip}: ${error.message}`);
  }
}

interface Port {
  name?: string;
  nodePort?: number;
  protocol?: string;
}

/** Sets spec.ports[].nodePort where the type wants one. */
export function allocatePorts(object: KubeObject, old: KubeObject | undefined, context: Context): void {
  indexServices(context.store);
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

/** The range that the API server hands out: OpenShift's configuration of the network, else what it was installed with. */
function nodePorts({ store, settings }: Context): { first: number; last: number } {
  const configured: string | undefined =
    settings.profile === 'openshift'
      ? store.get('networks.config.openshift.io', undefined, 'cluster')?.['spec']?.serviceNodePortRange
      : undefined;
  const [first = 0, last = 0] = (configured || settings.nodePortRange || NODE_PORTS).split('-').map(Number);
  return { first, last };
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
  const { first, last } = nodePorts(context);
  if ((port < first || port > last) && !mine.has(`${port}/${protocol}`))
    refuse(
      object,
      field,
      port,
      `provided port is not in the valid range. The range of valid ports is ${first}-${last}`,
    );
  if (!mine.has(`${port}/${protocol}`) && portTaken(context, port, protocol))
    refuse(object, field, port, 'provided port is already allocated');
}

function freePort(
  _object: KubeObject,
  _i: number,
  protocol: string,
  given: Map<number, Set<string>>,
  context: Context,
): number {
  const { first, last } = nodePorts(context);
  const size = last - first + 1;
  for (let n = 0; n < TRIES + size; n++) {
    const port = first + (n < TRIES ? context.random.int(size) : n - TRIES);
    if (!given.has(port) && !portTaken(context, port, protocol)) return port;
  }
  throw internalError('failed to allocate a nodePort: range is full');
}
