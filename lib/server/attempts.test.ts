import { afterAll, beforeAll, expect, it } from 'vitest';
import { Attempts } from './attempts';
import { openAuth } from './auth';
import { closeDemo, DEMO_ACCOUNTS, makeDemo } from './demo';
import { type Labs, openLabs } from './labs/labs';
import type { Viewer } from './permissions';
import { Supervisor } from './supervisor/supervisor';
import { type Installation, install } from './testing/installation';

const LAB = 'deploy-services';
let installation: Installation;
let supervisor: Supervisor;
let attempts: Attempts;
let labs: Labs;
let viewers: Record<string, Viewer>;

const url = 'http://localhost:1';
const report = () => {};

beforeAll(async () => {
  installation = await install();
  const { prisma, program, sockets: socketFolder } = installation;
  labs = openLabs(prisma, 'labs', report);
  supervisor = new Supervisor({
    prisma,
    program,
    socketFolder,
    warm: 1,
    call: async () => null,
    asleep: report,
    report,
  });
  attempts = new Attempts(prisma, labs, () => supervisor);
  const auth = openAuth(prisma, 'a secret for this test alone', url);
  await makeDemo(prisma, auth, labs);
  await makeDemo(prisma, auth, labs);
  const users = await prisma.user.findMany({ where: { email: { endsWith: '@podlab.example' } } });
  expect(users).toHaveLength(3);
  viewers = Object.fromEntries(users.map(({ id, name, email, role }) => [role, { id, name, email, role }]));
  await auth.createUser({ name: 'New', email: 'new@example.com', password: 'correct horse', role: 'student' });
}, 60_000);

afterAll(async () => {
  await supervisor.close();
  await installation.close();
});

const as = (role: string): Viewer => {
  const viewer = viewers[role];
  if (!viewer) throw new Error(`no ${role}`);
  return viewer;
};

it('gives two clicks one attempt, its owner alone the keys, and a new one after it is finished', async () => {
  const [a, b] = await Promise.all([attempts.start(as('student'), LAB), attempts.start(as('student'), LAB)]);
  expect(a.id).toBe(b.id);
  await attempts.authorise(as('student'), a.id, 'attempt.terminal');
  for (const other of ['author', 'instructor'])
    await expect(attempts.authorise(as(other), a.id, 'attempt.terminal')).rejects.toMatchObject({ status: 403 });
  await attempts.authorise(as('instructor'), a.id, 'attempt.replay');
  await expect(attempts.authorise(as('author'), a.id, 'attempt.replay')).rejects.toMatchObject({ status: 403 });
  await attempts.finish(a.id);
  expect((await attempts.start(as('student'), LAB)).id).not.toBe(a.id);
});

it('keeps labs to the courses that set them', async () => {
  const { prisma } = installation;
  const user = await prisma.user.findUniqueOrThrow({ where: { email: 'new@example.com' } });
  const outsider: Viewer = { id: user.id, name: user.name, email: user.email, role: 'student' };
  expect(await attempts.list(outsider)).toEqual([]);
  await expect(attempts.start(outsider, LAB)).rejects.toMatchObject({ status: 403 });
  for (const lab of ['none', '../labs', '', 'deploy-services/../deploy-services'])
    await expect(attempts.start(as('student'), lab)).rejects.toMatchObject({ status: 404 });
});

it('shows the score to the student and to who teaches the course', async () => {
  const { id } = await attempts.start(as('student'), LAB);
  const { report } = await attempts.grade(id);
  expect(report).toMatchObject({ lab: LAB, max: 10 });
  const entry = (await attempts.list(as('student'))).find((each) => each.id === LAB);
  expect(entry).toMatchObject({ id: LAB, attemptId: id, status: 'active', best: { max: 10 } });
  const row = (await attempts.gradebook(as('instructor'))).find(({ attemptId }) => attemptId === id);
  expect(row).toMatchObject({ student: 'Sam Student', lab: LAB, gradings: 1, score: { score: report.score } });
  for (const role of ['student', 'author'])
    await expect(attempts.gradebook(as(role))).rejects.toMatchObject({ status: 403 });
});

it('grades a kept snapshot again, says what changed, and counts the regrading in place of what it regrades', async () => {
  const attempt = await attempts.start(as('student'), LAB);
  const { id, report } = await attempts.grade(attempt.id);
  await expect(attempts.regrade(attempt, 'none', 'own')).rejects.toMatchObject({ status: 404 });
  expect(await attempts.regrade(attempt, id, 'own')).toMatchObject({ regrades: id, version: 1, changes: [] });
  const { prisma } = installation;
  const failed = { id: 'data', earned: 0, points: 10, status: 'failed', reason: 'a grader that was wrong' };
  const old = { ...report, score: 99, checks: [failed] };
  await prisma.gradeReport.update({ where: { id }, data: { report: old as object, score: 99 } });
  const again = await attempts.regrade(attempt, id, 'newest');
  expect(again.changes).toEqual([
    { check: 'data', before: { earned: 0, status: 'failed', reason: failed.reason }, after: undefined },
  ]);
  expect(again.report.score).toBe(report.score);
  const row = (await attempts.gradebook(as('instructor'))).find(({ attemptId }) => attemptId === attempt.id);
  expect(row?.score?.score).toBe(report.score);
  for (const role of ['student', 'author'])
    await expect(attempts.authorise(as(role), attempt.id, 'attempt.regrade')).rejects.toMatchObject({ status: 403 });
  await attempts.authorise(as('instructor'), attempt.id, 'attempt.regrade');
});

it('shuts the demo accounts, whose passwords everybody knows, outside demo mode', async () => {
  const auth = openAuth(installation.prisma, 'a secret for this test alone', url);
  const signIn = async () => {
    const [{ email, password } = { email: '', password: '' }] = DEMO_ACCOUNTS;
    const request = new Request(`${url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ email, password }),
    });
    return (await auth.handle(request)).status;
  };
  expect(await signIn()).toBe(200);
  await closeDemo(installation.prisma);
  expect(await signIn()).toBe(401);
  await makeDemo(installation.prisma, auth, labs);
  expect(await signIn()).toBe(200);
});
