// poddisruptionbudgets.policy
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { legacyVersion } from './definition';
import { GoValue } from './validation/field-errors';
import { validateSelector } from './validation/metadata';
import { oneOf, validateShare } from './validation/values';
import { keepStatus } from './workload';

const text = (value: number | string | undefined) => (value === undefined ? 'N/A' : String(value));

export const podDisruptionBudget: ResourceDefinition = {
  group: 'policy',
  versions: [{ name: 'v1' }, legacyVersion('policy', 'v1beta1', 'PodDisruptionBudget', '1.21', '1.25')],
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  namespaced: true,
  subresources: ['status'],
  generation: true,
  columns: columns('Name', 'Min Available', 'Max Unavailable', 'Allowed Disruptions:integer', 'Age'),
  row: (object, now) => {
    const { spec, status } = object;
    return [
      object.metadata.name,
      text(spec?.minAvailable),
      text(spec?.maxUnavailable),
      status?.disruptionsAllowed ?? 0,
      age(object, now),
    ];
  },
  default(object) {
    object['spec'] ??= {};
  },
  prepareCreate(object) {
    object['status'] = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = object['spec'];
    if (minAvailable !== undefined && maxUnavailable !== undefined)
      errors.invalid(
        'spec',
        new GoValue('policy.PodDisruptionBudgetSpec{…}'),
        'minAvailable and maxUnavailable cannot be both set',
      );
    validateShare(minAvailable, 'spec.minAvailable', true, errors);
    validateShare(maxUnavailable, 'spec.maxUnavailable', true, errors);
    validateSelector(selector, 'spec.selector', errors);
    if (policy !== undefined)
      oneOf(policy, ['AlwaysAllow', 'IfHealthyBudget'], 'spec.unhealthyPodEvictionPolicy', errors);
  },
};
