// mongod: takes connections and answers `hello` and `ping`; it keeps no data and says so.
import { Errno } from '../machine/errno';
import type { Connection, Listener } from '../machine/net';
import type { Process, Program } from '../machine/process';
import { type Document, MongoStream } from './mongo/wire';

const versionOf = (proc: Process): string => proc.env['MONGO_VERSION'] || '6.0.18';

export const mongod: Program = async (proc) => {
  if (proc.argv.includes('--version'))
    return proc
      .print(
        `db version v${versionOf(proc)}\nBuild Info: {\n    "version": "${versionOf(proc)}",\n    "modules": []\n}\n`,
      )
      .then(() => 0);
  const words = proc.argv.slice(1).filter((word) => word !== 'mongod');
  const at = words.indexOf('--port');
  const port = Number(at >= 0 ? words[at + 1] : 27017);
  const log = (id: number, component: string, message: string, attributes: object) =>
    proc.print(
      `${JSON.stringify({ t: { $date: new Date(proc.machine.clock.now()).toISOString().replace('Z', '+00:00') }, s: 'I', c: component, id, ctx: 'initandlisten', msg: message, attr: attributes })}\n`,
    );
  await log(4615611, 'CONTROL', 'MongoDB starting', {
    pid: proc.pid,
    port,
    dbPath: '/data/db',
    architecture: '64-bit',
    host: proc.machine.hostname,
  });
  await log(23403, 'CONTROL', 'Build Info', { buildInfo: { version: versionOf(proc) } });
  let listener: Listener;
  try {
    listener = proc.listen(port);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await log(20568, 'NETWORK', 'Error setting up listener', {
      error: { code: 9001, codeName: 'SocketException', errmsg: 'Address already in use' },
    });
    return 48;
  }
  await log(23015, 'NETWORK', 'Listening on', { address: '0.0.0.0' });
  await log(23016, 'NETWORK', 'Waiting for connections', { port, ssl: 'off' });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) proc.on(signal, () => listener.close());
  for (let one = await listener.accept(proc.killed); one; one = await listener.accept(proc.killed)) {
    const connection = one;
    await log(22943, 'NETWORK', 'Connection accepted', {
      remote: `${connection.remoteAddress}:${connection.remotePort}`,
    });
    void serve(proc, connection)
      .catch((error: unknown) => {
        if (!proc.killed.aborted && !(error instanceof Errno) && (error as { code?: string }).code !== 'EPIPE')
          proc.machine.reportBug(error);
      })
      .finally(() => connection.close());
  }
  await log(20565, 'CONTROL', 'Now exiting', {});
  return 0;
};

async function serve(proc: Process, connection: Connection): Promise<void> {
  const stream = new MongoStream(connection, proc.killed);
  for (let message = await stream.read(); message; message = await stream.read())
    await stream.send(answer(proc, message.document), message);
}

function answer(proc: Process, command: Document): Document {
  const [name = ''] = Object.keys(command);
  switch (name.toLowerCase()) {
    case 'hello':
    case 'ismaster':
      return {
        helloOk: true,
        ismaster: true,
        isWritablePrimary: true,
        maxBsonObjectSize: 16777216,
        maxMessageSizeBytes: 48000000,
        maxWriteBatchSize: 100000,
        minWireVersion: 0,
        maxWireVersion: 17,
        readOnly: false,
        ok: 1,
      };
    case 'ping':
    case 'endsessions':
      return { ok: 1 };
    case 'buildinfo':
      return { version: versionOf(proc), gitVersion: '', ok: 1 };
    case 'whatsmyuri':
      return { you: proc.machine.hostname, ok: 1 };
    default:
      return {
        ok: 0,
        errmsg: `not supported: ${name} (this server takes connections and answers ping)`,
        code: 59,
        codeName: 'CommandNotFound',
      };
  }
}
