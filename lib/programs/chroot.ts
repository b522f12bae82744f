// chroot and nsenter: another root for a command, as `oc debug node/…` wants it.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';

export const chroot: Program = async (proc) => {
  const words = proc.argv.slice(1).filter((word) => !/^--(userspec|groups)=|^--skip-chdir$/.test(word));
  const [dir, ...command] = words;
  if (!dir) {
    await proc.complain("chroot: missing operand\nTry 'chroot --help' for more information.\n");
    return 125;
  }
  const denied = (reason: string) => quit(proc, `chroot: cannot change root directory to '${dir}': ${reason}\n`, 125);
  if (proc.uid !== 0) return denied(new Errno('EPERM').message);
  try {
    const stat = proc.files.stat(dir);
    if (stat.type !== 'dir') throw new Errno('ENOTDIR');
    proc.root = stat.path;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return denied(strerror(error));
  }
  proc.cwd = '/';
  const shell = proc.env['SHELL'] && proc.files.exists(proc.env['SHELL']) ? proc.env['SHELL'] : '/bin/sh';
  return become(proc, 'chroot', command.length > 0 ? command : [shell, '-i']);
};

async function quit(proc: Process, text: string, code: number): Promise<number> {
  await proc.complain(text);
  return code;
}

async function become(proc: Process, name: string, command: string[]): Promise<number> {
  const [first = ''] = command;
  const path = proc.machine.which(proc, first);
  if (!path) return quit(proc, `${name}: failed to run command '${first}': No such file or directory\n`, 127);
  return proc.exec([path, ...command.slice(1)], command, proc.env);
}

/** Namespaces of process 1: a debug pod shares the node's network already, and its files lie under /host. */
export const nsenter: Program = async (proc) => {
  const words = proc.argv.slice(1);
  let withMounts = false;
  while (words[0]?.startsWith('-')) {
    const word = words.shift() as string;
    if (word === '--') break;
    if (word === '-a' || word === '--all' || /^-[a-z]*m/.test(word) || word.startsWith('--mount')) withMounts = true;
    if (word === '-t' || word === '--target') words.shift();
  }
  if (proc.uid !== 0) return quit(proc, 'nsenter: cannot open /proc/1/ns/ipc: Permission denied\n', 1);
  if (withMounts && proc.root === '/' && proc.files.exists('/host')) {
    proc.root = '/host';
    proc.cwd = '/';
  }
  return become(proc, 'nsenter', words.length > 0 ? words : ['/bin/sh']);
};
