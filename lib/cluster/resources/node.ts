// nodes
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { TAINT_EFFECTS } from './pod-spec/validate-placement';
import { type FieldErrors, GoValue } from './validation/field-errors';
import { labelValue, qualifiedName } from './validation/names';
import { oneOf, partsOf } from './validation/values';
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

function validateTaints(taints: unknown, at: string, errors: FieldErrors): void {
  const seen = new Set<string>();
  for (const [i, { key = '', value = '', effect = '' }] of partsOf(taints).entries()) {
    for (const problem of qualifiedName(key)) errors.invalid(`${at}[${i}].key`, key, problem);
    const problems = labelValue(value);
    if (problems.length > 0) errors.invalid(`${at}[${i}].value`, value, problems.join(';'));
    oneOf(effect, TAINT_EFFECTS, `${at}[${i}].effect`, errors);
    if (seen.has(`${key}:${effect}`))
      errors.duplicate(
        `${at}[${i}]`,
        new GoValue(
          `core.Taint{Key:${JSON.stringify(key)}, Value:${JSON.stringify(value)}, Effect:${JSON.stringify(effect)}, TimeAdded:<nil>}`,
        ),
        'taints must be unique by key and effect pair',
      );
    seen.add(`${key}:${effect}`);
  }
}

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
    validateTaints(object['spec'].taints, 'spec.taints', errors);
  },
  validateUpdate(object, old, errors) {
    for (const part of ['podCIDR', 'providerID'])
      if (old['spec'][part] && object['spec'][part] !== old['spec'][part])
        errors.forbidden(
          `spec.${part}s`.replace('IDs', 'ID'),
          part === 'podCIDR'
            ? 'node updates may not change podCIDR except from "" to valid'
            : 'node updates may not change providerID except from "" to valid',
        );
  },
};
