// The OpenAPI v2 document: the same types as v3's, in one piece.

type Json = Record<string, unknown>;

const V3_PREFIX = '#/components/schemas/';
const V2_PREFIX = '#/definitions/';

/** v2 knows neither oneOf nor allOf around references. */
function toV2(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toV2);
  if (typeof value !== 'object' || value === null) return value;
  const { allOf, oneOf, default: _default, ...rest } = value as Json;
  if (Array.isArray(allOf)) return toV2({ ...rest, ...(allOf[0] as Json) });
  if (Array.isArray(oneOf)) return { ...(toV2(rest) as Json), type: 'string' };
  return Object.fromEntries(
    Object.entries(rest).map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string' ? each.replace(V3_PREFIX, V2_PREFIX) : toV2(each),
    ]),
  );
}

/** From all v3 documents. */
export function swagger(documents: readonly { components: { schemas: Json } }[], version: string): object {
  const definitions = Object.assign({}, ...documents.map(({ components }) => toV2(components.schemas)));
  return { swagger: '2.0', info: { title: 'Kubernetes', version }, paths: {}, definitions };
}
