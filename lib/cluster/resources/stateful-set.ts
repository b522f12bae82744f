// statefulsets.apps
import type { KubeObject } from '../store/types';
import { age, columns, containersAndImages } from './columns';
import type { ResourceDefinition } from './definition';
import { defaultClaim } from './persistent-volume-claim';
import { defaultTemplate } from './pod-spec/defaults';
import { nonNegative, oneOf } from './validation/values';
import { keepStatus, scaleOf, validateWorkload } from './workload';

const MUTABLE = new Set([
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
  'revisionHistoryLimit',
]);

/** The template with a volume for each claim, as its pods will have them: mounts may name them. */
function withClaims(object: KubeObject): KubeObject {
  const { spec } = object;
  const claims: { metadata?: { name?: string } }[] = spec?.volumeClaimTemplates ?? [];
  if (claims.length === 0) return object;
  const names = claims.map(({ metadata }) => metadata?.name ?? '');
  const own = (spec.template?.spec?.volumes ?? []).filter(({ name }: { name: string }) => !names.includes(name));
  const volumes = [...own, ...names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }))];
  const template = { ...spec.template, spec: { ...spec.template?.spec, volumes } };
  return { ...object, spec: { ...spec, template } };
}

export const statefulSet: ResourceDefinition = {
  group: 'apps',
  versions: [{ name: 'v1' }],
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],
  generation: true,
  scale: scaleOf,
  columns: columns('Name', 'Ready', 'Age', 'Containers*', 'Images*'),
  row: (object, now) => {
    const { spec, status } = object;
    return [
      object.metadata.name,
      `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
      age(object, now),
      ...containersAndImages(spec?.template),
    ];
  },
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.replicas ??= 1;
    spec.podManagementPolicy ??= 'OrderedReady';
    spec.updateStrategy ??= {};
    spec.updateStrategy.type ??= 'RollingUpdate';
    if (spec.updateStrategy.type === 'RollingUpdate')
      spec.updateStrategy.rollingUpdate = { partition: 0, ...spec.updateStrategy.rollingUpdate };
    spec.persistentVolumeClaimRetentionPolicy = {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
      ...spec.persistentVolumeClaimRetentionPolicy,
    };
    spec.revisionHistoryLimit ??= 10;
    spec.serviceName ??= '';
    for (const claim of spec.volumeClaimTemplates ?? []) defaultClaim(claim);
    defaultTemplate(spec);
  },
  prepareCreate(object) {
    object['status'] = { availableReplicas: 0, replicas: 0 };
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    oneOf(object['spec'].podManagementPolicy, ['OrderedReady', 'Parallel'], 'spec.podManagementPolicy', errors);
    oneOf(object['spec'].updateStrategy.type, ['RollingUpdate', 'OnDelete'], 'spec.updateStrategy', errors);
    nonNegative(
      object['spec'].updateStrategy.rollingUpdate?.partition,
      'spec.updateStrategy.rollingUpdate.partition',
      errors,
    );
    if (object['spec'].updateStrategy.type === 'OnDelete' && object['spec'].updateStrategy.rollingUpdate)
      errors.invalid(
        'spec.updateStrategy.rollingUpdate',
        object['spec'].updateStrategy.rollingUpdate,
        "only allowed for updateStrategy 'RollingUpdate'",
      );
    nonNegative(object['spec'].minReadySeconds, 'spec.minReadySeconds', errors);
    nonNegative(object['spec'].ordinals?.start, 'spec.ordinals.start', errors);
    for (const part of ['whenDeleted', 'whenScaled'])
      oneOf(
        object['spec'].persistentVolumeClaimRetentionPolicy[part],
        ['Delete', 'Retain'],
        `spec.persistentVolumeClaimRetentionPolicy.${part}`,
        errors,
      );
    validateWorkload(withClaims(object), 'statefulset', errors);
  },
  validateUpdate(object, old, errors) {
    const fixed = (spec: object) =>
      JSON.stringify(
        Object.entries(spec)
          .filter(([key]) => !MUTABLE.has(key))
          .sort(),
      );
    if (fixed(object['spec']) !== fixed(old['spec']))
      errors.forbidden(
        'spec',
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      );
  },
};
