// L11: pod-to-pod: any pod reaches any pod on any node.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web', 4);
});

test('every pod reaches every other one, by address', async () => {
  const pods = await lesson.table('oc get pods -l app=web -o wide');
  expect(new Set(pods.map((row) => row[6])).size).toBe(2);
  for (const [from] of pods)
    for (const [name, , , , , address] of pods)
      expect(await lesson.inPod(`curl -s http://${address}:8080/hostname`, from)).toBe(name);
});

test('the matrix says so, too', async () => {
  const cells = await lesson.table('oc podlab reach --port 8080 -o wide');
  expect(cells).toHaveLength(16);
  expect(new Set(cells.map((row) => row[3]))).toEqual(new Set(['delivered']));
});
