// The router's configuration directory: HAProxy's configuration and its maps, made of the routes when somebody looks. The lines are
// those of openshift/router's images/router/haproxy/conf/haproxy-config.template, as far as this router does what they say.
import { type Entry, FileSystem } from '../../machine/fs';
import type { Process } from '../../machine/process';
import type { Network } from '../../network/network';
import { cookieNameOf, haproxy, insecurePolicy, type Route, sameSiteOf, serversOf, serves } from '../../network/routes';
import { backendName, serverName } from './access-log';
import type { Router } from './proxy';

const encoder = new TextEncoder();
const CERTIFICATE = '/var/lib/haproxy/router/certs';

const FILES: Record<string, (router: Router, routes: Route[]) => string> = {
  'cert_config.map': (_, routes) =>
    lines(routes, (route) => {
      const { metadata, spec } = route;
      const own = serves(route, true) && spec?.tls?.certificate;
      return own ? `${CERTIFICATE}/${metadata.namespace}:${metadata.name}.pem ${spec.host}` : undefined;
    }),
  'haproxy.config': ({ proc }, routes) => configuration(proc, routes),
  'os_edge_reencrypt_be.map': (_, routes) =>
    lines(routes, (route) => (serves(route, true) ? `${pattern(route)} ${backendName(route)}` : undefined)),
  'os_http_be.map': (_, routes) =>
    lines(routes, (route) =>
      serves(route, false) && insecurePolicy(route) !== 'Redirect'
        ? `${pattern(route)} ${backendName(route)}`
        : undefined,
    ),
  'os_route_http_redirect.map': (_, routes) =>
    lines(routes, (route) => `${pattern(route)} ${insecurePolicy(route) === 'Redirect' ? 1 : 0}`),
  'os_sni_passthrough.map': (_, routes) =>
    lines(routes, (route) => (isPassed(route) ? `^${escaped(route.spec?.host ?? '')}$ 1` : undefined)),
  'os_tcp_be.map': (_, routes) =>
    lines(routes, (route) =>
      isPassed(route) || route.spec?.tls?.termination === 'reencrypt'
        ? `${pattern(route)} ${backendName(route)}`
        : undefined,
    ),
};

/** What `/var/lib/haproxy/conf` holds. */
export class RouterConfiguration extends FileSystem {
  constructor(
    private readonly router: Router,
    private readonly time: () => number,
  ) {
    super(new Map(), undefined, time, true);
  }

  override lookup(path: string): Entry | undefined {
    const common = { uid: 0, gid: 0, mtime: this.time() };
    if (path === '/') return { type: 'dir', mode: 0o775, ...common };
    const make = FILES[path.slice(1)];
    if (!make) return undefined;
    const { network } = this.router.proc.machine.net.fabric;
    const routes = [...network.routes.all()].filter(this.router.admits).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    return { type: 'file', mode: 0o644, data: encoder.encode(make(this.router, routes)), ...common };
  }

  override list(path: string): string[] {
    return path === '/' ? Object.keys(FILES).sort() : [];
  }
}

const keyOf = ({ metadata }: Route): string => `${metadata.namespace}:${metadata.name}`;
const isPassed = ({ spec }: Route): boolean => spec?.tls?.termination === 'passthrough';

/** One line a route, the most specific pattern first. */
function lines(routes: Route[], line: (route: Route) => string | undefined): string {
  const all = routes.flatMap((route) => line(route) ?? []);
  return all
    .sort()
    .reverse()
    .map((each) => `${each}\n`)
    .join('');
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What a request's host and path are compared with. */
function pattern({ spec }: Route): string {
  const host = spec?.host ?? '';
  const path = (spec?.path ?? '').replace(/^\/+$/, '');
  const rest = path.endsWith('/') ? '(.*)?' : '(/.*)?';
  const name = spec?.wildcardPolicy === 'Subdomain' ? `[^\\.]*${escaped(host.replace(/^[^.]*/, ''))}` : escaped(host);
  return `^${name}\\.?(:[0-9]+)?${escaped(path)}${rest}$`;
}

const section = (head: string, ...body: (string | false | undefined)[]): string =>
  [head, ...body.flatMap((line) => (line ? [`  ${line}`] : [])), ''].join('\n');

function configuration(proc: Process, routes: Route[]): string {
  const { network } = proc.machine.net.fabric;
  const { env } = proc;
  const of = (name: string, otherwise: string) => env[name] || otherwise;
  const http = ['mode http', 'http-request del-header Proxy', 'http-request set-header Host %[req.hdr(Host),lower]'];
  const tls = (name: string, more: string) => [
    section(
      `backend be_${name}`,
      `server fe_${name} unix@/var/lib/haproxy/run/haproxy-${name.replace('_', '-')}.sock weight 1 send-proxy`,
    ),
    section(
      `frontend fe_${name}`,
      `bind unix@/var/lib/haproxy/run/haproxy-${name.replace('_', '-')}.sock ssl crt /var/lib/haproxy/conf/default_pub_keys.pem${more} accept-proxy no-alpn`,
      ...http,
      'use_backend %[base,map_reg(/var/lib/haproxy/conf/os_edge_reencrypt_be.map)]',
      'default_backend openshift_default',
    ),
  ];
  return [
    section(
      'global',
      'daemon',
      env['ROUTER_SYSLOG_ADDRESS'] &&
        `log ${env['ROUTER_SYSLOG_ADDRESS']} len 1024 ${of('ROUTER_LOG_FACILITY', 'local1')} ${of('ROUTER_LOG_LEVEL', 'warning')}`,
    ),
    section(
      'defaults',
      'timeout connect 5s',
      `timeout client ${of('ROUTER_DEFAULT_CLIENT_TIMEOUT', '30s')}`,
      `timeout server ${of('ROUTER_DEFAULT_SERVER_TIMEOUT', '30s')}`,
      `timeout tunnel ${of('ROUTER_DEFAULT_TUNNEL_TIMEOUT', '1h')}`,
    ),
    section('listen stats', `bind :${of('STATS_PORT', '1936')}`, 'mode http', 'monitor-uri /healthz'),
    section(
      'frontend public',
      `bind :${of('ROUTER_SERVICE_HTTP_PORT', '80')}`,
      ...http,
      'acl secure_redirect base,map_reg_int(/var/lib/haproxy/conf/os_route_http_redirect.map) -m bool',
      'http-request redirect location https://%[req.hdr(host),regsub(:[0-9]+$,,)]%[url] code 302 if secure_redirect',
      'use_backend %[base,map_reg(/var/lib/haproxy/conf/os_http_be.map)]',
      'default_backend openshift_default',
    ),
    section(
      'frontend public_ssl',
      `bind :${of('ROUTER_SERVICE_HTTPS_PORT', '443')}`,
      'tcp-request content accept if { req_ssl_hello_type 1 }',
      'acl sni req.ssl_sni -m found',
      'acl sni_passthrough req.ssl_sni,lower,map_reg(/var/lib/haproxy/conf/os_sni_passthrough.map) -m found',
      'use_backend %[req.ssl_sni,lower,map_reg(/var/lib/haproxy/conf/os_tcp_be.map)] if sni sni_passthrough',
      'use_backend be_sni if sni',
      'default_backend be_no_sni',
    ),
    ...tls('sni', ' crt-list /var/lib/haproxy/conf/cert_config.map'),
    ...tls('no_sni', ''),
    section('backend openshift_default', 'mode http', 'option forwardfor', 'option http-pretend-keepalive'),
    ...routes.map((route) => backend(network, route)),
  ].join('\n');
}

function backend(network: Network, route: Route): string {
  const { balance, servers } = serversOf(network, route);
  const list = haproxy(route, 'ip_allowlist') ?? haproxy(route, 'ip_whitelist');
  const forwarding = haproxy(route, 'set-forwarded-headers') ?? 'append';
  const timeout = haproxy(route, 'timeout');
  const tunnel = haproxy(route, 'timeout-tunnel');
  const check = servers.length > 1 ? ' check inter 5000ms' : '';
  const passed = isPassed(route);
  const site = sameSiteOf(route);
  const sticks = servers.some(({ cookie }) => cookie !== undefined);
  const hsts = haproxy(route, 'hsts_header');
  return section(
    `backend ${backendName(route)}`,
    !passed && 'mode http',
    !passed && 'option redispatch',
    !passed && forwarding === 'append' && 'option forwardfor',
    !passed && forwarding === 'if-none' && 'option forwardfor if-none',
    `balance ${balance}`,
    list &&
      `acl allowlist src ${list
        .split(/[\s,]+/)
        .filter(Boolean)
        .join(' ')}`,
    list && 'tcp-request content reject if !allowlist',
    timeout && !passed && `timeout server  ${timeout}`,
    tunnel && `timeout tunnel  ${tunnel}`,
    passed && 'hash-type consistent',
    'timeout check 5000ms',
    sticks &&
      `cookie ${cookieNameOf(route)} insert indirect nocache httponly${site ? ` secure attr SameSite=${site}` : ''}`,
    hsts && route.spec?.tls && !passed && `http-response set-header Strict-Transport-Security '${hsts}'`,
    ...servers.map((server) => {
      const cookie = server.cookie ? ` cookie ${server.cookie}` : '';
      const secure = route.spec?.tls?.termination === 'reencrypt' ? ' ssl' : '';
      return `server ${serverName(server)} ${server.backend.address}:${server.backend.port}${cookie} weight ${server.weight}${secure}${check}`;
    }),
  );
}
