import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ConsoleClient } from '../testing/console-client';
import { type Installation, install } from '../testing/installation';
import { Supervisor } from './supervisor';

let installation: Installation;
let supervisor: Supervisor;
const reports: string[] = [];
const open: ConsoleClient[] = [];

const supervise = (options: { mostAwake?: number } = {}) =>
  new Supervisor({
    ...options,
    prisma: installation.prisma,
    program: installation.program,
    socketFolder: installation.sockets,
    warm: 1,
    silenceMs: 1_500,
    call: async (_, { method, lab }) => `${method} ${lab}`,
    asleep: () => {},
    report: (text) => void reports.push(text),
  });

beforeAll(async () => {
  installation = await install();
  supervisor = supervise();
}, 60_000);

afterEach(() => {
  for (const console of open.splice(0)) console.close();
});

afterAll(async () => {
  await supervisor.close();
  await installation.close();
});

async function begin(id: string) {
  const attempt = await installation.attempt(id);
  const sandbox = supervisor.sandbox(attempt);
  await sandbox.ready();
  return { attempt, sandbox };
}

async function connect(path: string): Promise<ConsoleClient> {
  const client = new ConsoleClient(path);
  open.push(client);
  await client.expect('$ ');
  return client;
}

it('brings a killed sandbox back with all it acknowledged, within two seconds', async () => {
  const { sandbox } = await begin('killed');
  const console = await connect(sandbox.socket);
  for (let i = 0; i < 20; i++) await console.type(`put key${i} ${i}`, 'stored');
  const before = sandbox.pid;
  const at = Date.now();
  process.kill(before ?? 0, 'SIGKILL');
  while (sandbox.pid === before || sandbox.pid === undefined) await new Promise(setImmediate);
  await sandbox.ready();
  expect(Date.now() - at).toBeLessThan(2_000);
  const again = await connect(sandbox.socket);
  for (let i = 0; i < 20; i++) await again.type(`get key${i}`, String(i));
  await again.type('get reason', 'crash');
});

it('compacts the log, and loses nothing by it', async () => {
  const { attempt, sandbox } = await begin('compacted');
  const console = await connect(sandbox.socket);
  for (let i = 0; i < 5; i++) await console.type(`put key${i} ${i}`, 'stored');
  await sandbox.snapshot();
  await console.type('put last 1', 'stored');
  expect(await installation.prisma.attemptLog.count({ where: { attemptId: attempt.id } })).toBe(1);
  expect(await installation.prisma.attemptSnapshot.count({ where: { attemptId: attempt.id } })).toBe(1);
  process.kill(sandbox.pid ?? 0, 'SIGKILL');
  while (sandbox.pid !== undefined) await new Promise(setImmediate);
  await sandbox.ready();
  const again = await connect(sandbox.socket);
  await again.type('get key4', '4');
  await again.type('get last', '1');
});

it('begins anew when the first life ended before its first snapshot was stored', async () => {
  const attempt = await installation.attempt('short-lived');
  const sandbox = supervisor.sandbox(attempt);
  await sandbox.ready();
  process.kill(sandbox.pid ?? 0, 'SIGKILL');
  while (sandbox.pid !== undefined) await new Promise(setImmediate);
  await sandbox.ready();
  const console = await connect(sandbox.socket);
  await console.type('put key value', 'stored');
  await console.type('get key', 'value');
});

it('puts it to sleep and wakes it in another server, as after a sleep', async () => {
  const { attempt, sandbox } = await begin('asleep');
  await (await connect(sandbox.socket)).type('put key value', 'stored');
  await sandbox.hibernate();
  expect(sandbox.pid).toBeUndefined();
  const other = supervise();
  const woken = other.sandbox(attempt);
  await woken.ready();
  const console = await connect(woken.socket);
  await console.type('get key', 'value');
  await console.type('get reason', 'hibernation');
  await other.close();
});

it('grades in another process, and answers the lab command', async () => {
  const { attempt, sandbox } = await begin('graded');
  const console = await connect(sandbox.socket);
  await console.type('put a 1', 'stored');
  await console.type('grade lab', '"grade lab"');
  const { data } = await sandbox.snapshot();
  expect(await supervisor.grade(attempt.lab, 7, data)).toEqual({ lab: 'lab', score: 1, max: 10, checks: [] });
});

it('ends one that hangs, and starts it again', async () => {
  const { sandbox } = await begin('hanging');
  const before = sandbox.pid;
  const console = await connect(sandbox.socket);
  console.send('hang');
  while (sandbox.pid === before || sandbox.pid === undefined) await new Promise((tick) => setTimeout(tick, 20));
  await sandbox.ready();
  await (await connect(sandbox.socket)).type('get a', 'undefined');
});

it('lets a world see nothing of the host', async () => {
  const { sandbox } = await begin('curious');
  const console = await connect(sandbox.socket);
  await console.type('environment', '');
  for (const path of ['/etc/passwd', resolve('package.json'), installation.keys])
    await console.type(`read ${path}`, 'ERR_ACCESS_DENIED');
  await console.type('write /tmp/podlab-probe', 'ERR_ACCESS_DENIED');
  await console.type('spawn', 'ERR_ACCESS_DENIED');
});

it('keeps no more awake than fit, and wakes those it put to sleep', async () => {
  const small = supervise({ mostAwake: 2 });
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(async (id) => small.sandbox(await installation.attempt(id))));
  if (!a || !b || !c) throw new Error('three were made');
  await a.ready();
  await b.ready();
  const release = b.hold();
  await c.ready();
  expect([a, b, c].map(({ isAwake }) => isAwake)).toEqual([false, true, true]);
  c.hold();
  await expect(a.ready()).rejects.toMatchObject({ code: 'full' });
  release();
  await a.ready();
  expect([a, b, c].map(({ isAwake }) => isAwake)).toEqual([true, false, true]);
  await small.close();
});

it('gives up on a world that crashes again and again, until later', async () => {
  const { sandbox } = await begin('crashing');
  for (let i = 0; i < 6; i++) {
    await sandbox.ready();
    const { pid } = sandbox;
    process.kill(pid ?? 0, 'SIGKILL');
    while (sandbox.pid === pid) await new Promise(setImmediate);
  }
  await expect(sandbox.ready()).rejects.toMatchObject({ code: 'sandbox-failing' });
  expect(reports.at(-1)).toContain('SIGKILL');
});
