// oc apply view-last-applied, set-last-applied and edit-last-applied: the annotation that apply keeps.
import type { Cli, Command } from '../cli';
import { CliError, throwAll } from '../errors';
import type { Dyn } from '../object';
import { toCompactJson } from '../printers/json';
import { toYaml } from '../printers/yaml';
import { parseYaml, readManifests } from '../resources/files';
import { fetchOne, infoOf, select, selectionOf } from '../resources/select';
import { nameOf, patchObject, printResult } from '../resources/write';
import { LAST_APPLIED, withLastApplied } from './apply';
import { editText } from './edit';

export const viewLastApplied: Command = {
  path: 'apply view-last-applied',
  async run(cli) {
    const format = cli.flags.str('output') || 'yaml';
    if (format !== 'yaml' && format !== 'json')
      throw cli.usage(`Unexpected -o output mode: ${format}, the flag 'output' must be one of yaml|json`);
    const { infos, errors } = await select(cli, selectionOf(cli, { all: false, emptyMeansAll: cli.flags.bool('all') }));
    throwAll(errors);
    for (const { object } of infos) {
      const text = object.metadata.annotations?.[LAST_APPLIED];
      if (!text) continue;
      const value = JSON.parse(text);
      await cli.out(format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : toYaml(value));
    }
  },
};

const annotation = (object: Dyn): string => withLastApplied(object).metadata.annotations[LAST_APPLIED];
const patchOf = (text: string): Dyn => ({ metadata: { annotations: { [LAST_APPLIED]: text } } });

export const setLastApplied: Command = {
  path: 'apply set-last-applied',
  async run(cli) {
    const { flags } = cli;
    const filenames = flags.list('filename');
    if (filenames.length === 0) throw new CliError('must specify one of -f and -k');
    for (const manifest of await readManifests(cli, filenames, flags.bool('recursive'))) {
      const wanted = annotation({ ...manifest.object, metadata: { ...manifest.object.metadata } });
      const info = await infoOf(cli, manifest);
      const live = await fetchOne(cli, info);
      const old = live.metadata.annotations?.[LAST_APPLIED];
      if (old === undefined && !flags.bool('create-annotation'))
        throw new CliError(
          `no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the command with --create-annotation`,
        );
      if (old === wanted) await cli.out(`set-last-applied ${info.name}: no changes required.\n`);
      else
        await printResult(
          cli,
          cli.dryRun === 'client' ? live : await patchObject(cli, info, 'merge-patch', patchOf(wanted)),
          'configured',
        );
    }
  },
};

export const editLastApplied: Command = {
  path: 'apply edit-last-applied',
  async run(cli) {
    const { infos, errors } = await select(cli, selectionOf(cli));
    throwAll(errors);
    for (const info of infos) {
      const text = info.object.metadata.annotations?.[LAST_APPLIED];
      if (!text) throw new CliError(`no last-applied-configuration annotation found on resource: ${info.name}`);
      const edited = await editText(cli, toYaml(JSON.parse(text)));
      if (edited === undefined) continue;
      const wanted = `${toCompactJson(parseYaml(edited)[0])}\n`;
      await patchObject(cli, info, 'merge-patch', patchOf(wanted));
      await edits(cli, info.object);
    }
  },
};

const edits = (cli: Cli, object: Dyn): Promise<void> => cli.out(`${nameOf(object)} edited\n`);
