// L22: SVC-NAME.PROJECT-NAME.svc.CLUSTER-DOMAIN.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.type('oc create service clusterip db-pod --tcp 3306');
  await lesson.tools('here');
  await lesson.type('oc new-project other');
  await lesson.tools('there');
});

const find = (name: string, namespace: string, pod: string) =>
  lesson.line(`oc exec -n ${namespace} ${pod} -- getent hosts ${name} >/dev/null 2>&1; echo $?`);

test.each([
  ['db-pod.lesson.svc.cluster.local', '0', '0'],
  ['db-pod.lesson', '0', '0'],
  ['db-pod', '0', '2'],
])('%s', async (name, own, other) => {
  expect([await find(name, 'lesson', 'here'), await find(name, 'other', 'there')]).toEqual([own, other]);
});
