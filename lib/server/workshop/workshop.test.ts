import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import '../../grading/verify/verify'; // the provers load it late, and a test should not wait for that
import { template } from '../../labs/template';
import { Attempts } from '../attempts';
import { openAuth } from '../auth';
import { makeDemo } from '../demo';
import { type Labs, openLabs } from '../labs/labs';
import type { Role, Viewer } from '../permissions';
import { Supervisor } from '../supervisor/supervisor';
import { type Installation, install } from '../testing/installation';
import { pack } from './course-archive';
import { Provers } from './provers';
import { dropOldTrials } from './trials';
import { Workshop } from './workshop';

let installation: Installation;
let supervisor: Supervisor;
let provers: Provers;
let labs: Labs;
let attempts: Attempts;
let workshop: Workshop;
let folder: string;
let course: string;
const viewers = new Map<string, Viewer>();

const report = () => {};
const as = (name: string): Viewer => viewers.get(name) as Viewer;
const README = 'README.md';

beforeAll(async () => {
  installation = await install();
  const { prisma, program, sockets: socketFolder } = installation;
  folder = mkdtempSync(join(tmpdir(), 'podlab-labs-'));
  cpSync('labs/deploy-services', join(folder, 'deploy-services'), { recursive: true });
  labs = openLabs(prisma, folder, report);
  supervisor = new Supervisor({
    prisma,
    program,
    socketFolder,
    warm: 1,
    call: async () => null,
    asleep: report,
    report,
  });
  provers = new Provers(program, report, 2);
  attempts = new Attempts(prisma, labs, () => supervisor);
  workshop = new Workshop({ prisma, labs, attempts, provers });
  const auth = openAuth(prisma, 'a secret for this test alone', 'http://localhost:1');
  await makeDemo(prisma, auth, labs);
  await auth.createUser({ name: 'Other', email: 'other@example.com', password: 'correct horse', role: 'author' });
  for (const { id, name, email, role } of await prisma.user.findMany())
    viewers.set(email.replace(/@.*/, ''), { id, name, email, role: role as Role });
  course = (await workshop.courses(as('author')))[0]?.id ?? '';
}, 60_000);

afterAll(async () => {
  provers.close();
  await supervisor.close();
  await installation.close();
  rmSync(folder, { recursive: true });
});

const proved = async (lab: string) => {
  while (!(await workshop.proof(as('author'), lab)).proof?.result)
    await new Promise((resolve) => setImmediate(resolve));
};
const write = (lab: string, text: string, revision: number) =>
  workshop.change(as('author'), lab, { path: README, text, revision });

it('is for the authors of a course', async () => {
  for (const name of ['student', 'instructor'])
    for (const way of [
      () => workshop.list(as(name)),
      () => workshop.courses(as(name)),
      () => workshop.open(as(name), 'deploy-services'),
      () => workshop.create(as(name), 'mine', course),
      () => workshop.importArchive(as(name), new Uint8Array(), undefined),
      () => workshop.exportCourse(as(name), course),
      () => workshop.arrange(as(name), course, []),
    ])
      await expect(way()).rejects.toMatchObject({ status: 403 });
  const other = as('other');
  expect(await workshop.list(other)).toEqual([]);
  for (const way of [
    () => workshop.open(other, 'deploy-services'),
    () => workshop.change(other, 'deploy-services', { path: README, text: '', revision: 0 }),
    () => workshop.publish(other, 'deploy-services', { note: '', revision: 0, unproved: true }),
    () => workshop.prove(other, 'deploy-services', 1),
    () => workshop.tryOut(other, 'deploy-services'),
    () => workshop.versionFiles(other, 'deploy-services', 1),
    () => workshop.create(other, 'mine', course),
    () => workshop.exportCourse(other, course),
    () => workshop.arrange(other, course, []),
  ])
    await expect(way()).rejects.toMatchObject({ status: 403 });
  expect((await workshop.list(as('author'))).map(({ lab }) => lab)).toEqual(['deploy-services']);
});

it('keeps changes in a draft, tells the second writer of the first, and gives up a draft', async () => {
  const before = await workshop.open(as('author'), 'deploy-services');
  expect(before).toMatchObject({ revision: 0, newest: 1, changed: false, analysis: { problems: [] } });
  const first = await write('deploy-services', '# Other\n', 0);
  await expect(write('deploy-services', '# Lost\n', 0)).rejects.toMatchObject({ code: 'conflict' });
  const second = await write('deploy-services', 'A {{databse_user}}\n', first.revision);
  expect(second.analysis.problems).toMatchObject([
    { file: README, line: 1, column: 3, message: expect.stringContaining('did you mean database_user?') },
  ]);
  await expect(write('deploy-services', '# Lost\n', first.revision)).rejects.toMatchObject({ code: 'conflict' });
  expect((await labs.current('deploy-services')).number).toBe(1);
  for (const work of [
    () => workshop.publish(as('author'), 'deploy-services', { note: '', revision: second.revision, unproved: true }),
    () => workshop.tryOut(as('author'), 'deploy-services'),
    () => workshop.prove(as('author'), 'deploy-services', 1),
  ])
    await expect(work()).rejects.toMatchObject({
      code: 'broken-lab',
      message: expect.stringContaining('README.md:1:3'),
    });
  await workshop.discard(as('author'), 'deploy-services');
  expect((await workshop.open(as('author'), 'deploy-services')).files).toEqual(before.files);
});

it('refuses files that no lab may have', async () => {
  for (const path of ['../x', '/etc/passwd', 'a/../../b', '.hidden', 'a\\b', 'a//b', ''])
    await expect(
      workshop.change(as('author'), 'deploy-services', { path, text: 'x', revision: 0 }),
    ).rejects.toMatchObject({ code: 'bad-request' });
  const big = 'x'.repeat(10 * 1024 * 1024);
  await expect(write('deploy-services', big, 0)).rejects.toMatchObject({ message: 'README.md: larger than 512 KB.' });
  await expect(write('deploy-services', 'a\0b', 0)).rejects.toMatchObject({ message: 'README.md: not a text.' });
  for (const lab of ['Big', '../up', '', 'a_b'])
    await expect(workshop.create(as('author'), lab, course)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(workshop.create(as('author'), 'deploy-services', course)).rejects.toMatchObject({ code: 'conflict' });
});

it('publishes what is proved, or what the author takes upon themselves; students get it, trials stay out of the gradebook', async () => {
  await workshop.create(as('author'), 'fresh', course);
  await expect(attempts.start(as('student'), 'fresh')).rejects.toMatchObject({ status: 404 });
  const trial = await workshop.tryOut(as('author'), 'fresh');
  expect(trial).toMatchObject({ lab: 'fresh', trial: true });
  expect((await workshop.tryOut(as('author'), 'fresh')).id).toBe(trial.id);
  const { revision } = await workshop.open(as('author'), 'fresh');
  const publish = (unproved: boolean, at = revision) =>
    workshop.publish(as('author'), 'fresh', { note: 'First', revision: at, unproved });
  await expect(publish(false)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('not proved'),
  });
  await workshop.prove(as('author'), 'fresh', 3);
  await proved('fresh');
  await expect(publish(false)).rejects.toMatchObject({ message: expect.stringContaining('not proved') }); // too few seeds
  await workshop.prove(as('author'), 'fresh', 20);
  await proved('fresh');
  expect((await workshop.open(as('author'), 'fresh')).proved).toBe(true);
  expect(await publish(false)).toMatchObject({ number: 1, proved: true, origin: 'workshop', note: 'First' });
  const attempt = await attempts.start(as('student'), 'fresh');
  const next = await write('fresh', '# Second\n', 0);
  expect(next.proved).toBe(false);
  await workshop.publish(as('author'), 'fresh', { note: '', revision: next.revision, unproved: true });
  expect(await labs.instructions(attempt)).not.toBe('# Second\n');
  expect((await attempts.start(as('student'), 'fresh')).versionId).toBe(attempt.versionId);
  await attempts.finish(attempt.id);
  expect(await labs.instructions(await attempts.start(as('student'), 'fresh'))).toBe('# Second\n');
  const versions = await workshop.versions(as('author'), 'fresh');
  expect(versions.map(({ number, proved, author }) => [number, proved, author])).toEqual([
    [2, false, 'Ada Author'],
    [1, true, 'Ada Author'],
  ]);
  expect((await workshop.versionFiles(as('author'), 'fresh', 2))[README]).toBe('# Second\n');
  const rows = await attempts.gradebook(as('instructor'));
  expect(rows.map(({ attemptId }) => attemptId)).not.toContain(trial.id);
});

it('takes old tries away, and nothing of students', async () => {
  const { prisma } = installation;
  const trial = await workshop.tryOut(as('author'), 'deploy-services'); // of a published version
  await dropOldTrials(prisma);
  expect(await prisma.attempt.count({ where: { trial: true } })).toBe(2);
  await supervisor.close(); // as at a start
  const students = await prisma.attempt.count({ where: { trial: false } });
  await dropOldTrials(prisma, Date.now() + 8 * 24 * 3600 * 1000);
  expect(await prisma.attempt.count({ where: { trial: true } })).toBe(0);
  expect(await prisma.attempt.count({ where: { trial: false } })).toBe(students);
  expect(await prisma.labVersion.count({ where: { origin: 'trial' } })).toBe(0);
  expect(await labs.versions.get(trial.versionId ?? '')).toMatchObject({ number: 1 });
});

it('imports all of an archive or nothing, and nothing that belongs to others', async () => {
  const archive = (title: string | undefined, ids: string[], files = template) =>
    pack({ title, labs: ids.map((id) => ({ id, files: files(id) })) });
  const other = as('other');
  const taken = workshop.importArchive(other, archive('Mine', ['new-one', 'fresh']), undefined);
  await expect(taken).rejects.toMatchObject({ status: 403, message: expect.stringContaining('fresh') });
  const broken = pack({
    title: 'Mine',
    labs: [
      { id: 'new-one', files: template('new-one') },
      { id: 'new-two', files: { 'lab.yaml': 'x' } },
    ],
  });
  await expect(workshop.importArchive(other, broken, undefined)).rejects.toMatchObject({
    code: 'bad-archive',
    message: expect.stringMatching(/new-two\/lab\.yaml:1:1: /),
  });
  await expect(workshop.importArchive(other, archive('Mine', ['new-one']), course)).rejects.toMatchObject({
    status: 403,
  });
  await expect(labs.current('new-one')).rejects.toMatchObject({ status: 404 });
  expect(await workshop.courses(other)).toEqual([]);
  const done = await workshop.importArchive(other, archive('Mine', ['new-two', 'new-one']), undefined);
  expect(done).toEqual({ course: 'Mine', labs: ['new-two', 'new-one'], changed: ['new-two', 'new-one'], drafts: [] });
  const [own] = await workshop.courses(other);
  const exported = await workshop.exportCourse(other, own?.id ?? '');
  const again = await workshop.importArchive(other, exported.data, own?.id);
  expect(again).toMatchObject({ labs: ['new-two', 'new-one'], changed: [] });
  expect((await workshop.list(other)).map(({ lab }) => lab)).toEqual(['new-two', 'new-one']);
  await workshop.change(other, 'new-one', { path: README, text: '# Mine\n', revision: 0 });
  const renewed = (id: string) => ({ ...template(id), [README]: '# Theirs\n' });
  const behind = await workshop.importArchive(other, archive('Mine', ['new-two', 'new-one'], renewed), own?.id);
  expect(behind).toMatchObject({ changed: ['new-two', 'new-one'], drafts: ['new-one'] });
  expect(await workshop.open(other, 'new-one')).toMatchObject({ base: 1, newest: 2, changed: true });
  await expect(workshop.open(as('author'), 'new-one')).rejects.toMatchObject({ status: 403 });
});

it('sets the labs of a course in the order that its authors choose, or that course.yaml has', async () => {
  const author = as('author');
  const content = ['second', 'first'].map((id) => ({ id, files: template(id) }));
  const imported = await workshop.importArchive(author, pack({ title: 'Arranged', labs: content }), undefined);
  const arranged = async () => (await workshop.courses(author)).find(({ title }) => title === imported.course);
  const ids = async () => (await arranged())?.labs.map(({ id }) => id);
  const { id } = (await arranged()) ?? { id: '' };
  expect(await ids()).toEqual(['second', 'first']);
  await workshop.arrange(author, id, ['first', 'second']);
  expect(await ids()).toEqual(['first', 'second']);
  await workshop.arrange(author, id, ['second']);
  expect(await ids()).toEqual(['second']);
  for (const labs of [
    ['second', 'second'],
    ['second', 'strange'],
  ])
    await expect(workshop.arrange(author, id, labs)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(workshop.arrange(author, course, [])).rejects.toThrow('lies in the labs folder');

  cpSync('labs/review', join(folder, 'review'), { recursive: true });
  cpSync('labs/cluster-dns', join(folder, 'cluster-dns'), { recursive: true });
  writeFileSync(join(folder, 'course.yaml'), 'title: Demo\nlabs: [review, deploy-services]\n');
  const demo = async () => (await workshop.courses(author)).find((one) => one.id === course)?.labs.map((lab) => lab.id);
  expect(await demo()).toEqual(expect.arrayContaining(['review', 'deploy-services', 'cluster-dns']));
  const order = (await demo()) ?? [];
  expect(order.indexOf('review')).toBeLessThan(order.indexOf('deploy-services'));
  writeFileSync(join(folder, 'course.yaml'), 'labs: [');
  expect(await demo()).toEqual(order);
});

it('puts what is made in the workshop after the labs of the folder, and leaves a lab of the folder in its place', async () => {
  const author = as('author');
  const order = async () => (await workshop.courses(author)).find(({ id }) => id === course)?.labs.map(({ id }) => id);
  await workshop.importArchive(
    author,
    pack({ title: undefined, labs: [{ id: 'added', files: template('added') }] }),
    course,
  );
  const before = (await order()) ?? [];
  expect(before.at(-1)).toBe('added');
  const lab = before[0] ?? '';
  const { revision: had } = await workshop.open(author, lab);
  const { revision } = await workshop.change(author, lab, { path: 'ways/more.sh', text: 'true\n', revision: had });
  await workshop.publish(author, lab, { note: '', revision, unproved: true });
  expect(await order()).toEqual(before);
});
