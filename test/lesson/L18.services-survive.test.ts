// L18: services resolve pod failure.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web');
  await lesson.tools();
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080');
});

test('the client that goes through the service goes on working', async () => {
  const ask = () => lesson.inPod('curl -s http://web/hostname');
  const before = await ask();
  await lesson.type('oc delete pod -l app=web');
  await lesson.type('sleep 60');
  const after = await ask();
  expect(after).toMatch(/^web-/);
  expect(after).not.toBe(before);
});
