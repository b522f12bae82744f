// flowschemas and prioritylevelconfigurations of flowcontrol.apiserver.k8s.io. DIFFERS: no request waits for another here, so that
// they can be read and not changed.
import { columns } from './columns';
import type { ResourceDefinition } from './definition';
import { since } from './duration';

const shared = {
  group: 'flowcontrol.apiserver.k8s.io',
  namespaced: false,
  generation: true,
  needsNodes: true,
  verbs: ['get', 'list', 'watch'],
} as const satisfies Partial<ResourceDefinition>;

export const flowSchema: ResourceDefinition = {
  ...shared,
  versions: [{ name: 'v1' }],
  kind: 'FlowSchema',
  plural: 'flowschemas',
  singular: 'flowschema',
  columns: columns('Name', 'PriorityLevel', 'MatchingPrecedence', 'DistinguisherMethod', 'Age', 'MissingPL'),
  row: ({ metadata, spec, status }, now) => [
    metadata.name,
    spec?.priorityLevelConfiguration?.name ?? '',
    String(spec?.matchingPrecedence ?? 0),
    spec?.distinguisherMethod?.type ?? '<none>',
    since(metadata.creationTimestamp, now),
    (status?.conditions ?? []).find(({ type }: { type: string }) => type === 'Dangling')?.status ?? '?',
  ],
};

export const priorityLevelConfiguration: ResourceDefinition = {
  ...shared,
  versions: [{ name: 'v1' }],
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  singular: 'prioritylevelconfiguration',
  columns: columns('Name', 'Type', 'NominalConcurrencyShares', 'Queues', 'HandSize', 'QueueLengthLimit', 'Age'),
  row: ({ metadata, spec }, now) => {
    const limited = spec?.limited ?? {};
    const { queues, handSize, queueLengthLimit } = limited.limitResponse?.queuing ?? {};
    const cell = (value: unknown) => (value === undefined ? '<none>' : String(value));
    return [
      metadata.name,
      spec?.type ?? '',
      cell(limited.nominalConcurrencyShares ?? spec?.exempt?.nominalConcurrencyShares),
      cell(queues),
      cell(handSize),
      cell(queueLengthLimit),
      since(metadata.creationTimestamp, now),
    ];
  },
};
