// oc create role, clusterrole, rolebinding, clusterrolebinding and serviceaccount.
import type { Cli, Command } from '../../cli';
import { CliError } from '../../errors';
import type { Dyn } from '../../object';
import { generate, metadata, oneName } from '../../resources/generate';

const RBAC = 'rbac.authorization.k8s.io';

const VERBS = new Set(
  'get delete list create update patch watch proxy redirect deletecollection use bind impersonate escalate * approve sign attest'.split(
    ' ',
  ),
);

const URL_VERBS = new Set('* get post put delete patch head options'.split(' '));

/** One rule an API group, of the verbs, kinds and names that the flags give. */
async function rules(cli: Cli): Promise<Dyn[]> {
  const { flags } = cli;
  const verbs = flags.list('verb');
  const kinds = flags.list('resource');
  const urls = flags.has('non-resource-url') ? flags.list('non-resource-url') : [];
  const names = flags.list('resource-name');
  if (verbs.length === 0) throw new CliError('at least one verb must be specified');
  if (kinds.length === 0 && urls.length === 0) throw new CliError('at least one resource must be specified');
  for (const verb of verbs) if (!VERBS.has(verb)) await cli.err(`Warning: '${verb}' is not a standard resource verb\n`);
  if (urls.length > 0)
    for (const verb of verbs)
      if (!URL_VERBS.has(verb)) throw new CliError(`invalid verb: '${verb}' for nonResourceURL`);
  for (const url of urls) {
    if (url === '*') continue;
    if (!url.startsWith('/')) throw new CliError('nonResourceURL should start with /');
    if (/\*./.test(url)) throw new CliError("nonResourceURL only supports wildcard matches when '*' is at the end");
  }
  const byGroup = new Map<string, string[]>();
  for (const kind of kinds) {
    const [word = '', sub] = kind.split('/');
    const found = word === '*' ? { group: '*', name: '*' } : await cli.discovery.find(word);
    if (!found) throw new CliError(`the server doesn't have a resource type "${word.split('.')[0]}"`, { raw: true });
    byGroup.set(found.group, [...(byGroup.get(found.group) ?? []), sub ? `${found.name}/${sub}` : found.name]);
  }
  const all = verbs.includes('*') ? ['*'] : [...new Set(verbs)];
  return [
    ...[...byGroup].map(([group, resources]) => ({
      apiGroups: [group],
      ...(names.length > 0 ? { resourceNames: names } : {}),
      resources: [...new Set(resources)],
      verbs: all,
    })),
    ...(urls.length > 0 ? [{ nonResourceURLs: urls, verbs: all }] : []),
  ];
}

export const createRole: Command = {
  path: 'create role',
  async run(cli) {
    const name = oneName(cli);
    await generate(cli, {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: metadata(cli, name),
      rules: await rules(cli),
    });
  },
};

export const createClusterRole: Command = {
  path: 'create clusterrole',
  async run(cli) {
    const name = oneName(cli);
    const labels = cli.flags.list('aggregation-rule');
    const role = { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { creationTimestamp: null, name } };
    if (labels.length === 0) return generate(cli, { ...role, rules: await rules(cli) });
    const matchLabels = Object.fromEntries(labels.map((label) => label.split('=') as [string, string]));
    await generate(cli, { aggregationRule: { clusterRoleSelectors: [{ matchLabels }] }, ...role, rules: null });
  },
};

/** Users, groups and service accounts (`NAMESPACE:NAME`) as a binding lists them. */
export function subjects(cli: Cli): Dyn[] {
  const { flags } = cli;
  return [
    ...flags.list('user').map((name) => ({ apiGroup: RBAC, kind: 'User', name })),
    ...flags.list('group').map((name) => ({ apiGroup: RBAC, kind: 'Group', name })),
    ...flags.list('serviceaccount').map((text) => {
      const [namespace, name, ...more] = text.split(':');
      if (!namespace || !name || more.length > 0) throw new CliError('serviceaccount must be <namespace>:<name>');
      return { kind: 'ServiceAccount', name, namespace };
    }),
  ];
}

export const createRoleBinding: Command = {
  path: 'create rolebinding',
  async run(cli) {
    const name = oneName(cli);
    const [role, clusterRole] = [cli.flags.str('role'), cli.flags.str('clusterrole')];
    if ((role === '') === (clusterRole === ''))
      throw new CliError('exactly one of clusterrole or role must be specified');
    const roleRef = { apiGroup: RBAC, kind: role ? 'Role' : 'ClusterRole', name: role || clusterRole };
    const binding = {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: metadata(cli, name),
      roleRef,
      subjects: subjects(cli),
    };
    await generate(cli, binding, 'failed to create rolebinding:');
  },
};

export const createClusterRoleBinding: Command = {
  path: 'create clusterrolebinding',
  required: ['clusterrole'],
  async run(cli) {
    const name = oneName(cli);
    const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: cli.flags.str('clusterrole') };
    const binding = {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { creationTimestamp: null, name },
      roleRef,
      subjects: subjects(cli),
    };
    await generate(cli, binding, 'failed to create clusterrolebinding:');
  },
};

export const createServiceAccount: Command = {
  path: 'create serviceaccount',
  async run(cli) {
    const name = oneName(cli);
    await generate(
      cli,
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(cli, name) },
      'failed to create serviceaccount:',
    );
  },
};

/** What a token can be bound to. */
const BINDABLE = ['Node', 'Pod', 'Secret'];

export const createToken: Command = {
  path: 'create token',
  async run(cli) {
    const name = oneName(cli);
    const { flags } = cli;
    const seconds = flags.duration('duration') / 1000;
    const [kind, bound, uid] = ['kind', 'name', 'uid'].map((what) => flags.str(`bound-object-${what}`));
    if (kind && !BINDABLE.includes(kind))
      throw new CliError(`supported --bound-object-kind values are ${BINDABLE.join(', ')}`);
    if (kind && !bound) throw new CliError('--bound-object-name is required if --bound-object-kind is provided');
    if (!kind && bound) throw new CliError('--bound-object-name can only be set if --bound-object-kind is provided');
    if (!kind && uid) throw new CliError('--bound-object-uid can only be set if --bound-object-kind is provided');
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: {},
      spec: {
        audiences: flags.list('audience'),
        ...(kind ? { boundObjectRef: { apiVersion: 'v1', kind, name: bound, ...(uid ? { uid } : {}) } } : {}),
        ...(seconds > 0 ? { expirationSeconds: seconds } : {}),
      },
    };
    const path = `/api/v1/namespaces/${cli.namespace}/serviceaccounts/${name}/token`;
    const made = await cli.client.json('POST', path, { body: request }).catch((error: Error) => {
      throw new CliError(`failed to create token: ${error.message}`);
    });
    await cli.out(`${made.status.token}\n`);
  },
};
