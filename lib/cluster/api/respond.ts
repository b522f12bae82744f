// Writes an answer, or an error as the Status that the real server gives.
import type { ServerResponse } from 'node:http';
import { ApiError, internalError } from '../store/errors';
import type { Answer, Call } from './call';
import { prettyFor } from './list';
import { encode } from './serialize';

const TYPES = { json: 'application/json', yaml: 'application/yaml' } as const;

/** RFC 7234's warn-text, as apimachinery's net.NewWarningHeader quotes it. */
const warning = (text: string) =>
  `299 - ${JSON.stringify(text.replace(/[\x00-\x1f\x7f]/g, ' ')).replace(/[^\x20-\x7e]/g, '?')}`;

const WARNINGS_MAX = 4096; // bytes of all of them: apiserver's warning filter

function warnings(texts: readonly string[]): string[] {
  let size = 0;
  return texts.map(warning).filter((text) => (size += text.length) <= WARNINGS_MAX);
}

/** The world's time, where Node would write the host's. */
export function dated(response: ServerResponse, now: number): void {
  response.sendDate = false;
  response.setHeader('Date', new Date(now).toUTCString());
}

export function send(call: Call, response: ServerResponse, answer: Answer): void {
  const { format } = call.accept;
  const body =
    answer.bytes ??
    (answer.text === undefined
      ? encode(JSON.stringify(answer.object), format, prettyFor(call))
      : Buffer.from(answer.text));
  response.statusCode = answer.code;
  response.setHeader('Content-Type', answer.type ?? TYPES[format]);
  response.setHeader('Cache-Control', 'no-cache, private');
  const told = warnings(call.warnings);
  if (told.length > 0) response.setHeader('Warning', told);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.setHeader('Content-Length', body.length);
  response.end(call.request.method === 'HEAD' ? undefined : body);
}

export function asApiError(error: unknown, onBug: (error: unknown) => string): ApiError {
  if (error instanceof ApiError) return error;
  return internalError(`bug ${onBug(error)}`);
}

export function sendError(call: Call, response: ServerResponse, error: ApiError): void {
  if (response.headersSent) return void response.destroy();
  const headers: Record<string, string> = {};
  const after = error.details?.retryAfterSeconds;
  if (after) headers['Retry-After'] = String(after);
  if (error.code === 413) headers['Connection'] = 'close';
  send(call, response, { code: error.code, object: error.status, headers });
}
