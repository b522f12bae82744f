// oc scale: the number of pods of a workload.
import type { Command } from '../cli';
import { ApiError, CliError, throwAll } from '../errors';
import { waitFor } from '../resources/pods';
import { select, selectionOf } from '../resources/select';
import { patchObject, printResult, recordOn } from '../resources/write';

export const scale: Command = {
  path: 'scale',
  required: ['replicas'],
  async run(cli) {
    const { flags } = cli;
    const replicas = flags.int('replicas');
    if (replicas < 0)
      throw new CliError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    const { infos, errors } = await select(cli, selectionOf(cli, { all: false, emptyMeansAll: flags.bool('all') }));
    if (infos.length === 0) throw new CliError('no objects passed to scale');
    for (const info of infos) {
      try {
        const current = flags.int('current-replicas');
        if (flags.changed('current-replicas') && current >= 0 && info.object.spec?.replicas !== current)
          throw new CliError(`Expected replicas to be ${current}, was ${info.object.spec?.replicas}`);
        if (!info.resource.subresources.includes('scale'))
          throw new ApiError({ reason: 'NotFound', message: 'the server could not find the requested resource' });
        if (cli.dryRun !== 'client')
          await patchObject(cli, info, 'merge-patch', { spec: { replicas } }, { subresource: 'scale' });
        if (cli.dryRun !== 'client') await recordOn(cli, info);
        await printResult(
          cli,
          cli.flags.str('output') ? { ...info.object, spec: { ...info.object.spec, replicas } } : info.object,
          'scaled',
        );
        const timeout = flags.duration('timeout');
        if (timeout > 0)
          await waitFor(
            cli,
            info.resource,
            info,
            (object) => object?.status?.replicas === replicas || (replicas === 0 && !object?.status?.replicas),
            timeout,
          );
      } catch (error) {
        if (!(error instanceof ApiError) && !(error instanceof CliError)) throw error;
        errors.push(error);
      }
    }
    throwAll(errors);
  },
};
