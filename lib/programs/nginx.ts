// nginx: serves what its configuration says: static files, redirects, proxies. Texts: nginx 1.27.
import { Errno, strerror } from '../machine/errno';
import type { Connection, Listener } from '../machine/net';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';
import { header, httpDate, MessageReader, REASONS, type Request, type Response, requestBytes } from './http/message';
import { serveHttp, splitTarget, stopOn } from './http/serve';
import { findFile, mediaType } from './http/static';
import { ConfigError, type Directive, readConfig } from './nginx-config';

const VERSION = '1.27.2';
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
    return proc.complain(`nginx version: nginx/${VERSION}\n`).then(() => 0);
  const file = args.includes('-c') ? (args[args.indexOf('-c') + 1] ?? '') : '/etc/nginx/nginx.conf';
  const server = new Nginx(proc);
  try {
    const config = readConfig(proc, file);
    if (args.includes('-t')) return await server.test(config, file);
    return await server.run(config);
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
}

/** A request on its way through the configuration. */
interface Exchange {
  request: Request;
  connection: Connection;
  path: string;
  /** Directives in force, innermost first. */
  levels: Directive[][];
  port: number;
}

class Nginx {
  private http: Directive[] = [];

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

  async run(config: Directive[]): Promise<number> {
    const user = find(config, 'user');
    if (user && this.proc.uid !== 0) {
      const text = `the "user" directive makes sense only if the master process runs with super-user privileges, ignored in ${user.file}:${user.line}`;
      await this.log('warn', text);
      await this.proc.complain(`nginx: [warn] ${text}\n`);
    }
    const sites = this.sites(config);
    await this.resolveUpstreams();
    if (!(await this.makeFolders())) return 1;
    const listeners = await this.listen(sites);
    if (!listeners) return 1;
    const text = (message: string) => this.log('notice', message);
    await text('using the "epoll" event method');
    await text(`nginx/${VERSION}`);
    await text('start worker processes');
    stopOn(this.proc, [...listeners.values()]);
    await Promise.all(
      [...listeners].map(([port, listener]) =>
        serveHttp(this.proc, listener, (request, connection) =>
          this.answer(
            sites.filter((site) => site.port === port),
            request,
            connection,
          ),
        ),
      ),
    );
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
      return given.map(
        (args): Site => ({ server, names, port: portOf(args[0] ?? '80'), isDefault: args.includes('default_server') }),
      );
    });
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

  private async listen(sites: Site[]): Promise<Map<number, Listener> | undefined> {
    const listeners = new Map<number, Listener>();
    for (const port of new Set(sites.map((site) => site.port))) {
      try {
        listeners.set(port, this.proc.listen(port));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await this.emerg(`bind() to 0.0.0.0:${port} failed (${NUMBERS[error.code] ?? 98}: ${strerror(error)})`);
        for (const listener of listeners.values()) listener.close();
        return undefined;
      }
    }
    return listeners;
  }

  private async answer(sites: Site[], request: Request, connection: Connection): Promise<Response> {
    const host = (header(request, 'host') ?? '').replace(/:\d+$/, '').toLowerCase();
    const site =
      sites.find(({ names }) => names.some((name) => nameMatches(name, host))) ??
      sites.find((s) => s.isDefault) ??
      (sites[0] as Site);
    const exchange: Exchange = {
      request,
      connection,
      path: splitTarget(request.target).path,
      levels: [site.server.block ?? [], this.http],
      port: site.port,
    };
    const response = await this.withErrorPage(exchange, await this.route(exchange, 0));
    await this.access(request, response, connection);
    const own: [string, string][] = [
      ['Server', `nginx/${VERSION}`],
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

  private setting(exchange: Exchange, name: string): Directive | undefined {
    for (const level of exchange.levels) {
      const found = find(level, name);
      if (found) return found;
    }
    return undefined;
  }

  /** Chooses the location and does what it says. */
  private async route(exchange: Exchange, depth: number): Promise<Response> {
    if (depth > 10) return page(500);
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
    if (method !== 'GET' && method !== 'HEAD') return page(405);
    const tries = find(location?.block, 'try_files')?.args ?? [];
    for (const [i, text] of tries.entries()) {
      const candidate = expand(text, exchange);
      if (candidate.startsWith('=')) return page(Number(candidate.slice(1)));
      if (i === tries.length - 1)
        return this.route({ ...exchange, path: candidate, levels: exchange.levels.slice(-2) }, depth + 1);
      const found = this.lookUp({ ...exchange, path: candidate }, location);
      if ('data' in found) return this.served(found);
    }
    const found = this.lookUp(exchange, location);
    if ('data' in found) return this.served(found);
    if (found.directory && !exchange.path.endsWith('/'))
      return redirect(301, `http://${header(exchange.request, 'host') ?? 'localhost'}${exchange.path}/`);
    if (found.directory)
      await this.log('error', `*1 directory index of "${this.root(exchange)}${exchange.path}" is forbidden`);
    return page(found.status);
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
    if (!match) return page(500);
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
    return page(502);
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
  if (!/^\d+$/.test(first)) return redirect(302, expand(first, exchange));
  const status = Number(first);
  if (text === undefined) return page(status);
  if (status >= 300 && status < 400) return redirect(status, expand(text, exchange));
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
    if (flag === 'permanent') return redirect(301, path);
    if (flag === 'redirect' || /^https?:/.test(path)) return redirect(302, path);
    return { path };
  }
  return undefined;
}

function expand(text: string, { request, connection, path, port }: Exchange): string {
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
    hostname: '',
    scheme: 'http',
    remote_addr: connection.remoteAddress,
    remote_port: String(connection.remotePort),
    server_addr: connection.localAddress,
    server_port: String(port),
    request_method: request.method,
    proxy_host: host,
    proxy_add_x_forwarded_for: [header(request, 'x-forwarded-for'), connection.remoteAddress]
      .filter(Boolean)
      .join(', '),
  };
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

function page(status: number): Response {
  const title = `${status} ${REASONS[status] ?? ''}`.trim();
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/${VERSION}</center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: [['Content-Type', 'text/html']], body };
}

const redirect = (status: number, location: string): Response => ({
  ...page(status),
  headers: [
    ['Content-Type', 'text/html'],
    ['Location', location],
  ],
});

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** The common log format's time. */
export function clf(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
