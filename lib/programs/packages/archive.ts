// Packages that a container can install: each brings commands that are there anyway among the programs.
// DIFFERS: they come without a network, so a policy that forbids it is not noticed.
import { binary } from '../../machine/machine';
import type { Process } from '../../machine/process';

export interface Package {
  commands: string[];
  /** As Debian 12 has it; Alpine and Red Hat show it with their own ends. */
  version: string;
  /** Kilobytes to fetch. */
  size: number;
}

type Row = [names: string, commands: string, version: string, size: number];

const DEBIAN: Row[] = [
  ['gettext-base gettext', 'envsubst', '0.21', 159],
  ['psmisc', 'killall pstree', '23.6', 259],
  ['file', 'file', '5.44', 47],
  ['iputils-ping', 'ping ping6', '20221126', 47],
  ['iputils-tracepath', 'tracepath', '20221126', 16],
  ['dnsutils bind9-dnsutils', 'dig nslookup host', '9.18.28', 403],
  ['bind9-host', 'host', '9.18.28', 305],
  ['iproute2', 'ip ss', '6.1.0', 1046],
  ['procps', 'ps top free uptime watch pgrep pkill sysctl', '4.0.2', 709],
  ['netcat-openbsd netcat-traditional netcat', 'nc', '1.219', 41],
  ['vim vim-tiny', 'vi vim', '9.0.1378', 1567],
  ['mtr-tiny mtr', 'mtr', '0.95', 60],
  ['default-mysql-client mariadb-client mysql-client', 'mysql mysqladmin mysqldump', '10.11.6', 2906],
  ['redis-tools', 'redis-cli', '7.0.15', 989],
  ['telnet inetutils-telnet', 'telnet', '0.17', 29],
  ['python3', 'python3', '3.11.2', 26],
];
const ALPINE: Row[] = [
  ['gettext gettext-envsubst', 'envsubst', '0.22.5', 60],
  ['psmisc', 'killall pstree', '23.7', 200],
  ['file', 'file', '5.45', 40],
  ['iputils iputils-ping', 'ping ping6 tracepath', '20240117', 40],
  ['bind-tools', 'dig nslookup host', '9.18.27', 190],
  ['iproute2', 'ip ss', '6.9.0', 480],
  ['procps procps-ng', 'ps top free uptime watch pgrep pkill sysctl', '4.0.4', 140],
  ['netcat-openbsd', 'nc', '1.226', 30],
  ['vim', 'vi vim', '9.1.0707', 1100],
  ['mtr', 'mtr', '0.95', 60],
  ['mysql-client mariadb-client', 'mysql mysqladmin mysqldump', '10.11.8', 1900],
  ['redis', 'redis-cli redis-server', '7.2.5', 900],
  ['busybox-extras', 'telnet', '1.36.1', 60],
  ['python3', 'python3', '3.12.7', 9000],
];
const REDHAT: Row[] = [
  ['gettext', 'envsubst', '0.21', 1100],
  ['psmisc', 'killall pstree', '23.4', 250],
  ['file', 'file', '5.39', 50],
  ['iputils', 'ping ping6 tracepath', '20210202', 180],
  ['bind-utils', 'dig nslookup host', '9.16.23', 210],
  ['iproute', 'ip ss', '6.2.0', 800],
  ['procps-ng', 'ps top free uptime watch pgrep pkill sysctl', '3.3.17', 350],
  ['nmap-ncat nc', 'nc ncat', '7.92', 230],
  ['vim vim-enhanced vim-minimal', 'vi vim', '8.2.2637', 1800],
  ['mtr', 'mtr', '0.94', 80],
  ['mysql mariadb', 'mysql mysqladmin mysqldump', '8.0.36', 2800],
  ['redis', 'redis-cli redis-server', '6.2.7', 1300],
  ['telnet', 'telnet', '0.17', 64],
  ['python3', 'python3', '3.9.18', 28],
  ['hostname', 'hostname', '3.23', 30],
];
const EVERYWHERE: Row[] = [
  ['curl', 'curl', '7.88.1', 315],
  ['wget', 'wget', '1.21.3', 984],
  ['net-tools', 'netstat ifconfig arp route', '2.10', 243],
  ['tcpdump', 'tcpdump', '4.99.3', 470],
  ['traceroute', 'traceroute', '2.1.2', 56],
  ['nmap', 'nmap ncat', '7.93', 1888],
  ['less', 'less', '590', 131],
  ['jq', 'jq', '1.6', 64],
  ['openssl', 'openssl', '3.0.14', 1430],
  ['bash', 'bash', '5.2.15', 1490],
  ['tree', 'tree', '2.1.0', 52],
  ['lsof', 'lsof', '4.95.0', 318],
  ['iptables', 'iptables iptables-save ip6tables', '1.8.9', 365],
  ['conntrack conntrack-tools', 'conntrack', '1.4.7', 33],
  ['ethtool', 'ethtool', '6.1', 197],
  ['postgresql-client postgresql', 'psql pg_isready', '15.8', 1723],
  ['nginx', 'nginx', '1.22.1', 606],
  ['sudo', 'sudo', '1.9.13', 1889],
  ['stress', 'stress', '1.0.7', 18],
  ['ca-certificates', '', '20230311', 153],
  ['tar', 'tar', '1.34', 860],
  ['gzip', 'gzip gunzip zcat', '1.12', 98],
  ['findutils', 'find xargs', '4.9.0', 690],
  ['socat', 'socat', '1.7.4.4', 1380],
  ['file', 'file', '5.44', 96],
  ['nano', 'nano', '7.2', 2871],
  ['git', 'git', '2.39.5', 46000],
  ['man-db', 'man apropos whatis', '2.11.2', 2800],
  ['bc', 'bc', '1.07.1', 234],
];

const tableOf = (...rows: Row[]): ReadonlyMap<string, Package> =>
  new Map(
    rows.flatMap(([names, commands, version, size]) =>
      names.split(' ').map((name) => [name, { commands: commands.split(' ').filter(Boolean), version, size }] as const),
    ),
  );

export const ARCHIVES = {
  debian: tableOf(...EVERYWHERE, ...DEBIAN),
  alpine: tableOf(...EVERYWHERE, ...ALPINE),
  redhat: tableOf(...EVERYWHERE, ...REDHAT),
};

/** Packages that exist, but whose commands are not among the programs here. */
export const UNSUPPORTED =
  /^(htop|strace|iperf3?|make|gcc|build-essential|python3-pip|py3-pip|nodejs|npm|unzip|zip|rsync|openssh(-client|-server|-clients)?|stress-ng|sysstat|gnupg2?|lsb-release|apache2|httpd|httpie|screen|tmux|zsh|fish|emacs|apache2-utils|httpd-tools)$/;

/** Puts a package's commands into /usr/bin. */
export function unpack(proc: Process, { commands }: Package): void {
  for (const command of commands) {
    const { data } = binary(command);
    proc.files.write(`/usr/bin/${command}`, data ?? new Uint8Array(), 0o755);
    proc.files.chmod(`/usr/bin/${command}`, 0o755);
  }
}

/** What is written down of installed packages: a name a line. */
export const installed = (proc: Process, list: string): string[] =>
  proc.files.exists(list) ? proc.files.readText(list).split('\n').filter(Boolean) : [];

export function note(proc: Process, list: string, names: readonly string[]): void {
  proc.files.write(list, `${[...new Set([...installed(proc, list), ...names])].join('\n')}\n`);
}
