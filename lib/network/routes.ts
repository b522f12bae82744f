// Routes as OpenShift's router serves them: which backend a request belongs to, by host, path, termination, weight and cookie
// (openshift/router, HAProxy's template). The router's program carries the bytes.
import { hash32 } from '../sim/random';
import type { KubeLike, Metadata, Service, ServicePort } from './kube';
import type { Network } from './network';
import type { Backend } from './services';

interface RouteTarget {
  kind?: string;
  name: string;
  weight?: number | null;
}

export interface Route {
  metadata: Metadata;
  spec?: {
    host?: string;
    path?: string;
    to?: RouteTarget;
    alternateBackends?: RouteTarget[];
    port?: { targetPort?: number | string };
    tls?: { termination?: string; insecureEdgeTerminationPolicy?: string };
    wildcardPolicy?: string;
  };
}

export interface RouteRequest {
  /** The Host header, or the name in the TLS greeting. */
  host: string;
  path: string;
  tls: boolean;
  /** The Cookie header. */
  cookie?: string;
  /** The client's address, for balance by source. */
  client?: string;
}

export type RouteDecision =
  | {
      kind: 'forward';
      route: Route;
      backend: Backend;
      /** TLS towards the backend: re-encrypt. */
      secure: boolean;
      /** A Set-Cookie header that keeps the client on this backend. */
      setCookie?: string;
    }
  | { kind: 'redirect'; location: string }
  | { kind: 'unavailable'; reason: string };

const DEFAULT_WEIGHT = 100;
const annotation = ({ metadata }: Route, name: string): string | undefined => metadata.annotations?.[name];

export class RouteTable {
  private readonly byHost = new Map<string, Route[]>();
  private readonly hostOf = new Map<string, string>();

  put(object: KubeLike): void {
    this.remove(object);
    const route = object as Route;
    const host = hostKey(route);
    if (!host) return;
    this.hostOf.set(keyOf(object), host);
    // The oldest first: it holds the host against those of other namespaces.
    const routes = [...(this.byHost.get(host) ?? []), route].sort((a, b) => age(a).localeCompare(age(b)));
    this.byHost.set(host, routes);
  }

  remove(object: KubeLike): void {
    const host = this.hostOf.get(keyOf(object));
    if (host === undefined) return;
    this.hostOf.delete(keyOf(object));
    const rest = this.byHost.get(host)?.filter((route) => keyOf(route) !== keyOf(object)) ?? [];
    if (rest.length > 0) this.byHost.set(host, rest);
    else this.byHost.delete(host);
  }

  *all(): Iterable<Route> {
    for (const routes of this.byHost.values()) yield* routes;
  }

  /** The older route that keeps this one from being admitted, if there is one (HostAlreadyClaimed). */
  claimedBy(route: Route): Route | undefined {
    const [oldest, ...rest] = this.byHost.get(hostKey(route) ?? '') ?? [];
    if (!oldest || keyOf(oldest) === keyOf(route)) return undefined;
    if (oldest.metadata.namespace !== route.metadata.namespace) return oldest;
    const older = [oldest, ...rest].slice(
      0,
      [oldest, ...rest].findIndex((one) => keyOf(one) === keyOf(route)),
    );
    return older.find((one) => (one.spec?.path ?? '') === (route.spec?.path ?? ''));
  }

  /** The route of a host and path: the longest path that fits, a wildcard when no exact host does. */
  find(host: string, path: string): Route | undefined {
    const name = host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
    const wildcard = `*.${name.split('.').slice(1).join('.')}`;
    for (const key of [name, wildcard]) {
      const routes = (this.byHost.get(key) ?? []).filter((route) => !this.claimedBy(route) && isUnder(path, route));
      const [best] = routes.sort((a, b) => (b.spec?.path ?? '').length - (a.spec?.path ?? '').length);
      if (best) return best;
    }
    return undefined;
  }
}

/** `passthrough` connections are decided by the name in the TLS greeting alone. */
export function passthroughRoute(network: Network, serverName: string): Route | undefined {
  const route = network.routes.find(serverName, '/');
  return route?.spec?.tls?.termination === 'passthrough' ? route : undefined;
}

/** What the router does with a request. */
export function decideRoute(network: Network, request: RouteRequest): RouteDecision {
  const { host, path, tls } = request;
  const route = network.routes.find(host, path);
  if (!route)
    return { kind: 'unavailable', reason: `no route has the host ${host}${path === '/' ? '' : ` and path ${path}`}` };
  const name = `route ${route.metadata.name}`;
  const { termination, insecureEdgeTerminationPolicy: insecure = 'None' } = route.spec?.tls ?? {};
  if (tls && !termination) return { kind: 'unavailable', reason: `${name} is not a TLS route` };
  if (!tls && termination && insecure === 'Redirect') return { kind: 'redirect', location: `https://${host}${path}` };
  if (!tls && termination && insecure !== 'Allow') return { kind: 'unavailable', reason: `${name} takes TLS only` };
  const shares = backendsOf(network, route);
  if (shares.length === 0) return { kind: 'unavailable', reason: `${name} has no endpoint to send to` };
  return { kind: 'forward', route, secure: termination === 'reencrypt', ...pick(network, route, shares, request) };
}

interface Share {
  backend: Backend;
  weight: number;
}

/** The endpoints of all services of a route; a service's weight is split among its own. */
function backendsOf(network: Network, route: Route): Share[] {
  const { namespace = 'default' } = route.metadata;
  const { to, alternateBackends = [], port } = route.spec ?? {};
  return [...(to ? [to] : []), ...alternateBackends].flatMap((target) => {
    const service = network.services.get(namespace, target.name);
    const weight = target.weight ?? DEFAULT_WEIGHT;
    const own = service && weight > 0 ? portOf(service, port?.targetPort) : undefined;
    if (!service || !own) return [];
    const backends = [4, 6].flatMap((family) => [...network.services.backends(service, own, family as 4 | 6)]);
    return backends.map((backend) => ({ backend, weight: weight / backends.length }));
  });
}

/** `port.targetPort` names a port of the service, or is the number of one or of its target; without it the first counts. */
function portOf({ spec }: Service, wanted: number | string | undefined): ServicePort | undefined {
  const ports = (spec?.ports ?? []).filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP');
  if (wanted === undefined) return ports[0];
  return ports.find(({ name, port, targetPort }) => name === wanted || targetPort === wanted || port === wanted);
}

function pick(
  network: Network,
  route: Route,
  shares: Share[],
  request: RouteRequest,
): { backend: Backend; setCookie?: string } {
  const cookieName = annotation(route, 'router.openshift.io/cookie_name') ?? hash(keyOf(route));
  const balance = annotation(route, 'haproxy.router.openshift.io/balance') ?? (passes(route) ? 'source' : 'random');
  const isSticky = !passes(route) && annotation(route, 'haproxy.router.openshift.io/disable_cookies') !== 'true';
  const wanted = isSticky ? cookieValue(request.cookie, cookieName) : undefined;
  const kept = wanted && shares.find(({ backend }) => hash(`${backend.address}:${backend.port}`) === wanted);
  if (kept) return { backend: kept.backend };
  const { backend } = balance === 'source' ? bySource(shares, request.client ?? '') : byWeight(network, shares);
  if (!isSticky) return { backend };
  const flags = request.tls ? '; HttpOnly; Secure; SameSite=None' : '; HttpOnly';
  return { backend, setCookie: `${cookieName}=${hash(`${backend.address}:${backend.port}`)}; path=/${flags}` };
}

const passes = (route: Route): boolean => route.spec?.tls?.termination === 'passthrough';

function byWeight(network: Network, shares: Share[]): Share {
  let at = network.random.float() * shares.reduce((sum, { weight }) => sum + weight, 0);
  for (const share of shares) if ((at -= share.weight) < 0) return share;
  return shares.at(-1) as Share;
}

const bySource = (shares: Share[], client: string): Share => shares[hash32(client) % shares.length] as Share;

/** DIFFERS: HAProxy's cookie values are MD5 sums; ours have their form. */
const hash = (text: string): string =>
  ['', '#', '##', '###']
    .map((salt) =>
      hash32(text + salt)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');

const cookieValue = (header: string | undefined, name: string): string | undefined =>
  header
    ?.split(';')
    .map((pair) => pair.trim().split('='))
    .find(([key]) => key === name)?.[1];

function hostKey({ spec }: Route): string | undefined {
  const host = spec?.host?.toLowerCase();
  return host && spec?.wildcardPolicy === 'Subdomain' ? `*.${host.split('.').slice(1).join('.')}` : host;
}

/** A path matches whole segments: `/shop` holds `/shop` and `/shop/cart`, not `/shopping`. */
function isUnder(path: string, { spec }: Route): boolean {
  const prefix = (spec?.path ?? '').replace(/\/$/, '');
  const own = path.replace(/[?#].*$/, '');
  return prefix === '' || own === prefix || own.startsWith(`${prefix}/`);
}

const keyOf = ({ metadata }: KubeLike): string => `${metadata.namespace ?? 'default'}/${metadata.name}`;
const age = (route: Route): string => `${route.metadata.creationTimestamp ?? ''} ${keyOf(route)}`;

/** The router's answer when no backend can serve: status 503 with the page it is known for. */
export const unavailablePage = `<html>
  <head>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style type="text/css">
      body { font-family: Helvetica, Arial, sans-serif; margin: 4em 3em; color: #1d1d1d; }
      .alert { border: 1px solid #dcdcdc; margin-top: 30px; padding: 14px; }
    </style>
  </head>
  <body>
    <div>
      <h1>Application is not available</h1>
      <p>The application is currently not serving requests at this endpoint. It may not have been started or is still starting.</p>

      <div class="alert alert-info">
        <p class="info">
          Possible reasons you are seeing this page:
        </p>
        <ul>
          <li>
            <strong>The host doesn't exist.</strong>
            Make sure the hostname was typed correctly and that a route matching this hostname exists.
          </li>
          <li>
            <strong>The host exists, but doesn't have a matching path.</strong>
            Check if the URL path was typed correctly and that the route was created using the desired path.
          </li>
          <li>
            <strong>Route and path matches, but all pods are down.</strong>
            Make sure that the resources exposed by this route (pods, services, deployment configs, etc) have at least one pod running.
          </li>
        </ul>
      </div>
    </div>
  </body>
</html>
`;
