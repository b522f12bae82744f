// Services in a running cluster: traffic policies, endpoints of every kind, UDP, addresses from outside, affinity, hairpins.
import { beforeAll, describe, expect, test } from 'vitest';
import { Lesson, SERVER } from '../support/lesson';

let lesson: Lesson;
const nodeOf: Record<string, string> = {};

beforeAll(async () => {
  lesson = await Lesson.open();
  for (const [name, node] of [
    ['one', 'worker01'],
    ['two', 'worker02'],
  ])
    await lesson.type(
      `oc run ${name} --image ${SERVER} --labels app=web,name=${name} --overrides '{"spec":{"nodeName":"${node}"}}' -- netexec --http-port=8080`,
    );
  await lesson.tools('tools', `--overrides '{"spec":{"nodeName":"worker01"}}'`);
  await lesson.type('oc wait --for=condition=Ready pod --all --timeout=120s');
  for (const node of ['worker01', 'worker02'])
    nodeOf[node] = await lesson.field(`node ${node}`, '.status.addresses[0].address');
});

const apply = (object: object) => lesson.type(`echo '${JSON.stringify(object)}' | oc apply -f -`);
const http = [{ port: 80, targetPort: 8080 }];
const service = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: 'web' }, ports: http, ...spec },
});

/** The names that answer in twenty connections of a pod; what curl exits with when none does. */
async function answering(url: string, pod = 'tools'): Promise<string[]> {
  const loop = `for i in $(seq 20); do curl -s -m 2 ${url}/hostname || echo -n exit$?; echo; done`;
  return [...new Set((await lesson.inPod(`sh -c '${loop}'`, pod)).split('\n').filter(Boolean))].sort();
}

/** The same from the workstation. */
async function fromOutside(url: string): Promise<string[]> {
  const loop = `for i in $(seq 20); do curl -s -m 2 ${url}/hostname || echo -n exit$?; echo; done`;
  return [...new Set((await lesson.line(loop)).split('\n').filter(Boolean))].sort();
}

test('internalTrafficPolicy: Local uses the endpoints of the client’s own node only', async () => {
  await apply(service('near', { internalTrafficPolicy: 'Local' }));
  expect(await answering('http://near')).toEqual(['one']);
  await apply(service('far', { internalTrafficPolicy: 'Local', selector: { name: 'two' } }));
  expect(await answering('http://far')).toEqual(['exit28']);
});

test('externalTrafficPolicy: Local keeps the client’s address, drops elsewhere, and answers health checks', async () => {
  await apply(service('edge', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', selector: { name: 'one' } }));
  const port = await lesson.field('service edge', '.spec.ports[0].nodePort');
  const health = await lesson.field('service edge', '.spec.healthCheckNodePort');
  expect(await fromOutside(`http://${nodeOf['worker01']}:${port}`)).toEqual(['one']);
  expect(await fromOutside(`http://${nodeOf['worker02']}:${port}`)).toEqual(['exit28']);
  expect(await lesson.line(`curl -s http://${nodeOf['worker01']}:${port}/clientip`)).toMatch(
    new RegExp(`^${(await lesson.line('hostname -I')).split(' ')[0]?.replaceAll('.', '\\.')}:\\d+$`),
  );
  const check = (node: string) => lesson.line(`curl -s -w '%{http_code}' http://${nodeOf[node]}:${health}/healthz`);
  expect(await check('worker01')).toMatch(/"name": "edge"[\s\S]*"localEndpoints": 1[\s\S]*200$/);
  expect(await check('worker02')).toMatch(/"localEndpoints": 0[\s\S]*503$/);
});

test('a pod reaches itself through its service', async () => {
  await apply(service('self', { selector: { name: 'one' } }));
  expect(await answering('http://self', 'one')).toEqual(['one']);
  expect(await lesson.inPod('curl -s http://self/clientip', 'one')).toMatch(/^169\.254\.0\.5:\d+$/);
});

test('a service of UDP', async () => {
  await apply(service('datagrams', { ports: [{ protocol: 'UDP', port: 53, targetPort: 8081 }] }));
  const seen = new Set<string>();
  for (let i = 0; i < 12; i++) seen.add(await lesson.inPod("sh -c 'echo hostname | nc -u -w 1 datagrams 53'"));
  expect([...seen].sort()).toEqual(['one', 'two']);
  expect(await lesson.inPod("sh -c 'echo hostname | nc -w 1 datagrams 53; echo $?'")).toMatch(/1$/);
});

describe('endpoints made by hand', () => {
  test('Endpoints, and the slice that mirrors them', async () => {
    const address = await lesson.field('pod two', '.status.podIP');
    await apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'hand' }, spec: { ports: http } });
    expect(await answering('http://hand')).toEqual(['exit7']);
    const subsets = [{ addresses: [{ ip: address }], ports: [{ port: 8080 }] }];
    await apply({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'hand' }, subsets });
    expect(await answering('http://hand')).toEqual(['two']);
    expect(await lesson.line('oc get endpointslices -l kubernetes.io/service-name=hand --no-headers')).toMatch(
      new RegExp(`^hand-\\w+ +IPv4 +8080 +${address}`),
    );
    await lesson.type('oc delete endpoints hand');
    expect(await answering('http://hand')).toEqual(['exit7']);
  });

  test('an EndpointSlice to hosts outside, and one that is not ready', async () => {
    await apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'slice' }, spec: { ports: http } });
    const address = await lesson.field('pod one', '.status.podIP');
    const slice = (ready: boolean) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'slice-1', labels: { 'kubernetes.io/service-name': 'slice' } },
      addressType: 'IPv4',
      ports: [{ name: '', port: 8080 }],
      endpoints: [{ addresses: [address], conditions: { ready } }],
    });
    await apply(slice(true));
    expect(await answering('http://slice')).toEqual(['one']);
    await apply(slice(false));
    expect(await answering('http://slice')).toEqual(['exit7']);
  });
});

test('a terminating endpoint serves on while nothing else does', async () => {
  await lesson.type(
    `oc run leaving --image ${SERVER} --labels app=leaving --overrides '{"spec":{"terminationGracePeriodSeconds":60,"containers":[{"name":"leaving","image":"${SERVER}","args":["serve-hostname"],"readinessProbe":{"httpGet":{"port":9376}}}]}}'`,
  );
  await lesson.type('oc wait --for=condition=Ready pod/leaving --timeout=120s');
  await apply(service('leaving', { selector: { app: 'leaving' }, ports: [{ port: 80, targetPort: 9376 }] }));
  await lesson.type('oc delete pod leaving --wait=false');
  const conditions =
    '{.items[*].endpoints[*].conditions.ready}/{.items[*].endpoints[*].conditions.serving}/{.items[*].endpoints[*].conditions.terminating}';
  expect(
    await lesson.line(`oc get endpointslices -l kubernetes.io/service-name=leaving -o jsonpath='${conditions}{"\\n"}'`),
  ).toBe('false/true/true');
  expect(await lesson.line('oc get endpoints leaving --no-headers')).toMatch(/^leaving +<none>/);
  expect(await answering('http://leaving')).toEqual(['leaving']);
  await lesson.type('sleep 70');
  expect(await answering('http://leaving')).toEqual(['exit7']);
});

test('publishNotReadyAddresses: endpoints and names of pods that are not ready', async () => {
  const probe = { exec: { command: ['false'] } };
  const spec = { containers: [{ name: 'sick', image: SERVER, args: ['netexec'], readinessProbe: probe }] };
  await lesson.type(`oc run sick --image ${SERVER} --labels app=sick --overrides '${JSON.stringify({ spec })}'`);
  await lesson.type('sleep 20');
  await apply(service('hidden', { selector: { app: 'sick' } }));
  await apply(service('shown', { selector: { app: 'sick' }, publishNotReadyAddresses: true }));
  await apply(service('names', { selector: { app: 'sick' }, publishNotReadyAddresses: true, clusterIP: 'None' }));
  expect(await answering('http://hidden')).toEqual(['exit7']);
  expect(await answering('http://shown')).toEqual(['sick']);
  expect(await lesson.inPod('dig +short names.lesson.svc.cluster.local')).toBe(
    await lesson.field('pod sick', '.status.podIP'),
  );
});

test('session affinity ends with its time', async () => {
  const sessionAffinityConfig = { clientIP: { timeoutSeconds: 30 } };
  await apply(service('sticky', { sessionAffinity: 'ClientIP', sessionAffinityConfig }));
  expect((await answering('http://sticky')).length).toBe(1);
  const seen = new Set<string>();
  for (let i = 0; i < 12; i++) {
    await lesson.type('sleep 31');
    seen.add(await lesson.inPod('curl -s http://sticky/hostname'));
  }
  expect(seen.size).toBe(2);
});

test('external addresses lead in from outside and inside', async () => {
  await lesson.type(
    `oc patch network.config cluster --type merge -p '{"spec":{"externalIP":{"policy":{"allowedCIDRs":["192.168.50.0/24"]}}}}'`,
  );
  await apply(service('external', { externalIPs: ['192.168.50.77'] }));
  expect(await fromOutside('http://192.168.50.77')).toEqual(['one', 'two']);
  expect(await answering('http://192.168.50.77')).toEqual(['one', 'two']);
});

test('loadBalancerSourceRanges shut others out', async () => {
  await apply(service('ranged', { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.99.0.0/16'] }));
  const address = await lesson.field('service ranged', '.status.loadBalancer.ingress[0].ip');
  expect(address).toMatch(/^\d/);
  expect(await fromOutside(`http://${address}`)).toEqual(['exit28']);
  await apply(service('ranged', { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.168.50.0/24'] }));
  expect(await fromOutside(`http://${address}`)).toEqual(['one', 'two']);
});
