// oc project: shows or switches the current project.
import type { Cli, Command } from '../cli';
import { currentContext } from '../client/address';
import { type Kubeconfig, loadConfig, saveConfig } from '../client/kubeconfig';
import { contextNickname, mergeLogin } from '../client/nickname';
import { ApiError, CliError, isReason } from '../errors';
import { boolFlag } from '../flags/spec';
import type { KubeObject } from '../object';

export const project: Command = {
  path: 'project',
  only: 'oc',
  help: {
    usage: 'oc project [NAME] [options]',
    flags: [boolFlag('short', 'If true, display only the project name', { short: 'q' })],
  },
  async run(cli) {
    if (cli.args.length > 1) throw new CliError('Only one argument is supported (project name or context name).');
    const config = loadConfig(cli.proc, cli.flags.str('kubeconfig'));
    const [name] = cli.args;
    return name ? switchTo(cli, config, name) : show(cli, config);
  },
};

async function show(cli: Cli, config: Kubeconfig): Promise<void> {
  const contextName = currentContext(config, cli.flags);
  const context = config.contexts[contextName];
  const current = context?.namespace ?? '';
  const short = cli.flags.bool('short');
  if (!context || !current) {
    if (short) throw new CliError('no project has been set');
    return cli.out('No project has been set. Pass a project name to make that the default.\n');
  }
  try {
    await confirmAccess(cli, current);
  } catch (error) {
    if (!isReason(error, 'Forbidden', 'NotFound')) throw error;
    throw new CliError(
      `you do not have rights to view project "${current}" specified in your config or the project doesn't exist`,
    );
  }
  if (short) return cli.out(`${current}\n`);
  const named = contextName === contextNickname(context) ? '' : ` from context named "${contextName}"`;
  await cli.out(`Using project "${current}"${named} on server "${cli.target.server}".\n`);
}

/** Makes a project, or the context of that name, current. */
export async function switchTo(
  cli: Cli,
  config: Kubeconfig,
  argument: string,
  options: { projectOnly?: boolean; unchecked?: boolean } = {},
): Promise<void> {
  const { server } = cli.target;
  const current = config.contexts[currentContext(config, cli.flags)]?.namespace ?? '';
  let next: Kubeconfig;
  if (!options.projectOnly && config.contexts[argument]) next = { ...config, currentContext: argument };
  else {
    if (!options.unchecked) await mustHaveAccess(cli, config, argument);
    next = mergeLogin(config, { ...(await sessionOf(cli, config)), namespace: argument });
  }
  saveConfig(cli.proc, cli.flags.str('kubeconfig'), next);
  const context = next.contexts[next.currentContext];
  const inUse = context?.namespace ?? '';
  if (cli.flags.has('short') && cli.flags.bool('short')) return cli.out(`${inUse}\n`);
  const usual = context !== undefined && argument === inUse && next.currentContext === contextNickname(context);
  if (!inUse) return cli.out(`Now using context named "${next.currentContext}" on server "${server}".\n`);
  if (current === inUse) return cli.out(`Already on project "${current}" on server "${server}".\n`);
  const named = usual ? '' : ` from context named "${next.currentContext}"`;
  await cli.out(`Now using project "${inUse}"${named} on server "${server}".\n`);
}

/** The running session, as it is written into another context. */
async function sessionOf(cli: Cli, config: Kubeconfig) {
  const { server, user: userName, cluster: clusterName, ca, insecure, token } = cli.target;
  const user = await cli.client.json('GET', '/apis/user.openshift.io/v1/users/~').catch((error: unknown) => {
    throw error instanceof ApiError ? new CliError(`unable to default to a user name: ${error.message}`) : error;
  });
  const cluster = config.clusters[clusterName] ?? {
    ...(ca ? { 'certificate-authority-data': Buffer.from(ca).toString('base64') } : {}),
    ...(insecure ? { 'insecure-skip-tls-verify': true } : {}),
    server,
  };
  return {
    server,
    cluster,
    user: user.metadata.name as string,
    credentials: config.users[userName] ?? (token ? { token } : {}),
  };
}

async function mustHaveAccess(cli: Cli, config: Kubeconfig, name: string): Promise<void> {
  try {
    await confirmAccess(cli, name);
  } catch (error) {
    if (!isReason(error, 'Forbidden', 'NotFound')) throw error;
    let text = isReason(error, 'Forbidden')
      ? `You are not a member of project "${name}".`
      : `A project named "${name}" does not exist on "${cli.target.server}".`;
    const projects = await listProjects(cli);
    if (projects.length === 0)
      text +=
        "\nYou are not a member of any projects. You can request a project to be created with the 'new-project' command.";
    else if (projects.length === 1)
      text += `\nYou have one project on this server: ${displayName(projects[0] as KubeObject)}`;
    else text += `\nYour projects are:${projects.map((one) => `\n* ${displayName(one)}`).join('')}`;
    if (new Set(Object.values(config.clusters).map((cluster) => cluster.server)).size > 1)
      text += "\nTo see projects on another server, pass '--server=<server>'.";
    throw new CliError(text);
  }
}

/** Throws what the server says of the project, unless its namespace can be seen. */
export async function confirmAccess(cli: Cli, name: string): Promise<void> {
  try {
    await cli.client.json('GET', `/apis/project.openshift.io/v1/projects/${name}`);
  } catch (error) {
    if (!isReason(error, 'Forbidden', 'NotFound')) throw error;
    try {
      await cli.client.json('GET', `/api/v1/namespaces/${name}`);
    } catch (second) {
      throw second instanceof ApiError ? error : second;
    }
  }
}

export async function listProjects(cli: Cli): Promise<KubeObject[]> {
  try {
    return (await cli.client.json('GET', '/apis/project.openshift.io/v1/projects')).items;
  } catch (error) {
    if (!isReason(error, 'Forbidden', 'NotFound')) throw error;
    return (await cli.client.json('GET', '/api/v1/namespaces')).items;
  }
}

export function displayName({ metadata }: KubeObject): string {
  const display = metadata.annotations?.['openshift.io/display-name'] || metadata.annotations?.['displayName'];
  return display && display !== metadata.name ? `${display} (${metadata.name})` : metadata.name;
}
