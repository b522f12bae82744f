// BusyBox' applets that do what the GNU tools here do, and tell otherwise what they could not: messages of BusyBox 1.36.
import type { Program } from '../../machine/process';
import { cat } from '../cat';
import { chmod, chown } from '../chmod';
import { cp, mv } from '../copy';
import { find } from '../find';
import { head } from '../head';
import { ls } from '../ls';
import { ln, mkdir, touch } from '../mkdir';
import { mkfifo, mknod } from '../mknod';
import { rm, rmdir } from '../rm';
import { sed } from '../sed';
import { sleep } from '../sleep';
import { sort } from '../sort';
import { tail } from '../tail';
import { du } from '../usage';

export const BANNER = 'BusyBox v1.36.1 (2024-06-10 07:11:47 UTC) multi-call binary.\n\nUsage: ';

/** What GNU says, and what BusyBox says of the same. */
type Saying = [gnu: RegExp, busybox: string];

interface Applet {
  program: Program;
  /** Its options and operands, as its usage line names them. */
  usage: string;
  sayings: Saying[];
  /** Its exit status of every failure, where GNU's tool has finer ones. */
  failure?: number;
}

const APPLETS: Record<string, Applet> = {
  cat: {
    program: cat,
    usage: '[-nbvteA] [FILE]...',
    sayings: [
      [/: .*: Is a directory/, ': read error: Is a directory'],
      [/: (.*): (.*)/, ": can't open '$1': $2"],
    ],
  },
  chmod: {
    program: chmod,
    usage: '[-Rcvf] MODE[,MODE]... FILE...',
    sayings: [
      [/invalid mode: '(.*)'\n.*/, "invalid mode '$1'"],
      [/cannot access '(.*)':/, '$1:'],
      [/changing permissions of '(.*)':/, '$1:'],
    ],
  },
  chown: {
    program: chown,
    usage: '[-RhLHPcvf]... USER[:[GRP]] FILE...',
    sayings: [
      [/invalid user: '(.*)'/, 'unknown user $1'],
      [/invalid group: '(.*)'/, 'unknown group $1'],
      [/cannot access '(.*)':/, '$1:'],
      [/changing ownership of '(.*)':/, '$1:'],
    ],
  },
  cp: {
    program: cp,
    usage: '[-arPLHpfinlsTu] SOURCE DEST',
    sayings: [
      [/-r not specified; /, ''],
      [/cannot open '(.*)' for reading:/, "can't open '$1':"],
      [/cannot create (regular file|directory) /, "can't create "],
      [/cannot /, "can't "],
    ],
  },
  du: { program: du, usage: '[-aHLdclsxhmk] [FILE]...', sayings: [[/cannot access '(.*)':/, '$1:']] },
  find: { program: find, usage: '[-HL] [PATH]... [OPTIONS] [ACTIONS]', sayings: [[/: ['‘](.*)['’]:/, ': $1:']] },
  head: { program: head, usage: '[OPTIONS] [FILE]...', sayings: [[/cannot open '(.*)' for reading:/, '$1:']] },
  ln: {
    program: ln,
    usage: '[-sfnbtv] [-S SUF] TARGET... LINK|DIR',
    sayings: [
      [/failed to access '(.*)':/, '$1:'],
      [/failed to create (?:symbolic|hard) link '(.*?)'(?: => .*)?:/, '$1:'],
    ],
  },
  ls: {
    program: ls,
    usage: '[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...',
    failure: 1,
    sayings: [
      [/cannot open directory '(.*)':/, "can't open '$1':"],
      [/cannot access '(.*)':/, '$1:'],
    ],
  },
  mkdir: { program: mkdir, usage: '[-m MODE] [-p] DIRECTORY...', sayings: [[/cannot /, "can't "]] },
  mkfifo: { program: mkfifo, usage: '[-m MODE] NAME', sayings: [[/cannot create fifo '(.*)':/, '$1:']] },
  mknod: { program: mknod, usage: '[-m MODE] NAME TYPE [MAJOR MINOR]', sayings: [] },
  mv: { program: mv, usage: '[-finT] SOURCE DEST', sayings: [[/cannot (stat|move) /, "can't rename "]] },
  rm: {
    program: rm,
    usage: '[-irf] FILE...',
    sayings: [
      [/cannot remove '(.*)': Is a directory/, "'$1' is a directory"],
      [/cannot /, "can't "],
    ],
  },
  rmdir: { program: rmdir, usage: '[-p] DIRECTORY...', sayings: [[/failed to remove /, '']] },
  sed: {
    program: sed,
    usage: '[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...',
    failure: 1,
    sayings: [[/can't read /, '']],
  },
  sleep: {
    program: sleep,
    usage: '[N]...',
    sayings: [[/invalid time interval '(.*)'\n.*/, "invalid number '$1'"]],
  },
  sort: {
    program: sort,
    usage: '[-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...',
    sayings: [[/(cannot read|open failed): /, '']],
  },
  tail: {
    program: tail,
    usage: '[OPTIONS] [FILE]...',
    sayings: [[/cannot open '(.*)' for reading:/, "can't open '$1':"]],
  },
  touch: {
    program: touch,
    usage: '[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...',
    sayings: [[/cannot touch '(.*)':/, '$1:']],
  },
};

/** A complaint of a GNU tool, as the applet words it. */
function busyboxWords(name: string, { usage, sayings }: Pick<Applet, 'usage' | 'sayings'>, text: string): string {
  const said = sayings.find(([gnu]) => gnu.test(text));
  const own = said ? text.replace(said[0], said[1]) : text;
  const [, problem = '', rest] = /^([\s\S]*?\n)Try '.*\n([\s\S]*)$/.exec(own) ?? [];
  if (rest === undefined) return own;
  const kept = /missing (file |destination file )?operand/.test(problem) ? '' : problem;
  return `${kept}${BANNER}${name} ${usage}\n`;
}

const speaking = (name: string, applet: Applet): Program => {
  const run: Program = async (proc) => {
    const complain = (text: string) => proc.complain(busyboxWords(name, applet, text));
    const own = new Proxy(proc, { get: (of, key) => (key === 'complain' ? complain : Reflect.get(of, key)) });
    const code = await applet.program(own);
    return code !== 0 && applet.failure !== undefined ? applet.failure : code;
  };
  return run;
};

/** The applets by the names of their programs: `busybox-cat`. */
export const applets: [name: string, program: Program][] = Object.entries(APPLETS).map(([name, applet]) => [
  `busybox-${name}`,
  speaking(name, applet),
]);
