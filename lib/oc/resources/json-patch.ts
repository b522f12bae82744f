// RFC 6902: JSON patch, applied to an object in place.
import { applyPatch, type Operation } from 'fast-json-patch/commonjs/core.js'; // its index cannot be loaded by tsx
import { CliError } from '../errors';
import type { Dyn } from '../object';

export function applyJsonPatch(object: Dyn, operations: Dyn): void {
  try {
    applyPatch(object, operations as Operation[], true);
  } catch (error) {
    throw new CliError((error as Error).message.split('\n')[0] ?? '');
  }
}
