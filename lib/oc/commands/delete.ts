// oc delete: objects by file, name or selector; waits until they are gone.
import type { Cli, Command } from '../cli';
import { printedName, resourcePath } from '../client/discovery';
import { ApiError, CliError, isReason, throwAll, withSource } from '../errors';
import { parseBool } from '../flags/parse';
import { waitFor } from '../resources/pods';
import { type Info, type Selection, select, selectionOf } from '../resources/select';
import { promptLine } from '../terminal/prompt';

const FOREVER_MS = 168 * 3600 * 1000; // a week stands for no timeout

export const deleteCommand: Command = {
  path: 'delete',
  async run(cli) {
    const { flags } = cli;
    if (flags.str('raw')) return cli.out(await cli.client.text('DELETE', flags.str('raw')));
    const grace = await gracePeriod(cli);
    const many = flags.bool('all') || flags.changed('selector') || flags.changed('field-selector');
    const ignore = flags.changed('ignore-not-found') ? flags.bool('ignore-not-found') : many;
    const { infos, errors } = await select(
      cli,
      selectionOf(cli, { namesOnly: true, local: true } satisfies Partial<Selection>),
    );
    if (flags.bool('interactive') && !(await confirm(cli, infos))) return cli.out('deletion is cancelled\n');
    const gone: { info: Info; uid: string }[] = [];
    let warned = !flags.changed('namespace') || flags.bool('all-namespaces');
    for (const info of infos) {
      if (!warned && !info.resource.namespaced) {
        warned = true;
        await cli.err('Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n');
      }
      try {
        gone.push({ info, uid: await deleteOne(cli, info, grace) });
      } catch (error) {
        if (ignore && isReason(error, 'NotFound')) continue;
        errors.push(info.source ? withSource('deleting', info.source, error) : (error as Error));
        if (!(error instanceof ApiError)) throw error;
      }
    }
    throwAll(errors);
    if (gone.length === 0) return ignore && !many ? undefined : cli.out('No resources found\n');
    if (flags.bool('wait') && cli.dryRun === 'none') await waitGone(cli, gone);
  },
};

async function gracePeriod(cli: Cli): Promise<number> {
  const { flags } = cli;
  let grace = flags.int('grace-period');
  const force = flags.bool('force');
  if (flags.bool('all') && flags.str('selector'))
    throw new CliError("setting 'all' parameter but found a non empty selector. ");
  if (flags.bool('all') && flags.str('field-selector'))
    throw new CliError('cannot set --all and --field-selector at the same time');
  if (flags.str('output') && flags.str('output') !== 'name')
    throw new CliError(`unexpected -o output mode: ${flags.str('output')}. We only support '-o name'`);
  const cascade = parseBool(flags.str('cascade'));
  if (cascade !== undefined)
    await cli.err(
      `warning: --cascade=${flags.str('cascade')} is deprecated (boolean value) and can be replaced with --cascade=${cascade ? 'background' : 'orphan'}.\n`,
    );
  if (flags.bool('now')) {
    if (grace !== -1) throw new CliError('--now and --grace-period cannot be specified together');
    grace = 1;
  }
  if (grace === 0 && !force) grace = 1;
  if (force && grace < 0) grace = 0;
  if (force && grace > 0) throw new CliError('--force and --grace-period greater than 0 cannot be specified together');
  if (force)
    await cli.err(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
    );
  return grace;
}

async function confirm(cli: Cli, infos: Info[]): Promise<boolean> {
  await cli.out(`You are about to delete the following ${infos.length} resource(s):\n`);
  for (const { resource, name } of infos) await cli.out(`${printedName(resource, name)}\n`);
  return /^y(es)?$/i.test((await promptLine(cli.proc, 'Do you want to continue? (y/n): ')).trim());
}

function propagation(cli: Cli): string {
  const given = cli.flags.str('cascade');
  const known: Record<string, string> = {
    true: 'Background',
    background: 'Background',
    false: 'Orphan',
    orphan: 'Orphan',
    foreground: 'Foreground',
  };
  const found = known[given];
  if (!found) throw new CliError(`invalid cascade value (${given}). Must be "background", "foreground", or "orphan"`);
  return found;
}

async function deleteOne(cli: Cli, { resource, namespace, name }: Info, grace: number): Promise<string> {
  let uid = '';
  if (cli.dryRun !== 'client') {
    const made = await cli.client.json('DELETE', resourcePath(resource, namespace, name), {
      body: {
        ...(grace >= 0 ? { gracePeriodSeconds: grace } : {}),
        propagationPolicy: propagation(cli),
        ...(cli.dryRun === 'server' ? { dryRun: ['All'] } : {}),
      },
    });
    uid = made.details?.uid ?? made.metadata?.uid ?? '';
  }
  const kind = `${resource.kind.toLowerCase()}${resource.group ? `.${resource.group}` : ''}`;
  if (cli.flags.str('output') === 'name') await cli.out(`${kind}/${name}\n`);
  else await cli.out(`${kind} "${name}" ${grace === 0 ? 'force deleted' : 'deleted'}${cli.dryRunSuffix}\n`);
  return uid;
}

async function waitGone(cli: Cli, gone: { info: Info; uid: string }[]): Promise<void> {
  const timeout = cli.flags.duration('timeout') || FOREVER_MS;
  for (const { info, uid } of gone) {
    try {
      await waitFor(
        cli,
        info.resource,
        info,
        (object) => object === undefined || (uid !== '' && object.metadata.uid !== uid),
        timeout,
      );
    } catch (error) {
      if (isReason(error, 'Forbidden', 'MethodNotAllowed', 'NotFound')) continue;
      if (error instanceof CliError)
        throw new CliError(`timed out waiting for the condition on ${info.resource.name}/${info.name}`);
      throw error;
    }
  }
}
