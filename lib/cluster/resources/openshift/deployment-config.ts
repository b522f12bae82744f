// deploymentconfigs.apps.openshift.io: OpenShift's older way to deploy.
import { formatLabels, selectsMap } from '../../store/selectors';
import type { KubeObject } from '../../store/types';
import { columns } from '../columns';
import type { ResourceDefinition } from '../definition';
import { defaultTemplate } from '../pod-spec/defaults';
import { validateTemplate } from '../pod-spec/validate';
import { nonNegative } from '../validation/values';
import { keepStatus, scaleOf } from '../workload';

interface Trigger {
  type: string;
  imageChangeParams?: { from?: { name?: string } };
}

const triggers = ({ spec }: KubeObject): string =>
  ((spec?.triggers ?? []) as Trigger[])
    .map(({ type, imageChangeParams }) =>
      type === 'ConfigChange'
        ? 'config'
        : type === 'ImageChange'
          ? `image(${imageChangeParams?.from?.name ?? ''})`
          : type,
    )
    .join(',');

export const deploymentConfig: ResourceDefinition = {
  group: 'apps.openshift.io',
  versions: [
    {
      name: 'v1',
      deprecated: 'apps.openshift.io/v1 DeploymentConfig is deprecated in v4.14+, unavailable in v4.10000+',
    },
  ],
  kind: 'DeploymentConfig',
  plural: 'deploymentconfigs',
  singular: 'deploymentconfig',
  shortNames: ['dc'],
  categories: ['all'],
  namespaced: true,
  profile: 'openshift',
  subresources: ['instantiate', 'scale', 'status'],
  generation: true,
  scale: { ...scaleOf, selector: ({ spec }) => formatLabels(spec?.selector).replace('<none>', '') },
  types: {
    DeploymentConfig: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'ObjectMeta',
      spec: 'DeploymentConfigSpec!',
      status: 'any',
    },
    DeploymentRequest: {
      apiVersion: 'string',
      kind: 'string',
      excludeTriggers: '[]string',
      force: 'boolean!',
      latest: 'boolean!',
      name: 'string!',
    },
    DeploymentConfigSpec: {
      minReadySeconds: 'int32',
      paused: 'boolean',
      replicas: 'int32',
      revisionHistoryLimit: 'int32',
      selector: '{}string',
      strategy: 'any',
      template: 'PodTemplateSpec',
      test: 'boolean',
      triggers: '[]any',
    }, // prettier-ignore
  },
  columns: columns('Name', 'Revision', 'Desired', 'Current', 'Triggered By'),
  row: (object) => {
    const { spec, status } = object;
    return [
      object.metadata.name,
      status?.latestVersion ?? 0,
      String(spec?.replicas ?? 0),
      status?.updatedReplicas ?? 0,
      triggers(object),
    ];
  },
  default(object) {
    const spec = (object['spec'] ??= {});
    spec.replicas ??= 1;
    spec.test ??= false;
    spec.triggers ??= [{ type: 'ConfigChange' }];
    spec.revisionHistoryLimit ??= 10;
    spec.strategy = { type: 'Rolling', activeDeadlineSeconds: 21_600, resources: {}, ...spec.strategy };
    if (spec.strategy.type === 'Rolling')
      spec.strategy.rollingParams = {
        updatePeriodSeconds: 1,
        intervalSeconds: 1,
        timeoutSeconds: 600,
        maxUnavailable: '25%',
        maxSurge: '25%',
        ...spec.strategy.rollingParams,
      };
    const labels = spec.template?.metadata?.labels;
    if (labels && Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
    defaultTemplate(spec);
  },
  prepareCreate(object) {
    object['status'] = {
      latestVersion: 0,
      observedGeneration: 0,
      replicas: 0,
      updatedReplicas: 0,
      availableReplicas: 0,
      unavailableReplicas: 0,
    };
  },
  prepareUpdate: keepStatus,
  validate(object, errors) {
    const { spec } = object;
    nonNegative(spec.replicas, 'spec.replicas', errors);
    if (Object.keys(spec.selector ?? {}).length === 0)
      errors.invalid('spec.selector', spec.selector ?? {}, 'selector cannot be empty');
    validateTemplate(spec, selectsMap(spec.selector, spec.template?.metadata?.labels), 'spec', errors);
  },
};
