// oc's own help: its list of commands, and groups that kubectl does not have.
import { type Help, kubectlHelp } from './catalog';

const ROOT: Help = {
  long: `OpenShift Client

Talks to OpenShift and Kubernetes clusters.`,
  usage: 'oc [flags]',
  groups: [
    ['Basic Commands', ['login', 'new-project', 'new-app', 'status', 'project', 'projects', 'explain']],
    [
      'Build and Deploy Commands',
      ['rollout', 'rollback', 'new-build', 'start-build', 'cancel-build', 'import-image', 'tag'],
    ],
    [
      'Application Management Commands',
      [
        'create',
        'apply',
        'get',
        'describe',
        'edit',
        'set',
        'label',
        'annotate',
        'expose',
        'delete',
        'scale',
        'autoscale',
        'secrets',
      ],
    ],
    [
      'Troubleshooting and Debugging Commands',
      ['logs', 'rsh', 'rsync', 'port-forward', 'debug', 'exec', 'proxy', 'attach', 'run', 'cp', 'wait', 'events'],
    ],
    [
      'Advanced Commands',
      [
        'adm',
        'replace',
        'patch',
        'process',
        'extract',
        'observe',
        'policy',
        'auth',
        'image',
        'registry',
        'idle',
        'api-versions',
        'api-resources',
        'cluster-info',
        'diff',
        'kustomize',
      ],
    ],
    ['Settings Commands', ['get-token', 'logout', 'config', 'whoami', 'completion']],
    ['Other Commands', ['plugin', 'podlab', 'version']],
  ],
};

const KUBECTL_CREATE = kubectlHelp('create');

/** kubectl's `create` with oc's kinds beside. */
const CREATE: Help = {
  ...(KUBECTL_CREATE ?? { usage: '' }),
  groups: (KUBECTL_CREATE?.groups ?? []).map(([title, names]) => [
    title,
    [...names, 'deploymentconfig', 'route'].sort(),
  ]),
};

const group = (usage: string, names: string[]): Help => ({ usage, groups: [['Available Commands', names]] });

const ROLE_VERBS = ['add-role-to-group', 'add-role-to-user', 'remove-role-from-group', 'remove-role-from-user'];
const CLUSTER_VERBS = ['cluster-role', 'scc'].flatMap((what) =>
  ['group', 'user'].flatMap((who) => [`add-${what}-to-${who}`, `remove-${what}-from-${who}`]),
);

/** Help that oc has and kubectl has not, or not so, by command path. */
export const OC_HELP: Record<string, Help> = {
  '': ROOT,
  create: CREATE,
  'create route': group('oc create route SUBCOMMAND [options]', ['edge', 'passthrough', 'reencrypt']),
  adm: group('oc adm COMMAND [options]', [
    'certificate',
    'cordon',
    'drain',
    'must-gather',
    'new-project',
    'groups',
    'pod-network',
    'node-logs',
    'policy',
    'taint',
    'top',
    'uncordon',
    'upgrade',
  ]),
  'adm groups': group('oc adm groups COMMAND [options]', ['add-users', 'new', 'remove-users']),
  'adm pod-network': group('oc adm pod-network COMMAND [options]', [
    'isolate-projects',
    'join-projects',
    'make-projects-global',
  ]),
  'adm policy': group('oc adm policy COMMAND [options]', [
    ...ROLE_VERBS,
    ...CLUSTER_VERBS,
    'scc-subject-review',
    'who-can',
  ]),
  'adm certificate': group('oc adm certificate COMMAND [options]', ['approve', 'deny']),
  'adm top': group('oc adm top COMMAND [options]', ['node', 'pod']),
  image: group('oc image COMMAND [options]', ['append', 'extract', 'info', 'mirror']),
  registry: group('oc registry COMMAND [options]', ['info', 'login']),
  secrets: group('oc secrets COMMAND [options]', ['link', 'unlink']),
  policy: group('oc policy COMMAND [options]', [...ROLE_VERBS, 'scc-subject-review', 'who-can']),
  set: group('oc set COMMAND [options]', [
    'data',
    'env',
    'image',
    'probe',
    'resources',
    'route-backends',
    'selector',
    'serviceaccount',
    'subject',
    'triggers',
    'volume',
  ]),
};
