// oc logout: deletes the session's token on the server and from the kubeconfig.
import { createHash } from 'node:crypto';
import type { Command } from '../cli';
import { loadConfig, saveConfig } from '../client/kubeconfig';
import { ApiError, CliError } from '../errors';

const PREFIX = 'sha256~';

export const logout: Command = {
  path: 'logout',
  only: 'oc',
  help: {
    usage: 'oc logout [options]',
  },
  async run(cli) {
    const { token } = cli.target;
    if (cli.args.length > 0) throw new CliError('No arguments are allowed');
    if (!token) throw new CliError('You must have a token in order to logout.');
    const user = await cli.client.json('GET', '/apis/user.openshift.io/v1/users/~');
    try {
      await cli.client.json('DELETE', `/apis/oauth.openshift.io/v1/oauthaccesstokens/${objectName(token)}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // as oc: the local token goes nonetheless
    }
    const explicit = cli.flags.str('kubeconfig');
    const config = loadConfig(cli.proc, explicit);
    for (const [name, entry] of Object.entries(config.users)) {
      if (entry.token !== token) continue;
      const { token: _, ...rest } = entry;
      config.users[name] = rest;
    }
    saveConfig(cli.proc, explicit, config);
    await cli.out(`Logged "${user.metadata.name}" out on "${cli.client.server}"\n`);
  },
};

/** A token's object is named by the hash of what it holds. */
function objectName(token: string): string {
  if (!token.startsWith(PREFIX)) return token;
  return PREFIX + createHash('sha256').update(token.slice(PREFIX.length)).digest('base64url');
}
