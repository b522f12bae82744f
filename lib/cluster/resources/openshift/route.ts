// routes.route.openshift.io
import type { KubeObject } from '../../store/types';
import { columns } from '../columns';
import type { ResourceDefinition } from '../definition';
import { dnsSubdomain } from '../validation/names';
import { oneOf } from '../validation/values';
import { keepStatus } from '../workload';

interface Backend {
  name: string;
  weight?: number;
}

interface RouterIngress {
  host?: string;
  conditions?: { type: string; status: string; reason?: string }[];
}

/** The host of the first router that admitted it, or why none did. */
function hostCell({ spec, status }: KubeObject): string {
  const ingress: RouterIngress[] = status?.ingress ?? [];
  const admission = (each: RouterIngress) => each.conditions?.find(({ type }) => type === 'Admitted');
  const refused = ingress.map(admission).find((c) => c?.status === 'False');
  if (refused && !ingress.some((each) => admission(each)?.status === 'True')) return refused.reason ?? '';
  const hosts = ingress.filter((each) => admission(each)?.status !== 'False').map(({ host }) => host ?? '');
  return hosts.length > 1 ? `${hosts[0]} ... ${hosts.length - 1} more` : spec?.host || hosts[0] || '';
}

function servicesCell({ spec }: KubeObject): string {
  const backends: Backend[] = [spec?.to, ...(spec?.alternateBackends ?? [])].filter(Boolean);
  if (backends.length <= 1) return backends[0]?.name ?? '';
  const total = backends.reduce((sum, { weight = 100 }) => sum + weight, 0);
  return backends
    .map(({ name, weight = 100 }) => `${name}(${total ? Math.trunc((weight * 100) / total) : 0}%)`)
    .join(',');
}

function terminationCell({ spec }: KubeObject): string {
  if (!spec?.tls?.termination) return '';
  const insecure = spec.tls.insecureEdgeTerminationPolicy;
  return insecure ? `${spec.tls.termination}/${insecure}` : spec.tls.termination;
}

export const route: ResourceDefinition = {
  group: 'route.openshift.io',
  versions: [{ name: 'v1' }],
  kind: 'Route',
  plural: 'routes',
  singular: 'route',
  categories: ['all'],
  namespaced: true,
  profile: 'openshift',
  subresources: ['status'],
  types: {
    Route: { apiVersion: 'string', kind: 'string', metadata: 'ObjectMeta', spec: 'RouteSpec!', status: 'RouteStatus' },
    RouteSpec: {
      alternateBackends: '[]RouteTargetReference',
      host: 'string',
      httpHeaders: 'any',
      path: 'string',
      port: 'RoutePort',
      subdomain: 'string',
      tls: 'RouteTLSConfig',
      to: 'RouteTargetReference!',
      wildcardPolicy: 'string',
    }, // prettier-ignore
    RouteTargetReference: { kind: 'string', name: 'string!', weight: 'int32' },
    RoutePort: { targetPort: 'intstr!' },
    RouteTLSConfig: {
      caCertificate: 'string',
      certificate: 'string',
      destinationCACertificate: 'string',
      externalCertificate: 'any',
      insecureEdgeTerminationPolicy: 'string',
      key: 'string',
      termination: 'string!',
    }, // prettier-ignore
    RouteStatus: { ingress: '[]RouteIngress' },
    RouteIngress: {
      conditions: '[]RouteIngressCondition',
      host: 'string',
      routerCanonicalHostname: 'string',
      routerName: 'string',
      wildcardPolicy: 'string',
    },
    RouteIngressCondition: {
      lastTransitionTime: 'date',
      message: 'string',
      reason: 'string',
      status: 'string!',
      type: 'string!',
    },
  },
  columns: columns('Name', 'Host/Port', 'Path', 'Services', 'Port', 'Termination', 'Wildcard'),
  row: (object) => {
    const { spec } = object;
    return [
      object.metadata.name,
      hostCell(object),
      spec?.path ?? '',
      servicesCell(object),
      spec?.port ? String(spec.port.targetPort) : '<all>',
      terminationCell(object),
      spec?.wildcardPolicy ?? 'None',
    ];
  },
  nameRule: dnsSubdomain,
  selectable: ({ spec }) => ({
    'spec.path': spec?.path ?? '',
    'spec.host': spec?.host ?? '',
    'spec.to.name': spec?.to?.name ?? '',
  }),
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.wildcardPolicy ??= 'None';
    for (const backend of [spec.to, ...(spec.alternateBackends ?? [])]) {
      if (!backend) continue;
      backend.kind ??= 'Service';
      backend.weight ??= 100;
    }
  },
  prepareCreate(object, { settings }) {
    object['status'] = { ingress: [] };
    if (object['spec'].host) return;
    object.metadata.annotations = { ...object.metadata.annotations, 'openshift.io/host.generated': 'true' };
    const { subdomain } = object['spec'];
    object['spec'].host =
      `${subdomain || `${object.metadata.name}-${object.metadata.namespace}`}.apps.${settings.baseDomain}`;
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    const { host, path, to, tls, wildcardPolicy } = object['spec'];
    if (host)
      for (const problem of dnsSubdomain(host))
        errors.invalid('spec.host', host, `host must conform to DNS naming conventions: [${problem}]`);
    if (path && !path.startsWith('/')) errors.invalid('spec.path', path, 'path must begin with /');
    if (path && tls?.termination === 'passthrough')
      errors.invalid('spec.path', path, 'passthrough termination does not support paths');
    if (!to?.name) errors.required('spec.to.name');
    if (to && to.kind !== 'Service') errors.invalid('spec.to.kind', to.kind, 'must reference a Service');
    if (tls) oneOf(tls.termination ?? '', ['edge', 'passthrough', 'reencrypt'], 'spec.tls.termination', errors);
    oneOf(wildcardPolicy, ['None', 'Subdomain'], 'spec.wildcardPolicy', errors);
  },
};
