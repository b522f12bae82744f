// The labs of this installation as the pages and the supervisor want them.
import { join } from 'node:path';
import { type Lab, parseLab } from '../labs/lab';
import { loadLabs, readLab } from '../labs/load';
import { drawVariables, substitute } from '../labs/variables';
import type { LabSource } from '../sandbox/protocol';
import { UserError } from './errors';

/** What the list says about a lab. */
export interface LabCard {
  id: string;
  title: string;
  summary: string;
  minutes: number;
  objectives: string[];
}

export interface Labs {
  list(): Promise<LabCard[]>;
  card(id: string): Promise<LabCard>;
  /** The lab as a world takes it. @throws {UserError} `not-found` */
  source(id: string): Promise<LabSource>;
  /** Markdown with the attempt's own values in it. */
  instructions(id: string, seed: number): Promise<string>;
}

/** Reads the folder at each call: an author's change shows at once, and a lab is a few small files. */
export function openLabs(folder: string, report: (message: string) => void): Labs {
  const lab = async (id: string): Promise<Lab> => {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(id)) throw new UserError('not-found');
    const source = await readLab(join(folder, id), id).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new UserError('not-found', `There is no lab ${id}.`) : error;
    });
    return parseLab(source);
  };
  return {
    async list() {
      const { labs, broken } = await loadLabs(folder);
      for (const error of broken) report(error.message);
      return [...labs.values()].map(toCard);
    },
    card: async (id) => toCard(await lab(id)),
    source: async (id) => (await lab(id)).source,
    async instructions(id, seed) {
      const { source, definition } = await lab(id);
      return substitute(source.files['README.md'] ?? '', drawVariables(definition.variables, seed));
    },
  };
}

function toCard({ id, definition }: Lab): LabCard {
  const { title, summary, minutes, objectives } = definition;
  return { id, title, summary, minutes, objectives };
}
