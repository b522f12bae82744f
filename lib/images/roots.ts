// Root file systems of other families: Alpine, BusyBox, Debian, and nearly nothing for single static programs.
import { type Entry, type ImageFiles, imageFilesLater, imageFilesOver } from '../machine/fs';
import { binary } from '../machine/machine';
import { DEVICES, STICKY } from '../machine/rootfs';
import { programs } from '../programs';
import { RELEASE_FILE } from '../programs/release';
import { type Files, NETWORK_COMMANDS, onBoard, UBI_COMMANDS } from './base';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const COMMON: Files = {
  ...DEVICES,
  '/tmp': STICKY,
  '/var/tmp': STICKY,
  '/var/log': null,
  '/run': null,
  '/var/run': { type: 'link', target: '../run', mode: 0o777 },
  '/mnt': null,
  '/opt': null,
  '/home': null,
  '/proc': null,
  '/sys': null,
  '/root': { type: 'dir', mode: 0o700 },
  '/etc/nsswitch.conf': 'hosts:  files dns\n',
};

const without = (list: readonly string[], names: readonly string[]): string[] =>
  list.filter((name) => !names.includes(name));

/** What BusyBox has of the usual commands; `sh` is its ash. */
const APPLETS = [
  ...without(UBI_COMMANDS, [
    'bash',
    'sh',
    'curl',
    'openssl',
    'getent',
    'getconf',
    'locale',
    'numfmt',
    'uuidgen',
    'whereis',
  ]),
  ...['nc', 'nslookup', 'wget', 'ping', 'ping6', 'traceroute', 'telnet', 'ip', 'ifconfig', 'netstat', 'route', 'arp'],
  ...['sysctl', 'vi', 'less', 'killall', 'pstree', 'chroot', 'nsenter', 'pgrep', 'pkill', 'pidof'],
];

const users = (shell: string, more = ''): Files => ({
  '/etc/passwd': {
    data: bytes(
      `root:x:0:0:root:/root:${shell}\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n${more}`,
    ),
    mode: 0o644,
  },
  '/etc/group': 'root:x:0:root\nbin:x:1:root,bin,daemon\ndaemon:x:2:root,bin,daemon\nnobody:x:65534:\n',
});

const inBin = (commands: readonly string[]): Files =>
  Object.fromEntries(
    commands
      .map((name) => [name, programs.has(`busybox-${name}`) ? `busybox-${name}` : name] as const)
      .filter(([, program]) => programs.has(program))
      .map(([name, program]) => [`/bin/${name}`, binary(program)]),
  );

export const alpine = (commands: readonly string[] = [], files: Files = {}, moreUsers = ''): ImageFiles =>
  imageFilesLater(() => ({
    ...COMMON,
    ...inBin(APPLETS),
    '/bin/sh': binary('ash'),
    '/bin/ash': binary('ash'),
    '/bin/busybox': binary('busybox'),
    ...onBoard(commands),
    ...users('/bin/ash', moreUsers),
    '/etc/alpine-release': '3.20.3\n',
    '/etc/os-release':
      'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n',
    '/sbin/apk': binary('apk'),
    '/etc/apk': null,
    '/usr/bin': null,
    '/usr/sbin': null,
    '/usr/local/bin': null,
    ...files,
  }));

export const busyboxRoot = (files: Files = {}, moreUsers = ''): ImageFiles =>
  imageFilesLater(() => ({
    ...COMMON,
    ...inBin(APPLETS),
    '/bin/sh': binary('ash'),
    '/bin/ash': binary('ash'),
    '/bin/busybox': binary('busybox'),
    ...users('/bin/sh', moreUsers),
    ...files,
  }));

export const debian = (commands: readonly string[] = [], files: Files = {}, moreUsers = ''): ImageFiles =>
  imageFilesLater(() => ({
    ...COMMON,
    ...onBoard([...without(UBI_COMMANDS, ['curl', 'openssl', 'sh']), 'dash', 'apt', 'apt-get', ...commands]),
    '/var/lib/apt/lists': null,
    '/var/lib/dpkg': null,
    '/usr/bin/sh': binary('dash'),
    '/bin': { type: 'link', target: 'usr/bin', mode: 0o777 },
    '/sbin': { type: 'link', target: 'usr/sbin', mode: 0o777 },
    '/usr/sbin': null,
    '/usr/local/bin': null,
    ...users('/bin/bash', moreUsers),
    '/etc/debian_version': '12.7\n',
    '/etc/bash.bashrc': '[ -z "$PS1" ] && return\nPS1=\'\\u@\\h:\\w\\$ \'\n',
    '/etc/os-release':
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL="https://www.debian.org/"\n',
    ...files,
  }));

/** One program and no shell, as images from scratch and distroless ones. */
export const single = (path: string, program: string, files: Files = {}): ImageFiles =>
  imageFilesLater(() => ({
    ...DEVICES,
    '/tmp': STICKY,
    '/proc': null,
    '/sys': null,
    [path]: binary(program),
    ...users('/sbin/nologin'),
    ...files,
  }));

/** A root with further or other files. */
export const withFiles = (root: ImageFiles, files: Files): ImageFiles => imageFilesOver(root, files);

/** The same with its release written down for the program. */
export const releasedFiles = (root: ImageFiles, release: string): ImageFiles =>
  withFiles(root, { [RELEASE_FILE]: release });

/** A directory that group 0 may write, for OpenShift's random users. */
export const groupWritable = (uid = 1001): Partial<Entry> => ({ type: 'dir', mode: 0o775, uid, gid: 0 });

export const TOOLBOX = [...NETWORK_COMMANDS, 'curl', 'bash'];
