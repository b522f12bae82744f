// oc policy scc-subject-review: which security context constraint would take a pod.
// oc pkg/cli/admin/policy/subject_review.go.
import type { Cli, Command } from '../../cli';
import { CliError } from '../../errors';
import { boolFlag, stringFlag, stringsFlag } from '../../flags/spec';
import type { Dyn } from '../../object';
import { tabulate } from '../../printers/tabwriter';
import { type Info, select, selectionOf } from '../../resources/select';

const TABLE = { minWidth: 0, padding: 3 };

export const subjectReview = (parent: string): Command => ({
  path: `${parent} scc-subject-review`,
  only: 'oc',
  help: {
    usage: `oc ${parent} scc-subject-review (-f FILENAME | TYPE/NAME) [options]`,
    flags: [
      stringsFlag('filename', 'Files that name the objects.', { short: 'f' }),
      boolFlag('recursive', 'Folders with what is below them.', { short: 'R' }),
      stringFlag('user', 'Ask for this user.', { short: 'u' }),
      stringsFlag('groups', 'Ask for members of these groups.', { short: 'g' }),
      stringFlag('serviceaccount', 'Ask for this service account of the namespace.', { short: 'z' }),
      boolFlag('no-headers', 'Without the headers.'),
      stringFlag('output', 'Output format.', { short: 'o' }),
      stringFlag('template', 'The template of -o go-template.'),
    ],
  },
  async run(cli) {
    const { flags } = cli;
    if (cli.args.length === 0 && flags.list('filename').length === 0)
      throw cli.usage('one or more resources must be specified');
    if (flags.str('user') && flags.str('serviceaccount'))
      throw cli.usage('--user and --serviceaccount are mutually exclusive');
    const { infos, errors } = await select(cli, selectionOf(cli, { local: true, emptyMeansAll: true }));
    if (errors[0]) throw errors[0];
    const rows: string[] = flags.bool('no-headers') ? [] : ['RESOURCE\tALLOWED BY\t'];
    const printer = cli.printer();
    for (const info of infos) {
      const review = await ask(cli, info);
      if (printer) await cli.out(printer(review));
      else rows.push(`${info.object.kind}/${info.name}\t${review.status?.allowedBy?.name ?? '<none>'}\t`);
    }
    if (!printer) await cli.out(tabulate(`${rows.join('\n')}\n`, TABLE));
  },
});

async function ask(cli: Cli, { object, name }: Info): Promise<Dyn> {
  const template = templateOf(object);
  if (!template) throw new CliError(` ${JSON.stringify(name)} cannot create pod: no pod template`);
  const account = cli.flags.str('serviceaccount');
  const user = account ? account.replace(/^system:serviceaccount:[^:]+:/, '') : cli.flags.str('user');
  const groups = cli.flags.list('groups');
  const kind = user || groups.length > 0 ? 'PodSecurityPolicySubjectReview' : 'PodSecurityPolicySelfSubjectReview';
  const root = `/apis/security.openshift.io/v1/namespaces/${cli.namespace}`;
  return cli.client.json('POST', `${root}/${kind.toLowerCase()}s`, {
    body: {
      apiVersion: 'security.openshift.io/v1',
      kind,
      spec: { template, ...(user && { user }), ...(groups.length > 0 && { groups }) },
    },
  });
}

/** The pod that an object makes. */
function templateOf({ kind, metadata, spec, template }: Dyn): Dyn {
  if (kind === 'Pod') return { metadata: { labels: metadata.labels, annotations: metadata.annotations }, spec };
  if (kind === 'PodTemplate') return template;
  return kind === 'CronJob' ? spec?.jobTemplate?.spec?.template : spec?.template;
}
