// oc describe of limits, budgets, autoscalers, volumes and classes: kinds with few fields.
import type { Dyn } from '../object';
import { parseCertificateRequest } from '../resources/certificate-request';
import { selectorText } from '../resources/labels';
import { limitRows } from './cluster';
import { rfc1123, type Writer } from './writer';

const pairs = (map: Record<string, string> | undefined): string =>
  Object.keys(map ?? {})
    .sort()
    .map((key) => `${key}=${map?.[key]}`)
    .join(',') || '<none>';

export function describeLimitRange(w: Writer, object: Dyn): void {
  w.line(0, `Name:\t${object.metadata.name}`).line(0, `Namespace:\t${object.metadata.namespace}`);
  w.line(0, 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio');
  w.line(0, '----\t--------\t---\t---\t---------------\t-------------\t-----------------------');
  limitRows(w, object, '');
}

export function describeBudget(w: Writer, { metadata, spec, status = {} }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  if (spec.minAvailable !== undefined) w.line(0, `Min available:\t${spec.minAvailable}`);
  else if (spec.maxUnavailable !== undefined) w.line(0, `Max unavailable:\t${spec.maxUnavailable}`);
  w.line(0, `Selector:\t${spec.selector ? selectorText(spec.selector) || '<none>' : '<unset>'}`);
  w.line(0, 'Status:');
  w.line(2, `Allowed disruptions:\t${status.disruptionsAllowed ?? 0}`).line(
    2,
    `Current:\t${status.currentHealthy ?? 0}`,
  );
  w.line(2, `Desired:\t${status.desiredHealthy ?? 0}`).line(2, `Total:\t${status.expectedPods ?? 0}`);
}

export function describeAutoscaler(w: Writer, { metadata, spec, status = {} }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`);
  w.line(0, `Reference:\t${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`);
  w.line(0, 'Metrics:\t( current / target )');
  (spec.metrics ?? []).forEach(
    (metric: Dyn, i: number) => void w.line(1, metricText(metric, status.currentMetrics?.[i])),
  );
  w.line(0, `Min replicas:\t${spec.minReplicas ?? '<unset>'}`).line(0, `Max replicas:\t${spec.maxReplicas}`);
  w.line(
    0,
    `${spec.scaleTargetRef.kind} pods:\t${status.currentReplicas ?? 0} current / ${status.desiredReplicas ?? 0} desired`,
  );
  if (!status.conditions?.length) return;
  w.line(0, 'Conditions:').line(1, 'Type\tStatus\tReason\tMessage').line(1, '----\t------\t------\t-------');
  for (const c of status.conditions) w.line(1, `${c.type}\t${c.status}\t${c.reason ?? ''}\t${c.message ?? ''}`);
}

function metricText(metric: Dyn, current: Dyn): string {
  const source = metric.resource ?? metric.containerResource;
  if (!source) return `<unknown metric type ${JSON.stringify(metric.type)}>`;
  const now = current?.resource?.current ?? current?.containerResource?.current;
  const what = metric.resource
    ? `resource ${source.name} on pods`
    : `resource ${source.name} of container "${source.container}" on pods`;
  if (source.target.averageValue !== undefined)
    return `${what}:\t${now?.averageValue ?? '<unknown>'} / ${source.target.averageValue}`;
  const used = now?.averageUtilization === undefined ? '<unknown>' : `${now.averageUtilization}% (${now.averageValue})`;
  const wanted = source.target.averageUtilization === undefined ? '<auto>' : `${source.target.averageUtilization}%`;
  return `${what}  (as a percentage of request):\t${used} / ${wanted}`;
}

const MODES: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

export function describeVolume(w: Writer, { metadata, spec, status = {} }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, `Finalizers:\t[${(metadata.finalizers ?? []).join(' ')}]`);
  w.line(0, `StorageClass:\t${spec.storageClassName ?? ''}`);
  w.line(
    0,
    `Status:\t${metadata.deletionTimestamp ? `Terminating (lasts ${w.age(metadata.deletionTimestamp)})` : (status.phase ?? '')}`,
  );
  w.line(0, `Claim:\t${spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : ''}`);
  w.line(0, `Reclaim Policy:\t${spec.persistentVolumeReclaimPolicy ?? ''}`);
  w.line(0, `Access Modes:\t${(spec.accessModes ?? []).map((mode: string) => MODES[mode] ?? mode).join(',')}`);
  if (spec.volumeMode) w.line(0, `VolumeMode:\t${spec.volumeMode}`);
  w.line(0, `Capacity:\t${spec.capacity?.storage ?? '0'}`).line(0, 'Node Affinity:\t<none>');
  w.line(0, `Message:\t${status.message ?? ''}`).line(0, 'Source:');
  for (const line of sourceLines(spec)) w.line(2, line);
}

function sourceLines(spec: Dyn): string[] {
  if (spec.hostPath)
    return [
      'Type:\tHostPath (bare host directory volume)',
      `Path:\t${spec.hostPath.path}`,
      `HostPathType:\t${spec.hostPath.type ?? ''}`,
    ];
  if (spec.nfs)
    return [
      'Type:\tNFS (an NFS mount that lasts the lifetime of a pod)',
      `Server:\t${spec.nfs.server}`,
      `Path:\t${spec.nfs.path}`,
      `ReadOnly:\t${spec.nfs.readOnly ?? false}`,
    ];
  if (spec.csi)
    return [
      'Type:\tCSI (a Container Storage Interface (CSI) volume source)',
      `Driver:\t${spec.csi.driver}`,
      `FSType:\t${spec.csi.fsType ?? ''}`,
      `VolumeHandle:\t${spec.csi.volumeHandle}`,
      `ReadOnly:\t${spec.csi.readOnly ?? false}`,
    ];
  return ['<unknown>'];
}

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

export function describeStorageClass(w: Writer, object: Dyn): void {
  const { metadata } = object;
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `IsDefaultClass:\t${metadata.annotations?.[DEFAULT_CLASS] === 'true' ? 'Yes' : 'No'}`);
  w.line(0, `Annotations:\t${pairs(metadata.annotations)}`).line(0, `Provisioner:\t${object.provisioner}`);
  w.line(0, `Parameters:\t${pairs(object.parameters)}`);
  const expansion = object.allowVolumeExpansion;
  w.line(0, `AllowVolumeExpansion:\t${expansion === undefined ? '<unset>' : expansion ? 'True' : 'False'}`);
  if (!object.mountOptions?.length) w.line(0, 'MountOptions:\t<none>');
  else {
    w.line(0, 'MountOptions:');
    for (const option of object.mountOptions) w.line(1, option);
  }
  if (object.reclaimPolicy) w.line(0, `ReclaimPolicy:\t${object.reclaimPolicy}`);
  if (object.volumeBindingMode) w.line(0, `VolumeBindingMode:\t${object.volumeBindingMode}`);
}

export function describePriorityClass(w: Writer, object: Dyn): void {
  w.line(0, `Name:\t${object.metadata.name}`).line(0, `Value:\t${object.value}`);
  w.line(0, `GlobalDefault:\t${object.globalDefault ?? false}`);
  w.line(0, `PreemptionPolicy:\t${object.preemptionPolicy ?? 'PreemptLowerPriority'}`);
  w.line(0, `Description:\t${object.description ?? ''}`).line(0, `Annotations:\t${pairs(object.metadata.annotations)}`);
}

export function describeIngressClass(w: Writer, { metadata, spec }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, `Controller:\t${spec?.controller ?? ''}`);
  if (!spec?.parameters) return;
  w.line(0, 'Parameters:');
  if (spec.parameters.apiGroup) w.line(1, `APIGroup:\t${spec.parameters.apiGroup}`);
  w.line(1, `Kind:\t${spec.parameters.kind}`).line(1, `Name:\t${spec.parameters.name}`);
}

/** `Pending`, `Approved,Issued`: what the table shows, too. */
function requestStatus({ status = {} }: Dyn): string {
  const is = (type: string) => (status.conditions ?? []).some((c: Dyn) => c.type === type);
  const parts = is('Denied') ? ['Denied'] : is('Approved') ? ['Approved'] : ['Pending'];
  if (is('Failed')) parts.push('Failed');
  if (status.certificate) parts.push('Issued');
  return parts.join(',');
}

export function describeCertificateRequest(w: Writer, object: Dyn): void {
  const { metadata, spec } = object;
  const subject = parseCertificateRequest(spec.request);
  w.line(0, `Name:\t${metadata.name}`).line(0, `Labels:\t${pairs(metadata.labels)}`);
  w.line(0, `Annotations:\t${pairs(metadata.annotations)}`);
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`);
  w.line(0, `Requesting User:\t${spec.username ?? ''}`);
  if (spec.signerName) w.line(0, `Signer:\t${spec.signerName}`);
  w.line(0, `Status:\t${requestStatus(object)}`).line(0, 'Subject:');
  w.line(0, `\tCommon Name:\t${subject.commonName}`).line(0, `\tSerial Number:\t${subject.serialNumber}`);
  for (const [title, values] of [
    ['Organization', subject.organization],
    ['Organizational Unit', subject.organizationalUnit],
  ] as const)
    if (values.length > 0) w.line(0, `\t${title}:\t${values.join('\n\t\t')}`);
}
