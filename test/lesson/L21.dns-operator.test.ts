// L21: the DNS operator creates the cluster DNS and implements the DNS API of operator.openshift.io.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.tools();
});

const patch = (spec: object) =>
  lesson.type(`oc patch dns.operator/default --type merge -p '${JSON.stringify({ spec })}'`);
const dig = (name: string) => lesson.inPod(`sh -c 'dig +short +time=1 +tries=1 ${name}; echo $?'`);

test('its object, pods and service', async () => {
  expect(await lesson.field('dns.operator/default', '.status.clusterIP')).toBe('172.30.0.10');
  expect(await lesson.type('oc describe dns.operator/default')).toContain('Cluster IP:      172.30.0.10');
  const pods = await lesson.table('oc get pods -n openshift-dns');
  expect(pods.map(([name, ready]) => [name?.replace(/-\w+$/, ''), ready])).toEqual([
    ...Array(3).fill(['dns-default', '2/2']),
    ...Array(3).fill(['node-resolver', '1/1']),
  ]);
  const [[, type, address, , ports] = []] = await lesson.table('oc get service -n openshift-dns');
  expect([type, address, ports]).toEqual(['ClusterIP', '172.30.0.10', '53/UDP,53/TCP,9154/TCP']);
});

test('forwarders by zone change what resolves', async () => {
  await lesson.serve('own');
  expect(await dig('utility.lab.example.com')).toBe('192.168.50.254\n0');
  await patch({
    servers: [{ name: 'nowhere', zones: ['lab.example.com'], forwardPlugin: { upstreams: ['192.168.50.99'] } }],
  });
  await lesson.type('sleep 90');
  expect(await dig('utility.lab.example.com')).not.toContain('192.168.50.254');
  expect(await dig('api.ocp4.example.com')).toContain('192.168.50.10');
  await patch({ servers: [] });
  await lesson.type('sleep 90');
  expect(await dig('utility.lab.example.com')).toBe('192.168.50.254\n0');
});

test('placement, and its condition when no node is left', async () => {
  await patch({ nodePlacement: { nodeSelector: { 'node-role.kubernetes.io/worker': '' } } });
  await lesson.type('sleep 60');
  expect(
    (await lesson.table('oc get pods -n openshift-dns')).filter(([name]) => name?.startsWith('dns-')),
  ).toHaveLength(2);
  await patch({ nodePlacement: { nodeSelector: { no: 'node' } } });
  await lesson.type('sleep 90');
  expect(await lesson.type('oc get clusteroperator dns')).toContain('NoDNSPodsDesired');
  expect(await dig('kubernetes.default.svc.cluster.local')).not.toContain('172.30.0.1\n');
  await patch({ nodePlacement: { nodeSelector: null } });
  await lesson.type('sleep 60');
  expect(await dig('kubernetes.default.svc.cluster.local')).toBe('172.30.0.1\n0');
});

test("log level, and a state of nobody's", async () => {
  const corefile = () => lesson.field('configmap dns-default -n openshift-dns', '.data.Corefile');
  await patch({ logLevel: 'Trace' });
  await lesson.type('sleep 90');
  await dig('web.lesson.svc.cluster.local');
  const logs = await lesson.type(
    'oc logs -n openshift-dns -l dns.operator.openshift.io/daemonset-dns=default -c dns --tail -1',
  );
  expect(logs).toMatch(
    /\[INFO\] 10\.8\.\d+\.\d+:\d+ - \d+ "A IN web\.lesson\.svc\.cluster\.local\. udp \d+ false \d+" NXDOMAIN qr,aa,rd \d+ 0\.000s/,
  );
  await patch({ logLevel: 'Debug' });
  expect(await corefile()).toContain('class denial error');
  await patch({ managementState: 'Unmanaged', logLevel: 'Trace' });
  expect(await corefile()).toContain('class denial error');
  expect(await lesson.field('dns.operator/default', '.status.conditions[?(@.type=="Upgradeable")].status')).toBe(
    'False',
  );
});
