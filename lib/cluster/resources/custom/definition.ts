// A custom resource definition as one of our own: what the rest of the server needs to serve it. Conversion is `None`: only the
// version changes.
import type { KubeObject } from '../../store/types';
import { age, nameColumn } from '../columns';
import type { Cell, Column, ResourceDefinition, ScalePaths } from '../definition';
import { groupVersion } from '../definition';
import { since } from '../duration';
import { dnsSubdomain } from '../validation/names';
import { jsonPath } from './json-path';
import type { JsonSchema } from './structural';
import { fillDefaults, prune, validateJson } from './structural';

interface Version {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema?: JsonSchema };
  subresources?: {
    status?: object;
    scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string };
  };
  additionalPrinterColumns?: {
    name: string;
    type: Column['type'];
    jsonPath: string;
    format?: string;
    priority?: number;
    description?: string;
  }[];
}

type Printer = (object: KubeObject, now: number) => Cell;

function printerOf(type: string, path: string): Printer {
  const find = jsonPath(path) ?? (() => []);
  return (object, now) => {
    const values = find(object);
    if (values.length === 0) return type === 'string' ? '' : null;
    if (type === 'date') return since(String(values[0]), now);
    if (type === 'string')
      return values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join(',');
    return values[0] as Cell;
  };
}

function tableOf({ additionalPrinterColumns: extra }: Version): { columns: Column[]; row: ResourceDefinition['row'] } {
  if (!extra)
    return {
      columns: [nameColumn, { name: 'Age', type: 'date' }],
      row: (object, now) => [object.metadata.name, age(object, now)],
    };
  const printers = extra.map(({ type, jsonPath: path }) => printerOf(type, path));
  const columns = extra.map(({ name, type, format, priority, description }) => ({
    name,
    type,
    ...(format && { format }),
    ...(priority && { priority }),
    ...(description && { description }),
  }));
  return {
    columns: [nameColumn, ...columns],
    row: (object, now) => [object.metadata.name, ...printers.map((print) => print(object, now))],
  };
}

/** Sets a value at a path of field names; returns a copy. */
function withValue(object: KubeObject, path: string, value: unknown): KubeObject {
  const names = path.split('.').filter(Boolean);
  const set = (at: Record<string, unknown>, i: number): Record<string, unknown> => {
    const name = names[i] as string;
    return { ...at, [name]: i === names.length - 1 ? value : set((at[name] ?? {}) as Record<string, unknown>, i + 1) };
  };
  return set(object, 0) as unknown as KubeObject;
}

function scaleOf(scale: NonNullable<NonNullable<Version['subresources']>['scale']>): ScalePaths {
  const number = (path: string) => (object: KubeObject) => Number(jsonPath(path)?.(object)[0] ?? 0);
  return {
    replicas: number(scale.specReplicasPath),
    statusReplicas: number(scale.statusReplicasPath),
    selector: (object) => String((scale.labelSelectorPath && jsonPath(scale.labelSelectorPath)?.(object)[0]) ?? ''),
    withReplicas: (object, replicas) => withValue(object, scale.specReplicasPath, replicas),
  };
}

const typeName = ({ spec }: KubeObject) => `custom.${spec.group}.${spec.names.kind}`;

/** undefined when no version is served. */
export function customDefinition(crd: KubeObject): ResourceDefinition | undefined {
  const { group, names, scope } = crd['spec'];
  const versions = (crd['spec'].versions as Version[]).filter(({ served }) => served);
  const stored = versions.find(({ storage }) => storage) ?? versions[0];
  if (!stored) return undefined;
  const schema: JsonSchema = stored.schema?.openAPIV3Schema ?? { 'x-kubernetes-preserve-unknown-fields': true };
  const { status, scale } = stored.subresources ?? {};
  const storedVersion = groupVersion(group, stored.name);
  const fields = Object.keys(schema.properties ?? {});
  const keepsAll = crd['spec'].preserveUnknownFields === true;
  const open = keepsAll || schema['x-kubernetes-preserve-unknown-fields'] ? undefined : fields;
  return {
    group,
    selectable: () => ({}),
    versions: [stored, ...versions.filter((each) => each !== stored)].map(({ name }) => ({
      name,
      type: typeName(crd),
      decode: (object) => ({ ...object, apiVersion: storedVersion }),
      encode: (object) => ({ ...object, apiVersion: groupVersion(group, name) }),
    })),
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    ...(names.shortNames && { shortNames: names.shortNames }),
    ...(names.categories && { categories: names.categories }),
    namespaced: scope === 'Namespaced',
    subresources: [...(scale ? ['scale'] : []), ...(status ? ['status'] : [])],
    generation: true,
    nameRule: dnsSubdomain,
    types: {
      [typeName(crd)]: {
        apiVersion: 'string',
        kind: 'string',
        metadata: 'ObjectMeta',
        ...(open
          ? Object.fromEntries(
              open.filter((f) => !['apiVersion', 'kind', 'metadata'].includes(f)).map((f) => [f, 'any']),
            )
          : { '*': 'any' }),
      },
    },
    ...(scale && { scale: scaleOf(scale) }),
    ...tableOf(stored),
    default(object) {
      if (!keepsAll) prune(object, schema, true);
      fillDefaults(object, schema);
    },
    prepareCreate(object) {
      if (status) delete object['status'];
    },
    prepareUpdate(object, old) {
      if (!status) return;
      if (old['status'] === undefined) delete object['status'];
      else object['status'] = old['status'];
    },
    validate: (object, errors) => validateJson(object, schema, '', errors),
  };
}
