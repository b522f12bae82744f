// The singletons `cluster` and `default` by which an OpenShift cluster's network, DNS, ingress and infrastructure are set up.

import type { KubeObject } from '../../store/types';
import { columns, nameAndAge } from '../columns';
import type { ResourceDefinition } from '../definition';
import { since } from '../duration';
import { untyped } from '../untyped';
import type { FieldErrors } from '../validation/field-errors';
import { keepStatus } from '../workload';

const singleton = (
  group: string,
  kind: string,
  plural: string,
  extra: Partial<ResourceDefinition> = {},
): ResourceDefinition => ({
  group,
  versions: [{ name: 'v1', type: `${group.split('.')[0]}.${kind}` }],
  types: untyped(`${group.split('.')[0]}.${kind}`),
  kind,
  plural,
  singular: kind.toLowerCase(),
  namespaced: false,
  profile: 'openshift',
  generation: true,
  prepareUpdate: keepStatus,
  ...nameAndAge,
  ...extra,
});

/** Kinds that can be read: nothing here follows a change. DIFFERS: in a real cluster they are changed as others are. */
const READ: Partial<ResourceDefinition> = { verbs: ['get', 'list', 'watch'] };

const CONFIG = 'config.openshift.io';
const MACHINE_CONFIG = 'machineconfiguration.openshift.io';
const OPERATOR = 'operator.openshift.io';

const PORT = '([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';
const PORT_RANGE = `^${PORT}-${PORT}$`;

function validateNetwork({ spec }: KubeObject, errors: FieldErrors): void {
  const range: unknown = spec?.serviceNodePortRange;
  if (range === undefined || new RegExp(PORT_RANGE).test(String(range))) return;
  const at = 'spec.serviceNodePortRange';
  errors.invalid(at, range, `${at} in body should match '${PORT_RANGE}'`);
}

export const configuration: readonly ResourceDefinition[] = [
  singleton(CONFIG, 'Network', 'networks', { validate: validateNetwork }),
  singleton(CONFIG, 'DNS', 'dnses'),
  singleton(CONFIG, 'Ingress', 'ingresses', { subresources: ['status'] }),
  singleton(CONFIG, 'Infrastructure', 'infrastructures', { subresources: ['status'] }),
  singleton(CONFIG, 'APIServer', 'apiservers', READ),
  singleton(CONFIG, 'Authentication', 'authentications', READ),
  singleton(CONFIG, 'FeatureGate', 'featuregates', READ),
  singleton(CONFIG, 'Image', 'images', READ),
  singleton(CONFIG, 'OAuth', 'oauths', READ),
  singleton(CONFIG, 'Project', 'projects', READ),
  singleton(CONFIG, 'Proxy', 'proxies', READ),
  singleton(CONFIG, 'Scheduler', 'schedulers', READ),
  singleton(MACHINE_CONFIG, 'MachineConfig', 'machineconfigs', {
    ...READ,
    shortNames: ['mc'],
    columns: columns('Name', 'GeneratedByController', 'IgnitionVersion', 'Age'),
    row: ({ metadata, spec }, now) => [
      metadata.name,
      metadata.annotations?.[`${MACHINE_CONFIG}/generated-by-controller-version`] ?? '',
      spec?.config?.ignition?.version ?? '',
      since(metadata.creationTimestamp, now),
    ],
  }),
  singleton(MACHINE_CONFIG, 'MachineConfigPool', 'machineconfigpools', {
    ...READ,
    shortNames: ['mcp'],
    columns: columns(
      'Name',
      'Config',
      'Updated',
      'Updating',
      'Degraded',
      'MachineCount',
      'ReadyMachineCount',
      'UpdatedMachineCount',
      'DegradedMachineCount',
      'Age',
    ),
    row: ({ metadata, status }, now) => {
      const is = (type: string) =>
        (status?.conditions ?? []).find((one: { type: string }) => one.type === type)?.status ?? '';
      return [
        metadata.name,
        status?.configuration?.name ?? '',
        is('Updated'),
        is('Updating'),
        is('Degraded'),
        text(status?.machineCount),
        text(status?.readyMachineCount),
        text(status?.updatedMachineCount),
        text(status?.degradedMachineCount),
        since(metadata.creationTimestamp, now),
      ];
    },
  }),
  singleton(OPERATOR, 'Network', 'networks'),
  singleton(OPERATOR, 'DNS', 'dnses', { subresources: ['status'] }),
  singleton(OPERATOR, 'IngressController', 'ingresscontrollers', { namespaced: true, subresources: ['status'] }),
];

const text = (value: unknown): string => (value === undefined ? '' : String(value));

const SCC_FIELDS = [
  'allowHostDirVolumePlugin',
  'allowHostIPC',
  'allowHostNetwork',
  'allowHostPID',
  'allowHostPorts',
  'allowPrivilegeEscalation',
  'allowPrivilegedContainer',
  'allowedCapabilities',
  'allowedFlexVolumes',
  'allowedUnsafeSysctls',
  'defaultAddCapabilities',
  'defaultAllowPrivilegeEscalation',
  'forbiddenSysctls',
  'fsGroup',
  'groups',
  'priority',
  'readOnlyRootFilesystem',
  'requiredDropCapabilities',
  'runAsUser',
  'seLinuxContext',
  'seccompProfiles',
  'supplementalGroups',
  'userNamespaceLevel',
  'users',
  'volumes',
]; // prettier-ignore

export const securityContextConstraints: ResourceDefinition = singleton(
  'security.openshift.io',
  'SecurityContextConstraints',
  'securitycontextconstraints',
  {
    singular: 'securitycontextconstraints',
    types: untyped('security.SecurityContextConstraints', ...SCC_FIELDS),
    shortNames: ['scc'],
    columns: columns(
      'Name',
      'Priv',
      'Caps',
      'SELinux',
      'RunAsUser',
      'FSGroup',
      'SupGroup',
      'Priority',
      'ReadOnlyRootFS',
      'Volumes',
    ),
    row: (object) => [
      object.metadata.name,
      String(object['allowPrivilegedContainer'] ?? false),
      object['allowedCapabilities'] ? JSON.stringify(object['allowedCapabilities']) : '<no value>',
      text(object['seLinuxContext']?.type),
      text(object['runAsUser']?.type),
      text(object['fsGroup']?.type),
      text(object['supplementalGroups']?.type),
      object['priority'] === undefined || object['priority'] === null ? '<no value>' : String(object['priority']),
      String(object['readOnlyRootFilesystem'] ?? false),
      JSON.stringify(object['volumes'] ?? []),
    ],
  },
);
