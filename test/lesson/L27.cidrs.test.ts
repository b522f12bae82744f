// L27: Cluster Network CIDR and Service Network CIDR bound every pod and every service address.
import { beforeAll, expect, test } from 'vitest';
import { isIn, Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open({ clusterNetwork: '10.200.0.0/16', hostPrefix: 28, serviceNetwork: '10.96.0.0/27' });
});

test('other CIDRs at installation give other addresses', async () => {
  await lesson.serve('web', 2);
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080');
  for (const row of await lesson.table('oc get pods -o wide')) expect(isIn(row[5] ?? '', '10.200.0.0/16')).toBe(true);
  expect(isIn(await lesson.field('service web', '.spec.clusterIP'), '10.96.0.0/27')).toBe(true);
  expect(await lesson.field('service dns-default -n openshift-dns', '.spec.clusterIP')).toBe('10.96.0.10');
});

test('running out of pod addresses gives the real error', async () => {
  await lesson.type('oc scale deployment/web --replicas 30');
  await lesson.type('sleep 60');
  const events = await lesson.type('oc get events');
  expect(events).toContain('FailedCreatePodSandBox');
  expect(events).toContain('subnet address pool exhausted');
});

test('running out of service addresses gives the real error', async () => {
  let last = '';
  for (let i = 0; i < 30; i++) last = await lesson.type(`oc create service clusterip s${i} --tcp 80`);
  expect(last).toContain('range is full');
});
