// Reads a client's JSON as a type of the API: unknown fields are dropped and told, wrong types refused in Go's words.

import { canonicalQuantity, parseQuantity, QUANTITY_ERROR } from '../resources/quantity';
import type { FieldType, Schema } from '../resources/schema/schema';
import { elementType } from '../resources/schema/schema';
import { put } from './json';

const MAX_DEPTH = 200; // far deeper than any kind; the real decoder stops at 10,000 levels

/** What a client's body turned into. */
export interface Decoded {
  // biome-ignore lint/suspicious/noExplicitAny: shaped by the schema
  value: any;
  /** Paths of fields the type does not have. */
  unknown: string[];
}

/** A body that does not fit; `message` is the JSON decoder's sentence without the kind. */
export class DecodeError extends Error {
  constructor(
    message: string,
    /** What the converter of strategic merge patches says in its place: apimachinery's runtime/converter.go. */
    readonly conversion = message,
  ) {
    super(message);
  }
}

/** Go's names for the kinds of values in unstructured content. */
const reflectKind = (value: unknown): string =>
  Array.isArray(value)
    ? 'slice'
    : typeof value === 'object'
      ? 'map'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value === 'number'
          ? Number.isInteger(value)
            ? 'int64'
            : 'float64'
          : 'string';

function conversionError(value: unknown, wanted: string): string {
  if (wanted.startsWith('map[')) return `cannot restore map from ${reflectKind(value)}`;
  if (wanted.startsWith('[]')) return `cannot restore slice from ${reflectKind(value)}`;
  if (wanted.startsWith('v1.')) return `cannot restore struct from: ${reflectKind(value)}`;
  return `unrecognized type: ${wanted}`;
}

const goType: Record<string, string> = {
  string: 'string',
  int32: 'int32',
  int64: 'int64',
  boolean: 'bool',
  double: 'float64',
};

const describe = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

const INT_LIMITS: Record<string, number> = { int32: 2 ** 31, int64: 2 ** 63 };

class Decoder {
  readonly unknown: string[] = [];

  constructor(private readonly schema: Schema) {}

  value(value: unknown, type: FieldType, path: string, owner: string, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new DecodeError('exceeded max depth');
    if (value === null || value === undefined) return undefined;
    if (type.wraps[0] === 'list') return this.list(value, type, path, owner, depth);
    if (type.wraps[0] === 'map') return this.map(value, type, path, owner, depth);
    const fields = this.schema.fields(type.base);
    return fields ? this.object(value, type.base, path, owner, depth) : this.scalar(value, type.base, path, owner);
  }

  private list(value: unknown, type: FieldType, path: string, owner: string, depth: number): unknown {
    if (!Array.isArray(value)) throw this.mismatch(value, path, owner, `[]${this.goName(elementType(type))}`);
    if (value.length === 0) return undefined;
    return value.map(
      (each, i) =>
        this.value(each, elementType(type), `${path}[${i}]`, owner, depth + 1) ?? this.zero(elementType(type)),
    );
  }

  private zero(type: FieldType): unknown {
    if (type.wraps.length > 0 || this.schema.fields(type.base)) return {};
    return type.base === 'string' ? '' : null;
  }

  private map(value: unknown, type: FieldType, path: string, owner: string, depth: number): unknown {
    if (typeof value !== 'object' || Array.isArray(value))
      throw this.mismatch(value, path, owner, `map[string]${this.goName(elementType(type))}`);
    const result: Record<string, unknown> = {};
    for (const [key, each] of Object.entries(value as object)) {
      const decoded = this.value(each, elementType(type), `${path}.${key}`, owner, depth + 1);
      put(result, key, decoded ?? this.zero(elementType(type)));
    }
    return Object.keys(result).length === 0 ? undefined : result;
  }

  private object(value: unknown, base: string, path: string, owner: string, depth: number): unknown {
    if (typeof value !== 'object' || Array.isArray(value))
      throw this.mismatch(value, path, owner, `v1.${base.replace(/^.*\./, '')}`);
    const fields = this.schema.fields(base) as ReadonlyMap<string, FieldType>;
    const result: Record<string, unknown> = {};
    const nextOwner = base.replace(/^.*\./, '');
    for (const [key, each] of Object.entries(value as object)) {
      const field = fields.get(key) ?? fields.get('*'); // '*': a custom kind that keeps what it does not know
      const at = path ? `${path}.${key}` : key;
      if (!field) {
        this.unknown.push(at);
        continue;
      }
      const decoded = this.value(each, field, at, nextOwner, depth + 1);
      if (decoded !== undefined) result[key] = decoded;
    }
    return result;
  }

  private scalar(value: unknown, base: string, path: string, owner: string): unknown {
    switch (base) {
      case 'any':
        return value;
      case 'string':
      case 'date':
      case 'micro':
        if (typeof value !== 'string') throw this.mismatch(value, path, owner, base === 'string' ? 'string' : 'time');
        return base === 'string' || value !== '' ? this.time(value, base) : undefined;
      case 'boolean':
        if (typeof value !== 'boolean') throw this.mismatch(value, path, owner, 'bool');
        return value;
      case 'intstr':
        if (typeof value !== 'string' && !Number.isInteger(value)) throw this.mismatch(value, path, owner, 'int32');
        return value;
      case 'quantity':
        if ((typeof value !== 'string' && typeof value !== 'number') || parseQuantity(value) === undefined)
          throw new DecodeError(QUANTITY_ERROR);
        return canonicalQuantity(value);
      case 'byte':
        return this.bytes(value, path, owner);
      case 'double':
        if (typeof value !== 'number') throw this.mismatch(value, path, owner, 'float64');
        return value;
      default:
        return this.integer(value, base, path, owner);
    }
  }

  private time(value: string, base: string): string {
    if (base === 'string' || !Number.isNaN(Date.parse(value))) return value;
    throw new DecodeError(
      `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  }

  private bytes(value: unknown, path: string, owner: string): string {
    if (typeof value !== 'string') throw this.mismatch(value, path, owner, '[]uint8');
    const text = value.replace(/[\r\n]/g, '');
    const bad = text.search(/[^A-Za-z0-9+/=]/);
    if (bad >= 0) throw new DecodeError(`illegal base64 data at input byte ${bad}`);
    if (text.length % 4 !== 0)
      throw new DecodeError(`illegal base64 data at input byte ${text.length - (text.length % 4)}`);
    return text;
  }

  private integer(value: unknown, base: string, path: string, owner: string): number {
    if (typeof value !== 'number') throw this.mismatch(value, path, owner, goType[base] ?? base);
    const limit = INT_LIMITS[base] ?? Number.POSITIVE_INFINITY;
    if (!Number.isInteger(value) || value >= limit || value < -limit)
      throw this.mismatch(value, path, owner, base, `number ${value}`);
    return value;
  }

  private goName(type: FieldType): string {
    return goType[type.base] ?? `v1.${type.base.replace(/^.*\./, '')}`;
  }

  private mismatch(value: unknown, path: string, owner: string, wanted: string, got = describe(value)): DecodeError {
    const field = path.replace(/\[\d+\]/g, '');
    return new DecodeError(
      path
        ? `json: cannot unmarshal ${got} into Go struct field ${owner}.${field} of type ${wanted}`
        : `json: cannot unmarshal ${got} into Go value of type ${wanted}`,
      conversionError(value, wanted),
    );
  }
}

/** Throws DecodeError. */
export function decode(schema: Schema, type: string, value: unknown): Decoded {
  const decoder = new Decoder(schema);
  const decoded = decoder.value(value, { base: type, wraps: [], required: true }, '', type, 0);
  return { value: decoded ?? {}, unknown: decoder.unknown };
}
