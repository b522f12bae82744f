// A console of a sandbox for tests: types, and waits until something has been printed.
import { WebSocket } from 'ws';

export class ConsoleClient {
  printed = '';
  private readonly socket: WebSocket;
  private wake: () => void = () => {};

  constructor(path: string) {
    this.socket = new WebSocket(`ws+unix:${path}:/podlab/v1/console`, 'v5.channel.k8s.io');
    this.socket.on('error', () => {});
    this.socket.on('message', (data: Buffer) => {
      if (data[0] === 1) this.printed += data.subarray(1).toString();
      this.wake();
    });
  }

  /** Resolves when `text` has been printed since the last call. */
  async expect(text: string): Promise<void> {
    while (!this.printed.includes(text)) await new Promise<void>((resolve) => (this.wake = resolve));
    this.printed = this.printed.slice(this.printed.indexOf(text) + text.length);
  }

  send(line: string): void {
    this.socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(`${line}\r`)]));
  }

  async type(line: string, answer: string): Promise<void> {
    this.send(line);
    await this.expect(`\r\n${answer}\r\n$ `);
  }

  close(): void {
    this.socket.terminate();
  }
}
