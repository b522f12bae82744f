// The labs of this installation as the pages and the supervisor want them: the newest version of each, and any older one.
import { LabError } from '../../labs/lab';
import { drawVariables, substitute } from '../../labs/variables';
import type { LabSource } from '../../sandbox/protocol';
import type { Database } from '../database/client';
import { UserError } from '../errors';
import type { LabFiles } from './digest';
import { type BrokenLab, LabFolder } from './folder';
import { type Version, type VersionEntry, Versions } from './versions';

/** What the list says about a lab. */
export interface LabCard {
  id: string;
  title: string;
  summary: string;
  minutes: number;
  objectives: string[];
}

/** What a student can ask for and has to answer. The hints themselves are given in the terminal. */
interface LabWork {
  hints: { check: string; title: string; prices: number[] }[];
  questions: { id: string; attempts: number }[];
}

/** Whose content is asked for: an attempt stays on the version that it began with. */
interface Pinned {
  lab: string;
  versionId: string | null;
}

export interface Labs {
  readonly versions: Versions;
  list(): Promise<LabCard[]>;
  /** The version that new attempts of a lab begin with. @throws {UserError} `not-found` */
  current(id: string): Promise<Version>;
  /** The newest versions, by the lab's id. */
  newest(): Promise<Map<string, VersionEntry>>;
  card(pinned: Pinned): Promise<LabCard>;
  /** The lab as a world takes it. @throws {UserError} `not-found` */
  source(pinned: Pinned): Promise<LabSource>;
  /** Markdown with the attempt's own values in it. */
  instructions(pinned: Pinned & { seed: number }): Promise<string>;
  /** Which of several gradings counts. */
  counts(pinned: Pinned): Promise<'best' | 'last'>;
  /** What the lab page shows of a lab's checks and questions. */
  work(pinned: Pinned): Promise<LabWork>;
  /** What lies in the labs folder and cannot be used. */
  broken(): Promise<BrokenLab[]>;
  /** The ids in the labs folder. */
  inFolder(): Promise<ReadonlySet<string>>;
  /** A lab of the folder as it lies there, right or wrong. */
  findFolderFiles(id: string): Promise<LabFiles | undefined>;
}

/** Looks into the folder at each call that begins something new: an author's change shows at once. */
export function openLabs(prisma: Database, path: string, report: (message: string) => void): Labs {
  const versions = new Versions(prisma);
  const folder = new LabFolder(path, versions, report);

  async function newest(): Promise<Map<string, VersionEntry>> {
    await folder.look();
    const found = await versions.newest();
    // Taken out of the folder is taken out of the list; attempts go on.
    for (const [id, { origin }] of found) if (origin === 'folder' && !folder.ids.has(id)) found.delete(id);
    return found;
  }

  async function current(id: string): Promise<Version> {
    await folder.look();
    const entry = await versions.findNewest(id);
    if (!entry || (entry.origin === 'folder' && !folder.ids.has(id)))
      throw new UserError('not-found', `There is no lab ${id}.`);
    return versions.get(entry.id);
  }

  const pinnedTo = ({ lab, versionId }: Pinned): Promise<Version> =>
    versionId === null ? current(lab) : versions.get(versionId);

  /** A version from before the format changed must not take the others along. */
  const skip = (lab: string) => (error: unknown) => {
    if (!(error instanceof LabError)) throw error;
    report(`lab ${lab}: ${error.message}`);
    return undefined;
  };

  return {
    versions,
    newest,
    current,
    async list() {
      const entries = [...(await newest()).values()];
      const cards = await Promise.all(entries.map(({ id, lab }) => versions.get(id).then(toCard).catch(skip(lab))));
      return cards.filter((card) => card !== undefined);
    },
    card: async (pinned) => toCard(await pinnedTo(pinned)),
    source: async (pinned) => (await pinnedTo(pinned)).content.source,
    async instructions(pinned) {
      const { source, definition } = (await pinnedTo(pinned)).content;
      return substitute(source.files['README.md'] ?? '', drawVariables(definition.variables, pinned.seed));
    },
    counts: async (pinned) => (await pinnedTo(pinned)).content.definition.counts,
    async work(pinned) {
      const { checks, questions } = (await pinnedTo(pinned)).content.definition;
      return {
        hints: checks.flatMap(({ id, title, hints }) =>
          hints.length > 0 ? [{ check: id, title, prices: hints.map(({ price }) => price) }] : [],
        ),
        questions: questions.map(({ id, attempts }) => ({ id, attempts })),
      };
    },
    async broken() {
      await folder.look();
      return folder.broken;
    },
    async inFolder() {
      await folder.look();
      return folder.ids;
    },
    async findFolderFiles(id) {
      await folder.look();
      return folder.findFiles(id);
    },
  };
}

function toCard({ lab, content: { definition } }: Version): LabCard {
  const { title, summary, minutes, objectives } = definition;
  return { id: lab, title, summary, minutes, objectives };
}
