// MySQL's dialect through a real client, mysql2: statements in order, what each gives.

import { createConnection } from 'mysql2/promise';
import { beforeAll, expect, test } from 'vitest';
import { toDuplex } from '../../machine/duplex';
import { databaseWorld, startServer } from '../testing/mysql';

type Client = Awaited<ReturnType<typeof createConnection>>;
let world: ReturnType<typeof databaseWorld>;

async function connect(user = 'root', password = 'r00t', database = 'items'): Promise<Client> {
  const stream = toDuplex(await world.client.net.connect('192.168.50.20', 3306));
  return createConnection({
    user,
    password,
    database,
    stream,
    rowsAsArray: true,
    dateStrings: true,
    supportBigNumbers: true,
  });
}

beforeAll(async () => {
  world = databaseWorld();
  await startServer(world);
});

/** Runs statements one after another in a database of their own; gives the last one's rows, or its error as text. */
async function outcome(statements: string[]): Promise<unknown> {
  const client = await connect();
  try {
    await client.query('DROP DATABASE IF EXISTS scratch');
    await client.query('CREATE DATABASE scratch');
    await client.query('USE scratch');
    let last: unknown;
    for (const statement of statements) [last] = await client.query(statement);
    return last;
  } catch (error) {
    const { errno, sqlState, sqlMessage } = error as { errno: number; sqlState: string; sqlMessage: string };
    if (errno === undefined) throw error;
    return `${errno} (${sqlState}): ${sqlMessage}`;
  } finally {
    client.destroy();
  }
}

const T =
  'CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) NOT NULL, price DECIMAL(6,2) DEFAULT 1.5, born DATE, UNIQUE KEY name (name))';
const ROWS =
  "INSERT INTO t (name, price, born) VALUES ('Ada', 10, '1815-12-10'), ('Grace', 2.255, '1906-12-09'), ('Alan', NULL, '1912-06-23')";

test.each<[string, string[], unknown]>([
  ['numbers', ['SELECT 1/3, 7 DIV 2, 7 % 3, 1 + 1.50, 2 * 3, 5/0, -7 DIV 2'], [['0.3333', 3, 1, '2.50', 6, null, -3]]],
  [
    'logic',
    ["SELECT 1 AND 0, 1 || 0, NOT 0, 1 XOR 1, NULL <=> NULL, 'a' = 'A', 'a' = BINARY 'A', '1' = 1, 2 BETWEEN 1 AND 3"],
    [[0, 1, 1, 0, 1, 1, 0, 1, 1]],
  ],
  [
    'strings',
    [
      "SELECT CONCAT('a', 1, 2.50), UPPER('é'), LENGTH('é'), CHAR_LENGTH('é'), SUBSTRING('hello', 2, 3), LPAD('7', 3, '0'), REPLACE('aXa','X','-'), SUBSTRING_INDEX('a.b.c','.',2)",
    ],
    [['a12.50', 'É', 2, 1, 'ell', '007', 'a-a', 'a.b']],
  ],
  [
    'control',
    [
      "SELECT IF(1 > 2, 'y', 'n'), IFNULL(NULL, 3), COALESCE(NULL, NULL, 'x'), NULLIF(1, 1), CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END",
    ],
    [['n', 3, 'x', null, 'two']],
  ],
  [
    'dates',
    [
      "SELECT DATE_ADD('2024-01-31', INTERVAL 1 MONTH), DATEDIFF('2024-03-01','2024-02-01'), DATE_FORMAT('2024-11-05 09:30:00','%d.%m.%Y %H:%i'), YEAR('2024-11-05'), '2024-01-01' + INTERVAL 36 HOUR",
    ],
    [['2024-02-29', 29, '05.11.2024 09:30', 2024, '2024-01-02 12:00:00']],
  ],
  [
    'rounding',
    [
      'SELECT ROUND(2.5), ROUND(-2.5), ROUND(1.005, 2), TRUNCATE(1.999, 2), CEIL(1.2), FLOOR(-1.2), FORMAT(1234567.891, 2)',
    ],
    [['3', '-3', '1.01', '1.99', 2, -2, '1,234,567.89']],
  ],
  [
    'defaults, auto_increment, decimal, order by key',
    [T, ROWS, 'SELECT * FROM t'],
    [
      [1, 'Ada', '10.00', '1815-12-10'],
      [2, 'Grace', '2.26', '1906-12-09'],
      [3, 'Alan', null, '1912-06-23'],
    ],
  ],
  [
    'where without case, like, in',
    [T, ROWS, "SELECT id FROM t WHERE name = 'ADA' OR name LIKE 'gr%' OR id IN (3) ORDER BY name DESC"],
    [[2], [3], [1]],
  ],
  [
    'aggregates',
    [
      T,
      ROWS,
      "SELECT COUNT(*), COUNT(price), SUM(price), AVG(price), MIN(name), GROUP_CONCAT(name ORDER BY name SEPARATOR '|') FROM t",
    ],
    [[3, 2, '12.26', '6.130000', 'Ada', 'Ada|Alan|Grace']],
  ],
  [
    'group by, having with alias',
    [T, ROWS, 'SELECT LEFT(name, 1) AS k, COUNT(*) AS n FROM t GROUP BY k HAVING n > 1 ORDER BY n'],
    [['A', 2]],
  ],
  [
    'joins',
    [
      'CREATE TABLE a (id INT PRIMARY KEY)',
      'CREATE TABLE b (id INT PRIMARY KEY, a_id INT)',
      'INSERT INTO a VALUES (1),(2)',
      'INSERT INTO b VALUES (7,1)',
      'SELECT a.id, b.id FROM a LEFT JOIN b ON b.a_id = a.id ORDER BY 1',
    ],
    [
      [1, 7],
      [2, null],
    ],
  ],
  [
    'subqueries',
    [
      T,
      ROWS,
      'SELECT name FROM t WHERE price = (SELECT MAX(price) FROM t) AND EXISTS (SELECT 1 FROM t AS u WHERE u.id = t.id)',
    ],
    [['Ada']],
  ],
  [
    'a derived table, a union, limit',
    [T, ROWS, '(SELECT name FROM t) UNION ALL SELECT x.n FROM (SELECT 1 AS n) AS x ORDER BY name LIMIT 1, 2'],
    [['Ada'], ['Alan']],
  ],
  [
    'a common table expression',
    ['WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT SUM(i) FROM n'],
    [['10']],
  ],
  [
    'window functions',
    [T, ROWS, 'SELECT name, ROW_NUMBER() OVER (ORDER BY born DESC) FROM t ORDER BY 2'],
    [
      ['Alan', 1],
      ['Grace', 2],
      ['Ada', 3],
    ],
  ],
  [
    'on duplicate key update',
    [
      T,
      ROWS,
      "INSERT INTO t (name, price) VALUES ('ada', 5) ON DUPLICATE KEY UPDATE price = VALUES(price) + 1",
      'SELECT name, price FROM t WHERE id = 1',
    ],
    [['Ada', '6.00']],
  ],
  [
    'replace',
    [T, ROWS, "REPLACE INTO t (id, name) VALUES (1, 'New')", 'SELECT id, name, price FROM t WHERE id = 1'],
    [[1, 'New', '1.50']],
  ],
  ['a view', [T, ROWS, 'CREATE VIEW v AS SELECT name FROM t WHERE id < 3', 'SELECT COUNT(*) FROM v'], [[2]]],
  [
    'alter: add, change, drop',
    [
      T,
      ROWS,
      'ALTER TABLE t ADD COLUMN n INT NOT NULL DEFAULT 4 AFTER id, DROP COLUMN born, CHANGE name label VARCHAR(30)',
      'SELECT * FROM t WHERE id = 1',
    ],
    [[1, 4, 'Ada', '10.00']],
  ],
  [
    'describe',
    [T, 'DESCRIBE t'],
    [
      ['id', 'int', 'NO', 'PRI', null, 'auto_increment'],
      ['name', 'varchar(20)', 'NO', 'UNI', null, ''],
      ['price', 'decimal(6,2)', 'YES', '', '1.50', ''],
      ['born', 'date', 'YES', '', null, ''],
    ],
  ],
  ['show tables', [T, 'SHOW TABLES'], [['t']]],
  [
    'show create table',
    [T, 'SHOW CREATE TABLE t'],
    [
      [
        't',
        "CREATE TABLE `t` (\n  `id` int NOT NULL AUTO_INCREMENT,\n  `name` varchar(20) NOT NULL,\n  `price` decimal(6,2) DEFAULT '1.50',\n  `born` date DEFAULT NULL,\n  PRIMARY KEY (`id`),\n  UNIQUE KEY `name` (`name`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci",
      ],
    ],
  ],
  [
    'information_schema',
    [
      T,
      "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'scratch' AND table_name = 't' ORDER BY ordinal_position LIMIT 2",
    ],
    [
      ['id', 'int'],
      ['name', 'varchar'],
    ],
  ],
  [
    'foreign keys cascade',
    [
      'CREATE TABLE p (id INT PRIMARY KEY)',
      'CREATE TABLE c (id INT PRIMARY KEY, p_id INT, FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE)',
      'INSERT INTO p VALUES (1)',
      'INSERT INTO c VALUES (5, 1)',
      'DELETE FROM p',
      'SELECT COUNT(*) FROM c',
    ],
    [[0]],
  ],
  ['variables', ['SET @a = 5', 'SELECT @a + 1, @@autocommit, @@global.port'], [[6, 1, 3306]]],
  [
    'enum, set, bit, json, year',
    [
      "CREATE TABLE e (a ENUM('x','y'), b SET('p','q'), c BIT(4), d JSON, e YEAR)",
      "INSERT INTO e VALUES ('X', 'q,p', b'101', '{\"k\": [1, 2]}', 2024)",
      "SELECT a, b, c + 0, d->'$.k[1]', e FROM e",
    ],
    [['x', 'p,q', 5, 2, 2024]],
  ],
  ['a rolled-back transaction', [T, 'START TRANSACTION', ROWS, 'ROLLBACK', 'SELECT COUNT(*) FROM t'], [[0]]],
  [
    'a savepoint',
    [
      T,
      'BEGIN',
      "INSERT INTO t (name) VALUES ('a')",
      'SAVEPOINT s',
      "INSERT INTO t (name) VALUES ('b')",
      'ROLLBACK TO s',
      'COMMIT',
      'SELECT name FROM t',
    ],
    [['a']],
  ],
])('%s', async (_name, statements, expected) => {
  expect(await outcome(statements)).toEqual(expected);
});

test.each([
  ['SELECT * FROM nix', "1146 (42S02): Table 'scratch.nix' doesn't exist"],
  ['SELECT * FROM information_schema.nix', "1109 (42S02): Unknown table 'nix' in information_schema"],
  ['SELECT x FROM t', "1054 (42S22): Unknown column 'x' in 'field list'"],
  ['SELECT id FROM t WHERE y = 1', "1054 (42S22): Unknown column 'y' in 'where clause'"],
  ['SELECT id FROM t JOIN t AS u ON 1', "1052 (23000): Column 'id' in field list is ambiguous"],
  ["INSERT INTO t (name) VALUES ('Ada')", "1062 (23000): Duplicate entry 'Ada' for key 't.name'"],
  ['INSERT INTO t (id, name) VALUES (1, 2)', "1062 (23000): Duplicate entry '1' for key 't.PRIMARY'"],
  ['INSERT INTO t (name) VALUES (NULL)', "1048 (23000): Column 'name' cannot be null"],
  ['INSERT INTO t (price) VALUES (1)', "1364 (HY000): Field 'name' doesn't have a default value"],
  ['INSERT INTO t VALUES (1)', "1136 (21S01): Column count doesn't match value count at row 1"],
  [
    "INSERT INTO t (name) VALUES ('ok'), ('123456789012345678901')",
    "1406 (22001): Data too long for column 'name' at row 2",
  ],
  ["INSERT INTO t (id, name) VALUES ('x', 'n')", "1366 (HY000): Incorrect integer value: 'x' for column 'id' at row 1"],
  ["INSERT INTO t (id, name) VALUES (99999999999, 'n')", "1264 (22003): Out of range value for column 'id' at row 1"],
  [
    "INSERT INTO t (name, born) VALUES ('n', '2024-02-30')",
    "1292 (22007): Incorrect date value: '2024-02-30' for column 'born' at row 1",
  ],
  [
    'SELECT name, COUNT(*) FROM t',
    "1140 (42000): In aggregated query without GROUP BY, expression #1 of SELECT list contains nonaggregated column 'scratch.t.name'; this is incompatible with sql_mode=only_full_group_by",
  ],
  ['SELECT (SELECT id FROM t)', '1242 (21000): Subquery returns more than 1 row'],
  ['SELECT nix(1)', '1305 (42000): FUNCTION scratch.nix does not exist'],
  ['CREATE TABLE t (a INT)', "1050 (42S01): Table 't' already exists"],
  ['DROP TABLE nix', "1051 (42S02): Unknown table 'scratch.nix'"],
  ['CREATE DATABASE scratch', "1007 (HY000): Can't create database 'scratch'; database exists"],
  ['USE nix', "1049 (42000): Unknown database 'nix'"],
  [
    'SELEC 1',
    "1064 (42000): You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'SELEC 1' at line 1",
  ],
  [
    'SELECT * FROM',
    "1064 (42000): You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '' at line 1",
  ],
  [
    'SELECT 1\nFORM t',
    "1064 (42000): You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 't' at line 2",
  ],
  ['SET GLOBAL nix = 1', "1193 (HY000): Unknown system variable 'nix'"],
])('%s fails', async (statement, error) => {
  expect(await outcome([T, ROWS, statement])).toBe(error);
});

test('prepared statements carry parameters and rows in binary', async () => {
  const client = await connect();
  await client.query(
    'CREATE TABLE p (a BIGINT, b DOUBLE, c VARCHAR(10), d DATETIME, e BIT(1), f DECIMAL(5,2), g TIME)',
  );
  await client.execute('INSERT INTO p VALUES (?, ?, ?, ?, ?, ?, ?)', [
    5,
    1.5,
    'x',
    '2024-11-05 09:30:00',
    1,
    '2.5',
    '10:20:30',
  ]);
  const [rows] = await client.execute('SELECT * FROM p WHERE a = ? AND c = ?', [5, 'X']);
  expect(rows).toEqual([[5, 1.5, 'x', '2024-11-05 09:30:00', Buffer.of(1), '2.50', '10:20:30']]);
  client.destroy();
});

test('others see rows when they are committed', async () => {
  const [a, b] = [await connect(), await connect()];
  await a.query('CREATE TABLE iso (n INT)');
  await a.query('BEGIN');
  await a.query('INSERT INTO iso VALUES (1)');
  expect((await b.query('SELECT COUNT(*) FROM iso'))[0]).toEqual([[0]]);
  expect((await a.query('SELECT COUNT(*) FROM iso'))[0]).toEqual([[1]]);
  await a.query('COMMIT');
  expect((await b.query('SELECT COUNT(*) FROM iso'))[0]).toEqual([[1]]);
  a.destroy();
  b.destroy();
});

test('privileges', async () => {
  const root = await connect();
  await root.query("CREATE USER 'reader'@'192.168.50.%' IDENTIFIED BY 'secret'");
  await root.query('CREATE TABLE items.pub (n INT)');
  await root.query("GRANT SELECT ON items.pub TO 'reader'@'192.168.50.%'");
  const reader = await connect('reader', 'secret');
  expect((await reader.query('SELECT COUNT(*) FROM pub'))[0]).toEqual([[0]]);
  await expect(reader.query('INSERT INTO pub VALUES (1)')).rejects.toMatchObject({
    errno: 1142,
    message: "INSERT command denied to user 'reader'@'192.168.50.21' for table 'pub'",
  });
  await expect(reader.query('CREATE DATABASE x')).rejects.toMatchObject({
    errno: 1044,
    message: "Access denied for user 'reader'@'192.168.50.21' to database 'x'",
  });
  expect((await reader.query('SHOW GRANTS'))[0]).toEqual([
    ['GRANT USAGE ON *.* TO `reader`@`192.168.50.%`'],
    ['GRANT SELECT ON `items`.`pub` TO `reader`@`192.168.50.%`'],
  ]);
  expect((await reader.query('SHOW DATABASES'))[0]).toEqual([
    ['information_schema'],
    ['items'],
    ['performance_schema'],
  ]);
  root.destroy();
  reader.destroy();
});
