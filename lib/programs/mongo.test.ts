import { expect, test } from 'vitest';
import { host, smallNetwork } from '../machine/testing/host';
import { decode, encode } from './mongo/wire';
import { mongod } from './mongod';
import { mongosh } from './mongosh';
import { run } from './testing/mysql';

test('a document keeps what it holds', () => {
  const document = { a: 1, b: 'x', c: [true, null], d: { e: 1.5 } };
  expect(decode(encode(document))).toEqual(document);
});

test('connect and ping, and no more', async () => {
  const world = smallNetwork();
  const server = host(world, 'mongo', '192.168.50.20', { mongod, mongosh });
  server.start(['/usr/bin/mongod'], { env: {} });
  await world.clock.advance(100);
  const shell = (...argv: string[]) => run(world, server, ['mongosh', '--quiet', ...argv]);
  expect(await shell('--eval', 'db.runCommand( { ping: 1 } )')).toEqual({ out: '{ ok: 1 }\n', err: '', code: 0 });
  expect((await shell('--eval', 'db.things.find()')).out).toMatch(/^not supported: /);
  expect((await shell('--port', '28015', '--eval', 'db.hello()')).err).toBe(
    'MongoNetworkError: connect ECONNREFUSED 127.0.0.1:28015\n',
  );
});
