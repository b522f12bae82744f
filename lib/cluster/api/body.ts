// Request bodies: read within limits, parsed as JSON or YAML.
import type { IncomingMessage } from 'node:http';
import { parseDocument } from 'yaml';
import type { Schema } from '../resources/schema/schema';
import { badRequest, tooLarge, unsupportedMediaType } from '../store/errors';
import { hasProtobuf, ProtobufError, readProtobuf } from './protobuf';

const BODY_MAX_BYTES = 3 * 1024 * 1024; // the real server's MaxRequestBodyBytes
const DEPTH_MAX = 1000; // DIFFERS: the real decoder takes 10,000 levels; no kind needs 100
const ALIAS_MAX = 100; // the yaml library counts expansions against this: no billion laughs

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const ACCEPTED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** Throws 413 as soon as the limit is passed. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const refuse = () => tooLarge(`Request entity too large: limit is ${BODY_MAX_BYTES}`);
  if (Number(request.headers['content-length'] ?? 0) > BODY_MAX_BYTES) throw refuse();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) throw refuse();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export const mediaType = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** Whether nesting goes deeper than the decoder may recurse. */
function tooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 92) i++;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 123 || code === 91) {
      if (++depth > DEPTH_MAX) return true;
    } else if (code === 125 || code === 93) depth--;
  }
  return false;
}

/** A JSON text as a value; throws an Error with Go's sentence. */
export function parseJson(text: string): unknown {
  if (tooDeep(text)) throw new Error('exceeded max depth');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(goSentence(text, error as Error));
  }
}

/** encoding/json's words for V8's complaint. */
function goSentence(text: string, error: Error): string {
  const { message } = error;
  if (text.trim() === '' || /Unexpected end|Unterminated/.test(message)) return 'unexpected end of JSON input';
  const at = Number(/position (\d+)/.exec(message)?.[1] ?? -1);
  const named = /Unexpected token '?(.)'?/u.exec(message)?.[1];
  const char = at >= 0 ? (text[at] ?? '') : (named ?? '');
  if (char === '') return 'unexpected end of JSON input';
  const shown = char === "'" ? `'\\''` : char === '\n' ? `'\\n'` : `'${char}'`;
  return `invalid character ${shown} ${place(text.slice(0, at < 0 ? text.indexOf(char) : at))}`;
}

function place(before: string): string {
  const last = before.trimEnd().at(-1);
  if (last === undefined || last === ':' || last === '[') return 'looking for beginning of value';
  if (last === '{') return 'looking for beginning of object key string';
  if (last === ',') return 'looking for beginning of value';
  return 'after top-level value';
}

function parseYaml(text: string): unknown {
  const document = parseDocument(text, { maxAliasCount: ALIAS_MAX, prettyErrors: false } as object);
  const [error] = document.errors;
  if (error) throw new Error(`yaml: ${error.message}`);
  return document.toJS({ maxAliasCount: ALIAS_MAX });
}

/** What a body should be: the kind for messages, the schema's type for bodies that do not name their fields. */
export interface Wanted {
  kind: string;
  type: string;
  schema: Schema;
}

const PARSERS: Readonly<Record<string, (body: Buffer, wanted: Wanted) => unknown>> = {
  '': (body) => parseJson(body.toString('utf8')),
  'application/json': (body) => parseJson(body.toString('utf8')),
  'application/yaml': (body) => parseYaml(body.toString('utf8')),
  [PROTOBUF]: (body, { schema, type }) => readProtobuf(schema, type, body),
};

const unrecognized = (wanted: Wanted, why: string, body: Buffer) =>
  badRequest(
    `the object provided is unrecognized (must be of type ${wanted.kind}): couldn't get version/kind; json parse error: ${why} (${shown(body)})`,
  );

const shown = (body: Buffer) => {
  const text = body.toString('utf8');
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
};

/** An object of the API as the client wrote it. */
export function parseObject(request: IncomingMessage, body: Buffer, wanted: Wanted): Record<string, unknown> {
  const type = mediaType(request);
  const parse = PARSERS[type];
  if (!parse || (type === PROTOBUF && !hasProtobuf(wanted.type))) throw unsupportedMediaType(ACCEPTED);
  let value: unknown;
  try {
    value = parse(body, wanted);
  } catch (error) {
    if (error instanceof ProtobufError) throw badRequest(error.message);
    throw unrecognized(wanted, (error as Error).message, body);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  const go = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  throw unrecognized(wanted, `json: cannot unmarshal ${nameOf(value)} into Go value of type ${go}`, body);
}

const nameOf = (value: unknown) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
