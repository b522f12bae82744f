// The router's access log: in a container beside it, and at a syslog server.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

const APPS = 'apps.ocp4.example.com';
let lesson: Lesson;

beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web');
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080');
  await lesson.type(`oc expose service/web --hostname web.${APPS}`);
  await lesson.type(`oc create route edge safe --service web --hostname safe.${APPS} --insecure-policy Redirect`);
  await lesson.type(`oc create route passthrough through --service web --hostname through.${APPS}`);
  await lesson.type('oc create service clusterip nobody --tcp 80');
  await lesson.type(`oc expose service/nobody --hostname nobody.${APPS}`);
});

const configure = async (access: object | null) => {
  const spec = JSON.stringify({ spec: { logging: access && { access } } });
  await lesson.type(`oc -n openshift-ingress-operator patch ingresscontroller default --type merge -p '${spec}'`);
  await lesson.type('oc -n openshift-ingress rollout status deployment/router-default');
};
const lines = async (command: string) => (await lesson.line(command)).split('\n').filter(Boolean);

test('a container that shows what was asked', async () => {
  expect(await lesson.line('oc -n openshift-ingress logs deployment/router-default -c logs 2>&1')).toMatch(
    /container logs is not valid for pod router-default/,
  );
  await configure({ destination: { type: 'Container' } });
  const url = `http://web.${APPS}/hostname`;
  const cookie = await lesson.line(`curl -si ${url} | sed -n 's/^set-cookie: \\([^;]*\\).*/\\1/p'`);
  await lesson.type(`curl -s -b '${cookie}' ${url}`);
  await lesson.type(`curl -s http://safe.${APPS}/; curl -sk https://safe.${APPS}/hostname`);
  await lesson.type(`curl -s http://nobody.${APPS}/; curl -s http://none.${APPS}/a?b`);
  expect(await lesson.line(`curl -sk https://through.${APPS}/; echo $?`)).toBe('35');
  const logged = await lines(
    `for p in $(oc -n openshift-ingress get pods -o name); do oc -n openshift-ingress logs $p -c logs; done`,
  );
  for (const line of logged)
    expect(line).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}\+00:00 (\S+) \1 haproxy\[\d+\]: [\d.]+:\d+ \[\d\d\/\w{3}\/\d{4}:[\d:]{8}\.\d{3}\] /,
    );
  const said = logged.map((line) =>
    line.replace(/^.*?\] /, '').replace(/(?<=[ /])\d+\/\d+\/\d+\/\d+\/\d+ (?=\d{3} )/, 'T '),
  );
  const server = 'pod:web-[a-z0-9]+-[a-z0-9]+:web::10\\.8\\.\\d+\\.\\d+:8080';
  for (const wanted of [
    `public be_http:lesson:web/${server} T 200 \\d+ - - --NI 1/1/0/0/0 0/0 "GET /hostname HTTP/1.1"`,
    `public be_http:lesson:web/${server} T 200 \\d+ - - --VN 1/1/0/0/0 0/0 "GET /hostname HTTP/1.1"`,
    `public public/<NOSRV> 0/-1/-1/-1/0 302 \\d+ - - LR-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`,
    `fe_sni~ be_edge_http:lesson:safe/${server} T 200 \\d+ - - --NI 2/1/0/0/0 0/0 "GET /hostname HTTP/1.1"`,
    `public_ssl be_sni/fe_sni 0/0/\\d+ \\d+ -- 0/0/0/0/0 0/0`,
    `public be_http:lesson:nobody/<NOSRV> 0/-1/-1/-1/0 503 \\d+ - - SC-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`,
    `public openshift_default/<NOSRV> 0/-1/-1/-1/0 503 \\d+ - - SC-- 1/1/0/0/0 0/0 "GET /a\\?b HTTP/1.1"`,
    `public_ssl be_tcp:lesson:through/${server} 0/0/\\d+ \\d+ -- 0/0/0/0/0 0/0`,
  ])
    expect(said.join('\n')).toMatch(new RegExp(`^${wanted}$`, 'm'));
});

test('a format of our own, with captured headers', async () => {
  await configure({
    destination: { type: 'Container', container: { maxLength: 480 } },
    httpLogFormat: '%ci %HM %HP %ST %[capture.req.hdr(0)] %{+Q}hr',
    httpCaptureHeaders: { request: [{ name: 'User-Agent', maxLength: 4 }] },
  });
  await lesson.type(`curl -s 'http://web.${APPS}/hostname?x=1'`);
  const logged = await lesson.line(
    `for p in $(oc -n openshift-ingress get pods -o name); do oc -n openshift-ingress logs $p -c logs; done`,
  );
  expect(logged).toMatch(/haproxy\[\d+\]: [\d.]+ GET \/hostname 200 curl "\{curl\}"$/);
});

test('a syslog server, and nothing more when logging ends', async () => {
  await lesson.type('oc run syslog --image nicolaka/netshoot --command -- sh -c "nc -u -l -k -p 5514"');
  await lesson.type('oc wait --for=condition=Ready pod/syslog --timeout=60s');
  const address = await lesson.field('pod syslog', '.status.podIP');
  await configure({
    destination: { type: 'Syslog', syslog: { address, port: 5514, facility: 'local2' } },
    httpLogFormat: null,
  });
  expect(await lesson.line('oc -n openshift-ingress get configmap rsyslog-conf-default 2>&1')).toMatch(/NotFound/);
  await lesson.type(`curl -s http://web.${APPS}/hostname`);
  expect(await lesson.line('oc logs syslog')).toMatch(
    /^<150>\w{3} [ \d]\d [\d:]{8} \S+ haproxy\[\d+\]: .* "GET \/hostname HTTP\/1\.1"$/m,
  );
  await configure(null);
  expect(await lesson.line('oc -n openshift-ingress get deployment router-default -o yaml')).not.toContain('SYSLOG');
});
