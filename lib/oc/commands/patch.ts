// oc patch: changes fields of objects.
import type { Command } from '../cli';
import { ApiError, CliError, throwAll } from '../errors';
import { clone, type Dyn } from '../object';
import { toCompactJson } from '../printers/json';
import { parseYaml } from '../resources/files';
import { mergePatch } from '../resources/merge-patch';
import { fetchOne, select, selectionOf } from '../resources/select';
import { type PatchType, patchObject, printResult } from '../resources/write';

const TYPES: Record<string, PatchType> = {
  json: 'json-patch',
  merge: 'merge-patch',
  strategic: 'strategic-merge-patch',
};

export const patch: Command = {
  path: 'patch',
  async run(cli) {
    const { flags } = cli;
    if (flags.str('patch') && flags.str('patch-file'))
      throw new CliError('cannot specify --patch and --patch-file together');
    const text = flags.str('patch-file') ? cli.readText(flags.str('patch-file')) : flags.str('patch');
    if (!text) throw new CliError('must specify --patch or --patch-file containing the contents of the patch');
    const type = TYPES[flags.str('type').toLowerCase()];
    if (!type)
      throw new CliError(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.str('type'))}`);
    const body = readPatch(text);
    const local = flags.bool('local');
    const { infos, errors } = await select(cli, selectionOf(cli, { namesOnly: !local, local }));
    if (infos.length === 0 && errors.length === 0) throw new CliError('no objects passed to patch');
    for (const info of infos) {
      try {
        if (local || cli.dryRun === 'client') {
          const before = info.object ?? (await fetchOne(cli, info));
          const after = type === 'json-patch' ? before : mergePatch(clone(before), JSON.parse(body));
          await printResult(
            cli,
            after,
            JSON.stringify(before) === JSON.stringify(after) ? 'patched (no change)' : 'patched',
          );
          continue;
        }
        const subresource = flags.str('subresource');
        const before: Dyn = await fetchOne(cli, info);
        const made = await patchObject(cli, info, type, body, subresource ? { subresource } : {});
        const same =
          before.metadata?.resourceVersion !== undefined &&
          before.metadata.resourceVersion === made.metadata?.resourceVersion;
        await printResult(cli, made, same ? 'patched (no change)' : 'patched');
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        errors.push(error);
      }
    }
    throwAll(errors);
  },
};

function readPatch(text: string): string {
  try {
    return toCompactJson(parseYaml(text)[0]);
  } catch (error) {
    throw new CliError(
      `unable to parse ${JSON.stringify(text)}: yaml: ${(error as Error).message.split('\n')[0]?.replace(/ at line.*$/, '')}`,
    );
  }
}
