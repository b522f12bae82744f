// RESP, the protocol of Redis: reading requests and replies, writing replies.
import type { Connection } from '../../machine/net';

export type Reply = null | number | string | { status: string } | { error: string } | Reply[];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class RespReader {
  private buffer = new Uint8Array();

  constructor(
    private readonly connection: Pick<Connection, 'read'>,
    private readonly signal?: AbortSignal,
  ) {}

  private async more(): Promise<boolean> {
    const chunk = await this.connection.read(65536, this.signal);
    if (!chunk) return false;
    this.buffer = new Uint8Array(Buffer.concat([this.buffer, chunk]));
    return true;
  }

  private async line(): Promise<string | undefined> {
    while (!this.buffer.includes(10)) if (!(await this.more())) return undefined;
    const end = this.buffer.indexOf(10);
    const line = decoder.decode(this.buffer.subarray(0, end)).replace(/\r$/, '');
    this.buffer = this.buffer.subarray(end + 1);
    return line;
  }

  private async text(size: number): Promise<string> {
    while (this.buffer.length < size + 2) if (!(await this.more())) return '';
    const text = decoder.decode(this.buffer.subarray(0, size));
    this.buffer = this.buffer.subarray(size + 2);
    return text;
  }

  /** The words of the next request; undefined at the end. An inline command is split at spaces. */
  async request(): Promise<string[] | undefined> {
    const line = await this.line();
    if (line === undefined) return undefined;
    if (!line.startsWith('*')) return line.split(/\s+/).filter(Boolean);
    const words: string[] = [];
    for (let i = Number(line.slice(1)); i > 0; i--) {
      const size = Number((await this.line())?.slice(1));
      words.push(await this.text(size));
    }
    return words;
  }

  async reply(): Promise<Reply | undefined> {
    const line = await this.line();
    if (line === undefined) return undefined;
    const rest = line.slice(1);
    if (line.startsWith('+')) return { status: rest };
    if (line.startsWith('-')) return { error: rest };
    if (line.startsWith(':')) return Number(rest);
    if (line.startsWith('$')) return Number(rest) < 0 ? null : this.text(Number(rest));
    if (Number(rest) < 0) return null;
    const items: Reply[] = [];
    for (let i = Number(rest); i > 0; i--) items.push((await this.reply()) ?? null);
    return items;
  }
}

export const requestBytes = (words: string[]): Uint8Array =>
  encoder.encode(`*${words.length}\r\n${words.map(bulk).join('')}`);

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

export function replyText(reply: Reply): string {
  if (reply === null) return '$-1\r\n';
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (typeof reply === 'string') return bulk(reply);
  if (Array.isArray(reply)) return `*${reply.length}\r\n${reply.map(replyText).join('')}`;
  return 'status' in reply ? `+${reply.status}\r\n` : `-${reply.error}\r\n`;
}
