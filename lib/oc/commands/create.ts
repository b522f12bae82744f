// oc create -f: makes the objects of files.
import type { Cli, Command } from '../cli';
import { CliError, throwAll, withSource } from '../errors';
import { toYaml } from '../printers/yaml';
import { parseYaml, readManifests, validateHere } from '../resources/files';
import { readKustomization } from '../resources/kustomize';
import { infoOf } from '../resources/select';
import { createObject, printResult } from '../resources/write';
import { editText } from './edit';

export const create: Command = {
  path: 'create',
  async run(cli) {
    const { flags, args } = cli;
    const filenames = flags.list('filename');
    if (args.length > 0) throw cli.usage(`Unexpected args: [${args.join(' ')}]`);
    if (flags.str('raw')) return raw(cli, filenames);
    if (filenames.length === 0 && !flags.str('kustomize')) throw new CliError('must specify one of -f and -k');
    const manifests = flags.str('kustomize')
      ? await readKustomization(cli, flags.str('kustomize'))
      : await readManifests(cli, filenames, flags.bool('recursive'));
    if (manifests.length === 0) throw new CliError('no objects passed to create');
    if (flags.bool('edit'))
      for (const manifest of manifests) {
        const edited = await editText(cli, toYaml(manifest.object));
        if (edited === undefined) return;
        manifest.object = parseYaml(edited)[0];
      }
    const errors: Error[] = [];
    for (const manifest of manifests) {
      try {
        validateHere(cli, manifest);
        const info = await infoOf(cli, manifest);
        if (flags.bool('save-config')) saveConfig(info.object);
        await printResult(cli, await createObject(cli, info), 'created');
      } catch (error) {
        errors.push(withSource('creating', manifest.source, error));
      }
    }
    throwAll(errors);
  },
};

async function raw(cli: Cli, filenames: string[]): Promise<void> {
  const [file] = filenames;
  if (!file || filenames.length > 1) throw new CliError('--raw can only use a single local file or stdin');
  const body = file === '-' ? new TextDecoder().decode(await cli.proc.readAll(0)) : cli.readText(file);
  await cli.out(await cli.client.text('POST', cli.flags.str('raw'), { body }));
}

function saveConfig(object: Record<string, Record<string, unknown>>): void {
  const metadata = object['metadata'] ?? {};
  const text = `${JSON.stringify(object)}\n`;
  object['metadata'] = {
    ...metadata,
    annotations: { ...(metadata['annotations'] as object), 'kubectl.kubernetes.io/last-applied-configuration': text },
  };
}
