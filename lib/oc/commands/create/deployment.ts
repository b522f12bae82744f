// oc create deployment.
import type { Command } from '../../cli';
import { CliError } from '../../errors';
import { generate, metadata, oneName } from '../../resources/generate';

export const createDeployment: Command = {
  path: 'create deployment',
  required: ['image'],
  async run(cli) {
    const name = oneName(cli);
    const images = cli.flags.list('image');
    const command = cli.args.slice(1);
    if (images.length > 1 && command.length > 0)
      throw new CliError('cannot specify multiple --image options and command');
    const port = cli.flags.int('port');
    const labels = { app: name };
    const containers = images.map((image, i) => ({
      image,
      name: containerName(image, () => cli.proc.machine.random.suffix(5)),
      ...(command.length > 0 ? { command } : {}),
      ...(i === 0 && port >= 0 ? { ports: [{ containerPort: port }] } : {}),
      resources: {},
    }));
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata(cli, name, { labels }),
      spec: {
        replicas: cli.flags.int('replicas'),
        selector: { matchLabels: labels },
        strategy: {},
        template: { metadata: { creationTimestamp: null, labels }, spec: { containers } },
      },
      status: {},
    };
    await generate(cli, deployment, 'failed to create deployment:');
  },
};

/** The last part of an image without its tag; made a valid name with a suffix where it is none. */
function containerName(image: string, suffix: () => string): string {
  const name = (image.split('/').at(-1) as string).replace(/[:@].*$/, '');
  return /[_.]/.test(name) ? `${name.replace(/[_.]/g, '-')}-${suffix()}` : name;
}
