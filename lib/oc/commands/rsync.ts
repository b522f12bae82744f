// oc rsync: a directory from or to a container, as tar through exec. The real one prefers rsync where both sides have it.
import type { Command } from '../cli';
import { boolFlag, stringFlag } from '../flags/spec';
import { copyDirectory } from './cp';

export const rsync: Command = {
  path: 'rsync',
  only: 'oc',
  help: {
    usage: 'oc rsync SOURCE DESTINATION [options]',
    flags: [
      boolFlag('compress', 'Compress what is sent.'),
      boolFlag('delete', 'Delete what the source does not have.'),
      boolFlag('no-perms', 'Without permissions.'),
      boolFlag('progress', 'Show progress.'),
      boolFlag('quiet', 'Say less.', { short: 'q' }),
      boolFlag('watch', 'Go on as files change.', { short: 'w' }),
      stringFlag('container', 'The container.', { short: 'c' }),
      stringFlag('exclude', 'Files to leave out.'),
      stringFlag('include', 'Files to take nonetheless.'),
      stringFlag('strategy', 'rsync, rsync-daemon or tar.'),
    ],
  },
  async run(cli) {
    if (cli.args.length < 2) throw cli.usage('SOURCE_DIR and POD:DESTINATION_DIR are required arguments');
    if (cli.args.length > 2)
      throw cli.usage('only SOURCE_DIR and POD:DESTINATION_DIR should be specified as arguments');
    const [from = '', to = ''] = cli.args;
    await copyDirectory(cli, from, to);
  },
};
