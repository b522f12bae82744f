import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openSecrets, type Secrets } from '../secrets';
import { Supervisor } from '../supervisor/supervisor';
import { type Installation, install } from '../testing/installation';
import { openCertificate } from './certificate';
import { CLUSTER_USER, kubeconfig } from './kubeconfig';
import { type ClusterPort, openClusterPort } from './listener';

let installation: Installation;
let supervisor: Supervisor;
let port: ClusterPort;
let secrets: Secrets;
let ca: string;

beforeAll(async () => {
  installation = await install();
  const report = () => {};
  const { prisma, program, sockets: socketFolder } = installation;
  supervisor = new Supervisor({
    prisma,
    program,
    socketFolder,
    warm: 1,
    call: async () => null,
    asleep: report,
    report,
  });
  secrets = openSecrets(installation.keys);
  const certificate = await openCertificate(installation.keys, '127.0.0.1');
  expect(await openCertificate(installation.keys, '127.0.0.1')).toEqual(certificate);
  ca = certificate.ca;
  const attempts = new Map([['mine', await installation.attempt('mine')]]);
  port = await openClusterPort({
    host: '127.0.0.1',
    port: 0,
    certificate,
    secrets,
    report,
    async sandbox(id) {
      const attempt = attempts.get(id);
      if (!attempt) throw new Error('no such attempt');
      return supervisor.sandbox(attempt);
    },
  });
}, 60_000);

afterAll(async () => {
  await port.close();
  await supervisor.close();
  await installation.close();
});

function ask(path: string, token: string, headers = {}, method = 'GET'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { port: port.port, host: '127.0.0.1', ca, path, method, agent: false };
    const request = httpsRequest({ ...options, headers: { authorization: `Bearer ${token}`, ...headers } });
    request.on('error', reject);
    request.on('response', async (response: IncomingMessage) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode ?? 0, body });
    });
    request.end(method === 'POST' ? '{}' : undefined);
  });
}

it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
  'passes %s on without the prefix, and says who asks',
  async (method) => {
    const token = secrets.clusterToken('mine', 'developer');
    const forged = { 'x-remote-user': 'admin', 'impersonate-user': 'admin' };
    const { status, body } = await ask('/attempts/mine/api/v1/pods?watch=1', token, forged, method);
    expect(status).toBe(200);
    const seen = JSON.parse(body);
    expect(seen).toMatchObject({ method, url: '/api/v1/pods?watch=1', headers: { 'x-remote-user': 'developer' } });
    expect(seen.headers).not.toHaveProperty('authorization');
    expect(seen.headers).not.toHaveProperty('impersonate-user');
  },
);

it('passes upgrades as bytes', async () => {
  const token = secrets.clusterToken('mine', 'developer');
  const socket = connect({ port: port.port, host: '127.0.0.1', ca });
  const path = '/attempts/mine/api/v1/exec';
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n`,
  );
  let text = '';
  for await (const chunk of socket) text += chunk;
  expect(text).toContain('101 Switching Protocols');
  expect(text).toContain('hello /api/v1/exec');
});

it.each([
  ['no token', '/attempts/mine/api', () => ''],
  ["another attempt's", '/attempts/mine/api', () => secrets.clusterToken('other', 'developer')],
  [
    'a changed user',
    '/attempts/mine/api',
    () => secrets.clusterToken('mine', 'developer').replace('developer', 'admin'),
  ],
  ['no attempt', '/api', () => secrets.clusterToken('mine', 'developer')],
])('refuses %s', async (_, path, token) => {
  const { status, body } = await ask(path, token());
  expect(status).toBe(401);
  expect(JSON.parse(body)).toMatchObject({ kind: 'Status', reason: 'Unauthorized' });
});

it('writes a kubeconfig that leads to the attempt', async () => {
  const token = secrets.clusterToken('mine', CLUSTER_USER);
  const text = kubeconfig({ attemptId: 'mine', lab: 'lab', apiUrl: 'https://127.0.0.1:1', authority: ca, token });
  const { clusters, users, contexts } = parse(text);
  expect(clusters[0].cluster.server).toBe('https://127.0.0.1:1/attempts/mine');
  expect(Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString()).toBe(ca);
  expect(users[0].user.token).toBe(token);
  expect(contexts[0].context).toEqual({ cluster: 'podlab-lab', user: 'developer', namespace: 'lab' });
});
