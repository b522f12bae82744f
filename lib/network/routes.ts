// Routes as OpenShift's router serves them: which backend a request belongs to, by host, path, termination, weight and cookie
// (openshift/router, HAProxy's template). The router's program carries the bytes.
import { hash32 } from '../sim/random';
import { type Address, Cidr, parseAddress } from './address';
import type { KubeLike, Metadata, Service, ServicePort } from './kube';
import type { Network } from './network';
import { type Backend, clusterIPs, isIdled } from './services';

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
    tls?: RouteTls;
    wildcardPolicy?: string;
    httpHeaders?: {
      actions?: Partial<
        Record<'request' | 'response', { name: string; action: { type: string; set?: { value?: string } } }[]>
      >;
    };
  };
  status?: { ingress?: RouteIngress[] };
}

interface RouteTls {
  termination?: string;
  insecureEdgeTerminationPolicy?: string;
  certificate?: string;
  destinationCACertificate?: string;
}

/** What one router says of a route. */
export interface RouteIngress {
  host?: string;
  routerName?: string;
  routerCanonicalHostname?: string;
  wildcardPolicy?: string;
  conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
}

/** Whether a router serves a route. */
export type Admits = (route: Route) => boolean;

/** The routes that a router has admitted by its own word. */
export const admittedBy =
  (routerName: string): Admits =>
  ({ status }) =>
    (status?.ingress ?? []).some(
      (each) =>
        each.routerName === routerName &&
        each.conditions?.some(({ type, status: is }) => type === 'Admitted' && is === 'True'),
    );

export interface RouteRequest {
  /** The Host header, or the name in the TLS greeting. */
  host: string;
  path: string;
  tls: boolean;
  /** The Cookie header. */
  cookie?: string;
  /** The client's address, for lists of addresses and balance by source. */
  client?: string;
}

export type RouteDecision =
  | {
      kind: 'forward';
      route: Route;
      backend: Backend;
      /** The service that the backend belongs to. */
      service: string;
      /** The name of the service's port; empty when it has none. */
      portName: string;
      /** TLS towards the backend: re-encrypt. */
      secure: boolean;
      /** A Set-Cookie header that keeps the client on this backend. */
      setCookie?: string;
    }
  | { kind: 'redirect'; location: string }
  /** The route's list of addresses does not hold the client: the connection is closed without a word. */
  | { kind: 'rejected'; route: Route }
  | { kind: 'unavailable'; reason: string; route?: Route };

const DEFAULT_WEIGHT = 100;
const annotation = ({ metadata }: Route, name: string): string | undefined => metadata.annotations?.[name];
/** `haproxy.router.openshift.io/NAME`. */
export const haproxy = (route: Route, name: string): string | undefined =>
  annotation(route, `haproxy.router.openshift.io/${name}`);

/** A Host header as a key: without port and final dot, in lower case. */
const bareHost = (host: string): string => host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');

export class RouteTable {
  private readonly byHost = new Map<string, Route[]>();
  private readonly hostOf = new Map<string, string>();
  /** The order in which routes came. */
  private readonly seen = new Map<string, number>();
  private count = 0;
  /** Whose turn it is, for who keeps no memory of their own. */
  readonly turns = new Turns();

  put(object: KubeLike): void {
    const seen = this.seen.get(keyOf(object)) ?? ++this.count;
    this.remove(object);
    this.seen.set(keyOf(object), seen);
    const route = object as Route;
    const host = hostKey(route);
    if (!host) return;
    this.hostOf.set(keyOf(object), host);
    // The oldest first: it holds the host against those of other namespaces.
    const routes = [...(this.byHost.get(host) ?? []), route].sort((a, b) => this.compareAge(a, b));
    this.byHost.set(host, routes);
  }

  remove(object: KubeLike): void {
    this.seen.delete(keyOf(object));
    const host = this.hostOf.get(keyOf(object));
    if (host === undefined) return;
    this.hostOf.delete(keyOf(object));
    const rest = this.byHost.get(host)?.filter((route) => keyOf(route) !== keyOf(object)) ?? [];
    if (rest.length > 0) this.byHost.set(host, rest);
    else this.byHost.delete(host);
  }

  /** By creation, which has whole seconds; then by who was heard of first. */
  private compareAge(a: Route, b: Route): number {
    const [left, right] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
    if (left !== right) return left < right ? -1 : 1;
    return (this.seen.get(keyOf(a)) ?? 0) - (this.seen.get(keyOf(b)) ?? 0);
  }

  *all(): Iterable<Route> {
    for (const routes of this.byHost.values()) yield* routes;
  }

  /** The older route that keeps this one from being admitted, if there is one (HostAlreadyClaimed); paths of one host may be shared across namespaces. */
  claimedBy(route: Route, acrossNamespaces = false): Route | undefined {
    const [oldest, ...rest] = this.byHost.get(hostKey(route) ?? '') ?? [];
    if (!oldest || keyOf(oldest) === keyOf(route)) return undefined;
    if (!acrossNamespaces && oldest.metadata.namespace !== route.metadata.namespace) return oldest;
    const older = [oldest, ...rest].slice(
      0,
      [oldest, ...rest].findIndex((one) => keyOf(one) === keyOf(route)),
    );
    return older.find((one) => (one.spec?.path ?? '') === (route.spec?.path ?? ''));
  }

  /** The route of a host and path: the longest path that fits, a wildcard when no exact host does. */
  find(host: string, path: string, admits: Admits = (route) => !this.claimedBy(route)): Route | undefined {
    const name = bareHost(host);
    const wildcard = `*.${name.split('.').slice(1).join('.')}`;
    for (const key of [name, wildcard]) {
      const routes = (this.byHost.get(key) ?? []).filter((route) => admits(route) && isUnder(path, route));
      const [best] = routes.sort((a, b) => (b.spec?.path ?? '').length - (a.spec?.path ?? '').length);
      if (best) return best;
    }
    return undefined;
  }
}

/** What a router sends a connection on TLS to that it cannot look into: known by the name in the greeting alone. */
export function passthroughRoute(network: Network, serverName: string, admits?: Admits): Route | undefined {
  const passing = (route: Route) => passes(route) && (admits?.(route) ?? !network.routes.claimedBy(route));
  return network.routes.find(serverName, '/', passing);
}

/** Where a passthrough connection goes. */
export function decidePassthrough(network: Network, route: Route, client: string, turns: Turns): RouteDecision {
  return forward(network, route, { host: route.spec?.host ?? '', path: '/', tls: true, client }, turns);
}

/** What the router does with a request. `turns` is the router's memory of whose turn it is. */
export function decideRoute(
  network: Network,
  request: RouteRequest,
  admits: Admits = (route) => !network.routes.claimedBy(route),
  turns: Turns = network.routes.turns,
): RouteDecision {
  const { host, path, tls } = request;
  const route = network.routes.find(host, path, (each) => admits(each) && serves(each, tls));
  if (!route) return { kind: 'unavailable', reason: whyNone(network, request, admits) };
  if (!tls && insecurePolicy(route) === 'Redirect')
    return { kind: 'redirect', location: `https://${bareHost(host)}${path}` };
  return forward(network, route, request, turns);
}

export const insecurePolicy = ({ spec }: Route): string => spec?.tls?.insecureEdgeTerminationPolicy ?? 'None';

/** Whether a route is in the router's map of plain or of TLS requests. */
export function serves(route: Route, tls: boolean): boolean {
  const termination = route.spec?.tls?.termination;
  if (tls) return termination === 'edge' || termination === 'reencrypt';
  return !termination || ['Allow', 'Redirect'].includes(insecurePolicy(route));
}

function whyNone(network: Network, { host, path, tls }: RouteRequest, admits: Admits): string {
  const route = network.routes.find(host, path, admits);
  if (!route) return `no route has the host ${host}${path === '/' ? '' : ` and path ${path}`}`;
  return `route ${route.metadata.name} ${tls ? 'is not a TLS route' : 'takes TLS only'}`;
}

function forward(network: Network, route: Route, request: RouteRequest, turns: Turns): RouteDecision {
  if (!allows(route, request.client)) return { kind: 'rejected', route };
  const shares = backendsOf(network, route);
  if (shares.length === 0)
    return { kind: 'unavailable', reason: `route ${route.metadata.name} has no endpoint to send to`, route };
  const secure = route.spec?.tls?.termination === 'reencrypt';
  return { kind: 'forward', route, secure, ...pick(network, route, shares, request, turns) };
}

/** `haproxy.router.openshift.io/ip_allowlist`, once called ip_whitelist: addresses and CIDRs, or everybody. */
function allows(route: Route, client: string | undefined): boolean {
  const list = haproxy(route, 'ip_allowlist') ?? haproxy(route, 'ip_whitelist');
  const ranges = list?.split(/[\s,]+/).filter(Boolean) ?? [];
  const address = client === undefined ? undefined : parseAddress(client);
  return ranges.length === 0 || ranges.some((range) => address !== undefined && holds(range, address));
}

const holds = (range: string, address: Address): boolean =>
  range.includes('/') ? (Cidr.find(range)?.holds(address) ?? false) : parseAddress(range)?.text === address.text;

interface Share {
  backend: Backend;
  service: string;
  portName: string;
  weight: number;
}

/** Smooth weighted round robin, as HAProxy's: over ten requests, weights of 8 and 2 give 8 and 2. */
export class Turns {
  private readonly credit = new Map<string, number>();

  next(route: string, shares: readonly Share[]): Share {
    const total = shares.reduce((sum, { weight }) => sum + weight, 0);
    const key = ({ backend }: Share) => `${route} ${backend.address}:${backend.port}`;
    for (const share of shares) this.credit.set(key(share), (this.credit.get(key(share)) ?? 0) + share.weight);
    const richest = shares.reduce((a, b) => ((this.credit.get(key(b)) ?? 0) > (this.credit.get(key(a)) ?? 0) ? b : a));
    this.credit.set(key(richest), (this.credit.get(key(richest)) ?? 0) - total);
    return richest;
  }
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
    const ready = [4, 6].flatMap((family) => [...network.services.backends(service, own, family as 4 | 6)]);
    const backends = ready.length === 0 && isIdled(service, network.now()) ? sleeping(service, own) : ready;
    return backends.map((backend) => ({
      backend,
      service: target.name,
      portName: own.name ?? '',
      weight: weight / backends.length,
    }));
  });
}

/** A server of a route's backend, as HAProxy's configuration lists it. */
export interface RouteServer {
  backend: Backend;
  service: string;
  portName: string;
  /** 0 to 256. */
  weight: number;
  /** What the client's cookie says of it; none where the route keeps nobody. */
  cookie?: string;
}

/** How a route is served: its servers, and by what rule one is chosen. openshift/router, calculateServiceWeights. */
export function serversOf(network: Network, route: Route): { balance: string; servers: RouteServer[] } {
  const shares = backendsOf(network, route);
  const most = Math.max(...shares.map(({ weight }) => weight));
  const isOne = new Set(shares.map(({ service }) => service)).size === 1;
  const scaled = (weight: number) => (isOne ? 1 : Math.max(1, Math.floor((weight * 256) / most)));
  const servers = shares.map(({ backend, service, portName, weight }) => ({
    backend,
    service,
    portName,
    weight: scaled(weight),
    ...(isSticky(route) && { cookie: cookieOf(backend) }),
  }));
  return { balance: balanceOf(route, shares), servers };
}

/** An idled service is called at its own address, which wakes it. openshift router pkg/router/template/plugin.go. */
const sleeping = (service: Service, { port }: ServicePort): Backend[] =>
  clusterIPs(service).map((address) => ({ address, port, ready: true, serving: true, terminating: false }));

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
  turns: Turns,
): Omit<Share, 'weight'> & { setCookie?: string } {
  const cookieName = cookieNameOf(route);
  const sticks = isSticky(route);
  const wanted = sticks ? cookieValue(request.cookie, cookieName) : undefined;
  const kept = wanted ? shares.find(({ backend }) => cookieOf(backend) === wanted) : undefined;
  const { backend, service, portName } = kept ?? byTurn(network, route, shares, request, turns);
  if (kept || !sticks) return { backend, service, portName };
  const site = sameSiteOf(route);
  const flags = site ? `; HttpOnly; Secure; SameSite=${site}` : '; HttpOnly';
  const setCookie = `${cookieName}=${cookieOf(backend)}; path=/${flags}`;
  return { backend, service, portName, setCookie };
}

/** Whether clients are kept on their backend. */
const isSticky = (route: Route): boolean => !passes(route) && !isTrue(haproxy(route, 'disable_cookies'));
const cookieOf = ({ address, port }: Backend): string => hash(`${address}:${port}`);

/** The cookie's SameSite, of a route that is served on TLS alone. */
export const sameSiteOf = (route: Route): string | undefined =>
  route.spec?.tls?.termination && insecurePolicy(route) !== 'Allow'
    ? (annotation(route, 'router.openshift.io/cookie-same-site') ?? 'None')
    : undefined;

/** The cookie that keeps a client on its backend. */
export const cookieNameOf = (route: Route): string =>
  annotation(route, 'router.openshift.io/cookie_name') ?? hash(keyOf(route));

/** The template's choice: round robin between several services, else at random, by source for passthrough. */
function byTurn(network: Network, route: Route, shares: Share[], request: RouteRequest, turns: Turns): Share {
  const algorithm = balanceOf(route, shares);
  if (algorithm === 'source') return bySource(shares, request.client ?? '');
  return algorithm === 'random' ? byWeight(network, shares) : turns.next(keyOf(route), shares);
}

function balanceOf(route: Route, shares: readonly Share[]): string {
  const services = new Set(shares.map(({ service }) => service)).size;
  const otherwise = services > 1 ? 'roundrobin' : passes(route) ? 'source' : 'random';
  const asked = haproxy(route, 'balance') ?? '';
  return BALANCES.has(asked) ? asked : otherwise;
}

const BALANCES = new Set(['roundrobin', 'leastconn', 'source', 'random']);
const isTrue = (value: string | undefined): boolean => /^(true|t|1)$/i.test(value ?? '');

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
