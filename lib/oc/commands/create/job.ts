// oc create job: from an image, or from a cron job.
import type { Cli, Command } from '../../cli';
import { CliError, throwAll } from '../../errors';
import type { Dyn } from '../../object';
import { generate, metadata, oneName } from '../../resources/generate';
import { select, selectionOf } from '../../resources/select';

export const createJob: Command = {
  path: 'create job',
  async run(cli) {
    const name = oneName(cli);
    const { flags } = cli;
    const command = cli.args.slice(1);
    const [image, from] = [flags.str('image'), flags.str('from')];
    if ((image === '') === (from === '')) throw new CliError('either --image or --from must be specified');
    if (from && command.length > 0) throw new CliError('cannot specify --from and command');
    const job = from ? await fromCronJob(cli, name, from) : fromImage(cli, name, image, command);
    await generate(cli, job, 'failed to create job:');
  },
};

const fromImage = (cli: Cli, name: string, image: string, command: string[]): Dyn => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: metadata(cli, name),
  spec: {
    template: {
      metadata: { creationTimestamp: null },
      spec: {
        containers: [{ ...(command.length > 0 ? { command } : {}), image, name, resources: {} }],
        restartPolicy: 'Never',
      },
    },
  },
  status: {},
});

async function fromCronJob(cli: Cli, name: string, from: string): Promise<Dyn> {
  const { infos, errors } = await select(cli, selectionOf(cli, { args: [from] }));
  throwAll(errors);
  const [info] = infos;
  if (infos.length !== 1 || !info) throw new CliError('from must be an existing cronjob');
  const { kind, version } = info.resource;
  if (kind !== 'CronJob') throw new CliError(`unknown object type *${version}.${kind}`);
  const cron = info.object;
  const { metadata: own, spec } = cron.spec.jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(cli, name, {
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...own?.annotations },
      ...(own?.labels ? { labels: own.labels } : {}),
      ownerReferences: [
        { apiVersion: 'batch/v1', controller: true, kind: 'CronJob', name: cron.metadata.name, uid: cron.metadata.uid },
      ],
    }),
    spec,
    status: {},
  };
}
