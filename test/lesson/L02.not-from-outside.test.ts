// L02: not accessible from outside the cluster.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web');
  await lesson.tools();
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080');
  await lesson.type("POD=$(oc get pods -l app=web -o jsonpath='{.items[0].status.podIP}')");
  await lesson.type("SERVICE=$(oc get service web -o jsonpath='{.spec.clusterIP}')");
});

test.each(['$POD:8080', '$SERVICE'])('from the workstation %s times out', async (target) => {
  expect(await lesson.line(`curl -s -m 3 http://${target}; echo $?`)).toBe('28');
});

test.each(['$POD:8080', '$SERVICE'])('from a pod and from a node %s answers', async (target) => {
  expect(await lesson.inPod(`curl -s http://${target}/hostname`)).toMatch(/^web-/);
  const node = await lesson.type(`oc debug node/worker01 -q -- chroot /host curl -s http://${target}/hostname`);
  expect(node).toMatch(/web-\w+-\w+/);
});
