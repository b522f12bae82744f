// OpenShift labels its users' namespaces for Pod Security: violations of `restricted` are warned of, not refused.
// cluster-policy-controller, pkg/psalabelsyncer. DIFFERS: the level does not follow what the service accounts may do.
import type { MakeController } from './controller';
import { splitKey } from './controller';

const SYNC = 'security.openshift.io/scc.podSecurityLabelSync';
const PREFIX = 'pod-security.kubernetes.io';
const LABELS: Record<string, string> = {
  [`${PREFIX}/audit`]: 'restricted',
  [`${PREFIX}/audit-version`]: 'latest',
  [`${PREFIX}/warn`]: 'restricted',
  [`${PREFIX}/warn-version`]: 'latest',
};
const PLATFORM = /^(default|openshift|kube-.*|openshift-.*)$/;

export const podSecurityLabels: MakeController = ({ store, client, profile }) => ({
  name: 'podsecurity-admission-label-sync-controller',
  watches: { namespaces: ({ object }) => [`/${object.metadata.name}`] },
  reconcile(key) {
    const { name } = splitKey(key);
    const found = store.get('namespaces', undefined, name);
    if (profile !== 'openshift' || !found || found.metadata.deletionTimestamp || PLATFORM.test(name)) return undefined;
    const labels = found.metadata.labels ?? {};
    if (labels[SYNC] === 'false') return undefined;
    const missing = Object.entries(LABELS).filter(([label]) => labels[label] === undefined);
    if (missing.length > 0)
      client.patch('namespaces', undefined, name, { metadata: { labels: Object.fromEntries(missing) } });
    return undefined;
  },
});
