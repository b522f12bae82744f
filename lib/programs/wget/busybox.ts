// BusyBox' wget 1.36: networking/wget.c.
import { Errno, strerror, strerrorOf } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { getopt, type Options } from '../getopt';
import { BadMessage } from '../http/message';
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

const SHORT = 'csqSO:o:P:Y:U:T:t:';
const LONG = {
  continue: 'c',
  spider: 's',
  quiet: 'q',
  'server-response': 'S',
  'output-document=': 'O',
  'output-file=': 'o',
  'directory-prefix=': 'P',
  'timeout=': 'T',
  'tries=': 't',
  'user-agent=': 'U',
  'header=': 'header',
  'post-data=': 'post-data',
  'no-check-certificate': 'no-check-certificate',
  'no-clobber': 'no-clobber',
};
const USAGE = `BusyBox v1.36.1 (2024-06-10 07:11:47 UTC) multi-call binary.

Usage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]
	[--post-data STR | --post-file FILE] [-Y on/off]
	[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...
`;
const TIMEOUT_S = 900;
const MOST_REDIRECTS = 5;
const BAR = '*'.repeat(32);

/** Ends with `wget: …` and status 1. */
class Failure extends Error {}

export const busyboxWget: Program = async (proc) => {
  const options = getopt(proc.argv, SHORT, LONG);
  if (options.error || options.rest.length === 0) {
    await proc.complain(`${options.error ? `${options.error}\n` : ''}${USAGE}`);
    return 1;
  }
  try {
    for (const url of options.rest) await download(proc, options, url);
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await proc.complain(`wget: ${error.message}\n`);
    return 1;
  }
};

async function download(proc: Process, options: Options, text: string): Promise<void> {
  const fetch = fetchOf(options, text);
  for (let left = MOST_REDIRECTS; ; left--) {
    const response = await once(proc, options, fetch);
    const next = redirection(fetch.url, response);
    if (!next) {
      if (response.status < 200 || response.status > 299)
        throw new Failure(`server returned error: HTTP/1.1 ${statusText(response)}`);
      return options.has('s') ? undefined : save(proc, options, fetch.url, response.body as Uint8Array);
    }
    if (left === 0) throw new Failure('too many redirections');
    Object.assign(fetch, { url: next, authority: next.host });
  }
}

/** `authority`: the host as written, with its port even where that goes without saying. */
type Asked = Fetch & { authority: string };

function fetchOf(options: Options, text: string): Asked {
  let url: URL;
  try {
    url = parseUrl(text);
  } catch {
    throw new Failure(`bad address '${text}'`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Failure(`not an http or ftp url: ${text}`);
  const body = options.get('post-data');
  return {
    url,
    authority: /^(?:[a-z]+:\/\/)?(?:[^@/]*@)?([^/?#]*)/i.exec(text)?.[1] ?? url.host,
    method: body === undefined ? (options.has('s') ? 'HEAD' : 'GET') : 'POST',
    userAgent: options.get('U') ?? 'Wget',
    headers: options.all('header'),
    verify: false, // its TLS does not check certificates: "note: TLS certificate validation not implemented"
    ...(body !== undefined && { body }),
  };
}

async function once(proc: Process, options: Options, fetch: Asked) {
  const timeoutMs = Number(options.get('T') ?? TIMEOUT_S) * 1000;
  const connection = await connect(proc, options, fetch, timeoutMs);
  const late = new AbortController();
  const cancel = proc.machine.clock.after(timeoutMs, () => late.abort());
  try {
    if (fetch.url.protocol === 'https:') {
      if (!options.has('no-check-certificate') && !options.has('q'))
        await proc.complain('wget: note: TLS certificate validation not implemented\n');
      await handshake(proc, connection, fetch);
    }
    const response = await exchange(connection, fetch, AbortSignal.any([late.signal, proc.killed]));
    if (options.has('S'))
      await proc.complain(
        `  HTTP/1.1 ${statusText(response)}\n${response.headers.map(([k, v]) => `  ${k}: ${v}\n`).join('')}`,
      );
    return response;
  } catch (error) {
    if (late.signal.aborted) throw new Failure('download timed out');
    if (error instanceof BadMessage) throw new Failure('error getting response');
    if (error instanceof TlsError) throw new Failure('TLS error from peer (alert code 80): 80');
    if (error instanceof Errno) throw new Failure(`error getting response: ${strerror(error)}`);
    throw error;
  } finally {
    cancel();
    connection.close();
  }
}

async function connect(
  proc: Process,
  options: Options,
  { url, authority }: Asked,
  timeoutMs: number,
): Promise<Connection> {
  const host = hostOf(url);
  const port = portOf(url);
  let address: string | undefined;
  try {
    [address] = await proc.resolve(host, 0);
  } catch (error) {
    if (error instanceof NameError) throw new Failure(`bad address '${authority}'`);
    throw error;
  }
  if (!options.has('q')) await proc.complain(`Connecting to ${authority} (${address}:${port})\n`);
  const started = proc.machine.clock.now();
  try {
    return await proc.connect(address ?? host, port, { signal: proc.killed, timeoutMs });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === 'ETIMEDOUT' && proc.machine.clock.now() - started >= timeoutMs)
      throw new Failure('download timed out');
    throw new Failure(`can't connect to remote host (${address}): ${strerrorOf(proc.machine.libc, error)}`);
  }
}

async function save(proc: Process, options: Options, url: URL, body: Uint8Array): Promise<void> {
  const target = options.get('O') ?? `${options.has('P') ? `${options.get('P')}/` : ''}${fileName(url)}`;
  const isStdout = target === '-';
  const tell = async (text: string) => {
    if (!options.has('q')) await proc.complain(text);
  };
  await tell(isStdout ? 'writing to stdout\n' : `saving to '${target}'\n`);
  if (isStdout) await proc.print(body);
  else {
    if (!options.has('O') && proc.files.exists(target)) throw new Failure(`can't open '${target}': File exists`);
    try {
      proc.files.write(target, body);
    } catch (error) {
      if (error instanceof Errno) throw new Failure(`can't open '${target}': ${strerror(error)}`);
      throw error;
    }
  }
  const size = String(body.length).padStart(6);
  await tell(`${target.slice(0, 20).padEnd(20)} 100% |${BAR}| ${size}  0:00:00 ETA\n`);
  await tell(isStdout ? 'written to stdout\n' : `'${target}' saved\n`);
}
