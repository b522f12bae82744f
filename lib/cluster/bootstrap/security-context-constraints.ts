// The security context constraints that an OpenShift cluster is born with.
import type { Client } from '../api/client';

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const withVolumes = (...more: string[]) => [...VOLUMES, ...more].sort();
const DROP = ['KILL', 'MKNOD', 'SETUID', 'SETGID'];

interface Strategies {
  user: 'RunAsAny' | 'MustRunAsRange' | 'MustRunAsNonRoot';
  fsGroup?: string;
  groups?: string;
  seLinux?: string;
}

const strategies = ({ user, fsGroup = 'MustRunAs', groups = 'RunAsAny', seLinux = 'MustRunAs' }: Strategies) => ({
  runAsUser: { type: user },
  fsGroup: { type: fsGroup },
  supplementalGroups: { type: groups },
  seLinuxContext: { type: seLinux },
});

const HOST = [
  'allowHostDirVolumePlugin',
  'allowHostIPC',
  'allowHostNetwork',
  'allowHostPID',
  'allowHostPorts',
] as const;

/** What of the node a constraint opens. */
const host = (...open: (typeof HOST)[number][]) => Object.fromEntries(HOST.map((name) => [name, open.includes(name)]));

/** The newer forms drop all capabilities and ask for the runtime's filter of system calls. */
const second = {
  allowPrivilegeEscalation: false,
  allowedCapabilities: ['NET_BIND_SERVICE'],
  requiredDropCapabilities: ['ALL'],
  seccompProfiles: ['runtime/default'],
};

const CONSTRAINTS: Record<string, object> = {
  anyuid: {
    ...host(),
    ...strategies({ user: 'RunAsAny', fsGroup: 'RunAsAny' }),
    priority: 10,
    requiredDropCapabilities: ['MKNOD'],
    groups: ['system:cluster-admins'],
    volumes: VOLUMES,
  },
  hostaccess: { ...host(...HOST), ...strategies({ user: 'MustRunAsRange' }), volumes: withVolumes('hostPath') },
  'hostmount-anyuid': {
    ...host('allowHostDirVolumePlugin'),
    ...strategies({ user: 'RunAsAny', fsGroup: 'RunAsAny' }),
    requiredDropCapabilities: ['MKNOD'],
    users: ['system:serviceaccount:openshift-infra:pv-recycler-controller'],
    volumes: withVolumes('hostPath', 'nfs'),
  },
  hostnetwork: {
    ...host('allowHostNetwork', 'allowHostPorts'),
    ...strategies({ user: 'MustRunAsRange', groups: 'MustRunAs' }),
    volumes: VOLUMES,
  },
  'hostnetwork-v2': {
    ...host('allowHostNetwork', 'allowHostPorts'),
    ...strategies({ user: 'MustRunAsRange', groups: 'MustRunAs' }),
    ...second,
    volumes: VOLUMES,
  },
  nonroot: { ...host(), ...strategies({ user: 'MustRunAsNonRoot', fsGroup: 'RunAsAny' }), volumes: VOLUMES },
  'nonroot-v2': {
    ...host(),
    ...strategies({ user: 'MustRunAsNonRoot', fsGroup: 'RunAsAny' }),
    ...second,
    volumes: VOLUMES,
  },
  privileged: {
    ...host(...HOST),
    ...strategies({ user: 'RunAsAny', fsGroup: 'RunAsAny', seLinux: 'RunAsAny' }),
    allowPrivilegedContainer: true,
    allowedCapabilities: ['*'],
    allowedUnsafeSysctls: ['*'],
    requiredDropCapabilities: null,
    seccompProfiles: ['*'],
    groups: ['system:cluster-admins', 'system:nodes', 'system:masters'],
    users: ['system:admin', 'system:serviceaccount:openshift-infra:build-controller'],
    volumes: ['*'],
  },
  restricted: { ...host(), ...strategies({ user: 'MustRunAsRange' }), volumes: VOLUMES },
  'restricted-v2': { ...host(), ...strategies({ user: 'MustRunAsRange' }), ...second, volumes: VOLUMES },
};

export function createSecurityContextConstraints(client: Client): void {
  for (const [name, fields] of Object.entries(CONSTRAINTS))
    client.create('securitycontextconstraints.security.openshift.io', {
      metadata: { name },
      allowPrivilegeEscalation: true,
      allowPrivilegedContainer: false,
      defaultAddCapabilities: null,
      groups: [],
      priority: null,
      readOnlyRootFilesystem: false,
      requiredDropCapabilities: DROP,
      users: [],
      ...fields,
    });
}
