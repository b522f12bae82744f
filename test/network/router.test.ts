// Routes in a running cluster: certificates, policies for plain HTTP, annotations, weights, upgrades, streams.
import { beforeAll, describe, expect, test } from 'vitest';
import { Lesson, SERVER } from '../support/lesson';

const APPS = 'apps.ocp4.example.com';
let lesson: Lesson;

beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.serve('web', 2);
  await lesson.serve('next');
  for (const name of ['web', 'next']) await lesson.type(`oc expose deployment/${name} --port 80 --target-port 8080`);
});

const status = (url: string, options = '') =>
  lesson.line(`curl -sk -m 5 -o /dev/null -w '%{http_code} %{redirect_url}' ${options} ${url}`);

describe('certificates made with openssl', () => {
  test.each([
    ['rsa', 'genrsa -out $K.key 2048'],
    ['ec', 'ecparam -name prime256v1 -genkey -noout -out $K.key'],
  ])('an edge route with a chain of an authority of our own, %s', async (kind, make) => {
    const host = `${kind}.${APPS}`;
    const ca = make.replace('$K', 'ca');
    await lesson.type(`mkdir -p ${kind} && cd ${kind} && openssl ${ca}`);
    await lesson.type('openssl req -x509 -new -key ca.key -days 30 -subj "/CN=Lesson CA" -out ca.crt');
    await lesson.type(`openssl ${make.replace('$K', 'tls')}`);
    await lesson.type(`openssl req -new -key tls.key -subj /CN=${host} -out tls.csr`);
    await lesson.type(`printf 'subjectAltName=DNS:${host}' > san.cnf`);
    await lesson.type(
      'openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 20 -extfile san.cnf -out tls.crt',
    );
    expect(await lesson.line('openssl verify -CAfile ca.crt tls.crt')).toBe('tls.crt: OK');
    expect(
      await lesson.line(
        `oc create route edge ${kind} --service web --hostname ${host} --cert tls.crt --key tls.key --ca-cert ca.crt`,
      ),
    ).toBe(`route.route.openshift.io/${kind} created`);
    expect(await lesson.line(`curl -s --cacert ca.crt https://${host}/hostname`)).toMatch(/^web-/);
    expect(await lesson.line(`curl -s https://${host}/hostname; echo $?`)).toBe('60');
    expect(
      await lesson.line(`openssl s_client -connect ${host}:443 -CAfile ca.crt < /dev/null 2>&1 | grep issuer`),
    ).toBe('issuer=CN = Lesson CA');
    await lesson.type('cd');
  });
});

describe('plain HTTP to a TLS route', () => {
  test.each([
    ['None', /^503 $/],
    ['Allow', /^200 $/],
    ['Redirect', /^302 https:\/\/policy-redirect\./],
  ])('insecureEdgeTerminationPolicy %s', async (policy, answer) => {
    const host = `policy-${policy.toLowerCase()}.${APPS}`;
    await lesson.type(
      `oc create route edge policy-${policy.toLowerCase()} --service web --hostname ${host} --insecure-policy ${policy}`,
    );
    expect(await status(`http://${host}/hostname`)).toMatch(answer);
    expect(await status(`https://${host}/hostname`)).toBe('200 ');
  });

  test.each([
    [
      'edge',
      { insecureEdgeTerminationPolicy: 'Maybe' },
      'spec.tls.insecureEdgeTerminationPolicy: Invalid value: "Maybe": invalid value for InsecureEdgeTerminationPolicy option, acceptable values are None, Allow, Redirect, or empty',
    ],
    [
      'passthrough',
      { insecureEdgeTerminationPolicy: 'Allow' },
      'spec.tls.insecureEdgeTerminationPolicy: Invalid value: "Allow": invalid value for InsecureEdgeTerminationPolicy option, acceptable values are None, Redirect, or empty',
    ],
    [
      'passthrough',
      { key: 'x' },
      'spec.tls.key: Invalid value: "redacted key data": passthrough termination does not support certificates',
    ],
  ])('%s with %j is refused', async (termination, more, message) => {
    const spec = { to: { kind: 'Service', name: 'web' }, tls: { termination, ...more } };
    const route = { apiVersion: 'route.openshift.io/v1', kind: 'Route', metadata: { name: 'bad' }, spec };
    expect((await lesson.type(`echo '${JSON.stringify(route)}' | oc create -f -`)).trim()).toBe(
      `The Route "bad" is invalid: ${message}`,
    );
  });
});

describe('annotations', () => {
  const H = 'haproxy.router.openshift.io';
  const routeWith = async (name: string, annotations: string, options = '') => {
    await lesson.type(`oc expose service web --name ${name} --hostname ${name}.${APPS} ${options}`);
    await lesson.type(`oc annotate route ${name} ${annotations}`);
    return `http://${name}.${APPS}`;
  };

  test('timeout', async () => {
    const url = await routeWith('slow', `${H}/timeout=2s`);
    expect(await status(`'${url}/shell?cmd=sleep%204'`, '-m 20')).toBe('504 ');
    expect(await status(`'${url}/shell?cmd=sleep%201'`, '-m 20')).toBe('200 ');
  });

  test('ip_whitelist and ip_allowlist', async () => {
    const url = await routeWith('listed', `${H}/ip_whitelist=10.1.2.3`);
    expect(await lesson.line(`curl -s ${url}/hostname; echo $?`)).toBe('52');
    await lesson.type(`oc annotate route listed --overwrite ${H}/ip_allowlist='192.168.50.0/24 10.1.2.3'`);
    expect(await status(`${url}/hostname`)).toBe('200 ');
  });

  test('rewrite-target, with a path', async () => {
    const url = await routeWith('rewritten', `${H}/rewrite-target=/`, '--path /app');
    expect(await lesson.line(`curl -s ${url}/app/hostname`)).toMatch(/^web-/);
    expect(await status(`${url}/application`)).toBe('503 ');
  });

  test('hsts_header, and a value that is none', async () => {
    const host = `strict.${APPS}`;
    await lesson.type(`oc create route edge strict --service web --hostname ${host}`);
    await lesson.type(`oc annotate route strict ${H}/hsts_header='max-age=31536000;includeSubDomains'`);
    const head = () => lesson.line(`curl -skI https://${host}/`);
    expect(await head()).toContain('strict-transport-security: max-age=31536000;includeSubDomains');
    await lesson.type(`oc annotate route strict --overwrite ${H}/hsts_header=always`);
    expect(await head()).not.toContain('strict-transport-security');
  });

  test('disable_cookies and balance', async () => {
    const url = await routeWith(
      'free',
      `${H}/disable_cookies=true ${H}/balance=roundrobin ${H}/rate-limit-connections=true`,
    );
    expect(await lesson.line(`curl -sI ${url}/`)).not.toContain('set-cookie');
    const names = await lesson.line(`for i in 1 2 3 4; do curl -s ${url}/hostname; echo; done`);
    expect(new Set(names.split('\n')).size).toBe(2);
    await lesson.type(`oc annotate route free ${H}/disable_cookies-`);
    expect(await lesson.line(`curl -sI ${url}/`)).toMatch(/set-cookie: [0-9a-f]{32}=[0-9a-f]{32}; path=\/; HttpOnly/);
  });
});

test('weights, as oc set route-backends gives them', async () => {
  await lesson.type(`oc expose service web --name split --hostname split.${APPS}`);
  await lesson.type('oc set route-backends split web=80 next=20');
  expect(await lesson.line('oc get route split --no-headers')).toMatch(/ web\(80%\),next\(20%\) /);
  const loop = `for i in $(seq 20); do curl -s http://split.${APPS}/hostname | cut -d- -f1; done`;
  const names = (await lesson.line(loop)).split('\n');
  expect(names.filter((name) => name === 'next')).toHaveLength(4);
  await lesson.type('oc set route-backends split web=0 next=1');
  expect(new Set((await lesson.line(loop)).split('\n'))).toEqual(new Set(['next']));
  expect(await lesson.line('oc set route-backends split web=300')).toContain(
    'spec.to.weight: Invalid value: 300: weight must be an integer between 0 and 256',
  );
});

test('a host that another namespace holds', async () => {
  await lesson.type(`oc expose service web --name first --hostname claimed.${APPS}`);
  await lesson.type('oc new-project elsewhere');
  await lesson.serve('web');
  await lesson.type(
    `oc expose deployment/web --port 80 --target-port 8080; oc expose service web --hostname claimed.${APPS}`,
  );
  expect(await lesson.line('oc get route web --no-headers')).toMatch(/^web +HostAlreadyClaimed +web +8080 +None$/);
  await lesson.type('oc project lesson; oc delete route first');
  expect(await lesson.line('oc get route web -n elsewhere --no-headers')).toMatch(/^web +claimed\./);
});

test('a wildcard route, once the ingress controller admits them', async () => {
  await lesson.type(`oc expose service next --name any --hostname one.wild.${APPS} --wildcard-policy Subdomain`);
  expect(await lesson.line('oc get route any --no-headers')).toMatch(/^any +RouteNotAdmitted /);
  await lesson.type(
    `oc patch ingresscontroller default -n openshift-ingress-operator --type merge -p '{"spec":{"routeAdmission":{"wildcardPolicy":"WildcardsAllowed"}}}'`,
  );
  const router = await lesson.line('oc get pods -n openshift-ingress -o wide --no-headers');
  const address = /\d+\.\d+\.\d+\.\d+/.exec(router)?.[0];
  for (const name of ['one', 'two'])
    expect(
      await lesson.line(`curl -s --resolve ${name}.wild.${APPS}:80:${address} http://${name}.wild.${APPS}/hostname`),
    ).toMatch(/^next-/);
});

test('an upgraded connection passes through a route and an ingress: WebSocket', async () => {
  const answer = 'HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n';
  const loop = `while true; do (printf '${answer}'; sleep 1; echo first; sleep 1; echo second) | nc -l 8080; done`;
  await lesson.type(
    `oc run socket --image ${SERVER} --port 8080 --command -- sh -c "${loop.replaceAll('\\', '\\\\')}"`,
  );
  await lesson.type(
    'oc wait --for=condition=Ready pod/socket --timeout=60s; oc expose pod socket --port 80 --target-port 8080',
  );
  await lesson.type(`oc expose service socket --hostname socket.${APPS}`);
  await lesson.type(`oc create ingress socket --rule='socket-in.${APPS}/*=socket:80'`);
  for (const host of [`socket.${APPS}`, `socket-in.${APPS}`]) {
    const ask = `GET /chat HTTP/1.1\\r\\nHost: ${host}\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n`;
    const said = await lesson.type(`(printf '${ask}'; sleep 5) | nc ${host} 80`);
    expect(said).toMatch(/^HTTP\/1\.1 101 Switching Protocols\n(.*\n)*upgrade: websocket\n\nfirst\nsecond\n/);
    await lesson.type('sleep 3');
  }
});

describe('a backend that does not speak TLS', () => {
  const host = `greeted.${APPS}`;

  test('a re-encrypt route to it gives 503', async () => {
    await lesson.type(`oc create route reencrypt greeted --service web --hostname ${host}`);
    expect(await status(`https://${host}/hostname`, '-m 60')).toBe('503 ');
  });

  test('one that says nothing does not keep a client beyond its time', async () => {
    await lesson.type('oc run silent --image nicolaka/netshoot --command -- sh -c "sleep 9999 | nc -lk -p 8443"');
    await lesson.type('oc wait --for=condition=Ready pod/silent --timeout=60s; oc expose pod silent --port 8443');
    await lesson.type(`oc create route passthrough silent --service silent --hostname silent.${APPS}`);
    expect(await lesson.line(`curl -sk -m 3 https://silent.${APPS}/; echo $?`)).toBe('28');
    await lesson.type('oc patch route silent --type merge -p \'{"spec":{"tls":{"termination":"reencrypt"}}}\'');
    expect(await status(`https://silent.${APPS}/`, '-m 60')).toBe('503 ');
  });
});
