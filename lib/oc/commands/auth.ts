// oc auth can-i, auth whoami and auth reconcile.
import type { Cli, Command } from '../cli';
import { CliError, ExitStatus } from '../errors';
import type { Dyn } from '../object';
import { RowWriter, TABLE, tabulate } from '../printers/tabwriter';
import { cells, compact } from '../resources/rules';

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';

export const canI: Command = {
  path: 'auth can-i',
  async run(cli) {
    const { flags } = cli;
    if (flags.bool('list')) return listRules(cli);
    const [verb, word, name, ...more] = cli.args;
    if (!verb || !word || more.length > 0)
      throw new CliError(
        `you must specify two arguments: verb resource or verb resource/resourceName.\nSee '${cli.program} auth can-i -h' for help and examples.`,
      );
    const spec = word.startsWith('/')
      ? { nonResourceAttributes: { path: word, verb } }
      : { resourceAttributes: await attributes(cli, verb, word, name) };
    const review = await cli.client.json('POST', `${AUTHORIZATION}/selfsubjectaccessreviews`, {
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec },
    });
    const { allowed, reason, evaluationError } = review.status;
    if (!flags.bool('quiet')) {
      const why = reason ? ` - ${reason}` : '';
      await cli.out(allowed ? 'yes\n' : `no${why}${evaluationError ? ` - ${evaluationError}` : ''}\n`);
    }
    if (!allowed) throw new ExitStatus(1);
  },
};

async function attributes(cli: Cli, verb: string, word: string, third: string | undefined): Promise<Dyn> {
  const [type = '', inline] = word.split('/');
  const found = type === '*' ? undefined : await cli.discovery.find(type);
  if (type !== '*' && !found) await cli.err(`Warning: the server doesn't have a resource type '${type}'\n\n`);
  else if (found && !found.verbs.includes(verb) && !KNOWN.has(verb))
    await cli.err(`Warning: verb '${verb}' is not a known verb\n\n`);
  const scoped = found && !found.namespaced && !cli.flags.bool('all-namespaces');
  if (scoped)
    await cli.err(
      `Warning: resource '${found.name}' is not namespace scoped${found.group ? ` in group '${found.group}'` : ''}\n\n`,
    );
  const subresource = cli.flags.str('subresource');
  return {
    group: found?.group ?? (type === '*' ? '*' : ''),
    name: inline ?? third ?? '',
    namespace: cli.flags.bool('all-namespaces') ? '' : cli.namespace,
    resource: found?.name ?? type,
    ...(subresource ? { subresource } : {}),
    verb,
    version: '*',
  };
}

const KNOWN = new Set([
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'use',
  'bind',
  'escalate',
  'impersonate',
  '*',
  'approve',
  'sign',
  'proxy',
]);

async function listRules(cli: Cli): Promise<void> {
  const review = await cli.client.json('POST', `${AUTHORIZATION}/selfsubjectrulesreviews`, {
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace: cli.namespace } },
  });
  const { resourceRules = [], nonResourceRules = [] } = review.status;
  const rows = compact([...resourceRules, ...nonResourceRules]).map(cells);
  if (!cli.flags.bool('no-headers')) rows.unshift(['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs']);
  await cli.out(new RowWriter().format(rows));
}

export const authWhoAmI: Command = {
  path: 'auth whoami',
  async run(cli) {
    const review = await cli.client.json('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    });
    const printer = cli.printer();
    if (printer) return cli.out(printer(review));
    const { username, uid, groups, extra } = review.status.userInfo;
    const lines = [
      'ATTRIBUTE\tVALUE',
      `Username\t${username}`,
      ...(uid ? [`UID\t${uid}`] : []),
      ...(groups?.length ? [`Groups\t[${groups.join(' ')}]`] : []),
    ];
    for (const key of Object.keys(extra ?? {}).sort()) lines.push(`Extra: ${key}\t[${extra[key].join(' ')}]`);
    await cli.out(`${tabulate(lines.join('\n'), TABLE)}\n`);
  },
};
