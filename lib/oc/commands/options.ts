// oc options: the flags that every command takes.
import type { Command } from '../cli';
import { GLOBAL_FLAGS } from '../help/catalog';
import { renderFlags } from '../help/render';

export const options: Command = {
  path: 'options',
  async run(cli) {
    await cli.out(`${renderFlags(GLOBAL_FLAGS, 'The following options can be passed to any command:\n\n')}\n`);
  },
};
