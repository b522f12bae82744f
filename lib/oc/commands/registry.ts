// oc registry info: where the integrated registry is, going by the image streams. openshift/oc pkg/cli/registry/info.
import type { Command } from '../cli';
import { CliError } from '../errors';
import { boolFlag } from '../flags/spec';
import type { Dyn } from '../object';

export const registryInfo: Command = {
  path: 'registry info',
  only: 'oc',
  help: {
    usage: 'oc registry info [options]',
    flags: [
      boolFlag('check', 'Also try to reach it.'),
      boolFlag('internal', 'The name inside the cluster.'),
      boolFlag('public', 'The name outside the cluster.'),
      boolFlag('quiet', 'Print nothing.', { short: 'q' }),
    ],
  },
  async run(cli) {
    const { flags } = cli;
    if (flags.bool('internal') && flags.bool('public'))
      throw new CliError('only one of --internal and --public may be specified at a time');
    if (flags.bool('check')) throw new CliError('not supported: oc registry info --check');
    const streams: Dyn[] = [];
    for (const namespace of ['openshift', cli.namespace])
      streams.push(
        ...((await cli.client.json('GET', `/apis/image.openshift.io/v1/namespaces/${namespace}/imagestreams`))
          .items as Dyn[]),
      );
    if (streams.length === 0)
      throw new CliError('no image streams could be located to retrieve the integrated registry hostname');
    const host = (field: string) =>
      streams.map(({ status }) => status?.[field]?.split('/')[0]).find((text) => text !== undefined);
    const [inside, outside] = [host('dockerImageRepository'), host('publicDockerImageRepository')];
    if (flags.bool('public') && !outside) throw new CliError('registry does not have a public hostname');
    const shown = flags.bool('internal') ? inside : (outside ?? inside);
    if (!shown) throw new CliError('the integrated registry has not been configured');
    if (!flags.bool('quiet')) await cli.out(`${shown}\n`);
  },
};
