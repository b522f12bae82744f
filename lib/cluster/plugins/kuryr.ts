// Kuryr's own objects: the Neutron network of each namespace that has pods.
import { type Controller, splitKey } from '../controllers/controller';
import { type PluginContext, put } from './contract';

const NETWORKS = 'kuryrnetworks.openstack.org';

export function kuryrObjects(context: PluginContext): Controller {
  const { store, addresses, random } = context;
  return {
    name: 'kuryr-controller',
    watches: { pods: ({ object }) => [`/${object.metadata.namespace}`] },
    reconcile(key) {
      const { name: namespace } = splitKey(key);
      const subnetCIDR = addresses.owners().find(([owner]) => owner === `namespace/${namespace}`)?.[1];
      if (!subnetCIDR || !store.get('namespaces', undefined, namespace) || store.get(NETWORKS, namespace, namespace))
        return undefined;
      put(context, NETWORKS, {
        metadata: { name: namespace, namespace },
        spec: { nsName: namespace, projectId: random.hex(32), nsLabels: {} },
        status: {
          netId: random.uuid(),
          nsLabels: {},
          populated: true,
          routerId: random.uuid(),
          subnetCIDR,
          subnetId: random.uuid(),
        },
      });
      return undefined;
    },
  };
}
