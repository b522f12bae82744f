// One student is kept from another, a foreign page from everything, a student's commands from the host.
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Product, type Session, type TerminalClient } from './support/product';

function upgrade(address: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, { headers });
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('error', reject);
  });
}

function call(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, { headers, rejectUnauthorized: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

const tokenOf = (kubeconfig: string) => /token: (\S+)/.exec(kubeconfig)?.[1] ?? '';

describe('isolation', () => {
  let product: Product;
  let owner: Session;
  let other: Session;
  let attempt: string;
  let others: string;
  let terminal: TerminalClient;

  beforeAll(async () => {
    product = await Product.start();
    owner = await product.signIn('student');
    other = await product.signIn('author'); // an author is a student of their own labs, and no instructor
    attempt = await owner.startLab();
    others = await other.startLab();
    terminal = await owner.terminal(attempt);
  });

  afterAll(async () => {
    terminal?.close();
    await product?.stop();
  });

  test.each(['/kubeconfig', '/reports', '/recordings/1'])("another's %s is refused", async (path) => {
    expect((await other.fetch(`/api/attempts/${attempt}${path}`)).status).toBeGreaterThanOrEqual(403);
    expect((await fetch(`${product.url}/api/attempts/${attempt}${path}`)).status).toBeGreaterThanOrEqual(401);
  });

  test.each(['/grade', '/finish'])("another's attempt cannot be changed by %s", async (path) => {
    expect((await other.fetch(`/api/attempts/${attempt}${path}`, { method: 'POST' })).status).toBeGreaterThanOrEqual(
      403,
    );
  });

  test("another's terminal is refused", async () => {
    const address = `${product.url.replace('http', 'ws')}/api/attempts/${attempt}/terminals/1`;
    expect(await upgrade(address, { cookie: other.cookie, origin: product.url })).toBeGreaterThanOrEqual(403);
    expect(await upgrade(address, { origin: product.url })).toBe(401);
  });

  test('a WebSocket from a foreign origin, or from none, is refused before a terminal exists', async () => {
    const address = `${product.url.replace('http', 'ws')}/api/attempts/${attempt}/terminals/7`;
    expect(await upgrade(address, { cookie: owner.cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await upgrade(address, { cookie: owner.cookie })).toBe(403);
    const page = await owner.fetch(`/attempts/${attempt}`);
    expect(await page.text()).not.toContain('Terminal 7');
  });

  test("the kubeconfig's token opens its own attempt and no other", async () => {
    const token = tokenOf(await (await owner.fetch(`/api/attempts/${attempt}/kubeconfig`)).text());
    expect(token.length).toBeGreaterThan(20);
    const auth = { authorization: `Bearer ${token}` };
    const get = (id: string, headers: Record<string, string>) =>
      call(`${product.apiUrl}/attempts/${id}/apis/user.openshift.io/v1/users/~`, headers);
    expect((await get(attempt, auth)).body).toContain('"developer"');
    expect((await get(others, auth)).status).toBe(401);
    expect((await get(attempt, {})).status).toBe(401);
    const forged = await get(attempt, { ...auth, 'x-remote-user': 'system:admin', 'x-remote-group': 'system:masters' });
    expect(forged.body).toContain('"developer"');
  });

  test.each([
    [
      "tr '\\0' '\\n' </proc/self/environ | cut -d= -f1 | tr '\\n' ' '; env | grep -c NODE",
      /^(?:(?:DATABASE_\w+|HOME|HOSTNAME|LANG|LOGNAME|OLDPWD|PATH|PWD|SHELL|SHLVL|TERM|USER|_) )+0\n/,
    ],
    ['cat /proc/mounts /proc/self/maps /proc/[0-9]*/cmdline | grep -ac node_modules', /^0\n/],
    ['cat /proc/version; readlink /proc/self/exe', /^Linux version 5\.14\.0-427\..*\n\/usr\/bin\/readlink\n/],
    ['ls /proc/1/root /proc/self/cwd/../../../../../work', /No such file or directory/],
    ['ls /work /usr/lib/node_modules', /No such file or directory/],
    ['cat /root/.kube/config', /Permission denied/],
    ['curl -m 2 -s http://127.0.0.1:3000; echo status $?', /status 7/],
    ['(exec 3<>/dev/tcp/127.0.0.1/22) 2>&1 | head -1', /refused|No such file/],
    ['echo $((1+1)) && whoami', /^2\nstudent\n/],
  ])('on the workstation, `%s` finds no host', async (line, expected) => {
    expect(await terminal.type(line)).toMatch(expected);
  });
});
