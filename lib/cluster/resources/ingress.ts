// ingresses.networking.k8s.io
import { age, columns } from './columns';
import type { Cell, ResourceDefinition } from './definition';
import { balancers } from './service';
import { dnsSubdomain } from './validation/names';
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
  validate(object, errors) {
    const { rules = [], defaultBackend } = object['spec'];
    if (rules.length === 0 && !defaultBackend)
      errors.invalid('spec', rules, 'either `defaultBackend` or `rules` must be specified');
    for (const [i, rule] of rules.entries()) {
      const at = `spec.rules[${i}]`;
      if (rule.host && !rule.host.startsWith('*.'))
        for (const problem of dnsSubdomain(rule.host)) errors.invalid(`${at}.host`, rule.host, problem);
      for (const [j, path] of (rule.http?.paths ?? []).entries()) {
        const field = `${at}.http.paths[${j}]`;
        if (!path.pathType) errors.required(`${field}.pathType`, 'pathType must be specified');
        else if (!['Exact', 'ImplementationSpecific', 'Prefix'].includes(path.pathType))
          errors.notSupported(`${field}.pathType`, path.pathType, ['Exact', 'ImplementationSpecific', 'Prefix']);
        if (['Exact', 'Prefix'].includes(path.pathType) && !path.path?.startsWith('/'))
          errors.invalid(`${field}.path`, path.path ?? '', 'must be an absolute path');
        if (path.backend?.service && !path.backend.service.name) errors.required(`${field}.backend.service.name`);
      }
    }
  },
};
