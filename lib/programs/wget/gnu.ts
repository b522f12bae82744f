// GNU Wget 1.21: src/http.c, connect.c, progress.c (dots).
import { Errno, strerror } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { getopt, type Options } from '../getopt';
import { BadMessage, header, type Response } from '../http/message';
import { quote } from '../tool';
import {
  exchange,
  type Fetch,
  fileName,
  handshake,
  hostOf,
  parseUrl,
  portOf,
  redirection,
  statusText,
  TlsError,
} from './fetch';

const SHORT = 'qvO:o:P:T:t:SU:cNhVd46n';
const LONG = {
  quiet: 'q',
  verbose: 'v',
  'no-verbose': 'nv',
  'output-document=': 'O',
  'output-file=': 'o',
  'directory-prefix=': 'P',
  'timeout=': 'T',
  'connect-timeout=': 'T',
  'tries=': 't',
  'server-response': 'S',
  'user-agent=': 'U',
  spider: 'spider',
  'header=': 'header',
  'post-data=': 'post-data',
  'method=': 'method',
  'no-check-certificate': 'no-check-certificate',
  'no-cache': 'no-cache',
  'max-redirect=': 'max-redirect',
  'show-progress': 'show-progress',
  'progress=': 'progress',
  'content-on-error': 'content-on-error',
  help: 'h',
  version: 'V',
};
const USAGE = `wget: missing URL
Usage: wget [OPTION]... [URL]...

Try \`wget --help' for more options.
`;
const TRIES = 20;
const MOST_REDIRECTS = 20;
const BLOCK_BYTES = 50 * 1024; // of one line of dots

/** Its exit statuses: Wget manual, "Exit Status". */
const STATUS = { generic: 1, parse: 2, network: 4, tls: 5, server: 8 } as const;

/** Ends a download; what there was to say was said. */
class Ended extends Error {
  constructor(readonly status: number) {
    super();
  }
}

export const wget: Program = async (proc) => {
  const argv = proc.argv.map((word) => (word === '-nv' ? '--no-verbose' : word === '-nc' ? '-n' : word));
  const options = getopt(argv, SHORT, LONG);
  if (options.error) {
    await proc.complain(`${options.error}\nUsage: wget [OPTION]... [URL]...\n\nTry \`wget --help' for more options.\n`);
    return STATUS.parse;
  }
  if (options.has('V')) {
    await proc.print('GNU Wget 1.21.1 built on linux-gnu.\n');
    return 0;
  }
  if (options.rest.length === 0) {
    await proc.complain(USAGE);
    return STATUS.generic;
  }
  let status = 0;
  for (const url of options.rest) status = (await new Download(proc, options).run(url)) || status;
  return status;
};

class Download {
  private readonly quiet: boolean;

  constructor(
    private readonly proc: Process,
    private readonly options: Options,
  ) {
    this.quiet = options.has('q') || options.has('nv');
  }

  async run(text: string): Promise<number> {
    try {
      const fetch = this.fetch(text);
      for (let left = Number(this.options.get('max-redirect') ?? MOST_REDIRECTS); ; left--) {
        const response = await this.tries(fetch);
        const next = redirection(fetch.url, response);
        if (!next) return await this.finish(fetch.url, response);
        await this.tell(`Location: ${next.href} [following]\n`);
        if (left === 0) {
          await this.tell(`${MOST_REDIRECTS} redirections exceeded.\n`);
          return STATUS.server;
        }
        fetch.url = next;
      }
    } catch (error) {
      if (error instanceof Ended) return error.status;
      throw error;
    }
  }

  private fetch(text: string): Fetch {
    const body = this.options.get('post-data');
    const method = this.options.has('spider') ? 'HEAD' : body === undefined ? 'GET' : 'POST';
    return {
      url: parseUrl(text),
      method,
      userAgent: this.options.get('U') ?? 'Wget/1.21.1',
      headers: this.options.all('header'),
      verify: !this.options.has('no-check-certificate'),
      ...(body !== undefined && { body }),
    };
  }

  /** Tries again what may succeed later: time-outs and broken answers, not refusals. */
  private async tries(fetch: Fetch): Promise<Response> {
    const most = Number(this.options.get('t') ?? TRIES) || Number.POSITIVE_INFINITY;
    for (let attempt = 1; ; attempt++) {
      const again = attempt > 1 ? `(try:${String(attempt).padStart(2)})  ` : '';
      await this.tell(`--${this.stamp()}--  ${again}${fetch.url.href}\n`);
      const answer = await this.once(fetch);
      if (answer !== 'retry') return answer;
      if (attempt >= most) {
        await this.tell('Giving up.\n\n');
        throw new Ended(STATUS.network);
      }
      await this.tell('Retrying.\n\n');
      await this.proc.sleep(Math.min(attempt, 10) * 1000);
    }
  }

  private async once(fetch: Fetch): Promise<Response | 'retry'> {
    const connection = await this.connect(fetch.url);
    if (connection === 'retry') return 'retry';
    const limit = this.options.has('T') ? Number(this.options.get('T')) * 1000 : undefined;
    const late = new AbortController();
    const cancel = limit ? this.proc.machine.clock.after(limit, () => late.abort()) : () => {};
    try {
      if (fetch.url.protocol === 'https:') await handshake(this.proc, connection, fetch);
      await this.tell('HTTP request sent, awaiting response... ');
      const response = await exchange(connection, fetch, AbortSignal.any([late.signal, this.proc.killed]));
      await this.tell(`${statusText(response)}\n`);
      if (this.options.has('S'))
        await this.proc.complain(response.headers.map(([name, value]) => `  ${name}: ${value}\n`).join(''));
      return response;
    } catch (error) {
      if (error instanceof TlsError) return await this.refuseCertificate(fetch.url, error);
      if (late.signal.aborted) {
        await this.tell('Read error (Connection timed out) in headers.\n');
        return 'retry';
      }
      if (!(error instanceof Errno) && !(error instanceof BadMessage)) throw error;
      await this.tell(error instanceof Errno ? `Read error (${strerror(error)}) in headers.\n` : 'No data received.\n');
      return 'retry';
    } finally {
      cancel();
      connection.close();
    }
  }

  private async refuseCertificate(url: URL, error: TlsError): Promise<never> {
    const host = hostOf(url);
    const why = {
      'unknown-authority': "  Unable to locally verify the issuer's authority.",
      expired: '  Issued certificate has expired.',
      'wrong-name': `    certificate common name doesn't match requested host name ${quote(this.proc, host)}.`,
      'not-tls': '  OpenSSL: error:1408F10B:SSL routines:ssl3_get_record:wrong version number',
    }[error.code];
    if (error.code === 'not-tls') await this.say(`${why.trim()}\nUnable to establish SSL connection.\n`);
    else
      await this.say(
        `ERROR: cannot verify ${host}'s certificate:\n${why}\nTo connect to ${host} insecurely, use \`--no-check-certificate'.\n`,
      );
    throw new Ended(error.code === 'not-tls' ? STATUS.network : STATUS.tls);
  }

  private async connect(url: URL): Promise<Connection | 'retry'> {
    const host = hostOf(url);
    const port = portOf(url);
    const addresses = await this.resolve(host);
    const named = addresses[0] !== host;
    const limit = this.options.has('T') ? { timeoutMs: Number(this.options.get('T')) * 1000 } : {};
    for (const [i, address] of addresses.entries()) {
      await this.tell(`Connecting to ${named ? `${host} (${host})|${address}|:${port}` : `${host}:${port}`}... `);
      try {
        const connection = await this.proc.connect(address, port, { signal: this.proc.killed, ...limit });
        await this.tell('connected.\n');
        return connection;
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await this.tell(`failed: ${strerror(error)}.\n`);
        if (i < addresses.length - 1) continue;
        if (error.code === 'ETIMEDOUT') return 'retry';
        throw new Ended(STATUS.network);
      }
    }
    throw new Ended(STATUS.network);
  }

  private async resolve(host: string): Promise<string[]> {
    const isAddress = /^[\d.]+$|:/.test(host);
    if (!isAddress) await this.tell(`Resolving ${host} (${host})... `);
    try {
      const family = this.options.has('6') ? 6 : this.options.has('4') ? 4 : 0;
      const addresses = await this.proc.resolve(host, family);
      if (!isAddress) await this.tell(`${addresses.join(', ')}\n`);
      return addresses;
    } catch (error) {
      if (!(error instanceof NameError)) throw error;
      await this.tell(`failed: ${error.message}.\n`);
      await this.say(`wget: unable to resolve host address ${quote(this.proc, host)}\n`);
      throw new Ended(STATUS.network);
    }
  }

  private async finish(url: URL, response: Response): Promise<number> {
    const failed = response.status < 200 || response.status > 299;
    if (failed) {
      const [code, ...reason] = statusText(response).split(' ');
      if (this.options.has('spider') && response.status === 404)
        await this.say('Remote file does not exist -- broken link!!!\n\n');
      else await this.say(`${this.stamp()} ERROR ${code}: ${reason.join(' ')}.\n\n`);
      if (!this.options.has('content-on-error')) return STATUS.server;
    }
    await this.tellLength(response);
    if (this.options.has('spider')) {
      await this.tell('Remote file exists.\n\n');
      return 0;
    }
    await this.save(url, response.body as Uint8Array);
    return failed ? STATUS.server : 0;
  }

  private async tellLength(response: Response): Promise<void> {
    const length = header(response, 'content-length');
    const type = header(response, 'content-type')?.split(';')[0];
    await this.tell(`Length: ${length ?? 'unspecified'}${type ? ` [${type}]` : ''}\n`);
  }

  private async save(url: URL, body: Uint8Array): Promise<void> {
    const target = this.target(url);
    const shown = target === '-' ? 'STDOUT' : target;
    await this.tell(`Saving to: ${quote(this.proc, shown)}\n\n`);
    try {
      if (target === '-') await this.proc.print(body);
      else this.proc.files.write(target, body);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await this.say(
        `${target}: ${strerror(error)}\n\nCannot write to ${quote(this.proc, target)} (${strerror(error)}).\n`,
      );
      throw new Ended(3);
    }
    await this.tell(`${dots(body.length)}\n`);
    const verb = target === '-' ? 'written to stdout' : `${quote(this.proc, target)} saved`;
    const rate = `${(body.length / 1024).toFixed(1)} KB/s`;
    await this.tell(`${this.stamp()} (${rate}) - ${verb} [${body.length}/${body.length}]\n\n`);
    if (this.options.has('nv'))
      await this.proc.complain(`${this.stamp()} URL:${url.href} [${body.length}/${body.length}] -> "${target}" [1]\n`);
  }

  /** A file that is there already is kept: the new one gets a number. */
  private target(url: URL): string {
    const given = this.options.get('O');
    if (given !== undefined) return given;
    const name = `${this.options.has('P') ? `${this.options.get('P')}/` : ''}${fileName(url)}`;
    let target = name;
    for (let n = 1; this.proc.files.exists(target); n++) target = `${name}.${n}`;
    return target;
  }

  private stamp(): string {
    return new Date(this.proc.machine.clock.now()).toISOString().slice(0, 19).replace('T', ' ');
  }

  private async tell(text: string): Promise<void> {
    if (!this.quiet) await this.proc.complain(text);
  }

  /** What --no-verbose does not silence. */
  private async say(text: string): Promise<void> {
    if (!this.options.has('q')) await this.proc.complain(text);
  }
}

/** A dot a kilobyte, fifty a line in groups of ten. */
function dots(size: number): string {
  const lines: string[] = [];
  for (let at = 0; at === 0 || at < size; at += BLOCK_BYTES) {
    const here = Math.min(size - at, BLOCK_BYTES);
    const groups = Array.from({ length: 5 }, (_, i) => {
      const count = Math.max(0, Math.min(10, Math.floor(here / 1024) - i * 10));
      return '.'.repeat(count).padEnd(10);
    });
    const share = size === 0 ? 100 : Math.floor((100 * (at + here)) / size);
    lines.push(`${String(at / 1024).padStart(6)}K ${groups.join(' ')} ${String(share).padStart(3)}% 1.00M=0s`);
  }
  return `${lines.join('\n')}\n`;
}
