// L12: pod-to-service, by ClusterIP and by name.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web');
  await lesson.tools();
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080');
});

test('by address and by name', async () => {
  const address = await lesson.field('service web', '.spec.clusterIP');
  for (const host of [address, 'web', 'web.lesson', 'web.lesson.svc.cluster.local'])
    expect(await lesson.inPod(`curl -s http://${host}/hostname`)).toMatch(/^web-/);
});

test('a port that the service does not have is silent; a service without endpoints refuses', async () => {
  expect(await lesson.inPod("sh -c 'curl -s -m 2 http://web:81; echo $?'")).toBe('28');
  await lesson.type('oc scale deployment/web --replicas 0');
  await lesson.type('sleep 40');
  expect(await lesson.inPod("sh -c 'curl -s -m 2 http://web; echo $?'")).toBe('7');
});
