// One server a data folder: a local socket that answers with the holder's address, and that a dead holder cannot keep.
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

export interface Lock {
  /** What a second start is told about us. */
  announce(url: string): void;
  release(): Promise<void>;
}

/** Time enough for a rival that began at the same moment to replace our socket. */
const SETTLE_MS = 40;

/** @throws when another server holds the folder; the message says where it is */
export async function takeLock(folder: string): Promise<Lock> {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const path = join(folder, 'lock.sock');
  const holder = await ask(path);
  if (holder !== undefined) throw alreadyRunning(holder);
  const me = `${process.pid}.${process.hrtime.bigint()}`;
  let url = '';
  const server = createServer((socket) => socket.on('error', () => {}).end(`${me} ${url}`));
  const mine = join(folder, `lock.${process.pid}.${process.hrtime.bigint() % 1_000_000n}`);
  await listen(server, mine);
  chmodSync(mine, 0o600);
  renameSync(mine, path);
  server.unref();
  // Two starts may both have seen a dead holder's socket; whoever's socket stands there now has won.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const winner = await ask(path);
  if (winner?.split(' ')[0] !== me) {
    server.close();
    throw alreadyRunning(winner ?? '');
  }
  return {
    announce: (address) => (url = address),
    async release() {
      rmSync(path, { force: true });
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function alreadyRunning(answer: string): Error {
  const url = answer.split(' ')[1];
  return new Error(
    `Podlab is already running${url ? ` on ${url}` : ' on this data folder'}. Stop it first, or set PODLAB_DATA and PORT.`,
  );
}

/** What the holder says, or undefined when nobody answers. */
function ask(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(path)
      .setEncoding('utf8')
      .on('data', (text) => (answer += text))
      .on('end', () => resolve(answer))
      .on('error', () => resolve(undefined));
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')));
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve));
}
