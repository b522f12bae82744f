// oc adm groups: groups of users and who is in them. oc pkg/cli/admin/groups.
import type { Command } from '../../cli';
import { CliError } from '../../errors';
import { stringFlag } from '../../flags/spec';
import { quote } from '../../object';
import { printResult } from '../../resources/write';

const ROOT = '/apis/user.openshift.io/v1/groups';

const flags = [
  stringFlag('output', 'Output format.', { short: 'o' }),
  stringFlag('template', 'The template of -o go-template.'),
  stringFlag('dry-run', 'none, server or client.', { value: 'none', bare: 'unchanged' }),
];

const newGroup: Command = {
  path: 'adm groups new',
  only: 'oc',
  help: { usage: 'oc adm groups new GROUP [USER ...] [options]', flags },
  async run(cli) {
    const [name, ...users] = cli.args;
    if (!name) throw new CliError('You must specify at least one argument: GROUP [USER ...]');
    const group = {
      apiVersion: 'user.openshift.io/v1',
      kind: 'Group',
      metadata: { name },
      users: users.length > 0 ? [...new Set(users)] : null,
    };
    const made = cli.dryRun === 'client' ? group : await cli.client.json('POST', ROOT, { body: group });
    await printResult(cli, made, 'created');
  },
};

const change = (verb: 'add' | 'remove'): Command => ({
  path: `adm groups ${verb}-users`,
  only: 'oc',
  help: { usage: `oc adm groups ${verb}-users GROUP USER [USER ...] [options]`, flags },
  async run(cli) {
    const [name, ...users] = cli.args;
    if (!name || users.length === 0)
      throw new CliError('you must specify at least two arguments: GROUP USER [USER ...]');
    const group = await cli.client.json('GET', `${ROOT}/${name}`);
    const before: string[] = group.users ?? [];
    const after = verb === 'add' ? [...new Set([...before, ...users])] : before.filter((user) => !users.includes(user));
    const changed = { ...group, users: after };
    const made = cli.dryRun === 'client' ? changed : await cli.client.json('PUT', `${ROOT}/${name}`, { body: changed });
    await printResult(cli, made, `${verb === 'add' ? 'added' : 'removed'}: ${shown(users)}`);
  },
});

const shown = (users: string[]): string =>
  users.length === 1 ? quote(users[0] as string) : `[${users.map(quote).join(' ')}]`;

export const groupCommands: Command[] = [newGroup, change('add'), change('remove')];
