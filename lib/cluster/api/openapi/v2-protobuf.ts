// The OpenAPI v2 document in protobuf, the form in which kubectl asks for it. Field numbers: gnostic openapiv2/OpenAPIv2.proto.
import type { Json, Operation, Swagger } from './v2';

const VARINT = 0;
const BYTES = 2;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const tag = (number: number, wire: number): Buffer => varint(number * 8 + wire);

/** A field of text, or of a message that is encoded already. */
function field(number: number, content: string | Buffer): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([tag(number, BYTES), varint(bytes.length), bytes]);
}

const text = (number: number, value: unknown): Buffer[] =>
  typeof value === 'string' && value !== '' ? [field(number, value)] : [];
const flag = (number: number, value: unknown): Buffer[] =>
  value === true ? [Buffer.concat([tag(number, VARINT), Buffer.from([1])])] : [];
const texts = (number: number, values: unknown): Buffer[] =>
  Array.isArray(values) ? values.map((value) => field(number, String(value))) : [];
const any = (value: unknown): Buffer => field(2, JSON.stringify(value)); // as YAML, which JSON is
const named = (name: string, value: Buffer): Buffer => Buffer.concat([field(1, name), field(2, value)]);

/** Properties beginning with `x-`. */
const extensions = (number: number, of: Json): Buffer[] =>
  Object.entries(of)
    .filter(([name]) => name.startsWith('x-'))
    .map(([name, value]) => field(number, named(name, any(value))));

const schemas = (of: Json): Buffer =>
  Buffer.concat(Object.entries(of).map(([name, each]) => field(1, named(name, schema(each as Json)))));

function schema(of: Json): Buffer {
  const { items, properties, additionalProperties } = of;
  return Buffer.concat([
    ...text(1, of['$ref']),
    ...text(2, of['format']),
    ...text(4, of['description']),
    ...texts(19, of['required']),
    ...(Array.isArray(of['enum']) ? of['enum'].map((value) => field(20, any(value))) : []),
    ...(additionalProperties ? [field(21, field(1, schema(additionalProperties as Json)))] : []),
    ...(of['type'] ? [field(22, field(1, String(of['type'])))] : []),
    ...(items ? [field(23, field(1, schema(items as Json)))] : []),
    ...(properties ? [field(25, schemas(properties as Json))] : []),
    ...extensions(31, of),
  ]);
}

function parameter(of: Json): Buffer {
  if (of['in'] === 'body')
    return field(
      1, // the body
      Buffer.concat([
        ...text(2, of['name']),
        ...text(3, of['in']),
        ...flag(4, of['required']),
        field(5, schema(of['schema'] as Json)),
      ]),
    );
  const query = Buffer.concat([
    ...text(2, of['in']),
    ...text(4, of['name']),
    ...text(6, of['type']),
    ...flag(20, of['uniqueItems']),
  ]);
  return field(2, field(3, query));
}

function operation(of: Operation): Buffer {
  const responses = Object.entries(of.responses).map(([code, { description, schema: answer }]) =>
    field(1, named(code, field(1, Buffer.concat([field(1, description), field(2, field(1, schema(answer)))])))),
  );
  return Buffer.concat([
    ...texts(1, of.tags),
    field(5, of.operationId),
    ...texts(6, of.produces),
    ...texts(7, of.consumes),
    ...of.parameters.map((each) => field(8, field(1, parameter(each)))),
    field(9, Buffer.concat(responses)),
    ...extensions(13, of as unknown as Json),
  ]);
}

const METHODS: Record<string, number> = { get: 2, put: 3, post: 4, delete: 5, patch: 8 };

const pathItem = (of: Record<string, Operation>): Buffer =>
  Buffer.concat(Object.entries(of).map(([method, each]) => field(METHODS[method] ?? 2, operation(each))));

/** An `openapi.v2.Document`. */
export function swaggerProtobuf({ swagger, info, paths, definitions }: Swagger): Buffer {
  const allPaths = Object.entries(paths).map(([path, item]) => field(2, named(path, pathItem(item))));
  return Buffer.concat([
    field(1, swagger),
    field(2, Buffer.concat([field(1, info.title), field(2, info.version)])),
    field(8, Buffer.concat(allPaths)),
    field(9, schemas(definitions)),
  ]);
}
