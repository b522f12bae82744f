// A page's terminal for tests: a WebSocket with cookie and Origin, and what the terminal shows.
import { WebSocket } from 'ws';

const DEADLINE_MS = 8_000;

export interface PageOptions {
  port: number;
  attempt: string;
  terminal?: number;
  cookie?: string;
  origin?: string;
}

export class TerminalPage {
  shown = '';
  private wake: () => void = () => {};

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.shown += data.toString();
      this.wake();
    });
    socket.on('close', () => this.wake());
  }

  /** Resolves with the page, or with the status with which it was refused. */
  static open({ port, attempt, terminal = 1, cookie = '', origin }: PageOptions): Promise<TerminalPage | number> {
    const url = `ws://localhost:${port}/api/attempts/${attempt}/terminals/${terminal}?columns=90&rows=30`;
    const socket = new WebSocket(url, { headers: { cookie, origin: origin ?? `http://localhost:${port}` } });
    const page = new TerminalPage(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(page));
      socket.on('unexpected-response', (_, response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      socket.on('error', reject);
    });
  }

  async expect(text: string): Promise<void> {
    const deadline = setTimeout(() => this.socket.terminate(), DEADLINE_MS);
    while (!this.shown.includes(text)) {
      if (this.socket.readyState === WebSocket.CLOSED)
        throw new Error(`${JSON.stringify(text)} did not appear in ${JSON.stringify(this.shown)}`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    clearTimeout(deadline);
    this.shown = this.shown.slice(this.shown.indexOf(text) + text.length);
  }

  type(text: string): void {
    this.socket.send(Buffer.from(text));
  }

  resize(columns: number, rows: number): void {
    this.socket.send(JSON.stringify({ columns, rows }));
  }

  /** Resolves when the server knows. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.socket.once('close', () => resolve());
      this.socket.close();
    });
  }
}
