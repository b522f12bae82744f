// oc attach: joins the running process of a container.
import type { Cli, Command } from '../cli';
import { CliError } from '../errors';
import type { Dyn } from '../object';
import { chooseContainer, findPod } from '../resources/pods';
import { isTerminal } from '../terminal/prompt';
import { runRemote } from '../terminal/remote';

export const attach: Command = {
  path: 'attach',
  async run(cli) {
    const { flags, args } = cli;
    if (args.length === 0) throw new CliError('at least 1 argument is required for attach');
    if (args.length > 1)
      throw new CliError(
        `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
      );
    const pod = await findPod(cli, args[0] as string, flags.duration('pod-running-timeout'));
    await attachTo(cli, pod, {
      container: flags.str('container'),
      stdin: flags.bool('stdin'),
      tty: flags.bool('tty'),
      quiet: flags.bool('quiet'),
    });
  },
};

export interface AttachOptions {
  container?: string;
  stdin: boolean;
  tty: boolean;
  quiet: boolean;
}

/** Joins a running pod, with the words that kubectl says around it. */
export async function attachTo(cli: Cli, pod: Dyn, options: AttachOptions): Promise<void> {
  const { name, namespace } = pod.metadata;
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed')
    throw new CliError(`cannot attach a container in a completed pod; current phase is ${pod.status.phase}`);
  const containerName = await chooseContainer(cli, pod, options.container ?? '', options.quiet).catch(
    (error: Error) => {
      throw new CliError(`cannot attach to the container: ${error.message}`);
    },
  );
  const container = [...pod.spec.containers, ...(pod.spec.ephemeralContainers ?? [])].find(
    (c: Dyn) => c.name === containerName,
  );
  let { tty } = options;
  if (tty && !container?.tty) {
    tty = false;
    if (!options.quiet) await cli.err(`error: Unable to use a TTY - container ${containerName} did not allocate one\n`);
  } else if (!tty && container?.tty) tty = true;
  const raw = tty && options.stdin && isTerminal(cli.proc);
  if (tty && options.stdin && !raw && !options.quiet)
    await cli.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
  if (!options.quiet) await cli.err("If you don't see a command prompt, try pressing enter.\n");
  await runRemote(cli, `/api/v1/namespaces/${namespace}/pods/${name}/attach`, [['container', containerName]], {
    stdin: options.stdin,
    tty: raw || (tty && !options.stdin),
  });
  if (!options.quiet && options.stdin && raw && (pod.spec.restartPolicy ?? 'Always') === 'Always')
    await cli.out(
      `Session ended, resume using '${cli.program} attach ${name} -c ${containerName} -i -t' command when the pod is running\n`,
    );
}
