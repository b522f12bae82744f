// oc patch: changes fields of objects.
import type { Command } from '../cli';
import { ApiError, CliError, throwAll } from '../errors';
import { clone, type Dyn } from '../object';
import { toCompactJson } from '../printers/json';
import { parseYaml } from '../resources/files';
import { applyJsonPatch } from '../resources/json-patch';
import { mergePatch } from '../resources/merge-patch';
import { fetchOne, mustBeSubresource, select, selectionOf } from '../resources/select';
import { strategicMerge } from '../resources/strategic';
import { type PatchType, patchObject, printResult, recordOn } from '../resources/write';

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
    const file = flags.str('patch-file');
    if (file && !cli.proc.files.exists(file))
      throw new CliError(`unable to read patch file: open ${file}: no such file or directory`);
    const text = file ? cli.readText(file) : flags.str('patch');
    if (!text) throw new CliError('must specify --patch or --patch-file containing the contents of the patch');
    const type = TYPES[flags.str('type').toLowerCase()];
    if (!type)
      throw new CliError(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.str('type'))}`);
    mustBeSubresource(flags.str('subresource'));
    const body = readPatch(text);
    const local = flags.bool('local');
    const { infos, errors } = await select(cli, selectionOf(cli, { namesOnly: !local, local }));
    if (infos.length === 0 && errors.length === 0) throw new CliError('no objects passed to patch');
    for (const info of infos) {
      try {
        if (local || cli.dryRun === 'client') {
          const before = info.object ?? (await fetchOne(cli, info));
          const after = patched(clone(before), type, JSON.parse(body));
          await printResult(
            cli,
            after,
            JSON.stringify(before) === JSON.stringify(after) ? 'patched (no change)' : 'patched',
          );
          continue;
        }
        const subresource = flags.str('subresource');
        const before: Dyn = await fetchOne(cli, info, subresource ? { subresource } : {});
        const made = await patchObject(cli, info, type, body, subresource ? { subresource } : {});
        const same =
          before.metadata?.resourceVersion !== undefined &&
          before.metadata.resourceVersion === made.metadata?.resourceVersion;
        await recordOn(cli, info);
        await printResult(cli, made, same ? 'patched (no change)' : 'patched');
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        errors.push(error);
      }
    }
    throwAll(errors);
  },
};

function patched(object: Dyn, type: PatchType, body: Dyn): Dyn {
  if (type === 'merge-patch') return mergePatch(object, body);
  if (type === 'strategic-merge-patch') return strategicMerge(object, body);
  applyJsonPatch(object, body);
  return object;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What looks like JSON is the server's to read; ours takes objects only, so the message is made here. */
function broken(text: string): never {
  const at = /^\s*\{\s*([^"}\s])/.exec(text)?.[1];
  throw new ApiError({
    reason: 'BadRequest',
    message: at
      ? `error decoding patch: invalid character '${at}' looking for beginning of object key string`
      : 'error decoding patch: unexpected end of JSON input',
  });
}

function readPatch(text: string): string {
  if (text.trimStart().startsWith('{')) return isJson(text) ? text : broken(text);
  try {
    return toCompactJson(parseYaml(text)[0]);
  } catch (error) {
    throw new CliError(
      `unable to parse ${JSON.stringify(text)}: yaml: ${(error as Error).message.split('\n')[0]?.replace(/ at line.*$/, '')}`,
    );
  }
}
