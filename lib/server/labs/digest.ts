// A name for the content of a lab: the same files, the same name.
import { createHash } from 'node:crypto';

export type LabFiles = Record<string, string>;

/** SHA-256 in hexadecimal. */
export function digestOf(files: LabFiles): string {
  const sum = createHash('sha256');
  for (const path of Object.keys(files).sort()) sum.update(JSON.stringify([path, files[path]]));
  return sum.digest('hex');
}
