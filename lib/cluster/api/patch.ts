// PATCH in its four kinds.
import { applyPatch, type Operation } from 'fast-json-patch';
import { resourceId } from '../resources/definition';
import type { Served } from '../resources/registry';
import { ApiError, badRequest } from '../store/errors';
import type { KubeObject } from '../store/types';
import { apply } from './apply/apply';
import { mediaType, parseJson, readBody } from './body';
import type { Answer, Call } from './call';
import { clone, mergePatch } from './json';
import { answerObject, existing, inputOf, placed, writeOptions } from './objects';
import { strategicMerge } from './strategic';
import { toServed, typeOf } from './versions';

const TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];
const OPERATIONS_MAX = 10_000; // MaxJSONPatchOperations

const unsupported = () => new ApiError(415, 'UnsupportedMediaType', `415: Unsupported Media Type`, {});

/** A patch that does not fit the object it is for. */
const rejected = () =>
  new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

function jsonPatch(object: KubeObject, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  if (patch.length > OPERATIONS_MAX)
    throw new ApiError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${OPERATIONS_MAX}, got ${patch.length}`,
    );
  try {
    return applyPatch(clone(object), patch as Operation[], true, false, true).newDocument;
  } catch {
    throw rejected();
  }
}

function patched(call: Call, served: Served, type: string, current: KubeObject, patch: unknown): unknown {
  if (type === TYPES[0]) return jsonPatch(current, patch);
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch))
    throw badRequest('json: cannot unmarshal array into Go value of type map[string]interface {}');
  if (type === TYPES[1]) return mergePatch(current, patch);
  return strategicMerge(call.api.operations.registry.schema, typeOf(served), current, patch);
}

function parsePatch(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch (error) {
    throw badRequest(`error decoding patch: ${(error as Error).message}`);
  }
}

/** Reads the body first: from the read of the object to its write nothing may come between. */
export async function patch(call: Call, served: Served, subresource?: string): Promise<Answer> {
  const type = mediaType(call.request);
  if (!TYPES.includes(type)) throw unsupported();
  const body = await readBody(call.request);
  if (type === TYPES[3]) return apply(call, served, body, subresource);
  const parsed = parsePatch(body);
  const id = resourceId(served.definition);
  const old = existing(call, served);
  const result = patched(call, served, type, toServed(served, old), parsed);
  const input = placed(call, served, inputOf(call, served, result as Record<string, unknown>));
  call.api.auth.checkEscalation(call.user, id, input);
  const options = { ...writeOptions(call, served), ...(subresource && { subresource }) };
  return answerObject(call, served, call.api.operations.update(id, input, options));
}
