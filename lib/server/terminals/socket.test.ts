import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Attempts } from '../attempts';
import { type Auth, openAuth } from '../auth';
import { openLabs } from '../labs/labs';
import { Supervisor } from '../supervisor/supervisor';
import { type Installation, install } from '../testing/installation';
import { TerminalPage } from '../testing/page';
import { ConsolePool } from './console-process';
import { readRecording } from './recordings';
import { TerminalSockets } from './socket';
import { Terminals } from './terminals';

const LAB = 'deploy-services';
let installation: Installation;
let supervisor: Supervisor;
let terminals: Terminals;
let attempts: Attempts;
let auth: Auth;
let server: Server;
let port: number;
let cookies: { student: string; other: string; instructor: string };
const reports: string[] = [];

async function signIn(email: string): Promise<string> {
  const request = new Request(`http://localhost:${port}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: `http://localhost:${port}` },
    body: JSON.stringify({ email, password: 'correct horse' }),
  });
  const response = await auth.handle(request);
  expect(response.status).toBe(200);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

async function enrol(name: string, role: 'student' | 'instructor'): Promise<void> {
  const userId = await auth.createUser({ name, email: `${name}@example.com`, password: 'correct horse', role });
  await installation.prisma.enrollment.create({ data: { userId, courseId: 'course', role } });
}

function openTerminals(): Terminals {
  const pool = new ConsolePool(installation.consoleProgram, 1);
  return new Terminals(installation.prisma, pool, (text) => void reports.push(text));
}

async function begin(cookie: string): Promise<string> {
  const viewer = await auth.getViewer(new Headers({ cookie }));
  return (await attempts.start(viewer, LAB)).id;
}

async function open(attempt: string, cookie: string, terminal = 1): Promise<TerminalPage> {
  const page = await TerminalPage.open({ port, attempt, terminal, cookie });
  if (typeof page === 'number') throw new Error(`refused: ${page}`);
  return page;
}

beforeAll(async () => {
  installation = await install();
  const { prisma } = installation;
  await prisma.course.update({ where: { id: 'course' }, data: { labs: [LAB] } });
  const report = (text: string) => void reports.push(text);
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  port = (server.address() as AddressInfo).port;
  auth = openAuth(prisma, 'a secret for this test alone', `http://localhost:${port}`);
  attempts = new Attempts(prisma, openLabs(prisma, 'labs', report), () => supervisor);
  terminals = openTerminals();
  supervisor = new Supervisor({
    prisma,
    program: installation.program,
    socketFolder: installation.sockets,
    warm: 1,
    call: (id, call) => attempts.answerLabCommand(id, call),
    asleep: (id) => terminals.suspend(id),
    report,
  });
  server.on('upgrade', (request, stream, head) =>
    new TerminalSockets({ auth, attempts, terminals, report }).handle(request, stream, head),
  );
  for (const name of ['student', 'other']) await enrol(`${name}1`, 'student');
  await enrol('instructor1', 'instructor');
  cookies = {
    student: await signIn('student1@example.com'),
    other: await signIn('other1@example.com'),
    instructor: await signIn('instructor1@example.com'),
  };
}, 60_000);

afterAll(async () => {
  await terminals.closeAll();
  await supervisor.close();
  server.closeAllConnections();
  server.close();
  await installation.close();
});

describe('a terminal', () => {
  it('echoes, follows the size, shows the same screen to a page that comes back, and is recorded', async () => {
    const attempt = await begin(cookies.student);
    const page = await open(attempt, cookies.student);
    await page.expect('[{"Width":90,"Height":30}]');
    page.resize(100, 40);
    await page.expect('[{"Width":100,"Height":40}]');
    page.type('put colour blue\r');
    await page.expect('stored\r\n$ ');
    await page.close();

    const again = await open(attempt, cookies.student);
    await again.expect('put colour blue\r\nstored');
    await again.expect('[{"Width":90,"Height":30}]');
    again.type('get colour\r');
    await again.expect('blue\r\n$ ');
    await again.close();

    await terminals.flush(attempt);
    const events = await readRecording(installation.prisma, attempt, 1);
    const text = (kind: string) => events.map(([, it, part]) => (it === kind ? part : '')).join('');
    expect(text('i')).toBe('put colour blue\rget colour\r');
    expect(text('o')).toContain('get colour\r\nblue');
    expect(events.map(([ms]) => ms)).toEqual(events.map(([ms]) => ms).sort((a, b) => a - b));

    await terminals.closeAll();
    terminals = openTerminals();
    // As after a restart of the server: another life, the old screen.
    const later = await open(attempt, cookies.student);
    await later.expect('get colour\r\nblue');
    await later.expect('Connected again');
    await later.close();
  });

  it('says that the workstation went down, and goes on where it was', async () => {
    const attempt = await begin(cookies.student);
    const page = await open(attempt, cookies.student, 2);
    await page.expect('$ ');
    page.type('put before 1\r');
    await page.expect('stored\r\n$ ');
    page.type('crash\r');
    await page.expect('The workstation went down');
    await page.expect('The workstation is back');
    await page.expect('$ ');
    page.type('get before\r');
    await page.expect('1\r\n$ ');
    page.type('exit\r');
    await page.expect('Press Enter to begin a new one');
    page.type('\r');
    await page.expect('$ ');
    await page.close();
  });

  it('grades through the lab command as through the page', async () => {
    const attempt = await begin(cookies.student);
    const page = await open(attempt, cookies.student, 3);
    await page.expect('$ ');
    page.type(`grade ${LAB}\r`);
    await page.expect('"max":10');
    const report = (await attempts.newestReport(attempt))?.report;
    expect((await attempts.grade(attempt)).report).toEqual(report);
    page.type('grade other-lab\r');
    await page.expect(`This workstation belongs to the lab ${LAB}.`);
    await page.close();
  });
});

describe('refused before a terminal exists', () => {
  it.each([
    ['a foreign origin', () => ({ cookie: cookies.student, origin: 'http://evil.example' }), 403],
    ['nobody', () => ({}), 401],
    ['a forged session', () => ({ cookie: 'better-auth.session_token=forged.forged' }), 401],
    ['another student', () => ({ cookie: cookies.other }), 403],
    ['an instructor', () => ({ cookie: cookies.instructor }), 403],
    ['no such attempt', () => ({ cookie: cookies.student, attempt: 'none' }), 404],
  ])('%s', async (_, options, status) => {
    const attempt = await begin(cookies.student);
    expect(await TerminalPage.open({ port, attempt, terminal: 9, ...options() })).toBe(status);
    expect(await terminals.numbers(attempt)).not.toContain(9);
  });
});
