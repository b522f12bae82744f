// Lists: consistent, in pages, in the shape the client asked for.
import type { Served } from '../resources/registry';
import { storageOf } from '../resources/registry';
import { ApiError, badRequest, type FieldError, invalid } from '../store/errors';
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

/** All objects the request is about, in order; as they were at a version, if one is given. */
export function selected(call: Call, served: Served, version?: number): KubeObject[] {
  const { store } = call.api.operations;
  const { definition } = served;
  const namespace = definition.namespaced && call.info.namespace ? call.info.namespace : undefined;
  const selects = selectionOf(call, definition);
  const resource = storageOf(definition);
  if (version !== undefined) {
    const { name } = call.info;
    return store
      .listAt(resource, version, namespace)
      .filter((object) => (!name || object.metadata.name === name) && selects(object));
  }
  const named = call.info.name && namespace !== undefined ? store.get(resource, namespace, call.info.name) : undefined;
  if (named) return selects(named) ? [named] : [];
  return store.list(resource, namespace).filter(selects);
}

const TODAY = '-1'; // the version in a token of a list that goes on with what is there now

const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** What the options of a list may be: apimachinery pkg/apis/meta/internalversion/validation. */
function checkOptions({ query }: Call): void {
  const [version, match, token] = ['resourceVersion', 'resourceVersionMatch', 'continue'].map((name) =>
    query.get(name),
  );
  const refuse = (field: string, message: string, reason: FieldError['reason'] = 'FieldValueForbidden') =>
    invalid('ListOptions.meta.k8s.io', '', [{ field, reason, message }]);
  if (query.get('sendInitialEvents') !== null)
    throw refuse('sendInitialEvents', 'Forbidden: sendInitialEvents is forbidden for list');
  if (token && version && version !== '0')
    throw badRequest('specifying resource version is not allowed when using continue');
  if (!match) return;
  const forbid = (why: string) => refuse('resourceVersionMatch', `Forbidden: ${why}`);
  if (!version) throw forbid('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (token) throw forbid('resourceVersionMatch is forbidden when continue is provided');
  if (match !== 'Exact' && match !== 'NotOlderThan')
    throw refuse(
      'resourceVersionMatch',
      `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan"`,
      'FieldValueNotSupported',
    );
  if (match === 'Exact' && version === '0')
    throw forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
}

/** The version that a list is of, if it is not the present one. */
function askedVersion(call: Call): number | undefined {
  const token = call.query.get('continue');
  if (token) {
    const { rv } = decodeToken(token);
    return rv === TODAY ? undefined : Number(rv);
  }
  return call.query.get('resourceVersionMatch') === 'Exact' ? Number(call.query.get('resourceVersion')) : undefined;
}

/** The objects of a list at the version that is asked for. */
function consistent(call: Call, served: Served): KubeObject[] {
  const version = askedVersion(call);
  try {
    return selected(call, served, version);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 410) throw error;
    const token = call.query.get('continue');
    if (!token) throw new ApiError(410, 'Expired', 'The resourceVersion for the provided list is too old.');
    const rest = encodeToken({ rv: TODAY, start: decodeToken(token).start });
    throw new ApiError(410, 'Expired', TOO_OLD, undefined, { continue: rest });
  }
}

function paged(call: Call, objects: KubeObject[]): { page: KubeObject[]; meta: Record<string, unknown> } {
  const token = call.query.get('continue');
  const limit = naturalNumber(call.query.get('limit'), 'limit') ?? 0;
  const from = token ? decodeToken(token) : undefined;
  const version = String(askedVersion(call) ?? call.api.operations.store.resourceVersion);
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
  checkOptions(call);
  checkVersion(call);
  return answerList(call, served, consistent(call, served));
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
