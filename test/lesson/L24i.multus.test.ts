// L24i: Multus adds second interfaces to pods.
import { beforeAll, expect, test } from 'vitest';
import { Lesson, TOOLS } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  const ipam = { type: 'whereabouts', range: '192.168.90.0/24' };
  const config = JSON.stringify({ cniVersion: '0.3.1', name: 'lan', type: 'macvlan', master: 'ens4', ipam });
  const definition = {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name: 'lan' },
    spec: { config },
  };
  await lesson.type(`echo '${JSON.stringify(definition)}' | oc apply -f -`);
  for (const name of ['one', 'two']) {
    const metadata = { name, annotations: { 'k8s.v1.cni.cncf.io/networks': 'lan' } };
    const containers = [{ name: 'tools', image: TOOLS, command: ['sleep', 'infinity'] }];
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } };
    await lesson.type(`echo '${JSON.stringify(pod)}' | oc apply -f -`);
  }
  await lesson.type('oc wait --for=condition=Ready pod/one pod/two --timeout=120s');
});

test('its agents run on every node', async () => {
  const [row] = await lesson.table('oc get daemonset multus -n openshift-multus');
  expect(row?.slice(0, 4)).toEqual(['multus', '3', '3', '3']);
});

test('net1 in the pod, and its status on the pod', async () => {
  expect(await lesson.inPod('ip -br addr', 'one')).toMatch(/net1\S* +\S+ +192\.168\.90\.\d+\/24/);
  const status = await lesson.field('pod one', '.metadata.annotations.k8s\\.v1\\.cni\\.cncf\\.io/network-status');
  expect(JSON.parse(status)).toEqual([
    expect.objectContaining({ interface: 'eth0', default: true }),
    expect.objectContaining({ name: 'lesson/lan', interface: 'net1' }),
  ]);
});

test('the second network is reached over net1', async () => {
  const status = await lesson.field('pod two', '.metadata.annotations.k8s\\.v1\\.cni\\.cncf\\.io/network-status');
  const [, { ips }] = JSON.parse(status) as [unknown, { ips: string[] }];
  expect(await lesson.inPod(`ping -c 1 -W 1 ${ips[0]}`, 'one')).toContain('1 received');
});
