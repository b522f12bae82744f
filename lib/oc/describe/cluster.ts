// oc describe node, namespace, project, configmap, secret, persistentvolumeclaim and serviceaccount.
import { type Dyn, isEmpty } from '../object';
import { parseQuantity } from '../printers/quantity';
import { humanWords } from '../printers/words';
import { cells, compact } from '../resources/rules';
import { rfc1123, type Writer } from './writer';

export function describeNode(
  w: Writer,
  { metadata, spec, status = {} }: Dyn,
  pods: Dyn[] | undefined,
  lease: Dyn,
): void {
  const roles = Object.keys(metadata.labels ?? {})
    .filter((key) => key.startsWith('node-role.kubernetes.io/'))
    .map((key) => key.slice('node-role.kubernetes.io/'.length))
    .sort();
  w.line(0, `Name:\t${metadata.name}`).line(0, `Roles:\t${roles.join(',') || '<none>'}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`);
  w.list('Taints', taints(spec.taints));
  w.line(0, `Unschedulable:\t${spec.unschedulable ?? false}`);
  if (typeof lease === 'string') w.line(0, `Lease:\tFailed to get lease: ${lease}`);
  else if (lease) {
    w.line(0, 'Lease:').line(1, `HolderIdentity:\t${lease.spec?.holderIdentity ?? '<unset>'}`);
    w.line(1, `AcquireTime:\t${lease.spec?.acquireTime ? rfc1123(lease.spec.acquireTime) : '<unset>'}`);
    w.line(1, `RenewTime:\t${lease.spec?.renewTime ? rfc1123(lease.spec.renewTime) : '<unset>'}`);
  }
  if (status.conditions?.length) {
    w.line(0, 'Conditions:').line(1, 'Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage');
    w.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
    for (const c of status.conditions)
      w.line(
        1,
        `${c.type} \t${c.status} \t${rfc1123(c.lastHeartbeatTime)} \t${rfc1123(c.lastTransitionTime)} \t${c.reason ?? ''} \t${c.message ?? ''}`,
      );
  }
  w.line(0, 'Addresses:');
  for (const { type, address } of status.addresses ?? []) w.line(1, `${type}:\t${address}`);
  for (const [title, field] of [
    ['Capacity', 'capacity'],
    ['Allocatable', 'allocatable'],
  ] as const) {
    if (isEmpty(status[field])) continue;
    w.line(0, `${title}:`);
    for (const name of Object.keys(status[field]).sort()) w.line(1, `${name}:\t${status[field][name]}`);
  }
  systemInfo(w, status.nodeInfo ?? {});
  if (spec.podCIDR) w.line(0, `PodCIDR:\t${spec.podCIDR}`);
  if (spec.podCIDRs?.length) w.line(0, `PodCIDRs:\t${spec.podCIDRs.join(',')}`);
  if (spec.providerID) w.line(0, `ProviderID:\t${spec.providerID}`);
  if (pods) nodePods(w, pods, status.allocatable ?? status.capacity ?? {});
  else w.line(0, 'Pods:\tnot authorized');
}

function taints(list: Dyn[] | undefined): string[] {
  return (list ?? [])
    .map((taint) => `${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`)
    .sort((a, b) => ((a.split(':').at(-1) ?? '') + a < (b.split(':').at(-1) ?? '') + b ? -1 : 1));
}

function systemInfo(w: Writer, info: Dyn): void {
  const rows = {
    'Machine ID': 'machineID',
    'System UUID': 'systemUUID',
    'Boot ID': 'bootID',
    'Kernel Version': 'kernelVersion',
    'OS Image': 'osImage',
    'Operating System': 'operatingSystem',
    Architecture: 'architecture',
    'Container Runtime Version': 'containerRuntimeVersion',
    'Kubelet Version': 'kubeletVersion',
  };
  w.line(0, 'System Info:');
  for (const [title, field] of Object.entries(rows)) w.line(1, `${title}:\t${info[field] ?? ''}`);
}

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'] as const;

/** Sums in a unit that keeps them whole: thousandths of a CPU, bytes. */
function sum(pods: Dyn[], field: 'requests' | 'limits', resource: string): number {
  const of = (container: Dyn) => parseQuantity(container.resources?.[field]?.[resource] ?? '0') ?? 0;
  return pods.reduce((all: number, pod) => {
    const running = (pod.spec.containers as Dyn[]).reduce((n: number, c) => n + of(c), 0);
    const init = Math.max(0, ...((pod.spec.initContainers ?? []) as Dyn[]).map(of));
    return all + Math.max(running, init);
  }, 0);
}

function quantity(value: number, resource: string): string {
  if (value === 0) return '0';
  if (resource === 'cpu') return Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`;
  for (const [suffix, size] of [
    ['Gi', 2 ** 30],
    ['Mi', 2 ** 20],
    ['Ki', 2 ** 10],
  ] as const)
    if (value % size === 0) return `${value / size}${suffix}`;
  return String(value);
}

function nodePods(w: Writer, pods: Dyn[], allocatable: Record<string, string>): void {
  const part = (list: Dyn[], field: 'requests' | 'limits', resource: string) => {
    const value = sum(list, field, resource);
    const all = parseQuantity(allocatable[resource] ?? '0') || 0;
    return `${quantity(value, resource)} (${all > 0 ? Math.floor((value / all) * 100) : 0}%)`;
  };
  w.line(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  w.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  w.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  for (const pod of pods) {
    const one = [pod];
    const cells = [
      part(one, 'requests', 'cpu'),
      part(one, 'limits', 'cpu'),
      part(one, 'requests', 'memory'),
      part(one, 'limits', 'memory'),
    ];
    w.line(
      1,
      `${pod.metadata.namespace}\t${pod.metadata.name}\t\t${cells.join('\t')}\t${w.age(pod.metadata.creationTimestamp)}`,
    );
  }
  w.line(0, 'Allocated resources:').line(1, '(Total limits may be over 100 percent, i.e., overcommitted.)');
  w.line(1, 'Resource\tRequests\tLimits').line(1, '--------\t--------\t------');
  for (const resource of RESOURCES)
    w.line(1, `${resource}\t${part(pods, 'requests', resource)}\t${part(pods, 'limits', resource)}`);
  for (const resource of Object.keys(allocatable)
    .filter((name) => name.startsWith('hugepages-'))
    .sort())
    w.line(1, `${resource}\t${part(pods, 'requests', resource)}\t${part(pods, 'limits', resource)}`);
}

export function describeNamespace(w: Writer, { metadata, status = {} }: Dyn, quotas: Dyn[], limits: Dyn[]): void {
  w.line(0, `Name:\t${metadata.name}`)
    .labels('Labels', metadata.labels)
    .annotations('Annotations', metadata.annotations);
  w.line(0, `Status:\t${status.phase ?? ''}`);
  if (quotas.length === 0) w.line(0, '\nNo resource quota.');
  else {
    w.line(0, '\nResource Quotas');
    for (const quota of quotas) {
      w.line(1, `Name:\t${quota.metadata.name}`).line(1, 'Resource\tUsed\tHard').line(1, '--------\t---\t---');
      for (const name of Object.keys(quota.status?.hard ?? {}).sort())
        w.line(1, `${name}\t${quota.status.used?.[name] ?? ''}\t${quota.status.hard[name]}`);
    }
  }
  if (limits.length === 0) return void w.line(0, '\nNo LimitRange resource.');
  w.line(0, '\nResource Limits');
  w.line(0, ' Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio');
  w.line(0, ' ----\t--------\t---\t---\t---------------\t-------------\t-----------------------');
  for (const range of limits) limitRows(w, range, ' ');
}

/** A row for each resource that a range limits. */
export function limitRows(w: Writer, range: Dyn, indent = '  '): void {
  for (const item of range.spec?.limits ?? []) {
    const names = new Set(
      ['min', 'max', 'default', 'defaultRequest', 'maxLimitRequestRatio'].flatMap((field) =>
        Object.keys(item[field] ?? {}),
      ),
    );
    for (const name of [...names].sort()) {
      const cells = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'].map(
        (field) => item[field]?.[name] ?? '-',
      );
      w.line(0, `${indent}${item.type}\t${name}\t${cells.join('\t')}`);
    }
  }
}

export function describeQuota(w: Writer, { metadata, status = {}, spec }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  const hard = status.hard ?? spec?.hard ?? {};
  w.line(0, 'Resource\tUsed\tHard').line(0, '--------\t----\t----');
  for (const name of Object.keys(hard).sort()) w.line(0, `${name}\t${status.used?.[name] ?? ''}\t${hard[name]}`);
}

export function describeConfigMap(w: Writer, { metadata, data = {}, binaryData = {} }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.raw('\nData\n====\n');
  for (const key of Object.keys(data).sort()) w.raw(`${key}:\n----\n${data[key]}\n\n`);
  w.raw('\nBinaryData\n====\n');
  for (const key of Object.keys(binaryData).sort())
    w.raw(`${key}: ${Buffer.from(binaryData[key], 'base64').length} bytes\n`);
  w.raw('\n');
}

export function describeSecret(w: Writer, { metadata, type, data = {} }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, `\nType:\t${type}`).raw('\nData\n====\n');
  for (const key of Object.keys(data).sort()) {
    const bytes = Buffer.from(data[key], 'base64');
    if (type === 'kubernetes.io/service-account-token' && key === 'token') w.line(0, `${key}:\t${bytes.toString()}`);
    else w.line(0, `${key}:\t${bytes.length} bytes`);
  }
}

const MODES: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

export function describeClaim(w: Writer, { metadata, spec, status = {} }: Dyn, pods: Dyn[]): void {
  w.line(0, `Name:\t${metadata.name}`)
    .line(0, `Namespace:\t${metadata.namespace}`)
    .line(0, `StorageClass:\t${spec.storageClassName ?? ''}`);
  w.line(
    0,
    `Status:\t${metadata.deletionTimestamp ? `Terminating (lasts ${w.age(metadata.deletionTimestamp)})` : (status.phase ?? '')}`,
  );
  w.line(0, `Volume:\t${spec.volumeName ?? ''}`)
    .labels('Labels', metadata.labels)
    .annotations('Annotations', metadata.annotations);
  w.line(0, `Finalizers:\t[${(metadata.finalizers ?? []).join(' ')}]`);
  w.line(0, `Capacity:\t${spec.volumeName ? (status.capacity?.storage ?? '') : ''}`);
  w.line(
    0,
    `Access Modes:\t${spec.volumeName ? (status.accessModes ?? []).map((mode: string) => MODES[mode] ?? mode).join(',') : ''}`,
  );
  if (spec.volumeMode) w.line(0, `VolumeMode:\t${spec.volumeMode}`);
  const using = pods.filter((pod) =>
    (pod.spec.volumes ?? []).some((v: Dyn) => v.persistentVolumeClaim?.claimName === metadata.name),
  );
  w.list('Used By', using.map((pod) => pod.metadata.name).sort());
}

export function describeServiceAccount(w: Writer, { metadata, secrets = [], imagePullSecrets = [] }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  const name = (one: Dyn): string => one.name;
  w.list('Image pull secrets', imagePullSecrets.map(name)).list('Mountable secrets', secrets.map(name));
  w.list(
    'Tokens',
    secrets.map(name).filter((one: string) => /-token-/.test(one)),
  );
}

export function describeProject(w: Writer, { metadata, status = {} }: Dyn, quotas: Dyn[], limits: Dyn[]): void {
  const notes = metadata.annotations ?? {};
  w.line(0, `Name:\t${metadata.name}`).line(
    0,
    `Created:\t${humanWords(w.now - Date.parse(metadata.creationTimestamp))} ago`,
  );
  w.labels('Labels', metadata.labels);
  w.list(
    'Annotations',
    Object.keys(notes)
      .sort()
      .map((key) => `${key}=${notes[key]}`),
  );
  w.line(0, `Display Name:\t${notes['openshift.io/display-name'] || '<none>'}`).line(
    0,
    `Description:\t${notes['openshift.io/description'] || '<none>'}`,
  );
  w.line(0, `Status:\t${status.phase ?? ''}`).line(
    0,
    `Node Selector:\t${notes['openshift.io/node-selector'] || '<none>'}`,
  );
  if (quotas.length === 0) w.line(0, 'Quota:\t<none>');
  for (const quota of quotas) {
    w.line(0, 'Quota:')
      .line(1, `Name:\t${quota.metadata.name}`)
      .line(1, 'Resource\tUsed\tHard')
      .line(1, '--------\t----\t----');
    for (const name of Object.keys(quota.status?.hard ?? {}).sort())
      w.line(1, `${name}\t${quota.status.used?.[name] ?? ''}\t${quota.status.hard[name]}`);
  }
  if (limits.length === 0) return void w.line(0, 'Resource limits:\t<none>');
  w.line(0, 'Resource limits:').line(
    1,
    'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio',
  );
  for (const range of limits) limitRows(w, range);
}

export function describeRole(w: Writer, { metadata, rules = [] }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`)
    .labels('Labels', metadata.labels)
    .annotations('Annotations', metadata.annotations);
  w.line(0, 'PolicyRule:')
    .line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs')
    .line(1, '---------\t-----------------\t--------------\t-----');
  for (const rule of compact(rules ?? [])) w.line(1, cells(rule).join('\t'));
}

export function describeBinding(w: Writer, { metadata, roleRef, subjects = [] }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`)
    .labels('Labels', metadata.labels)
    .annotations('Annotations', metadata.annotations);
  w.line(0, 'Role:').line(1, `Kind:\t${roleRef.kind}`).line(1, `Name:\t${roleRef.name}`);
  w.line(0, 'Subjects:').line(1, 'Kind\tName\tNamespace').line(1, '----\t----\t---------');
  for (const one of subjects ?? []) w.line(1, `${one.kind}\t${one.name}\t${one.namespace ?? ''}`);
}
