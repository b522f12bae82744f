// oc edit: an object as YAML in an editor, and back.
import type { Cli, Command } from '../cli';
import { groupResource } from '../client/discovery';
import { CliError, ExitStatus, explainError, throwAll } from '../errors';
import { clone, type Dyn } from '../object';
import { toJson } from '../printers/json';
import { toYaml } from '../printers/yaml';
import { parseYaml } from '../resources/files';
import { diffMerge } from '../resources/merge-patch';
import { type Info, mustBeSubresource, select, selectionOf } from '../resources/select';
import { twoWay } from '../resources/strategic';
import { isBuiltIn } from '../resources/template';
import { patchObject, printResult } from '../resources/write';

const HEAD = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

export const edit: Command = {
  path: 'edit',
  async run(cli) {
    mustBeSubresource(cli.flags.str('subresource'), ['status']);
    const { infos, errors } = await select(cli, selectionOf(cli));
    throwAll(errors);
    for (const info of infos) await editOne(cli, info);
  },
};

/** Opens a text in the editor; undefined when it comes back empty or as it was. */
export async function editText(cli: Cli, text: string): Promise<string | undefined> {
  const path = `/tmp/${cli.program}-edit-${cli.proc.machine.random.int(2 ** 31)}.yaml`;
  cli.proc.files.write(path, HEAD + text);
  await runEditor(cli, path);
  const body = stripComments(cli.proc.files.readText(path));
  cli.proc.files.unlink(path);
  if (body.trim() !== '' && body !== text) return body;
  await cli.err(body.trim() === '' ? 'Edit cancelled, saved file was empty.\n' : 'Edit cancelled, no changes made.\n');
  return undefined;
}

async function editOne(cli: Cli, info: Info): Promise<void> {
  const json = cli.flags.str('output') === 'json';
  const path = `/tmp/${cli.program}-edit-${cli.proc.machine.random.int(2 ** 31)}.${json ? 'json' : 'yaml'}`;
  const before = withoutManaged(info.object);
  const text = json ? `${toJson(before)}\n` : toYaml(before);
  let failure = '';
  let edited = text;
  for (;;) {
    const shown = (json ? '' : HEAD + failure) + edited;
    cli.proc.files.write(path, shown);
    await runEditor(cli, path);
    const result = cli.proc.files.readText(path);
    const body = stripComments(result);
    const invalid = `${groupResource(info.resource)} ${JSON.stringify(info.name)} is invalid`;
    if (body.trim() === '' && failure === '') {
      // an empty object does not validate: the file is opened again
      failure = `# ${invalid}\n#\n`;
      edited = '';
      await cli.err(`error: ${invalid}\n`);
      continue;
    }
    if (body.trim() === '') return giveUp(cli, path);
    if (body === stripComments(text)) return abort(cli, path, 'Edit cancelled, no changes made.');
    if (failure && body === stripComments(edited)) {
      await cli.err(`${failure.replace(/^# /gm, '').replace(/\n#?$/, '')}`);
      return giveUp(cli, path);
    }
    edited = body;
    try {
      await save(cli, info, before, body);
      cli.proc.files.unlink(path);
      return;
    } catch (error) {
      if (!(error instanceof Error) || error instanceof ExitStatus || cli.proc.killed.aborted) throw error;
      const reason = explainError(error).text.trimEnd();
      failure = `# ${info.resource.name} ${JSON.stringify(info.name)} was not valid:\n# * ${reason.replaceAll('\n', '\n# ')}\n#\n`;
    }
  }
}

async function giveUp(cli: Cli, path: string): Promise<never> {
  await cli.err(`A copy of your changes has been stored to ${JSON.stringify(path)}\n`);
  throw new CliError('Edit cancelled, no valid changes were saved.');
}

async function abort(cli: Cli, path: string, text: string): Promise<void> {
  cli.proc.files.unlink(path);
  await cli.err(`${text}\n`);
}

const stripComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

async function runEditor(cli: Cli, path: string): Promise<void> {
  const { env } = cli.proc;
  const editor = env['KUBE_EDITOR'] || env['EDITOR'] || 'vi';
  const argv = /["'\\\s]/.test(editor) ? ['/bin/bash', '-c', `${editor} "${path}"`] : [editor, path];
  try {
    const { code } = await cli.proc.run(argv);
    if (code !== 0) throw new CliError(`there was a problem with the editor ${JSON.stringify(editor)}`);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`unable to launch the editor ${JSON.stringify(editor)}`);
  }
}

function withoutManaged(object: Dyn): Dyn {
  const out = clone(object);
  delete out.metadata.managedFields;
  return out;
}

async function save(cli: Cli, info: Info, before: Dyn, text: string): Promise<void> {
  const after = parseYaml(text)[0];
  cli.record(after);
  const subresource = cli.flags.str('subresource');
  const patch = isBuiltIn(info) ? twoWay(before, after) : diffMerge(before, after);
  const made = await patchObject(
    cli,
    info,
    isBuiltIn(info) ? 'strategic-merge-patch' : 'merge-patch',
    patch ?? {},
    subresource ? { subresource } : {},
  );
  await printResult(cli, made, 'edited');
}
