// What the files of a lab may be: names, sizes, how many. The editor and the import ask here.
import type { LabFiles } from '../labs/digest';

export const FILE_BYTES = 512 * 1024; // the instructions of a lab may have half of it
const LAB_BYTES = 4 * 1024 * 1024; // as lib/labs/load.ts
const MOST_FILES = 200;
const LONGEST_PATH = 120;
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** Why a path cannot be a file of a lab; undefined if it can. */
export function pathProblem(path: string): string | undefined {
  if (path.length > LONGEST_PATH) return `the name is longer than ${LONGEST_PATH} characters`;
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'the name is absolute';
  if (path.includes('\\')) return 'the name has a backslash';
  const segments = path.split('/');
  if (segments.includes('..') || segments.includes('.')) return 'the name climbs out of the folder';
  if (!segments.every((segment) => SEGMENT.test(segment)))
    return 'a name is letters, digits, dots, dashes and underscores, and does not begin with a dot';
  return undefined;
}

/** Why files cannot be kept, with the name of the one at fault; undefined if they can. */
export function filesProblem(files: LabFiles): string | undefined {
  const paths = Object.keys(files);
  if (paths.length > MOST_FILES) return `a lab has at most ${MOST_FILES} files, not ${paths.length}`;
  let total = 0;
  for (const path of paths) {
    const text = files[path] as string;
    const bytes = Buffer.byteLength(text);
    total += bytes;
    const problem =
      pathProblem(path) ??
      (bytes > FILE_BYTES ? `larger than ${FILE_BYTES / 1024} KB` : text.includes('\0') ? 'not a text' : undefined) ??
      (total > LAB_BYTES ? `with it the lab is larger than ${LAB_BYTES / 1024 / 1024} MB` : undefined) ??
      (paths.some((other) => other.startsWith(`${path}/`)) ? 'a file and a folder of one name' : undefined);
    if (problem) return `${path}: ${problem}`;
  }
  return undefined;
}
