// The WebSocket between a page and a terminal: binary messages are bytes of the terminal both ways, a text message from the
// page is its new size. Origin, session and permission are asked before a terminal exists.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Attempts } from '../attempts';
import type { Auth } from '../auth';
import { UserError } from '../errors';
import { isOwnOrigin } from '../origin';
import type { Size, Terminal } from './terminal';
import type { Terminals } from './terminals';

/** A paste. */
const LARGEST_MESSAGE = 1024 * 1024;
/** A page that is gone without a word is let go after two of these. */
const PING_MS = 20_000;
const ADDRESS = /^\/api\/attempts\/([A-Za-z0-9-]{1,64})\/terminals\/(\d{1,2})(?:\?|$)/;

const Dimension = z.coerce.number().int().min(2).max(1000);
const SizeMessage = z.object({ columns: Dimension, rows: Dimension });
const FIRST_SIZE: Size = { columns: 80, rows: 24 };

export interface TerminalSocketDependencies {
  auth: Auth;
  attempts: Attempts;
  terminals: Terminals;
  report(message: string): void;
}

export class TerminalSockets {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
  });

  constructor(private readonly deps: TerminalSocketDependencies) {}

  /** True when the upgrade was for us. */
  handle(request: IncomingMessage, stream: Duplex, head: Buffer): boolean {
    const [, attemptId, number] = ADDRESS.exec(request.url ?? '') ?? [];
    if (!attemptId || !number) return false;
    this.open(request, stream, head, attemptId, Number(number)).catch((error) => this.refuse(stream, error));
    return true;
  }

  close(): void {
    for (const socket of this.server.clients) socket.close(1001, 'The server is restarting.');
  }

  private async open(
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
    id: string,
    number: number,
  ): Promise<void> {
    stream.on('error', () => stream.destroy());
    if (!isOwnOrigin(request.headers)) throw new UserError('foreign-origin');
    const { auth, attempts, terminals } = this.deps;
    const viewer = await auth.getViewer(new Headers({ cookie: request.headers.cookie ?? '' }));
    const attempt = await attempts.authorise(viewer, id, 'attempt.terminal');
    const sandbox = await attempts.sandbox(attempt);
    const query = new URL(request.url ?? '', 'http://server').searchParams;
    const asked = SizeMessage.safeParse(Object.fromEntries(query));
    const terminal = await terminals.get(attempt, number, asked.success ? asked.data : FIRST_SIZE, sandbox);
    this.server.handleUpgrade(request, stream, head, (socket) => {
      if (asked.success) terminal.resize(asked.data);
      this.connect(socket, terminal, () => attempts.touch(id));
    });
  }

  private connect(socket: WebSocket, terminal: Terminal, touch: () => void): void {
    const viewport = { send: (data: Buffer, done: () => void) => socket.send(data, { binary: true }, done) };
    terminal.attach(viewport);
    let alive = true;
    const ping = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, PING_MS);
    socket.on('pong', () => (alive = true));
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return resize(terminal, data);
      terminal.input(data);
      touch();
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(ping);
      terminal.detach(viewport);
    });
  }

  private refuse(stream: Duplex, error: unknown): void {
    const { status, message } = error instanceof UserError ? error : { status: 500, message: 'Something went wrong.' };
    if (!(error instanceof UserError)) this.deps.report(`terminal socket: ${error}`);
    const body = Buffer.from(message);
    const head = `HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close`;
    stream.end(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]));
  }
}

function resize(terminal: Terminal, data: Buffer): void {
  try {
    const size = SizeMessage.safeParse(JSON.parse(data.toString()));
    if (size.success) terminal.resize(size.data);
  } catch {
    // no page of ours sends that
  }
}
