// Every command line that is run twice.
import { changing } from './changing';
import { creating } from './creating';
import { errors } from './errors';
import { exercises } from './exercises';
import { habits } from './habits';
import { reading } from './reading';
import { running } from './running';

/** Lines typed one after another into a pair of clusters of their own. */
export interface Group {
  title: string;
  /** What both run before, not compared. */
  setup?: string[];
  lines: string[];
}

export const GROUPS: Group[] = [...reading, ...creating, ...changing, ...running, ...errors, ...exercises, ...habits];
