// Answers that samples of several languages give alike.
import type { Process } from '../../machine/process';
import { clf } from '../http/clf';
import type { Request, Response } from '../http/message';

export const html = (body: string, status = 200, headers: [string, string][] = []): Response => ({
  status,
  headers: [['Content-Type', 'text/html; charset=utf-8'], ...headers],
  body,
});

export const json = (value: unknown, status = 200, indent?: number, headers: [string, string][] = []): Response => ({
  status,
  headers: [['Content-Type', 'application/json; charset=utf-8'], ...headers],
  body: `${JSON.stringify(value, null, indent)}${indent === undefined ? '' : '\n'}`,
});

/** A line like Apache's and many servers' access log, without referer and agent. */
export const accessLine = (proc: Process, request: Request, client: string, status: number): string =>
  `${client} - - [${clf(proc.machine.clock.now())}] "${request.method} ${request.target} ${request.version}" ${status}`;

/** Header names in lower case, as Node shows them. */
export const lowerHeaders = (request: Request): Record<string, string> =>
  Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value]));

/** A query's parameters as an object; what is given more than once is a list. */
export function queryObject(query: URLSearchParams): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key);
    out[key] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return out;
}

export const bodyText = (request: Request): string => new TextDecoder().decode(request.body);

/** Text that may stand in a page. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
