// oc options: the flags that every command takes.
import type { Command } from '../cli';
import { GLOBAL_FLAGS } from '../help/catalog';
import { renderFlags } from '../help/render';

export const options: Command = {
  path: 'options',
  async run(cli) {
    const home = cli.proc.env['HOME'] ?? '';
    const flags = GLOBAL_FLAGS.map((flag) => ({ ...flag, value: flag.value.replace(/^~/, home) }));
    await cli.out(`${renderFlags(flags, 'The following options can be passed to any command:\n\n', 2)}\n`);
  },
};
