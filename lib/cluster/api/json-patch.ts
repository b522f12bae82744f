// RFC 6902 patches.
import { applyPatch, type Operation } from 'fast-json-patch/commonjs/core.js'; // its index cannot be loaded by tsx
import { ApiError, badRequest } from '../store/errors';
import { clone } from './json';

const OPERATIONS_MAX = 10_000; // apiserver's maxJSONPatchOperations

/** Returns a new value. A patch that does not fit the value is answered as the real server does: without a reason. */
export function jsonPatch(value: object, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  if (patch.length > OPERATIONS_MAX)
    throw new ApiError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${OPERATIONS_MAX}, got ${patch.length}`,
    );
  try {
    return applyPatch(clone(value), patch as Operation[], true, false, true).newDocument;
  } catch {
    throw new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}
