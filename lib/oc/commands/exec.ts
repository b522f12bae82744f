// oc exec: runs a command in a container.
import type { Cli, Command } from '../cli';
import { ApiError, CliError, throwAll } from '../errors';
import type { Dyn } from '../object';
import { chooseContainer, findPod } from '../resources/pods';
import { select } from '../resources/select';
import { isTerminal } from '../terminal/prompt';
import { runRemote } from '../terminal/remote';

export const exec: Command = {
  path: 'exec',
  async run(cli) {
    const { flags, args, dash } = cli;
    const [file] = flags.list('filename');
    if (file) return execByFile(cli, file);
    if (args.length === 0 || dash === 0) throw new CliError('pod, type/name or --filename must be specified');
    const [target = '', ...command] = args;
    if (command.length > 0 && dash < 0)
      throw cli.usage('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead');
    if (command.length === 0) throw new CliError('you must specify at least one command for the container');
    const pod = await findPod(cli, target, flags.duration('pod-running-timeout'));
    await execIn(cli, pod, command, {
      container: flags.str('container'),
      stdin: flags.bool('stdin'),
      tty: flags.bool('tty'),
      quiet: flags.bool('quiet'),
    });
  },
};

/** The pod is what a file names; all words are the command. */
async function execByFile(cli: Cli, file: string): Promise<void> {
  const { flags } = cli;
  const { infos, errors } = await select(cli, { args: [], filenames: [file] });
  throwAll(errors);
  const [info] = infos;
  if (!info) throw new CliError(`no objects passed to exec`);
  if (cli.args.length === 0) throw new CliError('you must specify at least one command for the container');
  const pod = await findPod(cli, `${info.resource.name}/${info.name}`, flags.duration('pod-running-timeout'));
  await execIn(cli, pod, cli.args, {
    container: flags.str('container'),
    stdin: flags.bool('stdin'),
    tty: flags.bool('tty'),
    quiet: flags.bool('quiet'),
  });
}

export interface ExecOptions {
  container?: string;
  stdin: boolean;
  tty: boolean;
  quiet?: boolean;
}

/** Runs a command in a pod with this process's own streams. */
export async function execIn(cli: Cli, pod: Dyn, command: string[], options: ExecOptions): Promise<void> {
  const { name, namespace } = pod.metadata;
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed')
    throw new CliError(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`);
  const container = options.container || (await chooseContainer(cli, pod, '', options.quiet));
  if (
    ![...pod.spec.containers, ...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])].some(
      (one: Dyn) => one.name === container,
    )
  )
    throw new ApiError({ reason: 'BadRequest', message: `container ${container} is not valid for pod ${name}` });
  const tty = options.tty && (await usableTerminal(cli, options));
  await runRemote(
    cli,
    `/api/v1/namespaces/${namespace}/pods/${name}/exec`,
    [...command.map((word) => ['command', word] as [string, string]), ['container', container]],
    { stdin: options.stdin, tty },
  );
}

/** A terminal is only asked for where there is one here. */
async function usableTerminal(cli: Cli, options: { stdin: boolean; quiet?: boolean }): Promise<boolean> {
  if (!options.stdin) return false;
  if (isTerminal(cli.proc)) return true;
  if (!options.quiet) await cli.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
  return false;
}
