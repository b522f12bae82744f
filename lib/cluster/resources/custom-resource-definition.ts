// customresourcedefinitions.apiextensions.k8s.io
import { columns } from './columns';
import { v1beta1, v1beta1Types } from './custom/v1beta1';
import type { ResourceDefinition } from './definition';
import { dns1035Label, dnsLabel, dnsSubdomain } from './validation/names';
import { keepStatus } from './workload';

interface Version {
  name?: string;
  storage?: boolean;
  schema?: { openAPIV3Schema?: object };
}

export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

export const customResourceDefinition: ResourceDefinition = {
  group: 'apiextensions.k8s.io',
  versions: [{ name: 'v1' }, v1beta1],
  types: v1beta1Types,
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: ['status'],
  generation: true,
  columns: columns('Name', 'Created At'),
  row: (object) => [object.metadata.name, object.metadata.creationTimestamp],
  default(object) {
    const spec = (object['spec'] ??= {});
    const names = (spec.names ??= {});
    spec.conversion ??= { strategy: 'None' };
    if (!names.kind) return;
    names.singular ||= names.kind.toLowerCase();
    names.listKind ||= `${names.kind}List`;
  },
  prepareCreate(object) {
    object['status'] = {
      conditions: null,
      acceptedNames: { plural: '', kind: '' },
      storedVersions: (object['spec'].versions ?? []).filter((v: Version) => v.storage).map((v: Version) => v.name),
    };
    object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), CLEANUP_FINALIZER])];
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    const { group, names, scope, versions = [] } = object['spec'];
    const wanted = `${names.plural ?? ''}.${group ?? ''}`;
    if (object.metadata.name !== wanted)
      errors.invalid('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group');
    if (!group) errors.required('spec.group');
    else for (const problem of dnsSubdomain(group)) errors.invalid('spec.group', group, problem);
    if (group && !group.includes('.')) errors.invalid('spec.group', group, 'should be a domain with at least one dot');
    if (!scope) errors.required('spec.scope');
    else if (!['Cluster', 'Namespaced'].includes(scope))
      errors.notSupported('spec.scope', scope, ['Cluster', 'Namespaced']);
    if (!names.plural) errors.required('spec.names.plural');
    else for (const problem of dns1035Label(names.plural)) errors.invalid('spec.names.plural', names.plural, problem);
    if (!names.kind) errors.required('spec.names.kind');
    if (versions.filter((v: Version) => v.storage).length !== 1)
      errors.invalid(
        'spec.versions',
        JSON.stringify(versions.map((v: Version) => v.name)),
        'must have exactly one version marked as storage version',
      );
    for (const [i, version] of (versions as Version[]).entries()) {
      for (const problem of dnsLabel(version.name ?? ''))
        errors.invalid(`spec.versions[${i}].name`, version.name ?? '', problem);
      if (!version.schema?.openAPIV3Schema)
        errors.required(`spec.versions[${i}].schema.openAPIV3Schema`, 'schemas are required');
    }
  },
  validateUpdate(object, old, errors) {
    const { group, names, scope } = object['spec'];
    if (group !== old['spec'].group) errors.invalid('spec.group', group, 'field is immutable');
    if (scope !== old['spec'].scope) errors.invalid('spec.scope', scope, 'field is immutable');
    if (names.plural !== old['spec'].names.plural)
      errors.invalid('spec.names.plural', names.plural, 'field is immutable');
    if (names.kind !== old['spec'].names.kind) errors.invalid('spec.names.kind', names.kind, 'field is immutable');
  },
};
