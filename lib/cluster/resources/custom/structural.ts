// Structural schemas of custom resources: pruning, defaulting and validation with the words of kube-openapi's validator.
import { clone, put } from '../../api/json';
import type { FieldErrors } from '../validation/field-errors';

/** The part of JSONSchemaProps that is acted upon. */
export interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  required?: string[];
  enum?: unknown[];
  default?: unknown;
  nullable?: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  exclusiveMaximum?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
}

type Json = unknown;
type Fields = Record<string, Json>;

const isObject = (value: Json): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const ROOT = new Set(['apiVersion', 'kind', 'metadata']);

/** Takes out what the schema does not name. Works in place. */
export function prune(value: Json, schema: JsonSchema, root = false): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) prune(item, schema.items);
    return;
  }
  if (!isObject(value)) return;
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  for (const key of Object.keys(value)) {
    if ((root || schema['x-kubernetes-embedded-resource']) && ROOT.has(key)) continue;
    const known = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    const next =
      known ?? (isObject(schema.additionalProperties) ? (schema.additionalProperties as JsonSchema) : undefined);
    if (next) prune(value[key], next);
    else if (!open && schema.additionalProperties !== true) delete value[key];
  }
}

/** Fills in the schema's defaults. Works in place. */
export function fillDefaults(value: Json, schema: JsonSchema): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) fillDefaults(item, schema.items);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const missing = !Object.hasOwn(value, key) || (value[key] === null && !property.nullable);
    if (missing && property.default !== undefined) put(value, key, clone(property.default));
    if (Object.hasOwn(value, key)) fillDefaults(value[key], property);
  }
  if (isObject(schema.additionalProperties))
    for (const key of Object.keys(value))
      if (!schema.properties?.[key]) fillDefaults(value[key], schema.additionalProperties as JsonSchema);
}

const typeName = (value: Json): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : typeof value === 'number'
        ? Number.isInteger(value)
          ? 'integer'
          : 'number'
        : typeof value;

function fits(value: Json, schema: JsonSchema): boolean {
  if (schema['x-kubernetes-int-or-string']) return typeof value === 'string' || Number.isInteger(value);
  if (!schema.type) return true;
  const seen = typeName(value);
  return seen === schema.type || (schema.type === 'number' && seen === 'integer');
}

function checkString(value: string, schema: JsonSchema, at: string, errors: FieldErrors): void {
  if (schema.maxLength !== undefined && value.length > schema.maxLength) errors.tooLong(at, schema.maxLength);
  if (schema.minLength !== undefined && value.length < schema.minLength)
    errors.invalid(at, value, `${at} in body should be at least ${schema.minLength} chars long`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
    errors.invalid(at, value, `${at} in body should match '${schema.pattern}'`);
}

function checkNumber(value: number, schema: JsonSchema, at: string, errors: FieldErrors): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    errors.invalid(at, value, `${at} in body should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    errors.invalid(
      at,
      value,
      `${at} in body should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`,
    );
}

function checkArray(value: Json[], schema: JsonSchema, at: string, errors: FieldErrors): void {
  if (schema.maxItems !== undefined && value.length > schema.maxItems)
    errors.tooMany(at, value.length, schema.maxItems);
  if (schema.minItems !== undefined && value.length < schema.minItems)
    errors.invalid(at, value.length, `${at} in body should have at least ${schema.minItems} items`);
  for (const [i, item] of value.entries()) if (schema.items) validateJson(item, schema.items, `${at}[${i}]`, errors);
}

function checkObject(value: Fields, schema: JsonSchema, at: string, errors: FieldErrors): void {
  const join = (key: string) => (at ? `${at}.${key}` : key);
  for (const key of schema.required ?? []) if (value[key] === undefined) errors.required(join(key));
  for (const [key, each] of Object.entries(value)) {
    const property = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    const next =
      property ?? (isObject(schema.additionalProperties) ? (schema.additionalProperties as JsonSchema) : undefined);
    if (next && (at || !ROOT.has(key))) validateJson(each, next, join(key), errors);
    // Of metadata, a schema may restrict the name and nothing else.
    const name = !at && key === 'metadata' ? next?.properties?.['name'] : undefined;
    if (name && isObject(each)) validateJson(each['name'], name, 'metadata.name', errors);
  }
}

export function validateJson(value: Json, schema: JsonSchema, at: string, errors: FieldErrors): void {
  if (value === null && schema.nullable) return;
  if (!fits(value, schema)) {
    errors.invalid(
      at || '<nil>',
      typeName(value),
      `${at} in body must be of type ${schema.type ?? 'integer,string'}: ${JSON.stringify(typeName(value))}`,
    );
    return;
  }
  if (schema.enum && !schema.enum.some((each) => JSON.stringify(each) === JSON.stringify(value)))
    errors.notSupported(at, value, schema.enum.map(String));
  if (typeof value === 'string') checkString(value, schema, at, errors);
  else if (typeof value === 'number') checkNumber(value, schema, at, errors);
  else if (Array.isArray(value)) checkArray(value, schema, at, errors);
  else if (isObject(value)) checkObject(value, schema, at, errors);
}
