// Gives services of type LoadBalancer an address of the machine network, as MetalLB does on a cluster without a cloud
// (metallb controller: service.go, allocator.go).
import type { KubeObject } from '../store/types';
import { type Controller, type ControllerContext, splitKey } from './controller';
import { equal } from './equal';

const PREFIX = '192.168.50.'; // the machine network; addresses that DHCP and nodes leave alone
const FIRST = 200;
const LAST = 249;
const REQUESTED = 'metallb.universe.tf/loadBalancerIPs';

export function loadBalancer(context: ControllerContext): Controller {
  const { store } = context;
  const waiting = () =>
    store.list('services').flatMap((each) => (isOurs(each) && !ingressOf(each) ? [keyOf(each)] : []));
  return {
    name: 'load-balancer',
    watches: { services: ({ type, object }) => (type === 'DELETED' ? waiting() : [keyOf(object)]) },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = store.get('services', namespace, name);
      if (service && !service.metadata.deletionTimestamp) assign(context, service);
      return service && isOurs(service) && !ingressOf(service) ? RETRY_MS : undefined;
    },
  };
}

const RETRY_MS = 60_000; // for who waits for an address that somebody gives back

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;
const ingressOf = ({ status }: KubeObject): string | undefined => status?.loadBalancer?.ingress?.[0]?.ip;
/** A class of its own means another controller. */
const isOurs = ({ spec }: KubeObject): boolean => spec?.type === 'LoadBalancer' && !spec.loadBalancerClass;

function assign(context: ControllerContext, service: KubeObject): void {
  if (!isOurs(service)) {
    if (ingressOf(service) && service['spec'].type !== 'LoadBalancer') write(context, service, undefined);
    return;
  }
  const asked: string | undefined =
    service.metadata.annotations?.[REQUESTED] || service['spec'].loadBalancerIP || undefined;
  const held = ingressOf(service);
  if (held && (!asked || held === asked)) return;
  const free = freeAddresses(context, service);
  const address = asked ? free.find((each) => each === asked) : free[0];
  const { events } = context;
  const source = { component: 'metallb-controller' };
  if (!address) {
    const why = asked ? `["${asked}"] is not allowed in config` : 'no available IPs';
    events.record(
      service,
      'Warning',
      'AllocationFailed',
      `Failed to allocate IP for "${keyOf(service)}": ${why}`,
      source,
    );
    return write(context, service, undefined);
  }
  events.record(service, 'Normal', 'IPAllocated', `Assigned IP ["${address}"]`, source);
  write(context, service, address);
}

function freeAddresses({ store }: ControllerContext, { metadata }: KubeObject): string[] {
  const taken = new Set<string | undefined>();
  for (const each of store.list('services')) {
    if (each.metadata.uid !== metadata.uid) taken.add(ingressOf(each));
    for (const ip of each['spec'].externalIPs ?? []) taken.add(ip);
  }
  for (const { status } of store.list('nodes')) for (const { address } of status?.addresses ?? []) taken.add(address);
  const all = Array.from({ length: LAST - FIRST + 1 }, (_, i) => `${PREFIX}${FIRST + i}`);
  return all.filter((address) => !taken.has(address));
}

function write({ client }: ControllerContext, service: KubeObject, ip: string | undefined): void {
  const loadBalancer = ip ? { ingress: [{ ip, ipMode: 'VIP' }] } : {};
  if (equal(loadBalancer, service['status']?.loadBalancer)) return;
  client.updateStatus('services', { ...service, status: { ...service['status'], loadBalancer } });
}
