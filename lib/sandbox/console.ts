// A console over a WebSocket: a login shell on the workstation, by the exec protocol of Kubernetes (v5.channel.k8s.io).
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Process } from '../machine/process';
import type { Terminal } from '../machine/terminal';

const PROTOCOL = 'v5.channel.k8s.io';
const STDIN = 0;
const STDOUT = 1;
const STATUS = 3;
const RESIZE = 4;
const BACKLOG_BYTES = 256 * 1024; // what may wait for a slow console before its programs wait, too

/** What a console needs of a sandbox. */
interface Login {
  workstation: { terminal(size: { columns: number; rows: number }): Terminal };
  login(terminal: Terminal): Process;
}

const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
});

/** Answers an upgrade. `?columns=80&rows=24` gives the first size. */
export function serveConsole(sandbox: Login, message: IncomingMessage, socket: Duplex, head: Buffer): void {
  const query = new URL(message.url ?? '/', 'http://localhost').searchParams;
  const size = { columns: Number(query.get('columns') ?? 80) || 80, rows: Number(query.get('rows') ?? 24) || 24 };
  sockets.handleUpgrade(message, socket, head, (ws) => runConsole(sandbox, ws, size));
}

function runConsole(sandbox: Login, ws: WebSocket, size: { columns: number; rows: number }): void {
  const terminal = sandbox.workstation.terminal(size);
  const shell = sandbox.login(terminal);
  ws.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return;
    if (data[0] === STDIN) terminal.input(new Uint8Array(data.subarray(1)));
    else if (data[0] === RESIZE) resize(terminal, data.subarray(1));
  });
  ws.on('close', () => terminal.hangUp());
  ws.on('error', () => ws.terminate());
  void send(ws, terminal);
  void shell.exited.then(async ({ code }) => {
    const status = code === 0 ? { status: 'Success' } : failure(code);
    await flush(terminal);
    ws.send(Buffer.concat([Buffer.of(STATUS), Buffer.from(JSON.stringify({ metadata: {}, ...status }))]));
    ws.close(1000);
    terminal.hangUp();
  });
}

async function send(ws: WebSocket, terminal: Terminal): Promise<void> {
  for (
    let chunk = await terminal.output.read();
    chunk && ws.readyState === ws.OPEN;
    chunk = await terminal.output.read()
  ) {
    const message = Buffer.allocUnsafe(chunk.length + 1);
    message[0] = STDOUT;
    message.set(chunk, 1);
    if (ws.bufferedAmount < BACKLOG_BYTES) ws.send(message);
    else await new Promise<void>((resolve) => ws.send(message, () => resolve()));
  }
}

/** Lets the last output go out before the status. */
async function flush(terminal: Terminal): Promise<void> {
  while (terminal.output.buffered > 0 && !terminal.gone) await new Promise<void>((resolve) => setImmediate(resolve));
}

function resize(terminal: Terminal, data: Buffer): void {
  try {
    const { Width, Height } = JSON.parse(data.toString());
    if (Width > 0 && Height > 0) terminal.resize({ columns: Math.min(Width, 1000), rows: Math.min(Height, 1000) });
  } catch {
    // not a size: ignored, as the kubelet does
  }
}

const failure = (code: number) => ({
  status: 'Failure',
  message: `command terminated with non-zero exit code: exit status ${code}`,
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
});
