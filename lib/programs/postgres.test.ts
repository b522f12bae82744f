// PostgreSQL as its clients see it: scripts whose output a real psql 15 with a real server 18 gave, logins, durability.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Machine } from '../machine/machine';
import { State } from '../sim/state';
import { bitnamiPostgresql } from './bitnami-postgresql';
import { createdb } from './createdb';
import { pgIsready } from './pg-isready';
import { psql } from './psql';
import { runPostgresql } from './run-postgresql';
import { run } from './testing/mysql';
import { postgresWorld, startPostgres } from './testing/postgres';

const CLIENTS = { psql, pg_isready: pgIsready, createdb };
const SCRIPTS = JSON.parse(readFileSync(new URL('testing/psql-answers.json', import.meta.url), 'utf8')) as {
  sql: string;
  output: string;
  reason?: string;
}[][];

/** Runs a program with its two outputs together, as a terminal shows them. */
async function together(world: ReturnType<typeof postgresWorld>, machine: Machine, argv: string[], input: string) {
  let all = '';
  const write = {
    name: 'out',
    read: async () => null,
    write: async (bytes: Uint8Array) => void (all += new TextDecoder().decode(bytes)),
    close: () => {},
  };
  const chunks = [new TextEncoder().encode(input)];
  const proc = machine.start(argv, {
    env: { PATH: '/usr/bin', PGPASSWORD: 'secret' },
    stdin: { ...write, read: async () => chunks.shift() ?? null },
    stdout: write,
    stderr: write,
  });
  await world.clock.drive(proc.exited, 600_000);
  return all;
}

test.each(SCRIPTS.map((cases, i) => [i + 1, cases] as const))(
  'script %i answers as a real server',
  async (_i, cases) => {
    const world = postgresWorld(CLIENTS);
    await startPostgres(world, { POSTGRES_PASSWORD: 'secret', PG_VERSION: '18.4' });
    const script = cases.map(({ sql }, i) => `\\echo @@${i}\n${sql}\n`).join('');
    const output = (await together(world, world.client, ['psql', '-h', 'db', '-U', 'postgres'], script)).replace(
      /psql:<stdin>:\d+: /g,
      '',
    );
    const parts = output.split(/^@@\d+\n/m).slice(1);
    const wrong = cases.flatMap(({ sql, output: wanted, reason }, i) =>
      reason || parts[i] === wanted ? [] : [{ sql, wanted, got: parts[i] }],
    );
    expect(wrong).toEqual([]);
  },
);

const ADMIN = ['-h', 'db', '-U', 'postgres'];
const query = (
  world: ReturnType<typeof postgresWorld>,
  argv: string[],
  env: Record<string, string> = { PGPASSWORD: 'secret' },
) => run(world, world.client, ['psql', ...argv], '', env);

test.each([
  [
    [...ADMIN, '-c', 'select 1'],
    { PGPASSWORD: 'wrong' },
    'psql: error: connection to server at "db" (192.168.50.20), port 5432 failed: FATAL:  password authentication failed for user "postgres"\n',
    2,
  ],
  [
    [...ADMIN, '-c', 'select 1'],
    {},
    'psql: error: connection to server at "db" (192.168.50.20), port 5432 failed: fe_sendauth: no password supplied\n',
    2,
  ],
  [
    [...ADMIN, '-d', 'nope'],
    { PGPASSWORD: 'secret' },
    'psql: error: connection to server at "db" (192.168.50.20), port 5432 failed: FATAL:  database "nope" does not exist\n',
    2,
  ],
  [
    ['-h', 'nowhere'],
    {},
    'psql: error: could not translate host name "nowhere" to address: Temporary failure in name resolution\n',
    2,
  ],
  [
    ['-h', 'db', '-p', '5433'],
    {},
    'psql: error: connection to server at "db" (192.168.50.20), port 5433 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n',
    2,
  ],
  [
    [],
    {},
    'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?\n',
    2,
  ],
  [
    ['--nonsense'],
    {},
    'psql: unrecognized option \'--nonsense\'\npsql: hint: Try "psql --help" for more information.\n',
    1,
  ],
] as [string[], Record<string, string>, string, number][])(
  'psql %j with %j is refused',
  async (argv, env, err, code) => {
    const world = postgresWorld(CLIENTS);
    await startPostgres(world);
    expect(await query(world, argv, env)).toEqual({ out: '', err, code });
  },
);

test('forms of output', async () => {
  const world = postgresWorld(CLIENTS);
  await startPostgres(world, { POSTGRES_PASSWORD: 'secret', POSTGRES_USER: 'app', POSTGRES_DB: 'shop' });
  const sql = "select 1 as a, 'x,y' as b union all select 2, null order by 1";
  const uri = 'postgresql://app:secret@db/shop';
  const shown = async (...argv: string[]) => (await query(world, [uri, ...argv, '-c', sql], {})).out;
  expect(await shown('-At')).toBe('1|x,y\n2|\n');
  expect(await shown('--csv')).toBe('a,b\n1,"x,y"\n2,\n');
  expect(await shown('-x')).toBe('-[ RECORD 1 ]\na | 1\nb | x,y\n-[ RECORD 2 ]\na | 2\nb | \n\n');
  expect((await query(world, [uri, '-c', '\\conninfo'], {})).out).toBe(
    'You are connected to database "shop" as user "app" on host "db" (address "192.168.50.20") at port "5432".\n',
  );
  expect(await run(world, world.client, ['pg_isready', '-h', 'db'])).toEqual({
    out: 'db:5432 - accepting connections\n',
    err: '',
    code: 0,
  });
  expect(await run(world, world.client, ['pg_isready', '-h', 'db', '-p', '1'])).toEqual({
    out: 'db:1 - no response\n',
    err: '',
    code: 2,
  });
});

test('what is committed outlives the server, what is not does not', async () => {
  const state = new State();
  const first = postgresWorld(CLIENTS, state);
  const { proc } = await startPostgres(first);
  await query(first, [
    ...ADMIN,
    '-c',
    'create table t(id serial, v text)',
    '-c',
    "insert into t(v) values ('kept')",
    '-c',
    "begin; insert into t(v) values ('lost')",
  ]);
  proc.signal('SIGKILL');
  const second = postgresWorld(CLIENTS, state);
  const { logs } = await startPostgres(second);
  expect(logs()).toContain('PostgreSQL Database directory appears to contain a database; Skipping initialization');
  expect(
    (
      await query(second, [
        ...ADMIN,
        '-Atc',
        "insert into t(v) values ('new') returning id",
        '-Atc',
        'select v from t order by id',
      ])
    ).out,
  ).toMatch(/kept\nnew\n$/);
});

test('a reader does not wait for a writer', async () => {
  const world = postgresWorld(CLIENTS);
  await startPostgres(world);
  await query(world, [...ADMIN, '-c', 'create table t(v int)']);
  const slow = query(world, [...ADMIN, '-c', 'begin', '-c', 'insert into t values (1)', '-c', 'commit']);
  const other = query(world, [...ADMIN, '-Atc', 'select count(*) from t']);
  expect((await other).code).toBe(0);
  expect((await slow).err).toBe('');
});

test('a recursion without end is stopped, and the server goes on', async () => {
  const world = postgresWorld(CLIENTS);
  await startPostgres(world);
  const endless = await query(world, [
    ...ADMIN,
    '-c',
    'with recursive t(n) as (select 1 union all select n+1 from t) select count(*) from t',
  ]);
  expect(endless).toMatchObject({
    err: 'ERROR:  not supported: recursive queries of more than 500000 rows\n',
    code: 1,
  });
  expect((await query(world, [...ADMIN, '-Atc', 'select 1'])).out).toBe('1\n');
});

test('the official image without a password', async () => {
  const { proc, logs } = await startPostgres(postgresWorld(), {});
  expect((await proc.exited).code).toBe(1);
  expect(logs()).toMatch(/^Error: Database is uninitialized and superuser password is not specified\./);
});

test("Red Hat's image: variables, user, database", async () => {
  const refused = await startPostgres(postgresWorld({}, new State(), runPostgresql), { POSTGRESQL_USER: 'u' });
  expect((await refused.proc.exited).code).toBe(1);
  expect(refused.logs()).toMatch(
    /^For general container run, you must either specify the following environment\nvariables:/,
  );
  const world = postgresWorld(CLIENTS, new State(), runPostgresql);
  await startPostgres(
    world,
    { POSTGRESQL_USER: 'u', POSTGRESQL_PASSWORD: 'p', POSTGRESQL_DATABASE: 'd', POSTGRESQL_VERSION: '15' },
    1000,
  );
  expect(
    (await query(world, ['-h', 'db', '-U', 'u', '-Atc', 'show server_version', 'd'], { PGPASSWORD: 'p' })).out,
  ).toBe('15.8\n');
});

test("Bitnami's image: variables", async () => {
  const refused = await startPostgres(postgresWorld({}, new State(), bitnamiPostgresql), {});
  expect(refused.logs()).toContain('The POSTGRESQL_PASSWORD environment variable is empty or not set.');
  const world = postgresWorld(CLIENTS, new State(), bitnamiPostgresql);
  await startPostgres(world, { POSTGRESQL_USERNAME: 'app', POSTGRESQL_PASSWORD: 'p', POSTGRESQL_DATABASE: 'd' });
  expect(
    (await query(world, ['-h', 'db', '-U', 'app', '-Atc', 'select current_user', 'd'], { PGPASSWORD: 'p' })).out,
  ).toBe('app\n');
});
