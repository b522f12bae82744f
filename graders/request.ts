// A request over HTTP from some place, by curl of a fresh image.
import type { Lens, Vantage } from '../lib/grading/contract';

export interface Asked {
  url: string;
  method?: string | undefined;
  headers?: Record<string, string> | undefined;
  body?: string | undefined;
  /** Connects there instead of to the host of the URL. */
  address?: string | undefined;
}

export interface Response {
  status: number;
  body: string;
  headers: string;
}

const TIMEOUT_SECONDS = 10;
const MARK = '\n--podlab-status--';
/** What curl's exit status says, in the words of what went wrong. */
const FAULTS: Record<number, string> = {
  6: 'the name does not resolve',
  7: 'the connection is refused',
  28: 'nothing answers in time',
  35: 'the server does not speak TLS',
  52: 'the server answers nothing',
  56: 'the connection is cut off',
  60: 'the certificate is not trusted',
};

/** The answer, or what went wrong. */
export async function request(
  lens: Lens,
  from: Vantage,
  { url, method, headers, body, address }: Asked,
): Promise<Response | string> {
  const to = new URL(url);
  const port = to.port || (to.protocol === 'https:' ? '443' : '80');
  const argv = ['curl', '-s', '-k', '-i', '-m', String(TIMEOUT_SECONDS), '-w', `${MARK}%{http_code}`];
  if (method) argv.push('-X', method);
  for (const [name, value] of Object.entries(headers ?? {})) argv.push('-H', `${name}: ${value}`);
  if (body !== undefined) argv.push('-d', body);
  if (address) argv.push('--resolve', `${to.hostname}:${port}:${address}`);
  const { stdout, stderr, code } = await lens.exec(from, [...argv, url]);
  if (code !== 0) return FAULTS[code] ?? (stderr.trim() || `curl ended with status ${code}`);
  const cut = stdout.lastIndexOf(MARK);
  const message = stdout.slice(0, cut);
  const split = /\r?\n\r?\n/.exec(message);
  const head = split ? message.slice(0, split.index) : message;
  return {
    status: Number(stdout.slice(cut + MARK.length)),
    body: split ? message.slice(split.index + split[0].length) : '',
    headers: head,
  };
}
