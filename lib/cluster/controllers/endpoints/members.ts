// Which pods stand behind a service, and at which ports. Shared by Endpoints and EndpointSlices.
import { type ContainerPort, type Pod, podFinished, podReady } from '../../kinds';
import { matchesLabels } from '../../selectors';
import type { ObjectStore } from '../../store/store';
import type { KubeObject, StoreEvent } from '../../store/types';

interface ServicePort {
  name?: string;
  port: number;
  protocol?: string;
  targetPort?: number | string;
  appProtocol?: string;
}

export interface EndpointPort {
  name?: string;
  port: number;
  protocol: string;
  appProtocol?: string;
}

export interface Member {
  pod: Pod;
  address: string;
  /** The name that the DNS gives it below the service's. */
  hostname?: string;
  ports: EndpointPort[];
  ready: boolean;
  serving: boolean;
  terminating: boolean;
}

const BY_LABEL = 'label';

export const indexByLabel = (store: ObjectStore): void =>
  store.index('pods', BY_LABEL, ({ metadata }) =>
    Object.entries(metadata.labels ?? {}).map(([key, value]) => `${metadata.namespace}/${key}=${value}`),
  );

/** Pods of a namespace with all these labels; costs as much as the pods with the first of them. */
function podsWith(store: ObjectStore, namespace: string, selector: Record<string, string>): Pod[] {
  const [first] = Object.entries(selector);
  if (!first) return [];
  const found = store.byIndex('pods', BY_LABEL, `${namespace}/${first[0]}=${first[1]}`) as Pod[];
  return found.filter((pod) => matchesLabels(selector, pod.metadata.labels));
}

export const selectorOf = (service: KubeObject): Record<string, string> | undefined => {
  const selector = service['spec'].selector as Record<string, string> | undefined;
  return selector && Object.keys(selector).length > 0 && service['spec'].type !== 'ExternalName' ? selector : undefined;
};

/** Keys of the services that an event of a pod concerns. */
export function servicesOfPod(store: ObjectStore) {
  return ({ type, object, old }: StoreEvent): string[] => {
    const isOld = type === 'MODIFIED' && object.metadata.uid === old?.metadata.uid;
    if (isOld && !matters(object as Pod, old as Pod)) return [];
    const namespace = object.metadata.namespace ?? '';
    const concerned = store.list('services', namespace).filter((service) => {
      const selector = selectorOf(service);
      return (
        selector &&
        (matchesLabels(selector, object.metadata.labels) || (old && matchesLabels(selector, old.metadata.labels)))
      );
    });
    return concerned.map((service) => `${namespace}/${service.metadata.name}`);
  };
}

const matters = (pod: Pod, old: Pod): boolean =>
  pod.metadata.labels !== old.metadata.labels ||
  pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
  pod.status?.podIP !== old.status?.podIP ||
  pod.status?.phase !== old.status?.phase ||
  podReady(pod) !== podReady(old);

/** Every pod of a service that has an address of the family, by address. Finished pods are no members. */
export function members(store: ObjectStore, service: KubeObject, family: 'IPv4' | 'IPv6'): Member[] {
  const selector = selectorOf(service);
  if (!selector) return [];
  const publish: boolean = service['spec'].publishNotReadyAddresses ?? false;
  return podsWith(store, service.metadata.namespace ?? '', selector)
    .filter((pod) => !podFinished(pod))
    .flatMap((pod) => {
      const address = addressOf(pod, family);
      if (!address) return [];
      const terminating = pod.metadata.deletionTimestamp !== undefined;
      const serving = podReady(pod);
      const ready = publish || (serving && !terminating);
      const hostname = hostnameIn(service, pod);
      return [
        { pod, address, ...(hostname && { hostname }), ports: portsOf(service, pod), ready, serving, terminating },
      ];
    })
    .sort((a, b) => compareAddresses(a.address, b.address));
}

/** Only below the service that the pod names as its subdomain. kubernetes pkg/controller/util/endpoint ShouldSetHostname. */
const hostnameIn = (service: KubeObject, { spec }: Pod): string | undefined =>
  spec.subdomain === service.metadata.name ? spec.hostname : undefined;

function addressOf(pod: Pod, family: 'IPv4' | 'IPv6'): string | undefined {
  const all = pod.status?.podIPs?.map(({ ip }) => ip) ?? (pod.status?.podIP ? [pod.status.podIP] : []);
  return all.find((ip) => ip.includes(':') === (family === 'IPv6'));
}

const compareAddresses = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function portsOf(service: KubeObject, pod: Pod): EndpointPort[] {
  return ((service['spec'].ports ?? []) as ServicePort[]).flatMap((wanted) => {
    const port = targetPort(wanted, pod);
    if (port === undefined) return [];
    const { name, protocol = 'TCP', appProtocol } = wanted;
    return [{ ...(name && { name }), port, protocol, ...(appProtocol && { appProtocol }) }];
  });
}

/** The number of a port in a pod; a name is looked for among its containers' ports. */
function targetPort({ targetPort, port, protocol = 'TCP' }: ServicePort, pod: Pod): number | undefined {
  if (targetPort === undefined || targetPort === 0 || targetPort === '') return port;
  if (typeof targetPort === 'number') return targetPort;
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const ports: ContainerPort[] = [...pod.spec.containers, ...sidecars].flatMap((container) => container.ports ?? []);
  return ports.find((each) => each.name === targetPort && (each.protocol ?? 'TCP') === protocol)?.containerPort;
}

export const familiesOf = (service: KubeObject): ('IPv4' | 'IPv6')[] => service['spec'].ipFamilies ?? ['IPv4'];
