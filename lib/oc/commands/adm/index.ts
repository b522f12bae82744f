// oc adm: kubectl's commands for administrators under another name, and those of OpenShift.
import type { Command } from '../../cli';
import { CliError, isReason } from '../../errors';
import { stringFlag } from '../../flags/spec';
import { kubectlHelp } from '../../help/catalog';
import { cordon, drain, taint, uncordon } from '../nodes';
import { topNode, topPod } from '../top';
import { groupCommands } from './groups';
import { podNetworkCommands } from './pod-network';
import { policyCommands } from './policy';

/** A command of kubectl below `adm`. */
function below(command: Command): Command {
  const help = kubectlHelp(command.path);
  return {
    ...command,
    path: `adm ${command.path}`,
    only: 'oc',
    ...(help ? { help: { ...help, usage: help.usage.replace('kubectl', 'oc adm') } } : {}),
  };
}

const newProject: Command = {
  path: 'adm new-project',
  only: 'oc',
  help: {
    usage: 'oc adm new-project NAME [--display-name=DISPLAYNAME] [--description=DESCRIPTION] [options]',
    flags: [
      stringFlag('display-name', 'The name that is shown.'),
      stringFlag('description', 'What it is for.'),
      stringFlag('node-selector', 'Nodes for its pods.'),
      stringFlag('admin', 'Its administrator.'),
    ],
  },
  async run(cli) {
    const [name] = cli.args;
    if (cli.args.length !== 1 || !name) throw new CliError('you must specify one argument: project name');
    const annotations = Object.fromEntries(
      [
        ['openshift.io/display-name', 'display-name'],
        ['openshift.io/description', 'description'],
        ['openshift.io/node-selector', 'node-selector'],
      ].flatMap(([key = '', flag = '']) => (cli.flags.changed(flag) ? [[key, cli.flags.str(flag)]] : [])),
    );
    const exists = await cli.client.json('GET', `/apis/project.openshift.io/v1/projects/${name}`).then(
      () => true,
      (error: unknown) => {
        if (isReason(error, 'NotFound')) return false;
        throw error;
      },
    );
    if (exists) throw new CliError(`project ${name} already exists`);
    await cli.client.json('POST', '/apis/project.openshift.io/v1/projects', {
      body: { apiVersion: 'project.openshift.io/v1', kind: 'Project', metadata: { annotations, name } },
    });
    await cli.out(`Created project ${name}\n`);
    const admin = cli.flags.str('admin');
    if (!admin) return;
    const rbac = 'rbac.authorization.k8s.io';
    await cli.client.json('POST', `/apis/${rbac}/v1/namespaces/${name}/rolebindings`, {
      body: {
        apiVersion: `${rbac}/v1`,
        kind: 'RoleBinding',
        metadata: { name: 'admin' },
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'admin' },
        subjects: [{ apiGroup: rbac, kind: 'User', name: admin }],
      },
    });
  },
};

export const admCommands: Command[] = [
  ...[cordon, uncordon, drain, taint, topNode, topPod].map(below),
  newProject,
  ...policyCommands,
  ...groupCommands,
  ...podNetworkCommands,
];
