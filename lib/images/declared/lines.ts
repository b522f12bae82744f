// The TCP and UDP side of a declared image: replies to lines.
import { Errno } from '../../machine/errno';
import type { Connection, Listener, UdpSocket } from '../../machine/net';
import type { Process } from '../../machine/process';
import type { DeclaredLines } from './declaration';
import { fill, named, ofProcess } from './texts';

const LINE_LIMIT_BYTES = 64 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Serves until the listener closes. */
export async function serveLines(proc: Process, listener: Listener, lines: DeclaredLines): Promise<void> {
  for (
    let connection = await listener.accept(proc.killed);
    connection;
    connection = await listener.accept(proc.killed)
  ) {
    const accepted = connection;
    void converse(proc, accepted, lines)
      .catch((error: unknown) => {
        const gone = proc.killed.aborted || error instanceof Errno || (error as { code?: string }).code === 'EPIPE';
        if (!gone) proc.machine.reportBug(error);
      })
      .finally(() => accepted.close());
  }
}

async function converse(proc: Process, connection: Connection, lines: DeclaredLines): Promise<void> {
  const client = connection.remoteAddress;
  const say = (text: string) => connection.write(encoder.encode(text), proc.killed);
  if (lines.greeting !== undefined) await say(fill(lines.greeting, named({ client }), ofProcess(proc)));
  let rest = '';
  for (
    let chunk = await connection.read(65536, proc.killed);
    chunk;
    chunk = await connection.read(65536, proc.killed)
  ) {
    const parts = (rest + decoder.decode(chunk)).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > LINE_LIMIT_BYTES) return;
    for (const line of parts) {
      const reply = replyTo(proc, lines, line.replace(/\r$/, ''), client);
      if (reply.text) await say(reply.text);
      if (reply.close) return connection.end();
    }
  }
}

/** One datagram is one line. */
export async function serveDatagrams(proc: Process, socket: UdpSocket, lines: DeclaredLines): Promise<void> {
  for (let datagram = await socket.receive(proc.killed); datagram; datagram = await socket.receive(proc.killed)) {
    const { text } = replyTo(proc, lines, decoder.decode(datagram.bytes).replace(/\r?\n$/, ''), datagram.address);
    if (text) socket.send(encoder.encode(text), datagram.address, datagram.port);
  }
}

function replyTo(proc: Process, lines: DeclaredLines, line: string, client: string): { text: string; close: boolean } {
  for (const { match, answer, close } of lines.replies) {
    const found = new RegExp(match).exec(line);
    if (!found) continue;
    const text = answer.replace(/\$(\d)/g, (_, n: string) => found[Number(n)] ?? '');
    return { text: fill(text, named({ client, line }), ofProcess(proc)), close };
  }
  return { text: lines.echo ? `${line}\n` : '', close: false };
}
