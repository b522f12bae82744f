// Every grader: one file, one line here.
import type { Grader } from '../lib/grading/contract';
import { after } from './after';
import { answer } from './answer';
import { dns } from './dns';
import { endpoints } from './endpoints';
import { file } from './file';
import { http } from './http';
import { job } from './job';
import { logs } from './logs';
import { matrix } from './matrix';
import { operator } from './operator';
import { policy } from './policy';
import { reachability } from './reachability';
import { resource } from './resource';
import { rollout } from './rollout';
import { route } from './route';
import { service } from './service';
import { source } from './source';
import { spread } from './spread';
import { sql } from './sql';

// biome-ignore lint/suspicious/noExplicitAny: a list over graders of different parameters; each checks its own
const all: readonly Grader<any>[] = [
  after,
  answer,
  dns,
  endpoints,
  file,
  http,
  job,
  logs,
  matrix,
  operator,
  policy,
  reachability,
  resource,
  rollout,
  route,
  service,
  source,
  spread,
  sql,
];

export const graders: ReadonlyMap<string, (typeof all)[number]> = new Map(all.map((grader) => [grader.name, grader]));
