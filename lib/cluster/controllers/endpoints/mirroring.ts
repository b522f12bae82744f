// Slices for Endpoints that somebody wrote by hand, for services without a selector. kubernetes pkg/controller/endpointslicemirroring.
import type { KubeObject } from '../../store/types';
import { type ControllerContext, type MakeController, splitKey } from '../controller';
import { equal } from '../equal';
import { controllerReference } from '../owners';
import { selectorOf } from './members';

const SLICES = 'endpointslices.discovery.k8s.io';
const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'endpointslicemirroring-controller.k8s.io';
const SKIP = 'endpointslice.kubernetes.io/skip-mirror';

export const endpointSliceMirroring: MakeController = (context) => ({
  name: 'endpointslicemirroring',
  watches: {
    endpoints: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
    services: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`],
  },
  reconcile(key) {
    const { namespace, name } = splitKey(key);
    reconcile(context, namespace, name);
    return undefined;
  },
});

function reconcile({ store, client }: ControllerContext, namespace: string, name: string): void {
  const mine = store
    .list(SLICES, namespace)
    .filter(({ metadata }) => metadata.labels?.[SERVICE_NAME] === name && metadata.labels?.[MANAGED_BY] === MANAGER);
  const service = store.get('services', namespace, name);
  const endpoints = store.get('endpoints', namespace, name);
  const skip = !service || selectorOf(service) || !endpoints || endpoints.metadata.labels?.[SKIP] === 'true';
  const wanted = skip ? [] : (endpoints['subsets'] ?? []).map(mirror);
  for (const body of wanted) {
    const at = mine.findIndex((slice) => equal(slice['ports'] ?? [], body.ports));
    const [old] = at >= 0 ? mine.splice(at, 1) : [];
    if (old && equal(old['endpoints'], body.endpoints)) continue;
    if (old) client.update(SLICES, { ...old, ...body });
    else
      client.create(SLICES, {
        ...body,
        metadata: {
          generateName: `${name}-`,
          namespace,
          labels: { ...endpoints?.metadata.labels, [SERVICE_NAME]: name, [MANAGED_BY]: MANAGER },
          ...(endpoints && { ownerReferences: [controllerReference(endpoints)] }),
        },
      });
  }
  for (const { metadata } of mine) client.delete(SLICES, namespace, metadata.name);
}

interface Address {
  ip: string;
  hostname?: string;
  nodeName?: string;
  targetRef?: object;
}

interface Subset {
  addresses?: Address[];
  notReadyAddresses?: Address[];
  ports?: { name?: string; port: number; protocol?: string }[];
}

function mirror({
  addresses = [],
  notReadyAddresses = [],
  ports = [],
}: Subset): Pick<KubeObject, 'endpoints' | 'ports' | 'addressType'> {
  const endpoint =
    (ready: boolean) =>
    ({ ip, hostname, nodeName, targetRef }: Address) => ({
      addresses: [ip],
      conditions: { ready },
      ...(hostname && { hostname }),
      ...(nodeName && { nodeName }),
      ...(targetRef && { targetRef }),
    });
  return {
    addressType: [...addresses, ...notReadyAddresses].some(({ ip }) => ip.includes(':')) ? 'IPv6' : 'IPv4',
    endpoints: [...addresses.map(endpoint(true)), ...notReadyAddresses.map(endpoint(false))],
    ports: ports.map(({ name = '', port, protocol = 'TCP' }) => ({ name, port, protocol })),
  };
}
