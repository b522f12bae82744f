// curl 7.76 (RHEL 9): HTTP/1.1 over the simulated network. Messages and exit codes: curl's lib/strerror.c and connect.c.
import { type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { toDuplex } from '../../machine/duplex';
import { Errno, strerror } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import { basename, dirname, join } from '../../machine/path';
import type { Process, Program } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { type Certificate, fromPem, tlsConnect, verify } from '../../machine/tls';
import type { Options } from '../getopt';
import { type Body, bodyOf, dataOf } from './body';
import { Cookies } from './cookies';
import { CurlError } from './error';
import { globbed, readOptions } from './options';
import { METER_HEAD, meterLine } from './progress';
import { freshTransfer, type Transfer, writeOut } from './write-out';

const VERSION = 'curl 7.76.1 (x86_64-redhat-linux-gnu) libcurl/7.76.1\nProtocols: http https\n';
const MAX_REDIRECTS = 50;

const HELP = "curl: try 'curl --help' or 'curl --manual' for more information\n";
const USAGE = `Usage: curl [options...] <url>
 -d, --data <data>   HTTP POST data
 -f, --fail          Fail silently (no output at all) on HTTP errors
 -h, --help <category> Get help for commands
 -i, --include       Include protocol response headers in the output
 -o, --output <file> Write to file instead of stdout
 -O, --remote-name   Write output to a file named as the remote file
 -s, --silent        Silent mode
 -T, --upload-file <file> Transfer local FILE to destination
 -u, --user <user:password> Server user and password
 -A, --user-agent <name> Send User-Agent <name> to server
 -v, --verbose       Make the operation more talkative
 -V, --version       Show version number and quit

This is not the full help, this menu is stripped into categories.
Use "--help category" to get an overview of all categories.
For all options use the manual or "--help all".
`;

/** What the transfers of one command line have in common. */
interface Run {
  proc: Process;
  options: Options;
  cookies: Cookies;
  /** Of the data options; in latin1. */
  data: string | undefined;
  /** The files that were written, which a further transfer goes on with only if it was given no other. */
  opened: Map<string, number>;
}

/** Where one transfer goes. */
interface Target {
  /** Undefined: standard output. */
  file: string | undefined;
}

export const curl: Program = async (proc) => {
  const options = readOptions(proc.argv);
  if (typeof options === 'string') {
    await proc.complain(`curl: ${options}\n${HELP}`);
    return 2;
  }
  if (options.has('V')) return proc.print(VERSION).then(() => 0);
  if (options.has('h')) return proc.print(USAGE).then(() => 0);
  const urls = [...options.all('url'), ...options.rest];
  if (urls.length === 0) {
    await proc.complain(HELP);
    return 2;
  }
  const cookies = new Cookies(proc, options);
  const run: Run = { proc, options, cookies, data: await dataOf(proc, options, proc.argv), opened: new Map() };
  let code = 0;
  const outputs = options.all('o');
  for (const [i, pattern] of urls.entries()) {
    const each = options.has('g') ? [pattern] : globbed(pattern);
    if (!each) {
      await proc.complain(`curl: (3) bad range or braces in URL\n`);
      code = 3;
      continue;
    }
    for (const url of each) {
      code = await withRetries(run, url, { file: outputs[i] ?? (options.has('O') ? nameOf(url) : undefined) });
      if (code !== 0 && options.has('fail-early')) return code;
    }
  }
  await cookies.save();
  return code;
};

const nameOf = (url: string): string =>
  basename(url.replace(/^[a-z]+:\/\//i, '').replace(/[?#].*$/, '')) || 'curl_response';

const RETRIED = [408, 429, 500, 502, 503, 504];
const LONGEST_WAIT_S = 600;

/** -\-retry: after a failure that may pass, a second later, then two, four… */
async function withRetries(run: Run, url: string, target: Target): Promise<number> {
  const { proc, options } = run;
  let left = Number(options.get('retry') ?? 0);
  const fixed = options.get('retry-delay');
  for (let wait = Number(fixed ?? 1); ; wait = fixed ? Number(fixed) : Math.min(wait * 2, LONGEST_WAIT_S)) {
    const seen = await transfer(run, url, target);
    const { exitcode } = seen;
    const isHttp = RETRIED.includes(Number(seen.http_code));
    const why =
      exitcode === 28 || exitcode === 6
        ? 'timeout'
        : exitcode === 7 && options.has('retry-connrefused')
          ? 'connection refused'
          : isHttp && (exitcode === 0 || exitcode === 22)
            ? 'HTTP error'
            : exitcode !== 0 && options.has('retry-all-errors')
              ? '(retrying all errors)'
              : undefined;
    if (left <= 0 || !why || proc.killed.aborted) return exitcode;
    const seconds = `${wait} second${wait === 1 ? '' : 's'}`;
    const retries = `${left} ${left === 1 ? 'retry' : 'retries'}`;
    if (!options.has('s'))
      await proc.complain(`Warning: Problem: ${why}. Will retry in ${seconds}. ${retries} left.\n`);
    left--;
    await proc.machine.clock.sleep(wait * 1000, proc.killed);
  }
}

async function transfer(run: Run, text: string, target: Target): Promise<Transfer> {
  const { proc, options } = run;
  const seen = freshTransfer(text);
  const started = proc.machine.clock.now();
  const limitMs = options.has('m') ? Number(options.get('m')) * 1000 : undefined;
  const stop = new AbortController();
  const cancel = limitMs === undefined ? undefined : proc.machine.clock.after(limitMs, () => stop.abort());
  const isMetered = hasMeter(proc, options, target);
  const meter = (): Promise<void> => {
    const seconds = (proc.machine.clock.now() - started) / 1000;
    return proc.complain(meterLine(seen.size_download, seen.expected, seen.size_upload, seconds));
  };
  if (isMetered) await proc.complain(METER_HEAD).then(meter);
  try {
    await follow(run, parseUrl(text), target, seen, stop.signal);
    if (isMetered) await meter().then(() => proc.complain('\n'));
  } catch (error) {
    const failure = stop.signal.aborted ? timedOut(seen, Math.round(proc.machine.clock.now() - started)) : error;
    if (!(failure instanceof CurlError)) throw failure;
    seen.exitcode = failure.code;
    seen.errormsg = failure.message;
    if (!options.has('s') || options.has('S')) await proc.complain(`curl: (${failure.code}) ${failure.message}\n`);
  } finally {
    cancel?.();
  }
  seen.time_total = (proc.machine.clock.now() - started) / 1000;
  const format = options.get('w');
  if (format !== undefined) {
    const shown = format.startsWith('@') ? proc.files.readText(format.slice(1)) : format;
    for (const { text: piece, isError } of writeOut(shown, seen))
      await (isError ? proc.complain(piece) : proc.print(piece));
  }
  return seen;
}

/**
 * The meter is shown unless the terminal gets the body.
 * DIFFERS: only where a terminal gets the meter; the real one writes it into a file, too.
 */
function hasMeter(proc: Process, options: Options, { file }: Target): boolean {
  if (options.has('s') || options.has('no-progress-meter') || options.has('#') || options.has('v')) return false;
  const toTerminal = (file === undefined || file === '-') && proc.stdout.terminal;
  return !toTerminal && proc.stderr.terminal !== undefined;
}

const timedOut = (seen: Transfer, ms: number): CurlError =>
  seen.remote_ip === ''
    ? new CurlError(28, `Connection timed out after ${ms} milliseconds`)
    : new CurlError(28, `Operation timed out after ${ms} milliseconds with ${seen.size_download} bytes received`);

const SCHEMES = new Set(['http', 'https', 'file', 'telnet']);

function parseUrl(text: string): URL {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const scheme = full.slice(0, full.indexOf(':')).toLowerCase();
  if (!SCHEMES.has(scheme)) throw new CurlError(1, `Protocol "${scheme}" not supported or disabled in libcurl`);
  const port = /^[a-z]+:\/\/(?:[^/@]*@)?(?:\[[^\]]*\]|[^/:?#]*):(\d+)/i.exec(full)?.[1];
  if (port !== undefined && (Number(port) > 65_535 || Number(port) === 0))
    throw new CurlError(3, `Port number out of range`);
  try {
    return new URL(full);
  } catch {
    throw new CurlError(3, 'URL using bad/illegal format or missing URL');
  }
}

async function follow(run: Run, url: URL, target: Target, seen: Transfer, signal: AbortSignal): Promise<void> {
  const { proc, options } = run;
  seen.scheme = url.protocol.replace(':', '').toUpperCase();
  if (url.protocol === 'file:') return readFile(run, url, target, seen);
  if (url.protocol === 'telnet:') return converse(run, url, target, seen, signal);
  const most = Number(options.get('max-redirs') ?? MAX_REDIRECTS);
  let body = await bodyOf(proc, options, run.data);
  for (let at = url; ; ) {
    seen.url_effective = at.href;
    const trusted = at.host === url.host || options.has('location-trusted');
    const response = await once(run, at, { body, trusted, target, seen, signal });
    if (!response) return;
    if (++seen.num_redirects > most) throw new CurlError(47, `Maximum (${most}) redirects followed`);
    const next = new URL(response.location, at);
    const keeps = response.code === 307 || response.code === 308 || options.has(`post${response.code}`);
    if (body?.method === 'POST' && !keeps) body = undefined;
    if (options.has('v')) await proc.complain(`* Issue another request to this URL: '${next.href}'\n`);
    at = next;
  }
}

/** A file of this machine. */
async function readFile(run: Run, url: URL, target: Target, seen: Transfer): Promise<void> {
  const path = decodeURIComponent(url.pathname);
  if (!run.proc.files.exists(path)) throw new CurlError(37, `Couldn't open file ${path}`);
  const bytes = Buffer.from(run.proc.files.readBytes(path));
  seen.size_download = bytes.length;
  await deliver(run, target, bytes);
}

/** telnet://: what is typed goes there, what comes is printed, until one side ends. */
async function converse(run: Run, url: URL, target: Target, seen: Transfer, signal: AbortSignal): Promise<void> {
  const { proc } = run;
  const connection = await open(run, url, seen, signal);
  const close = () => connection.close();
  signal.addEventListener('abort', close, { once: true });
  proc.killed.addEventListener('abort', close, { once: true });
  const typing = (async () => {
    for (let chunk = await proc.read(0); chunk; chunk = await proc.read(0)) await connection.write(chunk);
    return null;
  })().catch(() => null);
  for (;;) {
    const chunk = await Promise.race([connection.read(65_536), typing]);
    if (!chunk) break;
    seen.size_download += chunk.length;
    await deliver(run, target, Buffer.from(chunk));
  }
  close();
  if (signal.aborted) throw new CurlError(28, '');
}

interface Asking {
  body: Body | undefined;
  /** Whether the password may go there. */
  trusted: boolean;
  target: Target;
  seen: Transfer;
  signal: AbortSignal;
}

/** One request; gives the address to go on to when it is to be followed. */
async function once(run: Run, url: URL, asking: Asking): Promise<{ location: string; code: number } | undefined> {
  const { proc, options, cookies } = run;
  const { seen, signal, target } = asking;
  const stream = toDuplex(await open(run, url, seen, signal));
  const abort = () => stream.destroy(new Error('aborted'));
  signal.addEventListener('abort', abort, { once: true });
  proc.killed.addEventListener('abort', abort, { once: true });
  try {
    const response = await send(run, url, stream, asking);
    const code = response.statusCode ?? 0;
    seen.http_code = String(code);
    seen.http_version = response.httpVersion === '1.0' ? '1' : response.httpVersion;
    seen.content_type = response.headers['content-type'] ?? '';
    for (const line of response.headers['set-cookie'] ?? []) cookies.set(url, line);
    const to = response.headers['location'];
    seen.redirect_url = to === undefined || options.has('L') ? '' : new URL(to, url).href;
    const location = options.has('L') || options.has('location-trusted') ? redirect(response) : undefined;
    const head = `HTTP/${response.httpVersion} ${code} ${response.statusMessage}\r\n${rawHeaders(response)}\r\n`;
    seen.size_header += Buffer.byteLength(head);
    if (options.has('v')) {
      const lines = head.trimEnd().split('\r\n');
      await proc.complain(
        `* Mark bundle as not supporting multiuse\n${lines.map((line) => `< ${line}\r\n`).join('')}< \r\n`,
      );
    }
    if (options.has('i') || options.has('I')) await deliver(run, target, Buffer.from(head));
    await dumpHeader(run, head);
    if (options.has('f') && code >= 400)
      throw new CurlError(22, `The requested URL returned error: ${code} ${response.statusMessage}`.trimEnd());
    await receive(run, response, { location, target, seen, signal });
    if (options.has('v')) await proc.complain(`* Connection #0 to host ${url.hostname} left intact\n`);
    if (options.has('fail-with-body') && code >= 400)
      throw new CurlError(22, `The requested URL returned error: ${code}`);
    return location === undefined ? undefined : { location, code };
  } finally {
    signal.removeEventListener('abort', abort);
    proc.killed.removeEventListener('abort', abort);
    stream.destroy();
  }
}

async function receive(
  run: Run,
  response: IncomingMessage,
  { location, target, seen, signal }: Pick<Asking, 'target' | 'seen' | 'signal'> & { location: string | undefined },
): Promise<void> {
  const { proc, options } = run;
  const length = response.headers['content-length'];
  seen.expected = length === undefined ? undefined : Number(length);
  const isPacked = options.has('compressed') && response.headers['content-encoding'] === 'gzip';
  const packed: Buffer[] = [];
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      seen.size_download += chunk.length;
      if (options.has('v') && !proc.stdout.terminal && packed.length === 0)
        await proc.complain(`{ [${chunk.length} bytes data]\n`);
      if (isPacked) packed.push(chunk);
      else if (!location) await deliver(run, target, chunk);
    }
  } catch (error) {
    if (signal.aborted || proc.killed.aborted || error instanceof CurlError) throw error;
    const left = seen.expected === undefined ? undefined : seen.expected - seen.size_download;
    throw new CurlError(
      18,
      `transfer closed with ${left === undefined ? 'outstanding read data' : `${left} bytes`} remaining${left === undefined ? '' : ' to read'}`,
    );
  }
  if (isPacked && !location) await deliver(run, target, gunzipSync(Buffer.concat(packed)));
}

async function dumpHeader({ proc, options, opened }: Run, head: string): Promise<void> {
  const file = options.get('D');
  if (file === undefined) return;
  if (file === '-') return proc.print(head);
  await proc.write(fileFor(proc, opened, file), Buffer.from(head));
}

function redirect(response: IncomingMessage): string | undefined {
  const code = response.statusCode ?? 0;
  return code >= 300 && code < 400 ? response.headers.location : undefined;
}

const rawHeaders = ({ rawHeaders: raw }: IncomingMessage): string => {
  let text = '';
  for (let i = 0; i < raw.length; i += 2) text += `${raw[i]}: ${raw[i + 1]}\r\n`;
  return text;
};

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443, 'telnet:': 23 };

/** -\-connect-to HOST1:PORT1:HOST2:PORT2, each of which may be left out. */
function redirected(options: Options, named: { host: string; port: number }): { host: string; port: number } {
  for (const entry of options.all('connect-to')) {
    const [host, port, toHost, toPort] = entry.split(':');
    if ((host && host !== named.host) || (port && Number(port) !== named.port)) continue;
    return { host: toHost || named.host, port: Number(toPort || named.port) };
  }
  return named;
}

/** Connects by address, with TLS where the URL wants it. */
async function open({ proc, options }: Run, url: URL, seen: Transfer, signal: AbortSignal): Promise<Connection> {
  const named = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || DEFAULT_PORTS[url.protocol]) };
  const { host, port } = redirected(options, named);
  const started = proc.machine.clock.now();
  const given = options
    .all('resolve')
    .map((entry) => entry.split(':'))
    .find(([name, at]) => name === host && Number(at) === port);
  let addresses: string[];
  try {
    addresses = given
      ? [given.slice(2).join(':')]
      : await proc.resolve(host, options.has('6') ? 6 : options.has('4') ? 4 : 0);
  } catch (error) {
    if (error instanceof NameError) {
      if (options.has('v')) await proc.complain(`* Could not resolve host: ${host}\n* Closing connection 0\n`);
      throw new CurlError(6, `Could not resolve host: ${host}`);
    }
    throw error;
  }
  seen.time_namelookup = (proc.machine.clock.now() - started) / 1000;
  const limit = options.has('connect-timeout') ? Number(options.get('connect-timeout')) * 1000 : undefined;
  const connection = await connectAny(proc, options, addresses, { host, port, limit, signal });
  Object.assign(seen, {
    remote_ip: connection.remoteAddress,
    remote_port: String(port),
    local_ip: connection.localAddress,
    local_port: String(connection.localPort),
  });
  seen.num_connects++;
  seen.time_connect = (proc.machine.clock.now() - started) / 1000;
  if (options.has('v')) await proc.complain(`* Connected to ${host} (${connection.remoteAddress}) port ${port} (#0)\n`);
  if (url.protocol === 'https:') {
    await handshake(proc, options, connection, named.host, signal);
    seen.time_appconnect = (proc.machine.clock.now() - started) / 1000;
  }
  return connection;
}

async function connectAny(
  proc: Process,
  options: Options,
  addresses: string[],
  { host, port, limit, signal }: { host: string; port: number; limit: number | undefined; signal: AbortSignal },
): Promise<Connection> {
  const started = proc.machine.clock.now();
  let failure: Errno = new Errno('ECONNREFUSED');
  for (const address of addresses) {
    if (options.has('v')) await proc.complain(`*   Trying ${address}:${port}...\n`);
    try {
      return await proc.connect(address, port, { signal, ...(limit === undefined ? {} : { timeoutMs: limit }) });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      failure = error;
      if (options.has('v')) await proc.complain(`* connect to ${address} port ${port} failed: ${strerror(error)}\n`);
    }
  }
  const waited = Math.round(proc.machine.clock.now() - started);
  if (options.has('v')) {
    const why = failure.code === 'ETIMEDOUT' && limit !== undefined ? 'Connection timed out after' : undefined;
    await proc.complain(
      why
        ? `* ${why} ${waited} milliseconds\n* Closing connection 0\n`
        : `* Failed to connect to ${host} port ${port}: ${strerror(failure)}\n* Closing connection 0\n`,
    );
  }
  if (failure.code === 'ETIMEDOUT' && limit !== undefined)
    throw new CurlError(28, `Connection timed out after ${waited} milliseconds`);
  throw new CurlError(
    failure.code === 'ETIMEDOUT' ? 28 : 7,
    `Failed to connect to ${host} port ${port}: ${strerror(failure)}`,
  );
}

const CA_TEXT = `SSL certificate problem: unable to get local issuer certificate
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.`;

const SYSTEM_CA = '/etc/pki/tls/certs/ca-bundle.crt';

/** What -v says of a connection by TLS. */
function described(certificate: Certificate, host: string, problem: string | undefined): string {
  const { subject, issuer, notBefore, notAfter, dnsNames } = certificate;
  const date = (ms: number) =>
    new Date(ms)
      .toUTCString()
      .replace(
        /^\w+, (\d+) (\w+) (\d+) (.*)$/,
        (_, day, month, year, time) =>
          `${month} ${String(Number(day)).padStart(2)} ${String(time).replace(' GMT', '')} ${year} GMT`,
      );
  const name = dnsNames.find((each) => each === host || (each.startsWith('*.') && host.endsWith(each.slice(1))));
  return [
    '* TLSv1.3 (IN), TLS handshake, Server hello (2):',
    '* TLSv1.3 (IN), TLS handshake, Certificate (11):',
    '* TLSv1.3 (IN), TLS handshake, Finished (20):',
    '* TLSv1.3 (OUT), TLS handshake, Finished (20):',
    '* SSL connection using TLSv1.3 / TLS_AES_128_GCM_SHA256',
    '* ALPN, server accepted to use http/1.1',
    '* Server certificate:',
    `*  subject: ${subject}`,
    `*  start date: ${date(notBefore)}`,
    `*  expire date: ${date(notAfter)}`,
    ...(name && !problem ? [`*  subjectAltName: host "${host}" matched cert's "${name}"`] : []),
    `*  issuer: ${issuer}`,
    problem
      ? '*  SSL certificate verify result: self signed certificate in certificate chain (19), continuing anyway.'
      : '*  SSL certificate verify ok.',
    '',
  ].join('\n');
}

/** Who is trusted: the authorities of the file that is named, or the system's. */
function authorities(proc: Process, options: Options): Certificate[] {
  const file = options.get('cacert');
  if (file === undefined) return fromPem(proc.machine.text(SYSTEM_CA) ?? '');
  if (!proc.files.exists(file))
    throw new CurlError(77, `error setting certificate verify locations:  CAfile: ${file} CApath: none`);
  return fromPem(proc.files.readText(file));
}

async function handshake(
  proc: Process,
  options: Options,
  connection: Connection,
  host: string,
  signal: AbortSignal,
): Promise<void> {
  let certificate: Awaited<ReturnType<typeof tlsConnect>>['certificate'];
  const say = (text: string) => (options.has('v') ? proc.complain(text) : undefined);
  await say(
    `* ALPN, offering h2\n* ALPN, offering http/1.1\n*  CAfile: ${options.get('cacert') ?? SYSTEM_CA}\n* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n`,
  );
  try {
    ({ certificate } = await tlsConnect(connection, host, [], signal));
  } catch (error) {
    if (signal.aborted) connection.close();
    if (signal.aborted || error instanceof Errno) throw error;
    throw new CurlError(35, 'error:1408F10B:SSL routines:ssl3_get_record:wrong version number');
  }
  const problem = verify(certificate, authorities(proc, options), host, proc.machine.clock.now());
  if (problem && !options.has('k')) await say('* TLSv1.3 (OUT), TLS alert, unknown CA (560):\n');
  if (!problem || options.has('k')) await say(described(certificate, host, problem?.message));
  if (options.has('k') || !problem) return;
  if (problem.code === 'unknown-authority') throw new CurlError(60, CA_TEXT);
  if (problem.code === 'expired') throw new CurlError(60, 'SSL certificate problem: certificate has expired');
  throw new CurlError(60, `SSL: no alternative certificate subject name matches target host name '${host}'`);
}

function send(run: Run, url: URL, stream: ReturnType<typeof toDuplex>, asking: Asking): Promise<IncomingMessage> {
  const { proc, options, data } = run;
  const { body, seen } = asking;
  const method = options.get('X') ?? (options.has('I') ? 'HEAD' : (body?.method ?? 'GET'));
  const query = options.has('G') && data !== undefined ? `${url.search ? '&' : '?'}${data}` : '';
  const headers = requestHeaders(run, url, asking);
  const upload = body?.method === 'PUT' && url.pathname.endsWith('/') ? basename(options.get('T') ?? '') : '';
  const path = options.get('request-target') ?? `${url.pathname}${upload}${url.search}${query}`;
  seen.method = method;
  seen.size_upload = body?.bytes.length ?? 0;
  return new Promise((resolve, reject) => {
    const call = request({ method, path, headers, setHost: false, createConnection: () => stream as never });
    call.shouldKeepAlive = true;
    call.removeHeader('connection'); // curl does not say what HTTP/1.1 does anyway
    call.once('response', resolve);
    call.once('error', (error: Error & { code?: string }) => reject(protocolError(error)));
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = [`${method} ${path} HTTP/1.1\r\n`, ...lines, '\r\n'];
    seen.size_request += Buffer.byteLength(head.join(''));
    if (options.has('v'))
      void proc.complain(
        head.map((line) => `> ${line}`).join('') +
          (body && body.bytes.length > 0
            ? `${proc.stdout.terminal ? '' : `} [${body.bytes.length} bytes data]\n`}* upload completely sent off: ${body.bytes.length} out of ${body.bytes.length} bytes\n`
            : ''),
      );
    call.end(body && Buffer.from(body.bytes));
  });
}

function protocolError(error: Error & { code?: string }): Error {
  if (error.code?.startsWith('HPE_')) return new CurlError(1, 'Received HTTP/0.9 when not allowed');
  if (error instanceof Errno && error.code === 'ECONNRESET')
    return new CurlError(56, 'Recv failure: Connection reset by peer');
  return new CurlError(52, 'Empty reply from server');
}

function requestHeaders({ options, cookies }: Run, url: URL, { body, trusted }: Asking): Record<string, string> {
  const headers: Record<string, string> = { Host: url.host };
  const inUrl = url.username ? decodeURIComponent(`${url.username}:${url.password}`) : undefined;
  const user = (trusted ? options.get('u') : undefined) ?? inUrl;
  const bearer = trusted ? options.get('oauth2-bearer') : undefined;
  if (user !== undefined)
    headers['Authorization'] = `Basic ${Buffer.from(user.includes(':') ? user : `${user}:`).toString('base64')}`;
  if (bearer !== undefined) headers['Authorization'] = `Bearer ${bearer}`;
  if (options.has('r')) headers['Range'] = `bytes=${options.get('r')}`;
  headers['User-Agent'] = options.get('A') ?? 'curl/7.76.1';
  headers['Accept'] = '*/*';
  if (options.has('compressed')) headers['Accept-Encoding'] = 'deflate, gzip';
  if (options.has('e')) headers['Referer'] = (options.get('e') ?? '').replace(/;auto$/, '');
  const cookie = cookies.header(url);
  if (cookie !== undefined) headers['Cookie'] = cookie;
  if (body) {
    headers['Content-Length'] = String(body.bytes.length);
    if (body.type !== undefined) headers['Content-Type'] = body.type;
  }
  for (const line of options.all('H')) {
    const [, name = '', mark, value = ''] = /^([^:;]+)([:;])\s*(.*)$/s.exec(line) ?? [];
    const existing = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
    if (existing) delete headers[existing];
    if (name && (value || mark === ';')) headers[name] = value;
  }
  return headers;
}

/** Writes to standard output, or into the target's file, which is made with the first byte. */
async function deliver({ proc, options, opened }: Run, { file }: Target, bytes: Buffer): Promise<void> {
  const chunk = new Uint8Array(bytes);
  if (file === undefined || file === '-') return proc.print(chunk);
  const path = join(options.get('output-dir') ?? '', file);
  if (options.has('create-dirs') && !opened.has(path)) makeFolders(proc, dirname(path));
  await proc.write(fileFor(proc, opened, path), chunk);
}

function fileFor(proc: Process, opened: Map<string, number>, path: string): number {
  const known = opened.get(path);
  if (known !== undefined) return known;
  try {
    const fd = proc.attach(proc.files.open(path, { write: true, create: true, truncate: true }), 3);
    opened.set(path, fd);
    return fd;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new CurlError(23, `Failure writing output to destination`);
  }
}

function makeFolders(proc: Process, path: string): void {
  if (path === '/' || path === '.' || proc.files.exists(path)) return;
  makeFolders(proc, dirname(path));
  proc.files.mkdir(path);
}
