// The OpenAPI v2 document: the same types and operations as v3's, in one piece.

export type Json = Record<string, unknown>;

export interface Operation {
  tags: string[];
  operationId: string;
  produces: string[];
  consumes: string[];
  parameters: Json[];
  responses: Record<string, { description: string; schema: Json }>;
}

export interface Swagger {
  swagger: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  definitions: Json;
}

/** The parts of a v3 document that are read here. */
export interface V3Document {
  paths: Record<string, Record<string, V3Operation>>;
  components: { schemas: Json };
}

type Content = Record<string, { schema: Json }>;

interface V3Operation {
  tags: string[];
  operationId: string;
  parameters: { name: string; in: string; schema: Json }[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content: Content }>;
}

const V3_PREFIX = '#/components/schemas/';
const V2_PREFIX = '#/definitions/';

/** What a client of v2 would take for all there is, where any field may stand: apiextensions' ToStructuralOpenAPIV2. */
const CLOSED = new Set(['properties', 'items', 'additionalProperties', 'required']);

/** v2 knows neither oneOf nor allOf around references. */
function toV2(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toV2);
  if (typeof value !== 'object' || value === null) return value;
  const { allOf, oneOf, default: _default, ...rest } = value as Json;
  if (Array.isArray(allOf)) return toV2({ ...rest, ...(allOf[0] as Json) });
  if (Array.isArray(oneOf)) return { ...(toV2(rest) as Json), type: 'string' };
  const isOpen = rest['x-kubernetes-preserve-unknown-fields'] === true;
  const told = Object.entries(rest).filter(([key]) => !isOpen || !CLOSED.has(key));
  return Object.fromEntries(
    told.map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string' ? each.replace(V3_PREFIX, V2_PREFIX) : toV2(each),
    ]),
  );
}

const schemaOf = (content: Content): Json => toV2(Object.values(content)[0]?.schema ?? {}) as Json;

function operation({ tags, operationId, parameters, requestBody, responses, ...rest }: V3Operation): Operation {
  const query = parameters.map(({ schema, ...each }) => ({ ...each, ...schema }));
  const body = requestBody && { name: 'body', in: 'body', required: true, schema: schemaOf(requestBody.content) };
  return {
    tags,
    operationId,
    produces: ['application/json', 'application/yaml'],
    consumes: requestBody ? Object.keys(requestBody.content) : ['*/*'],
    parameters: body ? [body, ...query] : query,
    responses: Object.fromEntries(
      Object.entries(responses).map(([code, { description, content }]) => [
        code,
        { description, schema: schemaOf(content) },
      ]),
    ),
    ...rest,
  };
}

/** From all v3 documents. */
export function swagger(documents: readonly V3Document[], version: string): Swagger {
  const paths = documents.flatMap((document) =>
    Object.entries(document.paths).map(([path, methods]) => [
      path,
      Object.fromEntries(Object.entries(methods).map(([method, each]) => [method, operation(each)])),
    ]),
  );
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: Object.fromEntries(paths),
    definitions: Object.assign({}, ...documents.map(({ components }) => toV2(components.schemas))),
  };
}
