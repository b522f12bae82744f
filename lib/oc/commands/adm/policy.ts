// oc policy and oc adm policy: roles and security context constraints for users, groups and service accounts.
import type { Cli, Command } from '../../cli';
import { CliError, isReason } from '../../errors';
import { boolFlag, stringFlag, stringsFlag } from '../../flags/spec';
import type { Dyn } from '../../object';
import { subjectReview } from './subject-review';

const RBAC = 'rbac.authorization.k8s.io';
const ROOT = `/apis/${RBAC}/v1`;
const AUTO_UPDATE = 'rbac.authorization.kubernetes.io/autoupdate';
const SCC_ROLE = 'system:openshift:scc:';

const flags = [
  stringFlag('role-namespace', 'The namespace of the role; the role is a cluster role without it.'),
  stringFlag('rolebinding-name', 'The name of the binding.'),
  stringsFlag('serviceaccount', 'A service account of the namespace.', { short: 'z' }),
  boolFlag('all-namespaces', 'All namespaces.', { short: 'A' }),
  stringFlag('output', 'Output format.', { short: 'o' }),
  stringFlag('template', 'The template of -o go-template.'),
  stringFlag('dry-run', 'none, server or client.', { value: 'none', bare: 'unchanged' }),
];

interface What {
  add: boolean;
  group: boolean;
  cluster: boolean;
  scc: boolean;
}

/** The subjects that the words and -z name. */
function subjectsOf(cli: Cli, names: string[], group: boolean): Dyn[] {
  const accounts = cli.flags
    .list('serviceaccount')
    .map((name) => ({ kind: 'ServiceAccount', name, namespace: cli.namespace }));
  const others = names.map((name): Dyn => {
    const account = /^system:serviceaccount:([^:]+):(.+)$/.exec(name);
    if (account && !group) return { kind: 'ServiceAccount', name: account[2], namespace: account[1] };
    return { apiGroup: RBAC, kind: group ? 'Group' : 'User', name };
  });
  return [...others, ...accounts];
}

const same = (a: Dyn, b: Dyn): boolean =>
  a.kind === b.kind && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '');

async function change(cli: Cli, what: What): Promise<void> {
  const [word, ...names] = cli.args;
  const kind = what.scc ? 'scc' : 'role';
  const who = what.group ? 'group' : 'user';
  if (!word || (names.length === 0 && cli.flags.list('serviceaccount').length === 0))
    throw cli.usage(`you must specify at least two arguments: <${kind}> <${who}> [${who}]...`);
  if (what.scc) await cli.client.json('GET', `/apis/security.openshift.io/v1/securitycontextconstraints/${word}`);
  const roleName = what.scc ? SCC_ROLE + word : word;
  const roleKind = cli.flags.str('role-namespace') ? 'Role' : 'ClusterRole';
  const subjects = subjectsOf(cli, names, what.group);
  // A constraint is granted in one namespace only where that is named: oc pkg/cli/admin/policy/modify_scc.go.
  const cluster = what.scc ? !cli.flags.changed('namespace') : what.cluster;
  const path = cluster ? `${ROOT}/clusterrolebindings` : `${ROOT}/namespaces/${cli.namespace}/rolebindings`;
  const all: Dyn[] = (await cli.client.json('GET', path)).items;
  const matching = all.filter((one) => one.roleRef.name === roleName && one.roleRef.kind === roleKind);
  if (cli.dryRun !== 'client') {
    if (what.add) await add(cli, { path, all, matching, roleName, roleKind, subjects, cluster, isScc: what.scc });
    else await remove(cli, path, matching, subjects);
  }
  const shown = subjects.map(({ name }) => name);
  const list =
    shown.length === 1 ? JSON.stringify(shown[0]) : `[${shown.map((name) => JSON.stringify(name)).join(' ')}]`;
  const verb = what.add ? 'added' : 'removed';
  await cli.out(`${roleKind.toLowerCase()}.${RBAC}/${roleName} ${verb}${cli.dryRunSuffix}: ${list}\n`);
}

interface Addition {
  path: string;
  all: Dyn[];
  matching: Dyn[];
  roleName: string;
  roleKind: string;
  subjects: Dyn[];
  cluster: boolean;
  isScc: boolean;
}

/** Only a binding that is named gets more subjects; else each call makes one, unless one holds them all already. */
async function add(cli: Cli, addition: Addition): Promise<void> {
  const { path, all, matching, roleName, roleKind, subjects, cluster, isScc } = addition;
  const wanted = cli.flags.str('rolebinding-name') || (isScc ? roleName : '');
  const holds = (binding: Dyn) =>
    subjects.every((one) => (binding.subjects ?? []).some((other: Dyn) => same(other, one)));
  if (!wanted && matching.some(holds)) return;
  const binding = matching.find((one) => one.metadata.name === wanted);
  const old: Dyn[] = binding?.subjects ?? [];
  const more = subjects.filter((one) => !old.some((other) => same(other, one)));
  if (!isScc) await warnOfMissing(cli, addition, more);
  if (binding) {
    if (more.length > 0)
      await cli.client.json('PUT', `${path}/${binding.metadata.name}`, {
        body: { ...binding, subjects: [...old, ...more] },
      });
    return;
  }
  let name = wanted || roleName;
  for (let i = 0; all.some((one) => one.metadata.name === name); i++) name = `${wanted || roleName}-${i}`;
  await cli.client.json('POST', path, {
    body: {
      apiVersion: `${RBAC}/v1`,
      kind: cluster ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: RBAC, kind: roleKind, name: roleName },
      subjects,
    },
  });
}

/** Says which role and which subjects are not there; they are bound nonetheless. */
async function warnOfMissing(cli: Cli, { roleName, roleKind }: Addition, subjects: Dyn[]): Promise<void> {
  const isMissing = (path: string): Promise<boolean> =>
    cli.client.json('GET', path).then(
      () => false,
      (error: unknown) => isReason(error, 'NotFound'),
    );
  const role =
    roleKind === 'Role' ? `${ROOT}/namespaces/${cli.namespace}/roles/${roleName}` : `${ROOT}/clusterroles/${roleName}`;
  if (await isMissing(role)) await cli.err(`Warning: role '${roleName}' not found\n`);
  for (const { kind, name, namespace } of subjects) {
    const path =
      kind === 'ServiceAccount'
        ? `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`
        : `/apis/user.openshift.io/v1/${kind.toLowerCase()}s/${name}`;
    if (await isMissing(path)) await cli.err(`Warning: ${kind} '${name}' not found\n`);
  }
}

async function remove(cli: Cli, path: string, matching: Dyn[], subjects: Dyn[]): Promise<void> {
  const having = matching.filter((one) =>
    (one.subjects ?? []).some((other: Dyn) => subjects.some((wanted) => same(wanted, other))),
  );
  if (having.length === 0)
    throw new CliError(
      `unable to find target ${JSON.stringify(subjects.map(({ name }) => name)).replaceAll(',', ' ')}`,
    );
  for (const binding of having) {
    const rest = binding.subjects.filter((one: Dyn) => !subjects.some((wanted) => same(wanted, one)));
    const { name, annotations = {} } = binding.metadata;
    if (rest.length === 0 && annotations[AUTO_UPDATE] !== 'false') await cli.client.json('DELETE', `${path}/${name}`);
    else await cli.client.json('PUT', `${path}/${name}`, { body: { ...binding, subjects: rest } });
    if (annotations[AUTO_UPDATE] === 'true')
      await cli.err(
        `Warning: Your changes may get lost whenever a master is restarted, unless you prevent reconciliation of this rolebinding using the following command: oc annotate ${path.endsWith('/clusterrolebindings') ? 'clusterrolebinding' : 'rolebinding'}.rbac ${name} '${AUTO_UPDATE}=false' --overwrite\n`,
      );
  }
}

function command(path: string, what: What): Command {
  const kind = what.scc ? 'SCC' : 'ROLE';
  const who = what.group ? 'GROUP' : 'USER';
  return {
    path,
    only: 'oc',
    help: { usage: `oc ${path} ${kind} ${who} [${who} ...] [options]`, flags },
    run: (cli) => change(cli, what),
  };
}

const roleCommands = (parent: string): Command[] =>
  [true, false].flatMap((isAdd) =>
    [false, true].map((group) =>
      command(`${parent} ${isAdd ? 'add-role-to' : 'remove-role-from'}-${group ? 'group' : 'user'}`, {
        add: isAdd,
        group,
        cluster: false,
        scc: false,
      }),
    ),
  );

const clusterCommands: Command[] = [true, false].flatMap((isAdd) =>
  [false, true].flatMap((group) => {
    const tail = `${isAdd ? 'to' : 'from'}-${group ? 'group' : 'user'}`;
    const verb = isAdd ? 'add' : 'remove';
    return [
      command(`adm policy ${verb}-cluster-role-${tail}`, { add: isAdd, group, cluster: true, scc: false }),
      command(`adm policy ${verb}-scc-${tail}`, { add: isAdd, group, cluster: false, scc: true }),
    ];
  }),
);

const whoCan = (parent: string): Command => ({
  path: `${parent} who-can`,
  only: 'oc',
  help: {
    usage: `oc ${parent} who-can VERB RESOURCE [NAME] [options]`,
    flags: [boolFlag('all-namespaces', 'All namespaces.', { short: 'A' })],
  },
  async run(cli) {
    const [verb, word, name] = cli.args;
    if (!verb || !word)
      throw cli.usage('you must specify two or three arguments: verb, resource, and optional resourceName');
    const resource = await cli.discovery.find(word);
    if (!resource) await cli.err(`Warning: the server doesn't have a resource type '${word}'\n`);
    const { group = '', version = '', name: plural = word } = resource ?? {};
    const everywhere = cli.flags.bool('all-namespaces');
    const kind = everywhere ? 'ResourceAccessReview' : 'LocalResourceAccessReview';
    const root = '/apis/authorization.openshift.io/v1';
    const path = everywhere
      ? `${root}/resourceaccessreviews`
      : `${root}/namespaces/${cli.namespace}/localresourceaccessreviews`;
    const review = await cli.client.json('POST', path, {
      body: {
        apiVersion: 'authorization.openshift.io/v1',
        kind,
        verb,
        resource: plural,
        resourceAPIGroup: group,
        resourceAPIVersion: version,
        resourceName: name ?? '',
      },
    });
    const lines = (names: string[]) => names.join('\n        ');
    const { users = [], groups = [] }: { users?: string[]; groups?: string[] } = review;
    await cli.out(
      `resourceaccessreviewresponse.authorization.openshift.io/<unknown> \n\nNamespace: ${review.namespace || '<all>'}\nVerb:      ${verb}\nResource:  ${plural}${group && `.${group}`}\n\nUsers:  ${users.length > 0 ? lines(users) : 'none'}\n${groups.length > 0 ? `Groups: ${lines(groups)}` : '\nGroups: none'}\n\n`,
    );
  },
});

export const policyCommands: Command[] = [
  ...roleCommands('policy'),
  ...roleCommands('adm policy'),
  ...clusterCommands,
  whoCan('policy'),
  whoCan('adm policy'),
  subjectReview('policy'),
  subjectReview('adm policy'),
];
