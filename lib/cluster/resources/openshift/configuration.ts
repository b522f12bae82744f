// The singletons `cluster` and `default` by which an OpenShift cluster's network, DNS, ingress and infrastructure are set up.
import { columns, nameAndAge } from '../columns';
import type { ResourceDefinition } from '../definition';
import { untyped } from '../untyped';
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

const CONFIG = 'config.openshift.io';
const OPERATOR = 'operator.openshift.io';

export const configuration: readonly ResourceDefinition[] = [
  singleton(CONFIG, 'Network', 'networks'),
  singleton(CONFIG, 'DNS', 'dnses'),
  singleton(CONFIG, 'Ingress', 'ingresses', { subresources: ['status'] }),
  singleton(CONFIG, 'Infrastructure', 'infrastructures', { subresources: ['status'] }),
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
