// L26: a cluster administrator can only choose at installation.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web');
  await lesson.tools();
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080');
});

const network = {
  networkType: 'OVNKubernetes',
  clusterNetwork: [{ cidr: '10.8.0.0/14', hostPrefix: 23 }],
  serviceNetwork: ['172.30.0.0/16'],
};

test.each<[string, object, string]>([
  ['network.config', { networkType: 'OpenShiftSDN' }, 'cannot change default network type when not doing migration'],
  ['network.config', { serviceNetwork: ['172.31.0.0/16'] }, 'unsupported change to ServiceNetwork'],
  [
    'network.config',
    { clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }] },
    'modifying IP network value for clusterNetwork CIDR is unsupported',
  ],
  [
    'network.config',
    { clusterNetwork: [{ cidr: '10.8.0.0/14', hostPrefix: 24 }] },
    "modifying a clusterNetwork's hostPrefix value is unsupported",
  ],
  [
    'network.operator',
    { defaultNetwork: { ovnKubernetesConfig: { mtu: 1300 } } },
    'cannot change ovn-kubernetes MTU without migration',
  ],
  [
    'network.operator',
    { defaultNetwork: { ovnKubernetesConfig: { genevePort: 6082 } } },
    'cannot change ovn-kubernetes genevePort',
  ],
])('%s %o', async (kind, spec, why) => {
  await lesson.type(`oc patch ${kind} cluster --type merge -p '${JSON.stringify({ spec }).replaceAll("'", '')}'`);
  const [[, , available, , degraded, , message] = []] = await lesson.table('oc get clusteroperator network');
  expect([available, degraded, message]).toEqual([
    'True',
    'True',
    `Not applying unsafe configuration change: invalid configuration: [${why}]. Use 'oc edit network.operator.openshift.io cluster' to undo the change.`,
  ]);
  expect(await lesson.inPod('curl -s http://web/hostname')).toMatch(/^web-/);
  const back = { defaultNetwork: { ovnKubernetesConfig: { mtu: 1400, genevePort: 6081 } } };
  await lesson.type(`oc patch network.operator cluster --type merge -p '${JSON.stringify({ spec: back })}'`);
  await lesson.type(`oc patch network.config cluster --type merge -p '${JSON.stringify({ spec: network })}'`);
  expect((await lesson.table('oc get clusteroperator network'))[0]?.[4]).toBe('False');
});

test('what it does allow: a larger cluster network, another network beside', async () => {
  await lesson.type(
    `oc patch network.config cluster --type merge -p '{"spec":{"clusterNetwork":[{"cidr":"10.8.0.0/13","hostPrefix":23}]}}'`,
  );
  expect((await lesson.table('oc get clusteroperator network'))[0]?.[4]).toBe('False');
  expect(await lesson.field('network.config cluster', '.status.clusterNetwork[0].cidr')).toBe('10.8.0.0/13');
  const raw = JSON.stringify({
    cniVersion: '0.3.1',
    name: 'lan',
    type: 'macvlan',
    master: 'ens4',
    ipam: { type: 'static' },
  });
  const additionalNetworks = [{ name: 'lan', namespace: 'lesson', type: 'Raw', rawCNIConfig: raw }];
  await lesson.type(
    `oc patch network.operator cluster --type merge -p '${JSON.stringify({ spec: { additionalNetworks } })}'`,
  );
  expect(await lesson.table('oc get net-attach-def')).toHaveLength(1);
});

test.each<[object, string]>([
  [{ name: 'a', type: 'Bridge' }, 'unknown or unsupported NetworkType: Bridge'],
  [{ name: 'a', type: 'Raw', rawCNIConfig: '{' }, 'failed to Unmarshal RawCNIConfig: {'],
  [
    {
      name: 'a',
      type: 'SimpleMacvlan',
      simpleMacvlanConfig: {
        ipamConfig: { type: 'Static', staticIPAMConfig: { addresses: [{ address: '10.0.0.300/24' }] } },
      },
    },
    'invalid static address: invalid CIDR address: 10.0.0.300/24',
  ],
])('another network that is none: %o', async (wrong, why) => {
  const set = (additionalNetworks: object[]) =>
    lesson.type(
      `oc patch network.operator cluster --type merge -p '${JSON.stringify({ spec: { additionalNetworks } })}'`,
    );
  await set([wrong]);
  const [[, , , , degraded, , message] = []] = await lesson.table('oc get clusteroperator network');
  expect([degraded, message]).toEqual([
    'True',
    `The operator configuration is invalid ([${why}]). Use 'oc edit network.operator.openshift.io cluster' to fix.`,
  ]);
  await set([{ name: 'simple', namespace: 'lesson', type: 'SimpleMacvlan' }]);
  expect((await lesson.table('oc get clusteroperator network'))[0]?.[4]).toBe('False');
  const config = await lesson.field('net-attach-def simple', '.spec.config');
  expect(JSON.parse(config)).toEqual({ cniVersion: '0.3.1', name: 'simple', type: 'macvlan', ipam: { type: 'dhcp' } });
});
