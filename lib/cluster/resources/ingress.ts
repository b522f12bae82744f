// ingresses.networking.k8s.io
import { age, columns } from './columns';
import type { Cell, ResourceDefinition } from './definition';
import { validateIngress, validateIngressClass } from './ingress-rules';
import { balancers } from './service';
import { keepStatus } from './workload';

const HOSTS_SHOWN = 3;

function hosts(rules: { host?: string }[] = []): string {
  const names = rules.map(({ host }) => host ?? '').filter(Boolean);
  if (names.length === 0) return '*';
  return (
    names.slice(0, HOSTS_SHOWN).join(',') +
    (names.length > HOSTS_SHOWN ? ` + ${names.length - HOSTS_SHOWN} more...` : '')
  );
}

export const ingress: ResourceDefinition = {
  group: 'networking.k8s.io',
  errorGroup: 'extensions',
  versions: [{ name: 'v1' }],
  kind: 'Ingress',
  plural: 'ingresses',
  singular: 'ingress',
  shortNames: ['ing'],
  namespaced: true,
  subresources: ['status'],
  generation: true,
  columns: columns('Name', 'Class', 'Hosts', 'Address', 'Ports', 'Age'),
  row(object, now, wide = true): Cell[] {
    const { spec, status, metadata } = object;
    return [
      metadata.name,
      spec?.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'] ?? '<none>',
      hosts(spec?.rules),
      balancers(status?.loadBalancer, wide),
      spec?.tls?.length ? '80, 443' : '80',
      age(object, now),
    ];
  },
  default(object) {
    object['spec'] ??= {};
  },
  prepareCreate(object) {
    object['status'] = { loadBalancer: {} };
  },
  prepareUpdate: keepStatus,
  validate: validateIngress,
  validateCreate: validateIngressClass,
};
