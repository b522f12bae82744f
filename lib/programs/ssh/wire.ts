// What ssh and sshd say to each other: the real version line, then messages of a letter, a length and a body.
// DIFFERS: nothing is encrypted, and the messages are our own; who captures the connection sees that it is no real SSH.
import type { Connection } from '../../machine/net';
import { concat } from '../../machine/process';

export const BANNER = 'SSH-2.0-OpenSSH_8.7\r\n';

/**
 * k host key and session id · a user, public key, signature · y/n accepted or not · s session · i input · e end of input
 * w window size · o output · r error output · x exit status
 */
export type Kind = 'k' | 'a' | 'y' | 'n' | 's' | 'i' | 'e' | 'w' | 'o' | 'r' | 'x';

export interface Message {
  kind: Kind;
  body: Uint8Array;
}

export interface SessionRequest {
  command?: string;
  terminal?: { columns: number; rows: number; term: string };
  environment: Record<string, string>;
}

const MAX_BODY = 1024 * 1024; // bytes; longer is no message of ours
const HEAD = 5; // bytes of letter and length

export class Wire {
  private rest: Uint8Array<ArrayBuffer> = new Uint8Array();

  constructor(private readonly connection: Connection) {}

  /** The other side's version line, without its end; undefined when the connection ends before. */
  async banner(): Promise<string | undefined> {
    for (;;) {
      const end = this.rest.indexOf(10);
      if (end >= 0) {
        const line = Buffer.from(this.rest.subarray(0, end)).toString('latin1').replace(/\r$/, '');
        this.rest = this.rest.slice(end + 1);
        return line;
      }
      if (this.rest.length > 255 || !(await this.more())) return undefined; // RFC 4253 allows 255 characters
    }
  }

  async send(kind: Kind, body: Uint8Array | string | object = ''): Promise<void> {
    const bytes =
      body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const head = Buffer.alloc(HEAD);
    head.write(kind, 'latin1');
    head.writeUInt32BE(bytes.length, 1);
    await this.connection.write(new Uint8Array(Buffer.concat([head, bytes])));
  }

  /** The next message; undefined at the end, or for what is no message. */
  async receive(): Promise<Message | undefined> {
    for (;;) {
      if (this.rest.length >= HEAD) {
        const size = new DataView(this.rest.buffer, this.rest.byteOffset).getUint32(1);
        if (size > MAX_BODY) return undefined;
        if (this.rest.length >= HEAD + size) {
          const body = this.rest.slice(HEAD, HEAD + size);
          const kind = String.fromCharCode(this.rest[0] ?? 0) as Kind;
          this.rest = this.rest.slice(HEAD + size);
          return { kind, body };
        }
      }
      if (!(await this.more())) return undefined;
    }
  }

  private async more(): Promise<boolean> {
    const chunk = await this.connection.read();
    if (chunk) this.rest = concat([this.rest, chunk]);
    return chunk !== null;
  }
}

export const json = <T>(body: Uint8Array): T => JSON.parse(Buffer.from(body).toString()) as T;
