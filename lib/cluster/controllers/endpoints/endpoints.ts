// Endpoints: the older list of who stands behind a service. kubernetes pkg/controller/endpoint.
import type { KubeObject } from '../../store/types';
import { type ControllerContext, type MakeController, splitKey } from '../controller';
import { equal } from '../equal';
import {
  type EndpointPort,
  familiesOf,
  indexByLabel,
  type Member,
  members,
  selectorOf,
  servicesOfPod,
} from './members';

const HEADLESS = 'service.kubernetes.io/headless';
const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';
const MAX_ADDRESSES = 1000;
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';

interface Subset {
  addresses?: object[];
  notReadyAddresses?: object[];
  ports?: EndpointPort[];
}

export const endpoints: MakeController = (context) => {
  indexByLabel(context.store);
  return {
    name: 'endpoints',
    watches: {
      services: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
      pods: servicesOfPod(context.store),
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      reconcile(context, namespace, name);
      return undefined;
    },
  };
};

function reconcile({ store, client, clock }: ControllerContext, namespace: string, name: string): void {
  const service = store.get('services', namespace, name);
  const old = store.get('endpoints', namespace, name);
  if (!service) {
    if (old?.metadata.annotations?.[TRIGGER_TIME] !== undefined) client.delete('endpoints', namespace, name);
    return;
  }
  if (!selectorOf(service)) return;
  const all = members(store, service, familiesOf(service)[0] ?? 'IPv4').filter(
    ({ terminating }) => !terminating || service['spec'].publishNotReadyAddresses,
  );
  const subsets = subsetsOf(all.slice(0, MAX_ADDRESSES));
  const labels = labelsOf(service);
  if (old && equal(old['subsets'] ?? [], subsets) && equal(old.metadata.labels ?? {}, labels)) return;
  const annotations = {
    ...old?.metadata.annotations,
    [TRIGGER_TIME]: clock.timestamp(),
    ...(all.length > MAX_ADDRESSES && { [OVER_CAPACITY]: 'truncated' }),
  };
  const body = { apiVersion: 'v1', kind: 'Endpoints', ...(subsets.length > 0 && { subsets }) };
  if (!old) client.create('endpoints', { ...body, metadata: { name, namespace, labels, annotations } });
  else client.update('endpoints', { ...body, metadata: { ...old.metadata, labels, annotations } });
}

function labelsOf(service: KubeObject): Record<string, string> {
  const headless = service['spec'].clusterIP === 'None';
  return { ...service.metadata.labels, ...(headless && { [HEADLESS]: '' }) };
}

/** Addresses with the same ports share a subset. */
function subsetsOf(all: Member[]): Subset[] {
  const groups = new Map<string, Subset>();
  for (const member of all) {
    if (member.ports.length === 0 && !member.ready) continue;
    const key = JSON.stringify(member.ports);
    let subset = groups.get(key);
    if (!subset) groups.set(key, (subset = member.ports.length > 0 ? { ports: sorted(member.ports) } : {}));
    const list = member.ready ? 'addresses' : 'notReadyAddresses';
    subset[list] = [...(subset[list] ?? []), addressOf(member)];
  }
  return [...groups.values()].map(({ addresses, notReadyAddresses, ports }) => ({
    ...(addresses && { addresses }),
    ...(notReadyAddresses && { notReadyAddresses }),
    ...(ports && { ports }),
  }));
}

const sorted = (ports: EndpointPort[]): EndpointPort[] =>
  [...ports].sort((a, b) => (a.name ?? '').localeCompare(b.name ?? '') || a.port - b.port);

function addressOf({ pod, address, hostname }: Member): object {
  const { nodeName } = pod.spec;
  return {
    ip: address,
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
  };
}
