// oc set data: keys of config maps and secrets. openshift/oc pkg/cli/set/data.go.
import type { Command } from '../../cli';
import { CliError } from '../../errors';
import { arrayFlag, boolFlag, stringFlag, stringsFlag } from '../../flags/spec';
import type { Dyn } from '../../object';
import { readSources } from '../../resources/key-values';
import { splitChanges } from '../../resources/labels';
import { changeObjects } from '../../resources/template';

export const setData: Command = {
  path: 'set data',
  only: 'oc',
  help: {
    usage: 'oc set data RESOURCE/NAME [KEY=VALUE|KEY- ...] [--from-file=file|dir|key=path] [options]',
    flags: [
      stringsFlag('filename', 'Files that name the objects.', { short: 'f' }),
      stringFlag('kustomize', 'A directory with a kustomization.', { short: 'k' }),
      boolFlag('recursive', 'Files in directories below, too.', { short: 'R' }),
      stringFlag('selector', 'Only objects whose labels match.', { short: 'l' }),
      boolFlag('all', 'All objects of the kind.'),
      boolFlag('local', 'Change what the file says.'),
      stringsFlag('from-file', 'A file, or KEY=FILE.'),
      arrayFlag('from-literal', 'KEY=VALUE.'),
      stringFlag('dry-run', 'none, server or client.', { value: 'none', bare: 'unchanged' }),
      stringFlag('field-manager', 'The name that the fields are owned under.', { value: 'kubectl-set' }),
      stringFlag('output', 'Output format.', { short: 'o' }),
      stringFlag('template', 'The template of -o go-template.'),
    ],
  },
  async run(cli) {
    if (cli.args.length === 0 && cli.flags.list('filename').length === 0)
      throw cli.usage('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    const { resources, changes } = splitChanges(cli.args);
    const remove = changes.filter((word) => !word.includes('=')).map((word) => word.slice(0, -1));
    const set = new Map<string, Uint8Array>(
      changes
        .filter((word) => word.includes('='))
        .map((word) => [word.slice(0, word.indexOf('=')), Buffer.from(word.slice(word.indexOf('=') + 1))]),
    );
    for (const [key, bytes] of readSources(cli, 'ConfigMap', '')) {
      if (set.has(key)) throw new CliError(`cannot set key ${JSON.stringify(key)} in both argument and flag`);
      set.set(key, bytes);
    }
    if (set.size === 0 && remove.length === 0)
      throw new CliError('must add, update, or remove at least one key from this object');
    const both = remove.find((key) => set.has(key));
    if (both) throw new CliError(`you may not remove and set the key ${JSON.stringify(both)} in the same invocation`);
    await changeObjects(
      cli,
      async (object, { name }) => {
        const before = JSON.stringify([object.data, object.binaryData]);
        for (const [key, bytes] of set) put(object, key, Buffer.from(bytes));
        for (const key of remove) drop(object, key);
        if (JSON.stringify([object.data, object.binaryData]) === before && cli.dryRun === 'none')
          await cli.err(`info: ${name} was not changed\n`);
      },
      { done: 'data updated', silentWhenSame: true, selection: { args: resources } },
    );
  },
};

function put(object: Dyn, key: string, bytes: Buffer): void {
  if (object.kind === 'Secret') object.data = { ...object.data, [key]: bytes.toString('base64') };
  else if (object.kind !== 'ConfigMap')
    throw new CliError(`the object is not a config map or secret and cannot have data updated: *v1.${object.kind}`);
  else if (bytes.some((byte) => byte > 127 || (byte < 32 && ![9, 10, 13].includes(byte))))
    object.binaryData = { ...object.binaryData, [key]: bytes.toString('base64') };
  else object.data = { ...object.data, [key]: bytes.toString() };
}

function drop(object: Dyn, key: string): void {
  for (const field of ['data', 'binaryData']) if (object[field]) delete object[field][key];
}
