// Types for kinds of which the server checks only the frame: metadata as everywhere, spec and status as they come.
// DIFFERS: the real server checks these against their CustomResourceDefinition's schema.
import type { TypeSource } from './schema/schema';

/** `{ 'config.Network': { metadata: 'ObjectMeta', spec: 'any', … } }`; further top-level fields may be named. */
export const untyped = (name: string, ...fields: string[]): TypeSource => ({
  [name]: Object.fromEntries([
    ['apiVersion', 'string'],
    ['kind', 'string'],
    ['metadata', 'ObjectMeta'],
    ...['spec', 'status', ...fields].map((field) => [field, 'any']),
  ]),
});
