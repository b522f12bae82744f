import { expect, test } from 'vitest';
import { toBytes, toText } from '../../machine/fs';
import { host, smallNetwork } from '../../machine/testing/host';
import { busyboxWget } from './busybox';
import { wget } from './gnu';

/** Runs a command beside a server on 192.168.50.21:80; `busybox` names the other wget. */
async function run(line: string) {
  const net = smallNetwork();
  const [first = '', ...rest] = line.split(' ');
  const program = first === 'busybox' ? busyboxWget : wget;
  const client = host(net, 'client', '192.168.50.20', { wget: program });
  const server = host(net, 'server', '192.168.50.21', {});
  server.start(['server'], {
    program: async (proc) => {
      const listener = proc.listen(80);
      for (let c = await listener.accept(proc.killed); c; c = await listener.accept(proc.killed)) {
        const asked = toText((await c.read(65536)) ?? new Uint8Array());
        const path = asked.split(' ')[1];
        const head =
          path === '/missing'
            ? '404 Not Found'
            : path === '/moved'
              ? '302 Found\r\nLocation: /'
              : '200 OK\r\nContent-Type: text/html; charset=utf-8';
        if (path === '/silent') continue;
        await c.write(toBytes(`HTTP/1.1 ${head}\r\nContent-Length: 6\r\n\r\nhello\n`));
      }
      return 0;
    },
  });
  await net.clock.settle();
  let out = '';
  const collect = {
    name: 'out',
    read: async () => null,
    write: async (bytes: Uint8Array) => void (out += toText(bytes)),
    close: () => {},
  };
  const argv = ['wget', ...(first === 'busybox' ? rest : [first, ...rest].slice(1))];
  const proc = client.start(argv, { stdout: collect, stderr: collect });
  const { code } = await net.clock.drive(proc.exited, 3_600_000);
  const text = out.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME');
  return { code, text };
}

const BAR = '*'.repeat(32);

test.each<[string, number, string]>([
  ['busybox -qO- 192.168.50.21', 0, 'hello\n'],
  ['busybox -q -O - http://192.168.50.21/moved', 0, 'hello\n'],
  [
    'busybox http://192.168.50.21/',
    0,
    `Connecting to 192.168.50.21 (192.168.50.21:80)\nsaving to 'index.html'\nindex.html           100% |${BAR}|      6  0:00:00 ETA\n'index.html' saved\n`,
  ],
  [
    'busybox --spider 192.168.50.21/missing',
    1,
    'Connecting to 192.168.50.21 (192.168.50.21:80)\nwget: server returned error: HTTP/1.1 404 Not Found\n',
  ],
  ['busybox -q 192.168.50.21:81', 1, "wget: can't connect to remote host (192.168.50.21): Connection refused\n"],
  ['busybox -q -T 2 192.168.50.21/silent', 1, 'wget: download timed out\n'],
  ['busybox -q http://nowhere:80/x', 1, "wget: bad address 'nowhere:80'\n"],
  ['busybox -q http://nowhere', 1, "wget: bad address 'nowhere'\n"],
  ['wget -qO- 192.168.50.21', 0, 'hello\n'],
  [
    'wget 192.168.50.21',
    0,
    `--TIME--  http://192.168.50.21/
Connecting to 192.168.50.21:80... connected.
HTTP request sent, awaiting response... 200 OK
Length: 6 [text/html]
Saving to: 'index.html'

     0K                                                        100% 1.00M=0s

TIME (0.0 KB/s) - 'index.html' saved [6/6]

`,
  ],
  [
    'wget http://192.168.50.21/missing',
    8,
    `--TIME--  http://192.168.50.21/missing
Connecting to 192.168.50.21:80... connected.
HTTP request sent, awaiting response... 404 Not Found
TIME ERROR 404: Not Found.

`,
  ],
  [
    'wget 192.168.50.21:81',
    4,
    '--TIME--  http://192.168.50.21:81/\nConnecting to 192.168.50.21:81... failed: Connection refused.\n',
  ],
  ['wget -q http://nowhere', 4, ''],
  [
    'wget --spider http://nowhere',
    4,
    "--TIME--  http://nowhere/\nResolving nowhere (nowhere)... failed: Temporary failure in name resolution.\nwget: unable to resolve host address 'nowhere'\n",
  ],
  ['wget', 1, "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n"],
])('%s', async (line, code, text) => {
  expect(await run(line)).toEqual({ code, text });
});
