// L13: external-to-service: NodePort, LoadBalancer, Route, Ingress and externalIPs.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

let lesson: Lesson;
beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web', 2);
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080 --type NodePort');
});

test('a node port answers on every node', async () => {
  const port = await lesson.field('service web', '.spec.ports[0].nodePort');
  for (const node of ['192.168.50.10', '192.168.50.13', '192.168.50.14'])
    expect(await lesson.line(`curl -s http://${node}:${port}/hostname`)).toMatch(/^web-/);
});

test('a route, plain and edge', async () => {
  await lesson.type('oc expose service/web');
  await lesson.type('oc create route edge safe --service web --insecure-policy Redirect');
  const apps = 'lesson.apps.ocp4.example.com';
  expect(await lesson.line(`curl -s http://web-${apps}/hostname`)).toMatch(/^web-/);
  expect(await lesson.line(`curl -sk https://safe-${apps}/hostname`)).toMatch(/^web-/);
  expect(await lesson.line(`curl -s -o /dev/null -w '%{http_code}' http://safe-${apps}/`)).toBe('302');
  expect(await lesson.line(`curl -s https://safe-${apps}/; echo $?`)).toBe('60');
  expect(await lesson.type('curl -s http://nope.apps.ocp4.example.com/')).toContain('Application is not available');
});

test('a route that passes TLS through to the pod, and one that wraps it anew', async () => {
  const host = 'todo.apps.ocp4.example.com';
  await lesson.type(`openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.crt -days 9 -subj /CN=${host}`);
  await lesson.type('oc create secret tls todo-certs --cert tls.crt --key tls.key');
  await lesson.type(
    'oc create deployment todo --image registry.ocp4.example.com:8443/redhattraining/todo-angular:v1.2',
  );
  await lesson.type(
    'oc set volume deployment/todo --add --type secret --secret-name todo-certs -m /usr/local/etc/ssl/certs',
  );
  await lesson.type('oc rollout status deployment/todo');
  await lesson.type('oc expose deployment/todo --port 8443');
  await lesson.type(`oc create route passthrough todo --service todo --hostname ${host}`);
  expect(await lesson.type(`curl -s --cacert tls.crt https://${host}`)).toContain('<title>To Do List</title>');
  expect(await lesson.line(`curl -s https://${host}; echo $?`)).toBe('60');
  expect(await lesson.line(`curl -s --cacert none.crt https://${host}; echo $?`)).toBe('77');
  await lesson.type('oc create route reencrypt again --service todo --dest-ca-cert tls.crt');
  const again = 'https://again-lesson.apps.ocp4.example.com';
  expect(await lesson.type(`curl -sk ${again}`)).toContain('<title>To Do List</title>');
});

test('an ingress becomes a route', async () => {
  await lesson.type('oc create ingress shop --rule=shop.apps.ocp4.example.com/*=web:80');
  expect(await lesson.line('curl -s http://shop.apps.ocp4.example.com/hostname')).toMatch(/^web-/);
  const [[, , , address] = []] = await lesson.table('oc get ingress shop');
  expect(address).toBe('router-default.apps.ocp4.example.com');
});

test('an external address', async () => {
  await lesson.type('oc patch service web --type merge -p \'{"spec":{"externalIPs":["192.168.50.77"]}}\'');
  expect(await lesson.line('curl -s http://192.168.50.77/hostname')).toMatch(/^web-/);
});

test("a load balancer's address", async () => {
  await lesson.type('oc expose deployment/web --name lb --port 80 --target-port 8080 --type LoadBalancer');
  await lesson.type('sleep 10');
  const address = await lesson.field('service lb', '.status.loadBalancer.ingress[0].ip');
  expect(address).toMatch(/^192\.168\.50\.\d+$/);
  expect(await lesson.line(`curl -s http://${address}/hostname`)).toMatch(/^web-/);
});

test('the health-check node port says which nodes have an endpoint', async () => {
  await lesson.type(`oc patch service lb --type merge -p '{"spec":{"externalTrafficPolicy":"Local"}}'`);
  const port = await lesson.field('service lb', '.spec.healthCheckNodePort');
  const code = (node: string) => lesson.line(`curl -s -o /dev/null -w '%{http_code}' http://${node}:${port}/`);
  expect(await code('192.168.50.13')).toBe('200');
  expect(await code('192.168.50.10')).toBe('503');
});
