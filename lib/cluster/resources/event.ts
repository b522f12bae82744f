// events, in the core group and in events.k8s.io: one stored object, two shapes.
import type { KubeObject } from '../store/types';
import { columns } from './columns';
import type { Cell, ResourceDefinition } from './definition';
import { since } from './duration';

interface Source {
  component?: string;
  host?: string;
}

const sourceText = ({ component = '', host = '' }: Source): string => (host ? `${component}, ${host}` : component);

function firstSeen(e: KubeObject, now: number): string {
  return since(e['firstTimestamp'] ?? e['eventTime'], now);
}

function lastSeen(e: KubeObject, now: number): string {
  if (e['series']?.lastObservedTime) return since(e['series'].lastObservedTime, now);
  return e['lastTimestamp'] ? since(e['lastTimestamp'], now) : firstSeen(e, now);
}

function row(e: KubeObject, now: number): Cell[] {
  const { kind = '', name = '', fieldPath = '' } = e['involvedObject'] ?? {};
  const target = name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
  const source: Source = e['source']?.component
    ? e['source']
    : { component: e['reportingComponent'], host: e['reportingInstance'] };
  const count = e['series']?.count ?? (e['count'] || 1);
  return [
    lastSeen(e, now),
    e['type'] ?? '',
    e['reason'] ?? '',
    target,
    fieldPath,
    sourceText(source),
    (e['message'] ?? '').trim(),
    firstSeen(e, now),
    count,
    e.metadata.name,
  ];
}

const wideName = { name: 'Name', type: 'string' as const, format: 'name', priority: 1 };
const table = [
  ...columns('Last Seen', 'Type', 'Reason', 'Object', 'Subobject*', 'Source*', 'Message', 'First Seen*', 'Count*'),
  wideName,
];

const selectable = (e: KubeObject): Record<string, string> => {
  const o = e['involvedObject'] ?? {};
  return {
    'involvedObject.kind': o.kind ?? '',
    'involvedObject.namespace': o.namespace ?? '',
    'involvedObject.name': o.name ?? '',
    'involvedObject.uid': o.uid ?? '',
    'involvedObject.apiVersion': o.apiVersion ?? '',
    'involvedObject.resourceVersion': o.resourceVersion ?? '',
    'involvedObject.fieldPath': o.fieldPath ?? '',
    reason: e['reason'] ?? '',
    reportingComponent: e['reportingComponent'] ?? '',
    source: e['source']?.component ?? e['reportingComponent'] ?? '',
    type: e['type'] ?? '',
  };
};

export const event: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  columns: table,
  row,
  selectable,
  validate(e, errors) {
    const namespace = e['involvedObject']?.namespace ?? '';
    if (namespace ? namespace !== e.metadata.namespace : e.metadata.namespace !== 'default')
      errors.invalid('involvedObject.namespace', namespace, 'does not match event.namespace');
  },
};

const RENAMED: [string, string][] = [
  ['note', 'message'],
  ['regarding', 'involvedObject'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
];

const renamed = (object: KubeObject, names: [string, string][], apiVersion: string): KubeObject => {
  const copy: KubeObject = { ...object, apiVersion };
  for (const [from, to] of names)
    if (copy[from] !== undefined) {
      copy[to] = copy[from];
      delete copy[from];
    }
  return copy;
};

export const eventsV1: ResourceDefinition = {
  ...event,
  group: 'events.k8s.io',
  storage: 'events',
  versions: [
    {
      name: 'v1',
      type: 'events.Event',
      decode: (object) => renamed(object, RENAMED, 'v1'),
      encode: (object) =>
        renamed(
          object,
          RENAMED.map(([a, b]) => [b, a]),
          'events.k8s.io/v1',
        ),
    },
  ],
};
