import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningDatabase, startDatabase } from './launcher';
import { migrate } from './migrate';

let folder: string;
let database: RunningDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podlab-'));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o711 });
  chmodSync(folder, 0o711);
  database = await startDatabase(data, join(folder, 'socket'));
}, 60_000);

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, sql: string): string {
  const migrations = join(folder, 'migrations');
  mkdirSync(join(migrations, name), { recursive: true });
  writeFileSync(join(migrations, name, 'migration.sql'), sql);
  return migrations;
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client(database.address);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

it('applies what is new, once, also when two start at a time', async () => {
  const migrations = write('1_first', 'CREATE TABLE a (n INT); INSERT INTO a VALUES (1);');
  const both = await Promise.all([migrate(database.address, migrations), migrate(database.address, migrations)]);
  expect(both.flat()).toEqual(['1_first']);
  write('2_second', 'INSERT INTO a VALUES (2);');
  expect(await migrate(database.address, migrations)).toEqual(['2_second']);
  expect(await query('SELECT n FROM a ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
});

it('leaves nothing of a failed one, and says so until a hand has mended it', async () => {
  const migrations = write('3_third', 'INSERT INTO a VALUES (3); SELECT no_such_thing;');
  await expect(migrate(database.address, migrations)).rejects.toThrow('Migration 3_third failed: column');
  expect(await query('SELECT count(*)::int FROM a')).toEqual([{ count: 2 }]);
  await expect(migrate(database.address, migrations)).rejects.toThrow('failed earlier');
  await query(`UPDATE "_prisma_migrations" SET rolled_back_at = now() WHERE migration_name = '3_third'`);
  write('3_third', 'INSERT INTO a VALUES (3);');
  expect(await migrate(database.address, migrations)).toEqual(['3_third']);
});

it('refuses a changed past', async () => {
  const migrations = write('1_first', 'CREATE TABLE a (n TEXT);');
  await expect(migrate(database.address, migrations)).rejects.toThrow('changed after it had been applied');
});

it('brings up the schema of the product', async () => {
  await query('CREATE DATABASE product');
  const product = { ...database.address, database: 'product' };
  expect(await migrate(product, resolve('prisma/migrations'))).not.toEqual([]);
});
