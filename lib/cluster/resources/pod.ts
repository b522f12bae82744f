// pods: the unit everything else makes, with its graceful deletion and the STATUS cell.
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { defaultPodSpec } from './pod-spec/defaults';
import { qosClass } from './pod-spec/qos';
import { podStatusCells } from './pod-spec/status-cells';
import { validatePodAlone, validatePodSpec } from './pod-spec/validate';
import { validatePodUpdate } from './pod-spec/validate-update';
import { dnsSubdomain } from './validation/names';

const finished = (pod: KubeObject) => pod['status']?.phase === 'Succeeded' || pod['status']?.phase === 'Failed';

const or = (value: string | undefined, none = '<none>') => value || none;

function readinessGates(pod: KubeObject): string {
  const gates: { conditionType: string }[] = pod['spec']?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const conditions: { type: string; status: string }[] = pod['status']?.conditions ?? [];
  const ready = gates.filter((g) => conditions.some((c) => c.type === g.conditionType && c.status === 'True')).length;
  return `${ready}/${gates.length}`;
}

export const pod: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  subresources: [
    'attach',
    'binding',
    'ephemeralcontainers',
    'eviction',
    'exec',
    'log',
    'portforward',
    'proxy',
    'status',
  ],
  returnsDeleted: true,
  columns: columns('Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP*', 'Node*', 'Nominated Node*', 'Readiness Gates*'),
  row(object, now) {
    const { ready, status, restarts } = podStatusCells(object, now);
    const { podIPs, podIP, nominatedNodeName } = object['status'] ?? {};
    return [
      object.metadata.name,
      ready,
      status,
      restarts,
      age(object, now),
      or(podIPs?.[0]?.ip ?? podIP),
      or(object['spec']?.nodeName),
      or(nominatedNodeName),
      readinessGates(object),
    ];
  },
  nameRule: dnsSubdomain,
  selectable: ({ spec, status }) => ({
    'spec.nodeName': spec?.nodeName ?? '',
    'spec.restartPolicy': spec?.restartPolicy ?? '',
    'spec.schedulerName': spec?.schedulerName ?? '',
    'spec.serviceAccountName': spec?.serviceAccountName ?? '',
    'spec.hostNetwork': String(spec?.hostNetwork ?? false),
    'status.phase': status?.phase ?? '',
    'status.podIP': status?.podIP ?? '',
    'status.nominatedNodeName': status?.nominatedNodeName ?? '',
  }),
  default(object) {
    object['spec'] ??= {};
    defaultPodSpec(object['spec']);
    object['spec'].enableServiceLinks ??= true;
  },
  prepareCreate(object) {
    object['status'] = { phase: 'Pending', qosClass: qosClass(object['spec']) };
  },
  prepareUpdate(object, old) {
    object['status'] = old['status'];
  },
  validate(object, errors) {
    validatePodSpec(object['spec'], 'spec', errors);
    validatePodAlone(object['spec'], 'spec', errors);
  },
  validateCreate(object, errors) {
    const { ephemeralContainers = [], nodeName, schedulingGates = [] } = object['spec'];
    if (ephemeralContainers.length > 0) errors.forbidden('spec.ephemeralContainers', 'cannot be set on create');
    if (nodeName && schedulingGates.length > 0)
      errors.forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared');
  },
  validateUpdate: validatePodUpdate,
  gracePeriod(object, asked) {
    if (!object['spec']?.nodeName || finished(object)) return 0;
    const seconds = asked ?? object['spec']?.terminationGracePeriodSeconds ?? 30;
    return seconds < 0 ? 1 : seconds;
  },
};
