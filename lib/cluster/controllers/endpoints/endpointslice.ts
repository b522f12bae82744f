// EndpointSlices: who stands behind a service, a hundred at a time, with ready, serving and terminating.
// kubernetes staging/src/k8s.io/endpointslice.
import type { KubeObject } from '../../store/types';
import { type ControllerContext, type MakeController, splitKey } from '../controller';
import { equal } from '../equal';
import { controllerReference } from '../owners';
import {
  type EndpointPort,
  familiesOf,
  indexByLabel,
  type Member,
  members,
  selectorOf,
  servicesOfPod,
} from './members';
import { type HintedEndpoint, isTopologyAware, NoHints, preferClose, shareOut } from './topology';

const SLICES = 'endpointslices.discovery.k8s.io';
const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'endpointslice-controller.k8s.io';
const HEADLESS = 'service.kubernetes.io/headless';
const PER_SLICE = 100;
const BY_SERVICE = 'service';
const ZONE = 'topology.kubernetes.io/zone';
const ENABLED = 'TopologyAwareHintsEnabled';
const DISABLED = 'TopologyAwareHintsDisabled';

export const endpointSlice: MakeController = (context) => {
  indexByLabel(context.store);
  context.store.index(SLICES, BY_SERVICE, ({ metadata }) => [
    `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME] ?? ''}`,
  ]);
  const hinted = new Set<string>();
  return {
    name: 'endpointslice',
    watches: {
      services: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
      pods: servicesOfPod(context.store),
      nodes: ({ object, old }) => (old && sameZone(object, old) ? [] : hinted),
      [SLICES]: ({ object, type }) =>
        type === 'DELETED' ? [`${object.metadata.namespace}/${object.metadata.labels?.[SERVICE_NAME] ?? ''}`] : [],
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      reconcile(context, hinted, namespace, name);
      return undefined;
    },
  };
};

const sameZone = (node: KubeObject, old: KubeObject): boolean =>
  node.metadata.labels?.[ZONE] === old.metadata.labels?.[ZONE] && isReady(node) === isReady(old);
const isReady = ({ status }: KubeObject): boolean =>
  (status?.conditions ?? []).some(
    (each: { type: string; status: string }) => each.type === 'Ready' && each.status === 'True',
  );

/** A slice as it should be. */
interface Wanted {
  addressType: 'IPv4' | 'IPv6';
  ports: EndpointPort[];
  endpoints: HintedEndpoint[];
}

/** `hinted`: the services of topology mode Auto that have hints. */
function reconcile(context: ControllerContext, hinted: Set<string>, namespace: string, name: string): void {
  const { store, client } = context;
  const mine = store
    .byIndex(SLICES, BY_SERVICE, `${namespace}/${name}`)
    .filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === MANAGER && !metadata.deletionTimestamp);
  const service = store.get('services', namespace, name);
  if (service && !selectorOf(service)) return;
  const wanted = service && !service.metadata.deletionTimestamp ? slicesOf(context, service) : [];
  if (service) addHints(context, hinted, service, wanted);
  else hinted.delete(`${namespace}/${name}`);
  const left = [...mine];
  for (const slice of wanted) {
    const at = Math.max(
      0,
      left.findIndex((each) => sameKind(each, slice)),
    );
    const old = left[at] && sameKind(left[at], slice) ? left.splice(at, 1)[0] : undefined;
    if (service) put(context, service, slice, old);
  }
  for (const { metadata } of left) client.delete(SLICES, metadata.namespace, metadata.name);
}

const sameKind = (slice: KubeObject, wanted: Wanted): boolean =>
  slice['addressType'] === wanted.addressType && equal(slice['ports'] ?? [], wanted.ports);

function slicesOf({ store }: ControllerContext, service: KubeObject): Wanted[] {
  return familiesOf(service).flatMap((addressType) => {
    const groups = new Map<string, Member[]>();
    for (const member of members(store, service, addressType)) {
      const key = JSON.stringify(member.ports);
      const group = groups.get(key);
      if (group) group.push(member);
      else groups.set(key, [member]);
    }
    if (groups.size === 0) return [{ addressType, ports: [], endpoints: [] }];
    return [...groups.values()].flatMap((group) =>
      chunks(group).map((part) => ({
        addressType,
        ports: (part[0]?.ports ?? []).map((port) => ({ ...port, name: port.name ?? '' })),
        endpoints: part.map((member) =>
          endpoint(store.get('nodes', undefined, member.pod.spec.nodeName ?? ''), member),
        ),
      })),
    );
  });
}

function addHints(
  { store, events }: ControllerContext,
  hinted: Set<string>,
  service: KubeObject,
  slices: readonly Wanted[],
): void {
  const key = `${service.metadata.namespace}/${service.metadata.name}`;
  const say = (type: 'Normal' | 'Warning', reason: string, text: string, family: string) =>
    events.record(service, type, reason, `${text}, addressType: ${family}`, { component: 'endpoint-slice-controller' });
  const isAware = isTopologyAware(service);
  for (const family of new Set(slices.map(({ addressType }) => addressType))) {
    const endpoints = slices.filter(({ addressType }) => addressType === family).flatMap((slice) => slice.endpoints);
    if (!isAware) {
      if (hinted.delete(key)) say('Warning', DISABLED, 'Topology Aware Hints has been disabled', family);
      if (service['spec'].trafficDistribution === 'PreferClose') preferClose(endpoints);
      continue;
    }
    try {
      shareOut(endpoints, store.list('nodes'));
      if (!hinted.has(key)) say('Normal', ENABLED, 'Topology Aware Hints has been enabled', family);
      hinted.add(key);
    } catch (error) {
      if (!(error instanceof NoHints)) throw error;
      hinted.delete(key);
      say('Warning', DISABLED, error.message, family);
    }
  }
}

const chunks = (group: Member[]): Member[][] =>
  Array.from({ length: Math.ceil(group.length / PER_SLICE) }, (_, i) =>
    group.slice(i * PER_SLICE, (i + 1) * PER_SLICE),
  );

function endpoint(
  node: KubeObject | undefined,
  { pod, address, hostname, ready, serving, terminating }: Member,
): HintedEndpoint {
  const { nodeName } = pod.spec;
  const zone = node?.metadata.labels?.[ZONE];
  return {
    addresses: [address],
    conditions: { ready, serving, terminating },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
    ...(zone && { zone }),
  };
}

function put(
  { client, clock }: ControllerContext,
  service: KubeObject,
  wanted: Wanted,
  old: KubeObject | undefined,
): void {
  const { name, namespace } = service.metadata;
  const labels = {
    ...service.metadata.labels,
    ...(service['spec'].clusterIP === 'None' && { [HEADLESS]: '' }),
    [MANAGED_BY]: MANAGER,
    [SERVICE_NAME]: name,
  };
  if (old && equal(old['endpoints'] ?? [], wanted.endpoints) && equal(old.metadata.labels, labels)) return;
  const annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': clock.timestamp() };
  const body = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', ...wanted };
  if (old) return void client.update(SLICES, { ...body, metadata: { ...old.metadata, labels, annotations } });
  client.create(SLICES, {
    ...body,
    metadata: {
      generateName: `${name}-`,
      namespace: namespace as string,
      labels,
      annotations,
      ownerReferences: [controllerReference(service)],
    },
  });
}
