// The cluster DNS on the wire: answers too large for a datagram, and packets that are none.
import { beforeAll, expect, test } from 'vitest';
import { Lesson } from '../support/lesson';

const DNS = '172.30.0.10';
let lesson: Lesson;

beforeAll(async () => {
  lesson = await Lesson.open();
  await lesson.tools();
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'big' }, spec: { clusterIP: 'None' } };
  await lesson.type(`echo '${JSON.stringify(service)}' | oc apply -f -`);
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'big-$n', labels: { 'kubernetes.io/service-name': 'big' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 80 }],
    endpoints: ['ALL'],
  };
  const text = JSON.stringify(slice).replaceAll('"', '\\"').replace('\\"ALL\\"', '$all');
  const all = `$(seq -s , -f '{"addresses":["198.51.10'$n'.%g"]}' 1 100)`;
  await lesson.type(`for n in 0 1 2 3 4; do all=${all}; echo "${text}" | oc apply -f -; done`);
});

const NAME = 'big.lesson.svc.cluster.local';

test('dig asks again over TCP when the answer is cut', async () => {
  const answer = await lesson.inPod(`dig ${NAME}`);
  expect(answer).toMatch(/^;; Truncated, retrying in TCP mode\.\n/);
  expect(answer).toMatch(/flags: qr aa rd; QUERY: 1, ANSWER: 500, AUTHORITY: 0, ADDITIONAL: 1/);
  expect(answer).toMatch(/; EDNS: version: 0, flags:; udp: 1232\n; COOKIE: [0-9a-f]{16} \(echoed\)\n/);
  expect((await lesson.inPod(`dig +short ${NAME}`)).split('\n').filter((line) => line.startsWith('198.'))).toHaveLength(
    500,
  );
});

test('dig +ignore shows what fits, +tcp all of it', async () => {
  const cut = await lesson.inPod(`dig +ignore ${NAME}`);
  expect(cut).toMatch(/flags: qr aa tc rd; QUERY: 1, ANSWER: \d+,/);
  expect(Number(/ANSWER: (\d+)/.exec(cut)?.[1])).toBeLessThan(500);
  expect(await lesson.inPod(`dig +tcp +noall +comments ${NAME}`)).toMatch(/flags: qr aa rd; QUERY: 1, ANSWER: 500,/);
  const small = await lesson.inPod(`dig +ignore +noedns +noall +stats ${NAME}`);
  expect(Number(/MSG SIZE +rcvd: (\d+)/.exec(small)?.[1])).toBeLessThanOrEqual(512);
});

test('programs get all addresses through the C library', async () => {
  const all = await lesson.inPod(`getent ahostsv4 big`);
  expect(all.split('\n').filter((line) => line.includes('STREAM'))).toHaveLength(500);
});

/** The answer to a datagram, in hexadecimal; empty when there is none. */
const answerTo = (bytes: string, transport = '-u') =>
  lesson.inPod(
    `sh -c "printf '${bytes.replace(/../g, '\\\\x$&')}' | nc ${transport} -w 2 ${DNS} 53 | od -An -v -t x1 | tr -d ' \\n'"`,
  );

const HEAD = '0abc01000001000000000000'; // id, recursion desired, one question

test.each<[string, string, RegExp]>([
  ['a name whose pointer leads to itself', `${HEAD}c00c00010001`, /^0abc8[0-9a-f]{2}1/],
  ['two pointers that lead to each other', `${HEAD}c00ec00c00010001`, /^0abc8[0-9a-f]{2}1/],
  ['a pointer beyond the end', `${HEAD}c0ff00010001`, /^0abc8[0-9a-f]{2}1/],
  ['a label longer than the packet', `${HEAD}3f616100010001`, /^0abc8[0-9a-f]{2}1/],
  ['a question that is cut off', `${HEAD}0361`, /^0abc8[0-9a-f]{2}1/],
  ['no question', '0abc01000000000000000000', /^0abc8[0-9a-f]{2}1/],
  ['an operation that nobody knows', '0abc3000000100000000000000000100010001', /^0abc[0-9a-f]{3}4/],
  ['less than a header', '0abc01', /^$/],
  ['an answer', '0abc81000001000000000000000001', /^$/],
])('%s: refused or not answered, and nothing hangs', async (_, bytes, answer) => {
  expect(await answerTo(bytes)).toMatch(answer);
  expect(await lesson.inPod('dig +short kubernetes.default.svc.cluster.local')).toBe('172.30.0.1');
});

test('a length that lies, and many questions, over TCP', async () => {
  expect(await answerTo(`ffff${HEAD}`, '')).toBe('');
  const loop = `${HEAD}c00c00010001`;
  const framed = (loop.length / 2).toString(16).padStart(4, '0') + loop;
  expect((await answerTo(framed + framed, '')).match(/000c0abc8[0-9a-f]{2}1/g)).toHaveLength(2);
  expect(await lesson.inPod(`dig +tcp +short kubernetes.default.svc.cluster.local`)).toBe('172.30.0.1');
});
