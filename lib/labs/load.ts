// Reads lab folders from the disk. A broken lab is reported; the others go on.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { LabSource } from '../sandbox/protocol';
import { type Lab, LabError, parseLab } from './lab';
import { suggestion } from './nearest';

const MAX_LAB_BYTES = 4 * 1024 * 1024; // a lab is text; more is a mistake

/** Reads one folder. */
export async function readLab(folder: string, id: string): Promise<LabSource> {
  const files: Record<string, string> = {};
  let bytes = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // looked at before it is read: a file of gigabytes must not be held in memory
    bytes += (await stat(path)).size;
    if (bytes > MAX_LAB_BYTES)
      throw new LabError(id, [`${relative(folder, path)}: the lab is larger than ${MAX_LAB_BYTES / 1024 / 1024} MB`]);
    const text = await readFile(path, 'utf8');
    files[relative(folder, path)] = text;
  }
  return { id, files };
}

/** All labs of a folder of labs, with the broken ones apart. */
export async function loadLabs(root: string): Promise<{ labs: Map<string, Lab>; broken: LabError[] }> {
  const labs = new Map<string, Lab>();
  const broken: LabError[] = [];
  for (const entry of (await readdir(root, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    try {
      if (!isLabId(entry.name))
        throw new LabError(entry.name, ['the name of a lab is lower-case letters, digits and dashes']);
      labs.set(entry.name, parseLab(await readLab(join(root, entry.name), entry.name)));
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      broken.push(error);
    }
  }
  return { labs, broken };
}

/** One lab of a folder of labs; throws LabError when it is not there or broken. */
export async function loadLab(root: string, id: string): Promise<Lab> {
  if (isLabId(id) && (await isFolder(join(root, id)))) return parseLab(await readLab(join(root, id), id));
  const ids = (await readdir(root, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  throw new LabError(id, [`no such lab${suggestion(id, ids)}; there are: ${ids.sort().join(', ')}`]);
}

/** A lab's id is the name of its folder, and part of addresses. */
export const isLabId = (id: string): boolean => /^[a-z0-9][a-z0-9-]*$/.test(id);

const isFolder = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
};
