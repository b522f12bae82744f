// Pod Security Standards by the namespace's labels: warnings and refusals with the real words
// (k8s.io/pod-security-admission).
import { forbidden } from '../../store/errors';
import type { Plugin } from './admission';
import { violations } from './pod-security-levels';

const LABEL = 'pod-security.kubernetes.io/';
const TEMPLATES: Record<string, true> = {
  'deployments.apps': true,
  'replicasets.apps': true,
  'statefulsets.apps': true,
  'daemonsets.apps': true,
  'jobs.batch': true,
  replicationcontrollers: true,
};

export const podSecurity: Plugin = ({ operation, resource, object, old, subresource }, context) => {
  if (operation === 'DELETE' || subresource) return;
  const pod = resource === 'pods';
  const spec = pod
    ? object['spec']
    : resource === 'cronjobs.batch'
      ? object['spec']?.jobTemplate?.spec?.template?.spec
      : TEMPLATES[resource] && object['spec']?.template?.spec;
  if (!spec || (pod && operation === 'UPDATE' && old)) return;
  const labels = context.store.get('namespaces', undefined, object.metadata.namespace ?? '')?.metadata.labels ?? {};
  const found = (mode: string) => {
    const level = labels[LABEL + mode];
    if (level !== 'baseline' && level !== 'restricted') return undefined;
    const list = violations(spec, level);
    return list.length > 0
      ? `violate PodSecurity "${level}:${labels[`${LABEL}${mode}-version`] ?? 'latest'}": ${list.join(', ')}`
      : undefined;
  };
  const refused = pod ? found('enforce') : undefined;
  if (refused) throw forbidden('pods', object.metadata.name ?? '', refused.replace('violate', 'violates'));
  const warned = found('warn');
  if (warned) context.warn(`would ${warned}`);
};
