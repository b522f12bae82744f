import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { LogOptions } from '../api/streams';
import { duplexPair } from '../api/testing/duplex-pair';
import { podOf, TestWorld } from '../testing/world';

const OPTIONS: LogOptions = { follow: false, previous: false, timestamps: false };

async function logOf(world: TestWorld, pod: string, options: Partial<LogOptions> = {}): Promise<string> {
  const chunks: Uint8Array[] = [];
  const signal = new AbortController().signal;
  for await (const chunk of world.cluster.streams.log('shop', pod, { ...OPTIONS, ...options }, signal))
    chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Runs a command as a WebSocket client of the API does; gives what came on each channel. */
async function exec(world: TestWorld, pod: string, command: string[], stdin = ''): Promise<Record<number, string>> {
  const server = createServer();
  server.on('upgrade', (request, socket: Duplex, head) => {
    const options = { command, stdin: stdin !== '', stdout: true, stderr: true, tty: false };
    const user = { name: 'admin', groups: [] };
    void world.cluster.streams.exec({ user, namespace: 'shop', pod, options, request, socket, head });
  });
  const [near, far] = duplexPair();
  server.emit('connection', far);
  const ws = new WebSocket('ws://api/', ['v5.channel.k8s.io'], { createConnection: () => near as never });
  const seen: Record<number, string> = {};
  ws.on('open', () => {
    if (stdin) ws.send(Buffer.concat([Buffer.of(0), Buffer.from(stdin)]));
    if (stdin) ws.send(Buffer.of(255, 0));
  });
  ws.on('message', (data: Buffer) => {
    const channel = data[0] ?? 0;
    seen[channel] = (seen[channel] ?? '') + data.subarray(1).toString();
  });
  await world.clock.drive(new Promise((resolve) => ws.on('close', resolve)), 60_000);
  return seen;
}

test('exec carries output, input and the exit code', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('box', 'sleep'));
  await world.advance(1000);
  const out = await exec(world, 'box', ['echo', 'a', 'b']);
  expect(out[1]).toBe('a b\n');
  expect(JSON.parse(out[3] ?? '')).toEqual({ metadata: {}, status: 'Success' });
  expect((await exec(world, 'box', ['cat'], 'typed'))[1]).toBe('typed');
  const failed = await exec(world, 'box', ['fail', '7']);
  expect(failed[2]).toBe('it does not work\n');
  expect(JSON.parse(failed[3] ?? '').details.causes).toEqual([{ reason: 'ExitCode', message: '7' }]);
  expect((await exec(world, 'box', ['nothing']))[2]).toContain('executable file not found in $PATH');
});

test.each([
  ['all', {}, 'one\ntwo\nthree\n'],
  ['the last', { tailLines: 1 }, 'three\n'],
  ['none', { tailLines: 0 }, ''],
  ['some bytes', { limitBytes: 5 }, 'one\nt'],
])('a log shows %s', async (_title, options, text) => {
  const world = await TestWorld.start();
  world.create(
    'pods',
    podOf('box', 'tools', { args: ['one\ntwo\nthree'], command: ['echo'] }, { restartPolicy: 'Never' }),
  );
  await world.advance(1000);
  expect(await logOf(world, 'box', options)).toBe(text);
});

test('who stops following a log does not disturb the program', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('box', 'web', { command: ['tick'] }));
  await world.advance(1000);
  const abort = new AbortController();
  const lines = world.cluster.streams
    .log('shop', 'box', { ...OPTIONS, follow: true }, abort.signal)
    [Symbol.asyncIterator]();
  await lines.next();
  abort.abort();
  await world.advance(10_000);
  expect(world.pod('box').status?.containerStatuses?.[0]).toMatchObject({ restartCount: 0, ready: true });
});

test('logs of a container that has none say why', async () => {
  const world = await TestWorld.start();
  world.create('pods', podOf('lost', 'nothing'));
  await world.advance(300);
  await expect(logOf(world, 'lost')).rejects.toThrow(
    'container "main" in pod "lost" is waiting to start: trying and failing to pull image',
  );
  await expect(logOf(world, 'lost', { previous: true })).rejects.toThrow(
    'previous terminated container "main" in pod "lost" not found',
  );
});
