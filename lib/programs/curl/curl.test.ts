// curl against a server that shows what it was sent.
import { expect, test } from 'vitest';
import { sink } from '../../machine/descriptor';
import { toBytes, toText } from '../../machine/fs';
import type { Process } from '../../machine/process';
import { host, smallNetwork } from '../../machine/testing/host';
import { bash } from '../../shell/bash';
import { cat } from '../cat';
import { sleep } from '../sleep';
import { curl } from './curl';

const answer = (status: string, headers: string[], body: string) =>
  toBytes(
    `HTTP/1.1 ${status}\r\n${[...headers, `Content-Length: ${toBytes(body).length}`].join('\r\n')}\r\n\r\n${body}`,
  );

/** Answers with the request; paths ask for more. `/later` fails twice first. */
function server() {
  let failures = 2;
  return async (proc: Process): Promise<number> => {
    const listener = proc.listen(80);
    for (let c = await listener.accept(proc.killed); c; c = await listener.accept(proc.killed)) {
      let asked = '';
      for (;;) {
        asked += toText((await c.read(65_536)) ?? new Uint8Array());
        const length = Number(/content-length: (\d+)/i.exec(asked)?.[1] ?? 0);
        const at = asked.indexOf('\r\n\r\n');
        if (at >= 0 && toBytes(asked.slice(at + 4)).length >= length) break;
      }
      const [, path = ''] = /^\S+ (\S+)/.exec(asked) ?? [];
      if (path === '/moved') await c.write(answer('302 Found', ['Location: /there'], ''));
      else if (path === '/cookie') await c.write(answer('200 OK', ['Set-Cookie: seen=1; Path=/; Max-Age=60'], ''));
      else if (path === '/later' && failures-- > 0) await c.write(answer('503 Service Unavailable', [], 'no\n'));
      else if (path === '/short')
        await c.write(toBytes('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello')).then(() => c.close());
      else await c.write(answer('200 OK', ['X-A: b'], asked));
    }
    return 0;
  };
}

async function run(script: string) {
  const net = smallNetwork();
  const files = { '/etc/hosts': '192.168.50.21 web\n', '/tmp/lines': 'a\nb\n' };
  const client = host(net, 'client', '192.168.50.20', { curl, bash, cat, sleep }, files);
  host(net, 'server', '192.168.50.21', {}).start(['server'], { program: server() });
  await net.clock.settle();
  let [out, err] = ['', ''];
  const proc = client.start(['bash', '-c', script], {
    stdout: sink((bytes) => (out += toText(bytes))),
    stderr: sink((bytes) => (err += toText(bytes))),
    env: { PATH: '/usr/bin' },
  });
  const { code } = await net.clock.drive(proc.exited, 3_600_000);
  return { code, out, err };
}

test.each<[string, RegExp]>([
  [
    'curl -s -d a=1 -d b=2 web',
    /^POST \/ HTTP\/1.1\r\n[\s\S]*Content-Length: 7\r\nContent-Type: application\/x-www-form-urlencoded\r\n\r\na=1&b=2$/,
  ],
  ['curl -s -d @/tmp/lines web', /\r\n\r\nab$/],
  ['curl -s --data-binary @/tmp/lines web', /\r\n\r\na\nb\n$/],
  ['curl -s --data-raw @x web', /\r\n\r\n@x$/],
  ['echo in | curl -s -d @- web', /\r\n\r\nin$/],
  ["curl -s --data-urlencode 'q=a b' -d z web", /\r\n\r\nq=a%20b&z$/],
  ['curl -s -G -d a=1 web/x', /^GET \/x\?a=1 HTTP/],
  ['curl -s -T /tmp/lines web/up/', /^PUT \/up\/lines HTTP[\s\S]*\r\n\r\na\nb\n$/],
  ['curl -s -X DELETE web/x', /^DELETE \/x HTTP/],
  [
    'curl -s -F name=me -F f=@/tmp/lines web',
    /Content-Type: multipart\/form-data; boundary=-{24}[0-9a-f]{16}\r\n\r\n-+[0-9a-f]+\r\nContent-Disposition: form-data; name="name"\r\n\r\nme\r\n-[\s\S]*name="f"; filename="lines"\r\nContent-Type: application\/octet-stream\r\n\r\na\nb\n\r\n-+[0-9a-f]+--\r\n$/,
  ],
  ['curl -s -u me:you web', /Authorization: Basic bWU6eW91\r\n/],
  [
    'curl -s -H "Host: other" -H "X-E;" -H "Accept:" web',
    /^GET \/ HTTP\/1.1\r\nUser-Agent: curl\/7.76.1\r\nHost: other\r\nX-E: \r\n\r\n$/,
  ],
  ['curl -s -b a=1 web', /Cookie: a=1\r\n/],
  ['curl -s -c /tmp/jar web/cookie; curl -s -b /tmp/jar web', /Cookie: seen=1\r\n/],
  ['curl -s -r 0-3 web', /Range: bytes=0-3\r\n/],
  ['curl -s -L -d a=1 web/moved', /^GET \/there HTTP/],
  ['curl -s -o /dev/null -w "%{http_code} %{redirect_url}" web/moved', /^302 http:\/\/web\/there$/],
  [
    'curl -s -L -o /dev/null -w "%{num_redirects} %{url_effective} %{method} %{scheme} %{local_ip}" web/moved',
    /^1 http:\/\/web\/there GET HTTP 192.168.50.20$/,
  ],
  ['curl -s -o /dev/null -D - web', /^HTTP\/1.1 200 OK\r\nX-A: b\r\nContent-Length: \d+\r\n\r\n$/],
  ['curl -s -o /tmp/1 -o /tmp/2 web/one web/two; cat /tmp/2', /^GET \/two/],
  ['curl -s "web/[1-2]{a,b}" | grep -c GET || true', /^(4\n)?$/],
  ['curl -s --connect-to other:80:web: http://other/', /Host: other\r\n/],
  ['curl -s --resolve other:80:192.168.50.21 http://other/', /Host: other\r\n/],
  ['curl -s file:///tmp/lines', /^a\nb\n$/],
  ['curl -s --create-dirs -o /tmp/x/y/z web; cat /tmp/x/y/z', /^GET/],
])('%s', async (script, expected) => {
  expect((await run(script)).out).toMatch(expected);
});

test.each<[string, number, string]>([
  ['curl -s -f web/later', 22, ''],
  ['curl -sS -f web/later', 22, 'curl: (22) The requested URL returned error: 503 Service Unavailable\n'],
  ['curl -sS web/short', 18, 'curl: (18) transfer closed with 4 bytes remaining to read\n'],
  ['curl -sS web:99999', 3, 'curl: (3) Port number out of range\n'],
  ['curl -sS ftp://web/', 1, 'curl: (1) Protocol "ftp" not supported or disabled in libcurl\n'],
  ['curl -sS file:///none', 37, "curl: (37) Couldn't open file /none\n"],
  [
    'curl -m soon web',
    2,
    "curl: option -m: expected a proper numerical parameter\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
  ],
  [
    'curl -x proxy:3128 web',
    2,
    "curl: not supported: a proxy\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
  ],
  ['curl "web/[3-1]"', 3, 'curl: (3) bad range or braces in URL\n'],
])('%s ends with %i', async (script, code, err) => {
  expect(await run(script)).toMatchObject({ code, err });
});

test('what may pass is tried again, each time twice as long after', async () => {
  const { out, err, code } = await run('curl --retry 3 web/later');
  expect(code).toBe(0);
  expect(out).toMatch(/^no\nno\nGET \/later/);
  expect(err).toBe(
    'Warning: Problem: HTTP error. Will retry in 1 second. 3 retries left.\nWarning: Problem: HTTP error. Will retry in 2 seconds. 2 retries left.\n',
  );
});

test('a port is tried by telnet://, as people without nc do', async () => {
  const { out, err, code } = await run("{ printf 'GET /t HTTP/1.1\\r\\n\\r\\n'; sleep 1; } | curl -v telnet://web:80");
  expect(out).toContain('GET /t');
  expect(err).toContain('* Connected to web (192.168.50.21) port 80 (#0)\n');
  expect(code).toBe(0);
});

test('-v tells the request and the answer', async () => {
  const { err } = await run('curl -v -s -d a=1 web -o /tmp/out');
  expect(err.replaceAll('\r', '')).toBe(`*   Trying 192.168.50.21:80...
* Connected to web (192.168.50.21) port 80 (#0)
> POST / HTTP/1.1
> Host: web
> User-Agent: curl/7.76.1
> Accept: */*
> Content-Length: 3
> Content-Type: application/x-www-form-urlencoded
> 
} [3 bytes data]
* upload completely sent off: 3 out of 3 bytes
* Mark bundle as not supporting multiuse
< HTTP/1.1 200 OK
< X-A: b
< Content-Length: 139
< 
{ [139 bytes data]
* Connection #0 to host web left intact
`);
});
