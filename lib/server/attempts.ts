// Attempts: one student's go at one lab. Every way in authorises here, so no page or socket can forget it.
import { randomInt } from 'node:crypto';
import type { Report } from '../grading/contract';

export type { Report };

import type { Database } from './database/client';
import { UserError } from './errors';
import type { LabCard, Labs } from './labs';
import { type Action, demand, type Relation, type Viewer } from './permissions';
import type { Sandbox } from './supervisor/sandbox';
import { keepSnapshot } from './supervisor/store';
import type { Supervisor } from './supervisor/supervisor';

/** Activity is noted at most this often. */
const TOUCH_MS = 20_000;

export interface Attempt {
  id: string;
  userId: string;
  courseId: string;
  lab: string;
  seed: number;
  status: 'active' | 'finished';
  createdAt: Date;
  lastActiveAt: Date;
}

/** A lab as its student's list shows it. */
export interface LabEntry extends LabCard {
  course: string;
  attemptId?: string;
  status?: 'active' | 'finished';
  best?: { score: number; max: number };
}

export interface StoredReport {
  id: string;
  createdAt: Date;
  report: Report;
}

export interface GradebookRow {
  attemptId: string;
  student: string;
  email: string;
  course: string;
  lab: string;
  status: 'active' | 'finished';
  score?: { score: number; max: number };
  gradings: number;
  startedAt: Date;
  lastActiveAt: Date;
}

export class Attempts {
  private readonly touched = new Map<string, number>();
  private readonly grading = new Map<string, Promise<StoredReport>>();

  constructor(
    private readonly prisma: Database,
    private readonly labs: Labs,
    private readonly supervisor: () => Supervisor,
  ) {}

  /** The attempt, if this viewer may do that with it. @throws {UserError} `not-found`, `forbidden` */
  async authorise(viewer: Viewer, id: string, action: Action): Promise<Attempt> {
    const attempt = await this.prisma.attempt.findUnique({ where: { id } });
    if (!attempt) throw new UserError('not-found');
    demand(viewer, action, await this.relation(viewer, attempt));
    return attempt;
  }

  /** The labs of the viewer's courses, each with the newest attempt and the best score. */
  async list(viewer: Viewer): Promise<LabEntry[]> {
    demand(viewer, 'lab.list', 'own');
    const [cards, enrollments, attempts] = await Promise.all([
      this.labs.list(),
      this.prisma.enrollment.findMany({ where: { userId: viewer.id }, include: { course: true } }),
      this.prisma.attempt.findMany({
        where: { userId: viewer.id },
        orderBy: { createdAt: 'desc' },
        include: { reports: { select: { score: true, max: true }, orderBy: { score: 'desc' }, take: 1 } },
      }),
    ]);
    return enrollments.flatMap(({ course }) =>
      course.labs.flatMap((id) => {
        const card = cards.find((it) => it.id === id);
        if (!card) return [];
        const own = attempts.filter(({ lab, courseId }) => lab === id && courseId === course.id);
        const best = own.flatMap(({ reports }) => reports).sort((a, b) => b.score - a.score)[0];
        const newest = own[0] && { attemptId: own[0].id, status: own[0].status };
        return [{ ...card, course: course.title, ...newest, ...(best && { best }) }];
      }),
    );
  }

  /** Goes on with the active attempt of a lab, or begins one. */
  async start(viewer: Viewer, lab: string): Promise<Attempt> {
    demand(viewer, 'attempt.start', 'own');
    const card = await this.labs.card(lab);
    const enrollment = await this.prisma.enrollment.findFirst({
      where: { userId: viewer.id, course: { labs: { has: card.id } } },
    });
    if (!enrollment) throw new UserError('forbidden', 'This lab is in none of your courses.');
    const { courseId } = enrollment;
    // Two clicks at once must not make two attempts.
    const attempt = await this.prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${viewer.id}/${lab}`}, 0))`;
      const active = await transaction.attempt.findFirst({
        where: { userId: viewer.id, courseId, lab, status: 'active' },
      });
      return (
        active ??
        transaction.attempt.create({ data: { userId: viewer.id, courseId, lab, seed: randomInt(1, 2 ** 31 - 1) } })
      );
    });
    // Begins to start it while the page is still on its way; whoever opens the terminal sees an error.
    void this.sandbox(attempt)
      .then((sandbox) => sandbox.ready())
      .catch(() => {});
    return attempt;
  }

  async sandbox(attempt: Attempt): Promise<Sandbox> {
    const { id, seed } = attempt;
    return this.supervisor().sandbox({ id, seed, lab: await this.labs.source(attempt.lab) });
  }

  /** Grades the attempt as it stands: the page's button and `lab grade` both come here. */
  grade(id: string): Promise<StoredReport> {
    let running = this.grading.get(id);
    if (!running) {
      running = this.gradeNow(id).finally(() => this.grading.delete(id));
      this.grading.set(id, running);
    }
    return running;
  }

  async finish(id: string): Promise<void> {
    await this.prisma.attempt.update({ where: { id }, data: { status: 'finished', finishedAt: new Date() } });
  }

  /** `lab start` in a finished attempt takes it up again. */
  async resume(id: string): Promise<void> {
    await this.prisma.attempt.update({ where: { id }, data: { status: 'active', finishedAt: null } });
  }

  /** What the `lab` command asks; a sandbox can speak for its own attempt and its own lab only. */
  async answerLabCommand(
    id: string,
    { method, lab }: { method: 'grade' | 'finish' | 'start'; lab: string },
  ): Promise<unknown> {
    const attempt = await this.prisma.attempt.findUniqueOrThrow({ where: { id }, select: { lab: true } });
    if (attempt.lab !== lab) throw new UserError('not-found', `This workstation belongs to the lab ${attempt.lab}.`);
    if (method === 'grade') return (await this.grade(id)).report;
    await (method === 'finish' ? this.finish(id) : this.resume(id));
    return null;
  }

  /** Notes that the student is there. */
  touch(id: string): void {
    const now = Date.now();
    if (now - (this.touched.get(id) ?? 0) < TOUCH_MS) return;
    this.touched.set(id, now);
    void this.prisma.attempt.update({ where: { id }, data: { lastActiveAt: new Date(now) } }).catch(() => {});
  }

  /** Newest first. */
  async reports(id: string, take = 100): Promise<StoredReport[]> {
    const rows = await this.prisma.gradeReport.findMany({
      where: { attemptId: id },
      orderBy: { createdAt: 'desc' },
      take,
    });
    return rows.map(({ id, createdAt, report }) => ({ id, createdAt, report: report as unknown as Report }));
  }

  async newestReport(id: string): Promise<StoredReport | undefined> {
    return (await this.reports(id, 1))[0];
  }

  /** Who made the attempt, for the instructor's pages. */
  async student(attempt: Attempt): Promise<{ name: string; email: string }> {
    return this.prisma.user.findUniqueOrThrow({ where: { id: attempt.userId }, select: { name: true, email: true } });
  }

  /** All attempts of the courses that the viewer teaches. */
  async gradebook(viewer: Viewer): Promise<GradebookRow[]> {
    demand(viewer, 'gradebook.read', 'taught');
    const attempts = await this.prisma.attempt.findMany({
      where: { course: { enrollments: { some: { userId: viewer.id, role: 'instructor' } } } },
      include: {
        user: true,
        course: true,
        reports: { select: { score: true, max: true }, orderBy: { score: 'desc' } },
      },
      orderBy: { lastActiveAt: 'desc' },
    });
    return attempts.map(({ id, user, course, lab, status, reports, createdAt, lastActiveAt }) => ({
      attemptId: id,
      student: user.name,
      email: user.email,
      course: course.title,
      lab,
      status,
      ...(reports[0] && { score: reports[0] }),
      gradings: reports.length,
      startedAt: createdAt,
      lastActiveAt,
    }));
  }

  private async gradeNow(id: string): Promise<StoredReport> {
    const attempt = await this.prisma.attempt.findUniqueOrThrow({ where: { id } });
    const [lab, sandbox] = await Promise.all([this.labs.source(attempt.lab), this.sandbox(attempt)]);
    const snapshot = await sandbox.snapshot();
    const report = withoutNul(await this.supervisor().grade(lab, attempt.seed, snapshot.data));
    await keepSnapshot(this.prisma, id, snapshot.id, snapshot.data);
    const { score, max } = report;
    const row = await this.prisma.gradeReport.create({
      data: { attemptId: id, report: { ...report } as object, score, max, snapshotId: snapshot.id },
    });
    this.touch(id);
    return { id: row.id, createdAt: row.createdAt, report };
  }

  private async relation(viewer: Viewer, { userId, courseId }: Attempt): Promise<Relation> {
    if (userId === viewer.id) return 'own';
    if (viewer.role !== 'instructor') return 'foreign';
    const enrollment = await this.prisma.enrollment.findUnique({
      where: { userId_courseId: { userId: viewer.id, courseId } },
    });
    return enrollment?.role === 'instructor' ? 'taught' : 'foreign';
  }
}

/** PostgreSQL's JSON has no NUL, and what a check observed may hold one. */
function withoutNul(report: Report): Report {
  return JSON.parse(JSON.stringify(report).replaceAll('\\u0000', '\\ufffd')) as Report;
}
