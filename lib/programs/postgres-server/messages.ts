// Messages of PostgreSQL's protocol, version 3: reading what clients and servers send, writing it.
import { concat } from '../../machine/process';

export interface ByteStream {
  read(max?: number, signal?: AbortSignal): Promise<Uint8Array | null>;
  write(bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
}

const MAX_MESSAGE = 64 * 1024 * 1024; // bytes: more than a small server's memory would take

/** A body that is being read. */
export class Body {
  private at = 0;

  constructor(readonly bytes: Uint8Array) {}

  private get view(): DataView {
    return new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  int16(): number {
    this.at += 2;
    return this.view.getInt16(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.view.getInt32(this.at - 4);
  }

  text(): string {
    const end = this.bytes.indexOf(0, this.at);
    const text = new TextDecoder().decode(this.bytes.subarray(this.at, end < 0 ? undefined : end));
    this.at = end < 0 ? this.bytes.length : end + 1;
    return text;
  }

  take(count: number): Uint8Array {
    this.at += count;
    return this.bytes.slice(this.at - count, this.at);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }
}

/** A message that is being written. */
export class Message {
  private readonly parts: Uint8Array[] = [];

  constructor(private readonly kind: string) {}

  byte(value: number): this {
    this.parts.push(Uint8Array.of(value));
    return this;
  }

  int16(value: number): this {
    this.parts.push(Uint8Array.of((value >> 8) & 255, value & 255));
    return this;
  }

  int32(value: number): this {
    this.parts.push(Uint8Array.of((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255));
    return this;
  }

  text(value: string): this {
    this.parts.push(new TextEncoder().encode(value), Uint8Array.of(0));
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.parts.push(bytes);
    return this;
  }

  /** A value with its length; null is -1. */
  value(bytes: Uint8Array | null): this {
    return bytes === null ? this.int32(-1) : this.int32(bytes.length).raw(bytes);
  }

  done(): Uint8Array {
    const body = concat(this.parts);
    const all = new Uint8Array(body.length + 4 + this.kind.length);
    if (this.kind) all[0] = this.kind.charCodeAt(0);
    new DataView(all.buffer).setInt32(this.kind.length, body.length + 4);
    all.set(body, this.kind.length + 4);
    return all;
  }
}

/** Messages over a stream of bytes. */
export class MessageStream {
  private buffer = new Uint8Array();
  private out: Uint8Array[] = [];
  private waiting = 0;

  constructor(
    private readonly stream: ByteStream,
    private readonly signal: AbortSignal,
  ) {}

  private async need(count: number): Promise<boolean> {
    while (this.buffer.length < count) {
      const chunk = await this.stream.read(65536, this.signal);
      if (!chunk) return false;
      this.buffer = concat([this.buffer, chunk]);
    }
    return true;
  }

  private shift(count: number): Uint8Array {
    const taken = this.buffer.slice(0, count);
    this.buffer = this.buffer.slice(count);
    return taken;
  }

  /** One byte, as the answer to an SSL request. */
  async byte(): Promise<number | undefined> {
    return (await this.need(1)) ? this.shift(1)[0] : undefined;
  }

  /** A message without kind: the first of a connection. */
  async start(): Promise<Body | undefined> {
    if (!(await this.need(4))) return undefined;
    const size = new DataView(this.buffer.buffer, this.buffer.byteOffset).getInt32(0);
    if (size < 8 || size > 10_000 || !(await this.need(size))) return undefined;
    return new Body(this.shift(size).slice(4));
  }

  async read(): Promise<{ kind: string; body: Body } | undefined> {
    if (!(await this.need(5))) return undefined;
    const size = new DataView(this.buffer.buffer, this.buffer.byteOffset).getInt32(1);
    if (size < 4 || size > MAX_MESSAGE || !(await this.need(size + 1))) return undefined;
    const all = this.shift(size + 1);
    return { kind: String.fromCharCode(all[0] ?? 0), body: new Body(all.slice(5)) };
  }

  put(message: Message | Uint8Array): void {
    const bytes = message instanceof Message ? message.done() : message;
    this.out.push(bytes);
    this.waiting += bytes.length;
  }

  get full(): boolean {
    return this.waiting > 65536;
  }

  async flush(): Promise<void> {
    if (this.out.length === 0) return;
    const bytes = concat(this.out.splice(0));
    this.waiting = 0;
    await this.stream.write(bytes, this.signal);
  }

  async send(message: Message | Uint8Array): Promise<void> {
    this.put(message);
    await this.flush();
  }
}
