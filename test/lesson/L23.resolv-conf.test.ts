// L23: pods are configured to point to the DNS.
import { beforeAll, expect, test } from 'vitest';
import { Lesson, TOOLS } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.tools();
});

test('the three lines of the lesson', async () => {
  expect(await lesson.inPod('cat /etc/resolv.conf')).toMatch(
    /^search lesson\.svc\.cluster\.local svc\.cluster\.local cluster\.local.*\nnameserver 172\.30\.0\.10\noptions ndots:5$/,
  );
});

test('dnsPolicy and dnsConfig change it', async () => {
  for (const [name, spec] of [
    ['default', 'dnsPolicy: Default'],
    [
      'none',
      'dnsPolicy: None\n  dnsConfig: { nameservers: [192.168.50.254], searches: [lab.example.com], options: [{ name: ndots, value: "2" }] }',
    ],
    ['alias', 'hostAliases: [{ ip: 10.1.2.3, hostnames: [old.example.com] }]'],
  ] as const)
    await lesson.type(`oc apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  ${spec}
  containers:
  - { name: tools, image: "${TOOLS}", command: [sleep, infinity] }
END`);
  await lesson.type('oc wait --for=condition=Ready pod/default pod/none pod/alias --timeout=120s');
  expect(await lesson.inPod('cat /etc/resolv.conf', 'default')).toBe(
    'search ocp4.example.com\nnameserver 192.168.50.254',
  );
  expect(await lesson.inPod('cat /etc/resolv.conf', 'none')).toBe(
    'search lab.example.com\nnameserver 192.168.50.254\noptions ndots:2',
  );
  expect(await lesson.inPod('getent hosts utility', 'none')).toMatch(/^192\.168\.50\.254 +utility\.lab\.example\.com$/);
  expect(await lesson.inPod('getent hosts old.example.com', 'alias')).toMatch(/^10\.1\.2\.3 +old\.example\.com$/);
});
