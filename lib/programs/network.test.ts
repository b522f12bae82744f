import { expect, test } from 'vitest';
import { toBytes, toText } from '../machine/fs';
import { host, smallNetwork } from '../machine/testing/host';
import { curl } from './curl/curl';
import { nc } from './nc';

async function run(argv: string[], serve = true) {
  const net = smallNetwork();
  const client = host(net, 'client', '192.168.50.20', { nc, curl });
  const server = host(net, 'server', '192.168.50.21', {});
  if (serve) {
    server.start(['server'], {
      program: async (proc) => {
        const listener = proc.listen(80);
        for (let c = await listener.accept(proc.killed); c; c = await listener.accept(proc.killed)) {
          const asked = toText((await c.read(65536)) ?? new Uint8Array());
          const missing = asked.includes('/missing');
          const body = missing ? 'no\n' : 'hello\n';
          await c.write(
            toBytes(
              `HTTP/1.1 ${missing ? '404 Not Found' : '200 OK'}\r\nContent-Length: ${body.length}\r\nX-A: b\r\n\r\n${body}`,
            ),
          );
        }
        return 0;
      },
    });
  }
  await net.clock.settle();
  let out = '';
  const collect = {
    name: 'out',
    read: async () => null,
    write: async (bytes: Uint8Array) => void (out += toText(bytes)),
    close: () => {},
  };
  const proc = client.start(argv, { stdout: collect, stderr: collect });
  const { code } = await net.clock.drive(proc.exited, 3_600_000);
  return { code, out };
}

test.each<[string, number, string]>([
  ['nc -z 192.168.50.21 80', 0, ''],
  ['nc -z 192.168.50.21 81', 1, ''],
  ['nc -zv 192.168.50.21 81', 1, 'Ncat: Version 7.92 ( https://nmap.org/ncat )\nNcat: Connection refused.\n'],
  ['nc 192.168.50.21 81', 1, 'Ncat: Connection refused.\n'],
  ['nc', 2, 'Ncat: You must specify a host to connect to. QUITTING.\n'],
  ['nc 192.168.50.21 99999', 2, 'Ncat: Invalid port number "99999". QUITTING.\n'],
  ['nc nowhere 80', 2, 'Ncat: Could not resolve hostname "nowhere": Temporary failure in name resolution. QUITTING.\n'],
  ['curl -s http://192.168.50.21/', 0, 'hello\n'],
  ['curl -s -o /dev/null -w %{http_code} 192.168.50.21', 0, '200'],
  ['curl -s -i 192.168.50.21', 0, 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-A: b\r\n\r\nhello\n'],
  ['curl -sf 192.168.50.21/missing', 22, ''],
  ['curl 192.168.50.21:81', 7, 'curl: (7) Failed to connect to 192.168.50.21 port 81: Connection refused\n'],
  ['curl http://nowhere', 6, 'curl: (6) Could not resolve host: nowhere\n'],
  [
    'curl --nope',
    2,
    "curl: option --nope: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
  ],
  ['curl ftp://x', 1, 'curl: (1) Protocol "ftp" not supported or disabled in libcurl\n'],
])('%s', async (line, code, out) => {
  expect(await run(line.split(' '))).toEqual({ code, out });
});
