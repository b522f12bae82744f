// PATCH in its four kinds.
import { resourceId } from '../resources/definition';
import type { Served } from '../resources/registry';
import { ApiError, badRequest, invalid } from '../store/errors';
import type { KubeObject } from '../store/types';
import { apply } from './apply/apply';
import { mediaType, parseJson, readBody } from './body';
import type { Answer, Call } from './call';
import type { DecodeError } from './decode';
import { goValue } from './go-value';
import { mergePatch } from './json';
import { jsonPatch } from './json-patch';
import { answerObject, existing, inputOf, placed, writeOptions } from './objects';
import { strategicMerge } from './strategic';
import { toServed, typeOf } from './versions';

const TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

const unsupported = () => new ApiError(415, 'UnsupportedMediaType', `415: Unsupported Media Type`, {});

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

/** A patch whose result the type does not take: apiserver's endpoints/handlers/patch.go. */
function notAnObject(type: string, result: unknown, error: DecodeError): ApiError {
  const strategic = type === TYPES[2];
  const shown = JSON.stringify(strategic ? goValue(result) : JSON.stringify(result));
  const message = `Invalid value: ${shown}: ${strategic ? error.conversion : error.message}`;
  return invalid('', '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
}

/** Reads the body first: from the read of the object to its write nothing may come between. */
export async function patch(call: Call, served: Served, subresource?: string): Promise<Answer> {
  const type = mediaType(call.request);
  const custom = call.api.operations.registry.isCustom(resourceId(served.definition));
  if (!TYPES.includes(type) || (custom && type === TYPES[2])) throw unsupported();
  const body = await readBody(call.request);
  if (type === TYPES[3]) return apply(call, served, body, subresource);
  const parsed = parsePatch(body);
  const id = resourceId(served.definition);
  const old = existing(call, served);
  const result = patched(call, served, type, toServed(served, old), parsed);
  const refuse = (error: DecodeError) => notAnObject(type, result, error);
  const input = placed(call, served, inputOf(call, served, result as Record<string, unknown>, refuse));
  call.api.auth.checkEscalation(call.user, id, input);
  const options = { ...writeOptions(call, served), ...(subresource && { subresource }) };
  return answerObject(call, served, call.api.operations.update(id, input, options));
}
