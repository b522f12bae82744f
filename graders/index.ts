// Every grader: one file, one line here.
import type { Grader } from '../lib/grading/contract';
import { dns } from './dns';
import { endpoints } from './endpoints';
import { reachability } from './reachability';
import { sql } from './sql';

// biome-ignore lint/suspicious/noExplicitAny: a list over graders of different parameters; each checks its own
const all: readonly Grader<any>[] = [dns, endpoints, reachability, sql];

export const graders: ReadonlyMap<string, (typeof all)[number]> = new Map(all.map((grader) => [grader.name, grader]));
