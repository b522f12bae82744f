// Who set which fields: metadata.managedFields, as sigs.k8s.io/structured-merge-diff computes them.
import type { Clock } from '../../sim/clock';
import type { ResourceDefinition } from '../resources/definition';
import { groupVersion } from '../resources/definition';
import type { Registry } from '../resources/registry';
import { listRule } from '../resources/schema/lists';
import type { FieldType, Schema } from '../resources/schema/schema';
import { elementType } from '../resources/schema/schema';
import type { FieldSet, KubeObject, ManagedFieldsEntry } from '../store/types';
import { equal } from './json';
import type { WriteOptions } from './operations';

const UNTRACKED = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

// biome-ignore lint/suspicious/noExplicitAny: any JSON value, walked by its schema
type Json = any;

/** What a key that is left out stands for: the `default` beside the listMapKey in k8s.io/api. */
const KEY_DEFAULTS: Readonly<Record<string, string>> = { protocol: 'TCP' };

function itemKey(item: Json, keys: readonly string[]): string {
  const [only] = keys;
  if (keys.length === 1 && only !== undefined && item[only] !== undefined)
    return `k:{${JSON.stringify(only)}:${JSON.stringify(item[only])}}`;
  return itemKeys(item, keys);
}

const itemKeys = (item: Json, keys: readonly string[]): string =>
  `k:${JSON.stringify(
    Object.fromEntries(
      keys
        .map((key) => [key, item[key] ?? KEY_DEFAULTS[key]] as const)
        .filter(([, value]) => value !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  )}`;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How a value's children are told apart: by field, by key, by value; or not at all (atomic). */
export function children(
  schema: Schema,
  owner: string,
  field: string,
  type: FieldType,
  value: Json,
): [string, Json, FieldType, string, string][] | undefined {
  if (type.wraps[0] === 'list') {
    const keys = listRule(owner, field)?.keys;
    if (!keys || !Array.isArray(value)) return undefined;
    const element = elementType(type);
    return value.map((item) => [
      keys.length > 0 ? itemKey(item, keys) : `v:${JSON.stringify(item)}`,
      item,
      element,
      owner,
      field,
    ]);
  }
  if (type.wraps[0] === 'map')
    return isObject(value)
      ? Object.entries(value).map(([key, each]) => [`f:${key}`, each, elementType(type), owner, field])
      : undefined;
  if (type.base === 'any') return undefined;
  const fields = schema.fields(type.base);
  if (!fields || ATOMIC.has(type.base) || !isObject(value)) return undefined;
  return Object.entries(value).flatMap(([key, each]) => {
    const next = fields.get(key);
    return next && each !== undefined
      ? [[`f:${key}`, each, next, type.base, key] as [string, Json, FieldType, string, string]]
      : [];
  });
}

/** Structures applied as one: +structType=atomic. */
const ATOMIC = new Set([
  'LabelSelector',
  'NodeSelector',
  'NodeSelectorTerm',
  'ObjectReference',
  'LocalObjectReference',
  'SecretReference',
  'ObjectFieldSelector',
  'ResourceFieldSelector',
  'ConfigMapKeySelector',
  'SecretKeySelector',
  'ScopeSelector',
  'TypedLocalObjectReference',
  'OwnerReference',
  'RoleRef',
  'rbac.Subject',
  'CrossVersionObjectReference',
  'NetworkPolicyPeer',
  'TopologySelectorTerm',
  'VolumeNodeAffinity',
  'IngressServiceBackend',
]);

/** What has no fields of its own: one for all, since sets are never changed in place. */
const LEAF: FieldSet = Object.freeze({});

/** Every field that `value` sets. As `fieldsOf` without an old value, in half the time: each create asks for it. */
function allFields(schema: Schema, owner: string, field: string, type: FieldType, value: Json): FieldSet {
  const [wrap] = type.wraps;
  if (wrap !== 'list' && wrap !== 'map') return fieldsOfStructure(schema, field, type, value);
  const set: FieldSet = { '.': LEAF };
  const parts = children(schema, owner, field, type, value);
  if (!parts || parts.length === 0) return LEAF;
  for (const [key, each, next] of parts) {
    const inner = allFields(schema, owner, field, next, each);
    set[key] = key.startsWith('k:') ? { '.': LEAF, ...inner } : inner;
  }
  return set;
}

function fieldsOfStructure(schema: Schema, field: string, type: FieldType, value: Json): FieldSet {
  if (type.base === 'any' || !isObject(value) || ATOMIC.has(type.base)) return LEAF;
  const fields = schema.fields(type.base);
  if (!fields) return LEAF;
  const set: FieldSet = {};
  let isEmpty = true;
  for (const key in value) {
    const next = fields.get(key);
    if (!next || value[key] === undefined) continue;
    if (isEmpty && isUnionLike(field)) set['.'] = LEAF;
    isEmpty = false;
    const each = value[key];
    set[`f:${key}`] = typeof each === 'object' && each !== null ? allFields(schema, type.base, key, next, each) : LEAF;
  }
  return set;
}

/** The fields that `value` sets; with `old`, only those that differ from it. undefined: none. */
function fieldsOf(
  schema: Schema,
  owner: string,
  field: string,
  type: FieldType,
  value: Json,
  old?: Json,
): FieldSet | undefined {
  if (old === undefined) return allFields(schema, owner, field, type, value);
  if (equal(value, old)) return undefined;
  const parts = children(schema, owner, field, type, value);
  if (!parts) return {};
  if (parts.length === 0) return {};
  const before = new Map((children(schema, owner, field, type, old) ?? []).map(([key, each]) => [key, each]));
  const set: FieldSet = {};
  for (const [key, each, next, nextOwner, nextField] of parts) {
    const inner = fieldsOf(schema, nextOwner, nextField, next, each, before.get(key));
    if (inner) set[key] = key.startsWith('k:') && !before.has(key) ? { '.': {}, ...inner } : inner;
  }
  return Object.keys(set).length === 0 ? undefined : set;
}

/** Pointers to structures own themselves too; the schema cannot tell them from values, these are the common ones. */
const isUnionLike = (field: string) => POINTERS.has(field);
const POINTERS = new Set([
  'rollingUpdate',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'exec',
  'httpGet',
  'tcpSocket',
  'emptyDir',
  'configMap',
  'secret',
  'projected',
  'downwardAPI',
  'persistentVolumeClaim',
  'hostPath',
  'affinity',
  'valueFrom',
  'httpHeaders',
]);

/** All fields of an object but those the server owns. */
export function objectFields(schema: Schema, type: string, object: KubeObject, old?: KubeObject): FieldSet {
  const strip = ({ apiVersion: _a, kind: _k, metadata, ...rest }: KubeObject) => {
    const meta = Object.fromEntries(Object.entries(metadata).filter(([key]) => !UNTRACKED.has(key)));
    return { ...rest, ...(Object.keys(meta).length > 0 && { metadata: meta }) };
  };
  const root: FieldType = { base: type, wraps: [], required: true };
  return fieldsOf(schema, '', '', root, strip(object), old && strip(old)) ?? {};
}

/** `a` without what is in `b`. */
function subtract(a: FieldSet, b: FieldSet): FieldSet | undefined {
  const result: FieldSet = {};
  for (const [key, inner] of Object.entries(a)) {
    const other = b[key];
    if (!other) result[key] = inner;
    else if (Object.keys(inner).length > 0) {
      const rest = subtract(inner, other);
      if (rest && Object.keys(rest).some((each) => each !== '.')) result[key] = rest;
    }
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const result: FieldSet = { ...a };
  for (const [key, inner] of Object.entries(b)) result[key] = result[key] ? union(result[key], inner) : inner;
  return result;
}

/** The object with its managedFields brought up to a write by `options.fieldManager`. */
export function trackManagers(
  { schema }: Registry,
  definition: ResourceDefinition,
  object: KubeObject,
  old: KubeObject | undefined,
  options: WriteOptions,
  clock: Clock,
): KubeObject {
  const manager = options.fieldManager;
  if (!manager) return object;
  const version = definition.versions[0];
  const apiVersion = options.apiVersion ?? groupVersion(definition.group, version?.name ?? 'v1');
  const changed = objectFields(schema, version?.type ?? definition.kind, object, old);
  const subresource =
    options.subresource === 'status' || options.subresource === 'scale' ? options.subresource : undefined;
  const previous = object.metadata.managedFields ?? [];
  const isMine = (entry: ManagedFieldsEntry) =>
    entry.manager === manager &&
    entry.operation === 'Update' &&
    entry.apiVersion === apiVersion &&
    entry.subresource === subresource;
  const mine = previous.find(isMine);
  const others = previous.flatMap((entry) => {
    if (isMine(entry)) return [];
    const rest = entry.operation === 'Apply' ? subtract(entry.fieldsV1, changed) : subtract(entry.fieldsV1, changed);
    return rest ? [{ ...entry, fieldsV1: rest }] : [];
  });
  if (Object.keys(changed).length === 0) return object;
  const entry: ManagedFieldsEntry = {
    manager,
    operation: 'Update',
    apiVersion,
    time: clock.timestamp(),
    fieldsType: 'FieldsV1',
    fieldsV1: mine ? union(mine.fieldsV1, changed) : changed,
    ...(subresource && { subresource }),
  };
  return { ...object, metadata: { ...object.metadata, managedFields: [...others, entry] } };
}
