// Every namespace has the certificates that its pods trust. pkg/controller/certificates/rootcacertpublisher; on OpenShift also
// the service CA's, by its injector.
import { type Controller, type ControllerContext, splitKey } from './controller';

const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** `ca` gives the API server's authority as PEM. */
export const rootCa = ({ store, client, profile }: ControllerContext, ca: () => string): Controller => ({
  name: 'root-ca',
  watches: {
    namespaces: ({ object }) => [`/${object.metadata.name}`],
    configmaps: ({ type, object }) =>
      type !== 'ADDED' && maps(profile)[object.metadata.name] ? [`/${object.metadata.namespace}`] : [],
  },
  reconcile(key) {
    const { name: namespace } = splitKey(key);
    const found = store.get('namespaces', undefined, namespace);
    if (!found || found.metadata.deletionTimestamp) return undefined;
    for (const [name, file] of Object.entries(maps(profile))) {
      const data = { [file]: ca() };
      const old = store.get('configmaps', namespace, name);
      if (old?.['data']?.[file] === data[file]) continue;
      const annotations = file === 'ca.crt' ? { 'kubernetes.io/description': DESCRIPTION } : INJECT;
      if (old) client.update('configmaps', { ...old, data });
      else client.create('configmaps', { metadata: { name, namespace, annotations }, data });
    }
    return undefined;
  },
});

const INJECT = { 'service.beta.openshift.io/inject-cabundle': 'true' };

const maps = (profile: string): Record<string, string> => ({
  'kube-root-ca.crt': 'ca.crt',
  ...(profile === 'openshift' && { 'openshift-service-ca.crt': 'service-ca.crt' }),
});
