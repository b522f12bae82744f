// Values in the binary form that some clients ask for or send (src/backend/utils/adt: …send, …recv).

import { PgError } from '../postgres-engine/error';
import { isText, typeNamed } from '../postgres-engine/types';
import { stampOf } from '../postgres-engine/values';
import type { LiteValue } from '../sql/engine';

const EPOCH = 946_684_800_000_000; // 2000-01-01 in microseconds since 1970
const INTEGERS: Record<string, number> = { int2: 2, int4: 4, int8: 8, oid: 4 };

function integer(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value);
  return bytes.slice(8 - size);
}

function double(value: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  if (size === 4) view.setFloat32(0, value);
  else view.setFloat64(0, value);
  return bytes;
}

export function toBinary(type: string, value: Exclude<LiteValue, null>, text: () => string): Uint8Array {
  const size = INTEGERS[type];
  if (size) return integer(BigInt(value as bigint), size);
  if (type === 'bool') return Uint8Array.of(value ? 1 : 0);
  if (type === 'float4' || type === 'float8') return double(Number(value), typeNamed(type).length);
  if (value instanceof Uint8Array) return value;
  if (type === 'timestamp' || type === 'timestamptz') return integer(BigInt(stampOf(String(value)) - EPOCH), 8);
  if (type === 'date') return integer(BigInt((stampOf(String(value)) - EPOCH) / 86_400_000_000), 4);
  if (type === 'uuid') return new Uint8Array(Buffer.from(String(value).replaceAll('-', ''), 'hex'));
  if (type === 'numeric') return numeric(String(value));
  if (type === 'jsonb') return new Uint8Array([1, ...Buffer.from(text())]);
  if (isText(type) || type === 'json' || typeNamed(type).category === 'E') return new Uint8Array(Buffer.from(text()));
  throw new PgError('0A000', `not supported: binary output of type ${typeNamed(type).display}`);
}

/** Digits of base 10000, with their weight, sign and scale. */
function numeric(text: string): Uint8Array {
  const negative = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const left = whole.replace(/^0+/, '').padStart(Math.ceil(whole.replace(/^0+/, '').length / 4) * 4, '0');
  const right = fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  const digits = (`${left}${right}`.match(/.{4}/g) ?? []).map(Number);
  const lead = digits.findIndex((digit) => digit !== 0);
  const used = lead < 0 ? [] : digits.slice(lead);
  while (used.at(-1) === 0) used.pop();
  const weight = left.length / 4 - 1 - Math.max(0, lead);
  const numbers = [
    used.length,
    used.length ? weight : 0,
    negative && used.length ? 0x4000 : 0,
    fraction.length,
    ...used,
  ];
  return new Uint8Array(numbers.flatMap((n) => [(n >> 8) & 255, n & 255]));
}

/** A parameter as text. */
export function fromBinary(type: string, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (INTEGERS[type] || type === 'unknown') {
    if (bytes.length === 8) return String(view.getBigInt64(0));
    if (bytes.length === 4) return String(view.getInt32(0));
    if (bytes.length === 2) return String(view.getInt16(0));
  }
  if (type === 'bool') return bytes[0] ? 't' : 'f';
  if (type === 'float8') return String(view.getFloat64(0));
  if (type === 'float4') return String(view.getFloat32(0));
  if (type === 'bytea') return `\\x${Buffer.from(bytes).toString('hex')}`;
  if (type === 'uuid') return Buffer.from(bytes).toString('hex');
  if (type === 'timestamp' || type === 'timestamptz')
    return new Date(Number((view.getBigInt64(0) + BigInt(EPOCH)) / 1000n)).toISOString();
  if (type === 'date') return new Date((view.getInt32(0) * 86_400_000_000 + EPOCH) / 1000).toISOString().slice(0, 10);
  if (type === 'jsonb') return new TextDecoder().decode(bytes.subarray(1));
  if (isText(type) || type === 'json') return new TextDecoder().decode(bytes);
  throw new PgError('0A000', `not supported: binary input of type ${typeNamed(type).display}`);
}
