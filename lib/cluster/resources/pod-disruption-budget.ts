// poddisruptionbudgets.policy
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { legacyVersion } from './definition';
import { validateSelector } from './validation/metadata';
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
    const { minAvailable, maxUnavailable, selector } = object['spec'];
    if (minAvailable !== undefined && maxUnavailable !== undefined)
      errors.invalid('spec', JSON.stringify(object['spec']), 'minAvailable and maxUnavailable cannot be both set');
    for (const [name, value] of Object.entries({ minAvailable, maxUnavailable })) {
      if (typeof value === 'number' && value < 0)
        errors.invalid(`spec.${name}`, value, 'must be greater than or equal to 0');
      if (typeof value === 'string' && !/^\d+%$/.test(value))
        errors.invalid(
          `spec.${name}`,
          value,
          "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        );
    }
    validateSelector(selector, 'spec.selector', errors);
  },
};
