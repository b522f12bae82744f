// L08: load balancing.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web', 3);
  await lesson.tools();
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080');
});

const names = async () =>
  (await lesson.inPod("sh -c 'for i in $(seq 30); do curl -s http://web/hostname; echo; done'"))
    .split('\n')
    .filter(Boolean);

test('connections spread over the ready endpoints', async () => {
  expect(new Set(await names()).size).toBe(3);
});

test('sessionAffinity keeps a client on one, until its timeout', async () => {
  const affinity = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } } };
  await lesson.type(`oc patch service web --type merge -p '${JSON.stringify({ spec: affinity })}'`);
  const [first, ...rest] = await names();
  expect(new Set([first, ...rest]).size).toBe(1);
  const seen = new Set([first]);
  for (let i = 0; i < 10; i++) {
    await lesson.type('sleep 61');
    seen.add(await lesson.inPod('curl -s http://web/hostname'));
  }
  expect(seen.size).toBeGreaterThan(1);
});
