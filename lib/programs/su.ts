// su: a shell or a command as another user. Nobody here has a password, so that only root becomes somebody else.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { getopt, type Options } from './getopt';
import { askPassword } from './mysql-client/connect';
import { fail, refused } from './tool';

const REFUSAL_MS = 2000; // what PAM waits before it says no
const PATHS = {
  root: '/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin',
  user: '/usr/local/bin:/bin:/usr/bin',
};

export const su: Program = async (proc) => {
  const argv = proc.argv.map((arg) => (arg === '-' ? '-l' : arg));
  const options = getopt(argv, 'c:flmpg:G:s:w:', {
    'command=': 'c',
    fast: 'f',
    login: 'l',
    'preserve-environment': 'm',
    'group=': 'g',
    'supp-group=': 'G',
    'shell=': 's',
    'session-command=': 'c',
  });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [name = 'root', ...words] = options.rest;
  const user = proc.machine.user(name);
  if (!user || (/^\d+$/.test(name) && user.name !== name))
    return fail(proc, `user ${name} does not exist or the user entry does not contain all the required fields`);
  if (proc.uid !== 0) {
    await askPassword(proc, 'Password: ');
    await proc.machine.clock.sleep(REFUSAL_MS);
    return fail(proc, 'Authentication failure');
  }
  const shell = options.get('s') ?? user.shell;
  const command = options.get('c');
  const argvOfShell = [shell, ...(options.has('l') ? ['-l'] : []), ...(command === undefined ? [] : ['-c', command])];
  try {
    const env = environment(proc, options, { ...user, shell });
    const cwd = options.has('l') && proc.files.exists(user.home) ? user.home : proc.cwd;
    const child = proc.spawn([...argvOfShell, ...words], { env, uid: user.uid, gid: user.gid, cwd });
    return (await child.exited).code;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(proc, `failed to execute ${shell}: ${strerror(error)}`, error.code === 'ENOENT' ? 127 : 126);
  }
};

/** Of a login nothing is kept but the terminal; otherwise home, shell and name are the other's. */
function environment(
  proc: Process,
  options: Options,
  { name, home, shell }: { name: string; home: string; shell: string },
): Record<string, string> {
  if (options.has('l')) {
    const kept = Object.entries(proc.env).filter(([key]) => ['TERM', 'COLORTERM', 'NO_COLOR'].includes(key));
    const PATH = name === 'root' ? PATHS.root : PATHS.user;
    return { ...Object.fromEntries(kept), HOME: home, SHELL: shell, USER: name, LOGNAME: name, PATH };
  }
  if (options.has('m') || options.has('p')) return { ...proc.env };
  const names = name === 'root' ? {} : { USER: name, LOGNAME: name };
  return { ...proc.env, HOME: home, SHELL: shell, ...names };
}
