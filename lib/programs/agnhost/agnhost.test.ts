import { expect, test } from 'vitest';
import { sink } from '../../machine/descriptor';
import { binary } from '../../machine/machine';
import { host, smallNetwork } from '../../machine/testing/host';
import { programs } from '../index';

const HOSTS = '192.168.50.20 client\n192.168.50.21 web\n';
const all = Object.fromEntries(programs);

/** A server that runs agnhost, and a client of it. */
async function world(args: string[], env: Record<string, string> = {}, files: Record<string, string | null> = {}) {
  const net = smallNetwork();
  const client = host(net, 'client', '192.168.50.20', all, { '/etc/hosts': HOSTS });
  const server = host(net, 'web', '192.168.50.21', all, {
    '/etc/hosts': HOSTS,
    '/uploads': null,
    '/bin/sh': binary('bash'),
    ...files,
  });
  let log = '';
  const write = sink((bytes) => {
    log += new TextDecoder().decode(bytes);
  });
  const proc = server.start(['/usr/bin/agnhost', ...args], { env, stdout: write, stderr: write });
  await net.clock.advance(1000);
  const begin = (argv: string[], machine = client) => {
    let out = '';
    const both = sink((bytes) => {
      out += new TextDecoder().decode(bytes);
    });
    const { exited } = machine.start(argv, { stdout: both, stderr: both });
    return { end: async () => ({ code: (await net.clock.drive(exited, 3_600_000)).code, out }) };
  };
  return {
    net,
    proc,
    server,
    log: () => log,
    begin,
    run: (line: string, machine = client) => begin(line.split(' '), machine).end(),
    sh: (line: string, machine = client) => begin(['/usr/bin/bash', '-c', line], machine).end(),
  };
}

const ALL_PORTS = ['netexec', '--http-port=8080', '--udp-port=8081', '--sctp-port=8082'];

test.each<[string, number, RegExp]>([
  ['web:8080', 0, /^$/],
  ['web:8081 --protocol=udp --timeout=1s', 0, /^$/],
  ['web:8082 --protocol=sctp --timeout=1s', 0, /^$/],
  ['web:8082 --protocol=sctp --sctp-data=clientip --timeout=1s', 0, /^$/],
  ['web:8082 --protocol=sctp', 1, /^TIMEOUT\n$/], // no time at all, as the original's
  ['web:9 --protocol=sctp --timeout=1s', 1, /^OTHER: connection refused\n$/],
  [
    'web:9 --protocol=udp --timeout=1s',
    1,
    /^REFUSED: read udp 192\.168\.50\.20:\d+->192\.168\.50\.21:9: read: connection refused\n$/,
  ],
  [
    'web:8081 --protocol=udp --udp-data=nothing --timeout=1s',
    1,
    /^TIMEOUT: read udp \S+->192\.168\.50\.21:8081: i\/o timeout\n$/,
  ],
  ['web:8082', 1, /^REFUSED\n$/], // SCTP's port is not TCP's
  ['web', 1, /^UNKNOWN: address web: missing port in address\n$/],
  ['nowhere:1', 1, /^DNS: lookup nowhere on 127\.0\.0\.1:53: /],
  ['web:8080 --protocol=quic', 1, /^Unsupported protocol\nquic$/],
  ['192.168.50.99:80 --timeout=5s', 1, /^OTHER: dial tcp 192\.168\.50\.99:80: connect: no route to host\n$/],
  ['', 1, /^Error: accepts 1 arg\(s\), received 0\n$/],
])('agnhost connect %s', async (args, code, out) => {
  const { run } = await world(ALL_PORTS);
  const answer = await run(`/usr/bin/agnhost connect ${args}`.trim());
  expect(answer.out).toMatch(out);
  expect(answer.code).toBe(code);
});

const dialled = (protocol: string, port: number, request: string, more = '') =>
  `/dial?host=web&port=${port}&protocol=${protocol}&request=${request}${more}`;

test.each<[string, RegExp]>([
  ['/', /^NOW: 2026-01-01 00:00:0\d\.\d{9} \+0000 UTC m=\+\d\.\d{9} 200$/],
  ['/unknown', /^NOW: /],
  ['/hostname', /^web 200$/],
  ['/hostName', /^web 200$/],
  ['/clientip', /^192\.168\.50\.20:\d+ 200$/],
  ['/serverport', /^8080 200$/],
  ['/healthz', /^ 200$/],
  ['/echo?msg=a%20b&code=418', /^a b 418$/],
  ['/echo?msg=a&code=x', /^argument 'code' must be an integer or empty, got "x"\n 200$/],
  ['/shell?cmd=echo%20hi', /^{"output":"hi\\n"} 200$/],
  ['/shell?shellCommand=echo%20no%20%3E%262;exit%203', /^{"error":"exit status 3","output":"no\\n"} 200$/],
  ['/redirect?location=/echo%3Fmsg=x&code=307', /^<a href="\/echo\?msg=x">Temporary Redirect<\/a>\.\n\n 307$/],
  ['/exit?wait=soon', /^argument 'wait' must be a valid golang duration or empty, got "soon"\n 200$/],
  [dialled('http', 8080, 'echo%3Fmsg=yes', '&tries=2'), /^{"responses":\["yes","yes"\]} 200$/],
  [dialled('udp', 8081, 'hostname'), /^{"responses":\["web"\]} 200$/],
  [dialled('sctp', 8082, 'clientip'), /^{"responses":\["192\.168\.50\.21:\d+"\]} 200$/],
  [dialled('sctp', 9, 'hostname'), /^{"errors":\["sctp dial failed\. err:connection refused"\]} 200$/],
  [
    dialled('http', 9, 'hostname'),
    /^{"errors":\["Get \\"http:\/\/192\.168\.50\.21:9\/hostname\\": dial tcp 192\.168\.50\.21:9: connect: connection refused"\]} 200$/,
  ],
  [
    dialled('udp', 9, 'hostname'),
    /^{"errors":\["reading from udp connection failed\. err:'read udp 192\.168\.50\.21:\d+-\\u003e192\.168\.50\.21:9: read: connection refused'"\]} 200$/,
  ],
  [dialled('smtp', 9, 'hostname'), /^unsupported protocol\. smtp\n 400$/],
  [dialled('http', 8080, ''), /^request parameter not specified\. <nil>\n 400$/],
])('agnhost netexec answers %s', async (path, answer) => {
  const { sh } = await world(ALL_PORTS);
  expect((await sh(`curl -s -w ' %{http_code}' 'http://web:8080${path}'`)).out).toMatch(answer);
});

test('agnhost netexec ends as /exit says, and is not well without a UDP or SCTP server', async () => {
  const { sh, proc, net } = await world(['netexec', '--udp-port=-1']);
  expect((await sh("curl -s -w '%{http_code}' http://web:8080/healthz")).out).toBe('412');
  await sh("curl -s 'http://web:8080/exit?code=3&wait=2s'");
  await net.clock.advance(3000);
  expect(proc.status?.code).toBe(3);
});

const escaped = (text: string) => text.replaceAll('\r', '\\r').replaceAll('\n', '\\n');

test('agnhost netexec keeps an uploaded file', async () => {
  const { sh, server } = await world(ALL_PORTS);
  const form = '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\ndata\r\n--b--\r\n';
  const head = `POST /upload HTTP/1.1\r\nHost: web\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${form.length}\r\n\r\n`;
  const { out } = await sh(`printf '${escaped(head + form)}' | nc web 8080`);
  expect(out).toMatch(/^HTTP\/1\.1 201 Created\r\n/);
  const path = /{"output":"(.+)"}$/.exec(out)?.[1];
  expect((await sh(`cat ${path}`, server)).out).toBe('data');
  expect((await sh('curl -s -d x http://web:8080/upload')).out).toBe('{"error":"Unable to upload file."}');
});

test('agnhost netexec serves HTTPS with a certificate of files', async () => {
  const { sh, server } = await world(['pause']);
  await sh('openssl req -x509 -newkey rsa:2048 -nodes -keyout /tmp/k -out /tmp/c -subj /CN=web', server);
  await sh('agnhost netexec --http-port=8443 --tls-cert-file=/tmp/c --tls-private-key-file=/tmp/k & sleep 1', server);
  expect((await sh('curl -sk https://web:8443/hostname')).out).toBe('web');
});

test.each<[Record<string, string>, string, string]>([
  [{ SERVE_PORT_90: 'a' }, 'curl -s web:90', 'a'],
  [{ SERVE_TCP_PORT_91: 'b' }, 'curl -s web:91/x', 'b'],
  [{ SERVE_UDP_PORT_92: 'c' }, 'echo hi | nc -u -w 1 web 92', 'c'],
  [{ SERVE_SCTP_PORT_93: 'd' }, '/usr/bin/agnhost connect --protocol=sctp --timeout=1s web:93 && echo ok', 'ok\n'],
])('agnhost porter with %j', async (env, command, out) => {
  const { sh } = await world(['porter'], env);
  expect((await sh(command)).out).toBe(out);
});

test('agnhost porter says the method when asked for JSON', async () => {
  const { sh } = await world(['porter', '--json-response'], { SERVE_PORT_90: 'a' });
  expect((await sh('curl -s -X POST web:90')).out).toBe('{"Method":"POST","Body":"a"}');
});

test.each<[string[], string, string]>([
  [['serve-hostname'], 'curl -s web:9376', 'web'],
  [['serve-hostname', '--http=false', '--tcp', '--port=81'], 'nc web 81 < /dev/null', 'web'],
  [['serve-hostname', '--http=false', '--udp', '--port=82'], 'echo x | nc -u -w 1 web 82', 'web'],
  [['test-webserver', '--port=83'], 'curl -s web:83/etc/hosts', HOSTS],
  [
    ['net', '--serve=:8889'],
    "curl -s -X POST web:8889/run/nothing -d '{}'",
    "Error from runner: Invalid runner: '<nil>', see --help\noutput:\n\n\n",
  ],
])('agnhost %j answers %s', async (args, command, out) => {
  const { sh } = await world(args);
  expect((await sh(command)).out).toBe(out);
});

test('agnhost serve-hostname lingers after SIGTERM, and refuses two modes at once', async () => {
  const { proc, net, log, sh } = await world(['serve-hostname']);
  proc.signal('SIGTERM');
  await net.clock.advance(1000);
  expect(log()).toMatch(/Shutting down after receiving signal: terminated\.\n.*Awaiting pod deletion\.\n$/);
  expect((await sh('curl -s web:9376')).out).toBe('web');
  const both = await world(['serve-hostname', '--udp']);
  expect(both.log()).toMatch(/Can't server TCP\/UDP mode and HTTP mode at the same time\n$/);
  expect(both.proc.status?.code).toBe(1);
});

test('agnhost net holds a connection in CLOSE-WAIT', async () => {
  const options = '{"LocalAddr":"0.0.0.0:9999","PostFinTimeoutSeconds":60}';
  const { net, server, sh, begin } = await world(['net', '--runner=nat-closewait-server', '--options', options]);
  const wish = '{"RemoteAddr":"web:9999","PostFinTimeoutSeconds":5}';
  const client = begin(['/usr/bin/agnhost', 'net', '--runner', 'nat-closewait-client', '--options', wish]);
  await net.clock.advance(2000);
  expect((await sh('ss -tan state close-wait')).out).toContain('192.168.50.21:9999');
  expect((await client.end()).out).toMatch(/^output:\n\n# .*Connected to server\n(# .*\n)+# .*Done\n$/);
  expect(server.net.arrivals).toBe(1);
});

test('an association is seen by ss, conntrack and tcpdump', async () => {
  const { sh, server, net, begin } = await world(ALL_PORTS);
  expect((await sh('ss -Sln', server)).out).toMatch(/LISTEN +0 +128 +0\.0\.0\.0:8082 /);
  const capture = begin(['/usr/bin/bash', '-c', 'tcpdump -nt -c 9 sctp 2>/dev/null'], server);
  await net.clock.advance(100);
  await sh('/usr/bin/agnhost connect --protocol=sctp --timeout=1s web:8082');
  expect((await sh('conntrack -L -p sctp 2>/dev/null')).out).toMatch(
    /^sctp {5}132 \d+ CLOSED src=192\.168\.50\.20 dst=192\.168\.50\.21 sport=(\d+) dport=8082 src=192\.168\.50\.21 dst=192\.168\.50\.20 sport=8082 dport=\1 mark=0 use=1\n$/,
  );
  const lines = (await capture.end()).out.trimEnd().split('\n');
  expect(lines[0]).toMatch(
    /^IP 192\.168\.50\.20\.\d+ > 192\.168\.50\.21\.8082: sctp \(1\) \[INIT\] \[init tag: \d+\] \[rwnd: 106496\] \[OS: 10\] \[MIS: 65535\] \[init TSN: \d+\] ?$/,
  );
  expect(lines.map((line) => /\(1\) \[([A-Z ]+)\]/.exec(line)?.[1])).toEqual([
    'INIT',
    'INIT ACK',
    'COOKIE ECHO',
    'COOKIE ACK',
    'DATA',
    'SACK',
    'DATA',
    'SACK',
    'SHUTDOWN',
  ]);
});

test.each<[string, number, string]>([
  ['agnhost entrypoint-tester foo lish', 0, '[/usr/bin/agnhost entrypoint-tester foo lish]\n'],
  ['agnhost net', 1, 'Must set either --runner or --serve, see --help\n'],
])('%s', async (line, code, out) => {
  const { run } = await world(['pause']);
  const answer = await run(`/usr/bin/${line}`);
  expect(answer.out.endsWith(out)).toBe(true);
  expect(answer.code).toBe(code);
});
