// Names as each image's own tools ask for them: busybox, musl, bind.
import { beforeAll, describe, expect, test } from 'vitest';
import { Lesson, SERVER } from '../support/lesson';

let lesson: Lesson;

beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.type(`oc create deployment web --image ${SERVER} -- /agnhost netexec --http-port=8080`);
  await lesson.type('oc expose deployment/web --port 80 --target-port 8080');
  for (const [name, image] of [
    ['busybox', 'busybox:1.36'],
    ['old', 'busybox:1.28'],
    ['alpine', 'alpine:3.20'],
    ['debian', 'registry.k8s.io/e2e-test-images/jessie-dnsutils:1.3'],
  ])
    await lesson.type(`oc run ${name} --image ${image} -- sleep infinity`);
  await lesson.tools();
  await lesson.type('oc wait --for=condition=Ready pod --all --timeout=120s');
});

const address = () => lesson.field('service web', '.spec.clusterIP');

describe('nslookup of busybox', () => {
  test('a name without a dot is asked for in every domain at once', async () => {
    const ip = await address();
    const found = (name: string) => `Name:\t${name}\nAddress: ${ip}\n\n`;
    const missing = (name: string) => `** server can't find ${name}: NXDOMAIN\n\n`;
    const domains = (await lesson.inPod('grep ^search /etc/resolv.conf', 'busybox')).split(' ').slice(2);
    const rest = domains.map((domain) => missing(`web.${domain}`)).join('');
    const own = 'web.lesson.svc.cluster.local';
    const header = 'Server:\t\t172.30.0.10\nAddress:\t172.30.0.10:53\n\n';
    expect(await lesson.type('oc exec busybox -- nslookup web; echo $?')).toBe(
      `${header}${found(own)}${rest}\n${rest}command terminated with exit code 1\n1\n`,
    );
  });

  test.each<[string, RegExp]>([
    [
      'web.lesson',
      /\n\n\*\* server can't find web\.lesson: NXDOMAIN\n\n\*\* server can't find web\.lesson: NXDOMAIN\n\n/,
    ],
    [
      'web.lesson.svc.cluster.local',
      /:53\n\nName:\tweb\.lesson\.svc\.cluster\.local\nAddress: 172\.30\.\d+\.\d+\n\n\n$/,
    ],
    [
      '-type=a web.lesson.svc.cluster.local',
      /:53\n\nName:\tweb\.lesson\.svc\.cluster\.local\nAddress: 172\.30\.\d+\.\d+\n\n$/,
    ],
    [
      '-type=srv _https._tcp.kubernetes.default.svc.cluster.local',
      /\tservice = 0 100 443 kubernetes\.default\.svc\.cluster\.local\n\n$/,
    ],
    ['172.30.0.1', /\n1\.0\.30\.172\.in-addr\.arpa\tname = kubernetes\.default\.svc\.cluster\.local\n\n$/],
    ['web 172.30.0.10', /\*\* server can't find web: NXDOMAIN/],
    ['-type=bad web', /^nslookup: invalid query type "bad"\n/],
    ['web 192.0.2.1', /^;; connection timed out; no servers could be reached\n\n/],
    [
      '',
      /^BusyBox v[\d.]+ .*multi-call binary\.\n\nUsage: nslookup \[-type=QUERY_TYPE\] \[-debug\] HOST \[DNS_SERVER\]\n/,
    ],
  ])('nslookup %s', async (args, answer) => {
    expect(await lesson.type(`oc exec busybox -- nslookup ${args} 2>&1`)).toMatch(answer);
  });

  test('the old one asks the C library and names the addresses', async () => {
    expect(await lesson.type('oc exec old -- nslookup web')).toBe(
      `Server:    172.30.0.10\nAddress 1: 172.30.0.10 dns-default.openshift-dns.svc.cluster.local\n\nName:      web\nAddress 1: ${await address()} web.lesson.svc.cluster.local\n`,
    );
    expect(await lesson.type('oc exec old -- nslookup nope')).toMatch(/\n\nnslookup: can't resolve 'nope'\n/);
  });
});

test('bind’s prints bind’s', async () => {
  const answer = `Server:\t\t172.30.0.10\nAddress:\t172.30.0.10#53\n\nName:\tweb.lesson.svc.cluster.local\nAddress: ${await address()}\n\n`;
  expect(await lesson.type('oc exec tools -- nslookup web')).toBe(answer);
  expect(await lesson.type('oc exec debian -- nslookup web.lesson')).toBe(answer);
});

test('bind’s takes a question a line, and settings between them', async () => {
  const answer = `Server:\t\t172.30.0.10\nAddress:\t172.30.0.10#53\n\nName:\tweb.lesson.svc.cluster.local\nAddress: ${await address()}\n\n`;
  const said = await lesson.type(
    "printf 'web\\nserver 192.0.2.1\\nset type=MX\\nset nothing\\nexit\\nweb\\n' | oc exec -i tools -- nslookup",
  );
  expect(said).toBe(`${answer}Default server: 192.0.2.1\nAddress: 192.0.2.1#53\nnot supported: set nothing\n`);
});

describe('search lists', () => {
  const asked = async (pod: string, name: string) =>
    [
      ...(await lesson.type(`oc podlab trace pod/${pod} ${name}:80`)).matchAll(/(\S+\.) (?:is \S+|NXDOMAIN|NODATA)/g),
    ].map(([, each]) => each);

  test('with enough dots musl asks for the name alone, glibc goes on', async () => {
    const options = '{"spec":{"dnsConfig":{"options":[{"name":"ndots","value":"1"}]}}}';
    await lesson.type(`oc run musl --image alpine:3.20 --overrides '${options}' -- sleep infinity`);
    await lesson.type(
      `oc run glibc --image registry.access.redhat.com/ubi9/ubi --overrides '${options}' -- sleep infinity`,
    );
    await lesson.type('oc wait --for=condition=Ready pod/musl pod/glibc --timeout=60s');
    expect(await asked('musl', 'web.lesson')).toEqual(['web.lesson.']);
    expect((await asked('glibc', 'web.lesson')).slice(0, 2)).toEqual([
      'web.lesson.',
      'web.lesson.lesson.svc.cluster.local.',
    ]);
    expect(await lesson.inPod("sh -c 'wget -qO- -T 3 http://web.lesson/hostname || echo no'", 'musl')).toMatch(/no$/);
    expect(await lesson.inPod('curl -s http://web.lesson/hostname', 'glibc')).toMatch(/^web-/);
  });

  test('musl takes the first answer of any server, glibc waits for the first server', async () => {
    const dns = { nameservers: ['192.0.2.53', '172.30.0.10'], searches: ['lesson.svc.cluster.local'] };
    const overrides = JSON.stringify({ spec: { dnsPolicy: 'None', dnsConfig: dns } });
    for (const [name, image] of [
      ['two-musl', 'alpine:3.20'],
      ['two-glibc', 'registry.access.redhat.com/ubi9/ubi'],
    ])
      await lesson.type(`oc run ${name} --image ${image} --overrides '${overrides}' -- sleep infinity`);
    await lesson.type('oc wait --for=condition=Ready pod/two-musl pod/two-glibc --timeout=60s');
    const seconds = async (pod: string, command: string) => {
      const text = await lesson.line(
        `a=$(date +%s); oc exec ${pod} -- ${command} > /dev/null; b=$(date +%s); echo $((b-a))`,
      );
      return Number(text);
    };
    expect(await seconds('two-musl', 'wget -qO- http://web/hostname')).toBeLessThan(1);
    expect(await seconds('two-glibc', 'curl -s http://web/hostname')).toBeGreaterThanOrEqual(5);
  });
});
