// oc rsh: a shell in a container.
import type { Command } from '../cli';
import { boolFlag, durationFlag, stringFlag } from '../flags/spec';
import { findPod } from '../resources/pods';
import { isTerminal } from '../terminal/prompt';
import { execIn } from './exec';

export const rsh: Command = {
  path: 'rsh',
  only: 'oc',
  flagsFirst: true,
  help: {
    usage: 'oc rsh [-c CONTAINER] [flags] (POD | TYPE/NAME) COMMAND [args...] [options]',
    flags: [
      stringFlag('container', 'The container to use.', { short: 'c' }),
      boolFlag('no-tty', 'Without a terminal.', { short: 'T' }),
      boolFlag('tty', 'With a terminal, whatever standard input is.', { short: 't' }),
      stringFlag('shell', 'The shell to run.', { value: '/bin/sh' }),
      durationFlag('pod-running-timeout', 'How long to wait for the pod.', { value: '1m0s' }),
      stringFlag('filename', 'A file that names the object.', { short: 'f' }),
    ],
  },
  async run(cli) {
    const { flags } = cli;
    const [target, ...command] = cli.args;
    if (!target || cli.dash >= 0 || target === '--' || command[0] === '--') throw cli.usage(USAGE);
    if (flags.bool('tty') && flags.bool('no-tty')) throw cli.usage('you may not specify -t and -T together');
    const tty = flags.bool('tty') || (!flags.bool('no-tty') && isTerminal(cli.proc));
    const pod = await findPod(cli, target, flags.duration('pod-running-timeout'));
    const words = command.length > 0 ? command : [flags.str('shell')];
    if (words.length === 1 && words[0] === '/bin/sh')
      words.push('-c', `TERM="${cli.proc.env['TERM'] || 'xterm'}" /bin/sh`);
    await execIn(cli, pod, words, { container: flags.str('container'), stdin: true, tty });
  },
};

const USAGE = `expected 'rsh [-c CONTAINER] [flags] (POD | TYPE/NAME) COMMAND [args...]'.
POD or TYPE/NAME is a required argument for the rsh command`;
