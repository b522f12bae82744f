// Endpoints near their clients: traffic distribution, topology mode, and who takes notice of hints.
import { expect, test } from 'vitest';
import type { CniName } from '../../lib/network/cni/contract';
import { Lesson } from '../support/lesson';

const ZONES = { worker01: 'east', worker02: 'west' };

/** A web server on both workers, each in a zone of its own, and a client in the east. */
async function zoned(network: CniName): Promise<Lesson> {
  const lesson = await Lesson.open({ network });
  for (const [node, zone] of Object.entries(ZONES))
    await lesson.type(`oc label node ${node} topology.kubernetes.io/zone=${zone}`);
  await lesson.serve('web', 4);
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080');
  await lesson.tools('tools', `--overrides '{"spec":{"nodeName":"worker01"}}'`);
  return lesson;
}

/** The zones that answer in thirty connections. */
async function answering(lesson: Lesson): Promise<string[]> {
  const rows = await lesson.table('oc get pods -l app=web -o wide');
  const zoneOf = new Map(rows.map((cells) => [cells[0], ZONES[cells[6] as keyof typeof ZONES]]));
  const names = await lesson.inPod("sh -c 'for i in $(seq 30); do curl -s http://web/hostname; echo; done'");
  return [
    ...new Set(
      names
        .split('\n')
        .filter(Boolean)
        .map((name) => zoneOf.get(name) ?? name),
    ),
  ].sort();
}

const HINTS = '{range .items[*].endpoints[*]}{.zone}:{.hints.forZones[*].name}{"\\n"}{end}';
const hints = async (lesson: Lesson) =>
  (await lesson.line(`oc get endpointslices -l kubernetes.io/service-name=web -o jsonpath='${HINTS}'`))
    .split('\n')
    .sort();
const OWN = ['east:east', 'east:east', 'west:west', 'west:west'];

test('trafficDistribution: PreferClose stays in the zone where kube-proxy serves', async () => {
  const lesson = await zoned('Calico');
  expect(await hints(lesson)).toEqual(['east:', 'east:', 'west:', 'west:']);
  expect(await answering(lesson)).toEqual(['east', 'west']);
  await lesson.type(`oc patch service web --type merge -p '{"spec":{"trafficDistribution":"PreferClose"}}'`);
  expect(await hints(lesson)).toEqual(OWN);
  expect(await answering(lesson)).toEqual(['east']);
  // Without an endpoint of its zone, a client gets all.
  await lesson.type('oc label node worker01 --overwrite topology.kubernetes.io/zone=north');
  expect(await answering(lesson)).toContain('west');
});

test('OVN-Kubernetes publishes hints and takes no notice of them', async () => {
  const lesson = await zoned('OVNKubernetes');
  await lesson.type(`oc patch service web --type merge -p '{"spec":{"trafficDistribution":"PreferClose"}}'`);
  expect(await hints(lesson)).toEqual(OWN);
  expect(await answering(lesson)).toEqual(['east', 'west']);
});

test('topology mode Auto shares endpoints out, or says why not', async () => {
  const lesson = await zoned('Flannel');
  await lesson.type('oc annotate service web service.kubernetes.io/topology-mode=Auto');
  expect(await hints(lesson)).toEqual(OWN);
  expect(await answering(lesson)).toEqual(['east']);
  const events = () =>
    lesson.line('oc get events --field-selector involvedObject.name=web,involvedObject.kind=Service');
  expect(await events()).toMatch(
    /Normal +TopologyAwareHintsEnabled +service\/web +Topology Aware Hints has been enabled, addressType: IPv4/,
  );
  await lesson.type('oc scale deployment web --replicas 1');
  await lesson.type('sleep 40');
  expect(await events()).toMatch(
    /Warning +TopologyAwareHintsDisabled +service\/web +Insufficient number of endpoints \(1 endpoints, 2 zones\), addressType: IPv4/,
  );
  expect((await hints(lesson)).map((line) => line.replace(/^\w+/, ''))).toEqual([':']);
});
