// sudo: a command as another user, for those whom /etc/sudoers names.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { nameOfGroup, nameOfUser } from './stat-text';

const USAGE = `usage: sudo -h | -K | -k | -V
usage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]
usage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user]
            [-u user] [command [arg ...]]
usage: sudo [-ABbEHkNnPS] [-C num] [-D directory]
            [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]
            [-u user] [VAR=value] [-i | -s] [command [arg ...]]
usage: sudo -e [-ABkNnS] [-C num] [-D directory]
            [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]
            [-u user] file ...
`;
const SECURE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export const sudo: Program = async (proc) => {
  const options = getopt(
    proc.argv,
    'AbEHiKklnPSsVvu:g:h:p:U:C:D:T:R:',
    {
      'user=': 'u',
      login: 'i',
      shell: 's',
      list: 'l',
      'non-interactive': 'n',
      'preserve-env': 'E',
      version: 'V',
      help: '?',
    },
    true,
  );
  if (options.error !== undefined) return proc.complain(`${options.error}\n${USAGE}`).then(() => 1);
  if (options.has('V'))
    return proc.print('Sudo version 1.9.5p2\nSudoers policy plugin version 1.9.5p2\n').then(() => 0);
  if (options.has('k') || options.has('K')) return 0;
  const me = nameOfUser(proc, proc.uid);
  const user = proc.machine.user(options.get('u')?.replace(/^#/, '') ?? 'root');
  if (!user)
    return proc
      .complain(`sudo: unknown user ${options.get('u')}\nsudo: error initializing audit plugin sudoers_audit\n`)
      .then(() => 1);
  if (!mayUse(proc, me)) return refuse(proc, me, options.has('l') || options.has('v'));
  if (options.has('v')) return 0;
  if (options.has('l'))
    return proc
      .print(`User ${me} may run the following commands on ${proc.machine.hostname}:\n    (ALL) ALL\n`)
      .then(() => 0);
  const words = [...options.rest];
  const added: Record<string, string> = {};
  for (let at = words[0]?.indexOf('=') ?? -1; at > 0; at = words[0]?.indexOf('=') ?? -1) {
    const word = words.shift() as string;
    added[word.slice(0, at)] = word.slice(at + 1);
  }
  const login = options.has('i');
  if (words.length === 0 && !login && !options.has('s')) return proc.complain(USAGE).then(() => 1);
  const argv =
    login || options.has('s')
      ? [user.shell, ...(login ? ['-l'] : []), ...(words.length > 0 ? ['-c', words.join(' ')] : [])]
      : words;
  const kept = options.has('E')
    ? proc.env
    : Object.fromEntries(
        ['TERM', 'LANG', 'DISPLAY', 'COLORTERM'].flatMap((name) =>
          proc.env[name] === undefined ? [] : [[name, proc.env[name]]],
        ),
      );
  const env = {
    ...kept,
    PATH: SECURE_PATH,
    HOME: user.home,
    USER: user.name,
    LOGNAME: user.name,
    SHELL: user.shell,
    SUDO_USER: me,
    SUDO_UID: String(proc.uid),
    SUDO_GID: String(proc.gid),
    SUDO_COMMAND: argv.join(' '),
    ...added,
  };
  return start(proc, argv, env, user, login ? user.home : proc.cwd);
};

async function start(
  proc: Process,
  argv: string[],
  env: Record<string, string>,
  user: { uid: number; gid: number },
  cwd: string,
): Promise<number> {
  const [name = ''] = argv;
  const path = proc.machine.which(proc, name, SECURE_PATH);
  if (!path) return proc.complain(`sudo: ${name}: command not found\n`).then(() => 1);
  try {
    const child = proc.spawn([path, ...argv.slice(1)], { env, uid: user.uid, gid: user.gid, cwd });
    return (await child.exited).code;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return proc.complain(`sudo: unable to execute ${path}: ${strerror(error)}\n`).then(() => 1);
  }
}

/** Whether a line of /etc/sudoers allows everything to a user or one of its groups. */
function mayUse(proc: Process, me: string): boolean {
  if (proc.uid === 0) return true;
  const groups = [proc.gid, ...proc.machine.groupsOf(proc.uid)].map((gid) => `%${nameOfGroup(proc, gid)}`);
  const lines = (proc.machine.text('/etc/sudoers') ?? '').split('\n').map((line) => line.trim().split(/\s+/));
  return lines.some(([who = '', ...rest]) => (who === me || groups.includes(who)) && rest.at(-1) === 'ALL');
}

async function refuse(proc: Process, me: string, asking: boolean): Promise<number> {
  await proc.complain(
    asking
      ? `Sorry, user ${me} may not run sudo on ${proc.machine.hostname}.\n`
      : `${me} is not in the sudoers file.  This incident will be reported.\n`,
  );
  return 1;
}
