// L07: service discovery.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.tools('before');
  await lesson.serve('db-pod');
  await lesson.type('oc expose deployment/db-pod --port 3306 --target-port 8080');
  await lesson.tools('after');
});

test('by DNS', async () => {
  const address = await lesson.field('service db-pod', '.spec.clusterIP');
  expect(await lesson.inPod('getent hosts db-pod', 'before')).toMatch(
    new RegExp(`^${address.replaceAll('.', '\\.')} +db-pod\\.lesson\\.svc\\.cluster\\.local$`),
  );
  expect(await lesson.inPod('curl -s http://db-pod:3306/hostname', 'before')).toMatch(/^db-pod-/);
});

test('by variables, in pods that started after the service', async () => {
  const address = await lesson.field('service db-pod', '.spec.clusterIP');
  const after = (await lesson.inPod('env', 'after')).split('\n');
  expect(after).toEqual(
    expect.arrayContaining([
      `DB_POD_SERVICE_HOST=${address}`,
      'DB_POD_SERVICE_PORT=3306',
      `DB_POD_PORT=tcp://${address}:3306`,
      `DB_POD_PORT_3306_TCP_ADDR=${address}`,
    ]),
  );
  expect(await lesson.inPod('env', 'before')).not.toContain('DB_POD');
});
