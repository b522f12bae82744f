import { connect, createServer } from 'node:tls';
import { expect, test } from 'vitest';
import { makeServerCertificate } from './certificates';

test('a client that trusts the authority accepts the certificate', async () => {
  const { ca, cert, key } = await makeServerCertificate(['localhost'], ['127.0.0.1'], Date.now());
  const server = createServer({ cert, key }, (socket) => socket.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const socket = connect({ host: '127.0.0.1', port, ca });
  const text = await new Promise<string>((resolve, reject) => {
    let all = '';
    socket.on('data', (chunk) => (all += chunk));
    socket.on('end', () => resolve(all));
    socket.on('error', reject);
  });
  server.close();
  expect(text).toBe('hello');
});
