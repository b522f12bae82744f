// oc replace: puts files' objects in the place of those on the server.
import type { Cli, Command } from '../cli';
import { resourcePath } from '../client/discovery';
import { CliError, isReason, throwAll, withSource } from '../errors';
import { readManifests } from '../resources/files';
import { waitFor } from '../resources/pods';
import { type Info, infoOf, mustBeSubresource } from '../resources/select';
import { createObject, fieldValidation, printResult, writeQuery } from '../resources/write';

export const replace: Command = {
  path: 'replace',
  async run(cli) {
    const { flags } = cli;
    const filenames = flags.list('filename');
    if (filenames.length === 0) throw new CliError('must specify one of -f and -k');
    const force = flags.bool('force');
    if (flags.int('grace-period') >= 0 && !force) throw new CliError('--grace-period must have --force specified');
    if (flags.duration('timeout') !== 0 && !force) throw new CliError('--timeout must have --force specified');
    mustBeSubresource(flags.str('subresource'));
    const errors: Error[] = [];
    for (const manifest of await readManifests(cli, filenames, flags.bool('recursive'))) {
      try {
        const info = await infoOf(cli, manifest);
        if (force) await renew(cli, info);
        else await put(cli, info);
      } catch (error) {
        errors.push(withSource('replacing', manifest.source, error));
      }
    }
    throwAll(errors);
  },
};

async function put(cli: Cli, info: Info): Promise<void> {
  if (cli.dryRun === 'client') return printResult(cli, info.object, 'replaced');
  const subresource = cli.flags.str('subresource') || undefined;
  const made = await cli.client.json('PUT', resourcePath(info.resource, info.namespace, info.name, subresource), {
    query: { ...writeQuery(cli), fieldValidation: fieldValidation(cli) },
    body: info.object,
  });
  await printResult(cli, made, 'replaced');
}

/** `--force`: deletes, waits, creates. */
async function renew(cli: Cli, info: Info): Promise<void> {
  try {
    await cli.client.json('DELETE', resourcePath(info.resource, info.namespace, info.name), {
      body: {
        gracePeriodSeconds: cli.flags.int('grace-period') >= 0 ? cli.flags.int('grace-period') : 0,
        propagationPolicy: 'Background',
      },
    });
    await cli.out(
      `${info.resource.kind.toLowerCase()}${info.resource.group ? `.${info.resource.group}` : ''} "${info.name}" deleted\n`,
    );
    await waitFor(cli, info.resource, info, (object) => object === undefined, cli.flags.duration('timeout') || 300_000);
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
  await printResult(cli, await createObject(cli, info), 'replaced');
}
