// The process that holds one world, or grades snapshots as a worker. Speaks lib/sandbox/protocol.ts with the supervisor.
import { createServer } from 'node:net';
import { deserialize, serialize } from 'node:v8';
import { grade } from '../grading/grade';
import type { Bench } from '../grading/verify/bench';
import { parseLab } from '../labs/lab';
import { toSpec } from '../labs/spec';
import { loadSqlWasm } from '../sandbox/host/sql-wasm';
import { hostTime } from '../sandbox/host/time';
import type { FromSandbox, ToSandbox, WorldSource } from '../sandbox/protocol';
import { type Origin, Sandbox } from '../sandbox/sandbox';
import { type Change, type Snapshot, State } from '../sim/state';
import { rehearse } from './rehearsal';

const HEARTBEAT_MS = 1000; // the supervisor takes a process for hung after several of these

const send = (message: FromSandbox) => process.send?.(message);
const text = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

let world: Sandbox | undefined;
let nextId = 1;
let bugs = 0;
const appends = new Map<number, () => void>();
const calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

const journal = {
  append: (changes: Change[]) =>
    new Promise<void>((resolve) => {
      const id = nextId++;
      appends.set(id, resolve);
      send({ type: 'append', id, changes });
    }),
};

function call<T>(method: 'grade' | 'finish' | 'start', lab: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const id = nextId++;
    calls.set(id, { resolve: (value) => resolve(value as T), reject });
    send({ type: 'call', id, method, lab });
  });
}

function onBug(error: unknown): string {
  const id = `${process.pid}-${++bugs}`;
  console.error(`bug ${id}: ${text(error)}`);
  return id;
}

function origin(source: WorldSource): Origin {
  if (source.kind === 'new') return { kind: 'new' };
  const base: Snapshot = source.snapshot.length > 0 ? deserialize(source.snapshot) : new Map();
  return { kind: 'restore', snapshot: State.replay(base, source.log.flat()), reason: source.reason };
}

const WARM_UP_ROUNDS = 3; // the compiler has seen enough after these: 490, 135, 124, then about 70 ms
const WARM_UP_AFTER_MS = 250; // somebody who already waits is served first

async function start(socket: string, source: WorldSource): Promise<void> {
  started = true;
  clearTimeout(warmingUp);
  const spec = toSpec(parseLab(source.lab), source.seed, source.now);
  world = await Sandbox.make(spec, origin(source), {
    time: hostTime,
    journal,
    onBug,
    lab: {
      grade: () => call('grade', spec.lab),
      started: () => call('start', spec.lab),
      finished: () => call('finish', spec.lab),
    },
  });
  const running = world;
  await new Promise<void>((resolve) => createServer((stream) => running.serve(stream)).listen(socket, resolve));
  send({ type: 'ready', variables: spec.variables });
  void world.state.commit();
}

async function gradeSnapshot(message: ToSandbox & { type: 'grade' }): Promise<unknown> {
  const lab = parseLab(message.lab);
  const snapshot: Snapshot = deserialize(message.snapshot);
  const sandbox = await Sandbox.make(toSpec(lab, message.seed, 0), { kind: 'fork', snapshot }, { onBug });
  try {
    return { report: await grade(sandbox, lab) };
  } finally {
    sandbox.stop();
  }
}

let proving: { text: string; bench: Bench } | undefined;

/** Keeps the worlds of the lab that it was last asked about. What a proof needs is loaded when one is asked for. */
async function prove({ lab, task }: ToSandbox & { type: 'prove' }): Promise<unknown> {
  const [{ Bench }, { runTask }] = await Promise.all([
    import('../grading/verify/bench'),
    import('../grading/verify/verify'),
  ]);
  const text = JSON.stringify(lab);
  if (proving?.text !== text) proving = { text, bench: new Bench(parseLab(lab)) };
  return { flaws: await runTask(proving.bench, task) };
}

async function reply(id: number, work: () => Promise<unknown>): Promise<void> {
  try {
    send({ type: 'result', id, value: await work() });
  } catch (error) {
    send({ type: 'result', id, error: text(error) });
  }
}

function answered(message: ToSandbox & { type: 'answer' }): void {
  const waiting = calls.get(message.id);
  calls.delete(message.id);
  if (message.error === undefined) waiting?.resolve(message.value);
  else waiting?.reject(new Error(message.error));
}

let started = false;
const warmingUp = setTimeout(async () => {
  for (let round = 0; round < WARM_UP_ROUNDS && !started; round++) await rehearse().catch(onBug);
}, WARM_UP_AFTER_MS);

process.on('message', (message: ToSandbox) => {
  switch (message.type) {
    case 'start':
      start(message.socket, message.source).catch((error) => {
        console.error(text(error));
        process.exit(1);
      });
      return;
    case 'appended':
      appends.get(message.id)?.();
      appends.delete(message.id);
      return;
    case 'snapshot':
      return void reply(message.id, async () => ({ snapshot: serialize(world?.snapshot() ?? new Map()) }));
    case 'grade':
      clearTimeout(warmingUp);
      return void reply(message.id, () => gradeSnapshot(message));
    case 'prove':
      clearTimeout(warmingUp);
      return void reply(message.id, () => prove(message));
    case 'answer':
      return answered(message);
    case 'stop':
      world?.stop();
      process.exit(0);
  }
});
process.on('disconnect', () => process.exit(0)); // the server is gone: what was acknowledged is in its database
process.on('unhandledRejection', onBug);
setInterval(() => send({ type: 'heartbeat' }), HEARTBEAT_MS);
loadSqlWasm();
send({ type: 'loaded' });
