// oc extract: keys of secrets and config maps as files.
import type { Command } from '../cli';
import { CliError, throwAll } from '../errors';
import { boolFlag, stringFlag, stringsFlag } from '../flags/spec';
import { select } from '../resources/select';

export const extract: Command = {
  path: 'extract',
  only: 'oc',
  help: {
    usage: 'oc extract RESOURCE/NAME [--to=DIRECTORY] [--keys=KEY ...] [options]',
    flags: [
      stringFlag('to', 'The directory to write to; - for standard output.', { value: '.' }),
      stringsFlag('keys', 'Only these keys.'),
      boolFlag('confirm', 'Overwrite files.'),
      stringsFlag('filename', 'A file that names the object.', { short: 'f' }),
    ],
  },
  async run(cli) {
    const { flags, proc } = cli;
    const to = flags.str('to');
    if (to !== '-' && proc.files.find(to)?.type !== 'dir') throw new CliError(`stat ${to}: no such file or directory`);
    const { infos, errors } = await select(cli, { args: cli.args });
    throwAll(errors);
    const keys = flags.list('keys');
    for (const { object, resource } of infos) {
      if (!['Secret', 'ConfigMap'].includes(resource.kind))
        throw new CliError(`${resource.name} "${object.metadata.name}" cannot be extracted`);
      for (const key of Object.keys(object.data ?? {}).sort()) {
        if (keys.length > 0 && !keys.includes(key)) continue;
        const bytes =
          resource.kind === 'Secret' ? Buffer.from(object.data[key], 'base64') : Buffer.from(object.data[key]);
        if (to === '-') {
          await cli.err(`# ${key}\n`);
          await cli.out(`${bytes.toString()}\n`);
          continue;
        }
        const path = `${to.replace(/\/$/, '')}/${key}`;
        if (proc.files.exists(path) && !flags.bool('confirm'))
          throw new CliError(`open ${path}: file exists - pass --confirm to overwrite`);
        proc.files.write(path, new Uint8Array(bytes));
        await cli.out(`${path.replace(/^\.\//, '')}\n`);
      }
    }
  },
};
