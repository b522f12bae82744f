// oc describe pod.
import type { Dyn } from '../object';
import { containers, volumes } from './containers';
import { controller, rfc1123, type Writer } from './writer';

export function describePod(w: Writer, pod: Dyn): void {
  const { metadata, spec, status = {} } = pod;
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  if (spec.priority !== undefined) w.line(0, `Priority:\t${spec.priority}`);
  if (spec.priorityClassName) w.line(0, `Priority Class Name:\t${spec.priorityClassName}`);
  if (spec.runtimeClassName) w.line(0, `Runtime Class Name:\t${spec.runtimeClassName}`);
  if (spec.serviceAccountName) w.line(0, `Service Account:\t${spec.serviceAccountName}`);
  w.line(0, `Node:\t${spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>'}`);
  if (status.startTime) w.line(0, `Start Time:\t${rfc1123(status.startTime)}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  if (metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded')
    w.line(0, `Status:\tTerminating (lasts ${w.age(metadata.deletionTimestamp)})`).line(
      0,
      `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s`,
    );
  else w.line(0, `Status:\t${status.phase ?? ''}`);
  if (status.reason) w.line(0, `Reason:\t${status.reason}`);
  if (status.message) w.line(0, `Message:\t${status.message}`);
  if (spec.securityContext?.seccompProfile) w.line(0, `SeccompProfile:\t${spec.securityContext.seccompProfile.type}`);
  w.line(0, `IP:\t${status.podIP ?? ''}`);
  if (status.podIPs?.length) {
    w.line(0, 'IPs:');
    for (const { ip } of status.podIPs) w.line(1, `IP:\t${ip}`);
  } else w.line(0, 'IPs:\t<none>');
  if (controller(pod)) w.line(0, `Controlled By:\t${controller(pod)}`);
  if (spec.initContainers?.length)
    containers(w, 'Init Containers', spec.initContainers, status.initContainerStatuses ?? [], pod, '');
  containers(w, 'Containers', spec.containers, status.containerStatuses ?? [], pod, '');
  if (spec.ephemeralContainers?.length)
    containers(w, 'Ephemeral Containers', spec.ephemeralContainers, status.ephemeralContainerStatuses ?? [], pod, '');
  if (status.conditions?.length) {
    w.line(0, 'Conditions:').line(1, 'Type\tStatus');
    for (const c of status.conditions) w.line(1, `${c.type} \t${c.status} `);
  }
  volumes(w, spec.volumes, '');
  w.line(0, `QoS Class:\t${status.qosClass ?? 'BestEffort'}`);
  w.labels('Node-Selectors', spec.nodeSelector);
  tolerations(w, 'Tolerations', spec.tolerations);
}

export function tolerations(w: Writer, title: string, list: Dyn[] | undefined): void {
  const texts = [...(list ?? [])]
    .sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : (a.key ?? '') > (b.key ?? '') ? 1 : 0))
    .map((t: Dyn) => {
      const value = t.value ? `=${t.value}` : '';
      const effect = t.effect ? `:${t.effect}` : '';
      const exists = t.operator === 'Exists' && !t.value ? (t.key || t.effect ? ' op=Exists' : 'op=Exists') : '';
      const seconds = t.tolerationSeconds !== undefined ? ` for ${t.tolerationSeconds}s` : '';
      return `${t.key ?? ''}${value}${effect}${exists}${seconds}`;
    });
  w.list(title, texts);
}
