// L10: container-to-container.
import { beforeAll, expect, test } from 'vitest';
import { Lesson, SERVER, TOOLS } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  for (const [name, second] of [
    ['pair', `{ name: tools, image: "${TOOLS}", command: [sleep, infinity] }`],
    ['clash', `{ name: second, image: "${SERVER}", args: [netexec, "--http-port=8080", "--udp-port=-1"] }`],
  ])
    await lesson.type(`oc apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  containers:
  - { name: web, image: "${SERVER}", args: [netexec, "--http-port=8080", "--udp-port=-1"] }
  - ${second}
END`);
  await lesson.type('oc wait --for=condition=Ready pod/pair --timeout=120s');
  await lesson.type('sleep 30');
});

test('two containers of a pod talk over localhost', async () => {
  expect(await lesson.line('oc exec pair -c tools -- curl -s http://localhost:8080/hostname')).toBe('pair');
});

test('both on one port: the second crash-loops and says why', async () => {
  const [[, ready, status] = []] = await lesson.table('oc get pod clash');
  expect([ready, /CrashLoopBackOff|Error/.test(status ?? '')]).toEqual(['1/2', true]);
  const logs = (await lesson.type('oc logs clash -c second')) + (await lesson.type('oc logs clash -c web'));
  expect(logs.toLowerCase()).toContain('address already in use');
});
