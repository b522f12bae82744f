// MySQL packets: framing on a byte stream, and the integers and strings inside.

/** What carries packets: one end of a connection, or a socket file. */
export interface ByteStream {
  read(max?: number, signal?: AbortSignal): Promise<Uint8Array | null>;
  write(bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
}

const MAX_PAYLOAD = 0xffffff;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Reads and writes whole packets; keeps the sequence number. */
export class PacketStream {
  sequence = 0;
  private buffer = new Uint8Array();
  private outgoing: Uint8Array[] = [];

  constructor(
    private readonly stream: ByteStream,
    private readonly signal?: AbortSignal,
    private readonly limit = 64 * 1024 * 1024,
  ) {}

  /** The next packet's payload; null when the peer has closed. */
  async read(): Promise<PacketReader | null> {
    let payload: Uint8Array | undefined;
    while (true) {
      const head = await this.take(4);
      if (!head) return null;
      const size = (head[0] ?? 0) | ((head[1] ?? 0) << 8) | ((head[2] ?? 0) << 16);
      this.sequence = ((head[3] ?? 0) + 1) & 255;
      const part = await this.take(size);
      if (!part || (payload?.length ?? 0) + size > this.limit) return null;
      payload = payload ? joined(payload, part) : part;
      if (size < MAX_PAYLOAD) return new PacketReader(payload);
    }
  }

  /** Queues a packet; `flush` sends. */
  put(payload: Uint8Array): void {
    for (let at = 0; ; at += MAX_PAYLOAD) {
      const part = payload.subarray(at, at + MAX_PAYLOAD);
      this.outgoing.push(
        Uint8Array.of(part.length & 255, (part.length >> 8) & 255, part.length >> 16, this.sequence),
        part,
      );
      this.sequence = (this.sequence + 1) & 255;
      if (part.length < MAX_PAYLOAD) return;
    }
  }

  async flush(): Promise<void> {
    const size = this.outgoing.reduce((sum, part) => sum + part.length, 0);
    const all = new Uint8Array(size);
    let at = 0;
    for (const part of this.outgoing.splice(0)) {
      all.set(part, at);
      at += part.length;
    }
    if (size > 0) await this.stream.write(all, this.signal);
  }

  async send(payload: Uint8Array): Promise<void> {
    this.put(payload);
    await this.flush();
  }

  private async take(size: number): Promise<Uint8Array | null> {
    while (this.buffer.length < size) {
      const chunk = await this.stream.read(65536, this.signal);
      if (!chunk) return null;
      this.buffer = joined(this.buffer, chunk);
    }
    const part = this.buffer.subarray(0, size);
    this.buffer = this.buffer.subarray(size);
    return part;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** Takes fields off a packet. Reading past the end gives zeros and empty strings, as a lenient server does. */
export class PacketReader {
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  int(size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value += (this.bytes[this.at + i] ?? 0) * 2 ** (8 * i);
    this.at += size;
    return value;
  }

  bigint(size: number): bigint {
    let value = 0n;
    for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[this.at + i] ?? 0);
    this.at += size;
    return value;
  }

  /** A length-encoded integer; null for NULL. */
  lenenc(): number | null {
    const first = this.int(1);
    if (first === 0xfb) return null;
    if (first === 0xfc) return this.int(2);
    if (first === 0xfd) return this.int(3);
    if (first === 0xfe) return this.int(8);
    return first;
  }

  take(size: number): Uint8Array {
    const part = this.bytes.subarray(this.at, this.at + size);
    this.at += size;
    return part;
  }

  rest(): Uint8Array {
    return this.take(Math.max(0, this.left));
  }

  lenencBytes(): Uint8Array | null {
    const size = this.lenenc();
    return size === null ? null : this.take(size);
  }

  lenencText(): string {
    return decoder.decode(this.lenencBytes() ?? new Uint8Array());
  }

  nulText(): string {
    const end = this.bytes.indexOf(0, this.at);
    const text = decoder.decode(this.bytes.subarray(this.at, end < 0 ? undefined : end));
    this.at = end < 0 ? this.bytes.length : end + 1;
    return text;
  }

  restText(): string {
    return decoder.decode(this.rest());
  }
}

/** Builds a packet. */
export class PacketWriter {
  private bytes = new Uint8Array(64);
  private size = 0;

  int(value: number | bigint, size: number): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    this.room(size);
    for (let i = 0; i < size; i++, rest >>= 8n) this.bytes[this.size++] = Number(rest & 255n);
    return this;
  }

  lenenc(value: number): this {
    if (value < 0xfb) return this.int(value, 1);
    if (value < 2 ** 16) return this.int(0xfc, 1).int(value, 2);
    if (value < 2 ** 24) return this.int(0xfd, 1).int(value, 3);
    return this.int(0xfe, 1).int(value, 8);
  }

  raw(bytes: Uint8Array): this {
    this.room(bytes.length);
    this.bytes.set(bytes, this.size);
    this.size += bytes.length;
    return this;
  }

  text(text: string): this {
    return this.raw(encoder.encode(text));
  }

  nulText(text: string): this {
    return this.text(text).int(0, 1);
  }

  lenencBytes(bytes: Uint8Array): this {
    return this.lenenc(bytes.length).raw(bytes);
  }

  lenencText(text: string): this {
    return this.lenencBytes(encoder.encode(text));
  }

  double(value: number, size: 4 | 8): this {
    const view = new DataView(new ArrayBuffer(size));
    if (size === 4) view.setFloat32(0, value, true);
    else view.setFloat64(0, value, true);
    return this.raw(new Uint8Array(view.buffer));
  }

  done(): Uint8Array {
    return this.bytes.subarray(0, this.size);
  }

  private room(more: number): void {
    if (this.size + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.size + more));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}
