// nodes
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { keepStatus } from './workload';

const ROLE = 'node-role.kubernetes.io/';

function statusText(node: KubeObject): string {
  const ready = (node['status']?.conditions ?? []).find((c: { type: string }) => c.type === 'Ready');
  const text = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return node['spec']?.unschedulable ? `${text},SchedulingDisabled` : text;
}

function roles(labels: Record<string, string> = {}): string {
  const found = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(ROLE)) return key.length > ROLE.length ? [key.slice(ROLE.length)] : [];
    return key === 'kubernetes.io/role' && value ? [value] : [];
  });
  return [...new Set(found)].sort().join(',') || '<none>';
}

const address = (node: KubeObject, type: string): string =>
  (node['status']?.addresses ?? []).find((a: { type: string }) => a.type === type)?.address ?? '<none>';

export const node: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  namespaced: false,
  subresources: ['status'],
  columns: columns(
    'Name',
    'Status',
    'Roles',
    'Age',
    'Version',
    'Internal-IP*',
    'External-IP*',
    'OS-Image*',
    'Kernel-Version*',
    'Container-Runtime*',
  ),
  row: (object, now) => {
    const info = object['status']?.nodeInfo ?? {};
    return [
      object.metadata.name,
      statusText(object),
      roles(object.metadata.labels),
      age(object, now),
      info.kubeletVersion ?? '',
      address(object, 'InternalIP'),
      address(object, 'ExternalIP'),
      info.osImage || '<unknown>',
      info.kernelVersion || '<unknown>',
      info.containerRuntimeVersion || '<unknown>',
    ];
  },
  selectable: ({ spec }) => ({ 'spec.unschedulable': String(spec?.unschedulable ?? false) }),
  default(object) {
    object['spec'] ??= {};
    object['status'] ??= {};
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    for (const [i, { key, effect }] of (
      (object['spec'].taints ?? []) as { key?: string; effect?: string }[]
    ).entries()) {
      if (!key) errors.required(`spec.taints[${i}].key`);
      if (!['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect ?? ''))
        errors.notSupported(`spec.taints[${i}].effect`, effect ?? '', ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
    }
  },
};
