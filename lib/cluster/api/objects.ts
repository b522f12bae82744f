// get, create, update, delete and deletecollection over HTTP: parameters in, one object or a Status out.

import { resourceId } from '../resources/definition';
import type { Served } from '../resources/registry';
import { storageOf } from '../resources/registry';
import { type ApiError, badRequest, notFound, type Status } from '../store/errors';
import type { KubeObject, ObjectInput } from '../store/types';
import { parseObject, readBody } from './body';
import type { Answer, Call } from './call';
import { DecodeError, decode } from './decode';
import { tell } from './field-validation';
import { includeObject, naturalNumber, prettyFor, selected } from './list';
import type { DeleteOptions, WriteOptions } from './operations';
import { encode, objectParts } from './serialize';
import { partialOf, tableOf } from './table';
import { apiVersionOf, fromServed, toServed, typeOf } from './versions';

/** An object in the shape the client accepts. */
export function answerObject(call: Call, served: Served, object: KubeObject, code = 200): Answer {
  const { as, format } = call.accept;
  if (as === 'Table') {
    const { resourceVersion } = object.metadata;
    const now = call.api.operations.clock.now();
    return { code, object: tableOf(served, [object], { resourceVersion }, now, includeObject(call)) };
  }
  if (as === 'PartialObjectMetadata') return { code, object: partialOf(object) };
  const bytes = encode(Buffer.concat(objectParts(toServed(served, object))), format, prettyFor(call));
  return { code, bytes, type: `application/${format}` };
}

/** The stored object that the path names; throws NotFound. */
export function existing(call: Call, { definition }: Served): KubeObject {
  const namespace = definition.namespaced ? call.info.namespace : undefined;
  const object = call.api.operations.store.get(storageOf(definition), namespace, call.info.name);
  if (!object) throw notFound(resourceId(definition), call.info.name);
  return object;
}

export const get = (call: Call, served: Served): Answer => answerObject(call, served, existing(call, served));

/** The options of a write, from the query. */
export function writeOptions(call: Call, served: Served): WriteOptions {
  const { query } = call;
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((each) => each !== 'All'))
    throw badRequest(
      `Invalid value: ${JSON.stringify(dryRun)}: dryRun: Unsupported value: ${JSON.stringify(dryRun.find((each) => each !== 'All'))}: supported values: "All"`,
    );
  return {
    user: call.user,
    warn: call.warn,
    dryRun: dryRun.length > 0,
    fieldManager: query.get('fieldManager') || managerOf(call),
    apiVersion: apiVersionOf(served),
  };
}

/** Without fieldManager, the client's name: what stands before the first slash of its user agent. */
const managerOf = (call: Call): string => call.userAgent.split('/')[0]?.slice(0, 128) || 'unknown';

/** The body as an object of the kind, in the version it is stored in. Unknown fields are dropped, told or refused. */
export async function readObject(call: Call, served: Served): Promise<ObjectInput> {
  const { definition } = served;
  const { schema } = call.api.operations.registry;
  const wanted = { kind: definition.kind, type: typeOf(served), schema };
  const raw = parseObject(call.request, await readBody(call.request), wanted);
  return inputOf(call, served, raw);
}

/** `refuse` makes the error of a value that the type does not take. */
export function inputOf(
  call: Call,
  served: Served,
  raw: Record<string, unknown>,
  refuse: (error: DecodeError) => ApiError = (error) => notHandled(served, error.message),
): ObjectInput {
  const { definition } = served;
  const wanted = apiVersionOf(served);
  const kind = typeof raw['kind'] === 'string' && raw['kind'] !== '' ? raw['kind'] : definition.kind;
  const apiVersion = typeof raw['apiVersion'] === 'string' && raw['apiVersion'] !== '' ? raw['apiVersion'] : wanted;
  if (kind !== definition.kind || apiVersion !== wanted)
    throw badRequest(
      `${kind} in version ${JSON.stringify(apiVersion.split('/').at(-1))} cannot be handled as a ${definition.kind}: ${mismatch(call, kind, apiVersion, served)}`,
    );
  const value = shaped(call, served, raw, refuse);
  return fromServed(served, value);
}

function mismatch(call: Call, kind: string, apiVersion: string, { definition }: Served): string {
  if (call.api.operations.registry.findKind(apiVersion, kind))
    return `converting (${apiVersion.replace('/', '.')}.${kind}) to (${definition.group || 'core'}.${definition.kind}): unknown conversion`;
  return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`;
}

const notHandled = ({ definition: { kind }, version: { name } }: Served, why: string): ApiError =>
  badRequest(`${kind} in version ${JSON.stringify(name)} cannot be handled as a ${kind}: ${why}`);

function shaped(
  call: Call,
  served: Served,
  raw: Record<string, unknown>,
  refuse: (error: DecodeError) => ApiError,
): KubeObject {
  try {
    const { value, unknown } = decode(call.api.operations.registry.schema, typeOf(served), raw);
    tell(
      call,
      unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
      (why) => notHandled(served, why),
    );
    return value;
  } catch (error) {
    if (error instanceof DecodeError) throw refuse(error);
    throw error;
  }
}

/** The namespace and name of the path go into the object; others than those are refused. */
export function placed(call: Call, served: Served, object: ObjectInput): ObjectInput {
  const metadata = (object.metadata ??= {});
  if (served.definition.namespaced) {
    if (metadata.namespace && metadata.namespace !== call.info.namespace)
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    metadata.namespace = call.info.namespace;
  } else delete metadata.namespace;
  if (metadata.resourceVersion === '0') delete metadata.resourceVersion; // as good as none
  if (!call.info.name) return object;
  if (!metadata.name) throw badRequest('name must be provided');
  if (metadata.name !== call.info.name)
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${call.info.name})`,
    );
  return object;
}

export async function create(call: Call, served: Served): Promise<Answer> {
  const input = placed(call, served, await readObject(call, served));
  call.api.auth.checkEscalation(call.user, resourceId(served.definition), input);
  if (resourceId(served.definition) === 'pods') await defaultAccount(call, input.metadata?.namespace ?? '');
  const object = call.api.operations.create(resourceId(served.definition), input, writeOptions(call, served));
  return answerObject(call, served, object, 201);
}

const ACCOUNT_TRIES = 10; // plugin/pkg/admission/serviceaccount: ten looks, up to 100 ms apart, for the default account
const ACCOUNT_PAUSE_MS = 50;

/** A pod in a namespace that was just made waits a moment for its default service account. */
async function defaultAccount({ api: { operations } }: Call, namespace: string): Promise<void> {
  const { store, clock } = operations;
  for (let i = 1; i < ACCOUNT_TRIES && !store.get('serviceaccounts', namespace, 'default'); i++) {
    if (!store.get('namespaces', undefined, namespace)) return;
    await clock.sleep(ACCOUNT_PAUSE_MS);
  }
}

export async function update(call: Call, served: Served, subresource?: string): Promise<Answer> {
  const input = placed(call, served, await readObject(call, served));
  call.api.auth.checkEscalation(call.user, resourceId(served.definition), input);
  const options = { ...writeOptions(call, served), ...(subresource && { subresource }) };
  return answerObject(call, served, call.api.operations.update(resourceId(served.definition), input, options));
}

const POLICIES = ['Orphan', 'Background', 'Foreground'] as const;

/** The body as a type that is no kind of its own; an empty body is an empty object. */
export async function readAs(call: Call, type: string): Promise<Record<string, unknown>> {
  const body = await readBody(call.request);
  const { schema } = call.api.operations.registry;
  const raw = body.length > 0 ? parseObject(call.request, body, { kind: type, type, schema }) : {};
  try {
    return decode(schema, type, raw).value;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(`${type} in version "v1" cannot be handled as a ${type}: ${error.message}`);
  }
}

/** DeleteOptions of the body, then of the query. */
async function deleteOptions(call: Call): Promise<DeleteOptions & { dryRun: boolean }> {
  const value: DeleteOptions & { orphanDependents?: boolean; dryRun?: string[] } = await readAs(call, 'DeleteOptions');
  const { query } = call;
  const grace = naturalNumber(query.get('gracePeriodSeconds'), 'gracePeriodSeconds') ?? value.gracePeriodSeconds;
  const orphan =
    query.get('orphanDependents') ?? (value.orphanDependents === undefined ? null : String(value.orphanDependents));
  const policy =
    query.get('propagationPolicy') ??
    value.propagationPolicy ??
    (orphan === null ? undefined : orphan === 'true' ? 'Orphan' : 'Background');
  const known = POLICIES.find((each) => each === policy);
  if (policy && !known)
    throw badRequest(
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: ${JSON.stringify(policy)}: supported values: "Background", "Foreground", "Orphan", "nil"`,
    );
  return {
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
    ...(known && { propagationPolicy: known }),
    ...(value.preconditions && { preconditions: value.preconditions }),
    dryRun: query.getAll('dryRun').includes('All') || (value.dryRun ?? []).includes('All'),
  };
}

function deleted({ definition }: Served, { metadata }: KubeObject): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: metadata.name,
      ...(definition.group && { group: definition.group }),
      kind: definition.plural,
      uid: metadata.uid,
    },
  };
}

export async function remove(call: Call, served: Served): Promise<Answer> {
  const { dryRun, ...options } = await deleteOptions(call);
  const { definition } = served;
  const id = resourceId(definition);
  const namespace = definition.namespaced ? call.info.namespace : undefined;
  const { object, done } = call.api.operations.delete(id, namespace, call.info.name, options, {
    ...writeOptions(call, served),
    dryRun,
  });
  if (done && !definition.returnsDeleted) return { code: 200, object: deleted(served, object) };
  return answerObject(call, served, object);
}

/** Deletes what a list with the same parameters would show; answers with that list. */
export async function removeAll(call: Call, served: Served): Promise<Answer> {
  const { dryRun, ...options } = await deleteOptions(call);
  const { definition } = served;
  const objects = selected(call, served);
  for (const { metadata } of objects)
    call.api.operations.delete(resourceId(definition), metadata.namespace, metadata.name, options, {
      ...writeOptions(call, served),
      dryRun,
    });
  const { resourceVersion } = call.api.operations.store;
  return {
    code: 200,
    object: {
      kind: `${definition.kind}List`,
      apiVersion: apiVersionOf(served),
      metadata: { resourceVersion },
      items: objects.map((object) => toServed(served, object)),
    },
  };
}
