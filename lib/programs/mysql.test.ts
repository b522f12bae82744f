import { expect, test } from 'vitest';
import { sink } from '../machine/descriptor';
import { dockerMysql } from './docker-mysql';
import { databaseWorld, ENV, run, runOnTerminal, startServer } from './testing/mysql';

const LOGIN = ['-uuser1', '-pmypa55w0rd', '--protocol', 'tcp', '-h', 'db', '-P3306'];
const WARNING = 'mysql: [Warning] Using a password on the command line interface can be insecure.\n';
const SCRIPT = `DROP TABLE IF EXISTS \`Item\`;
CREATE TABLE \`Item\` (\`id\` BIGINT not null auto_increment primary key, \`description\` VARCHAR(100), \`done\` BIT);
INSERT INTO \`Item\` (\`id\`,\`description\`,\`done\`) VALUES (1,'Pick up newspaper', 0);
INSERT INTO \`Item\` (\`id\`,\`description\`,\`done\`) VALUES (2,'Buy groceries', 1);
`;

test('the exercise: a script, then a look at it with and without a terminal', async () => {
  const world = databaseWorld();
  const { logs } = await startServer(world);
  expect(logs()).toContain("/usr/libexec/mysqld: ready for connections. Version: '8.0.36'");
  expect(await run(world, world.client, ['mysql', ...LOGIN, 'items'], SCRIPT)).toEqual({
    out: '',
    err: WARNING,
    code: 0,
  });
  expect(await run(world, world.client, ['mysql', ...LOGIN, 'items', '-e', 'select * from Item;'])).toEqual({
    out: 'id\tdescription\tdone\n1\tPick up newspaper\t\\0\n2\tBuy groceries\t\x01\n',
    err: WARNING,
    code: 0,
  });
  const { screen } = await runOnTerminal(world, world.client, [
    'mysql',
    ...LOGIN,
    'items',
    '-e',
    'select * from Item;',
  ]);
  expect(screen).toBe(`${WARNING}+----+-------------------+------------+
| id | description       | done       |
+----+-------------------+------------+
|  1 | Pick up newspaper | 0x00       |
|  2 | Buy groceries     | 0x01       |
+----+-------------------+------------+
`);
});

test.each([
  [
    ['-uuser1', '-pwrong', '-h', 'db'],
    "ERROR 1045 (28000): Access denied for user 'user1'@'192.168.50.21' (using password: YES)\n",
  ],
  [
    ['-uuser1', '-h', 'db'],
    "ERROR 1045 (28000): Access denied for user 'user1'@'192.168.50.21' (using password: NO)\n",
  ],
  [[...LOGIN, 'nothing'], "ERROR 1044 (42000): Access denied for user 'user1'@'%' to database 'nothing'\n"],
  [['-uroot', '-pr00t', '-hdb', 'nothing'], "ERROR 1049 (42000): Unknown database 'nothing'\n"],
  [
    ['-uuser1', '-px', '-h', 'db', '-P', '3307'],
    "ERROR 2003 (HY000): Can't connect to MySQL server on 'db:3307' (111)\n",
  ],
  [['-uuser1', '-px', '-h', 'nowhere'], "ERROR 2005 (HY000): Unknown MySQL server host 'nowhere' (-3)\n"],
  [
    ['-uuser1', '-px'],
    "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/lib/mysql/mysql.sock' (2)\n",
  ],
  [[...LOGIN, 'items', '-e', 'select * from nix'], "ERROR 1146 (42S02) at line 1: Table 'items.nix' doesn't exist\n"],
  [[...LOGIN, '-e', 'select * from Item'], 'ERROR 1046 (3D000) at line 1: No database selected\n'],
  [
    [...LOGIN, 'items', '-e', 'selct 1'],
    "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'selct 1' at line 1\n",
  ],
])('mysql %j fails as the real one', async (args, error) => {
  const world = databaseWorld();
  await startServer(world);
  const { err, code } = await run(world, world.client, ['mysql', ...args]);
  expect(err.replace(WARNING, '')).toBe(error);
  expect(code).toBe(1);
});

test('at a prompt: results, remarks, errors, use, exit', async () => {
  const world = databaseWorld();
  await startServer(world);
  const { screen, code } = await runOnTerminal(
    world,
    world.client,
    ['mysql', ...LOGIN],
    [
      'use items\n',
      'create table t (a int primary key, b decimal(5,2));\n',
      'insert into t values (1, 2.5),\n',
      '(2, 3);\n',
      'select * from t;\n',
      'select * from t where a = 9;\n',
      'insert into t values (1, 1);\n',
      'select a, b from t where a = 1\\G\n',
      'exit\n',
    ],
  );
  expect(code).toBe(0);
  const shown = screen.slice(screen.indexOf('mysql> '));
  expect(shown).toBe(`mysql> use items
Database changed
mysql> create table t (a int primary key, b decimal(5,2));
Query OK, 0 rows affected (0.00 sec)

mysql> insert into t values (1, 2.5),
    -> (2, 3);
Query OK, 2 rows affected (0.00 sec)
Records: 2  Duplicates: 0  Warnings: 0

mysql> select * from t;
+---+------+
| a | b    |
+---+------+
| 1 | 2.50 |
| 2 | 3.00 |
+---+------+
2 rows in set (0.00 sec)

mysql> select * from t where a = 9;
Empty set (0.00 sec)

mysql> insert into t values (1, 1);
ERROR 1062 (23000): Duplicate entry '1' for key 't.PRIMARY'
mysql> select a, b from t where a = 1\\G
*************************** 1. row ***************************
a: 1
b: 2.50
1 row in set (0.00 sec)

mysql> exit
Bye
`);
});

test('without its variables the entry point says what is missing', async () => {
  const world = databaseWorld();
  const { proc, logs } = await startServer(world, {});
  expect(logs()).toMatch(
    /^=> sourcing 20-validate-variables.sh \.\.\.\nYou must either specify the following environment variables:\n {2}MYSQL_USER \(regex: '\^\[a-zA-Z0-9_\]\+\$'\)\n/,
  );
  expect(logs()).toMatch(/For more information, see https:\/\/github.com\/sclorg\/mysql-container\n$/);
  expect(proc.status).toEqual({ code: 1 });
});

test('rows outlive the process, and passwords follow the environment', async () => {
  const before = databaseWorld();
  const { proc } = await startServer(before);
  await run(before, before.client, ['mysql', ...LOGIN, 'items'], SCRIPT);
  proc.signal('SIGKILL');
  const after = databaseWorld(before.state);
  await startServer(after, { ...ENV, MYSQL_PASSWORD: 'changed' });
  expect((await run(after, after.client, ['mysql', ...LOGIN, 'items', '-e', 'select 1'])).code).toBe(1);
  const login = LOGIN.map((word) => (word === '-pmypa55w0rd' ? '-pchanged' : word));
  const { out } = await run(after, after.client, [
    'mysql',
    ...login,
    'items',
    '-Ne',
    'select id, description from Item',
  ]);
  expect(out).toBe('1\tPick up newspaper\n2\tBuy groceries\n');
});

test('a stopped server says goodbye, and mysqladmin sees it live', async () => {
  const world = databaseWorld();
  const { proc, logs } = await startServer(world);
  expect(await run(world, world.client, ['mysqladmin', '-uuser1', '-pmypa55w0rd', '-hdb', 'ping'])).toMatchObject({
    out: 'mysqld is alive\n',
    code: 0,
  });
  proc.signal('SIGTERM');
  await world.clock.advance(1000);
  expect(logs()).toMatch(
    /Received SHUTDOWN from user <via user signal>[\s\S]*Shutdown complete \(mysqld 8\.0\.36\) {2}Source distribution\.\n$/,
  );
  expect(proc.status).toEqual({ code: 0 });
});

test('the official image: its refusal, its first start, its second', async () => {
  const world = databaseWorld();
  const log: string[] = [];
  const write = sink((bytes) => void log.push(new TextDecoder().decode(bytes)));
  const start = async (env: Record<string, string>) => {
    const proc = world.server.start(['mysqld', 'mysqld'], {
      env,
      uid: 999,
      stdout: write,
      stderr: write,
      program: dockerMysql,
    });
    await world.clock.advance(5000);
    return proc;
  };
  world.server.mounts.find('/var/run').fs.set('/var/run', { type: 'dir', mode: 0o777, uid: 0, gid: 0, mtime: 0 });
  world.server.mounts
    .find('/var/run/mysqld')
    .fs.set('/var/run/mysqld', { type: 'dir', mode: 0o777, uid: 0, gid: 0, mtime: 0 });
  expect((await start({})).status).toEqual({ code: 1 });
  expect(log.join('')).toContain(
    '[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n    You need to specify one of the following as an environment variable:\n    - MYSQL_ROOT_PASSWORD\n',
  );
  const first = await start({ MYSQL_ROOT_PASSWORD: 'r', MYSQL_DATABASE: 'shop', MYSQL_USER: 'u', MYSQL_PASSWORD: 'p' });
  expect(
    (await run(world, world.client, ['mysql', '-uu', '-pp', '-hdb', 'shop', '-e', 'create table a (n int)'])).code,
  ).toBe(0);
  first.signal('SIGTERM');
  await world.clock.advance(1000);
  await start({ MYSQL_ROOT_PASSWORD: 'ignored' });
  expect((await run(world, world.client, ['mysql', '-uroot', '-pr', '-hdb', 'shop', '-Ne', 'show tables'])).out).toBe(
    'a\n',
  );
});

const ROOT = ['-uroot', '-pr00t', '-hdb'];
const dumpWarning = WARNING.replace('mysql:', 'mysqldump:');

test('mysqldump writes what mysql reads back', async () => {
  const world = databaseWorld();
  await startServer(world);
  const at = (argv: string[], input = '') => run(world, world.client, argv, input);
  await at(
    ['mysql', ...LOGIN, 'items'],
    `${SCRIPT}CREATE TABLE notes (n INT, t TEXT, d DATE, b BLOB, f DECIMAL(5,2));
INSERT INTO notes VALUES (1, 'it''s\\n"so"', '2026-01-02', x'00ff', 1.50), (NULL, NULL, NULL, NULL, NULL);`,
  );
  const dump = await at(['mysqldump', ...ROOT, 'items']);
  expect(dump).toMatchObject({ code: 0, err: dumpWarning });
  expect(dump.out).toMatch(
    /^-- MySQL dump 10\.13 {2}Distrib 8\.0\.36, for Linux \(x86_64\)\n--\n-- Host: db {4}Database: items\n/,
  );
  expect(dump.out).toContain(
    "INSERT INTO `Item` VALUES (1,'Pick up newspaper',_binary '\\0'),(2,'Buy groceries',_binary '\u0001');\n",
  );
  expect(dump.out).toMatch(/\n\n-- Dump completed on 2026-01-01 {2}0:\d\d:\d\d\n$/);
  await at(['mysql', ...ROOT, '-e', 'create database copy']);
  expect(await at(['mysql', ...ROOT, 'copy'], dump.out)).toEqual({ out: '', err: WARNING, code: 0 });
  const read = (database: string) =>
    at(['mysql', ...ROOT, database, '-N', '-e', 'select * from Item; select n,t,d,hex(b),f from notes; show tables']);
  const copied = await read('copy');
  expect(copied.code).toBe(0);
  expect(copied).toEqual(await read('items'));
  const again = await at(['mysqldump', ...ROOT, 'copy']);
  expect(again.out.replaceAll('copy', 'items').replace(/completed.*/, '')).toBe(dump.out.replace(/completed.*/, ''));
  const whole = await at(['mysqldump', ...ROOT, '--databases', 'items']);
  expect(whole.out).toMatch(/\nCREATE DATABASE \/\*!32312 IF NOT EXISTS\*\/ `items` .*;\n\nUSE `items`;\n/);
  await at(['mysql', ...ROOT, '-e', 'drop database items']);
  expect(await at(['mysql', ...ROOT], whole.out)).toMatchObject({ out: '', code: 0 });
  expect(await read('items')).toEqual(copied);
});

test.each([
  [[], 1, 'Usage: mysqldump [OPTIONS] database [tables]\n', ''],
  [
    ['-uroot', '-px', '-hdb', 'items'],
    2,
    '',
    "mysqldump: Got error: 1045: Access denied for user 'root'@'192.168.50.21' (using password: YES) when trying to connect\n",
  ],
  [[...ROOT, 'nope'], 2, '', "mysqldump: Got error: 1049: Unknown database 'nope' when selecting the database\n"],
  [[...ROOT, 'items', 'nope'], 6, '', 'mysqldump: Couldn\'t find table: "nope"\n'],
  [
    [...LOGIN, 'items'],
    0,
    '',
    "mysqldump: Error: 'Access denied; you need (at least one of) the PROCESS privilege(s) for this operation' when trying to dump tablespaces\n",
  ],
  [[...LOGIN, '--no-tablespaces', 'items'], 0, '', ''],
])('mysqldump %j ends with %i', async (argv, code, out, err) => {
  const world = databaseWorld();
  await startServer(world);
  const result = await run(world, world.client, ['mysqldump', ...argv]);
  expect(result.code).toBe(code);
  expect(result.err.replace(dumpWarning, '')).toBe(err);
  expect(result.out).toContain(out);
});
