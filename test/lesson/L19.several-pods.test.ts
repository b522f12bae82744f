// L19: a service with several pods across nodes.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('db-pod', 2);
  await lesson.type('oc expose deployment/db-pod --port 3306 --target-port 8080');
});

test('endpoints on several nodes', async () => {
  const [[, endpoints] = []] = await lesson.table('oc get endpoints db-pod');
  expect(endpoints).toMatch(/^10\.8\.\d+\.\d+:8080,10\.8\.\d+\.\d+:8080$/);
  const nodes = await lesson.field(
    'endpointslices -l kubernetes.io/service-name=db-pod',
    '.items[0].endpoints[*].nodeName',
  );
  expect(nodes.split(' ').sort()).toEqual(['worker01', 'worker02']);
});
