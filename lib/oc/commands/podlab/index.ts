// oc podlab: asks the simulated network itself why a connection works or not.
import type { Command } from '../../cli';
import { renderHelp } from '../../help/render';
import { reach } from './reach';
import { trace } from './trace';

const help = {
  long: 'Ask the network of this lab what it does with connections, and why.',
  usage: 'oc podlab COMMAND [options]',
  groups: [['Available Commands', ['reach', 'trace']] as [string, string[]]],
};

const podlab: Command = {
  path: 'podlab',
  help,
  async run(cli) {
    const [word] = cli.args;
    if (word) throw cli.usage(`unknown command ${JSON.stringify(word)}`);
    await cli.out(renderHelp(cli.program, 'podlab', help));
    return 1;
  },
};

export const podlabCommands: readonly Command[] = [podlab, reach, trace];
