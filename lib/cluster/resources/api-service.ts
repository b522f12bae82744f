// apiservices.apiregistration.k8s.io: which server answers for a group version; here always this one.
import { age, columns } from './columns';
import type { ResourceDefinition } from './definition';
import { pathSegment } from './validation/names';
import { keepStatus } from './workload';

export const apiService: ResourceDefinition = {
  group: 'apiregistration.k8s.io',
  versions: [{ name: 'v1' }],
  kind: 'APIService',
  plural: 'apiservices',
  singular: 'apiservice',
  categories: ['api-extensions'],
  namespaced: false,
  subresources: ['status'],
  columns: columns('Name', 'Service', 'Available', 'Age'),
  row: (object, now) => {
    const { spec, status } = object;
    const found = (status?.conditions ?? []).find(({ type }: { type: string }) => type === 'Available');
    const service = spec?.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local';
    const available = found?.status === 'False' ? `False (${found.reason})` : (found?.status ?? 'Unknown');
    return [object.metadata.name, service, available, age(object, now)];
  },
  nameRule: pathSegment,
  default(object) {
    object['spec'] ??= {};
  },
  prepareCreate(object, { clock }) {
    const local = !object['spec'].service;
    const condition = local
      ? { status: 'True', reason: 'Local', message: 'Local APIServices are always available' }
      : { status: 'False', reason: 'NotSupported', message: 'not supported: API servers besides this one' };
    object['status'] = { conditions: [{ type: 'Available', lastTransitionTime: clock.timestamp(), ...condition }] };
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    const { group = '', version = '' } = object['spec'];
    const wanted = `${version}.${group}`;
    if (object.metadata.name && object.metadata.name !== wanted)
      errors.invalid(
        'metadata.name',
        object.metadata.name,
        `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`,
      );
    if (!version) errors.required('spec.version');
  },
};
