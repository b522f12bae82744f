// nginx: serves what its configuration says: static files, redirects, proxies. Texts: nginx 1.27.
import { Errno, strerror } from '../machine/errno';
import type { Connection, Listener } from '../machine/net';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';
import type { Signal } from '../machine/signals';
import { type Certificate, fromPem } from '../machine/tls';
import { clf } from './http/clf';
import { header, httpDate, MessageReader, REASONS, type Request, type Response, requestBytes } from './http/message';
import { beside, type Handler, serveHttp, serveHttps, splitTarget } from './http/serve';
import { findFile, mediaType } from './http/static';
import { ConfigError, type Directive, readConfig } from './nginx-config';

/** As the image says it; a base system's own package is this one. */
const version = (proc: Process): string => proc.env['NGINX_VERSION'] || '1.27.2';
const SIGNALS: Record<string, Signal> = { stop: 'SIGTERM', quit: 'SIGQUIT', reload: 'SIGHUP', reopen: 'SIGUSR1' };
const NUMBERS: Record<string, number> = {
  EACCES: 13,
  EADDRINUSE: 98,
  ENOENT: 2,
  EROFS: 30,
  ECONNREFUSED: 111,
  ETIMEDOUT: 110,
  EHOSTUNREACH: 113,
};

export const nginx: Program = async (proc) => {
  const args = proc.argv.slice(1);
  if (args.includes('-v') || args.includes('-V'))
    return proc.complain(`nginx version: nginx/${version(proc)}\n`).then(() => 0);
  const file = args.includes('-c') ? (args[args.indexOf('-c') + 1] ?? '') : '/etc/nginx/nginx.conf';
  const server = new Nginx(proc);
  try {
    const config = readConfig(proc, file);
    if (args.includes('-t')) return await server.test(config, file);
    if (args.includes('-s')) return await server.tell(args[args.indexOf('-s') + 1] ?? '', config);
    return await server.run(config, file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await server.emerg(error.message);
    if (args.includes('-t')) await proc.complain(`nginx: configuration file ${file} test failed\n`);
    return 1;
  }
};

const find = (list: Directive[] | undefined, name: string): Directive | undefined => list?.find((d) => d.name === name);
const all = (list: Directive[] | undefined, name: string): Directive[] => list?.filter((d) => d.name === name) ?? [];

interface Site {
  server: Directive;
  port: number;
  names: string[];
  isDefault: boolean;
  /** Of a `listen … ssl`. */
  certificate?: Certificate;
}

/** A request on its way through the configuration. */
interface Exchange {
  proc: Process;
  request: Request;
  connection: Connection;
  path: string;
  /** Directives in force, innermost first. */
  levels: Directive[][];
  port: number;
}

class Nginx {
  private http: Directive[] = [];
  private current: Site[] = [];
  private readonly listeners = new Map<number, Listener>();
  private readonly serving: Promise<void>[] = [];

  constructor(private readonly proc: Process) {}

  private stamp(): string {
    return new Date(this.proc.machine.clock.now()).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');
  }

  async emerg(text: string): Promise<void> {
    await this.proc.complain(
      `${this.stamp()} [emerg] ${this.proc.pid}#${this.proc.pid}: ${text}\nnginx: [emerg] ${text}\n`,
    );
  }

  private log(level: string, text: string): Promise<void> {
    return this.proc.complain(`${this.stamp()} [${level}] ${this.proc.pid}#${this.proc.pid}: ${text}\n`);
  }

  async test(config: Directive[], file: string): Promise<number> {
    this.sites(config);
    await this.proc.complain(
      `nginx: the configuration file ${file} syntax is ok\nnginx: configuration file ${file} test is successful\n`,
    );
    return 0;
  }

  /** `nginx -s`: signals the server that runs. */
  async tell(word: string, config: Directive[]): Promise<number> {
    const signal = SIGNALS[word];
    if (!signal) return this.proc.complain(`nginx: invalid option: "-s ${word}"\n`).then(() => 1);
    const others = [...this.proc.machine.processes.values()].filter((one) => one.name === 'nginx' && one !== this.proc);
    const [server] = others.sort((a, b) => a.pid - b.pid);
    await this.log('notice', 'signal process started');
    if (server) {
      server.signal(signal);
      return 0;
    }
    const pid = find(config, 'pid')?.args[0] ?? '/run/nginx.pid';
    const text = `open() "${pid}" failed (2: No such file or directory)`;
    await this.log('error', text);
    await this.proc.complain(`nginx: [error] ${text}\n`);
    return 1;
  }

  /** Takes up the configuration as it is now; a broken one is refused and the old one goes on. */
  private async reload(file: string): Promise<void> {
    await this.log('notice', 'signal 1 (SIGHUP) received, reconfiguring');
    const old = this.http;
    try {
      const sites = this.sites(readConfig(this.proc, file));
      await this.resolveUpstreams();
      this.current = sites;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.http = old;
      await this.emerg(error.message);
      return;
    }
    const wanted = new Set(this.current.map(({ port }) => port));
    for (const [port, listener] of this.listeners) {
      if (wanted.has(port)) continue;
      listener.close();
      this.listeners.delete(port);
    }
    await this.listen(this.current);
    await this.log('notice', 'start worker processes');
  }

  async run(config: Directive[], file: string): Promise<number> {
    const user = find(config, 'user');
    if (user && this.proc.uid !== 0) {
      const text = `the "user" directive makes sense only if the master process runs with super-user privileges, ignored in ${user.file}:${user.line}`;
      await this.log('warn', text);
      await this.proc.complain(`nginx: [warn] ${text}\n`);
    }
    const sites = this.sites(config);
    await this.resolveUpstreams();
    if (!(await this.makeFolders())) return 1;
    this.current = sites;
    if (!(await this.listen(sites))) return 1;
    const text = (message: string) => this.log('notice', message);
    await text('using the "epoll" event method');
    await text(`nginx/${version(this.proc)}`);
    await text('start worker processes');
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)
      this.proc.on(signal, () => {
        for (const listener of this.listeners.values()) listener.close();
      });
    this.proc.on('SIGHUP', () => beside(this.proc, this.reload(file)));
    for (let i = 0; i < this.serving.length; i++) await this.serving[i]; // a reload may add to them
    await text('exiting');
    return 0;
  }

  /** Names without variables must resolve when the server starts. */
  private async resolveUpstreams(): Promise<void> {
    const upstreams = all(this.http, 'upstream');
    const proxies = all(this.http, 'server').flatMap((server) =>
      all(server.block, 'location').flatMap((location) => all(location.block, 'proxy_pass')),
    );
    const named = proxies.map((directive) => ({
      directive,
      host: /^https?:\/\/([^/:]+)/.exec(directive.args[0] ?? '')?.[1] ?? '',
    }));
    const members = upstreams
      .flatMap(({ block }) => all(block, 'server'))
      .map((directive) => ({ directive, host: (directive.args[0] ?? '').split(':')[0] ?? '' }));
    for (const { directive, host } of [...members, ...named]) {
      if (host.includes('$') || upstreams.some(({ args }) => args[0] === host)) continue;
      try {
        await this.proc.resolve(host);
      } catch (error) {
        if (!(error instanceof NameError)) throw error;
        throw new ConfigError(`host not found in upstream "${host}" in ${directive.file}:${directive.line}`);
      }
    }
  }

  private sites(config: Directive[]): Site[] {
    this.http = find(config, 'http')?.block ?? [];
    return all(this.http, 'server').flatMap((server) => {
      const listens = all(server.block, 'listen');
      const names = all(server.block, 'server_name').flatMap(({ args }) => args);
      const given = listens.length > 0 ? listens.map(({ args }) => args) : [['80']];
      return given.map((args): Site => {
        const port = portOf(args[0] ?? '80');
        const site = { server, names, port, isDefault: args.includes('default_server') };
        return args.includes('ssl') ? { ...site, certificate: this.certificate(server) } : site;
      });
    });
  }

  /** The certificate of a server with TLS; what is wrong with it stops nginx. */
  private certificate(server: Directive): Certificate {
    const of = (name: string) => find(server.block, name) ?? find(this.http, name);
    const crt = of('ssl_certificate');
    const where = `${server.file}:${server.line}`;
    if (!crt) throw new ConfigError(`no "ssl_certificate" is defined for the "listen ... ssl" directive in ${where}`);
    const key = of('ssl_certificate_key');
    if (!key) throw new ConfigError(`no "ssl_certificate_key" is defined for certificate "${crt.args[0]}"`);
    for (const [kind, { args }] of [
      ['certificate', crt],
      ['certificate key', key],
    ] as const) {
      const path = args[0] ?? '';
      if (this.proc.files.exists(path)) continue;
      const reason = `BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory:calling fopen(${path}, r) error:10000080:BIO routines::no such file)`;
      throw new ConfigError(
        kind === 'certificate'
          ? `cannot load certificate "${path}": ${reason}`
          : `cannot load certificate key "${path}": ${reason}`,
      );
    }
    const path = crt.args[0] ?? '';
    const [certificate] = fromPem(this.proc.files.readText(path));
    if (certificate) return certificate;
    throw new ConfigError(
      `cannot load certificate "${path}": PEM_read_bio_X509_AUX() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: TRUSTED CERTIFICATE)`,
    );
  }

  /** The folders for temporary files, which a random user may not make under /var/cache. */
  private async makeFolders(): Promise<boolean> {
    for (const name of ['client_temp', 'proxy_temp', 'fastcgi_temp', 'uwsgi_temp', 'scgi_temp']) {
      const configured = find(this.http, `${name.replace(/^client/, 'client_body')}_path`)?.args[0];
      const folder = configured ?? `/var/cache/nginx/${name}`;
      try {
        if (!this.proc.files.exists(folder)) this.proc.files.mkdir(folder, 0o700);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await this.emerg(`mkdir() "${folder}" failed (${NUMBERS[error.code] ?? 2}: ${strerror(error)})`);
        return false;
      }
    }
    return true;
  }

  /** Opens the ports of sites that are not open yet. */
  private async listen(sites: Site[]): Promise<boolean> {
    for (const port of new Set(sites.map((site) => site.port))) {
      if (this.listeners.has(port)) continue;
      try {
        const listener = this.proc.listen(port);
        this.listeners.set(port, listener);
        this.serving.push(this.serve(port, listener));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await this.emerg(`bind() to 0.0.0.0:${port} failed (${NUMBERS[error.code] ?? 98}: ${strerror(error)})`);
        for (const listener of this.listeners.values()) listener.close();
        return false;
      }
    }
    return true;
  }

  private serve(port: number, listener: Listener): Promise<void> {
    const here = () => this.current.filter((site) => site.port === port);
    const handler: Handler = (request, connection) => this.answer(here(), request, connection);
    if (!here().some(({ certificate }) => certificate)) return serveHttp(this.proc, listener, handler);
    return serveHttps(this.proc, listener, handler, (name) => {
      const secured = here().flatMap(({ certificate, names }) => (certificate ? [{ certificate, names }] : []));
      const named = secured.find(({ names }) => names.some((pattern) => nameMatches(pattern, name))) ?? secured[0];
      if (!named) throw new Errno('ECONNRESET');
      return named.certificate;
    });
  }

  private async answer(sites: Site[], request: Request, connection: Connection): Promise<Response> {
    const host = (header(request, 'host') ?? '').replace(/:\d+$/, '').toLowerCase();
    const site =
      sites.find(({ names }) => names.some((name) => nameMatches(name, host))) ??
      sites.find((s) => s.isDefault) ??
      (sites[0] as Site);
    const exchange: Exchange = {
      proc: this.proc,
      request,
      connection,
      path: splitTarget(request.target).path,
      levels: [site.server.block ?? [], this.http],
      port: site.port,
    };
    const response = await this.withErrorPage(exchange, await this.route(exchange, 0));
    await this.access(request, response, connection);
    const own: [string, string][] = [
      ['Server', `nginx/${version(this.proc)}`],
      ['Date', httpDate(this.proc.machine.clock.now())],
    ];
    return { ...response, headers: [...own, ...response.headers] };
  }

  private async access(request: Request, response: Response, connection: Connection): Promise<void> {
    const time = clf(this.proc.machine.clock.now());
    const size = typeof response.body === 'string' ? Buffer.byteLength(response.body) : response.body.length;
    const quoted = (name: string) => header(request, name) ?? '-';
    await this.proc.print(
      `${connection.remoteAddress} - - [${time}] "${request.method} ${request.target} ${request.version}" ${response.status} ${request.method === 'HEAD' ? 0 : size} "${quoted('referer')}" "${quoted('user-agent')}" "${quoted('x-forwarded-for')}"\n`,
    );
  }

  private page(status: number): Response {
    return page(status, this.proc);
  }

  private setting(exchange: Exchange, name: string): Directive | undefined {
    for (const level of exchange.levels) {
      const found = find(level, name);
      if (found) return found;
    }
    return undefined;
  }

  /** Chooses the location and does what it says. */
  private async route(exchange: Exchange, depth: number): Promise<Response> {
    if (depth > 10) return this.page(500);
    const server = exchange.levels.at(-2) ?? [];
    const early = returned(server, exchange);
    if (early) return early;
    const location = chooseLocation(server, exchange.path);
    const inside: Exchange = location
      ? { ...exchange, levels: [location.block ?? [], ...exchange.levels.slice(-2)] }
      : exchange;
    const answer = location ? returned(location.block ?? [], inside) : undefined;
    if (answer) return answer;
    const rewritten = rewrite(location?.block ?? [], inside);
    if (rewritten)
      return 'status' in rewritten ? rewritten : this.route({ ...exchange, path: rewritten.path }, depth + 1);
    const proxy = find(location?.block, 'proxy_pass');
    const response =
      proxy && location
        ? await this.proxy(inside, location, proxy.args[0] ?? '')
        : await this.file(inside, location, depth);
    const added = inside.levels.map((level) => all(level, 'add_header')).find((list) => list.length > 0) ?? [];
    return {
      ...response,
      headers: [
        ...response.headers,
        ...added.map(({ args }): [string, string] => [args[0] ?? '', expand(args[1] ?? '', inside)]),
      ],
    };
  }

  private async file(exchange: Exchange, location: Directive | undefined, depth: number): Promise<Response> {
    const { method } = exchange.request;
    if (method !== 'GET' && method !== 'HEAD') return this.page(405);
    const tries = find(location?.block ?? exchange.levels.at(-2), 'try_files')?.args ?? [];
    for (const [i, text] of tries.entries()) {
      const candidate = expand(text, exchange);
      if (candidate.startsWith('=')) return this.page(Number(candidate.slice(1)));
      if (i === tries.length - 1)
        return this.route({ ...exchange, path: candidate, levels: exchange.levels.slice(-2) }, depth + 1);
      const found = this.lookUp({ ...exchange, path: candidate }, location);
      if ('data' in found) return this.filtered(exchange, this.served(found));
    }
    const found = this.lookUp(exchange, location);
    if ('data' in found) return this.filtered(exchange, this.served(found));
    if (found.directory && !exchange.path.endsWith('/'))
      return redirect(exchange, 301, `http://${header(exchange.request, 'host') ?? 'localhost'}${exchange.path}/`);
    if (found.directory)
      await this.log('error', `*1 directory index of "${this.root(exchange)}${exchange.path}" is forbidden`);
    return this.page(found.status);
  }

  private root(exchange: Exchange): string {
    return this.setting(exchange, 'root')?.args[0] ?? '/usr/share/nginx/html';
  }

  private lookUp(exchange: Exchange, location: Directive | undefined): ReturnType<typeof findFile> {
    const index = this.setting(exchange, 'index')?.args ?? ['index.html'];
    const alias = find(location?.block, 'alias')?.args[0];
    const prefix = location?.args.at(-1) ?? '/';
    if (alias) return findFile(this.proc, alias, exchange.path.slice(prefix.length), index);
    return findFile(this.proc, this.root(exchange), exchange.path, index);
  }

  /** sub_filter: texts of a page replaced. */
  private filtered(exchange: Exchange, response: Response): Response {
    const filters = exchange.levels.map((level) => all(level, 'sub_filter')).find((list) => list.length > 0) ?? [];
    if (filters.length === 0 || header(response, 'content-type') !== 'text/html') return response;
    const once = this.setting(exchange, 'sub_filter_once')?.args[0] !== 'off';
    let body = typeof response.body === 'string' ? response.body : new TextDecoder().decode(response.body);
    for (const { args } of filters) {
      const [text = '', replacement = ''] = [args[0], expand(args[1] ?? '', exchange)];
      body = once ? body.replace(text, () => replacement) : body.replaceAll(text, () => replacement);
    }
    const headers = response.headers.filter(
      ([name]) => !/^(content-length|last-modified|etag|accept-ranges)$/i.test(name),
    );
    return { ...response, headers, body };
  }

  private served(found: { file: string; data: Uint8Array; mtime: number }): Response {
    const tag = `"${Math.floor(found.mtime / 1000).toString(16)}-${found.data.length.toString(16)}"`;
    return {
      status: 200,
      headers: [
        ['Content-Type', mediaType(found.file)],
        ['Content-Length', String(found.data.length)],
        ['Last-Modified', httpDate(found.mtime)],
        ['ETag', tag],
        ['Accept-Ranges', 'bytes'],
      ],
      body: found.data,
    };
  }

  /** proxy_pass: to an address, a name, or an upstream block in turn. */
  private async proxy(exchange: Exchange, location: Directive, target: string): Promise<Response> {
    const match = /^https?:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(expand(target, exchange));
    if (!match) return this.page(500);
    const [, host = '', port = '80', uri] = match;
    const { request } = exchange;
    const prefix = location.args.at(-1) ?? '/';
    const path = uri !== undefined ? uri + request.target.slice(prefix.length) : request.target;
    const upstream = all(this.http, 'upstream').find(({ args }) => args[0] === host);
    const servers = upstream ? all(upstream.block, 'server').map(({ args }) => args[0] ?? '') : [`${host}:${port}`];
    const set = exchange.levels.map((level) => all(level, 'proxy_set_header')).find((list) => list.length > 0) ?? [];
    const headers: [string, string][] = [
      ['Host', `${host}${match[2] ? `:${port}` : ''}`],
      ['Connection', 'close'],
      ...request.headers.filter(([name]) => !/^(host|connection|content-length|transfer-encoding)$/i.test(name)),
    ];
    for (const { args } of set) replaceHeader(headers, args[0] ?? '', expand(args[1] ?? '', exchange));
    if (request.body.length > 0) headers.push(['Content-Length', String(request.body.length)]);
    for (const _ of servers) {
      const server = servers[this.turn++ % servers.length] as string;
      const response = await this.ask(server, { ...request, target: path, headers }, exchange);
      if (response)
        return {
          ...response,
          headers: response.headers.filter(
            ([name]) => !/^(connection|server|date|transfer-encoding|keep-alive)$/i.test(name),
          ),
        };
    }
    return this.page(502);
  }

  private turn = 0;

  private async ask(server: string, request: Request, exchange: Exchange): Promise<Response | undefined> {
    const [name = '', port = '80'] = server.split(':');
    const describe = `client: ${exchange.connection.remoteAddress}, server: ${find(exchange.levels.at(-2), 'server_name')?.args[0] ?? ''}, request: "${exchange.request.method} ${exchange.request.target} ${exchange.request.version}", upstream: "http://${server}${request.target}"`;
    try {
      const [address = ''] = await this.proc.resolve(name);
      const connection = await this.proc.connect(address, Number(port), { timeoutMs: 60_000 });
      try {
        await connection.write(requestBytes(request), this.proc.killed);
        return await new MessageReader(connection, this.proc.killed).response(request.method);
      } finally {
        connection.close();
      }
    } catch (error) {
      if (error instanceof NameError)
        await this.log('error', `*1 ${name} could not be resolved (3: Host not found), ${describe}`);
      else if (error instanceof Errno)
        await this.log(
          'error',
          `*1 connect() failed (${NUMBERS[error.code] ?? 111}: ${strerror(error)}) while connecting to upstream, ${describe}`,
        );
      else if (this.proc.killed.aborted) throw error;
      return undefined;
    }
  }

  private async withErrorPage(exchange: Exchange, response: Response): Promise<Response> {
    if (response.status < 400) return response;
    for (const level of exchange.levels)
      for (const { args } of all(level, 'error_page')) {
        if (!args.slice(0, -1).includes(String(response.status))) continue;
        const found = this.lookUp(
          { ...exchange, path: args.at(-1) ?? '/' },
          chooseLocation(exchange.levels.at(-2) ?? [], args.at(-1) ?? '/'),
        );
        if ('data' in found) return { ...this.served(found), status: response.status };
      }
    return response;
  }
}

const portOf = (text: string): number => Number(/(?:^|:)(\d+)$/.exec(text)?.[1] ?? 80);

function nameMatches(pattern: string, host: string): boolean {
  if (pattern.startsWith('~')) return new RegExp(pattern.slice(1)).test(host);
  if (pattern.startsWith('*.')) return host.endsWith(pattern.slice(1));
  return pattern.toLowerCase() === host;
}

/** nginx' order: exact, longest `^~`, regular expressions as written, longest prefix. */
function chooseLocation(server: Directive[], path: string): Directive | undefined {
  const locations = all(server, 'location');
  const exact = locations.find(({ args }) => args[0] === '=' && args[1] === path);
  if (exact) return exact;
  const prefix = locations
    .filter(({ args }) => (args.length === 1 || args[0] === '^~') && path.startsWith(args.at(-1) ?? ''))
    .sort((a, b) => (b.args.at(-1) ?? '').length - (a.args.at(-1) ?? '').length)[0];
  if (prefix?.args[0] === '^~' && prefix.args.length === 2) return prefix;
  const matched = locations.find(
    ({ args }) => /^~\*?$/.test(args[0] ?? '') && new RegExp(args[1] ?? '', args[0] === '~*' ? 'i' : '').test(path),
  );
  return matched ?? prefix;
}

function returned(block: Directive[], exchange: Exchange): Response | undefined {
  const directive = find(block, 'return');
  if (!directive) return undefined;
  const [first = '', text] = directive.args;
  if (!/^\d+$/.test(first)) return redirect(exchange, 302, expand(first, exchange));
  const status = Number(first);
  if (text === undefined) return page(status, exchange.proc);
  if (status >= 300 && status < 400) return redirect(exchange, status, expand(text, exchange));
  const body = expand(text, exchange).replace(/\\n/g, '\n');
  const type = find(block, 'default_type')?.args[0] ?? 'text/plain';
  return { status, headers: [['Content-Type', type]], body };
}

function rewrite(block: Directive[], exchange: Exchange): Response | { path: string } | undefined {
  for (const { args } of all(block, 'rewrite')) {
    const [pattern = '', replacement = '', flag] = args;
    const match = new RegExp(pattern).exec(exchange.path);
    if (!match) continue;
    const path = replacement.replace(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? '');
    if (flag === 'permanent') return redirect(exchange, 301, path);
    if (flag === 'redirect' || /^https?:/.test(path)) return redirect(exchange, 302, path);
    return { path };
  }
  return undefined;
}

function expand(text: string, { proc, request, connection, path, port }: Exchange): string {
  const { query } = splitTarget(request.target);
  const host = header(request, 'host') ?? '';
  const values: Record<string, string> = {
    uri: path,
    document_uri: path,
    request_uri: request.target,
    args: query.toString(),
    query_string: query.toString(),
    is_args: query.size > 0 ? '?' : '',
    host: host.replace(/:\d+$/, ''),
    http_host: host,
    scheme: 'http',
    remote_addr: connection.remoteAddress,
    remote_port: String(connection.remotePort),
    hostname: proc.machine.hostname,
    time_local: clf(proc.machine.clock.now()),
    time_iso8601: new Date(proc.machine.clock.now()).toISOString().replace(/\.\d+Z$/, '+00:00'),
    http_user_agent: header(request, 'user-agent') ?? '',
    server_addr: connection.localAddress,
    server_port: String(port),
    request_method: request.method,
    proxy_host: host,
    proxy_add_x_forwarded_for: [header(request, 'x-forwarded-for'), connection.remoteAddress]
      .filter(Boolean)
      .join(', '),
  };
  if (text.includes('request_id')) values['request_id'] = proc.machine.random.hex(32);
  return text.replace(
    /\$\{?(\w+)\}?/g,
    (_, name: string) =>
      values[name] ?? (name.startsWith('http_') ? (header(request, name.slice(5).replaceAll('_', '-')) ?? '') : ''),
  );
}

function replaceHeader(headers: [string, string][], name: string, value: string): void {
  const at = headers.findIndex(([key]) => key.toLowerCase() === name.toLowerCase());
  if (value === '') {
    if (at >= 0) headers.splice(at, 1);
  } else if (at >= 0) headers[at] = [name, value];
  else headers.push([name, value]);
}

function page(status: number, proc: Process): Response {
  const title = `${status} ${REASONS[status] ?? ''}`.trim();
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/${version(proc)}</center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: [['Content-Type', 'text/html']], body };
}

const redirect = ({ proc }: Exchange, status: number, location: string): Response => ({
  ...page(status, proc),
  headers: [
    ['Content-Type', 'text/html'],
    ['Location', location],
  ],
});
