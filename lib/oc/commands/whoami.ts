// oc whoami: the user, token, context, server or console of the session.
import type { Cli, Command } from '../cli';
import { currentContext } from '../client/address';
import { loadConfig } from '../client/kubeconfig';
import { ApiError, CliError, isReason } from '../errors';
import { boolFlag, stringFlag } from '../flags/spec';
import { FLAG_WORDS } from '../help/words';
import type { Dyn } from '../object';

export const whoami: Command = {
  path: 'whoami',
  only: 'oc',
  help: {
    usage: 'oc whoami [options]',
    flags: [
      boolFlag('show-token', "Show the session's token.", { short: 't' }),
      boolFlag('show-context', 'Print the current user context name', { short: 'c' }),
      boolFlag('show-server', "If true, print the current server's REST API URL"),
      boolFlag('show-console', "If true, print the current server's web console URL"),
      stringFlag('output', FLAG_WORDS['output'] ?? '', { short: 'o' }),
      stringFlag('template', FLAG_WORDS['template'] ?? ''),
    ],
  },
  async run(cli) {
    const { flags, target } = cli;
    const printer = cli.printer();
    const shows = ['show-token', 'show-context', 'show-server', 'show-console'].filter((name) => flags.bool(name));
    if (printer && shows.length > 0)
      throw new CliError('--output cannot be used with --show-token, --show-context, --show-server, or --show-console');
    if (flags.bool('show-token') && !target.token) throw new CliError('no token is currently in use for this session');
    const context = currentContext(loadConfig(cli.proc, flags.str('kubeconfig')), flags);
    if (flags.bool('show-context') && !context) throw new CliError('no context has been set');
    if (flags.bool('show-token')) return cli.out(`${target.token}\n`);
    if (flags.bool('show-context')) return cli.out(`${context}\n`);
    if (flags.bool('show-server')) return cli.out(`${target.server}\n`);
    if (flags.bool('show-console')) return cli.out(`${await consoleUrl(cli)}\n`);
    const user = await whoAmI(cli);
    await cli.out(printer ? printer(user) : `${user.metadata.name}\n`);
  },
};

/** The user of the session, by a review of it or, on older servers, by the user's object. */
async function whoAmI(cli: Cli): Promise<Dyn> {
  try {
    const review = await cli.client.json('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    });
    const { username, groups } = review.status.userInfo;
    if (username !== 'system:anonymous')
      return {
        apiVersion: 'user.openshift.io/v1',
        groups,
        identities: null,
        kind: 'User',
        metadata: { creationTimestamp: null, name: username },
      };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  return cli.client.json('GET', '/apis/user.openshift.io/v1/users/~');
}

async function consoleUrl(cli: Cli): Promise<string> {
  try {
    const map = await cli.client.json('GET', '/api/v1/namespaces/openshift-config-managed/configmaps/console-public');
    const url = map.data?.consoleURL;
    if (!url) throw new CliError('unable to determine console location from the cluster');
    return url;
  } catch (error) {
    if (isReason(error, 'NotFound')) return cli.target.server;
    if (error instanceof ApiError) throw new CliError(`unable to determine console location: ${error.message}`);
    throw error;
  }
}
