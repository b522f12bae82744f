// oc projects: the projects of the user, the current one marked.
import type { Command } from '../cli';
import { currentContext } from '../client/address';
import { loadConfig } from '../client/kubeconfig';
import { contextNickname } from '../client/nickname';
import { ApiError, CliError, isReason } from '../errors';
import { boolFlag } from '../flags/spec';
import type { KubeObject } from '../object';
import { confirmAccess, displayName, listProjects } from './project';

export const projects: Command = {
  path: 'projects',
  only: 'oc',
  help: {
    usage: 'oc projects [options]',
    flags: [boolFlag('short', 'If true, display only the project names', { short: 'q' })],
  },
  async run(cli) {
    if (cli.args.length > 0) throw new CliError('no arguments should be passed');
    const config = loadConfig(cli.proc, cli.flags.str('kubeconfig'));
    const contextName = currentContext(config, cli.flags);
    const context = config.contexts[contextName];
    const current = context?.namespace ?? '';
    const short = cli.flags.bool('short');
    const problem = current ? await confirmAccess(cli, current).then(() => undefined, asApiError) : undefined;
    const found = await listProjects(cli);
    const known = current !== '' && problem === undefined;
    await cli.out(`${listing(found, short, known ? current : undefined)}\n`);
    if (found.length === 0 || short) return;
    if (!known) {
      if (isReason(problem, 'Forbidden'))
        await cli.out(`You do not have rights to view project "${current}". Please switch to an existing one.\n`);
      if (problem) throw problem;
      return;
    }
    const named = context && contextName === contextNickname(context) ? '' : ` from context named "${contextName}"`;
    await cli.out(`\nUsing project "${current}"${named} on server "${cli.target.server}".\n`);
  },
};

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  throw error;
}

function listing(found: KubeObject[], short: boolean, current: string | undefined): string {
  const sorted = [...found].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  if (short) return sorted.map((one) => one.metadata.name).join('\n');
  if (sorted.length === 0)
    return "You are not a member of any projects. You can request a project to be created with the 'new-project' command.";
  if (sorted.length === 1) return `You have one project on this server: "${displayName(sorted[0] as KubeObject)}".`;
  const lines = sorted.map((one) => {
    const { name } = one.metadata;
    const mark = current === undefined ? '' : name === current ? '  * ' : '    ';
    const display =
      one.metadata.annotations?.['openshift.io/display-name'] || one.metadata.annotations?.['displayName'];
    return `${mark}${name}${display && display !== name ? ` - ${display}` : ''}`;
  });
  return `You have access to the following projects and can switch between them with 'oc project <projectname>':\n\n${lines.join('\n')}`;
}
