// L06: name resolution.
import { beforeAll, expect, test } from 'vitest';
import { Lesson, SERVER } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.tools();
  await lesson.type(`oc apply -f - <<'END'
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  replicas: 2
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [ { name: db, image: "${SERVER}", args: [netexec, "--http-port=3306"] } ] }
END`);
  await lesson.type('oc create service clusterip web --tcp 80:8080');
  await lesson.type('oc create service clusterip db --clusterip None --tcp 3306');
  await lesson.type('oc patch service db --type merge -p \'{"spec":{"ports":[{"name":"sql","port":3306}]}}\'');
  await lesson.type('oc create service externalname out --external-name api.ocp4.example.com');
  await lesson.type('oc rollout status statefulset/db');
});

const dig = (what: string) => lesson.inPod(`dig +short ${what}`);

test('A, SRV, PTR and CNAME of services, headless services and pods', async () => {
  const address = await lesson.field('service web', '.spec.clusterIP');
  const pods = (await lesson.field('pods -l app=db', '.items[*].status.podIP')).split(' ');
  const domain = 'lesson.svc.cluster.local';
  expect(await dig(`web.${domain}`)).toBe(address);
  expect((await dig(`db.${domain}`)).split('\n').sort()).toEqual([...pods].sort());
  expect(await dig(`db-0.db.${domain}`)).toBe(pods[0]);
  expect((await dig(`_sql._tcp.db.${domain} SRV`)).split('\n').sort()).toEqual([
    `0 50 3306 db-0.db.${domain}.`,
    `0 50 3306 db-1.db.${domain}.`,
  ]);
  expect(await dig(`-x ${address}`)).toBe(`web.${domain}.`);
  expect(await dig(`out.${domain} CNAME`)).toBe('api.ocp4.example.com.');
  expect(await dig(`${pods[0]?.replaceAll('.', '-')}.lesson.pod.cluster.local`)).toBe(pods[0]);
});

test('what is not there, and what has no such record', async () => {
  expect(await lesson.inPod('dig nope.lesson.svc.cluster.local')).toContain('status: NXDOMAIN');
  const none = await lesson.inPod('dig web.lesson.svc.cluster.local AAAA');
  expect(none).toContain('status: NOERROR');
  expect(none).toContain('ANSWER: 0');
});
