// A simulated connection as a Node stream, for libraries that speak a protocol over any duplex (http, ws, mysql2).
import { Duplex } from 'node:stream';
import type { Connection } from './net';

/** Wraps a connection. The stream carries remoteAddress and remotePort like a socket, and ignores socket options. */
export function toDuplex(connection: Connection): Duplex & { remoteAddress: string; remotePort: number } {
  let reading = false;
  const stream = new Duplex({
    allowHalfOpen: true,
    read() {
      if (reading) return;
      reading = true;
      void pump();
    },
    write(chunk: Uint8Array, _encoding, done) {
      connection.write(new Uint8Array(chunk)).then(
        () => done(),
        (error: Error) => done(error),
      );
    },
    final(done) {
      connection.end();
      done();
    },
    destroy(error, done) {
      connection.close();
      done(error);
    },
  });
  async function pump(): Promise<void> {
    try {
      while (true) {
        const chunk = await connection.read();
        if (stream.destroyed) return;
        if (!chunk) {
          stream.push(null);
          return;
        }
        if (!stream.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))) break;
      }
      reading = false;
    } catch (error) {
      stream.destroy(error as Error);
    }
  }
  const socketLike = {
    remoteAddress: connection.remoteAddress,
    remotePort: connection.remotePort,
    setTimeout: () => stream,
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  };
  return Object.assign(stream, socketLike);
}
