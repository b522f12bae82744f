// The release of a program whose image tells it neither by its environment nor by a package.
import type { Process } from '../machine/process';

/** Where images here write it down. */
export const RELEASE_FILE = '/usr/lib/.release';

export const releaseOf = (proc: Process, otherwise: string): string =>
  proc.files.exists(RELEASE_FILE) ? proc.files.readText(RELEASE_FILE) : otherwise;
