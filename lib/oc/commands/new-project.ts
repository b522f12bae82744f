// oc new-project: requests a project and switches to it.
import type { Command } from '../cli';
import { loadConfig } from '../client/kubeconfig';
import { CliError } from '../errors';
import { boolFlag, stringFlag } from '../flags/spec';
import { switchTo } from './project';

const NEXT_STEPS = `
You can add applications to this project with the 'new-app' command. For example, try:

    oc new-app rails-postgresql-example

to build a new example application in Ruby. Or use kubectl to deploy a simple Kubernetes application:

    kubectl create deployment hello-node --image=registry.k8s.io/e2e-test-images/agnhost:2.43 -- /agnhost serve-hostname

`;

export const newProject: Command = {
  path: 'new-project',
  only: 'oc',
  help: {
    usage: 'oc new-project NAME [--display-name=DISPLAYNAME] [--description=DESCRIPTION] [options]',
    flags: [
      stringFlag('display-name', 'Project display name'),
      stringFlag('description', 'Project description'),
      boolFlag(
        'skip-config-write',
        'If true, the project will not be set as a cluster entry in kubeconfig after being created',
      ),
    ],
  },
  async run(cli) {
    const [name] = cli.args;
    if (cli.args.length !== 1 || !name) throw new CliError('must have exactly one argument');
    const { flags, client } = cli;
    await client.json('GET', '/apis/project.openshift.io/v1/projectrequests');
    const request = {
      apiVersion: 'project.openshift.io/v1',
      kind: 'ProjectRequest',
      metadata: { name },
      ...(flags.str('display-name') ? { displayName: flags.str('display-name') } : {}),
      ...(flags.str('description') ? { description: flags.str('description') } : {}),
    };
    const made = await client.json('POST', '/apis/project.openshift.io/v1/projectrequests', { body: request });
    if (flags.bool('skip-config-write'))
      return cli.out(
        `Project "${name}" created on server "${client.server}".\n\nTo switch to this project and start adding applications, use:\n\n    oc project ${name}\n`,
      );
    const config = loadConfig(cli.proc, flags.str('kubeconfig'));
    await switchTo(cli, config, made.metadata.name, { projectOnly: true, unchecked: true });
    await cli.out(NEXT_STEPS);
  },
};
