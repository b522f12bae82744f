import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { template } from '../../labs/template';
import { type Installation, install } from '../testing/installation';
import { type Labs, openLabs } from './labs';

let installation: Installation;
let folder: string;
let labs: Labs;
const said: string[] = [];

function put(id: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, id, path)), { recursive: true });
    writeFileSync(join(folder, id, path), text);
  }
}

beforeAll(async () => {
  installation = await install();
  folder = mkdtempSync(join(tmpdir(), 'podlab-labs-'));
  labs = openLabs(installation.prisma, folder, (message) => said.push(message));
}, 60_000);

afterAll(async () => {
  await installation.close();
  rmSync(folder, { recursive: true });
});

const ids = async () => (await labs.list()).map(({ id }) => id);

it('takes in a folder that is dropped, without a restart', async () => {
  expect(await ids()).toEqual([]);
  put('one', template('one'));
  expect(await ids()).toEqual(['one']);
  expect((await labs.current('one')).number).toBe(1);
  await labs.list();
  expect((await labs.current('one')).number).toBe(1);
});

it('reports a broken one by file and line once, while the others and its last good version go on', async () => {
  const good = template('one')['lab.yaml'] ?? '';
  put('one', { 'lab.yaml': good.replace('minutes: 15', 'minutes: 15\nminuts: 15') });
  put('two', { 'lab.yaml': 'title: [' });
  put('three', template('three'));
  put('Four', template('four'));
  put('image', { ...template('image'), 'logo.png': '\0PNG' });
  expect(await ids()).toEqual(['one', 'three']);
  await labs.list();
  expect((await labs.current('one')).number).toBe(1);
  const broken = (await labs.broken()).map(({ lab, problems: [first] }) => [lab, first?.file, first?.line]);
  expect(broken).toEqual([
    ['Four', 'lab.yaml', 1],
    ['image', 'logo.png', 1],
    ['one', 'lab.yaml', 5],
    ['two', 'lab.yaml', expect.any(Number)],
  ]);
  expect(said.filter((line) => line.startsWith('labs/one/lab.yaml:5:1: unknown key minuts'))).toHaveLength(1);
});

it('makes a version of every change, and keeps an attempt on its own', async () => {
  const first = await labs.current('one');
  const good = template('one')['lab.yaml'] ?? '';
  put('one', { 'lab.yaml': good.replace('A web server and its service', 'Another title') });
  const second = await labs.current('one');
  expect(second.number).toBe(2);
  expect((await labs.card({ lab: 'one', versionId: first.id })).title).toBe('A web server and its service');
  expect((await labs.card({ lab: 'one', versionId: null })).title).toBe('Another title');
  await labs.versions.add({ lab: 'one', files: template('one'), origin: 'workshop' });
  expect((await labs.current('one')).number).toBe(3);
  const restarted = openLabs(installation.prisma, folder, () => {});
  expect((await restarted.current('one')).number).toBe(3);
});

it('forgets a folder that is taken away, and not what was published from elsewhere', async () => {
  for (const id of ['one', 'three']) rmSync(join(folder, id), { recursive: true });
  expect(await ids()).toEqual(['one']);
  await expect(labs.current('three')).rejects.toMatchObject({ status: 404 });
});
