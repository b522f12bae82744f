// The labs of this installation: each folder of labs/ with a lab.yaml.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { LabSource } from '../sandbox/protocol';
import { UserError } from './errors';

/** What the pages say about a lab. */
export interface LabCard {
  id: string;
  title: string;
  description: string;
}

export interface Labs {
  list(): LabCard[];
  /** The lab as a world takes it. @throws {UserError} `not-found` */
  source(id: string): LabSource;
  /** Markdown with `{{variables}}`. */
  instructions(id: string): string;
}

const Head = z.object({ title: z.string(), description: z.string().default('') });

/** Reads the folder at each call: an author's change shows at once, and a lab is a few small files. */
export function openLabs(folder: string): Labs {
  const source = (id: string): LabSource => {
    if (!/^[a-z0-9-]+$/.test(id) || !isLab(folder, id)) throw new UserError('not-found', `There is no lab ${id}.`);
    return { id, files: readTexts(join(folder, id)) };
  };
  return {
    list: () =>
      entries(folder)
        .filter((id) => isLab(folder, id))
        .map((id) => ({ id, ...Head.parse(parse(readFileSync(join(folder, id, 'lab.yaml'), 'utf8'))) })),
    source,
    instructions: (id) => source(id).files['instructions.md'] ?? '',
  };
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

const isLab = (folder: string, id: string): boolean => entries(join(folder, id)).includes('lab.yaml');

function readTexts(folder: string, prefix = ''): Record<string, string> {
  return Object.assign(
    {},
    ...entries(folder).map((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return readTexts(path, `${prefix}${name}/`);
      return { [`${prefix}${name}`]: readFileSync(path, 'utf8') };
    }),
  );
}
