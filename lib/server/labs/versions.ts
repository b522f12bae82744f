// The versions of labs in the database. A version's content never changes, so what was parsed once is kept.
import type { Lab } from '../../labs/lab';
import { parseLab } from '../../labs/lab';
import type { Database } from '../database/client';
import { UserError } from '../errors';
import { digestOf, type LabFiles } from './digest';

export type LabOrigin = 'folder' | 'workshop' | 'archive' | 'trial';

/** A version without its content. */
export interface VersionEntry {
  id: string;
  lab: string;
  /** 0 for a trial. */
  number: number;
  origin: LabOrigin;
  digest: string;
  note: string;
  proved: boolean;
  createdAt: Date;
}

/** A version with its content. */
export interface Version extends VersionEntry {
  content: Lab;
}

export interface NewVersion {
  lab: string;
  files: LabFiles;
  origin: LabOrigin;
  authorId?: string;
  note?: string;
  proved?: boolean;
}

const ADD_MS = 30_000; // a course of hundreds of labs on a busy disk
const KEPT = 200; // parsed labs held at once; a lab is some tens of kilobytes
const ENTRY = {
  id: true,
  lab: true,
  number: true,
  origin: true,
  digest: true,
  note: true,
  proved: true,
  createdAt: true,
} as const;

type Row = Omit<VersionEntry, 'number'> & { number: number | null };
const toEntry = (row: Row): VersionEntry => ({ ...row, number: row.number ?? 0 });

export class Versions {
  private readonly parsed = new Map<string, Version>();

  constructor(private readonly prisma: Database) {}

  /** The newest version of every lab, by the lab's id. */
  async newest(origin?: LabOrigin): Promise<Map<string, VersionEntry>> {
    const rows = await this.prisma.labVersion.findMany({
      where: { number: { not: null }, ...(origin && { origin }) },
      distinct: ['lab'],
      orderBy: [{ lab: 'asc' }, { number: 'desc' }],
      select: ENTRY,
    });
    return new Map(rows.map((row) => [row.lab, toEntry(row)]));
  }

  /** Of one lab, newest first. */
  async of(lab: string): Promise<(VersionEntry & { author: string | undefined })[]> {
    const rows = await this.prisma.labVersion.findMany({
      where: { lab, number: { not: null } },
      orderBy: { number: 'desc' },
      select: { ...ENTRY, author: { select: { name: true } } },
    });
    return rows.map(({ author, ...row }) => ({ ...toEntry(row), author: author?.name }));
  }

  async findNewest(lab: string): Promise<VersionEntry | undefined> {
    const row = await this.prisma.labVersion.findFirst({
      where: { lab, number: { not: null } },
      orderBy: { number: 'desc' },
      select: ENTRY,
    });
    return row ? toEntry(row) : undefined;
  }

  /** @throws {UserError} `not-found` */
  async filesOf(lab: string, number: number): Promise<LabFiles> {
    const row = await this.prisma.labVersion.findUnique({ where: { lab_number: { lab, number } } });
    if (!row) throw new UserError('not-found', `There is no version ${number} of ${lab}.`);
    return row.files as LabFiles;
  }

  /** @throws {UserError} `not-found` */
  async get(id: string): Promise<Version> {
    const kept = this.parsed.get(id);
    if (kept) return kept;
    const row = await this.prisma.labVersion.findUnique({ where: { id } });
    if (!row) throw new UserError('not-found');
    return this.keep(row);
  }

  /** Adds a version; the content has to be a valid lab. @throws {LabError} */
  async add(version: NewVersion): Promise<Version> {
    return (await this.addAll([version]))[0] as Version;
  }

  /** Adds all of them or none. */
  async addAll(added: NewVersion[]): Promise<Version[]> {
    for (const { lab, files } of added) parseLab({ id: lab, files });
    const rows = await this.prisma.$transaction(
      async (transaction) => {
        // Two that publish at once get two numbers.
        await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('lab versions', 0))`;
        const made = [];
        for (const { lab, files, ...rest } of added) {
          const { _max } = await transaction.labVersion.aggregate({ where: { lab }, _max: { number: true } });
          const number = rest.origin === 'trial' ? null : (_max.number ?? 0) + 1;
          made.push(
            await transaction.labVersion.create({ data: { lab, files, digest: digestOf(files), number, ...rest } }),
          );
        }
        return made;
      },
      { timeout: ADD_MS },
    );
    return rows.map((row) => this.keep(row));
  }

  /** Notes that this content is proved, whatever came after it. */
  async markProved(lab: string, digest: string): Promise<void> {
    await this.prisma.labVersion.updateMany({ where: { lab, digest }, data: { proved: true } });
    for (const [id, version] of this.parsed)
      if (version.lab === lab && version.digest === digest) this.parsed.set(id, { ...version, proved: true });
  }

  private keep(row: Row & { files: unknown }): Version {
    const { files, ...entry } = row;
    const content = parseLab({ id: row.lab, files: files as LabFiles });
    const version = { ...toEntry(entry), content };
    const [oldest] = this.parsed.keys();
    if (this.parsed.size >= KEPT && oldest !== undefined) this.parsed.delete(oldest);
    this.parsed.set(row.id, version);
    return version;
  }
}
