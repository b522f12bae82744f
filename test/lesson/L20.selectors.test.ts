// L20: service selector matches pod labels.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('db-pod', 2);
  await lesson.type('oc expose deployment/db-pod --port 3306 --target-port 8080');
});

test('the columns of the lesson', async () => {
  const [header, row] = (await lesson.type('oc get service db-pod -o wide')).trimEnd().split('\n');
  expect(header?.split(/ {2,}/)).toEqual(['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE', 'SELECTOR']);
  expect(row?.split(/ {2,}/).at(-1)).toBe('app=db-pod');
});

test('endpoints are exactly the ready pods that match', async () => {
  const endpoints = async () => (await lesson.table('oc get endpoints db-pod'))[0]?.[1] ?? '';
  const pods = async () => (await lesson.field('pods -l app=db-pod', '.items[*].status.podIP')).split(' ').sort();
  expect(
    (await endpoints())
      .split(',')
      .map((each) => each.replace(':8080', ''))
      .sort(),
  ).toEqual(await pods());
  const [[first] = []] = await lesson.table('oc get pods');
  await lesson.type(`oc label pod ${first} app=other --overwrite`);
  await lesson.type('sleep 30');
  expect(
    (await endpoints())
      .split(',')
      .map((each) => each.replace(':8080', ''))
      .sort(),
  ).toEqual(await pods());
  await lesson.type('oc patch service db-pod --type merge -p \'{"spec":{"selector":{"app":"nobody"}}}\'');
  expect(await endpoints()).toBe('<none>');
});
