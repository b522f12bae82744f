// L16: no need for NAT: a server sees its client's own address.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web', 2);
  await lesson.tools();
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080 --type NodePort');
});

const address = (seen: string) => seen.replace(/:\d+$/, '');

test('across nodes and through a service', async () => {
  const own = await lesson.field('pod tools', '.status.podIP');
  for (const row of await lesson.table('oc get pods -l app=web -o wide'))
    expect(address(await lesson.inPod(`curl -s http://${row[5]}:8080/clientip`))).toBe(own);
  expect(address(await lesson.inPod('curl -s http://web/clientip'))).toBe(own);
});

test("from outside through a node port: a node's address, unless the policy is Local", async () => {
  const port = await lesson.field('service web', '.spec.ports[0].nodePort');
  const node = async () => address(await lesson.line(`curl -s http://192.168.50.13:${port}/clientip`));
  expect(['192.168.50.13', '10.8.2.2', '100.64.0.3']).toContain(await node());
  await lesson.type('oc patch service web --type merge -p \'{"spec":{"externalTrafficPolicy":"Local"}}\'');
  expect(await node()).toBe('192.168.50.9');
  expect(await lesson.line(`curl -s -m 2 http://192.168.50.10:${port}/clientip; echo $?`)).toBe('28');
});
