// OpenShift's controller that makes routes of ingresses (openshift/route-controller-manager, pkg/route/ingress/ingress.go).
import type { KubeObject, ObjectInput } from '../store/types';
import { type Controller, type ControllerContext, splitKey } from './controller';
import { equal } from './equal';

const INGRESSES = 'ingresses.networking.k8s.io';
const ROUTES = 'routes.route.openshift.io';
const CLASSES = 'ingressclasses.networking.k8s.io';
const OURS = 'openshift.io/ingress-to-route';
const TERMINATION = 'route.openshift.io/termination';
const DESTINATION_CA = 'route.openshift.io/destination-ca-certificate-secret';

interface Path {
  path?: string;
  pathType?: string;
  backend: { service?: { name: string; port?: { name?: string; number?: number } } };
}

interface Rule {
  host?: string;
  http?: { paths: Path[] };
}

/** A route that a rule asks for, or why it gives none. */
type Made = { route: ObjectInput } | { incomplete: string };

export function ingressToRoute(context: ControllerContext): Controller {
  const { store } = context;
  const inNamespace = (namespace: string | undefined) => store.list(INGRESSES, namespace).map(keyOf);
  return {
    name: 'ingress-to-route',
    watches: {
      [INGRESSES]: ({ object }) => [keyOf(object)],
      [ROUTES]: ({ object }) => {
        const owner = ownerOf(object);
        return owner ? [`${object.metadata.namespace}/${owner}`] : [];
      },
      services: ({ object }) => inNamespace(object.metadata.namespace),
      secrets: ({ object }) => inNamespace(object.metadata.namespace),
      [CLASSES]: () => inNamespace(undefined),
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const ingress = store.get(INGRESSES, namespace, name);
      if (ingress && !ingress.metadata.deletionTimestamp && isManaged(context, ingress)) sync(context, ingress);
      return undefined;
    },
  };
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

const ownerOf = ({ metadata }: KubeObject): string | undefined =>
  metadata.ownerReferences?.find(({ kind, controller }) => kind === 'Ingress' && controller)?.name;

/** An ingress without a class is ours, and one whose class names this controller. */
function isManaged({ store }: ControllerContext, { spec, metadata }: KubeObject): boolean {
  const name = metadata.annotations?.['kubernetes.io/ingress.class'] ?? spec?.ingressClassName;
  return name === undefined || store.get(CLASSES, undefined, name)?.['spec']?.controller === OURS;
}

function sync(context: ControllerContext, ingress: KubeObject): void {
  const { store, client, events, random } = context;
  const { namespace, name } = ingress.metadata;
  const old = store.list(ROUTES, namespace).filter((route) => ownerOf(route) === name);
  const made = wanted(context, ingress);
  for (const route of made.flatMap((each) => ('route' in each ? [each.route] : []))) {
    const { spec, metadata } = route;
    const at = old.findIndex((route) => route['spec'].host === spec.host && (route['spec'].path ?? '') === spec.path);
    const [existing] = at < 0 ? [] : old.splice(at, 1);
    if (!existing) client.create(ROUTES, { metadata: { ...metadata, name: `${name}-${random.suffix(5)}` }, spec });
    else update(context, existing, route);
  }
  for (const { metadata } of old) client.delete(ROUTES, namespace, metadata.name);
  reflect(context, ingress);
  const incomplete = made.flatMap((each) => ('incomplete' in each ? [each.incomplete] : []));
  if (incomplete.length > 0)
    events.record(
      ingress,
      'Normal',
      'IncompleteIngressToRouteRules',
      `Incomplete ingress to route rules detected: ${incomplete.join('; ')}`,
      { component: 'ingress-to-route-controller' },
    );
}

function update({ client }: ControllerContext, existing: KubeObject, wanted: ObjectInput): void {
  const { spec, metadata } = wanted;
  const { to, port, tls, wildcardPolicy = 'None' } = existing['spec'];
  const own = (each: object | undefined) => ({ ...each, insecureEdgeTerminationPolicy: undefined });
  const same =
    to.name === spec.to.name &&
    equal(port, spec.port) &&
    equal(own(tls), own(spec.tls)) &&
    wildcardPolicy === (spec.wildcardPolicy ?? 'None') &&
    equal(existing.metadata.annotations ?? {}, metadata?.annotations ?? {});
  if (same) return;
  client.update(ROUTES, {
    ...existing,
    metadata: { ...existing.metadata, annotations: metadata?.annotations ?? {} },
    spec: { ...spec, to: { ...spec.to, weight: to.weight } },
  });
}

function wanted(context: ControllerContext, ingress: KubeObject): Made[] {
  return ((ingress['spec'].rules ?? []) as Rule[]).flatMap((rule, i): Made[] => {
    if (!rule.http) return [{ incomplete: `Missing http field in rule at index ${i}` }];
    if (!rule.host) return [{ incomplete: `Missing host field in rule at index ${i}` }];
    return rule.http.paths.map((path, j) => ofPath(context, ingress, rule, path, `index ${i}, path index ${j}`));
  });
}

function ofPath(context: ControllerContext, ingress: KubeObject, rule: Rule, path: Path, where: string): Made {
  const { service } = path.backend;
  if (!service) return { incomplete: `Missing backend service field in rule at ${where}` };
  if (path.pathType === 'Exact') return { incomplete: `Unsupported exact path type in rule at ${where}` };
  const { namespace } = ingress.metadata;
  const found = context.store.get('services', namespace, service.name);
  if (!found) return { incomplete: `Backend service "${service.name}" not found at ${where}` };
  const port = portOf(found, service.port ?? {});
  if (!port) return { incomplete: `No valid target port for backend service "${service.name}" at ${where}` };
  const tls = tlsOf(context, ingress, rule);
  if (tls === 'invalid')
    return { incomplete: `Invalid or missing TLS secret for rule host "${rule.host}" at ${where}` };
  return { route: routeOf(ingress, rule, path, { ...port, ...(tls && { tls }) }) };
}

function routeOf(ingress: KubeObject, { host = '' }: Rule, path: Path, more: object): ObjectInput {
  const { name, namespace = '', uid, labels, annotations } = ingress.metadata;
  const isWildcard = host.startsWith('*.');
  return {
    metadata: {
      namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ownerReferences: [{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name, uid, controller: true }],
    },
    spec: {
      host: host.replace(/^\*/, 'wildcard'),
      path: path.path ?? '',
      to: { kind: 'Service', name: path.backend.service?.name ?? '' },
      ...more,
      ...(isWildcard && { wildcardPolicy: 'Subdomain' }),
    },
  };
}

/** The port as the route names it; a nameless one needs no mention. */
function portOf({ spec }: KubeObject, wanted: { name?: string; number?: number }): object | undefined {
  const ports: { name?: string; port: number }[] = spec?.ports ?? [];
  const found = ports.find(({ name, port }) => (wanted.name ? name === wanted.name : port === wanted.number));
  if (!found) return undefined;
  return found.name ? { port: { targetPort: found.name } } : {};
}

function tlsOf({ store }: ControllerContext, ingress: KubeObject, { host }: Rule): object | 'invalid' | undefined {
  const { namespace, annotations = {} } = ingress.metadata;
  const entries: { hosts?: string[]; secretName?: string }[] = ingress['spec'].tls ?? [];
  const asked = annotations[TERMINATION] ?? '';
  const named = entries.find(({ hosts }) => hosts?.includes(host ?? ''));
  const secret = named ? store.get('secrets', namespace, named.secretName ?? '') : undefined;
  const data = secret?.['type'] === 'kubernetes.io/tls' ? secret['data'] : undefined;
  if (named && !(data?.['tls.crt'] && data['tls.key'])) return 'invalid';
  const isAsked = ['passthrough', 'reencrypt', 'edge'].includes(asked);
  if (!isAsked && !data && !entries.some((entry) => Object.keys(entry).length === 0)) return undefined;
  const termination = asked === 'passthrough' || asked === 'reencrypt' ? asked : 'edge';
  const text = (value: string) => Buffer.from(value, 'base64').toString();
  const authority = store.get('secrets', namespace, annotations[DESTINATION_CA] ?? '')?.['data']?.['tls.crt'];
  return {
    termination,
    insecureEdgeTerminationPolicy: 'Redirect',
    ...(data && termination !== 'passthrough' && { certificate: text(data['tls.crt']), key: text(data['tls.key']) }),
    ...(authority && termination === 'reencrypt' && { destinationCACertificate: text(authority) }),
  };
}

/** The routers that admitted the routes stand in the ingress' status. */
function reflect({ store, client }: ControllerContext, ingress: KubeObject): void {
  const { namespace, name } = ingress.metadata;
  const routes = store.list(ROUTES, namespace).filter((route) => ownerOf(route) === name);
  const hostnames = routes.flatMap(({ status }) =>
    ((status?.ingress ?? []) as { routerCanonicalHostname?: string; conditions?: { status: string }[] }[]).flatMap(
      ({ routerCanonicalHostname, conditions }) =>
        routerCanonicalHostname && conditions?.[0]?.status === 'True' ? [routerCanonicalHostname] : [],
    ),
  );
  const list = [...new Set(hostnames)].sort().map((hostname) => ({ hostname }));
  const before: { hostname?: string }[] = ingress['status']?.loadBalancer?.ingress ?? [];
  if (equal(list, before)) return;
  const loadBalancer = list.length > 0 ? { ingress: list } : {};
  client.updateStatus(INGRESSES, { ...ingress, status: { ...ingress['status'], loadBalancer } });
}
