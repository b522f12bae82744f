// What GNU's tools say of themselves: `--version` by the release of the system they stand on, `--help` from the options that
// the program was written with.
// DIFFERS: `--version` ends after its first line; `--help` lists options without saying what each does.
import type { Process } from '../machine/process';
import type { Options } from './getopt';

/** By system: Red Hat Enterprise Linux 8 and 9, Debian 12. */
type Release = 'el8' | 'el9' | 'debian';
type Versions = Record<Release, string>;

const COREUTILS: Versions = { el8: '8.30', el9: '8.32', debian: '9.1' };
const FINDUTILS: Versions = { el8: '4.6.0', el9: '4.8.0', debian: '4.9.0' };
const DIFFUTILS: Versions = { el8: '3.6', el9: '3.7', debian: '3.8' };
const PROCPS: Versions = { el8: '3.3.15', el9: '3.3.17', debian: '4.0.2' };
const UTIL_LINUX: Versions = { el8: '2.32.1', el9: '2.37.4', debian: '2.38.1' };
const GZIP: Versions = { el8: '1.9', el9: '1.12', debian: '1.12' };

const PROCPS_TOOLS = ['free', 'pgrep', 'pkill', 'ps', 'top', 'uptime', 'w', 'watch'];
const UTIL_LINUX_TOOLS = [
  'cal',
  'column',
  'fallocate',
  'hexdump',
  'look',
  'rename',
  'su',
  'logger',
  'lsblk',
  'lscpu',
  'more',
  'rev',
  'script',
  'setsid',
];

const GAWK: Versions = {
  el8: 'GNU Awk 4.2.1, API: 2.0 (GNU MPFR 3.1.6-p2, GNU MP 6.1.2)',
  el9: 'GNU Awk 5.1.0, API: 3.0 (GNU MPFR 4.1.0, GNU MP 6.2.0)',
  debian: 'GNU Awk 5.2.1, API 3.2, PMA Avon 8-g1, (GNU MPFR 4.2.0, GNU MP 6.2.1)',
};

/** The first line, without the copyright and the licence that follow. */
const FIRST_LINE: Record<string, (release: Release) => string> = {
  awk: (at) => (at === 'debian' ? 'mawk 1.3.4 20200120' : GAWK[at]),
  gawk: (at) => GAWK[at],
  cmp: (at) => `cmp (GNU diffutils) ${DIFFUTILS[at]}`,
  sdiff: (at) => `sdiff (GNU diffutils) ${DIFFUTILS[at]}`,
  man: (at) => `man ${{ el8: '2.7.6.1', el9: '2.9.3', debian: '2.11.2' }[at]}`,
  diff: (at) => `diff (GNU diffutils) ${DIFFUTILS[at]}`,
  find: (at) => `find (GNU findutils) ${FINDUTILS[at]}`,
  grep: (at) => `grep (GNU grep) ${{ el8: '3.1', el9: '3.6', debian: '3.8' }[at]}`,
  gunzip: (at) => `gunzip (gzip) ${GZIP[at]}`,
  gzip: (at) => `gzip ${GZIP[at]}`,
  hostname: (at) => `hostname ${{ el8: '3.20', el9: '3.23', debian: '3.23' }[at]}`,
  jq: () => 'jq-1.6',
  less: (at) => `less ${{ el8: '530', el9: '590', debian: '590' }[at]} (PCRE2 regular expressions)`,
  sed: (at) => `sed (GNU sed) ${{ el8: '4.5', el9: '4.8', debian: '4.9' }[at]}`,
  tar: (at) => `tar (GNU tar) ${{ el8: '1.30', el9: '1.34', debian: '1.34' }[at]}`,
  which: (at) => `GNU which v${{ el8: '2.21', el9: '2.21', debian: '2.21' }[at]}`,
  xargs: (at) => `xargs (GNU findutils) ${FINDUTILS[at]}`,
  yq: () => 'yq (https://github.com/mikefarah/yq/) version v4.44.3',
  ...Object.fromEntries(PROCPS_TOOLS.map((name) => [name, (at: Release) => `${name} from procps-ng ${PROCPS[at]}`])),
  ...Object.fromEntries(
    UTIL_LINUX_TOOLS.map((name) => [name, (at: Release) => `${name} from util-linux ${UTIL_LINUX[at]}`]),
  ),
};

/** What stands behind the options; `[FILE]...` where nothing else is said. */
const OPERANDS: Record<string, string> = {
  chmod: 'MODE[,MODE]... FILE...',
  chown: '[OWNER][:[GROUP]] FILE...',
  cp: 'SOURCE... DIRECTORY',
  date: '[+FORMAT]',
  diff: 'FILES',
  env: '[NAME=VALUE]... [COMMAND [ARG]...]',
  free: '',
  grep: 'PATTERNS [FILE]...',
  hostname: '',
  id: '[USER]...',
  ln: 'TARGET... DIRECTORY',
  mkdir: 'DIRECTORY...',
  mkfifo: 'NAME...',
  mknod: 'NAME TYPE [MAJOR MINOR]',
  mktemp: '[TEMPLATE]',
  mv: 'SOURCE... DIRECTORY',
  ps: '',
  rmdir: 'DIRECTORY...',
  sed: '{script-only-if-no-other-script} [input-file]...',
  seq: 'LAST',
  sleep: 'NUMBER[SUFFIX]...',
  timeout: 'DURATION COMMAND [ARG]...',
  tr: 'STRING1 [STRING2]',
  uname: '',
  watch: 'command',
  xargs: 'COMMAND [INITIAL-ARGS]...',
};

/** Answers `--help` or `--version`, which getopt found. */
export async function about(proc: Process, { about, known = [] }: Options): Promise<number> {
  if (about === 'version') return version(proc);
  const operands = OPERANDS[proc.name] ?? '[FILE]...';
  const lines = known.map((option) => `  ${option}\n`).join('');
  await proc.print(`Usage: ${`${proc.name} [OPTION]... ${operands}`.trimEnd()}\n\nOptions:\n${lines}`);
  return 0;
}

/** `NAME --version`. */
export async function version(proc: Process): Promise<number> {
  const release = releaseOf(proc);
  const line = FIRST_LINE[proc.name]?.(release) ?? `${proc.name} (GNU coreutils) ${COREUTILS[release]}`;
  await proc.print(`${line}\n`);
  return 0;
}

function releaseOf(proc: Process): Release {
  const text = proc.files.exists('/etc/os-release')
    ? new TextDecoder().decode(proc.files.readBytes('/etc/os-release'))
    : '';
  if (/^ID(_LIKE)?="?debian/m.test(text)) return 'debian';
  return /^VERSION_ID="?8/m.test(text) ? 'el8' : 'el9';
}
