// What a cluster says of itself depends on how it was installed: releases of old plug-ins, the range of node ports.
import { expect, test } from 'vitest';
import type { CniName } from '../../lib/network/cni/contract';
import { Lesson } from '../support/lesson';

test.each<[CniName, string, string]>([
  ['OpenShiftSDN', '4.16.33', '1.29'],
  ['Kuryr', '4.14.45', '1.27'],
  ['OVNKubernetes', '4.18.6', '1.31'],
])('%s: OpenShift %s with Kubernetes %s', async (network, release, kubernetes) => {
  const lesson = await Lesson.open({ network });
  const version = await lesson.line('oc version');
  expect(version).toContain(`Server Version: ${release}\n`);
  expect(version).toMatch(new RegExp(`Kubernetes Version: v${kubernetes}\\.\\d+$`));
  expect(await lesson.line('oc get --raw /version | grep \'"minor"\'')).toContain(kubernetes.slice(2));
  for (const row of await lesson.table('oc get nodes -o wide')) {
    expect(row[4]).toMatch(new RegExp(`^v${kubernetes}\\.`));
    expect(row.at(-1)).toMatch(new RegExp(`^cri-o://${kubernetes}\\.`));
  }
});

const INVALID = 'Service "a" is invalid: spec.ports[0].nodePort: Invalid value:';

test('the range of node ports, as installed and as changed', async () => {
  const lesson = await Lesson.open({ nodePortRange: '31000-31001' });
  const create = (name: string, port?: number) =>
    lesson.line(`oc create service nodeport ${name} --tcp 80 ${port ? `--node-port ${port}` : ''}`);
  expect(await create('a', 30000)).toBe(
    `error: failed to create NodePort service: ${INVALID} 30000: provided port is not in the valid range. The range of valid ports is 31000-31001`,
  );
  for (const name of ['a', 'b']) expect(await create(name)).toBe(`service/${name} created`);
  expect(await create('c')).toMatch(/failed to allocate a nodePort: range is full$/);
  expect(await lesson.field('network.config cluster', '.spec.serviceNodePortRange')).toBe('31000-31001');
  const patch = (range: string) =>
    lesson.line(`oc patch network.config cluster --type merge -p '{"spec":{"serviceNodePortRange":"${range}"}}'`);
  expect(await patch('20000-x')).toMatch(
    /^The Network "cluster" is invalid: spec\.serviceNodePortRange: Invalid value: "20000-x": spec\.serviceNodePortRange in body should match '\^/,
  );
  expect(await patch('20000-33000')).toBe('network.config.openshift.io/cluster patched');
  expect(await create('c', 20001)).toBe('service/c created');
});
