// Bodies in Kubernetes' protobuf form, which kubectl 1.32 and later sends for what it creates: read into the JSON they stand for.
// Answers are never protobuf: every client takes JSON too.
import numbers from '../resources/schema/field-numbers.json';
import { elementType, type FieldType, type Schema } from '../resources/schema/schema';
import { put } from './json';

const MAGIC = Buffer.from('k8s\0', 'latin1');
const DEPTH_MAX = 100;

/** Scalars that are pointers in Go: their zero is a value. Every other field is sent always, and its zero means "not set". */
const ZERO_COUNTS = new Set(
  (
    'activeDeadlineSeconds allocateLoadBalancerNodePorts allowPrivilegeEscalation allowVolumeExpansion attachRequired ' +
    'automountServiceAccountToken averageUtilization backoffLimit blockOwnerDeletion completions controller defaultMode ' +
    'enableServiceLinks expirationSeconds failedJobsHistoryLimit fsGroup gracePeriodSeconds hostUsers immutable ' +
    'manualSelector minReplicas mode optional orphanDependents parallelism partition podInfoOnMount privileged ' +
    'progressDeadlineSeconds ready readOnlyRootFilesystem replicas revisionHistoryLimit runAsGroup runAsNonRoot runAsUser ' +
    'serving setHostnameAsFQDN shareProcessNamespace stabilizationWindowSeconds startingDeadlineSeconds storageClassName ' +
    'successfulJobsHistoryLimit suspend targetCPUUtilizationPercentage terminating terminationGracePeriodSeconds ' +
    'tolerationSeconds ttlSecondsAfterFinished value weight'
  ).split(' '),
);
// `value` and `weight` are no pointers where they are most used, but there zero and absence mean the same.

type Json = unknown;
type Numbers = Record<string, number | [number, number]>;

/** A body that is no protobuf of Kubernetes. */
export class ProtobufError extends Error {}

/** One field as it stands on the wire. */
interface Field {
  number: number;
  /** A varint, or the eight bytes of a double. */
  value: bigint;
  bytes: Buffer | undefined;
}

function* fieldsOf(bytes: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new ProtobufError('proto: illegal integer');
  };
  const take = (size: number): Buffer => {
    if (at + size > bytes.length) throw new ProtobufError('unexpected EOF');
    at += size;
    return bytes.subarray(at - size, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    const wire = tag & 7;
    if (wire === 0) yield { number, value: varint(), bytes: undefined };
    else if (wire === 1) yield { number, value: take(8).readBigUInt64LE(), bytes: undefined };
    else if (wire === 2) yield { number, value: 0n, bytes: take(Number(varint())) };
    else if (wire === 5) take(4);
    else throw new ProtobufError(`proto: illegal wireType ${wire}`);
  }
}

const members = (bytes: Buffer): Map<number, Field> =>
  new Map([...fieldsOf(bytes)].map((field) => [field.number, field]));
const textOf = (field: Field | undefined): string => field?.bytes?.toString('utf8') ?? '';

/** Time: 1 seconds, 2 nanoseconds. The zero time is no time. */
function time(bytes: Buffer, micro: boolean): string | undefined {
  const parts = members(bytes);
  const seconds = parts.get(1)?.value;
  if (seconds === undefined) return undefined;
  const whole = new Date(Number(BigInt.asIntN(64, seconds)) * 1000).toISOString().slice(0, 19);
  const nanos = String(parts.get(2)?.value ?? 0n).padStart(9, '0');
  return micro ? `${whole}.${nanos.slice(0, 6)}Z` : `${whole}Z`;
}

/** IntOrString: 1 type, 2 number, 3 text. */
function intOrString(bytes: Buffer): Json {
  const parts = members(bytes);
  if (parts.get(1)?.value === 1n) return textOf(parts.get(3));
  return Number(BigInt.asIntN(32, parts.get(2)?.value ?? 0n));
}

/** RawExtension and FieldsV1: JSON inside. */
function raw(bytes: Buffer): Json {
  const text = textOf(members(bytes).get(1));
  return text === '' ? undefined : JSON.parse(text);
}

const double = (bits: bigint): number => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(bits);
  return buffer.readDoubleLE();
};

class Reader {
  constructor(private readonly schema: Schema) {}

  message(bytes: Buffer, type: string, depth: number): Record<string, Json> {
    if (depth > DEPTH_MAX) throw new ProtobufError('exceeded max depth');
    const result: Record<string, Json> = {};
    const known = Object.entries((numbers as unknown as Record<string, Numbers>)[type] ?? {});
    for (const field of fieldsOf(bytes))
      for (const [name, number] of known)
        if (number === field.number) this.put(result, name, type, field, depth);
        else if (Array.isArray(number) && number[0] === field.number && field.bytes)
          for (const inner of fieldsOf(field.bytes))
            if (inner.number === number[1]) this.put(result, name, type, inner, depth);
    return result;
  }

  private put(result: Record<string, Json>, name: string, owner: string, field: Field, depth: number): void {
    const type = this.schema.fields(owner)?.get(name);
    if (!type) return;
    if (type.wraps[0] === 'map') this.entry((result[name] ??= {}) as Record<string, Json>, type, field, depth);
    else if (type.wraps[0] === 'list')
      ((result[name] ??= []) as Json[]).push(this.value(field, elementType(type), depth) ?? '');
    else {
      const value = this.value(field, type, depth);
      const zero = value === undefined || ((value === '' || value === 0 || value === false) && !ZERO_COUNTS.has(name));
      if (!zero) result[name] = value;
    }
  }

  /** Map entries: 1 key, 2 value. */
  private entry(map: Record<string, Json>, type: FieldType, { bytes }: Field, depth: number): void {
    const parts = members(bytes ?? Buffer.alloc(0));
    const value = parts.get(2) ?? { number: 2, value: 0n, bytes: Buffer.alloc(0) };
    const element = elementType(type);
    const list = element.wraps[0] === 'list'; // a list in a map is a message of its own: 1 items
    const read = list
      ? [...fieldsOf(value.bytes ?? Buffer.alloc(0))].map((item) => this.value(item, elementType(element), depth))
      : this.value(value, element, depth);
    put(map, textOf(parts.get(1)), read);
  }

  private value({ value, bytes }: Field, { base }: FieldType, depth: number): Json {
    if (!bytes) {
      if (base === 'boolean') return value !== 0n;
      return base === 'double' ? double(value) : Number(BigInt.asIntN(64, value));
    }
    switch (base) {
      case 'string':
        return bytes.toString('utf8');
      case 'byte':
        return bytes.toString('base64');
      case 'date':
      case 'micro':
        return time(bytes, base === 'micro');
      case 'intstr':
        return intOrString(bytes);
      case 'quantity':
        return textOf(members(bytes).get(1));
      case 'any':
        return raw(bytes);
      default:
        return this.message(bytes, base, depth + 1);
    }
  }
}

/** Kinds that protobuf does not know: custom ones and OpenShift's take JSON only. */
export const hasProtobuf = (type: string): boolean => type in numbers;

/**
 * A body as the JSON object it stands for. `type` is the schema's name of what is expected.
 * The envelope is runtime.Unknown: 1 the kind, 2 the object.
 */
export function readProtobuf(schema: Schema, type: string, body: Buffer): Record<string, Json> {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC))
    throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  const envelope = members(body.subarray(MAGIC.length));
  const kind = members(envelope.get(1)?.bytes ?? Buffer.alloc(0));
  const object = new Reader(schema).message(envelope.get(2)?.bytes ?? Buffer.alloc(0), type, 0);
  return { apiVersion: textOf(kind.get(1)), kind: textOf(kind.get(2)), ...object };
}
