// The server's side of SPDY/3.1, as far as kubectl speaks it: streams opened by the client, data both ways.
// draft-mbelshe-httpbis-spdy-00. Go's side sends no WINDOW_UPDATE, so there is no flow control here either.
import { Inflate, Z_SYNC_FLUSH } from 'pako';
import { Pipe } from '../../sim/pipe';
import { SPDY_DICTIONARY } from './spdy-dictionary';
import type { Transport } from './transport';

const CONTROL = 0x80;
const VERSION = 3;
const FIN = 1;
const HEAD_BYTES = 8;
const MAX_FRAME_BYTES = 2 ** 20; // of a control frame: far above any header block
const MAX_DATA_BYTES = 32 * 1024;
const UNREAD_BYTES = 4 * 1024 * 1024; // before a client has to wait for a program that does not read

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
const CANCEL = 5; // status of RST_STREAM

/**
 * No headers, compressed: the first time behind the zlib header that names the dictionary. Two stored blocks: four zero bytes,
 * and an empty one, at which Go's reader gives out what it has instead of reading on.
 */
const STORED = Uint8Array.of(0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);
const FIRST = Uint8Array.of(0x78, 0xf9, 0xe3, 0xc6, 0xa7, 0xc2, ...STORED);

/** One stream of a connection. */
export class SpdyStream {
  /** What the client sends; ends when it has no more. */
  readonly incoming = new Pipe(UNREAD_BYTES);
  private closed = false;

  constructor(
    readonly id: number,
    readonly headers: Readonly<Record<string, string>>,
    private readonly sendFrame: (flags: number, data: Uint8Array) => Promise<void>,
    private readonly sendReset: () => Promise<void>,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.closed; at += MAX_DATA_BYTES)
      await this.sendFrame(0, bytes.subarray(at, at + MAX_DATA_BYTES));
  }

  /** No more will be written. */
  async end(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.sendFrame(FIN, new Uint8Array());
  }

  async reset(): Promise<void> {
    this.closed = true;
    await this.sendReset();
  }

  /** The client cut it off, or is gone. */
  abort(): void {
    this.closed = true;
    this.incoming.end();
  }
}

/** One connection. */
export class SpdyConnection {
  private buffer: Uint8Array = new Uint8Array();
  private readonly streams = new Map<number, SpdyStream>();
  private readonly inflate = new Inflate({ dictionary: SPDY_DICTIONARY });
  private inflated: Uint8Array[] = [];
  private replied = false;
  private readonly abort = new AbortController();

  constructor(
    private readonly transport: Transport,
    private readonly onStream: (stream: SpdyStream) => void,
  ) {
    this.inflate.onData = (chunk) => void this.inflated.push(chunk as Uint8Array);
    transport.receive(
      (bytes) => this.take(bytes),
      () => this.gone(),
    );
  }

  /** Aborts when the client has gone. */
  get closed(): AbortSignal {
    return this.abort.signal;
  }

  close(): void {
    this.transport.close();
  }

  private gone(): void {
    for (const stream of this.streams.values()) stream.abort();
    this.streams.clear();
    this.abort.abort(new Error('the client has gone'));
  }

  private async take(bytes: Uint8Array): Promise<void> {
    this.buffer = this.buffer.length > 0 ? Buffer.concat([this.buffer, bytes]) : bytes;
    while (this.buffer.length >= HEAD_BYTES) {
      const view = new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length);
      const size = view.getUint32(4) & 0xffffff;
      const control = (view.getUint8(0) & CONTROL) !== 0;
      if (control && size > MAX_FRAME_BYTES) throw new Error('a control frame is too large');
      if (this.buffer.length < HEAD_BYTES + size) return;
      const body = this.buffer.subarray(HEAD_BYTES, HEAD_BYTES + size);
      this.buffer = this.buffer.subarray(HEAD_BYTES + size);
      if (control) await this.control(view.getUint16(2), view.getUint8(4), body);
      else await this.data(view.getUint32(0) & 0x7fffffff, view.getUint8(4), body);
    }
  }

  private async data(id: number, flags: number, body: Uint8Array): Promise<void> {
    const stream = this.streams.get(id);
    if (!stream) return;
    if (body.length > 0) await stream.incoming.write(body.slice()).catch(() => {});
    if (flags & FIN) stream.incoming.end();
  }

  private async control(type: number, flags: number, body: Uint8Array): Promise<void> {
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    if (type === SYN_STREAM) return this.open(view.getUint32(0) & 0x7fffffff, flags, body.subarray(10));
    if (type === PING) return this.transport.send(frame(PING, 0, body));
    if (type === GOAWAY) return this.transport.close();
    if (type !== RST_STREAM) return;
    const id = view.getUint32(0) & 0x7fffffff;
    this.streams.get(id)?.abort();
    this.streams.delete(id);
  }

  private async open(id: number, flags: number, block: Uint8Array): Promise<void> {
    const headers = this.headers(block);
    const word = (value: number) => Uint8Array.of(value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);
    const stream = new SpdyStream(
      id,
      headers,
      (sent, data) => this.transport.send(Buffer.concat([word(id), word((sent << 24) | data.length), data])),
      () => this.transport.send(frame(RST_STREAM, 0, Buffer.concat([word(id), word(CANCEL)]))),
    );
    this.streams.set(id, stream);
    if (flags & FIN) stream.incoming.end();
    await this.transport.send(frame(SYN_REPLY, 0, Buffer.concat([word(id), this.replied ? STORED : FIRST])));
    this.replied = true;
    this.onStream(stream);
  }

  private headers(block: Uint8Array): Record<string, string> {
    this.inflated = [];
    this.inflate.push(block.slice(), Z_SYNC_FLUSH);
    const bytes = Buffer.concat(this.inflated);
    const headers: Record<string, string> = {};
    let at = 4;
    const text = () => {
      const size = bytes.readUInt32BE(at);
      at += 4 + size;
      return bytes.toString('utf8', at - size, at);
    };
    for (let left = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0; left > 0; left--) {
      const name = text().toLowerCase();
      headers[name] = text();
    }
    return headers;
  }
}

function frame(type: number, flags: number, body: Uint8Array): Uint8Array {
  const size = body.length;
  const head = Uint8Array.of(
    CONTROL,
    VERSION,
    type >> 8,
    type & 255,
    flags,
    (size >> 16) & 255,
    (size >> 8) & 255,
    size & 255,
  );
  return Buffer.concat([head, body]);
}
