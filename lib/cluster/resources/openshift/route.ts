// routes.route.openshift.io
import type { KubeObject } from '../../store/types';
import { columns } from '../columns';
import type { ResourceDefinition } from '../definition';
import type { FieldErrors } from '../validation/field-errors';
import { dnsLabel, dnsSubdomain } from '../validation/names';
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

const NON_DNS = 'route.openshift.io/allow-non-dns-compliant-host';

/** openshift/library-go, pkg/route/validation. */
function validateHost({ metadata }: KubeObject, host: string, errors: FieldErrors): void {
  if (dnsSubdomain(host).length > 0)
    errors.invalid('spec.host', host, 'host must conform to DNS 952 subdomain conventions');
  if (metadata.annotations?.[NON_DNS] === 'true') return;
  for (const problem of host.split('.').flatMap((label) => dnsLabel(label))) errors.invalid('spec.host', host, problem);
}

function validateWeight(backend: Backend | undefined, at: string, errors: FieldErrors): void {
  const weight = backend?.weight;
  if (weight !== undefined && weight !== null && (weight < 0 || weight > MAX_WEIGHT))
    errors.invalid(`${at}.weight`, weight, `weight must be an integer between 0 and ${MAX_WEIGHT}`);
}

const MAX_WEIGHT = 256; // HAProxy's
const CERTIFICATES = {
  certificate: 'certificate data',
  key: 'key data',
  caCertificate: 'ca certificate data',
  destinationCACertificate: 'destination ca certificate data',
};

const PROTECTED = ['strict-transport-security', 'proxy', 'cookie', 'set-cookie'];

/** library-go pkg/route/routeapihelpers validation: what may be done to headers. */
function validateHeaders(
  { httpHeaders, tls }: { httpHeaders?: HeaderActions; tls?: { termination?: string } },
  errors: FieldErrors,
): void {
  if (!httpHeaders) return;
  if (tls?.termination === 'passthrough')
    errors.invalid(
      'spec.tls.termination',
      'passthrough',
      'only edge and re-encrypt routes are supported for providing customized headers.',
    );
  for (const direction of ['response', 'request'] as const)
    for (const [i, { name = '', action }] of (httpHeaders.actions?.[direction] ?? []).entries()) {
      const at = `spec.httpHeaders.actions.${direction}[${i}]`;
      if (!name) errors.required(`${at}.name`);
      if (PROTECTED.includes(name.toLowerCase()))
        errors.forbidden(
          `${at}.name`,
          `the following headers may not be modified using this API: ${PROTECTED.join(', ')}`,
        );
      if (action?.type !== 'Set' && action?.type !== 'Delete')
        errors.invalid(`${at}.action.type`, action?.type ?? '', 'type must be Set or Delete');
      else if (action.type === 'Set' && !action.set?.value)
        errors.required(`${at}.action.set`, 'set is required when type is Set, and forbidden otherwise');
    }
}

interface HeaderActions {
  actions?: Partial<
    Record<'request' | 'response', { name?: string; action?: { type?: string; set?: { value?: string } } }[]>
  >;
}

function validateTls(tls: Record<string, string | undefined>, errors: FieldErrors): void {
  const { termination = '', insecureEdgeTerminationPolicy: insecure = '' } = tls;
  oneOf(termination, ['edge', 'passthrough', 'reencrypt'], 'spec.tls.termination', errors);
  if (termination === 'passthrough')
    for (const [field, what] of Object.entries(CERTIFICATES))
      if (tls[field])
        errors.invalid(
          `spec.tls.${field}`,
          `redacted ${what}`,
          'passthrough termination does not support certificates',
        );
  if (termination === 'edge' && tls['destinationCACertificate'])
    errors.invalid(
      'spec.tls.destinationCACertificate',
      'redacted destination ca certificate data',
      'edge termination does not support destination certificates',
    );
  const allowed = termination === 'passthrough' ? ['None', 'Redirect'] : ['None', 'Allow', 'Redirect'];
  if (insecure !== '' && !allowed.includes(insecure))
    errors.invalid(
      'spec.tls.insecureEdgeTerminationPolicy',
      insecure,
      `invalid value for InsecureEdgeTerminationPolicy option, acceptable values are ${allowed.join(', ')}, or empty`,
    );
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
    const { host, path, to, tls, wildcardPolicy, alternateBackends = [] } = object['spec'];
    if (host) validateHost(object, host, errors);
    if (path && !path.startsWith('/')) errors.invalid('spec.path', path, 'path must begin with /');
    if (path && tls?.termination === 'passthrough')
      errors.invalid('spec.path', path, 'passthrough termination does not support paths');
    if (!to?.name) errors.required('spec.to.name');
    if (to && to.kind !== 'Service') errors.invalid('spec.to.kind', to.kind, 'must reference a Service');
    validateWeight(to, 'spec.to', errors);
    if (alternateBackends.length > 3)
      errors.required('spec.alternateBackends', 'cannot specify more than 3 alternate backends');
    for (const [i, backend] of alternateBackends.entries()) {
      const at = `spec.alternateBackends[${i}]`;
      if (!backend.name) errors.required(`${at}.name`);
      if (backend.kind !== 'Service') errors.invalid(`${at}.kind`, backend.kind, 'must reference a Service');
      validateWeight(backend, at, errors);
    }
    if (tls) validateTls(tls, errors);
    validateHeaders(object['spec'], errors);
    oneOf(wildcardPolicy, ['None', 'Subdomain'], 'spec.wildcardPolicy', errors);
    if (wildcardPolicy === 'Subdomain' && !host)
      errors.invalid('spec.wildcardPolicy', wildcardPolicy, 'host name not specified for wildcard policy');
  },
  validateUpdate(object, old, errors) {
    if (object['spec'].wildcardPolicy !== old['spec'].wildcardPolicy)
      errors.invalid('spec.wildcardPolicy', object['spec'].wildcardPolicy, 'field is immutable');
  },
};
