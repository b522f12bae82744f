// A two-way flow of bytes or messages under a stream protocol: a socket, or a WebSocket.
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Delivers in order, one at a time: the next waits until the receiver's promise settles. */
export interface Transport {
  receive(onData: (bytes: Uint8Array) => Promise<void> | void, onClose: () => void): void;
  /** Resolves when there is room for more. */
  send(bytes: Uint8Array): Promise<void>;
  close(): void;
}

export function socketTransport(socket: Duplex, head: Uint8Array): Transport {
  return {
    receive(onData, onClose) {
      let queue = Promise.resolve(head.length > 0 ? onData(head) : undefined);
      socket.on('data', (chunk: Buffer) => {
        socket.pause();
        queue = queue
          .then(() => onData(chunk))
          .then(
            () => void socket.resume(),
            () => void socket.destroy(),
          );
      });
      socket.once('close', onClose);
      socket.once('end', onClose);
      socket.on('error', () => {});
      socket.resume();
    },
    send: (bytes) =>
      new Promise((resolve) => {
        if (socket.destroyed || !socket.writable) return resolve();
        socket.write(bytes, () => resolve());
      }),
    close: () => void socket.end(),
  };
}

export function webSocketTransport(ws: WebSocket): Transport {
  return {
    receive(onData, onClose) {
      let queue: Promise<void> = Promise.resolve();
      ws.on('message', (data: Buffer) => {
        ws.pause();
        queue = queue
          .then(() => onData(data))
          .then(
            () => ws.resume(),
            () => ws.terminate(),
          );
      });
      ws.once('close', onClose);
      ws.on('error', () => {});
    },
    send: (bytes) =>
      new Promise((resolve) => {
        if (ws.readyState !== ws.OPEN) return resolve();
        ws.send(bytes, { binary: true }, () => resolve());
      }),
    close: () => ws.close(1000),
  };
}
