// L01: the SDN is a virtual network that abstracts several layers.
import { beforeAll, expect, test } from 'vitest';
import { isIn, Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web', 2);
  await lesson.tools();
});

test('nodes live on the machine network, pods on the cluster network, each node owning a subnet of it', async () => {
  const nodes = await lesson.table('oc get nodes -o wide');
  expect(nodes.map(([name]) => name)).toEqual(['master01', 'worker01', 'worker02']);
  for (const row of nodes) expect(isIn(row[5] ?? '', '192.168.50.0/24')).toBe(true);
  const pods = await lesson.table('oc get pods -l app=web -o wide');
  for (const row of pods) {
    const [address = '', node = ''] = [row[5], row[6]];
    const subnets = await lesson.field(`node ${node}`, '.metadata.annotations.k8s\\.ovn\\.org/node-subnets');
    const [subnet = ''] = (JSON.parse(subnets) as { default: string[] }).default;
    expect([subnet.endsWith('/23'), isIn(address, subnet), isIn(address, '10.8.0.0/14')]).toEqual([true, true, true]);
  }
});

test('traffic between nodes is encapsulated, as the trace shows', async () => {
  const from = await lesson.field('pod tools', '.spec.nodeName');
  const pods = await lesson.table('oc get pods -l app=web -o wide');
  const [far] = pods.find((row) => row[6] !== from) ?? [];
  const [near] = pods.find((row) => row[6] === from) ?? [];
  const way = await lesson.type(`oc podlab trace pod/tools pod/${far}:8080`);
  expect(way).toMatch(/encapsulation +\S+ +yes +Geneve from 192\.168\.50\.\d+ to 192\.168\.50\.\d+, UDP port 6081/);
  expect(await lesson.type(`oc podlab trace pod/tools pod/${near}:8080`)).not.toContain('encapsulation');
});
