// OpenAPI v3 documents made from the schema, one a group version: what `kubectl explain`, `apply` and `--validate` read.
import type { ResourceDefinition } from '../../resources/definition';
import { groupVersion, resourceId } from '../../resources/definition';
import type { Registry } from '../../resources/registry';
import { describeField, describeType } from '../../resources/schema/descriptions';
import { enumOf, itemEnumOf } from '../../resources/schema/enums';
import { listRule, UNIONS } from '../../resources/schema/lists';
import type { FieldType, Schema } from '../../resources/schema/schema';
import { elementType } from '../../resources/schema/schema';

type Json = Record<string, unknown>;

const SCALARS: Record<string, Json> = {
  string: { type: 'string' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date-time' },
  micro: { type: 'string', format: 'date-time' },
  byte: { type: 'string', format: 'byte' },
  intstr: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
};

/** Stands for whatever else a custom kind may hold. */
const ANY_FIELD = '*';

const schemaName = (type: string) => `io.k8s.api.${type.includes('.') ? type : `v1.${type}`}`;

const QUERY = ['pretty', 'dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));

/** A field's value with the closed set it is from. */
function withEnum(value: Json, owner: string, name: string): Json {
  const own = enumOf(owner, name);
  if (own) return { ...value, enum: own };
  const items = itemEnumOf(owner, name);
  return items ? { ...value, items: { ...(value['items'] as Json), enum: items } } : value;
}

class Document {
  readonly schemas: Record<string, Json> = {};

  constructor(private readonly schema: Schema) {}

  reference(type: string): Json {
    const name = schemaName(type);
    if (!this.schemas[name]) {
      this.schemas[name] = {}; // before its fields, which may lead back here
      this.schemas[name] = this.object(type);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  private object(type: string): Json {
    const fields = this.schema.fields(type);
    if (!fields) return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const named = [...fields].filter(([name]) => name !== ANY_FIELD);
    const properties = Object.fromEntries(named.map(([name, field]) => [name, this.field(type, name, field)]));
    const required = [...fields].filter(([, field]) => field.required).map(([name]) => name);
    const description = describeType(type);
    return {
      ...(description && { description }),
      type: 'object',
      properties,
      ...(required.length > 0 && { required }),
      ...(named.length < fields.size && { 'x-kubernetes-preserve-unknown-fields': true }),
    };
  }

  private field(owner: string, name: string, type: FieldType): Json {
    const rule = type.wraps[0] === 'list' ? listRule(owner, name) : undefined;
    const strategies = [
      ...(UNIONS.has(`${owner}.${name}`) ? ['retainKeys'] : []),
      ...(rule?.patch !== undefined ? ['merge'] : []),
    ];
    const strategy =
      strategies.length > 0
        ? {
            'x-kubernetes-patch-strategy':
              type.wraps[0] === 'list' ? [...strategies].reverse().join(',') : strategies.join(','),
          }
        : {};
    const map =
      rule?.keys &&
      (rule.keys.length > 0
        ? { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': rule.keys }
        : { 'x-kubernetes-list-type': 'set' });
    const isKind = name === 'apiVersion' || this.schema.fields(owner)?.has('apiVersion') === true;
    const description = describeField(owner, name, isKind);
    return {
      ...(description && { description }),
      ...withEnum(this.value(type), owner, name),
      ...strategy,
      ...(rule?.patch && { 'x-kubernetes-patch-merge-key': rule.patch }),
      ...map,
    };
  }

  private value(type: FieldType): Json {
    if (type.wraps[0] === 'list') return { type: 'array', items: this.inner(elementType(type)) };
    if (type.wraps[0] === 'map') return { type: 'object', additionalProperties: this.inner(elementType(type)) };
    return this.inner(type);
  }

  private inner(type: FieldType): Json {
    if (type.wraps.length > 0) return this.value(type);
    return SCALARS[type.base] ?? { allOf: [this.reference(type.base)], default: {} };
  }
}

export class OpenApi {
  private readonly cache = new Map<string, string>();
  private revision = 0;

  constructor(private readonly registry: Registry) {}

  private groupVersions(): Map<string, { group: string; version: string }> {
    const list = new Map<string, { group: string; version: string }>();
    for (const { group, versions } of this.registry.all())
      for (const { name } of versions)
        list.set(group ? `apis/${group}/${name}` : `api/${name}`, { group, version: name });
    return list;
  }

  paths(): string[] {
    return [...this.groupVersions().keys()];
  }

  index(): object {
    const paths = this.paths().map((path) => [
      path,
      { serverRelativeURL: `/openapi/v3/${path}?hash=${this.registry.revision}` },
    ]);
    return { paths: Object.fromEntries(paths) };
  }

  /** A group version's document as text; undefined for an unknown path. */
  document(path: string): string | undefined {
    const found = this.groupVersions().get(path);
    if (!found) return undefined;
    if (this.revision !== this.registry.revision) this.cache.clear();
    this.revision = this.registry.revision;
    let text = this.cache.get(path);
    if (!text) this.cache.set(path, (text = JSON.stringify(this.build(found.group, found.version, path))));
    return text;
  }

  private build(group: string, version: string, path: string): object {
    const document = new Document(this.registry.schema);
    const paths: Record<string, Json> = {};
    for (const definition of this.registry.all()) {
      const served = definition.versions.find(({ name }) => name === version);
      if (definition.group !== group || !served) continue;
      const type = served.type ?? definition.kind;
      const gvk = { group, version, kind: definition.kind };
      const reference = document.reference(type);
      const schema = document.schemas[schemaName(type)] as Json;
      schema['x-kubernetes-group-version-kind'] = [gvk];
      Object.assign(
        paths,
        operations(definition, path, gvk, reference, this.registry.isCustom(resourceId(definition))),
      );
    }
    return {
      openapi: '3.0.0',
      info: { title: 'Kubernetes', version: groupVersion(group, version) },
      paths,
      components: { schemas: document.schemas },
    };
  }
}

function operations(
  d: ResourceDefinition,
  path: string,
  gvk: object,
  reference: Json,
  custom: boolean,
): Record<string, Json> {
  const collection = `/${path}/${d.namespaced ? 'namespaces/{namespace}/' : ''}${d.plural}`;
  const content = { 'application/json': { schema: reference } };
  const operation = (action: string, body: boolean): Json => ({
    tags: [`${d.plural}_${action}`],
    operationId: `${action}${d.kind}`,
    parameters: body ? QUERY : [],
    ...(body && {
      requestBody: {
        content:
          action === 'patch'
            ? {
                'application/merge-patch+json': { schema: {} },
                ...(!custom && { 'application/strategic-merge-patch+json': { schema: {} } }),
                'application/apply-patch+yaml': { schema: {} },
              }
            : content,
      },
    }),
    responses: { 200: { description: 'OK', content } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  });
  return {
    [collection]: { get: operation('list', false), post: operation('post', true) },
    [`${collection}/{name}`]: {
      get: operation('get', false),
      put: operation('put', true),
      patch: operation('patch', true),
      delete: operation('delete', true),
    },
  };
}
