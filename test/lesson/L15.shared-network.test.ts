// L15: all containers of a pod share networking resources.
import { beforeAll, expect, test } from 'vitest';
import { Lesson, SERVER, TOOLS } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.type(`oc apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: { name: pair }
spec:
  containers:
  - { name: web, image: "${SERVER}", args: [netexec, "--http-port=8080"] }
  - { name: one, image: "${TOOLS}", command: [sleep, infinity] }
  - { name: two, image: "${TOOLS}", command: [sleep, infinity] }
END`);
  await lesson.type('oc wait --for=condition=Ready pod/pair --timeout=120s');
});

test('same address, same localhost, same ports', async () => {
  const address = await lesson.field('pod pair', '.status.podIP');
  for (const container of ['one', 'two']) {
    expect(await lesson.line(`oc exec pair -c ${container} -- hostname -i`)).toBe(address);
    expect(await lesson.line(`oc exec pair -c ${container} -- curl -s http://localhost:8080/hostname`)).toBe('pair');
  }
});
