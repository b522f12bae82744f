import { expect, it } from 'vitest';
import { type RecordedEvent, Recorder } from './recorder';

function record() {
  const saved: [number, RecordedEvent[]][] = [];
  let now = 0;
  const store = { save: async (seq: number, events: RecordedEvent[]) => void saved.push([seq, events]) };
  const recorder = new Recorder(
    store,
    () => now,
    3,
    () => {},
  );
  return { saved, recorder, pass: (ms: number) => (now += ms) };
}

it('keeps both directions in order, with their times, and joins what comes at once', async () => {
  const { saved, recorder, pass } = record();
  recorder.resize(80, 24);
  recorder.input(Buffer.from('l'));
  recorder.output(Buffer.from('l'));
  pass(5);
  recorder.output(Buffer.from('a'));
  recorder.output(Buffer.from('b'));
  await recorder.flush();
  await recorder.flush();
  recorder.output(Buffer.from('c'));
  await recorder.flush();
  expect(saved).toEqual([
    [
      3,
      [
        [0, 'r', '80x24'],
        [0, 'i', 'l'],
        [0, 'o', 'l'],
        [5, 'o', 'ab'],
      ],
    ],
    [4, [[5, 'o', 'c']]],
  ]);
});

it('does not tear a character that arrives in two pieces', async () => {
  const { saved, recorder } = record();
  const bytes = Buffer.from('ü');
  recorder.output(bytes.subarray(0, 1));
  recorder.output(bytes.subarray(1));
  await recorder.flush();
  expect(saved).toEqual([[3, [[0, 'o', 'ü']]]]);
});

it('keeps a part of a flood, and says so once', async () => {
  const { saved, recorder } = record();
  for (let i = 0; i < 1000; i++) recorder.output(Buffer.alloc(1024, 'y'));
  await recorder.flush();
  const text = saved.flatMap(([, events]) => events.map(([, , part]) => part)).join('');
  expect(text.length).toBeLessThan(140_000);
  expect(text.split('too much output')).toHaveLength(2);
});
