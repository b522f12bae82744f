// oc describe: all about objects.
import type { Cli, Command } from '../cli';
import { describeObject } from '../describe/index';
import { CliError, isReason, throwAll } from '../errors';
import { list, select, selectionOf } from '../resources/select';

export const describe: Command = {
  path: 'describe',
  async run(cli) {
    const { flags } = cli;
    if (cli.args.length === 0 && flags.list('filename').length === 0 && !flags.str('kustomize'))
      throw new CliError(
        `You must specify the type of resource to describe. Use "${cli.program} api-resources" for a complete list of supported resources.`,
      );
    const wanted = selectionOf(cli, { emptyMeansAll: true });
    const found = await select(cli, wanted);
    const missing = found.errors.length > 0 && found.errors.every((error) => isReason(error, 'NotFound'));
    const infos = missing && found.infos.length === 0 ? await byPrefix(cli) : found.infos;
    const errors = missing && infos.length > 0 ? [] : found.errors;
    let first = true;
    for (const info of infos) {
      const text = await describeObject(cli, info, flags.bool('show-events'));
      await cli.out(infos === found.infos ? `${first ? '' : '\n\n'}${text}` : `${text}\n`);
      first = false;
    }
    throwAll(errors);
    if (infos.length === 0)
      await cli.err(
        wanted.allNamespaces ? 'No resources found\n' : `No resources found in ${cli.namespace} namespace.\n`,
      );
  },
};

/** `describe pod db` means all pods whose names begin so, when none is named exactly that. */
async function byPrefix(cli: Cli) {
  const [type = '', prefix] = cli.args;
  if (prefix === undefined || type.includes('/') || cli.args.length > 2) return [];
  const resource = await cli.resource(type);
  return (await list(cli, { args: [] }, resource)).filter(({ name }) => name.startsWith(prefix));
}
