// The OpenAPI documents.
import type { Answer, Call } from './call';

export function openapi(_call: Call): Answer | undefined {
  return undefined;
}
