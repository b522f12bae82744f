// L04: port allocation.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
});

test('node ports are unique and from their range; the API says what is wrong with others', async () => {
  for (const name of ['a', 'b', 'c']) await lesson.type(`oc create service nodeport ${name} --tcp 80:8080`);
  const ports = (await lesson.field('services', '.items[*].spec.ports[0].nodePort')).split(' ').map(Number);
  expect(new Set(ports).size).toBe(3);
  for (const port of ports) expect(port >= 30000 && port <= 32767).toBe(true);
  expect(await lesson.type(`oc create service nodeport d --tcp 80:8080 --node-port ${ports[0]}`)).toBe(
    `The Service "d" is invalid: spec.ports[0].nodePort: Invalid value: ${ports[0]}: provided port is already allocated\n`.replace(
      'The Service',
      'error: failed to create NodePort service: Service',
    ),
  );
  expect(await lesson.type('oc create service nodeport e --tcp 80:8080 --node-port 80')).toContain(
    'provided port is not in the valid range. The range of valid ports is 30000-32767',
  );
});

test('equal container ports in two pods do not clash', async () => {
  await lesson.serve('one');
  await lesson.serve('two');
  expect((await lesson.table('oc get pods')).map((row) => row[2])).toEqual(['Running', 'Running']);
});

test('a host port that is taken everywhere leaves the pod pending', async () => {
  await lesson.type('oc label namespace lesson pod-security.kubernetes.io/enforce=privileged --overwrite');
  await lesson.type('oc adm policy add-scc-to-user privileged -z default');
  for (const name of ['h1', 'h2', 'h3'])
    await lesson.type(
      `oc run ${name} --image registry.k8s.io/pause:3.9 --overrides '{"spec":{"containers":[{"name":"${name}","image":"registry.k8s.io/pause:3.9","ports":[{"containerPort":80,"hostPort":8088}]}]}}'`,
    );
  await lesson.type('sleep 30');
  const pods = await lesson.table('oc get pods h1 h2 h3');
  expect(pods.map((row) => row[2])).toEqual(['Running', 'Running', 'Pending']);
  expect(await lesson.type('oc describe pod h3')).toContain(
    "2 node(s) didn't have free ports for the requested pod ports",
  );
});
