// curl 7.76 (RHEL 9): HTTP/1.1 over the simulated network. Messages and exit codes: curl's lib/strerror.c and connect.c.
import { type IncomingMessage, request } from 'node:http';
import { toDuplex } from '../machine/duplex';
import { Errno, strerror } from '../machine/errno';
import type { Connection } from '../machine/net';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';
import { type Certificate, fromPem, tlsConnect, verify } from '../machine/tls';
import { getopt, type Options } from './getopt';

const SHORT = 'sSo:Ow:kILm:H:d:X:fviu:A:GT:e:b:c:NVh#46r:';
const LONG = {
  silent: 's',
  'show-error': 'S',
  'output=': 'o',
  'remote-name': 'O',
  'write-out=': 'w',
  insecure: 'k',
  head: 'I',
  location: 'L',
  'max-time=': 'm',
  'connect-timeout=': 'connect-timeout',
  'header=': 'H',
  'data=': 'd',
  'data-raw=': 'd',
  'data-ascii=': 'd',
  'data-urlencode=': 'data-urlencode',
  'request=': 'X',
  fail: 'f',
  verbose: 'v',
  include: 'i',
  'user=': 'u',
  'user-agent=': 'A',
  get: 'G',
  'max-redirs=': 'max-redirs',
  'resolve=': 'resolve',
  'retry=': 'retry',
  'cacert=': 'cacert',
  'referer=': 'e',
  'cookie=': 'b',
  version: 'V',
  help: 'h',
  'no-buffer': 'N',
  ipv4: '4',
  ipv6: '6',
  compressed: 'compressed',
  'http1.1': 'http1.1',
  'range=': 'r',
};
const VERSION = 'curl 7.76.1 (x86_64-redhat-linux-gnu) libcurl/7.76.1\nProtocols: http https\n';
const MAX_REDIRECTS = 50;

/** A failure with curl's number. */
class CurlError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** What `-w` can print of one transfer. */
interface Transfer {
  http_code: string;
  size_download: number;
  time_total: string;
  time_connect: string;
  remote_ip: string;
  remote_port: string;
  local_ip: string;
  url_effective: string;
  content_type: string;
  num_redirects: number;
  redirect_url: string;
  exitcode: number;
}

export const curl: Program = async (proc) => {
  const options = getopt(proc.argv, SHORT, LONG);
  if (options.error) {
    const option = /'([^']+)'/.exec(options.error)?.[1] ?? '';
    const dashed = option.startsWith('-') ? option : `-${option}`;
    const what = options.error.includes('requires') ? 'requires parameter' : 'is unknown';
    await proc.complain(
      `curl: option ${dashed}: ${what}\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
    );
    return 2;
  }
  if (options.has('V')) {
    await proc.print(VERSION);
    return 0;
  }
  if (options.rest.length === 0) {
    await proc.complain("curl: try 'curl --help' or 'curl --manual' for more information\n");
    return 2;
  }
  let code = 0;
  for (const url of options.rest) code = await transfer(proc, options, url);
  return code;
};

async function transfer(proc: Process, options: Options, text: string): Promise<number> {
  const seen: Transfer = {
    http_code: '000',
    size_download: 0,
    time_total: '0.000000',
    time_connect: '0.000000',
    remote_ip: '',
    remote_port: '0',
    local_ip: '',
    redirect_url: '',
    url_effective: text,
    content_type: '',
    num_redirects: 0,
    exitcode: 0,
  };
  const started = proc.machine.clock.now();
  const limitMs = options.has('m') ? Number(options.get('m')) * 1000 : undefined;
  const stop = new AbortController();
  const cancel = limitMs === undefined ? undefined : proc.machine.clock.after(limitMs, () => stop.abort());
  try {
    await follow(proc, options, parseUrl(text), seen, stop.signal);
  } catch (error) {
    const failure = stop.signal.aborted ? timedOut(seen, Math.round(proc.machine.clock.now() - started)) : error;
    if (!(failure instanceof CurlError)) throw failure;
    seen.exitcode = failure.code;
    if (!options.has('s') || options.has('S')) await proc.complain(`curl: (${failure.code}) ${failure.message}\n`);
  } finally {
    cancel?.();
  }
  seen.time_total = ((proc.machine.clock.now() - started) / 1000).toFixed(6);
  const format = options.get('w');
  if (format !== undefined) await proc.print(writeOut(format, seen));
  return seen.exitcode;
}

const timedOut = (seen: Transfer, ms: number): CurlError =>
  seen.remote_ip === ''
    ? new CurlError(28, `Connection timed out after ${ms} milliseconds`)
    : new CurlError(28, `Operation timed out after ${ms} milliseconds with ${seen.size_download} bytes received`);

function parseUrl(text: string): URL {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const scheme = full.slice(0, full.indexOf(':')).toLowerCase();
  if (scheme !== 'http' && scheme !== 'https')
    throw new CurlError(1, `Protocol "${scheme}" not supported or disabled in libcurl`);
  try {
    return new URL(full);
  } catch {
    throw new CurlError(3, 'URL using bad/illegal format or missing URL');
  }
}

async function follow(proc: Process, options: Options, url: URL, seen: Transfer, signal: AbortSignal): Promise<void> {
  const most = Number(options.get('max-redirs') ?? MAX_REDIRECTS);
  for (let at = url; ; ) {
    seen.url_effective = at.href;
    const location = await once(proc, options, at, seen, signal);
    if (!location) return;
    if (++seen.num_redirects > most) throw new CurlError(47, `Maximum (${most}) redirects followed`);
    at = new URL(location, at);
  }
}

/** One request; gives the address to go on to when it is to be followed. */
async function once(
  proc: Process,
  options: Options,
  url: URL,
  seen: Transfer,
  signal: AbortSignal,
): Promise<string | undefined> {
  const stream = toDuplex(await open(proc, options, url, seen, signal));
  const abort = () => stream.destroy(new Error('aborted'));
  signal.addEventListener('abort', abort, { once: true });
  proc.killed.addEventListener('abort', abort, { once: true });
  try {
    const response = await send(proc, options, url, stream);
    seen.http_code = String(response.statusCode);
    seen.content_type = response.headers['content-type'] ?? '';
    const to = response.headers['location'];
    seen.redirect_url = to === undefined || options.has('L') ? '' : new URL(to, url).href;
    const location = options.has('L') ? redirect(response) : undefined;
    const head = `HTTP/${response.httpVersion} ${response.statusCode} ${response.statusMessage}\r\n${rawHeaders(response)}\r\n`;
    if (options.has('v'))
      await proc.complain(
        `${head
          .trimEnd()
          .split('\r\n')
          .map((line) => `< ${line}\r\n`)
          .join('')}< \r\n`,
      );
    if (options.has('i') || options.has('I')) await deliver(proc, options, url, Buffer.from(head), seen);
    if (options.has('f') && (response.statusCode ?? 0) >= 400) {
      throw new CurlError(
        22,
        `The requested URL returned error: ${response.statusCode} ${response.statusMessage}`.trimEnd(),
      );
    }
    for await (const chunk of response as AsyncIterable<Buffer>) {
      seen.size_download += chunk.length;
      if (!location) await deliver(proc, options, url, chunk, seen);
    }
    if (options.has('v')) await proc.complain(`* Connection #0 to host ${url.hostname} left intact\n`);
    return location;
  } finally {
    signal.removeEventListener('abort', abort);
    proc.killed.removeEventListener('abort', abort);
    stream.destroy();
  }
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

/** Connects by address, with TLS where the URL wants it. */
async function open(
  proc: Process,
  options: Options,
  url: URL,
  seen: Transfer,
  signal: AbortSignal,
): Promise<Connection> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
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
    if (error instanceof NameError) throw new CurlError(6, `Could not resolve host: ${host}`);
    throw error;
  }
  const limit = options.has('connect-timeout') ? Number(options.get('connect-timeout')) * 1000 : undefined;
  const connection = await connectAny(proc, options, addresses, { host, port, limit, signal });
  Object.assign(seen, {
    remote_ip: connection.remoteAddress,
    remote_port: String(port),
    local_ip: connection.localAddress,
  });
  seen.time_connect = ((proc.machine.clock.now() - started) / 1000).toFixed(6);
  if (options.has('v')) await proc.complain(`* Connected to ${host} (${connection.remoteAddress}) port ${port} (#0)\n`);
  if (url.protocol === 'https:') await handshake(proc, options, connection, host, signal);
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

/** Who is trusted: the authorities of the file that is named, or the system's. */
function authorities(proc: Process, options: Options): Certificate[] {
  const file = options.get('cacert');
  if (file === undefined) return fromPem(proc.machine.text('/etc/pki/tls/certs/ca-bundle.crt') ?? '');
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
  try {
    ({ certificate } = await tlsConnect(connection, host, [], signal));
  } catch (error) {
    if (signal.aborted) connection.close();
    if (signal.aborted || error instanceof Errno) throw error;
    throw new CurlError(35, 'error:1408F10B:SSL routines:ssl3_get_record:wrong version number');
  }
  if (options.has('k')) return;
  const problem = verify(certificate, authorities(proc, options), host, proc.machine.clock.now());
  if (!problem) return;
  if (problem.code === 'unknown-authority') throw new CurlError(60, CA_TEXT);
  if (problem.code === 'expired') throw new CurlError(60, 'SSL certificate problem: certificate has expired');
  throw new CurlError(60, `SSL: no alternative certificate subject name matches target host name '${host}'`);
}

function send(
  proc: Process,
  options: Options,
  url: URL,
  stream: ReturnType<typeof toDuplex>,
): Promise<IncomingMessage> {
  const data = options
    .all('d')
    .map((text) => (text.startsWith('@') ? proc.files.readText(text.slice(1)).replace(/[\r\n]/g, '') : text));
  data.push(
    ...options
      .all('data-urlencode')
      .map((text) => text.replace(/^([^=]*=)?(.*)$/s, (_, key, value) => (key ?? '') + encodeURIComponent(value))),
  );
  const body = data.length > 0 && !options.has('G') ? data.join('&') : undefined;
  const method = options.get('X') ?? (options.has('I') ? 'HEAD' : body === undefined ? 'GET' : 'POST');
  const query = options.has('G') && data.length > 0 ? `${url.search ? '&' : '?'}${data.join('&')}` : '';
  const headers = requestHeaders(options, url, body);
  const path = `${url.pathname}${url.search}${query}`;
  return new Promise((resolve, reject) => {
    const call = request({ method, path, headers, setHost: false, createConnection: () => stream as never });
    call.shouldKeepAlive = true;
    call.removeHeader('connection'); // curl does not say what HTTP/1.1 does anyway
    call.once('response', resolve);
    call.once('error', (error: Error & { code?: string }) => reject(protocolError(error)));
    if (options.has('v'))
      void proc.complain(
        `> ${method} ${path} HTTP/1.1\r\n${Object.entries(headers)
          .map(([k, v]) => `> ${k}: ${v}\r\n`)
          .join('')}> \r\n`,
      );
    call.end(body);
  });
}

function protocolError(error: Error & { code?: string }): Error {
  if (error.code?.startsWith('HPE_')) return new CurlError(1, 'Received HTTP/0.9 when not allowed');
  if (error instanceof Errno && error.code === 'ECONNRESET')
    return new CurlError(56, 'Recv failure: Connection reset by peer');
  return new CurlError(52, 'Empty reply from server');
}

function requestHeaders(options: Options, url: URL, body: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { Host: url.host };
  const user = options.get('u') ?? (url.username ? `${url.username}:${url.password}` : undefined);
  if (user) headers['Authorization'] = `Basic ${Buffer.from(user).toString('base64')}`;
  headers['User-Agent'] = options.get('A') ?? 'curl/7.76.1';
  headers['Accept'] = '*/*';
  if (options.has('b')) headers['Cookie'] = options.get('b') ?? '';
  if (body !== undefined) {
    headers['Content-Length'] = String(Buffer.byteLength(body));
    headers['Content-Type'] = 'application/x-www-form-urlencoded';
  }
  for (const line of options.all('H')) {
    const [, name = '', value = ''] = /^([^:;]+)[:;]\s*(.*)$/.exec(line) ?? [];
    const existing = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
    if (existing) delete headers[existing];
    if (name && value) headers[name] = value;
  }
  return headers;
}

async function deliver(proc: Process, options: Options, url: URL, bytes: Buffer, _seen: Transfer): Promise<void> {
  const chunk = new Uint8Array(bytes);
  const name = options.get('o') ?? (options.has('O') ? url.pathname.split('/').at(-1) : undefined);
  if (name === undefined || name === '-') return proc.print(chunk);
  const key = `curl ${name}`;
  const fd =
    opened.get(proc)?.get(key) ?? proc.attach(proc.files.open(name, { write: true, create: true, truncate: true }), 3);
  const files = opened.get(proc) ?? new Map<string, number>();
  files.set(key, fd);
  opened.set(proc, files);
  await proc.write(fd, chunk);
}

const opened = new WeakMap<Process, Map<string, number>>();

function writeOut(format: string, seen: Transfer): string {
  const values = { ...seen, response_code: seen.http_code } as Record<string, unknown>;
  return format
    .replace(/\\([nrt\\])/g, (_, c: string) => ({ n: '\n', r: '\r', t: '\t' })[c] ?? '\\')
    .replace(/%\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
