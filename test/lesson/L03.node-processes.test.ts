// L03: does not regulate processes on cluster nodes.
import { beforeAll, expect, test } from 'vitest';
import { Lesson, SERVER } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.type('oc label namespace lesson pod-security.kubernetes.io/enforce=privileged --overwrite');
  await lesson.type('oc adm policy add-scc-to-user privileged -z default');
  const overrides = JSON.stringify({ spec: { hostNetwork: true, nodeName: 'worker01' } });
  await lesson.type(`oc run host --image ${SERVER} --overrides '${overrides}' -- netexec --http-port=9876`);
  await lesson.type('oc wait --for=condition=Ready pod/host --timeout=120s');
  await lesson.tools();
});

test("a hostNetwork pod sits on its node's address", async () => {
  expect(await lesson.field('pod host', '.status.podIP')).toBe('192.168.50.13');
  expect(await lesson.line('curl -s http://192.168.50.13:9876/hostname')).toBe('worker01');
});

test("a process on a node has the node's address", async () => {
  const seen = await lesson.type(
    'oc debug node/worker02 -q -- chroot /host curl -s http://192.168.50.13:9876/clientip 2>/dev/null',
  );
  expect(seen).toMatch(/^192\.168\.50\.14:\d+/);
});

test('NetworkPolicy does not touch it', async () => {
  await lesson.type(`oc apply -f - <<'END'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny-all }
spec: { podSelector: {}, policyTypes: [Ingress] }
END`);
  expect(await lesson.line('curl -s http://192.168.50.13:9876/hostname')).toBe('worker01');
  expect(await lesson.inPod('curl -s http://192.168.50.13:9876/hostname')).toBe('worker01');
});
