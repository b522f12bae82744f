// L25: the Cluster Network Operator configures the network, and its status can be observed.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
});

test('its deployment, as in the lesson', async () => {
  const text = await lesson.type('oc get -n openshift-network-operator deployment/network-operator');
  expect(text).toMatch(/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nnetwork-operator +1\/1 +1 +1 +41d\n$/);
});

test('its status and what it applied', async () => {
  const [row] = await lesson.table('oc get clusteroperator network');
  expect(row?.slice(0, 5)).toEqual(['network', '4.18.6', 'True', 'False', 'False']);
  const text = await lesson.type('oc describe network.config/cluster');
  for (const part of ['Network Type:', 'OVNKubernetes', '10.8.0.0/14', '172.30.0.0/16', 'Cluster Network MTU:'])
    expect(text).toContain(part);
  const applied = await lesson.field('configmap applied-cluster -n openshift-network-operator', '.data.applied');
  expect(JSON.parse(applied)).toMatchObject({ serviceNetwork: ['172.30.0.0/16'] });
});

test('it follows what its pods do', async () => {
  await lesson.type('oc adm cordon master01 worker01 worker02');
  await lesson.type('oc delete pods -n openshift-multus -l app=multus-admission-controller');
  expect((await lesson.table('oc get clusteroperator network'))[0]?.[3]).toBe('True');
  await lesson.type('oc adm uncordon master01 worker01 worker02');
  await lesson.type('sleep 60');
  expect((await lesson.table('oc get clusteroperator network'))[0]?.slice(2, 5)).toEqual(['True', 'False', 'False']);
});
