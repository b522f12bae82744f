// Root file systems that images stand on: Red Hat's UBI 8 and 9, and an empty one.
import { type Entry, type ImageFiles, imageFilesLater } from '../machine/fs';
import { binary } from '../machine/machine';
import { DEVICES, STICKY } from '../machine/rootfs';
import { programs } from '../programs';
import type { Image } from './image';
import { words } from './tags';

export type Files = Record<string, string | Uint8Array | null | Partial<Entry>>;

const MIB = 1024 * 1024;

/** What the coreutils and util-linux packages of every UBI image bring, as far as it is on board here. */
export const UBI_COMMANDS = [
  'bash',
  'sh',
  '[',
  'arch',
  'awk',
  'base64',
  'basename',
  'base32',
  'basenc',
  'b2sum',
  'cat',
  'chmod',
  'chown',
  'cksum',
  'csplit',
  'clear',
  'cp',
  'curl',
  'cut',
  'date',
  'dd',
  'df',
  'diff',
  'dirname',
  'du',
  'echo',
  'env',
  'expr',
  'factor',
  'false',
  'fmt',
  'find',
  'getent',
  'getconf',
  'grep',
  'egrep',
  'fgrep',
  'gzip',
  'gunzip',
  'zcat',
  'head',
  'hostname',
  'hostid',
  'id',
  'install',
  'kill',
  'ln',
  'locale',
  'ls',
  'md5sum',
  'mkdir',
  'mount',
  'mktemp',
  'more',
  'mv',
  'nl',
  'nice',
  'nproc',
  'numfmt',
  'od',
  'paste',
  'pathchk',
  'printenv',
  'printf',
  'ps',
  'pwd',
  'readlink',
  'realpath',
  'rev',
  'rm',
  'rmdir',
  'sed',
  'seq',
  'setsid',
  'sha1sum',
  'sha224sum',
  'sha384sum',
  'sha256sum',
  'sha512sum',
  'shuf',
  'shred',
  'sleep',
  'sort',
  'split',
  'stty',
  'stat',
  'stdbuf',
  'sum',
  'sync',
  'tac',
  'tail',
  'tar',
  'tee',
  'test',
  'timeout',
  'touch',
  'tr',
  'tsort',
  'true',
  'tty',
  'uname',
  'uniq',
  'link',
  'unlink',
  'users',
  'uuidgen',
  'wc',
  'whereis',
  'which',
  'who',
  'whoami',
  'xargs',
  'yes',
  'openssl',
  'uptime',
  'free',
  'top',
  'watch',
];

/** What a set of network tools adds. */
export const NETWORK_COMMANDS = [
  'nc',
  'ncat',
  'dig',
  'host',
  'nslookup',
  'ip',
  'ss',
  'netstat',
  'ifconfig',
  'ping',
  'ping6',
  'tcpdump',
  'traceroute',
  'tracepath',
  'mtr',
  'arp',
  'route',
  'telnet',
  'nmap',
  'conntrack',
  'bridge',
  'tc',
  'ethtool',
  'iptables',
  'iptables-save',
  'ip6tables',
  'nft',
  'ipset',
  'ipvsadm',
  'sysctl',
  'wget',
  'jq',
  'vi',
  'less',
];

const release = (major: 8 | 9): string =>
  major === 8
    ? 'NAME="Red Hat Enterprise Linux"\nVERSION="8.10 (Ootpa)"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="8.10"\nPLATFORM_ID="platform:el8"\nPRETTY_NAME="Red Hat Enterprise Linux 8.10 (Ootpa)"\n'
    : 'NAME="Red Hat Enterprise Linux"\nVERSION="9.4 (Plow)"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\nPLATFORM_ID="platform:el9"\nPRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"\n';

const PASSWD =
  'root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nnobody:x:65534:65534:Kernel Overflow User:/:/sbin/nologin\n';
const GROUP = 'root:x:0:\nbin:x:1:\ndaemon:x:2:\nnobody:x:65534:\n';

/** Executables under /usr/bin; a command that this product does not have is not found. */
export const onBoard = (commands: readonly string[]): Files =>
  Object.fromEntries(commands.filter((name) => programs.has(name)).map((name) => [`/usr/bin/${name}`, binary(name)]));

/** A UBI root with more commands, files and lines of /etc/passwd. */
export function ubi(major: 8 | 9, commands: readonly string[] = [], files: Files = {}, users = ''): ImageFiles {
  return imageFilesLater(() => ({
    ...DEVICES,
    ...onBoard([...UBI_COMMANDS, ...commands]),
    '/bin': { type: 'link', target: 'usr/bin', mode: 0o777 },
    '/sbin': { type: 'link', target: 'usr/sbin', mode: 0o777 },
    '/usr/sbin': null,
    '/usr/local/bin': null,
    '/tmp': STICKY,
    '/var/tmp': STICKY,
    '/var/lib': null,
    '/var/log': null,
    '/var/run': { type: 'link', target: '../run', mode: 0o777 },
    '/run': null,
    '/mnt': null,
    '/opt': null,
    '/home': null,
    '/proc': null,
    '/sys': null,
    '/root': { type: 'dir', mode: 0o550 },
    '/etc/passwd': { data: new TextEncoder().encode(PASSWD + users), mode: 0o664 },
    '/etc/group': GROUP,
    '/etc/os-release': release(major),
    '/etc/redhat-release':
      major === 8 ? 'Red Hat Enterprise Linux release 8.10 (Ootpa)\n' : 'Red Hat Enterprise Linux release 9.4 (Plow)\n',
    '/etc/nsswitch.conf': 'passwd: files\ngroup:  files\nhosts:  files dns\n',
    ...files,
  }));
}

/** Fills in what most images share. */
export const image = (what: Pick<Image, 'repositories' | 'files'> & Partial<Image>): Image => ({
  tags: words('latest'),
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', container: 'oci' },
  entrypoint: [],
  cmd: ['/bin/bash'],
  user: '0',
  workdir: '/',
  ports: [],
  volumes: [],
  labels: {},
  libc: 'glibc',
  sizeBytes: 80 * MIB,
  ...what,
});

/** A file that is run: a text for the interpreter that its first line names. */
export const script = (text: string) => ({ data: new TextEncoder().encode(text), mode: 0o755 });
