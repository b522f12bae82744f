// L09: figure 4.5, how the SDN manages the network: the data of the live picture.
import { beforeAll, expect, test } from 'vitest';
import { picture } from '../../lib/network/picture';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web', 2);
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080');
  await lesson.type('oc expose service/web');
});

test('nodes, their subnets, pods, services with their endpoints, the way in', () => {
  const text = JSON.stringify(picture(lesson.sandbox.network, lesson.sandbox.fabric.recent, () => true));
  for (const part of ['worker01', '10.8.2.0/23', '"web"', 'web-lesson.apps.ocp4.example.com', 'workstation'])
    expect(text).toContain(part);
});
