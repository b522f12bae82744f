// Every namespace has the certificate of the API server's authority. pkg/controller/certificates/rootcacertpublisher.
import { type Controller, type ControllerContext, splitKey } from './controller';

const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** `ca` gives the API server's authority as PEM. */
export const rootCa = ({ store, client }: ControllerContext, ca: () => string): Controller => ({
  name: 'root-ca',
  watches: {
    namespaces: ({ object }) => [`/${object.metadata.name}`],
    configmaps: ({ type, object }) =>
      type !== 'ADDED' && object.metadata.name === NAME ? [`/${object.metadata.namespace}`] : [],
  },
  reconcile(key) {
    const { name: namespace } = splitKey(key);
    const found = store.get('namespaces', undefined, namespace);
    if (!found || found.metadata.deletionTimestamp) return undefined;
    const data = { 'ca.crt': ca() };
    const old = store.get('configmaps', namespace, NAME);
    if (old?.['data']?.['ca.crt'] === data['ca.crt']) return undefined;
    const annotations = { 'kubernetes.io/description': DESCRIPTION };
    if (old) client.update('configmaps', { ...old, data });
    else client.create('configmaps', { metadata: { name: NAME, namespace, annotations }, data });
    return undefined;
  },
});

const NAME = 'kube-root-ca.crt';
