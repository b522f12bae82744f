// nice, nohup, stdbuf, setsid: a command with something changed about it.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { fail, quote, refused, usage } from './tool';

/** Becomes a command; what cannot be found or run is told as coreutils do. */
async function become(proc: Process, words: string[], message = quote(proc, words[0] ?? '')): Promise<number> {
  const { name } = proc; // it is another's as soon as it becomes another
  try {
    const path = proc.machine.which(proc, words[0] ?? '');
    if (!path) throw new Errno('ENOENT');
    return await proc.exec([path, ...words.slice(1)], words, proc.env);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    await proc.complain(`${name}: ${message}: ${strerror(error)}\n`);
    return error.code === 'ENOENT' ? 127 : 126;
  }
}

const NICEST = 19;
const adjustments = new WeakMap<Process, number>();

/** The niceness of a process: its own, or that of the one it comes from. */
function nicenessOf(proc: Process): number {
  for (let each: Process | undefined = proc; each; each = proc.machine.processes.get(each.ppid)) {
    const own = adjustments.get(each);
    if (own !== undefined) return own;
  }
  return 0;
}

/** DIFFERS: every process has the same share of the simulated processor; the number is kept and changes nothing. */
export const nice: Program = async (proc) => {
  const argv = proc.argv.map((arg, i) => (i > 0 && /^-[-+]?\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg));
  const options = getopt(argv, 'n:', { 'adjustment=': 'n' }, true);
  const bad = await refused(proc, options, 125);
  if (bad !== undefined) return bad;
  const given = options.get('n') ?? '10';
  if (!/^[-+]?\d+$/.test(given)) return fail(proc, `invalid adjustment ${quote(proc, given)}`, 125);
  if (options.rest.length === 0)
    return options.has('n')
      ? usage(proc, 'nice: a command must be given with an adjustment', 125)
      : proc.print(`${nicenessOf(proc)}\n`).then(() => 0);
  const wanted = Math.min(NICEST, Math.max(-NICEST - 1, nicenessOf(proc) + Number(given)));
  if (Number(given) < 0 && proc.uid !== 0) await fail(proc, 'cannot set niceness: Permission denied');
  else adjustments.set(proc, wanted);
  return become(proc, options.rest);
};

/** Programs here write what they have at once: there is no buffer to set. */
export const stdbuf: Program = async (proc) => {
  const options = getopt(proc.argv, 'e:i:o:', { 'error=': 'e', 'input=': 'i', 'output=': 'o' }, true);
  const bad = await refused(proc, options, 125);
  if (bad !== undefined) return bad;
  if (options.get('i') === 'L') return usage(proc, 'stdbuf: line buffering stdin is meaningless', 125);
  const modes = ['e', 'i', 'o'].flatMap((letter) => options.all(letter));
  const wrong = modes.find((mode) => !/^(L|\d+([kKMGT](B|iB)?)?)$/.test(mode));
  if (wrong !== undefined) return fail(proc, `invalid mode ${quote(proc, wrong)}`, 125);
  const [name] = options.rest;
  if (name === undefined) return usage(proc, 'stdbuf: missing operand', 125);
  if (modes.length === 0) return usage(proc, 'stdbuf: you must specify a buffering mode option', 125);
  return become(proc, options.rest, `failed to run command ${quote(proc, name)}`);
};

export const setsid: Program = async (proc) => {
  const options = getopt(proc.argv, 'cfw', { ctty: 'c', fork: 'f', wait: 'w' }, true);
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [name] = options.rest;
  if (name === undefined) return usage(proc, 'setsid: no command specified');
  try {
    return (await proc.spawn(options.rest, { session: {} }).exited).code;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(proc, `failed to execute ${name}: ${strerror(error)}`, error.code === 'ENOENT' ? 127 : 126);
  }
};

export const nohup: Program = async (proc) => {
  const [, ...words] = proc.argv;
  const [name] = words;
  if (name === undefined) return usage(proc, 'nohup: missing operand', 125);
  if (proc.stdout.terminal) {
    await proc.complain("nohup: ignoring input and appending output to 'nohup.out'\n");
    const file = proc.files.open('nohup.out', { write: true, append: true, create: true });
    for (const fd of [1, 2]) {
      proc.close(fd);
      proc.fds.set(fd, file.share());
    }
    file.release();
  }
  proc.ignore('SIGHUP');
  try {
    return (await proc.spawn(words, { inheritIgnored: true }).exited).code;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(
      proc,
      `failed to run command ${quote(proc, name)}: ${strerror(error)}`,
      error.code === 'ENOENT' ? 127 : 126,
    );
  }
};
