// L14: addresses are assigned automatically, but unstable.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web');
});

test('a replaced pod has another address', async () => {
  const address = () => lesson.field('pods -l app=web', '.items[0].status.podIP');
  const before = await address();
  await lesson.type('oc delete pod -l app=web');
  await lesson.type('sleep 40');
  const after = await address();
  expect(after).toMatch(/^10\.8\./);
  expect(after).not.toBe(before);
});
