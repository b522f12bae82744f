// Reads lab folders from the disk. A broken lab is reported; the others go on.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { LabSource } from '../sandbox/protocol';
import { type Lab, LabError, parseLab } from './lab';

const MAX_LAB_BYTES = 4 * 1024 * 1024; // a lab is text; more is a mistake

/** Reads one folder. */
export async function readLab(folder: string, id: string): Promise<LabSource> {
  const files: Record<string, string> = {};
  let bytes = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'utf8');
    bytes += text.length;
    if (bytes > MAX_LAB_BYTES)
      throw new LabError(id, [`${relative(folder, path)}: the lab is larger than ${MAX_LAB_BYTES} bytes`]);
    files[relative(folder, path)] = text;
  }
  return { id, files };
}

/** All labs of a folder of labs, with the broken ones apart. */
export async function loadLabs(root: string): Promise<{ labs: Map<string, Lab>; broken: LabError[] }> {
  const labs = new Map<string, Lab>();
  const broken: LabError[] = [];
  for (const entry of (await readdir(root, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory()) continue;
    try {
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
  const { labs, broken } = await loadLabs(root);
  const lab = labs.get(id);
  if (lab) return lab;
  throw (
    broken.find((error) => error.lab === id) ??
    new LabError(id, [`no such lab; there are: ${[...labs.keys()].join(', ')}`])
  );
}
