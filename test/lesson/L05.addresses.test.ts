// L05: IP address leasing and reservation.
import { beforeAll, expect, test } from 'vitest';
import { isIn, Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open({ serviceNetwork: '172.30.0.0/28' });
  await lesson.serve('web');
});

const service = (name: string, ip: string) => `oc create service clusterip ${name} --tcp 80 --clusterip=${ip}`;

test("a pod's address is leased from its node's subnet and given back", async () => {
  const [[, , , , , address = '', node = ''] = []] = await lesson.table('oc get pods -l app=web -o wide');
  expect(isIn(address, node === 'worker01' ? '10.8.2.0/23' : '10.8.4.0/23')).toBe(true);
  await lesson.type('oc delete pod -l app=web');
  await lesson.type('sleep 60');
  const [[, , , , , next = ''] = []] = await lesson.table('oc get pods -l app=web -o wide');
  expect(next).not.toBe(address);
});

test('a service keeps its address for life, and may ask for one', async () => {
  expect(await lesson.line(service('mine', '172.30.0.5'))).toBe('service/mine created');
  await lesson.type('oc label service mine a=b');
  expect(await lesson.field('service mine', '.spec.clusterIP')).toBe('172.30.0.5');
});

test('taken, outside, used up', async () => {
  expect(await lesson.type(service('other', '172.30.0.5'))).toContain(
    'failed to allocate IP 172.30.0.5: provided IP is already allocated',
  );
  expect(await lesson.type(service('far', '10.1.1.1'))).toContain(
    'failed to allocate IP 10.1.1.1: the provided IP (10.1.1.1) is not in the valid range. The range of valid IPs is 172.30.0.0/28',
  );
  let last = '';
  for (let i = 0; i < 14; i++) last = await lesson.type(`oc create service clusterip s${i} --tcp 80`);
  expect(last).toContain('range is full');
});
