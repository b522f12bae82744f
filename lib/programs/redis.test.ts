import { expect, test } from 'vitest';
import { sink } from '../machine/descriptor';
import { host, smallNetwork } from '../machine/testing/host';
import { State } from '../sim/state';
import { redisCli } from './redis-cli';
import { redisServer } from './redis-server';

async function session(commands: string[][], state = new State(), args: string[] = []) {
  const world = smallNetwork();
  const server = host(world, 'db', '192.168.50.20', { 'redis-server': redisServer }, { '/data': null }, state);
  const client = host(world, 'client', '192.168.50.21', { 'redis-cli': redisCli });
  server.start(['redis-server', ...args], { cwd: '/data', env: { PATH: '/usr/bin' } });
  await world.clock.advance(10);
  const answers: string[] = [];
  for (const command of commands) {
    let out = '';
    const proc = client.start(['redis-cli', '-h', '192.168.50.20', ...command], {
      env: { PATH: '/usr/bin' },
      stdout: sink((bytes) => (out += new TextDecoder().decode(bytes))),
    });
    await world.clock.drive(proc.exited, 10_000);
    answers.push(out.trimEnd());
  }
  return answers;
}

test('keys, counters, lists, hashes, errors', async () => {
  expect(
    await session([
      ['ping'],
      ['set', 'a', '1'],
      ['incr', 'a'],
      ['get', 'a'],
      ['get', 'none'],
      ['rpush', 'l', 'x', 'y'],
      ['lrange', 'l', '0', '-1'],
      ['hset', 'h', 'k', 'v'],
      ['hgetall', 'h'],
      ['incr', 'l'],
      ['nix', 'b'],
      ['get'],
    ]),
  ).toEqual([
    'PONG',
    'OK',
    '2',
    '2',
    '',
    '2',
    'x\ny',
    '1',
    'k\nv',
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    "ERR unknown command 'nix', with args beginning with: 'b'",
    "ERR wrong number of arguments for 'get' command",
  ]);
});

test('keys outlive the process', async () => {
  const state = new State();
  await session([['set', 'k', 'kept']], state);
  expect(await session([['get', 'k']], state)).toEqual(['kept']);
});

test('a password', async () => {
  expect(
    await session(
      [
        ['get', 'k'],
        ['-a', 'p', 'set', 'k', 'v'],
      ],
      new State(),
      ['--requirepass', 'p'],
    ),
  ).toEqual(['NOAUTH Authentication required.', 'OK']);
});
