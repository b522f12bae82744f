// Drafts: what authors change before they publish it. One a lab, shared by the authors of its course.
import type { LabResult } from '../../grading/verify/verify';
import type { Database } from '../database/client';
import { UserError } from '../errors';
import type { LabFiles } from '../labs/digest';
import { filesProblem } from './files';

/** The newest proof of a draft. */
export interface StoredProof {
  digest: string;
  seeds: number;
  result: LabResult;
}

export interface Draft {
  lab: string;
  courseId: string;
  files: LabFiles;
  revision: number;
  base: number | undefined;
  proof: StoredProof | undefined;
  updatedAt: Date;
}

export interface DraftStart {
  lab: string;
  courseId: string;
  files: LabFiles;
  base?: number | undefined;
  editorId: string;
}

export class Drafts {
  constructor(private readonly prisma: Database) {}

  async find(lab: string): Promise<Draft | undefined> {
    const row = await this.prisma.labDraft.findUnique({ where: { lab } });
    if (!row) return undefined;
    return {
      ...row,
      files: row.files as LabFiles,
      base: row.base ?? undefined,
      proof: (row.proof as unknown as StoredProof | null) ?? undefined,
    };
  }

  /** Without their content. */
  async list(): Promise<{ lab: string; courseId: string; base: number | null; updatedAt: Date }[]> {
    return this.prisma.labDraft.findMany({ select: { lab: true, courseId: true, base: true, updatedAt: true } });
  }

  /** Makes a draft at revision 1. @throws {UserError} `conflict` when there is one already, `too-large` */
  async begin({ base, ...start }: DraftStart): Promise<number> {
    refuseFiles(start.files);
    const data = [{ ...start, base: base ?? null }];
    const { count } = await this.prisma.labDraft.createMany({ data, skipDuplicates: true });
    if (count === 0) throw new UserError('conflict');
    return 1;
  }

  /** Writes over revision `revision` and returns the next. @throws {UserError} `conflict`, `too-large` */
  async write(lab: string, revision: number, files: LabFiles, editorId: string): Promise<number> {
    refuseFiles(files);
    const { count } = await this.prisma.labDraft.updateMany({
      where: { lab, revision },
      data: { files, editorId, revision: revision + 1 },
    });
    if (count === 0) throw new UserError('conflict');
    return revision + 1;
  }

  /** Does nothing when there is no draft. */
  async keepProof(lab: string, proof: StoredProof): Promise<void> {
    await this.prisma.labDraft.updateMany({ where: { lab }, data: { proof: JSON.parse(JSON.stringify(proof)) } });
  }

  async discard(lab: string, revision?: number): Promise<void> {
    await this.prisma.labDraft.deleteMany({ where: { lab, ...(revision !== undefined && { revision }) } });
  }
}

function refuseFiles(files: LabFiles): void {
  const problem = filesProblem(files);
  if (problem) throw new UserError('too-large', `${problem}.`);
}
