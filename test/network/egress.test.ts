// What a pod's connection looks like from outside the cluster: its node's address, or an egress address wherever that is.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
let outside: string;

beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.tools('tools', `--labels team=red --overrides '{"spec":{"nodeName":"worker01"}}'`);
  await lesson.tools('plain', `--overrides '{"spec":{"nodeName":"worker01"}}'`);
  await lesson.type('oc wait --for=condition=Ready pod --all --timeout=120s');
  outside = (await lesson.line('hostname -I')).split(' ')[0] ?? '';
});

let port = 9000;

/** The address that a server outside sees of a pod's connection. */
async function seen(pod: string): Promise<string | undefined> {
  port++;
  await lesson.type(`nc -lvn ${port} < /dev/null > seen 2>&1 &`);
  await lesson.inPod(`sh -c 'echo hello | nc -w 2 ${outside} ${port}'`, pod);
  return /from (?:\S+ )?\[?(\d+\.\d+\.\d+\.\d+)/i.exec(await lesson.line('cat seen'))?.[1];
}

const assigned = () => lesson.field('egressip red', '.status.items[*].node');

test('an egress address follows the nodes that may hold it', async () => {
  const node = await lesson.field('node worker01', '.status.addresses[0].address');
  expect(await seen('tools')).toBe(node);
  const spec = {
    egressIPs: ['192.168.50.77'],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'lesson' } },
    podSelector: { matchLabels: { team: 'red' } },
  };
  const egress = { apiVersion: 'k8s.ovn.org/v1', kind: 'EgressIP', metadata: { name: 'red' }, spec };
  await lesson.type(`echo '${JSON.stringify(egress)}' | oc apply -f -`);
  const hold = (name: string, may: string) => lesson.type(`oc label node ${name} k8s.ovn.org/egress-assignable${may}`);
  for (const name of ['worker01', 'worker02']) {
    await hold(name, '=');
    expect(await assigned()).toBe(name);
    expect(await seen('tools')).toBe('192.168.50.77');
    expect(await seen('plain')).toBe(node);
    await hold(name, '-');
  }
  expect(await assigned()).toBe('');
  expect(await seen('tools')).toBe(node);
});

test('an egress firewall lets out what it names', async () => {
  const rules = [
    { type: 'Allow', to: { cidrSelector: `${outside}/32` }, ports: [{ protocol: 'TCP', port: port + 1 }] },
    { type: 'Deny', to: { cidrSelector: '0.0.0.0/0' } },
  ];
  const firewall = {
    apiVersion: 'k8s.ovn.org/v1',
    kind: 'EgressFirewall',
    metadata: { name: 'default' },
    spec: { egress: rules },
  };
  await lesson.type(`echo '${JSON.stringify(firewall)}' | oc apply -f -`);
  expect(await seen('plain')).toBeDefined();
  expect(await seen('plain')).toBeUndefined();
  expect(await lesson.line('oc get egressfirewall')).toMatch(/default +EgressFirewall Rules applied/);
  rules[0] = { type: 'Allow', to: { cidrSelector: '10.0.0' }, ports: [] };
  await lesson.type(`echo '${JSON.stringify({ ...firewall, spec: { egress: rules } })}' | oc apply -f -`);
  expect(await lesson.line('oc get egressfirewall')).toMatch(/default +EgressFirewall Rules not correctly applied/);
  expect(await lesson.field('egressfirewall default', '.status.messages[0]')).toMatch(
    /^\w+: EgressFirewall Rules not correctly applied: cannot create EgressFirewall Rule to destination 10\.0\.0 for namespace lesson: invalid CIDR address: 10\.0\.0$/,
  );
  expect(await seen('plain')).toBeDefined();
  await lesson.type('oc delete egressfirewall default');
  expect(await seen('plain')).toBeDefined();
});
