// Every command a machine can run: one file, one line here. Which of them a machine has on board is said by its files.
import type { Program } from '../machine/process';
import { ash, bash, dash } from '../shell/bash';
import { coredns } from './coredns';
import { curl } from './curl';
import { dig } from './dig';
import { getent } from './getent';
import { mysql } from './mysql';
import { mysqladmin } from './mysqladmin';
import { mysqld } from './mysqld';
import { nc } from './nc';
import { hostCommand, nslookup } from './nslookup';
import { pause } from './pause';
import { runMysqld } from './run-mysqld';

export const programs: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['ash', ash],
  ['bash', bash],
  ['dash', dash],
  ['sh', bash],
  ['coredns', coredns],
  ['curl', curl],
  ['dig', dig],
  ['getent', getent],
  ['host', hostCommand],
  ['mysql', mysql],
  ['mysqladmin', mysqladmin],
  ['mysqld', mysqld],
  ['nc', nc],
  ['nslookup', nslookup],
  ['ncat', nc],
  ['pause', pause],
  ['run-mysqld', runMysqld],
]);
