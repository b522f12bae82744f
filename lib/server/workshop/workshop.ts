// The workshop: where authors write labs, prove them and publish them. Every way in authorises here.
import { type Lab, LabError, parseLab } from '../../labs/lab';
import { isLabId } from '../../labs/load';
import { template } from '../../labs/template';
import type { Attempt, Attempts } from '../attempts';
import type { Database } from '../database/client';
import { UserError } from '../errors';
import { labsOf } from '../labs/courses';
import { digestOf, type LabFiles } from '../labs/digest';
import type { Labs } from '../labs/labs';
import type { VersionEntry } from '../labs/versions';
import { type Action, demand, type Viewer } from '../permissions';
import { type Analysis, analyse, type Problem } from './analysis';
import { type CourseContent, pack, toCourse } from './course-archive';
import { type Draft, Drafts } from './drafts';
import { pathProblem } from './files';
import type { ProofState, Provers } from './provers';
import { unpack } from './unpack';

export type { Analysis, ProofState };

/** What a lab that counts as proved was proved with; as `npm run lab -- check`. */
const SEEDS = 20;

export interface Course {
  id: string;
  title: string;
}

/** A course as its authors arrange it. */
export interface CourseLabs extends Course {
  /** The labs that it sets, in order; `fixed` is set because it lies in the labs folder, all of which this course sets. */
  labs: { id: string; title: string; fixed: boolean }[];
}

/** A lab as the workshop's list shows it. */
export interface ShelfEntry {
  lab: string;
  title: string;
  courses: string[];
  version: VersionEntry | undefined;
  draftAt: Date | undefined;
  /** Of the folder, when it cannot be used. */
  problems: Problem[];
}

/** A lab as its editor opens it. */
export interface OpenLab {
  lab: string;
  course: Course;
  files: LabFiles;
  /** 0 while there is no draft. */
  revision: number;
  /** The version that the draft began with, and the newest one. */
  base: number | undefined;
  newest: number | undefined;
  changed: boolean;
  analysis: Analysis;
  proof: ProofState | undefined;
  /** Of the files, as proofs name them. */
  digest: string;
  /** This very content is proved. */
  proved: boolean;
}

/** What a change to a file comes to. */
export type Changed = Pick<OpenLab, 'revision' | 'analysis' | 'digest' | 'proved'>;

/** A change to one file: `text: null` takes it away. */
export interface Change {
  path: string;
  text: string | null;
  revision: number;
}

interface Dependencies {
  prisma: Database;
  labs: Labs;
  attempts: Attempts;
  provers: Provers;
}

type OwnCourse = Course & { labs: string[]; everyLab: boolean };

export class Workshop {
  private readonly drafts: Drafts;

  constructor(private readonly deps: Dependencies) {
    this.drafts = new Drafts(deps.prisma);
  }

  /** The courses that the viewer writes. */
  async courses(viewer: Viewer): Promise<CourseLabs[]> {
    demand(viewer, 'workshop.read', 'own');
    const [courses, inFolder, cards] = await Promise.all([
      this.ownCourses(viewer),
      this.deps.labs.inFolder(),
      this.deps.labs.list(),
    ]);
    const titles = new Map(cards.map(({ id, title }) => [id, title]));
    return courses.map((course) => ({
      id: course.id,
      title: course.title,
      labs: labsOf(course, inFolder).map((id) => ({
        id,
        title: titles.get(id) ?? id,
        fixed: course.everyLab && inFolder.has(id),
      })),
    }));
  }

  /**
   * Sets a course's labs and their order. A lab that is left out is set no more; attempts at it go on, and it can be taken in again.
   * @throws {UserError} `bad-request` for a lab that the course has not, or that it must keep
   */
  async arrange(viewer: Viewer, courseId: string, labs: string[]): Promise<void> {
    const course = await this.findCourse(viewer, courseId);
    demand(viewer, 'workshop.edit', course ? 'own' : 'foreign');
    if (!course) throw new UserError('not-found');
    const inFolder = await this.deps.labs.inFolder();
    const known = labsOf(course, inFolder);
    const strange = labs.find((lab, i) => !known.includes(lab) || labs.indexOf(lab) !== i);
    if (strange !== undefined)
      throw new UserError('bad-request', `${strange} is not a lab of this course, or named twice.`);
    const kept = course.everyLab ? [...inFolder].find((lab) => !labs.includes(lab)) : undefined;
    if (kept)
      throw new UserError('bad-request', `${kept} lies in the labs folder, and this course sets all labs of it.`);
    await this.deps.prisma.course.update({ where: { id: courseId }, data: { labs } });
  }

  async list(viewer: Viewer): Promise<ShelfEntry[]> {
    demand(viewer, 'workshop.read', 'own');
    const { labs } = this.deps;
    const [courses, newest, inFolder, broken, drafts] = await Promise.all([
      this.ownCourses(viewer),
      labs.newest(),
      labs.inFolder(),
      labs.broken(),
      this.drafts.list(),
    ]);
    const titles = new Map((await labs.list()).map(({ id, title }) => [id, title]));
    const own = new Map<string, string[]>();
    const add = (lab: string, course: string) => own.set(lab, [...new Set([...(own.get(lab) ?? []), course])]);
    for (const course of courses) for (const lab of labsOf(course, inFolder)) add(lab, course.title);
    for (const { lab, courseId } of drafts) for (const { id, title } of courses) if (id === courseId) add(lab, title);
    return [...own].map(([lab, courses]) => ({
      lab,
      title: titles.get(lab) ?? lab,
      courses,
      version: newest.get(lab),
      draftAt: drafts.find((draft) => draft.lab === lab)?.updatedAt,
      problems: broken.find((each) => each.lab === lab)?.problems ?? [],
    }));
  }

  /** A new lab from the template, which passes its own tests. */
  async create(viewer: Viewer, lab: string, courseId: string): Promise<void> {
    demand(viewer, 'workshop.edit', (await this.findCourse(viewer, courseId)) ? 'own' : 'foreign');
    if (!isLabId(lab) || lab.length > 60)
      throw new UserError('bad-request', 'A lab is named with lower-case letters, digits and dashes.');
    if (await this.isTaken(lab)) throw new UserError('conflict', `There is already a lab ${lab}.`);
    await this.drafts.begin({ lab, courseId, files: template(lab), editorId: viewer.id });
  }

  async open(viewer: Viewer, lab: string): Promise<OpenLab> {
    const course = await this.authorise(viewer, lab, 'workshop.read');
    const [draft, newest, files] = await Promise.all([this.drafts.find(lab), this.findCurrent(lab), this.filesOf(lab)]);
    const running = this.deps.provers.find(lab);
    const digest = digestOf(files);
    return {
      lab,
      course: { id: course.id, title: course.title },
      files,
      revision: draft?.revision ?? 0,
      base: draft?.base ?? (draft ? undefined : newest?.number),
      newest: newest?.number,
      changed: newest?.digest !== digest,
      analysis: analyse(lab, files),
      digest,
      proof: running ?? fromStored(draft),
      proved: isProved(draft, digest) || (newest?.digest === digest && newest.proved),
    };
  }

  /** Changes a file of the draft; the first change makes the draft. */
  async change(viewer: Viewer, lab: string, change: Change): Promise<Changed> {
    const { path, text, revision } = change;
    const course = await this.authorise(viewer, lab, 'workshop.edit');
    const problem = pathProblem(path);
    if (problem) throw new UserError('bad-request', `${path}: ${problem}.`);
    const { draft, files: old } = await this.draftAt(lab, revision);
    const { [path]: _, ...others } = old;
    const files = text === null ? others : { ...others, [path]: text };
    const next = draft
      ? await this.drafts.write(lab, revision, files, viewer.id)
      : await this.drafts.begin({
          lab,
          courseId: course.id,
          files,
          base: await this.currentNumber(lab),
          editorId: viewer.id,
        });
    const digest = digestOf(files);
    return { revision: next, analysis: analyse(lab, files), digest, proved: isProved(draft, digest) };
  }

  /** Back to what is published. */
  async discard(viewer: Viewer, lab: string): Promise<void> {
    await this.authorise(viewer, lab, 'workshop.edit');
    this.deps.provers.cancel(lab);
    await this.drafts.discard(lab);
  }

  /** Begins to prove the lab as it stands. @throws {UserError} `broken-lab` */
  async prove(viewer: Viewer, lab: string, seeds: number): Promise<ProofState | undefined> {
    await this.authorise(viewer, lab, 'workshop.edit');
    const files = await this.filesOf(lab);
    const digest = digestOf(files);
    this.deps.provers.prove(usable(lab, files), digest, seeds, async (result) => {
      await this.drafts.keepProof(lab, { digest, seeds, result });
      if (result.ok && seeds >= SEEDS) await this.deps.labs.versions.markProved(lab, digest);
    });
    return this.deps.provers.find(lab);
  }

  /** The newest proof, and whether it is of the lab as it stands. */
  async proof(viewer: Viewer, lab: string): Promise<{ proof: ProofState | undefined; isProved: boolean }> {
    await this.authorise(viewer, lab, 'workshop.read');
    const draft = await this.drafts.find(lab);
    const isCurrent = draft !== undefined && isProved(draft, digestOf(draft.files));
    return { proof: this.deps.provers.find(lab) ?? fromStored(draft), isProved: isCurrent };
  }

  /** Makes the draft the version that new attempts begin with. @throws {UserError} `broken-lab`, `conflict` */
  async publish(
    viewer: Viewer,
    lab: string,
    { note, revision, unproved }: { note: string; revision: number; unproved: boolean },
  ): Promise<VersionEntry> {
    await this.authorise(viewer, lab, 'workshop.publish');
    const draft = await this.drafts.find(lab);
    if (!draft) throw new UserError('conflict', 'Nothing was changed since the newest version.');
    if (draft.revision !== revision) throw new UserError('conflict');
    usable(lab, draft.files);
    const proved = isProved(draft, digestOf(draft.files));
    if (!proved && !unproved)
      throw new UserError('conflict', 'This content is not proved yet. Prove it, or publish it unproved.');
    const { content: _, ...version } = await this.deps.labs.versions.add({
      lab,
      files: draft.files,
      origin: 'workshop',
      authorId: viewer.id,
      note,
      proved,
    });
    await this.addToCourse(draft.courseId, [lab]);
    await this.drafts.discard(lab, revision);
    return version;
  }

  async versions(viewer: Viewer, lab: string): Promise<(VersionEntry & { author: string | undefined })[]> {
    await this.authorise(viewer, lab, 'workshop.read');
    return this.deps.labs.versions.of(lab);
  }

  async versionFiles(viewer: Viewer, lab: string, number: number): Promise<LabFiles> {
    await this.authorise(viewer, lab, 'workshop.read');
    return this.deps.labs.versions.filesOf(lab, number);
  }

  /** A sandbox of the lab as it stands, for its author. @throws {UserError} `broken-lab` */
  async tryOut(viewer: Viewer, lab: string): Promise<Attempt> {
    const course = await this.authorise(viewer, lab, 'workshop.edit');
    const files = await this.filesOf(lab);
    usable(lab, files);
    const { prisma, labs, attempts } = this.deps;
    const digest = digestOf(files);
    const known = await prisma.labVersion.findFirst({ where: { lab, digest }, select: { id: true } });
    const versionId = known?.id ?? (await labs.versions.add({ lab, files, origin: 'trial', authorId: viewer.id })).id;
    await prisma.attempt.updateMany({
      where: { userId: viewer.id, lab, trial: true, status: 'active', versionId: { not: versionId } },
      data: { status: 'finished', finishedAt: new Date() },
    });
    return attempts.begin({ userId: viewer.id, courseId: course.id, lab, versionId, trial: true });
  }

  /** The published labs of a course as an archive, or one lab as it stands. */
  async exportCourse(viewer: Viewer, courseId: string): Promise<{ name: string; data: Uint8Array<ArrayBuffer> }> {
    const course = await this.findCourse(viewer, courseId);
    demand(viewer, 'workshop.read', course ? 'own' : 'foreign');
    if (!course) throw new UserError('not-found');
    const newest = await this.deps.labs.newest();
    const ids = labsOf(course, await this.deps.labs.inFolder()).filter((id) => newest.has(id));
    const labs = await Promise.all(
      ids.map(async (id) => ({ id, files: (await this.deps.labs.current(id)).content.source.files })),
    );
    return { name: 'course', data: pack({ title: course.title, labs }) };
  }

  async exportLab(viewer: Viewer, lab: string): Promise<{ name: string; data: Uint8Array<ArrayBuffer> }> {
    await this.authorise(viewer, lab, 'workshop.read');
    return { name: lab, data: pack({ title: undefined, labs: [{ id: lab, files: await this.filesOf(lab) }] }) };
  }

  /**
   * Takes in all labs of an archive, or none: into a course, or into a new one. What is the same as the newest version stays.
   * @throws {UserError} `bad-archive` with file and line, `forbidden`
   */
  async importArchive(viewer: Viewer, archive: Uint8Array, courseId: string | undefined): Promise<ImportResult> {
    demand(viewer, 'workshop.edit', 'own');
    const course = courseId === undefined ? undefined : await this.findCourse(viewer, courseId);
    if (courseId !== undefined && !course) throw new UserError('forbidden');
    const content = toCourse(await unpack(archive));
    for (const { id } of content.labs)
      if ((await this.isTaken(id)) && !(await this.findOwn(viewer, id)))
        throw new UserError('forbidden', `The lab ${id} belongs to a course that is not yours. Nothing was imported.`);
    const newest = await this.deps.labs.newest();
    const changed = content.labs.filter(({ id, files }) => newest.get(id)?.digest !== digestOf(files));
    await this.deps.labs.versions.addAll(
      changed.map(({ id, files }) => ({ lab: id, files, origin: 'archive', authorId: viewer.id, note: 'Imported' })),
    );
    const target = course ?? (await this.newCourse(viewer, content));
    await this.addToCourse(
      target.id,
      content.labs.map(({ id }) => id),
    );
    const drafts = new Set((await this.drafts.list()).map(({ lab }) => lab));
    const ids = changed.map(({ id }) => id);
    return {
      course: target.title,
      labs: content.labs.map(({ id }) => id),
      changed: ids,
      drafts: ids.filter((id) => drafts.has(id)),
    };
  }

  private async newCourse(viewer: Viewer, { title = 'Imported course' }: CourseContent): Promise<Course> {
    const taken = await this.deps.prisma.course.findMany({
      where: { title: { startsWith: title } },
      select: { title: true },
    });
    let name = title;
    for (let n = 2; taken.some((other) => other.title === name); n++) name = `${title} (${n})`;
    return this.deps.prisma.course.create({
      data: { title: name, enrollments: { create: { userId: viewer.id, role: 'author' } } },
      select: { id: true, title: true },
    });
  }

  private async addToCourse(courseId: string, labs: string[]): Promise<void> {
    const { prisma } = this.deps;
    const course = await prisma.course.findUniqueOrThrow({ where: { id: courseId } });
    const there = labsOf(course, await this.deps.labs.inFolder());
    const added = labs.filter((lab) => !there.includes(lab));
    if (added.length > 0) await prisma.course.update({ where: { id: courseId }, data: { labs: { push: added } } });
  }

  private async filesOf(lab: string): Promise<LabFiles> {
    const draft = await this.drafts.find(lab);
    const files = draft?.files ?? (await this.findCurrent(lab))?.content.source.files;
    return files ?? (await this.deps.labs.findFolderFiles(lab)) ?? {};
  }

  /** The draft at the revision that the editor has, or at 0 what a draft would begin with. @throws {UserError} `conflict` */
  private async draftAt(lab: string, revision: number): Promise<{ draft: Draft | undefined; files: LabFiles }> {
    const draft = await this.drafts.find(lab);
    if ((draft?.revision ?? 0) !== revision) throw new UserError('conflict');
    return { draft, files: await this.filesOf(lab) };
  }

  private async currentNumber(lab: string): Promise<number | undefined> {
    return (await this.findCurrent(lab))?.number;
  }

  private findCurrent(lab: string) {
    return this.deps.labs.current(lab).catch((error) => {
      if (error instanceof UserError && error.code === 'not-found') return undefined;
      throw error;
    });
  }

  private async isTaken(lab: string): Promise<boolean> {
    const { labs } = this.deps;
    if ((await labs.inFolder()).has(lab) || (await labs.versions.findNewest(lab))) return true;
    return (await this.drafts.find(lab)) !== undefined;
  }

  private ownCourses({ id }: Viewer): Promise<OwnCourse[]> {
    return this.deps.prisma.course.findMany({
      where: { enrollments: { some: { userId: id, role: 'author' } } },
      select: { id: true, title: true, labs: true, everyLab: true },
      orderBy: { title: 'asc' },
    });
  }

  private async findCourse(viewer: Viewer, courseId: string): Promise<OwnCourse | undefined> {
    return (await this.ownCourses(viewer)).find(({ id }) => id === courseId);
  }

  /** The course of the viewer's that has the lab, if one has. */
  private async findOwn(viewer: Viewer, lab: string): Promise<OwnCourse | undefined> {
    const [courses, inFolder, draft] = await Promise.all([
      this.ownCourses(viewer),
      this.deps.labs.inFolder(),
      this.drafts.find(lab),
    ]);
    return (
      courses.find(({ id }) => id === draft?.courseId) ??
      courses.find((course) => labsOf(course, inFolder).includes(lab))
    );
  }

  /** @throws {UserError} `forbidden`; also for a lab that is not there, unless the viewer writes labs at all */
  private async authorise(viewer: Viewer, lab: string, action: Action): Promise<OwnCourse> {
    const course = await this.findOwn(viewer, lab);
    demand(viewer, action, course ? 'own' : 'foreign');
    return course as OwnCourse;
  }
}

export interface ImportResult {
  course: string;
  labs: string[];
  /** Those of which there is a new version now. */
  changed: string[];
  /** Those of them that have a draft, which stays as it was. */
  drafts: string[];
}

const isProved = (draft: Draft | undefined, digest: string): boolean =>
  draft?.proof?.digest === digest && draft.proof.result.ok && draft.proof.seeds >= SEEDS;

function fromStored(draft: Draft | undefined): ProofState | undefined {
  if (!draft?.proof) return undefined;
  const total = draft.proof.result.proofs.reduce((sum, { tasks }) => sum + tasks, 0);
  return { ...draft.proof, done: total, total };
}

/** @throws {UserError} `broken-lab` */
function usable(id: string, files: LabFiles): Lab {
  try {
    return parseLab({ id, files });
  } catch (error) {
    if (error instanceof LabError)
      throw new UserError('broken-lab', `The lab has mistakes:\n${error.problems.join('\n')}`);
    throw error;
  }
}
