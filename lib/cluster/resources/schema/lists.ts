// How lists are merged: `patch` is the merge key of a strategic merge patch, `keys` those of server-side apply. A list that is
// not here is replaced as a whole. Source: the patchMergeKey and listMapKey tags in k8s.io/api's types.

export interface ListRule {
  /** The merge key of a strategic merge patch; '' for a list of scalars merged as a set. */
  patch?: string;
  /** The keys of server-side apply; empty for a set of scalars. */
  keys?: readonly string[];
}

const byName: ListRule = { patch: 'name', keys: ['name'] };
const byType: ListRule = { patch: 'type', keys: ['type'] };
const set: ListRule = { patch: '', keys: [] };

const RULES: Record<string, ListRule> = {
  'Container.env': byName,
  'Container.ports': { patch: 'containerPort', keys: ['containerPort', 'protocol'] },
  'Container.resizePolicy': {},
  'Container.volumeDevices': { patch: 'devicePath', keys: ['devicePath'] },
  'Container.volumeMounts': { patch: 'mountPath', keys: ['mountPath'] },
  'EphemeralContainer.env': byName,
  'EphemeralContainer.ports': { patch: 'containerPort', keys: ['containerPort', 'protocol'] },
  'EphemeralContainer.volumeDevices': { patch: 'devicePath', keys: ['devicePath'] },
  'EphemeralContainer.volumeMounts': { patch: 'mountPath', keys: ['mountPath'] },
  'ResourceRequirements.claims': { keys: ['name'] },
  'PodSpec.containers': byName,
  'PodSpec.initContainers': byName,
  'PodSpec.ephemeralContainers': byName,
  'PodSpec.volumes': byName,
  'PodSpec.imagePullSecrets': byName,
  'PodSpec.hostAliases': { patch: 'ip', keys: ['ip'] },
  'PodSpec.schedulingGates': byName,
  'PodSpec.resourceClaims': byName,
  'PodSpec.topologySpreadConstraints': { patch: 'topologyKey', keys: ['topologyKey', 'whenUnsatisfiable'] },
  'PodStatus.conditions': byType,
  'PodStatus.podIPs': { patch: 'ip', keys: ['ip'] },
  'PodStatus.hostIPs': { patch: 'ip' },
  'ObjectMeta.finalizers': set,
  'ObjectMeta.ownerReferences': { patch: 'uid', keys: ['uid'] },
  'ServiceSpec.ports': { patch: 'port', keys: ['port', 'protocol'] },
  'ServiceStatus.conditions': byType,
  'ServiceAccount.secrets': byName,
  'NamespaceStatus.conditions': byType,
  'NodeSpec.podCIDRs': set,
  'NodeStatus.addresses': { patch: 'type', keys: ['type'] },
  'NodeStatus.conditions': byType,
  'DeploymentStatus.conditions': byType,
  'ReplicaSetStatus.conditions': byType,
  'ReplicationControllerStatus.conditions': byType,
  'StatefulSetStatus.conditions': byType,
  'DaemonSetStatus.conditions': byType,
  'JobStatus.conditions': byType,
  'PersistentVolumeClaimStatus.conditions': byType,
  'PodDisruptionBudgetStatus.conditions': byType,
  'v2.HorizontalPodAutoscalerStatus.conditions': byType,
  'CertificateSigningRequestStatus.conditions': { keys: ['type'] },
  'CustomResourceDefinitionStatus.conditions': { keys: ['type'] },
  'ValidatingWebhookConfiguration.webhooks': byName,
  'MutatingWebhookConfiguration.webhooks': byName,
  'CSINodeSpec.drivers': byName,
};

export const listRule = (type: string, field: string): ListRule | undefined => RULES[`${type}.${field}`];

/** Objects of which a strategic patch's `$retainKeys` clears the fields not named: the tag `patchStrategy:"retainKeys"`. */
export const UNIONS: ReadonlySet<string> = new Set(['DeploymentSpec.strategy', 'PodSpec.volumes']);
