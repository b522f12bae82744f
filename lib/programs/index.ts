// Every command a machine can run: one file, one line here. Which of them a machine has on board is said by its files.
import type { Program } from '../machine/process';
import { ash, bash, dash } from '../shell/bash';
import { agnhost, livenessServer } from './agnhost/agnhost';
import { gzip } from './archive/gzip';
import { tar } from './archive/tar';
import { arp } from './arp';
import { awk } from './awk';
import { bc } from './bc/bc';
import { bitnamiMariadb, bitnamiMysql } from './bitnami-mysql';
import { bitnamiPostgresql } from './bitnami-postgresql';
import { bridge, tc } from './bridge';
import { busybox } from './busybox';
import { applets } from './busybox/applets';
import { busyboxNc } from './busybox/nc';
import { busyboxPs } from './busybox/ps';
import { busyboxNslookup, oldBusyboxNslookup } from './busybox-nslookup';
import { cal } from './cal';
import { cat } from './cat';
import { chmod, chown } from './chmod';
import { chroot, nsenter } from './chroot';
import { conntrack } from './conntrack';
import { cp, mv } from './copy';
import { coredns } from './coredns';
import { basenc, cksum, fmt, hostid, shred, sum } from './coreutils';
import { createdb, createuser, dropdb, dropuser } from './createdb';
import { curl } from './curl/curl';
import { cut } from './cut';
import { date } from './date';
import { busyboxDd, dd } from './dd';
import { cmp } from './diff/cmp';
import { diff } from './diff/diff';
import { sdiff } from './diff/sdiff';
import { dig } from './dig';
import { base64, checksum } from './digest';
import { dockerMariadb, dockerMysql } from './docker-mysql';
import { dockerPostgres } from './docker-postgres';
import { echo } from './echo';
import { env, printenv } from './env';
import { expr } from './expr';
import { factor } from './factor';
import { fallocate } from './fallocate';
import { file, install, link, sync, unlink, whereis } from './file-tools';
import { find } from './find';
import { getent } from './getent';
import { git } from './git/git';
import { grep } from './grep';
import { head } from './head';
import { hexdump } from './hexdump';
import { apache, httpd24 } from './httpd';
import { arch, busyboxId, groups, hostname, id, nproc, tty, uname, who, whoami } from './identity';
import { busyboxIfconfig, ifconfig } from './ifconfig';
import { busyboxIp, ip } from './ip';
import { ip6tables, ipset, iptables, iptablesSaveProgram, ipvsadm, nft } from './iptables';
import { jq } from './jq';
import { less } from './less';
import { ls } from './ls';
import { lsof } from './lsof';
import { man, whatis } from './man';
import { ln, mkdir, mktemp, touch } from './mkdir';
import { mkfifo, mknod } from './mknod';
import { mongod } from './mongod';
import { mongosh } from './mongosh';
import { mysql } from './mysql';
import { mysqladmin } from './mysqladmin';
import { mysqld } from './mysqld';
import { mysqldump } from './mysqldump';
import { basename, dirname, readlink, realpath, which } from './names';
import { nano } from './nano/nano';
import { nc } from './nc';
import { netstat } from './netstat';
import { nginx } from './nginx';
import { nmap } from './nmap';
import { crictl } from './node/crictl';
import { journalctl } from './node/journalctl';
import { kubeadm } from './node/kubeadm';
import { systemctl } from './node/systemctl';
import { hostCommand, nslookup } from './nslookup';
import { od } from './od';
import { openssl } from './openssl';
import { ovnNbctl, ovnSbctl, ovsOfctl, ovsVsctl } from './ovn';
import { ovnTrace } from './ovn-trace';
import { apk } from './packages/apk';
import { apt } from './packages/apt';
import { dnf } from './packages/dnf';
import { paste } from './paste';
import { pathchk } from './pathchk';
import { pause } from './pause';
import { perl } from './perl';
import { pgIsready } from './pg-isready';
import { busyboxPing, ping } from './ping';
import { printf } from './printf';
import { controlPlane } from './products/control-plane';
import {
  consul,
  elasticsearch,
  etcd,
  etcdctl,
  fluentd,
  grafana,
  influxdb,
  jenkins,
  metricsServer,
  nodeExporter,
  prometheus,
  rabbitmq,
  rabbitmqDiagnostics,
  tomcat,
  vault,
} from './products/infrastructure';
import { adminer, gitlab, phpmyadmin } from './products/login-pages';
import { memcached } from './products/memcached';
import { phpApache } from './products/php-apache';
import { wordpress } from './products/wordpress';
import { kill, pgrep, pidof, ps } from './ps';
import { psql } from './psql';
import { pwd } from './pwd';
import { python } from './python';
import { redisCli } from './redis-cli';
import { redisServer } from './redis-server';
import { rename } from './rename';
import { rm, rmdir } from './rm';
import { route } from './route';
import { openshiftRouter } from './router/router';
import { rsyslogd } from './rsyslogd';
import { nice, nohup, setsid, stdbuf } from './run-command';
import { runMysqld } from './run-mysqld';
import { runPostgresql } from './run-postgresql';
import { hasher, rng, webcolor, webui, worker } from './samples/coins';
import { ealenEcho, httpHttpsEcho, jmallocEcho } from './samples/echo-servers';
import {
  aksHelloworld,
  eventSimulator,
  loadtest,
  simpleWebapp,
  webappColor1,
  webappColor2,
  webappColor3,
} from './samples/flask';
import {
  defaultBackend,
  goproxy,
  helloKubernetes,
  longLoad,
  rancherHello,
  tutumHello,
  versionedHello10,
  versionedHello11,
} from './samples/greetings';
import { guestbookFrontend, redisFollower } from './samples/guestbook';
import { httpbin } from './samples/httpbin';
import { kuard } from './samples/kuard';
import {
  countingService,
  dashboardService,
  fortune,
  kubia,
  kubia1,
  kubia2,
  kubia3,
  kubia4,
  kubiaPet,
  kubiaUnhealthy,
} from './samples/kubia';
import { myboot, mygo, mynode, mypython, quarkusDemo } from './samples/languages';
import {
  bootcamp1,
  bootcamp2,
  helloWorld,
  hpaExample,
  nodeHello,
  nodejsHelloWorld,
  phpClear,
  phpHello,
  phpSsl,
  scaling,
  simpleapp,
  todoAngular,
  todoAngularTls,
} from './samples/pages';
import { podinfo } from './samples/podinfo';
import { famousQuotes } from './samples/quotes';
import { todo } from './samples/todo';
import { exoplanets, nationalparks, parksmap, rolloutsDemo, votingApp } from './samples/votes-and-maps';
import { clear, reset, stty, tput } from './screen';
import { go, java, node, php, ruby } from './scripts/languages';
import { sed } from './sed';
import { chcon, runcon } from './selinux';
import { seq, yes } from './seq';
import { shuf } from './shuf';
import { sleep, timeout } from './sleep';
import { envsubst, getconf, killall, locale, pstree, users, uuidgen } from './small-tools';
import { socat } from './socat/socat';
import { sort } from './sort';
import { ss } from './ss';
import { sshKeygen } from './ssh/keygen';
import { sshKeyscan } from './ssh/keyscan';
import { scp } from './ssh/scp';
import { ssh } from './ssh/ssh';
import { sshd } from './ssh/sshd';
import { stress, vishStress } from './stress';
import { strings } from './strings';
import { su } from './su';
import { sudo } from './sudo';
import { ethtool, sysctl } from './sysctl';
import { tail } from './tail';
import { tcpdump } from './tcpdump/tcpdump';
import { tee } from './tee';
import { busyboxTelnet, telnet } from './telnet';
import { test } from './test';
import { column } from './text/column';
import { expand, fold, rev, tac, unexpand } from './text/columns';
import { comm } from './text/comm';
import { csplit } from './text/csplit';
import { join } from './text/join';
import { look } from './text/look';
import { nl } from './text/nl';
import { numfmt } from './text/numfmt';
import { split } from './text/split';
import { tree } from './text/tree';
import { tsort } from './text/tsort';
import { tr } from './tr';
import { busyboxTraceroute, mtr, tracepath, traceroute } from './traceroute';
import { falseProgram, trueProgram } from './true';
import { truncate } from './truncate';
import { uniq } from './uniq';
import { df, du, free, mount, stat, top, uptime } from './usage';
import { vi } from './vi/vi';
import { logname, w } from './w';
import { watch } from './watch';
import { wc } from './wc';
import { echoserver, helloApp1, helloApp2, helloOpenshift, httpEcho, traefikWhoami } from './web-servers';
import { busyboxWget } from './wget/busybox';
import { wget } from './wget/gnu';
import { xargs } from './xargs';
import { xxd } from './xxd';
import { yq } from './yq/yq';

export const programs: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['[', test],
  ['arp', arp],
  ...applets,
  ['busybox-dd', busyboxDd],
  ['busybox-id', busyboxId],
  ['busybox-ifconfig', busyboxIfconfig],
  ['busybox-ip', busyboxIp],
  ['busybox-nc', busyboxNc],
  ['busybox-ping', busyboxPing],
  ['busybox-ping6', busyboxPing],
  ['busybox-ps', busyboxPs],
  ['busybox-telnet', busyboxTelnet],
  ['busybox-traceroute', busyboxTraceroute],
  ['conntrack', conntrack],
  ['bridge', bridge],
  ['tc', tc],
  ['ethtool', ethtool],
  ['ifconfig', ifconfig],
  ['ip', ip],
  ['ip6tables', ip6tables],
  ['iptables', iptables],
  ['iptables-save', iptablesSaveProgram],
  ['ipset', ipset],
  ['ipvsadm', ipvsadm],
  ['mtr', mtr],
  ['netstat', netstat],
  ['nft', nft],
  ['nmap', nmap],
  ['ping', ping],
  ['ping6', ping],
  ['route', route],
  ['ss', ss],
  ['sysctl', sysctl],
  ['tcpdump', tcpdump],
  ['telnet', telnet],
  ['traceroute', traceroute],
  ['tracepath', tracepath],
  ['tcptraceroute', traceroute],
  ['agnhost', agnhost],
  ['apache', apache],
  ['arch', arch],
  ['ash', ash],
  ['awk', awk],
  ['base64', base64],
  ['basename', basename],
  ['bash', bash],
  ['bc', bc],
  ['bitnami-postgresql', bitnamiPostgresql],
  ['bootcamp-1', bootcamp1],
  ['bootcamp-2', bootcamp2],
  ['cal', cal],
  ['cat', cat],
  ['chcon', chcon],
  ['chgrp', chown],
  ['chmod', chmod],
  ['chown', chown],
  ['chroot', chroot],
  ['nsenter', nsenter],
  ['clear', clear],
  ['column', column],
  ['cmp', cmp],
  ['comm', comm],
  ['coredns', coredns],
  ['cp', cp],
  ['createdb', createdb],
  ['createuser', createuser],
  ['curl', curl],
  ['cut', cut],
  ['dash', dash],
  ['date', date],
  ['df', df],
  ['diff', diff],
  ['dig', dig],
  ['dirname', dirname],
  ['du', du],
  ['docker-mariadb', dockerMariadb],
  ['docker-mysql', dockerMysql],
  ['docker-postgres', dockerPostgres],
  ['dropdb', dropdb],
  ['dropuser', dropuser],
  ['echo', echo],
  ['echoserver', echoserver],
  ['famous-quotes', famousQuotes],
  ['gb-frontend', guestbookFrontend],
  ['gb-redis-follower', redisFollower],
  ['hello-world', helloWorld],
  ['hpa-example', hpaExample],
  ['node-hello', nodeHello],
  ['nodejs-hello-world', nodejsHelloWorld],
  ['php-hello', phpHello],
  ['php-http', phpClear],
  ['php-ssl', phpSsl],
  ['python3', python],
  ['scaling-server', scaling],
  ['simpleapp', simpleapp],
  ['todo', todo],
  ['todo-angular', todoAngular],
  ['todo-angular-tls', todoAngularTls],
  ['egrep', grep],
  ['env', env],
  ['expand', expand],
  ['expr', expr],
  ['false', falseProgram],
  ['fgrep', grep],
  ['find', find],
  ['fold', fold],
  ['free', free],
  ['getent', getent],
  ['git', git],
  ['grep', grep],
  ['groups', groups],
  ['gunzip', gzip],
  ['gzip', gzip],
  ['head', head],
  ['hello-app-1', helloApp1],
  ['hello-app-2', helloApp2],
  ['hello-openshift', helloOpenshift],
  ['hexdump', hexdump],
  ['host', hostCommand],
  ['hostname', hostname],
  ['http-echo', httpEcho],
  ['httpd', httpd24],
  ['id', id],
  ['join', join],
  ['jq', jq],
  ['kill', kill],
  ['less', less],
  ['liveness', livenessServer],
  ['ln', ln],
  ['ls', ls],
  ['md5sum', checksum],
  ['mkdir', mkdir],
  ['mkfifo', mkfifo],
  ['mknod', mknod],
  ['mktemp', mktemp],
  ['mongo', mongosh],
  ['mongod', mongod],
  ['mongosh', mongosh],
  ['more', less],
  ['mount', mount],
  ['mv', mv],
  ['mysql', mysql],
  ['mysqladmin', mysqladmin],
  ['mysqldump', mysqldump],
  ['mysqld', mysqld],
  ['nano', nano],
  ['nc', nc],
  ['wget', wget],
  ['busybox-wget', busyboxWget],
  ['ncat', nc],
  ['nginx', nginx],
  ['nl', nl],
  ['nohup', nohup],
  ['nproc', nproc],
  ['nslookup', nslookup],
  ['busybox-nslookup', busyboxNslookup],
  ['busybox-nslookup-1.28', oldBusyboxNslookup],
  ['od', od],
  ['openssl', openssl],
  ['ovn-nbctl', ovnNbctl],
  ['ovn-sbctl', ovnSbctl],
  ['ovn-trace', ovnTrace],
  ['ovs-ofctl', ovsOfctl],
  ['ovs-vsctl', ovsVsctl],
  ['paste', paste],
  ['pause', pause],
  ['redis-cli', redisCli],
  ['openshift-router', openshiftRouter],
  ['rsyslogd', rsyslogd],
  ['redis-server', redisServer],
  ['pg_isready', pgIsready],
  ['perl', perl],
  ['pgrep', pgrep],
  ['pidof', pidof],
  ['pkill', pgrep],
  ['printenv', printenv],
  ['printf', printf],
  ['ps', ps],
  ['psql', psql],
  ['pwd', pwd],
  ['readlink', readlink],
  ['realpath', realpath],
  ['reset', reset],
  ['rev', rev],
  ['rm', rm],
  ['rmdir', rmdir],
  ['run-mysqld', runMysqld],
  ['run-postgresql', runPostgresql],
  ['rename', rename],
  ['sdiff', sdiff],
  ['sed', sed],
  ['seq', seq],
  ['sh', bash],
  ['b2sum', checksum],
  ['sha1sum', checksum],
  ['sha224sum', checksum],
  ['sha384sum', checksum],
  ['sha256sum', checksum],
  ['sha512sum', checksum],
  ['shuf', shuf],
  ['sleep', sleep],
  ['stress', stress],
  ['strings', strings],
  ['vish-stress', vishStress],
  ['socat', socat],
  ['sort', sort],
  ['split', split],
  ['runcon', runcon],
  ['scp', scp],
  ['ssh', ssh],
  ['ssh-keygen', sshKeygen],
  ['ssh-keyscan', sshKeyscan],
  ['sshd', sshd],
  ['stat', stat],
  ['stty', stty],
  ['su', su],
  ['sudo', sudo],
  ['man', man],
  ['whatis', whatis],
  ['apropos', whatis],
  ['dir', ls],
  ['vdir', ls],
  ['gawk', awk],
  ['tac', tac],
  ['tail', tail],
  ['tar', tar],
  ['tee', tee],
  ['test', test],
  ['timeout', timeout],
  ['top', top],
  ['touch', touch],
  ['tput', tput],
  ['tr', tr],
  ['dd', dd],
  ['file', file],
  ['install', install],
  ['sync', sync],
  ['link', link],
  ['unlink', unlink],
  ['whereis', whereis],
  ['envsubst', envsubst],
  ['factor', factor],
  ['fallocate', fallocate],
  ['look', look],
  ['getconf', getconf],
  ['killall', killall],
  ['locale', locale],
  ['nice', nice],
  ['numfmt', numfmt],
  ['pstree', pstree],
  ['setsid', setsid],
  ['users', users],
  ['uuidgen', uuidgen],
  ['base32', basenc],
  ['basenc', basenc],
  ['cksum', cksum],
  ['csplit', csplit],
  ['fmt', fmt],
  ['hostid', hostid],
  ['pathchk', pathchk],
  ['shred', shred],
  ['stdbuf', stdbuf],
  ['sum', sum],
  ['tsort', tsort],
  ['tree', tree],
  ['true', trueProgram],
  ['truncate', truncate],
  ['tty', tty],
  ['uname', uname],
  ['unexpand', unexpand],
  ['uniq', uniq],
  ['uptime', uptime],
  ['vi', vi],
  ['vim', vi],
  ['logname', logname],
  ['w', w],
  ['watch', watch],
  ['wc', wc],
  ['which', which],
  ['who', who],
  ['whoami', whoami],
  ['whoami-server', traefikWhoami],
  ['xargs', xargs],
  ['xxd', xxd],
  ['yes', yes],
  ['yq', yq],
  ['aks-helloworld', aksHelloworld],
  ['event-simulator', eventSimulator],
  ['loadtest', loadtest],
  ['simple-webapp', simpleWebapp],
  ['webapp-color-1', webappColor1],
  ['webapp-color-2', webappColor2],
  ['webapp-color-3', webappColor3],
  ['http-https-echo', httpHttpsEcho],
  ['ealen-echo', ealenEcho],
  ['jmalloc-echo', jmallocEcho],
  ['kuard', kuard],
  ['podinfo', podinfo],
  ['httpbin', httpbin],
  ['hello-kubernetes', helloKubernetes],
  ['rancher-hello', rancherHello],
  ['tutum-hello', tutumHello],
  ['default-backend', defaultBackend],
  ['versioned-hello-1.0', versionedHello10],
  ['versioned-hello-1.1', versionedHello11],
  ['long-load', longLoad],
  ['quarkus-demo', quarkusDemo],
  ['myboot', myboot],
  ['mynode', mynode],
  ['mypython', mypython],
  ['mygo', mygo],
  ['goproxy', goproxy],
  ['node', node],
  ['ruby', ruby],
  ['irb', ruby],
  ['php', php],
  ['java', java],
  ['jshell', java],
  ['go', go],
  ['memcached', memcached],
  ['wordpress', wordpress],
  ['adminer', adminer],
  ['phpmyadmin', phpmyadmin],
  ['gitlab', gitlab],
  ['etcd', etcd],
  ['crictl', crictl],
  ['kubeadm', kubeadm],
  ['systemctl', systemctl],
  ['journalctl', journalctl],
  ['control-plane', controlPlane],
  ['rabbitmq', rabbitmq],
  ['tomcat', tomcat],
  ['node-exporter', nodeExporter],
  ['metrics-server', metricsServer],
  ['fluentd', fluentd],
  ['prometheus', prometheus],
  ['grafana', grafana],
  ['elasticsearch', elasticsearch],
  ['influxdb', influxdb],
  ['consul', consul],
  ['vault', vault],
  ['jenkins', jenkins],
  ['bitnami-mysql', bitnamiMysql],
  ['bitnami-mariadb', bitnamiMariadb],
  ['rollouts-demo', rolloutsDemo],
  ['voting-app', votingApp],
  ['dockercoins-rng', rng],
  ['dockercoins-hasher', hasher],
  ['dockercoins-worker', worker],
  ['dockercoins-webui', webui],
  ['webcolor', webcolor],
  ['kubia', kubia],
  ['kubia-1', kubia1],
  ['kubia-2', kubia2],
  ['kubia-3', kubia3],
  ['kubia-4', kubia4],
  ['kubia-unhealthy', kubiaUnhealthy],
  ['kubia-pet', kubiaPet],
  ['fortune', fortune],
  ['counting-service', countingService],
  ['dashboard-service', dashboardService],
  ['parksmap', parksmap],
  ['nationalparks', nationalparks],
  ['exoplanets', exoplanets],
  ['php-apache', phpApache],
  ['apt', apt],
  ['apt-get', apt],
  ['apk', apk],
  ['dnf', dnf],
  ['yum', dnf],
  ['microdnf', dnf],
  ['lsof', lsof],
  ['rabbitmq-diagnostics', rabbitmqDiagnostics],
  ['etcdctl', etcdctl],
  ['busybox', busybox],
  ['zcat', gzip],
]);
