// How a new API server would let requests wait for one another: the objects that it makes itself when it starts
// (apiserver pkg/apis/flowcontrol/bootstrap/default.go of 1.31). Nothing follows them.
import type { ObjectInput } from '../store/types';
import type { Surroundings } from './index';

const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';
const AUTO = { 'apf.kubernetes.io/autoupdate-spec': 'true' };

type Level = readonly [
  name: string,
  shares: number,
  lendable?: number,
  queuing?: readonly [queues: number, hand: number, limit: number],
];
const LEVELS: readonly Level[] = [
  ['catch-all', 5, 0],
  ['global-default', 20, 50, [128, 6, 50]],
  ['leader-election', 10, 0, [16, 4, 50]],
  ['node-high', 40, 25, [64, 6, 50]],
  ['system', 30, 33, [64, 6, 50]],
  ['workload-high', 40, 50, [128, 6, 50]],
  ['workload-low', 100, 90, [128, 6, 50]],
];

const named = (name: string) => ({ name, generation: 1, annotations: AUTO });

export const priorityLevels = (): ObjectInput[] => [
  {
    apiVersion,
    kind: 'PriorityLevelConfiguration',
    metadata: named('exempt'),
    spec: { exempt: { lendablePercent: 0, nominalConcurrencyShares: 0 }, type: 'Exempt' },
    status: {},
  },
  ...LEVELS.map(([name, nominalConcurrencyShares, lendablePercent, queuing]) => {
    const [queues, handSize, queueLengthLimit] = queuing ?? [];
    const limitResponse = queuing
      ? { queuing: { handSize, queueLengthLimit, queues }, type: 'Queue' }
      : { type: 'Reject' };
    return {
      apiVersion,
      kind: 'PriorityLevelConfiguration',
      metadata: named(name),
      spec: { limited: { lendablePercent, limitResponse, nominalConcurrencyShares }, type: 'Limited' },
      status: {},
    };
  }),
];

const group = (name: string) => ({ group: { name }, kind: 'Group' });
const user = (name: string) => ({ kind: 'User', user: { name } });
const account = (name: string) => ({ kind: 'ServiceAccount', serviceAccount: { name, namespace: 'kube-system' } });
const resources = (
  verbs: string[],
  apiGroups: string[],
  names: string[],
  namespaces = ['*'],
  clusterScope = false,
) => ({
  apiGroups,
  ...(clusterScope && { clusterScope }),
  namespaces,
  resources: names,
  verbs,
});
const ALL = {
  nonResourceRules: [{ nonResourceURLs: ['*'], verbs: ['*'] }],
  resourceRules: [resources(['*'], ['*'], ['*'], ['*'], true)],
};
const WRITES = ['get', 'create', 'update'];
const LEASES = resources(WRITES, ['coordination.k8s.io'], ['leases']);

type Schema = readonly [
  name: string,
  level: string,
  precedence: number,
  by: 'ByUser' | 'ByNamespace' | '',
  rules: readonly object[],
];
const SCHEMAS: readonly Schema[] = [
  ['catch-all', 'catch-all', 10_000, 'ByUser', [all(group('system:unauthenticated'), group('system:authenticated'))]],
  [
    'endpoint-controller',
    'workload-high',
    150,
    'ByUser',
    [
      {
        resourceRules: [resources(WRITES, [''], ['endpoints'])],
        subjects: [
          user('system:kube-controller-manager'),
          account('endpoint-controller'),
          account('endpointslicemirroring-controller'),
        ],
      },
    ],
  ],
  ['exempt', 'exempt', 1, '', [all(group('system:masters'))]],
  [
    'global-default',
    'global-default',
    9900,
    'ByUser',
    [all(group('system:unauthenticated'), group('system:authenticated'))],
  ],
  ['kube-controller-manager', 'workload-high', 800, 'ByNamespace', [all(user('system:kube-controller-manager'))]],
  ['kube-scheduler', 'workload-high', 800, 'ByNamespace', [all(user('system:kube-scheduler'))]],
  ['kube-system-service-accounts', 'workload-high', 900, 'ByNamespace', [all(account('*'))]],
  [
    'probes',
    'exempt',
    2,
    '',
    [
      {
        nonResourceRules: [{ nonResourceURLs: ['/healthz', '/readyz', '/livez'], verbs: ['get'] }],
        subjects: [group('system:unauthenticated'), group('system:authenticated')],
      },
    ],
  ],
  ['service-accounts', 'workload-low', 9000, 'ByUser', [all(group('system:serviceaccounts'))]],
  [
    'system-leader-election',
    'leader-election',
    100,
    'ByUser',
    [
      {
        resourceRules: [LEASES],
        subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler'), account('*')],
      },
    ],
  ],
  [
    'system-node-high',
    'node-high',
    400,
    'ByUser',
    [
      {
        resourceRules: [
          resources(['*'], [''], ['nodes', 'nodes/status'], ['*'], true),
          resources(['*'], ['coordination.k8s.io'], ['leases']),
        ],
        subjects: [group('system:nodes')],
      },
    ],
  ],
  ['system-nodes', 'system', 500, 'ByUser', [all(group('system:nodes'))]],
  [
    'workload-leader-election',
    'leader-election',
    200,
    'ByUser',
    [{ resourceRules: [LEASES], subjects: [account('*')] }],
  ],
];

function all(...subjects: readonly object[]): object {
  return { ...ALL, subjects };
}

export const flowSchemas = ({ created }: Pick<Surroundings, 'created'>): ObjectInput[] =>
  SCHEMAS.map(([name, level, matchingPrecedence, type, rules]) => ({
    apiVersion,
    kind: 'FlowSchema',
    metadata: named(name),
    spec: {
      ...(type && { distinguisherMethod: { type } }),
      matchingPrecedence,
      priorityLevelConfiguration: { name: level },
      rules: [...rules],
    },
    status: {
      conditions: [
        {
          lastTransitionTime: created,
          message: `This FlowSchema references the PriorityLevelConfiguration object named "${level}" and it exists`,
          reason: 'Found',
          status: 'False',
          type: 'Dangling',
        },
      ],
    },
  }));
