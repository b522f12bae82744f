// oc label and oc annotate: metadata of objects.
import type { Cli, Command } from '../cli';
import { ApiError, CliError, throwAll } from '../errors';
import { clone, type Dyn } from '../object';
import { type Changes, parseChanges, splitChanges } from '../resources/labels';
import { diffMerge } from '../resources/merge-patch';
import { type Info, select, selectionOf } from '../resources/select';
import { nameOf, patchObject, printResult } from '../resources/write';

function command(verb: 'label' | 'annotate', field: 'labels' | 'annotations', what: 'label' | 'annotation'): Command {
  return {
    path: verb,
    async run(cli) {
      const { flags } = cli;
      const { resources, changes: words } = splitChanges(cli.args);
      const listing = flags.bool('list');
      if (resources.length < 1 && flags.list('filename').length === 0 && !flags.str('kustomize'))
        throw new CliError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
      if (words.length === 0 && !listing) throw new CliError(`at least one ${what} update is required`);
      const changes = parseChanges(words, what);
      const local = flags.bool('local');
      const { infos, errors } = await select(
        cli,
        selectionOf(cli, { args: resources, local, all: false, emptyMeansAll: flags.bool('all') }),
      );
      for (const info of infos) {
        try {
          if (listing) await list(cli, info, field);
          else await change(cli, info, changes, { verb, field, what, local });
        } catch (error) {
          if (!(error instanceof ApiError) && !(error instanceof CliError)) throw error;
          errors.push(error);
        }
      }
      throwAll(errors);
    },
  };
}

async function list(cli: Cli, { object }: Info, field: string): Promise<void> {
  const values: Record<string, string> = object.metadata[field] ?? {};
  if (cli.flags.bool('all'))
    await cli.out(`Listing ${field} for ${object.kind}.${object.apiVersion.split('/')[0]}/${object.metadata.name}:\n`);
  for (const key of Object.keys(values).sort()) await cli.out(`${key}=${values[key]}\n`);
}

interface What {
  verb: 'label' | 'annotate';
  field: 'labels' | 'annotations';
  what: string;
  local: boolean;
}

async function change(cli: Cli, info: Info, changes: Changes, { verb, field, what, local }: What): Promise<void> {
  const { object } = info;
  const old: Record<string, string> = object.metadata[field] ?? {};
  if (!cli.flags.bool('overwrite')) {
    const taken = Object.entries(changes.set).filter(([key, value]) => key in old && old[key] !== value);
    if (taken.length > 0 && verb === 'label')
      throw new CliError(
        taken.map(([key]) => `'${key}' already has a value (${old[key]}), and --overwrite is false`).join('\n'),
      );
    if (taken.length > 0)
      throw new CliError(
        `--overwrite is false but found the following declared annotation(s): ${taken.map(([key]) => `'${key}' already has a value (${old[key]})`).join('; ')}`,
      );
  }
  if (verb === 'label')
    for (const key of changes.remove) if (!(key in old)) await cli.out(`${what} ${JSON.stringify(key)} not found.\n`);
  const after: Dyn = clone(object);
  after.metadata[field] = { ...old, ...changes.set };
  for (const key of changes.remove) delete after.metadata[field][key];
  cli.record(after);
  const differs = JSON.stringify(sorted(old)) !== JSON.stringify(sorted(after.metadata[field]));
  const did = verb === 'annotate' ? 'annotated' : outcome(object, after, cli.flags.bool('overwrite'));
  if (local || cli.dryRun === 'client') return printResult(cli, after, did);
  const recorded = diffMerge({ annotations: object.metadata.annotations }, { annotations: after.metadata.annotations });
  const patch = {
    metadata: {
      ...recorded,
      [field]: {
        ...recorded?.[field],
        ...changes.set,
        ...Object.fromEntries(changes.remove.map((key) => [key, null])),
      },
      ...(cli.flags.str('resource-version') ? { resourceVersion: cli.flags.str('resource-version') } : {}),
    },
  };
  const made = differs || recorded || verb === 'annotate' ? await patchObject(cli, info, 'merge-patch', patch) : object;
  if (cli.flags.str('output')) return printResult(cli, made, did);
  await cli.out(`${nameOf({ ...object, ...made })} ${did}${cli.dryRunSuffix}\n`);
}

const sorted = (map: Record<string, string>): [string, string][] =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));

/** As kubectl tells it: by the length of the object before and after. */
function outcome(before: Dyn, after: Dyn, overwrite: boolean): string {
  const [old, made] = [JSON.stringify(before), JSON.stringify(after)];
  if (JSON.stringify(sorted(before.metadata.labels ?? {})) === JSON.stringify(sorted(after.metadata.labels)))
    return 'not labeled';
  return !overwrite && made.length < old.length ? 'unlabeled' : 'labeled';
}

export const label = command('label', 'labels', 'label');
export const annotate = command('annotate', 'annotations', 'annotation');
