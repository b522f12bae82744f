// The client's end of a WebSocket (RFC 6455) over a Unix socket, as small as a console needs: each student has one, so that
// what it does not load is memory saved for all.
import { connect, type Socket } from 'node:net';

export interface ConsoleEvents {
  open(): void;
  message(channel: number, data: Buffer): void;
  /** In good order: the other side said so with a close frame. */
  close(inGoodOrder: boolean): void;
}

const OPCODE = { continuation: 0, binary: 2, close: 8, ping: 9, pong: 10 };
const FINAL = 0x80;
const MASKED = 0x80;
/** The key proves nothing between two processes of one host; any sixteen bytes do. */
const KEY = Buffer.alloc(16, 7).toString('base64');

export class ConsoleSocket {
  private readonly socket: Socket;
  private rest: Buffer = Buffer.alloc(0);
  private upgraded = false;
  private parts: Buffer[] = [];
  private goodOrder = false;

  constructor(
    path: string,
    private readonly events: ConsoleEvents,
  ) {
    this.socket = connect(path);
    this.socket.write(
      `GET /podlab/v1/console HTTP/1.1\r\nHost: sandbox\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n`,
    );
    this.socket.on('data', (data) => this.receive(data));
    this.socket.on('error', () => {}); // `close` follows
    this.socket.on('close', () => this.events.close(this.goodOrder));
  }

  send(channel: number, data: Buffer): void {
    this.frame(OPCODE.binary, Buffer.concat([Buffer.from([channel]), data]));
  }

  /** A mask of zeros leaves the bytes as they are; it exists against proxies, and there is none between us. */
  private frame(opcode: number, payload: Buffer): void {
    const { length } = payload;
    const header = length < 126 ? Buffer.alloc(6) : length < 65_536 ? Buffer.alloc(8) : Buffer.alloc(14);
    header[0] = FINAL | opcode;
    if (length < 126) header[1] = MASKED | length;
    else if (length < 65_536) {
      header[1] = MASKED | 126;
      header.writeUInt16BE(length, 2);
    } else {
      header[1] = MASKED | 127;
      header.writeBigUInt64BE(BigInt(length), 2);
    }
    this.socket.write(Buffer.concat([header, payload]));
  }

  private receive(data: Buffer): void {
    this.rest = this.rest.length === 0 ? data : Buffer.concat([this.rest, data]);
    if (!this.upgraded && !this.readAnswer()) return;
    while (this.readFrame());
  }

  private readAnswer(): boolean {
    const end = this.rest.indexOf('\r\n\r\n');
    if (end < 0) return false;
    if (!this.rest.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) {
      this.socket.destroy();
      return false;
    }
    this.rest = this.rest.subarray(end + 4);
    this.upgraded = true;
    this.events.open();
    return true;
  }

  private readFrame(): boolean {
    const [first, second] = this.rest;
    if (first === undefined || second === undefined) return false;
    const short = second & 0x7f;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (this.rest.length < start) return false;
    const length =
      short < 126 ? short : short === 126 ? this.rest.readUInt16BE(2) : Number(this.rest.readBigUInt64BE(2));
    if (this.rest.length < start + length) return false;
    const payload = this.rest.subarray(start, start + length);
    this.rest = this.rest.subarray(start + length);
    this.take(first & 0x0f, (first & FINAL) !== 0, payload);
    return true;
  }

  private take(opcode: number, final: boolean, payload: Buffer): void {
    if (opcode === OPCODE.ping) return this.frame(OPCODE.pong, payload);
    if (opcode === OPCODE.pong) return;
    if (opcode === OPCODE.close) {
      this.goodOrder = payload.length < 2 || payload.readUInt16BE(0) === 1000;
      this.frame(OPCODE.close, payload);
      this.socket.end();
      return;
    }
    this.parts.push(payload);
    if (!final) return;
    const message = this.parts.length === 1 ? payload : Buffer.concat(this.parts);
    this.parts = [];
    const channel = message[0];
    if (channel !== undefined) this.events.message(channel, message.subarray(1));
  }
}
