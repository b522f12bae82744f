import { expect, test } from 'vitest';
import { sink } from '../../machine/descriptor';
import { host, smallNetwork } from '../../machine/testing/host';
import { programs } from '../index';
import { run } from '../testing/mysql';

const HOSTS = { '/etc/hosts': '192.168.50.22 app\n' };

async function serve(program: string, args: string[] = [], env: Record<string, string> = {}) {
  const world = smallNetwork();
  const all = Object.fromEntries(programs);
  const client = host(world, 'client', '192.168.50.21', all, HOSTS);
  const machine = host(world, 'app', '192.168.50.22', all, { '/log': null, ...HOSTS });
  let log = '';
  const write = sink((bytes) => {
    log += new TextDecoder().decode(bytes);
  });
  const proc = machine.start([`/usr/bin/${program}`, ...args], { env, stdout: write, stderr: write });
  await world.clock.advance(1000);
  const curl = async (...words: string[]) => (await run(world, client, ['curl', '-s', ...words])).out;
  return { world, proc, machine, log: () => log, curl };
}

test.each<[string, Record<string, string>, string[], RegExp]>([
  ['webapp-color-1', { APP_COLOR: 'green' }, ['http://app:8080/'], /background: #16a085.*<h1>Hello from app!<\/h1>/s],
  ['quarkus-demo', {}, ['http://app:8080/'], /^Supersonic Subatomic Java with Quarkus app:1\n$/],
  ['myboot', {}, ['http://app:8080/'], /^Aloha from Spring Boot! 0 on app\n$/],
  ['myboot', { GREETING: 'Hi' }, ['http://app:8080/'], /^Hi from Spring Boot!/],
  ['mynode', {}, ['http://app:8000/'], /^Node Hello on app 0 \n$/],
  ['mypython', { HOSTNAME: 'p' }, ['http://app:8000/'], /^Python Hello on p\n$/],
  ['mygo', {}, ['http://app:8000/'], /^Go Hello on app\n$/],
  ['webapp-color-2', { APP_COLOR: 'pink' }, ['http://app:8080/'], /Application Version: v2/],
  ['simple-webapp', {}, ['http://app:8080/how%20are%20you'], /^I am good, how about you\?$/],
  [
    'http-https-echo',
    {},
    ['http://app:8080/a?b=c'],
    /^{\n {2}"path": "\/a",\n {2}"headers": {\n {4}"host": "app:8080"/,
  ],
  ['http-https-echo', {}, ['-k', 'https://app:8443/'], /"protocol": "https"/],
  [
    'http-https-echo',
    {},
    ['-o', '/dev/null', '-w', '%{http_code}', 'http://app:8080/?x-set-response-status-code=404'],
    /^404$/,
  ],
  ['ealen-echo', { WHO: 'me' }, ['http://app/?echo_env_body=WHO'], /^"me"$/],
  ['ealen-echo', {}, ['-o', '/dev/null', '-w', '%{http_code}', 'http://app/?echo_code=503'], /^503$/],
  ['jmalloc-echo', {}, ['http://app:8080/x'], /^Request served by app\n\nGET \/x HTTP\/1.1\n\nHost: app:8080\n/],
  ['kuard', {}, ['http://app:8080/'], /<title>KUAR Demo<\/title>.*"hostname":"app"/s],
  ['kuard', { A: 'b' }, ['http://app:8080/env/api'], /"A":"b"/],
  ['kuard', {}, ['http://app:8080/fs/etc/'], /<a href="hosts">hosts<\/a>/],
  ['podinfo', {}, ['http://app:9898/version'], /"version": "6.9.0"/],
  ['podinfo', { PODINFO_UI_MESSAGE: 'hi' }, ['http://app:9898/'], /"message": "hi"/],
  ['podinfo', {}, ['http://app:9898/healthz'], /^{\n {2}"status": "OK"\n}$/],
  ['podinfo', {}, ['-d', 'text', 'http://app:9898/echo'], /^text$/],
  ['httpbin', {}, ['http://app/get?a=1'], /"args": {\n {4}"a": "1"\n {2}}/],
  ['httpbin', {}, ['http://app/ip'], /^{\n {2}"origin": "192\.168\.50\.21"\n}\n$/],
  ['httpbin', {}, ['-o', '/dev/null', '-w', '%{http_code}', 'http://app/status/418'], /^418$/],
  ['httpbin', {}, ['-d', 'a=b', 'http://app/post'], /"form": {\n {4}"a": "b"\n {2}}/],
  ['hello-kubernetes', { MESSAGE: 'I am one' }, ['http://app:8080/'], /<div id="message">\n {2}I am one\n<\/div>/],
  ['rancher-hello', {}, ['http://app/'], /<h3>My hostname is {2}app <\/h3>/],
  ['tutum-hello', {}, ['http://app/'], /<h3>My hostname is app<\/h3>/],
  ['default-backend', {}, ['-w', ' %{http_code}', 'http://app:8080/'], /^default backend - 404 404$/],
  ['goproxy', {}, ['http://app:8080/'], /^This is a proxy server\. Does not respond to non-proxy requests\.\n$/],
  ['aks-helloworld', { TITLE: 'Two' }, ['http://app/'], /<title>Two<\/title>/],
  ['long-load', { START_DELAY: '60000' }, ['http://app:3000/health'], /^app is still starting\n$/],
  ['loadtest', {}, ['http://app:8080/api/loadtest/v1/healthz'], /^{"health":"ok"}$/],
])('%s with %j answers curl %j', async (program, env, words, body) => {
  const app = await serve(program, [], env);
  expect(await app.curl(...words)).toMatch(body);
});

test('kuard fails its probes as often as it is told', async () => {
  const { curl } = await serve('kuard');
  expect(await curl('http://app:8080/healthy')).toBe('ok');
  await curl('-X', 'PUT', '-d', '{"failNext":1}', 'http://app:8080/healthy/api');
  expect(await curl('-w', ' %{http_code}', 'http://app:8080/healthy')).toBe('fail, 0 left 500');
  expect(await curl('http://app:8080/healthy')).toBe('ok');
  await curl('-X', 'PUT', '-d', '{"failNext":-1}', 'http://app:8080/ready/api');
  expect(await curl('http://app:8080/ready')).toBe('fail, permanent');
});

test('kuard makes keys and ends, as a job', async () => {
  const { world, proc, log } = await serve('kuard', [
    '--keygen-enable',
    '--keygen-exit-on-complete',
    '--keygen-num-to-gen=3',
  ]);
  await world.clock.advance(60_000);
  expect(log()).toMatch(/\(ID 0 3\/3\) Item done: SHA256:\S+\n.*\(ID 0\) Workload exiting\n/);
  expect(proc.status?.code).toBe(0);
});

test('podinfo can be made unready', async () => {
  const { curl } = await serve('podinfo');
  await curl('-X', 'POST', 'http://app:9898/readyz/disable');
  expect(await curl('-w', '%{http_code}', 'http://app:9898/readyz')).toBe('503');
});

test('long-load falls ill, and dies without an answer', async () => {
  const { world, curl, proc } = await serve('long-load');
  await curl('http://app:3000/togglesick');
  expect(await curl('http://app:3000/health')).toBe('app is unhealthy\n');
  expect(await curl('http://app:3000/destruct')).toBe('');
  await world.clock.advance(1000);
  expect(proc.status?.code).toBe(1);
});

test('the event simulator logs, in its file as well', async () => {
  const { world, log, machine } = await serve('event-simulator');
  await world.clock.advance(9000);
  expect(log()).toMatch(/^\[2026-01-01 00:00:00,000\] INFO in event-simulator: USER\d (logged|is viewing)/);
  expect(log()).toContain(
    'WARNING in event-simulator: USER5 Failed to Login as the account is locked due to MANY FAILED ATTEMPTS.\n',
  );
  expect(log()).toContain('WARNING in event-simulator: USER7 Order failed as the item is OUT OF STOCK.\n');
  expect(machine.text('/log/app.log')).toBe(log());
});

test('a colour that is none', async () => {
  const { log, proc } = await serve('webapp-color-1', ['--color', 'beige']);
  expect(log()).toContain(
    "Color not supported. Received 'beige' expected one of red,green,blue,blue2,pink,darkblue,yellow\n",
  );
  expect(proc.status?.code).toBe(1);
});
