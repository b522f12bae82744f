// The workstation: the student's machine beside the cluster, on the machine network.

import { NETWORK_COMMANDS, UBI_COMMANDS } from '../images/base';
import { type Entry, type ImageFiles, imageFiles } from '../machine/fs';
import { binary, type Programs } from '../machine/machine';
import { DEVICES, STICKY } from '../machine/rootfs';
import { type Certificate, toPem } from '../machine/tls';
import { privateText, publicLine, WORKSTATION_KEY } from '../programs/ssh/keys';
import type { SandboxSpec } from './spec';

export const STUDENT = { name: 'student', uid: 1000, gid: 1000, home: '/home/student' };

const PASSWD = `root:x:0:0:root:/root:/bin/bash
bin:x:1:1:bin:/bin:/sbin/nologin
daemon:x:2:2:daemon:/sbin:/sbin/nologin
mail:x:8:12:mail:/var/spool/mail:/sbin/nologin
nobody:x:65534:65534:Kernel Overflow User:/:/sbin/nologin
sshd:x:74:74:Privilege-separated SSH:/usr/share/empty.sshd:/sbin/nologin
student:x:1000:1000:Student User:/home/student:/bin/bash
`;

const GROUP = `root:x:0:
bin:x:1:
daemon:x:2:
mail:x:12:
wheel:x:10:student
nobody:x:65534:
student:x:1000:
`;

const OS_RELEASE = `NAME="Red Hat Enterprise Linux"
VERSION="9.4 (Plow)"
ID="rhel"
ID_LIKE="fedora"
VERSION_ID="9.4"
PLATFORM_ID="platform:el9"
PRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"
`;

/** Ubuntu's first user on the nodes of plain Kubernetes, so that `ssh node01` works as courses have it. */
const NODES = 'Host controlplane node*\n  User ubuntu\n  StrictHostKeyChecking accept-new\n';
const KEY_COMMENT = 'student@workstation';

const BASHRC = `# .bashrc
PS1='[\\u@\\h \\W]\\$ '
alias ll='ls -l --color=auto'
alias ls='ls --color=auto'
`;

const BASH_PROFILE = `# .bash_profile
if [ -f ~/.bashrc ]; then
	. ~/.bashrc
fi
`;

/** What is on board besides the commands of every RHEL and the network tools: clients, editors, and the cluster's own. */
const CLIENTS =
  'apropos bc cal chcon chgrp chroot cmp column comm createdb createuser dir dnf dropdb dropuser envsubst expand fallocate file fold gawk git groups hexdump join kubectl killall lab logname look lsof man mongosh mysql mysqladmin mysqldump nano nohup nsenter oc perl pg_isready pgrep pidof pkill psql pstree python3 redis-cli rename reset runcon scp sdiff ssh ssh-keygen ssh-keyscan strings su sudo tcptraceroute tput tree truncate unexpand vdir vim w whatis xxd yq yum'.split(
    ' ',
  );
const ON_BOARD: ReadonlySet<string> = new Set([...UBI_COMMANDS, ...NETWORK_COMMANDS, ...CLIENTS]);

const filesOf = new WeakMap<SandboxSpec, { authority: string; files: ImageFiles }>();

/** The files of a workstation. Copies of a world share them. */
export function workstationFiles(
  spec: SandboxSpec,
  programs: Programs,
  authority: Certificate,
  dnsServer: string,
): ImageFiles {
  const pem = toPem(authority);
  const known = filesOf.get(spec);
  if (known?.authority === pem) return known.files;
  const files = makeFiles(spec, programs, pem, dnsServer);
  filesOf.set(spec, { authority: pem, files });
  return files;
}

function makeFiles(spec: SandboxSpec, programs: Programs, authority: string, dnsServer: string): ImageFiles {
  const owned = (data: string, mode = 0o644): Partial<Entry> => ({
    type: 'file',
    mode,
    uid: STUDENT.uid,
    gid: STUDENT.gid,
    data: new TextEncoder().encode(data),
  });
  const home: Partial<Entry> = { type: 'dir', mode: 0o700, uid: STUDENT.uid, gid: STUDENT.gid };
  const onBoard = (name: string) => ON_BOARD.has(name) && !(name === 'oc' && spec.profile === 'kubernetes');
  const commands = [...programs.keys()].filter(onBoard);
  return imageFiles(
    {
      ...Object.fromEntries(commands.map((name) => [`/usr/bin/${name}`, binary(name)])),
      ...DEVICES,
      '/bin': { type: 'link', target: 'usr/bin', mode: 0o777 },
      '/sbin': { type: 'link', target: 'usr/bin', mode: 0o777 },
      '/usr/sbin': { type: 'link', target: 'bin', mode: 0o777 },
      '/tmp': STICKY,
      '/var/tmp': STICKY,
      '/var/log': null,
      '/run': null,
      '/mnt': null,
      '/opt': null,
      '/proc': null,
      '/sys': null,
      '/root': { type: 'dir', mode: 0o700 },
      '/root/.bashrc': BASHRC,
      '/root/.bash_profile': BASH_PROFILE,
      '/home/student': home,
      '/home/student/.bashrc': owned(BASHRC),
      '/home/student/.bash_profile': owned(BASH_PROFILE),
      '/home/student/.kube': { ...home, mode: 0o755 },
      '/home/student/.ssh': home,
      '/home/student/.ssh/id_ed25519': owned(privateText(WORKSTATION_KEY, KEY_COMMENT), 0o600),
      '/home/student/.ssh/id_ed25519.pub': owned(`${publicLine(WORKSTATION_KEY.blob, KEY_COMMENT)}\n`),
      ...(spec.profile === 'kubernetes' ? { '/home/student/.ssh/config': owned(NODES, 0o600) } : {}),
      '/etc/passwd': PASSWD,
      '/etc/group': GROUP,
      '/etc/os-release': OS_RELEASE,
      '/etc/redhat-release': 'Red Hat Enterprise Linux release 9.4 (Plow)\n',
      '/etc/hostname': 'workstation\n',
      '/etc/hosts': '127.0.0.1   localhost localhost.localdomain\n::1         localhost localhost.localdomain\n',
      '/etc/resolv.conf': `search lab.example.com example.com\nnameserver ${dnsServer}\n`,
      '/etc/nsswitch.conf': 'passwd: files\ngroup:  files\nhosts:  files dns\n',
      '/etc/sudoers': { data: new TextEncoder().encode('root\tALL=(ALL)\tALL\n'), mode: 0o440 },
      '/etc/shells': '/bin/sh\n/bin/bash\n',
      '/etc/services':
        'ssh 22/tcp\ndomain 53/tcp\ndomain 53/udp\nhttp 80/tcp\nhttps 443/tcp\nmysql 3306/tcp\npostgres 5432/tcp\n',
      '/etc/pki/tls/certs/ca-bundle.crt': authority,
    },
    spec.now,
  );
}

/** The environment of the student's login shell; the lab's variables are `$DATABASE_USER` for `database_user`. */
export function studentEnvironment(spec: SandboxSpec): Record<string, string> {
  const shown = Object.entries(spec.variables).filter(([name]) => !spec.hidden?.includes(name));
  const drawn = shown.map(([name, value]) => [name.toUpperCase(), value] as const);
  return {
    HOME: STUDENT.home,
    USER: STUDENT.name,
    LOGNAME: STUDENT.name,
    SHELL: '/bin/bash',
    HOSTNAME: 'workstation',
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin',
    TERM: 'xterm-256color',
    ...Object.fromEntries(drawn),
  };
}
