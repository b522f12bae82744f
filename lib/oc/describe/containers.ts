// Containers and volumes of a pod or pod template.

import { type Dyn, isEmpty, quote } from '../object';
import { fieldOf } from './field-ref';
import { rfc1123, type Writer } from './writer';

/** A group of containers; `space` is there inside a pod template. */
export function containers(
  w: Writer,
  title: string,
  list: Dyn[],
  statuses: Dyn[] | undefined,
  pod: Dyn | undefined,
  space: string,
): void {
  w.line(0, `${space}${title}:${list.length === 0 ? ' <none>' : ''}`);
  for (const container of list) {
    const status = statuses?.find((one) => one.name === container.name);
    basics(w, container, status, space);
    words(w, 'Command', container.command);
    words(w, 'Args', container.args);
    if (status) state(w, status);
    resources(w, container.resources);
    for (const [name, probe] of [
      ['Liveness', container.livenessProbe],
      ['Readiness', container.readinessProbe],
      ['Startup', container.startupProbe],
    ])
      if (probe) w.line(2, `${name}:\t${probeText(probe)}`);
    if (container.envFrom?.length) envFrom(w, container.envFrom);
    env(w, container, pod);
    mounts(w, container);
  }
}

const ports = (container: Dyn, field: string): string =>
  (container.ports ?? []).map((p: Dyn) => `${p[field] ?? 0}/${p.protocol ?? 'TCP'}`).join(', ');

function basics(w: Writer, container: Dyn, status: Dyn | undefined, space: string): void {
  w.line(1, `${space ? ' ' : ''}${container.name}:`);
  if (status) w.line(2, `Container ID:\t${status.containerID ?? ''}`);
  w.line(2, `Image:\t${container.image}`);
  if (status) w.line(2, `Image ID:\t${status.imageID ?? ''}`);
  for (const [title, field] of [
    ['Port', 'containerPort'],
    ['Host Port', 'hostPort'],
  ] as const) {
    const text = ports(container, field);
    w.line(2, text.includes(',') ? `${title}s:\t${text}` : `${title}:\t${text || '<none>'}`);
  }
  const profile = container.securityContext?.seccompProfile;
  if (profile) w.line(2, `SeccompProfile:\t${profile.type}`);
}

function words(w: Writer, title: string, list: string[] | undefined): void {
  if (!list?.length) return;
  w.line(2, `${title}:`);
  for (const word of list) for (const part of word.split('\n')) w.line(3, part);
}

function state(w: Writer, status: Dyn): void {
  stateLines(w, 'State', status.state);
  if (status.lastState?.terminated) stateLines(w, 'Last State', status.lastState);
  w.line(2, `Ready:\t${status.ready ? 'True' : 'False'}`);
  w.line(2, `Restart Count:\t${status.restartCount ?? 0}`);
}

function stateLines(w: Writer, title: string, value: Dyn): void {
  if (value?.running) w.line(2, `${title}:\tRunning`).line(3, `Started:\t${rfc1123(value.running.startedAt)}`);
  else if (value?.terminated) {
    const { reason, message, exitCode, signal, startedAt, finishedAt } = value.terminated;
    w.line(2, `${title}:\tTerminated`);
    if (reason) w.line(3, `Reason:\t${reason}`);
    if (message) w.line(3, `Message:\t${message}`);
    w.line(3, `Exit Code:\t${exitCode}`);
    if (signal) w.line(3, `Signal:\t${signal}`);
    w.line(3, `Started:\t${rfc1123(startedAt)}`).line(3, `Finished:\t${rfc1123(finishedAt)}`);
  } else {
    w.line(2, `${title}:\tWaiting`);
    if (value?.waiting?.reason) w.line(3, `Reason:\t${value.waiting.reason}`);
  }
}

function resources(w: Writer, value: Dyn): void {
  for (const [title, field] of [
    ['Limits', 'limits'],
    ['Requests', 'requests'],
  ] as const) {
    if (isEmpty(value?.[field])) continue;
    w.line(2, `${title}:`);
    for (const name of Object.keys(value[field]).sort()) w.line(3, `${name}:\t${value[field][name]}`);
  }
}

function probeText(probe: Dyn): string {
  const attrs = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 1}s period=${probe.periodSeconds ?? 10}s #success=${probe.successThreshold ?? 1} #failure=${probe.failureThreshold ?? 3}`;
  if (probe.exec) return `exec [${(probe.exec.command ?? []).join(' ')}] ${attrs}`;
  if (probe.httpGet) {
    const { scheme = 'HTTP', host = '', port, path = '' } = probe.httpGet;
    return `http-get ${scheme.toLowerCase()}://${host}:${port}${path} ${attrs}`;
  }
  if (probe.tcpSocket) return `tcp-socket ${probe.tcpSocket.host ?? ''}:${probe.tcpSocket.port} ${attrs}`;
  if (probe.grpc) return `grpc <pod>:${probe.grpc.port} ${probe.grpc.service ?? ''} ${attrs}`;
  return `unknown ${attrs}`;
}

function envFrom(w: Writer, list: Dyn[]): void {
  w.line(2, 'Environment Variables from:');
  for (const item of list) {
    const [from, ref] = item.configMapRef ? ['ConfigMap', item.configMapRef] : ['Secret', item.secretRef];
    const prefix = item.prefix ? ` with prefix '${item.prefix}'` : '';
    w.line(3, `${ref?.name ?? ''}\t${from}${prefix}\tOptional: ${ref?.optional ?? false}`);
  }
}

function env(w: Writer, container: Dyn, pod: Dyn | undefined): void {
  w.line(2, `Environment:${container.env?.length ? '' : '\t<none>'}`);
  for (const item of container.env ?? []) {
    const source = item.valueFrom;
    if (!source) {
      (item.value ?? '')
        .split('\n')
        .forEach((part: string, i: number) => void w.line(3, `${i === 0 ? `${item.name}:` : ''}\t${part}`));
    } else if (source.fieldRef) {
      w.line(
        3,
        `${item.name}:\t${pod ? fieldOf(pod, source.fieldRef.fieldPath) : ''} (${source.fieldRef.apiVersion ?? 'v1'}:${source.fieldRef.fieldPath})`,
      );
    } else if (source.resourceFieldRef)
      w.line(
        3,
        `${item.name}:\t${resourceOf(container, source.resourceFieldRef.resource)} (${source.resourceFieldRef.resource})`,
      );
    else if (source.secretKeyRef)
      w.line(
        3,
        `${item.name}:\t<set to the key '${source.secretKeyRef.key}' in secret '${source.secretKeyRef.name}'>\tOptional: ${source.secretKeyRef.optional ?? false}`,
      );
    else if (source.configMapKeyRef)
      w.line(
        3,
        `${item.name}:\t<set to the key '${source.configMapKeyRef.key}' of config map '${source.configMapKeyRef.name}'>\tOptional: ${source.configMapKeyRef.optional ?? false}`,
      );
  }
}

function resourceOf(container: Dyn, path: string): string {
  const [kind = '', name = ''] = path.split('.');
  const value = container.resources?.[kind]?.[name];
  return value ?? (kind === 'limits' ? 'node allocatable' : '0');
}

function mounts(w: Writer, container: Dyn): void {
  const list: Dyn[] = [...(container.volumeMounts ?? [])].sort((a, b) => (a.mountPath < b.mountPath ? -1 : 1));
  w.line(2, `Mounts:${list.length === 0 ? '\t<none>' : ''}`);
  for (const mount of list) {
    const flags = [mount.readOnly ? 'ro' : 'rw', ...(mount.subPath ? [`path=${quote(mount.subPath)}`] : [])];
    w.line(3, `${mount.mountPath} from ${mount.name} (${flags.join(',')})`);
  }
}

export function volumes(w: Writer, list: Dyn[] | undefined, space: string): void {
  if (!list?.length) {
    w.line(0, `${space}Volumes:\t<none>`);
    return;
  }
  w.line(0, `${space}Volumes:`);
  for (const volume of list) {
    w.line(1, `${space ? ' ' : ''}${volume.name}:`);
    for (const line of volumeLines(volume)) w.line(2, line);
  }
}

function volumeLines(volume: Dyn): string[] {
  if (volume.hostPath)
    return [
      'Type:\tHostPath (bare host directory volume)',
      `Path:\t${volume.hostPath.path}`,
      `HostPathType:\t${volume.hostPath.type ?? ''}`,
    ];
  if (volume.emptyDir)
    return [
      "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
      `Medium:\t${volume.emptyDir.medium ?? ''}`,
      `SizeLimit:\t${volume.emptyDir.sizeLimit ?? '<unset>'}`,
    ];
  if (volume.secret)
    return [
      'Type:\tSecret (a volume populated by a Secret)',
      `SecretName:\t${volume.secret.secretName}`,
      `Optional:\t${volume.secret.optional ?? false}`,
    ];
  if (volume.configMap)
    return [
      'Type:\tConfigMap (a volume populated by a ConfigMap)',
      `Name:\t${volume.configMap.name}`,
      `Optional:\t${volume.configMap.optional ?? false}`,
    ];
  if (volume.persistentVolumeClaim)
    return [
      'Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
      `ClaimName:\t${volume.persistentVolumeClaim.claimName}`,
      `ReadOnly:\t${volume.persistentVolumeClaim.readOnly ?? false}`,
    ];
  if (volume.nfs)
    return [
      'Type:\tNFS (an NFS mount that lasts the lifetime of a pod)',
      `Server:\t${volume.nfs.server}`,
      `Path:\t${volume.nfs.path}`,
      `ReadOnly:\t${volume.nfs.readOnly ?? false}`,
    ];
  if (volume.downwardAPI)
    return [
      'Type:\tDownwardAPI (a volume populated by information about the pod)',
      'Items:',
      ...(volume.downwardAPI.items ?? []).map(
        (item: Dyn) => `  ${item.fieldRef?.fieldPath ?? item.resourceFieldRef?.resource} -> ${item.path}`,
      ),
    ];
  return volume.projected ? projected(volume.projected) : ['<unknown>'];
}

function projected({ sources = [] }: Dyn): string[] {
  const lines = ['Type:\tProjected (a volume that contains injected data from multiple sources)'];
  for (const source of sources) {
    if (source.secret)
      lines.push(`SecretName:\t${source.secret.name}`, `SecretOptionalName:\t${source.secret.optional ?? '<nil>'}`);
    else if (source.downwardAPI) lines.push('DownwardAPI:\ttrue');
    else if (source.configMap)
      lines.push(
        `ConfigMapName:\t${source.configMap.name}`,
        `ConfigMapOptional:\t${source.configMap.optional ?? '<nil>'}`,
      );
    else if (source.serviceAccountToken)
      lines.push(`TokenExpirationSeconds:\t${source.serviceAccountToken.expirationSeconds ?? 3600}`);
  }
  return lines;
}
