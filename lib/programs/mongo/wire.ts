// MongoDB's wire protocol as far as connecting goes: OP_MSG and OP_QUERY with BSON documents of plain values.
import type { Connection } from '../../machine/net';

export type Value = string | number | boolean | null | Document | Value[];
export interface Document {
  [name: string]: Value;
}

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const MAX_MESSAGE = 48_000_000; // bytes, maxMessageSizeBytes of the real server

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

export function encode(document: Document): Buffer {
  const body = Buffer.concat(Object.entries(document).map(([name, value]) => element(name, value)));
  return Buffer.concat([int32(body.length + 5), body, Buffer.of(0)]);
}

function element(name: string, value: Value): Buffer {
  const head = (type: number) => Buffer.concat([Buffer.of(type), encoder.encode(name), Buffer.of(0)]);
  if (value === null) return head(0x0a);
  if (typeof value === 'boolean') return Buffer.concat([head(0x08), Buffer.of(value ? 1 : 0)]);
  if (typeof value === 'string') {
    const text = encoder.encode(value);
    return Buffer.concat([head(0x02), int32(text.length + 1), text, Buffer.of(0)]);
  }
  if (typeof value === 'number') {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return Buffer.concat([head(0x10), int32(value)]);
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return Buffer.concat([head(0x01), bytes]);
  }
  if (Array.isArray(value))
    return Buffer.concat([head(0x04), encode(Object.fromEntries(value.map((item, i) => [String(i), item])))]);
  return Buffer.concat([head(0x03), encode(value)]);
}

/** Reads a document; what has a type that is not known here ends it. */
export function decode(bytes: Buffer, from = 0): Document {
  const end = from + bytes.readInt32LE(from) - 1;
  const document: Document = {};
  let at = from + 4;
  while (at < end) {
    const type = bytes[at] as number;
    const stop = bytes.indexOf(0, at + 1);
    const name = decoder.decode(bytes.subarray(at + 1, stop));
    at = stop + 1;
    const size = sizeOf(type, bytes, at);
    if (size === undefined) break;
    const value = readValue(type, bytes, at, size);
    if (value !== undefined) document[name] = value;
    at += size;
  }
  return document;
}

function sizeOf(type: number, bytes: Buffer, at: number): number | undefined {
  const fixed: Record<number, number> = { 1: 8, 7: 12, 8: 1, 9: 8, 10: 0, 16: 4, 17: 8, 18: 8, 19: 16, 255: 0, 127: 0 };
  if (type in fixed) return fixed[type];
  if (type === 0x02) return 4 + bytes.readInt32LE(at);
  if (type === 0x03 || type === 0x04) return bytes.readInt32LE(at);
  return type === 0x05 ? 5 + bytes.readInt32LE(at) : undefined;
}

function readValue(type: number, bytes: Buffer, at: number, size: number): Value | undefined {
  if (type === 0x01) return bytes.readDoubleLE(at);
  if (type === 0x02) return decoder.decode(bytes.subarray(at + 4, at + size - 1));
  if (type === 0x03) return decode(bytes, at);
  if (type === 0x04) return Object.values(decode(bytes, at));
  if (type === 0x08) return bytes[at] === 1;
  if (type === 0x0a) return null;
  if (type === 0x10) return bytes.readInt32LE(at);
  if (type === 0x12) return Number(bytes.readBigInt64LE(at));
  return undefined;
}

export interface Incoming {
  id: number;
  query: boolean;
  document: Document;
}

/** Messages over a connection, both sides. */
export class MongoStream {
  private buffer = Buffer.alloc(0);
  private next = 1;

  constructor(
    private readonly connection: Pick<Connection, 'read' | 'write'>,
    private readonly signal: AbortSignal,
  ) {}

  async read(): Promise<Incoming | undefined> {
    if (!(await this.need(16))) return undefined;
    const size = this.buffer.readInt32LE(0);
    if (size < 16 || size > MAX_MESSAGE || !(await this.need(size))) return undefined;
    const message = this.buffer.subarray(0, size);
    this.buffer = this.buffer.subarray(size);
    const [id, operation] = [message.readInt32LE(4), message.readInt32LE(12)];
    if (operation === OP_MSG) return { id, query: false, document: decode(message, 21) };
    if (operation === OP_REPLY) return { id, query: true, document: decode(message, 36) };
    if (operation !== OP_QUERY) return undefined;
    return { id, query: true, document: decode(message, message.indexOf(0, 20) + 9) };
  }

  private async need(count: number): Promise<boolean> {
    while (this.buffer.length < count) {
      const chunk = await this.connection.read(65536, this.signal);
      if (!chunk) return false;
      this.buffer = Buffer.concat([this.buffer, chunk]);
    }
    return true;
  }

  /** Sends a document: a command, or the answer to a message. */
  async send(document: Document, answered?: Incoming): Promise<void> {
    const body = encode(document);
    const payload = answered?.query
      ? Buffer.concat([int32(8), Buffer.alloc(8), int32(0), int32(1), body])
      : Buffer.concat([int32(0), Buffer.of(0), body]);
    const head = Buffer.concat([
      int32(payload.length + 16),
      int32(this.next++),
      int32(answered?.id ?? 0),
      int32(answered?.query ? OP_REPLY : OP_MSG),
    ]);
    await this.connection.write(new Uint8Array(Buffer.concat([head, payload])), this.signal);
  }
}
