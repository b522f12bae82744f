// oc describe deployment, replicaset, statefulset, daemonset, job, cronjob and replicationcontroller.
import { humanDuration } from '../flags/duration';
import { type Dyn, isEmpty } from '../object';
import { selectorText } from '../resources/labels';
import { describeTemplate } from './pod-template';
import { controller, rfc1123, type Writer } from './writer';

/** What a describer may look up beside the object. */
export interface Related {
  pods: Dyn[];
  replicaSets: Dyn[];
}

function head(w: Writer, { metadata }: Dyn): Writer {
  return w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
}

function conditions(w: Writer, list: Dyn[] | undefined): void {
  if (!list?.length) return;
  w.line(0, 'Conditions:').line(1, 'Type\tStatus\tReason').line(1, '----\t------\t------');
  for (const c of list) w.line(1, `${c.type} \t${c.status}\t${c.reason ?? ''}`);
}

function podsStatus(w: Writer, object: Dyn, { pods }: Related): void {
  const own = pods.filter((pod) =>
    (pod.metadata.ownerReferences ?? []).some((o: Dyn) => o.controller && o.uid === object.metadata.uid),
  );
  const count = (phase: string) => own.filter((pod) => pod.status?.phase === phase).length;
  w.line(
    0,
    `Pods Status:\t${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`,
  );
}

const REVISION = 'deployment.kubernetes.io/revision';

export function describeDeployment(w: Writer, object: Dyn, related: Related): void {
  const { metadata, spec, status = {} } = object;
  head(w, object).line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, `Selector:\t${selectorText(spec.selector)}`);
  w.line(
    0,
    `Replicas:\t${spec.replicas} desired | ${status.updatedReplicas ?? 0} updated | ${status.replicas ?? 0} total | ${status.availableReplicas ?? 0} available | ${status.unavailableReplicas ?? 0} unavailable`,
  );
  w.line(0, `StrategyType:\t${spec.strategy?.type ?? ''}`).line(0, `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`);
  const rolling = spec.strategy?.rollingUpdate;
  if (rolling)
    w.line(0, `RollingUpdateStrategy:\t${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`);
  describeTemplate(w, spec.template);
  conditions(w, status.conditions);
  const own = related.replicaSets.filter((rs) =>
    (rs.metadata.ownerReferences ?? []).some((o: Dyn) => o.uid === metadata.uid),
  );
  const isNew = (rs: Dyn) => rs.metadata.annotations?.[REVISION] === metadata.annotations?.[REVISION];
  const shown = (list: Dyn[]) =>
    list
      .map((rs) => `${rs.metadata.name} (${rs.status?.replicas ?? 0}/${rs.spec.replicas} replicas created)`)
      .join(', ') || '<none>';
  if (own.length > 0)
    w.line(0, `OldReplicaSets:\t${shown(own.filter((rs) => !isNew(rs)))}`).line(
      0,
      `NewReplicaSet:\t${shown(own.filter(isNew))}`,
    );
}

export function describeReplicaSet(w: Writer, object: Dyn, related: Related): void {
  const { metadata, spec, status = {} } = object;
  head(w, object).line(
    0,
    `Selector:\t${typeof spec.selector?.matchLabels === 'object' || spec.selector?.matchExpressions ? selectorText(spec.selector) : selectorText({ matchLabels: spec.selector })}`,
  );
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  if (controller(object)) w.line(0, `Controlled By:\t${controller(object)}`);
  w.line(0, `Replicas:\t${status.replicas ?? 0} current / ${spec.replicas} desired`);
  podsStatus(w, object, related);
  describeTemplate(w, spec.template);
  conditions(w, status.conditions);
}

export function describeStatefulSet(w: Writer, object: Dyn, related: Related): void {
  const { metadata, spec, status = {} } = object;
  head(w, object).line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`);
  w.line(0, `Selector:\t${selectorText(spec.selector)}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, `Replicas:\t${spec.replicas} desired | ${status.replicas ?? 0} total`);
  w.line(0, `Update Strategy:\t${spec.updateStrategy?.type ?? ''}`);
  if (spec.updateStrategy?.rollingUpdate?.partition !== undefined)
    w.line(1, `Partition:\t${spec.updateStrategy.rollingUpdate.partition}`);
  podsStatus(w, object, related);
  describeTemplate(w, spec.template);
  if (isEmpty(spec.volumeClaimTemplates)) w.line(0, 'Volume Claims:\t<none>');
  else {
    w.line(0, 'Volume Claims:');
    for (const claim of spec.volumeClaimTemplates) {
      w.line(1, `Name:\t${claim.metadata.name}`).line(1, `StorageClass:\t${claim.spec.storageClassName ?? ''}`);
      w.labels('  Labels', claim.metadata.labels).annotations('  Annotations', claim.metadata.annotations);
      w.line(1, `Capacity:\t${claim.spec.resources?.requests?.storage ?? '<default>'}`).line(
        1,
        `Access Modes:\t[${(claim.spec.accessModes ?? []).join(' ')}]`,
      );
    }
  }
}

export function describeDaemonSet(w: Writer, object: Dyn, related: Related): void {
  const { metadata, spec, status = {} } = object;
  w.line(0, `Name:\t${metadata.name}`).line(0, `Selector:\t${selectorText(spec.selector)}`);
  w.labels('Node-Selector', spec.template.spec.nodeSelector)
    .labels('Labels', metadata.labels)
    .annotations('Annotations', metadata.annotations);
  w.line(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled ?? 0}`);
  w.line(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled ?? 0}`);
  w.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`);
  w.line(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`);
  w.line(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled ?? 0}`);
  podsStatus(w, object, related);
  describeTemplate(w, spec.template);
}

export function describeJob(w: Writer, object: Dyn): void {
  const { metadata, spec, status = {} } = object;
  head(w, object).line(0, `Selector:\t${selectorText(spec.selector)}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  if (controller(object)) w.line(0, `Controlled By:\t${controller(object)}`);
  if (spec.parallelism !== undefined) w.line(0, `Parallelism:\t${spec.parallelism}`);
  w.line(0, `Completions:\t${spec.completions ?? '<unset>'}`);
  if (spec.completionMode) w.line(0, `Completion Mode:\t${spec.completionMode}`);
  if (spec.suspend !== undefined) w.line(0, `Suspend:\t${spec.suspend}`);
  if (spec.backoffLimit !== undefined) w.line(0, `Backoff Limit:\t${spec.backoffLimit}`);
  if (spec.ttlSecondsAfterFinished !== undefined)
    w.line(0, `TTL Seconds After Finished:\t${spec.ttlSecondsAfterFinished}`);
  if (status.startTime) w.line(0, `Start Time:\t${rfc1123(status.startTime)}`);
  if (status.completionTime) w.line(0, `Completed At:\t${rfc1123(status.completionTime)}`);
  if (status.startTime && status.completionTime)
    w.line(0, `Duration:\t${humanDuration(Date.parse(status.completionTime) - Date.parse(status.startTime))}`);
  if (spec.activeDeadlineSeconds !== undefined) w.line(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`);
  const ready = status.ready === undefined ? '' : ` (${status.ready} Ready)`;
  w.line(
    0,
    `Pods Statuses:\t${status.active ?? 0} Active${ready} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`,
  );
  describeTemplate(w, spec.template);
}

export function describeCronJob(w: Writer, object: Dyn): void {
  const { metadata, spec, status = {} } = object;
  head(w, object).labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, `Schedule:\t${spec.schedule}`).line(0, `Concurrency Policy:\t${spec.concurrencyPolicy}`);
  w.line(0, `Suspend:\t${spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False'}`);
  const orUnset = (value: Dyn, unit = '') => (value === undefined ? '<unset>' : `${value}${unit}`);
  w.line(0, `Successful Job History Limit:\t${orUnset(spec.successfulJobsHistoryLimit)}`);
  w.line(0, `Failed Job History Limit:\t${orUnset(spec.failedJobsHistoryLimit)}`);
  w.line(0, `Starting Deadline Seconds:\t${orUnset(spec.startingDeadlineSeconds, 's')}`);
  const job = spec.jobTemplate.spec;
  w.line(0, `Selector:\t${job.selector ? selectorText(job.selector) : '<unset>'}`);
  w.line(0, `Parallelism:\t${orUnset(job.parallelism)}`).line(0, `Completions:\t${orUnset(job.completions)}`);
  if (job.activeDeadlineSeconds !== undefined) w.line(0, `Active Deadline Seconds:\t${job.activeDeadlineSeconds}s`);
  describeTemplate(w, job.template);
  w.line(0, `Last Schedule Time:\t${status.lastScheduleTime ? rfc1123(status.lastScheduleTime) : '<unset>'}`);
  w.line(0, `Active Jobs:\t${(status.active ?? []).map((one: Dyn) => one.name).join(', ') || '<none>'}`);
}
