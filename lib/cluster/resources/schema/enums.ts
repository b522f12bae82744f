// Fields with a closed set of values: the +enum types of k8s.io/api.

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const PULL = ['Always', 'IfNotPresent', 'Never'];
const MESSAGES = ['FallbackToLogsOnError', 'File'];
const ACCESS = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

const ENUMS = new Map<string, readonly string[]>(
  Object.entries({
    'Container.imagePullPolicy': PULL,
    'Container.terminationMessagePolicy': MESSAGES,
    'EphemeralContainer.imagePullPolicy': PULL,
    'EphemeralContainer.terminationMessagePolicy': MESSAGES,
    'ContainerPort.protocol': PROTOCOLS,
    'DaemonSetUpdateStrategy.type': ['OnDelete', 'RollingUpdate'],
    'DeploymentStrategy.type': ['Recreate', 'RollingUpdate'],
    'StatefulSetUpdateStrategy.type': ['OnDelete', 'RollingUpdate'],
    'StatefulSetSpec.podManagementPolicy': ['OrderedReady', 'Parallel'],
    'EndpointPort.protocol': PROTOCOLS,
    'EndpointSlice.addressType': ['FQDN', 'IPv4', 'IPv6'],
    'HTTPGetAction.scheme': ['HTTP', 'HTTPS'],
    'HTTPIngressPath.pathType': ['Exact', 'ImplementationSpecific', 'Prefix'],
    'HostPathVolumeSource.type': [
      '',
      'BlockDevice',
      'CharDevice',
      'Directory',
      'DirectoryOrCreate',
      'File',
      'FileOrCreate',
      'Socket',
    ],
    'CronJobSpec.concurrencyPolicy': ['Allow', 'Forbid', 'Replace'],
    'JobSpec.completionMode': ['Indexed', 'NonIndexed'],
    'JobSpec.podReplacementPolicy': ['Failed', 'TerminatingOrFailed'],
    'NamespaceStatus.phase': ['Active', 'Terminating'],
    'NodeSelectorRequirement.operator': ['DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn'],
    'PersistentVolumeClaimStatus.phase': ['Bound', 'Lost', 'Pending'],
    'PersistentVolumeClaimSpec.volumeMode': ['Block', 'Filesystem'],
    'PersistentVolumeSpec.persistentVolumeReclaimPolicy': ['Delete', 'Recycle', 'Retain'],
    'PersistentVolumeSpec.volumeMode': ['Block', 'Filesystem'],
    'PersistentVolumeStatus.phase': ['Available', 'Bound', 'Failed', 'Pending', 'Released'],
    'PodSecurityContext.fsGroupChangePolicy': ['Always', 'OnRootMismatch'],
    'PodSpec.dnsPolicy': ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'],
    'PodSpec.preemptionPolicy': ['Never', 'PreemptLowerPriority'],
    'PodSpec.restartPolicy': ['Always', 'Never', 'OnFailure'],
    'PodStatus.phase': ['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'],
    'PodStatus.qosClass': ['BestEffort', 'Burstable', 'Guaranteed'],
    'SeccompProfile.type': ['Localhost', 'RuntimeDefault', 'Unconfined'],
    'ServicePort.protocol': PROTOCOLS,
    'ServiceSpec.externalTrafficPolicy': ['Cluster', 'Local'],
    'ServiceSpec.internalTrafficPolicy': ['Cluster', 'Local'],
    'ServiceSpec.ipFamilyPolicy': ['PreferDualStack', 'RequireDualStack', 'SingleStack'],
    'ServiceSpec.sessionAffinity': ['ClientIP', 'None'],
    'ServiceSpec.type': ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'],
    'StorageClass.reclaimPolicy': ['Delete', 'Recycle', 'Retain'],
    'StorageClass.volumeBindingMode': ['Immediate', 'WaitForFirstConsumer'],
    'Taint.effect': ['NoExecute', 'NoSchedule', 'PreferNoSchedule'],
    'Toleration.effect': ['NoExecute', 'NoSchedule', 'PreferNoSchedule'],
    'Toleration.operator': ['Equal', 'Exists'],
    'TopologySpreadConstraint.whenUnsatisfiable': ['DoNotSchedule', 'ScheduleAnyway'],
    'VolumeMount.mountPropagation': ['Bidirectional', 'HostToContainer', 'None'],
  }),
);

/** The closed set of a scalar field, for the document; `items` of a list have their own. */
export const enumOf = (type: string, field: string): readonly string[] | undefined => ENUMS.get(`${type}.${field}`);

/** The closed set of each element of a list of scalars. */
export const itemEnumOf = (type: string, field: string): readonly string[] | undefined =>
  field === 'accessModes' && type.startsWith('PersistentVolume') ? ACCESS : undefined;
