// An IPAddress for each cluster address that a service holds (pkg/registry/core/service/ipallocator/ipallocator.go).
import { indexServices } from '../resources/service/allocate';
import { type MakeController, splitKey } from './controller';

const RESOURCE = 'ipaddresses.networking.k8s.io';

interface ParentRef {
  namespace?: string;
  name?: string;
}

export const ipAddresses: MakeController = ({ store, client }) => {
  indexServices(store);
  return {
    name: 'ipaddress',
    watches: {
      services: ({ object }) =>
        ((object['spec']?.clusterIPs ?? []) as string[]).filter((ip) => ip !== 'None').map((ip) => `/${ip}`),
      [RESOURCE]: ({ type, object }) => (type === 'DELETED' ? [`/${object.metadata.name}`] : []),
    },
    reconcile(key) {
      const { name: ip } = splitKey(key);
      const holder = store.byIndex('services', 'clusterIP', ip)[0];
      const found = store.get(RESOURCE, undefined, ip);
      const parent = (found?.['spec']?.parentRef ?? {}) as ParentRef;
      const same = holder && parent.name === holder.metadata.name && parent.namespace === holder.metadata.namespace;
      if (found && !same) client.delete(RESOURCE, undefined, ip);
      if (!holder || same) return undefined;
      client.create(RESOURCE, {
        metadata: {
          name: ip,
          labels: {
            'ipaddress.kubernetes.io/ip-family': ip.includes(':') ? 'IPv6' : 'IPv4',
            'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
          },
        },
        spec: {
          parentRef: {
            group: '',
            name: holder.metadata.name,
            namespace: holder.metadata.namespace,
            resource: 'services',
          },
        },
      });
      return undefined;
    },
  };
};
