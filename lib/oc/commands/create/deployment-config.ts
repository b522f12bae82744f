// oc create deploymentconfig. openshift/oc pkg/cli/create/deploymentconfig.go.
import type { Command } from '../../cli';
import { boolFlag, stringFlag } from '../../flags/spec';
import { generate, metadata, oneName } from '../../resources/generate';

export const createDeploymentConfig: Command = {
  path: 'create deploymentconfig',
  only: 'oc',
  required: ['image'],
  help: {
    usage: 'oc create deploymentconfig NAME --image=IMAGE -- [COMMAND] [args...] [options]',
    aliases: ['dc'],
    flags: [
      stringFlag('image', 'The image to run.'),
      stringFlag('dry-run', 'none, server or client.', { value: 'none', bare: 'unchanged' }),
      stringFlag('output', 'Output format.', { short: 'o' }),
      stringFlag('template', 'The template of -o go-template.'),
      boolFlag('save-config', ''),
      stringFlag('validate', 'How strictly unknown fields are taken: strict, warn or ignore.', {
        value: 'strict',
        bare: 'strict',
      }),
    ],
  },
  async run(cli) {
    const name = oneName(cli);
    const labels = { 'deployment-config.name': name };
    const [args] = [cli.args.slice(1)];
    const config = {
      apiVersion: 'apps.openshift.io/v1',
      kind: 'DeploymentConfig',
      metadata: metadata(cli, name),
      spec: {
        replicas: 1,
        selector: labels,
        strategy: { resources: {} },
        template: {
          metadata: { creationTimestamp: null, labels },
          spec: {
            containers: [
              {
                ...(args.length > 0 ? { args } : {}),
                image: cli.flags.str('image'),
                name: 'default-container',
                resources: {},
              },
            ],
          },
        },
        test: false,
        triggers: null,
      },
      status: {
        availableReplicas: 0,
        latestVersion: 0,
        observedGeneration: 0,
        replicas: 0,
        unavailableReplicas: 0,
        updatedReplicas: 0,
      },
    };
    await generate(cli, config);
  },
};
