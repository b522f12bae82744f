// A sandbox process with a world of a few lines, for testing the server around it: real process, real protocol, no cluster.
// Its console knows `put KEY VALUE`, `get KEY`, `size`, `grade`, `crash`, `hang`, `exit`, and echoes like a terminal;
// `environment`, `read PATH`, `write PATH`, `spawn` try what a world must not be able to do.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { deserialize, serialize } from 'node:v8';
import { type WebSocket, WebSocketServer } from 'ws';
import type { FromSandbox, ToSandbox, WorldSource } from '../../sandbox/protocol';

const world = new Map<string, unknown>();
const waiting = new Map<number, (value: unknown) => void>();
let lastId = 0;

const send = (message: FromSandbox) => process.send?.(message);

function begin(socket: string, source: WorldSource): void {
  if (source.kind === 'restore') {
    for (const [key, value] of deserialize(source.snapshot) as Map<string, unknown>) world.set(key, value);
    for (const { key, value } of source.log.flat()) world.set(key, value);
    world.set('reason', source.reason);
  }
  // As a real world writes while it is made; nobody waits for it.
  send({ type: 'append', id: 0, changes: [{ table: 't', key: 'born', value: source.kind }] });
  const http = createServer((request, response) => {
    request.resume().on('end', () => {
      const { method, url, headers } = request;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ method, url, headers }));
    });
  });
  const consoles = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
  http.on('upgrade', (request: IncomingMessage, stream, head) => {
    if (request.url === '/podlab/v1/console') return consoles.handleUpgrade(request, stream, head, serveConsole);
    stream.end(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: raw\r\nConnection: Upgrade\r\n\r\nhello ${request.url}`);
  });
  http.listen(socket, () => send({ type: 'ready', variables: { name: `user${source.seed % 10}` } }));
}

function serveConsole(console: WebSocket): void {
  const print = (text: string) => console.send(Buffer.concat([Buffer.from([1]), Buffer.from(text)]));
  let line = '';
  print('$ ');
  console.on('message', async (data: Buffer) => {
    if (data[0] === 4) print(`[${data.subarray(1).toString()}]`);
    if (data[0] !== 0) return;
    for (const character of data.subarray(1).toString()) {
      if (character !== '\r') {
        line += character;
        print(character);
        continue;
      }
      const words = line.split(' ');
      line = '';
      if (words[0] === 'exit') {
        console.send(Buffer.concat([Buffer.from([3]), Buffer.from('{"status":"Success"}')]));
        return console.close(1000);
      }
      print(`\r\n${await run(words)}\r\n$ `);
    }
  });
}

async function run([command, key = '', value]: string[]): Promise<string> {
  if (command === 'put') {
    world.set(key, value);
    await ask((id) => ({ type: 'append', id, changes: [{ table: 't', key, value }] }));
    return 'stored';
  }
  if (command === 'get') return String(world.get(key));
  if (command === 'grade') return JSON.stringify(await ask((id) => ({ type: 'call', id, method: 'grade', lab: key })));
  if (command === 'crash') process.kill(process.pid, 'SIGKILL');
  if (command === 'hang') for (;;);
  if (command === 'environment') return Object.keys(process.env).join(' ');
  if (command === 'read') return code(() => readFileSync(key));
  if (command === 'write') return code(() => writeFileSync(key, ''));
  if (command === 'spawn') return code(() => spawnSync('true'));
  return `${command}: no such command`;
}

/** `done`, or the code of the error. */
function code(act: () => unknown): string {
  try {
    act();
    return 'done';
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** Finds what `solution.sh` says: `flaw`, `crash`, `hang`, or nothing. */
function prove({ id, lab, task }: ToSandbox & { type: 'prove' }): void {
  const script = task.proof === 'solution' ? (lab.files['solution.sh'] ?? '') : '';
  if (script.includes('crash')) process.kill(process.pid, 'SIGKILL');
  if (script.includes('hang')) return;
  const flaws = script.includes('flaw') ? [{ file: 'solution.sh', line: 1, message: `seed ${task.key}` }] : [];
  send({ type: 'result', id, value: { flaws } });
}

function ask(message: (id: number) => FromSandbox): Promise<unknown> {
  const id = ++lastId;
  send(message(id));
  return new Promise((resolve) => waiting.set(id, resolve));
}

process.on('message', (message: ToSandbox) => {
  if (message.type === 'start') begin(message.socket, message.source);
  if (message.type === 'appended') waiting.get(message.id)?.(undefined);
  if (message.type === 'answer') waiting.get(message.id)?.(message.error ?? message.value);
  if (message.type === 'snapshot') send({ type: 'result', id: message.id, value: { snapshot: serialize(world) } });
  if (message.type === 'grade') {
    const score = (deserialize(message.snapshot) as Map<string, unknown>).size;
    send({ type: 'result', id: message.id, value: { report: { lab: message.lab.id, score, max: 10, checks: [] } } });
  }
  if (message.type === 'prove') prove(message);
  if (message.type === 'stop') process.exit(0);
});
process.on('disconnect', () => process.exit(0));
setInterval(() => send({ type: 'heartbeat' }), 500);
send({ type: 'loaded' });
