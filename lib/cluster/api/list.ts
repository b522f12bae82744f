// Lists: consistent, in pages, in the shape the client asked for.
import type { Served } from '../resources/registry';
import { storageOf } from '../resources/registry';
import { ApiError, badRequest } from '../store/errors';
import type { KubeObject } from '../store/types';
import type { Answer, Call } from './call';
import { selectionOf } from './selection';
import { encode, itemBytes, joined } from './serialize';
import { type IncludeObject, partialList, tableOf } from './table';
import { apiVersionOf, toServed } from './versions';

interface Page {
  /** The version the first page was read at, and the key of its last object. */
  rv: string;
  start: string;
}

const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;

const encodeToken = (page: Page): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...page })).toString('base64url');

function decodeToken(token: string): Page {
  try {
    const { rv, start, v } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
    if (v === 'meta.k8s.io/v1' && typeof rv === 'string' && typeof start === 'string') return { rv, start };
  } catch {}
  throw badRequest('continue key is not valid');
}

export function naturalNumber(text: string | null, name: string): number | undefined {
  if (text === null || text === '') return undefined;
  const number = Number(text);
  if (Number.isInteger(number)) return number;
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax: ${name}`);
}

/** A version the client has seen must not lie in the future: after a restart from an old state it may. */
export function checkVersion(call: Call): void {
  const version = call.query.get('resourceVersion');
  if (!version) return;
  if (!/^\d+$/.test(version))
    throw badRequest(
      `Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
    );
  const current = call.api.operations.store.resourceVersion;
  if (Number(version) > Number(current))
    throw new ApiError(504, 'Timeout', `Too large resource version: ${version}, current: ${current}`, {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    });
}

/** All objects the request is about, in order. */
export function selected(call: Call, served: Served): KubeObject[] {
  const { store } = call.api.operations;
  const { definition } = served;
  const namespace = definition.namespaced && call.info.namespace ? call.info.namespace : undefined;
  const selects = selectionOf(call, definition);
  const named =
    call.info.name && namespace !== undefined ? store.get(storageOf(definition), namespace, call.info.name) : undefined;
  if (named) return selects(named) ? [named] : [];
  return store.list(storageOf(definition), namespace).filter(selects);
}

function paged(call: Call, objects: KubeObject[]): { page: KubeObject[]; meta: Record<string, unknown> } {
  const current = call.api.operations.store.resourceVersion;
  const token = call.query.get('continue');
  const limit = naturalNumber(call.query.get('limit'), 'limit') ?? 0;
  const from = token ? decodeToken(token) : undefined;
  const version = from?.rv || current;
  // DIFFERS: later pages show today's objects, not those of the first page's moment; nothing is told twice or skipped
  // that stayed as it was.
  const start = from ? firstAfter(objects, from.start) : 0;
  const rest = start > 0 ? objects.slice(start) : objects;
  if (limit <= 0 || rest.length <= limit) return { page: rest, meta: { resourceVersion: version } };
  const page = rest.slice(0, limit);
  const next = encodeToken({ rv: version, start: keyOf(page.at(-1) as KubeObject) });
  const selective = call.query.get('labelSelector') || call.query.get('fieldSelector');
  const remaining = selective ? {} : { remainingItemCount: rest.length - limit };
  return { page, meta: { resourceVersion: version, continue: next, ...remaining } };
}

const after = (object: KubeObject, namespace: string, name: string): boolean => {
  const own = object.metadata.namespace ?? '';
  return own > namespace || (own === namespace && object.metadata.name > name);
};

function firstAfter(objects: readonly KubeObject[], key: string): number {
  const slash = key.indexOf('/');
  const [namespace, name] = [key.slice(0, slash), key.slice(slash + 1)];
  const at = objects.findIndex((object) => after(object, namespace, name));
  return at < 0 ? objects.length : at;
}

export const includeObject = (call: Call): IncludeObject => {
  const asked = call.query.get('includeObject') || 'Metadata';
  if (asked === 'None' || asked === 'Metadata' || asked === 'Object') return asked;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(asked)}`);
};

export function list(call: Call, served: Served): Answer {
  checkVersion(call);
  return answerList(call, served, selected(call, served));
}

/** A page of objects in the shape the client accepts. */
export function answerList(call: Call, served: Served, objects: KubeObject[]): Answer {
  const { page, meta } = paged(call, objects);
  const { as, format } = call.accept;
  if (as === 'Table') {
    const now = call.api.operations.clock.now();
    return { code: 200, object: tableOf(served, page, meta, now, includeObject(call)) };
  }
  if (as === 'PartialObjectMetadata') return { code: 200, object: partialList(page, meta) };
  const items = page.map((object) => itemBytes(toServed(served, object)));
  const head = `{"kind":"${served.definition.kind}List","apiVersion":"${apiVersionOf(served)}","metadata":${JSON.stringify(meta)},"items":[`;
  const isPlain = format === 'json' && !prettyFor(call);
  const bytes = isPlain ? joined(head, items, ']}\n') : encode(joined(head, items, ']}'), format, true);
  return { code: 200, bytes, type: `application/${format}` };
}

/** Indented for people: asked for, or one of the clients that people look at. */
export function prettyFor(call: Call): boolean {
  const asked = call.query.get('pretty');
  if (asked !== null) return asked === '' || /^(1|t|T|true|True|TRUE)$/.test(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(call.userAgent);
}
