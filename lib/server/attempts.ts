// Attempts: one student's go at one lab. Every way in authorises here, so no page or socket can forget it.
import { randomInt } from 'node:crypto';
import type { Report } from '../grading/contract';
import { counting, differences } from '../grading/report';

export type { Report };

import type { Database } from './database/client';
import { UserError } from './errors';
import { labsOf } from './labs/courses';
import type { LabCard, Labs } from './labs/labs';
import { type Action, demand, type Relation, type Viewer } from './permissions';
import type { Sandbox } from './supervisor/sandbox';
import { keepSnapshot, readSnapshot } from './supervisor/store';
import type { Supervisor } from './supervisor/supervisor';

/** Activity is noted at most this often. */
const TOUCH_MS = 20_000;

export interface Attempt {
  id: string;
  userId: string;
  courseId: string;
  lab: string;
  /** The version that it began with. */
  versionId: string | null;
  /** An author's try of a draft. */
  trial: boolean;
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
  best?: Score;
}

export interface StoredReport {
  id: string;
  createdAt: Date;
  report: Report;
  /** The report that this one grades anew. */
  regrades?: string;
  /** There is a snapshot, so it can be graded again. */
  kept?: boolean;
}

/** What a regrading came to. */
export interface Regraded extends StoredReport {
  /** The version of the lab that it was graded by; 0 for a trial's. */
  version: number;
  /** What changed, check by check. */
  changes: ReturnType<typeof differences>;
}

/** As far as lists need a report. */
interface Score {
  score: number;
  max: number;
  /** Null in reports from before this was kept. */
  passed: boolean | null;
  complete: boolean | null;
}

const SCORE = { id: true, regradesId: true, score: true, max: true, passed: true, complete: true } as const;

export interface GradebookRow {
  attemptId: string;
  student: string;
  email: string;
  course: string;
  lab: string;
  status: 'active' | 'finished';
  score?: Score;
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
    const [cards, inFolder, enrollments, attempts] = await Promise.all([
      this.labs.list(),
      this.labs.inFolder(),
      this.prisma.enrollment.findMany({ where: { userId: viewer.id }, include: { course: true } }),
      this.prisma.attempt.findMany({
        where: { userId: viewer.id, trial: false },
        orderBy: { createdAt: 'desc' },
        include: { reports: { select: SCORE, orderBy: { createdAt: 'asc' } } },
      }),
    ]);
    const which = await this.countingOf(attempts);
    const scored = attempts.map((attempt, i) => ({ ...attempt, ...counted(attempt.reports, which[i]) }));
    return enrollments.flatMap(({ course }) =>
      labsOf(course, inFolder).flatMap((id) => {
        const card = cards.find((it) => it.id === id);
        if (!card) return [];
        const own = scored.filter(({ lab, courseId }) => lab === id && courseId === course.id);
        const best = own.flatMap(({ score }) => score ?? []).sort((a, b) => b.score - a.score)[0];
        const newest = own[0] && { attemptId: own[0].id, status: own[0].status };
        return [{ ...card, course: course.title, ...newest, ...(best && { best }) }];
      }),
    );
  }

  /** Goes on with the active attempt of a lab, or begins one. */
  async start(viewer: Viewer, lab: string): Promise<Attempt> {
    demand(viewer, 'attempt.start', 'own');
    const version = await this.labs.current(lab);
    const inFolder = (await this.labs.inFolder()).has(lab);
    const enrollment = await this.prisma.enrollment.findFirst({
      where: { userId: viewer.id, course: { OR: [{ labs: { has: lab } }, ...(inFolder ? [{ everyLab: true }] : [])] } },
    });
    if (!enrollment) throw new UserError('forbidden', 'This lab is in none of your courses.');
    return this.begin({ userId: viewer.id, courseId: enrollment.courseId, lab, versionId: version.id, trial: false });
  }

  /** Goes on with the active attempt, or makes one, and begins to start its world. */
  async begin(
    wanted: Pick<Attempt, 'userId' | 'courseId' | 'lab' | 'trial'> & { versionId: string },
  ): Promise<Attempt> {
    const { userId, courseId, lab, trial, versionId } = wanted;
    // Two clicks at once must not make two attempts.
    const attempt = await this.prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${userId}/${lab}`}, 0))`;
      const active = await transaction.attempt.findFirst({
        where: { userId, courseId, lab, trial, status: 'active', ...(trial && { versionId }) },
      });
      return active ?? transaction.attempt.create({ data: { ...wanted, seed: randomInt(1, 2 ** 31 - 1) } });
    });
    // Begins to start it while the page is still on its way; whoever opens the terminal sees an error.
    void this.sandbox(attempt)
      .then((sandbox) => sandbox.ready())
      .catch(() => {});
    return attempt;
  }

  async sandbox(attempt: Attempt): Promise<Sandbox> {
    const { id, seed } = attempt;
    return this.supervisor().sandbox({ id, seed, lab: await this.labs.source(attempt) });
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

  /**
   * Grades the snapshot of a report again, with today's graders: by the version that the attempt is on, or by the newest.
   * @throws {UserError} `not-found` when there is no such report, or its snapshot was not kept
   */
  async regrade(attempt: Attempt, reportId: string, by: 'own' | 'newest'): Promise<Regraded> {
    const before = await this.prisma.gradeReport.findFirst({
      where: { id: reportId, attemptId: attempt.id },
      include: { snapshot: true },
    });
    if (!before?.snapshot || !before.snapshotId)
      throw new UserError('not-found', 'The snapshot of this report is gone.');
    const { versionId } = attempt;
    const version =
      by === 'own' && versionId ? await this.labs.versions.get(versionId) : await this.labs.current(attempt.lab);
    const snapshot = await readSnapshot(before.snapshot.data);
    const report = withoutNul(await this.supervisor().grade(version.content.source, attempt.seed, snapshot));
    const row = await this.store(attempt.id, report, before.snapshotId, before.id);
    const changes = differences(before.report as unknown as Report, report);
    return { id: row.id, createdAt: row.createdAt, report, regrades: before.id, version: version.number, changes };
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
    return rows.map(({ id, createdAt, report, regradesId, snapshotId }) => ({
      id,
      createdAt,
      report: report as unknown as Report,
      ...(regradesId && { regrades: regradesId }),
      kept: snapshotId !== null,
    }));
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
      where: { trial: false, course: { enrollments: { some: { userId: viewer.id, role: 'instructor' } } } },
      include: {
        user: true,
        course: true,
        reports: { select: SCORE, orderBy: { createdAt: 'asc' } },
      },
      orderBy: { lastActiveAt: 'desc' },
    });
    const which = await this.countingOf(attempts);
    return attempts.map(({ id, user, course, lab, status, reports, createdAt, lastActiveAt }, i) => ({
      attemptId: id,
      student: user.name,
      email: user.email,
      course: course.title,
      lab,
      status,
      ...counted(reports, which[i]),
      gradings: reports.length,
      startedAt: createdAt,
      lastActiveAt,
    }));
  }

  private async gradeNow(id: string): Promise<StoredReport> {
    const attempt = await this.prisma.attempt.findUniqueOrThrow({ where: { id } });
    const [lab, sandbox] = await Promise.all([this.labs.source(attempt), this.sandbox(attempt)]);
    const snapshot = await sandbox.snapshot();
    const report = withoutNul(await this.supervisor().grade(lab, attempt.seed, snapshot.data));
    await keepSnapshot(this.prisma, id, snapshot.id, snapshot.data);
    const row = await this.store(id, report, snapshot.id);
    this.touch(id);
    return { id: row.id, createdAt: row.createdAt, report };
  }

  private store(attemptId: string, report: Report, snapshotId: string, regradesId?: string) {
    const { score, max, passed, complete } = report;
    return this.prisma.gradeReport.create({
      data: {
        attemptId,
        report: { ...report } as object,
        score,
        max,
        passed: passed ?? null,
        complete: complete ?? null,
        snapshotId,
        ...(regradesId && { regradesId }),
      },
    });
  }

  /** Which of its reports counts, attempt by attempt. */
  private async countingOf(attempts: { lab: string; versionId: string | null }[]): Promise<('best' | 'last')[]> {
    const known = new Map<string, Promise<'best' | 'last'>>();
    return Promise.all(
      attempts.map(({ lab, versionId }) => {
        const key = versionId ?? `newest of ${lab}`;
        // A lab that is gone, or from before the format changed, has no say.
        const which = known.get(key) ?? this.labs.counts({ lab, versionId }).catch(() => 'best' as const);
        known.set(key, which);
        return which;
      }),
    );
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

/** The one that counts, of several from the oldest to the newest. A regrading stands in place of what it grades anew. */
function counted(
  reports: readonly (Score & { id: string; regradesId: string | null })[],
  which: 'best' | 'last' = 'best',
): { score: Score } | undefined {
  const replaced = new Set(reports.map(({ regradesId }) => regradesId));
  const best = counting(
    reports.filter(({ id }) => !replaced.has(id)),
    which,
  );
  if (!best) return undefined;
  const { score, max, passed, complete } = best;
  return { score: { score, max, passed, complete } };
}

/** PostgreSQL's JSON has no NUL, and what a check observed may hold one. */
function withoutNul(report: Report): Report {
  return JSON.parse(JSON.stringify(report).replaceAll('\\u0000', '\\ufffd')) as Report;
}
