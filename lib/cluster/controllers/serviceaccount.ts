// Every namespace has its service accounts: default, and on OpenShift builder and deployer. pkg/controller/serviceaccount.
import { type MakeController, splitKey } from './controller';

const OPENSHIFT = ['builder', 'default', 'deployer'];

export const serviceAccount: MakeController = ({ store, client, profile }) => ({
  name: 'serviceaccount',
  watches: {
    namespaces: ({ object }) => [`/${object.metadata.name}`],
    serviceaccounts: ({ type, object }) => (type === 'DELETED' ? [`/${object.metadata.namespace}`] : []),
  },
  reconcile(key) {
    const { name: namespace } = splitKey(key);
    const found = store.get('namespaces', undefined, namespace);
    if (!found || found.metadata.deletionTimestamp) return undefined;
    for (const name of profile === 'openshift' ? OPENSHIFT : ['default'])
      if (!store.get('serviceaccounts', namespace, name))
        client.create('serviceaccounts', { metadata: { name, namespace } });
    return undefined;
  },
});
