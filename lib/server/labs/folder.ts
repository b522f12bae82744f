// The labs folder: what is put there becomes a version at the next look, without a restart. A broken lab is reported by file
// and line; its last good version and the other labs go on.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../labs/complaints';
import { checkLab, LabError } from '../../labs/lab';
import { isLabId, readLab } from '../../labs/load';
import { COURSE_FILE, inOrder, parseCourseFile } from './course-file';
import { digestOf, type LabFiles } from './digest';
import type { Versions } from './versions';

/** A lab folder that cannot be used. */
export interface BrokenLab {
  lab: string;
  problems: Problem[];
}

interface Look {
  digest: string;
  files: LabFiles;
  problems: Problem[];
}

const inLab = (message: string): Problem => ({ file: 'lab.yaml', line: 1, column: 1, message });

export class LabFolder {
  private looks = new Map<string, Look>();
  private looking: Promise<void> | undefined;
  private order: readonly string[] = [];
  private courseProblem = '';

  constructor(
    private readonly folder: string,
    private readonly versions: Versions,
    private readonly report: (message: string) => void,
  ) {}

  /** Takes in what changed since the last look. Several that ask at once share one. */
  look(): Promise<void> {
    this.looking ??= this.lookNow().finally(() => (this.looking = undefined));
    return this.looking;
  }

  get broken(): BrokenLab[] {
    return [...this.looks].flatMap(([lab, { problems }]) => (problems.length > 0 ? [{ lab, problems }] : []));
  }

  /** The ids of the folders, broken ones too: as `course.yaml` orders them, then by name. */
  get ids(): ReadonlySet<string> {
    return new Set(inOrder(this.looks.keys(), this.order));
  }

  /** As they lie in the folder, right or wrong. */
  findFiles(lab: string): LabFiles | undefined {
    return this.looks.get(lab)?.files;
  }

  private async lookNow(): Promise<void> {
    const entries = await readdir(this.folder, { withFileTypes: true }).catch(() => []);
    const ids = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
    const looks = new Map<string, Look>();
    const recorded = ids.some((id) => !this.looks.has(id)) ? await this.versions.newest('folder') : new Map();
    for (const id of ids.sort()) {
      const look = await this.lookAt(id);
      looks.set(id, look);
      if (this.looks.get(id)?.digest === look.digest) continue;
      for (const { file, line, column, message } of look.problems)
        this.report(`labs/${id}/${file}:${line}:${column}: ${message}`);
      const known = recorded.get(id) ?? (await this.versions.newest('folder')).get(id);
      if (look.problems.length === 0 && known?.digest !== look.digest)
        await this.versions.add({ lab: id, files: look.files, origin: 'folder' });
    }
    this.looks = looks;
    await this.readOrder();
  }

  /** A broken `course.yaml` is reported once; the labs stay in the order that they had. */
  private async readOrder(): Promise<void> {
    const text = await readFile(join(this.folder, COURSE_FILE), 'utf8').catch(() => undefined);
    const course = text === undefined ? { labs: [] } : parseCourseFile(text);
    const problem = typeof course === 'string' ? course : '';
    if (problem && problem !== this.courseProblem) this.report(`labs/${problem}`);
    this.courseProblem = problem;
    if (typeof course !== 'string') this.order = course.labs ?? [];
  }

  private async lookAt(id: string): Promise<Look> {
    const broken = (message: string): Look => ({ digest: message, files: {}, problems: [inLab(message)] });
    if (!isLabId(id)) return broken('the name of a lab is lower-case letters, digits and dashes');
    try {
      const { files } = await readLab(join(this.folder, id), id);
      const digest = digestOf(files);
      const before = this.looks.get(id);
      if (before?.digest === digest) return before;
      return { digest, files, problems: problemsOf(id, files) };
    } catch (error) {
      return broken(error instanceof LabError ? error.problems.join('; ') : `cannot be read: ${error}`);
    }
  }
}

/** A lab from files that the database can keep, or what is wrong with them. */
export function checkFiles(id: string, files: LabFiles): ReturnType<typeof checkLab> {
  const binary = Object.keys(files).find((path) => files[path]?.includes('\0'));
  if (binary) return { problems: [{ file: binary, line: 1, column: 1, message: 'not a text' }] };
  return checkLab({ id, files });
}

/** What keeps files from being a lab. */
export function problemsOf(id: string, files: LabFiles): Problem[] {
  const result = checkFiles(id, files);
  return 'lab' in result ? [] : result.problems;
}
