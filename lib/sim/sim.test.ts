import { expect, test } from 'vitest';
import { Clock } from './clock';
import { BrokenPipe, Pipe } from './pipe';
import { Random } from './random';
import { type Change, State } from './state';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (chunk: Uint8Array | null | undefined) => (chunk ? new TextDecoder().decode(chunk) : chunk);

test('timers fire in order of time, then of making', async () => {
  const clock = new Clock(0);
  const seen: string[] = [];
  for (const [ms, name] of [
    [20, 'c'],
    [10, 'a'],
    [10, 'b'],
    [30, 'd'],
  ] as const)
    clock.after(ms, () => seen.push(`${name}@${clock.now()}`));
  const cancel = clock.after(15, () => seen.push('never'));
  cancel();
  await clock.advance(25);
  expect(seen).toEqual(['a@10', 'b@10', 'c@20']);
  expect(clock.now()).toBe(25);
});

test('drive jumps over waits and refuses to wait for ever', async () => {
  const clock = new Clock(0);
  expect(
    await clock.drive(
      clock.sleep(3_600_000).then(() => clock.now()),
      4_000_000,
    ),
  ).toBe(3_600_000);
  await expect(clock.drive(new Promise(() => {}), 1000)).rejects.toThrow('not finished');
});

test('work that does not rest lets time pass, and short work does not', async () => {
  const clock = new Clock(0);
  let stopped = false;
  const spin = async () => {
    while (!stopped) await clock.compute(5);
  };
  clock.after(2000, () => {
    stopped = true;
  });
  await clock.drive(spin(), 10_000);
  expect(clock.now()).toBe(2000);
  await clock.drive(clock.compute(5), 10_000);
  expect(clock.now()).toBe(2000);
  stopped = false;
  void spin();
  await clock.advance(1000);
  expect(clock.now()).toBe(3000);
  await expect(clock.drive(new Promise(() => {}), 1000)).rejects.toThrow('not finished');
  await clock.settle();
  stopped = true;
});

test('a sleep ends early when aborted', async () => {
  const abort = new AbortController();
  const sleep = new Clock(0).sleep(1000, abort.signal);
  abort.abort(new Error('stop'));
  await expect(sleep).rejects.toThrow('stop');
});

test('the same seed draws the same, also from a saved state', () => {
  const a = new Random(7);
  const b = new Random(7);
  expect(a.uuid()).toBe(b.uuid());
  const c = new Random(a.state);
  expect(c.suffix(5)).toBe(a.suffix(5));
  expect(new Random(8).uuid()).not.toBe(new Random(7).uuid());
});

test('a pipe gives bytes in order, ends, and tells a writer that its reader has gone', async () => {
  const pipe = new Pipe(4);
  await pipe.write(bytes('abcd'));
  let written = false;
  const second = pipe.write(bytes('ef')).then(() => {
    written = true;
  });
  await Promise.resolve();
  expect(written).toBe(false);
  expect(text(await pipe.read(3))).toBe('abc');
  await second;
  expect(text(await pipe.read(1))).toBe('d');
  pipe.end();
  expect(text(await pipe.read())).toBe('ef');
  expect(await pipe.read()).toBe(null);
  const broken = new Pipe();
  broken.close();
  await expect(broken.write(bytes('x'))).rejects.toThrow(BrokenPipe);
});

test('snapshot plus log is the state; commits made together share an append', async () => {
  const log: Change[][] = [];
  const state = new State();
  state.table('t').set('a', 1);
  const before = state.snapshot();
  state.attach({ append: async (changes) => void log.push(changes) });
  state.table('t').set('b', 2);
  const first = state.commit();
  state.table('t').delete('a');
  await Promise.all([first, state.commit()]);
  expect(log.length).toBe(1);
  expect(State.replay(before, log.flat())).toEqual(state.snapshot());
});
