// SCTP in a running cluster: pods, services, node ports and network policies.
import { beforeAll, expect, test } from 'vitest';
import { Lesson, SERVER } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.type(
    `oc create deployment echo --image ${SERVER} --replicas 2 -- /agnhost netexec --http-port=8080 --udp-port=-1 --sctp-port=9000`,
  );
  await lesson.type('oc rollout status deployment/echo');
  await lesson.type(`oc run client --image ${SERVER} --labels role=client -- pause`);
  await lesson.type('oc wait --for=condition=Ready pod/client --timeout=120s');
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'echo' },
    spec: { type: 'NodePort', selector: { app: 'echo' }, ports: [{ protocol: 'SCTP', port: 9, targetPort: 9000 }] },
  };
  await lesson.type(`echo '${JSON.stringify(service)}' | oc apply -f -`);
});

const connect = (target: string, timeout = '3s') =>
  lesson.inPod(`/agnhost connect ${target} --protocol=sctp --timeout=${timeout} && echo ok`, 'client');

test('a service of SCTP leads to its endpoints, by name, address and node port', async () => {
  expect(await connect('echo:9')).toBe('ok');
  const port = await lesson.field('service echo', '.spec.ports[0].nodePort');
  const node = await lesson.field('pod client', '.status.hostIP');
  expect(await connect(`${node}:${port}`)).toBe('ok');
  expect(await lesson.line('oc get service echo --no-headers')).toMatch(/9:\d+\/SCTP/);
  expect(await lesson.line('oc get endpoints echo --no-headers')).toMatch(/:9000,.*:9000/);
  const seen = new Set<string>();
  for (let i = 0; i < 12; i++) seen.add(await dialled());
  expect(seen.size).toBe(2);
});

/** The name of the pod that answers through the service. */
async function dialled(): Promise<string> {
  const pod = await lesson.line('oc get pods -l app=echo -o jsonpath=\'{.items[0].metadata.name}{"\\n"}\'');
  return lesson.inPod("curl -s 'http://localhost:8080/dial?host=echo&port=9&protocol=sctp&request=hostname'", pod);
}

test('other protocols and ports do not lead there', async () => {
  expect(await lesson.inPod('/agnhost connect echo:9 --timeout=3s', 'client')).toMatch(/^(TIMEOUT|REFUSED)/);
  const address = await lesson.line('oc get pods -l app=echo -o jsonpath=\'{.items[0].status.podIP}{"\\n"}\'');
  expect(await connect(`${address}:9001`)).toMatch(/^OTHER: connection refused/);
});

test('a network policy decides by protocol', async () => {
  const policy = (protocol: string) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'echo' },
    spec: {
      podSelector: { matchLabels: { app: 'echo' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { role: 'client' } } }], ports: [{ protocol, port: 9000 }] }],
    },
  });
  await lesson.type(`echo '${JSON.stringify(policy('TCP'))}' | oc apply -f -`);
  expect(await connect('echo:9')).toMatch(/^TIMEOUT/);
  await lesson.type(`echo '${JSON.stringify(policy('SCTP'))}' | oc apply -f -`);
  expect(await connect('echo:9')).toBe('ok');
  await lesson.type('oc delete networkpolicy echo');
});
