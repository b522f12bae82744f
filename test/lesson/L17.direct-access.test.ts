// L17: the problem with direct access to pods.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web');
  await lesson.tools();
});

test('a client that kept the address fails once the pod is replaced', async () => {
  const address = await lesson.field('pods -l app=web', '.items[0].status.podIP');
  const ask = () => lesson.inPod(`sh -c 'curl -s -m 5 -o /dev/null http://${address}:8080/; echo $?'`);
  expect(await ask()).toBe('0');
  await lesson.type('oc delete pod -l app=web');
  await lesson.type('sleep 60');
  expect(await lesson.table('oc get pods -l app=web')).toHaveLength(1);
  expect(['7', '28']).toContain(await ask());
});
