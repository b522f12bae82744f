// Every command a machine can run: one file, one line here. Which of them a machine has on board is said by its files.
import type { Program } from '../machine/process';
import { ash, bash, dash } from '../shell/bash';
import { cat } from './cat';
import { chmod, chown } from './chmod';
import { cp, mv } from './copy';
import { coredns } from './coredns';
import { curl } from './curl';
import { cut } from './cut';
import { date } from './date';
import { dig } from './dig';
import { echo } from './echo';
import { env, printenv } from './env';
import { getent } from './getent';
import { grep } from './grep';
import { head } from './head';
import { apache, httpd24 } from './httpd';
import { arch, groups, hostname, id, nproc, tty, uname, who, whoami } from './identity';
import { ls } from './ls';
import { ln, mkdir, mktemp, touch } from './mkdir';
import { mysql } from './mysql';
import { mysqladmin } from './mysqladmin';
import { mysqld } from './mysqld';
import { basename, dirname, readlink, realpath, which } from './names';
import { nc } from './nc';
import { nginx } from './nginx';
import { hostCommand, nslookup } from './nslookup';
import { pause } from './pause';
import { printf } from './printf';
import { kill, pgrep, pidof, ps } from './ps';
import { pwd } from './pwd';
import { rm, rmdir } from './rm';
import { runMysqld } from './run-mysqld';
import { clear, reset, stty, tput } from './screen';
import { sed } from './sed';
import { seq, yes } from './seq';
import { sleep, timeout } from './sleep';
import { sort } from './sort';
import { tail } from './tail';
import { tee } from './tee';
import { test } from './test';
import { tr } from './tr';
import { falseProgram, trueProgram } from './true';
import { uniq } from './uniq';
import { wc } from './wc';
import { agnhost, echoserver, helloApp1, helloApp2, helloOpenshift, httpEcho, traefikWhoami } from './web-servers';
import { xargs } from './xargs';

export const programs: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['[', test],
  ['arch', arch],
  ['ash', ash],
  ['basename', basename],
  ['bash', bash],
  ['cat', cat],
  ['chgrp', chown],
  ['chmod', chmod],
  ['chown', chown],
  ['clear', clear],
  ['coredns', coredns],
  ['cp', cp],
  ['curl', curl],
  ['cut', cut],
  ['dash', dash],
  ['date', date],
  ['dig', dig],
  ['dirname', dirname],
  ['echo', echo],
  ['egrep', grep],
  ['env', env],
  ['false', falseProgram],
  ['fgrep', grep],
  ['getent', getent],
  ['grep', grep],
  ['groups', groups],
  ['head', head],
  ['host', hostCommand],
  ['hostname', hostname],
  ['id', id],
  ['kill', kill],
  ['ln', ln],
  ['ls', ls],
  ['mkdir', mkdir],
  ['mktemp', mktemp],
  ['mv', mv],
  ['mysql', mysql],
  ['mysqladmin', mysqladmin],
  ['mysqld', mysqld],
  ['nc', nc],
  ['ncat', nc],
  ['nproc', nproc],
  ['nslookup', nslookup],
  ['pause', pause],
  ['pgrep', pgrep],
  ['pidof', pidof],
  ['pkill', pgrep],
  ['printenv', printenv],
  ['printf', printf],
  ['ps', ps],
  ['pwd', pwd],
  ['readlink', readlink],
  ['realpath', realpath],
  ['reset', reset],
  ['rm', rm],
  ['rmdir', rmdir],
  ['agnhost', agnhost],
  ['apache', apache],
  ['echoserver', echoserver],
  ['hello-app-1', helloApp1],
  ['hello-app-2', helloApp2],
  ['hello-openshift', helloOpenshift],
  ['http-echo', httpEcho],
  ['httpd', httpd24],
  ['nginx', nginx],
  ['whoami-server', traefikWhoami],
  ['run-mysqld', runMysqld],
  ['sed', sed],
  ['seq', seq],
  ['sh', bash],
  ['sleep', sleep],
  ['sort', sort],
  ['stty', stty],
  ['tail', tail],
  ['tee', tee],
  ['test', test],
  ['timeout', timeout],
  ['touch', touch],
  ['tput', tput],
  ['tr', tr],
  ['true', trueProgram],
  ['tty', tty],
  ['uname', uname],
  ['uniq', uniq],
  ['wc', wc],
  ['which', which],
  ['who', who],
  ['whoami', whoami],
  ['xargs', xargs],
  ['yes', yes],
]);
