// oc's own help: its list of commands, and groups that kubectl does not have.
import type { Help } from './catalog';

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
    ['Other Commands', ['plugin', 'version']],
  ],
};

/** Help that oc has and kubectl has not, or not so, by command path. */
export const OC_HELP: Record<string, Help> = { '': ROOT };
