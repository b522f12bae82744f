// The pods of a job: their names and indexes, and which of them were counted. kubernetes pkg/controller/job/{indexed_job_utils,tracking_utils}.go.
import type { Client } from '../../api/client';
import type { Pod } from '../../kinds';
import type { KubeObject } from '../../store/types';
import type { ControllerContext } from '../controller';
import { createPod } from '../pod-template';

/** Keeps a pod until the job has counted it. */
const TRACKING = 'batch.kubernetes.io/job-tracking';
const FAILURES = 'batch.kubernetes.io/job-index-failure-count';
const INDEX = 'batch.kubernetes.io/job-completion-index';

export const isTracked = (pod: Pod): boolean => pod.metadata.finalizers?.includes(TRACKING) ?? false;

export function untrack(client: Client, pod: Pod): void {
  const finalizers = pod.metadata.finalizers?.filter((each) => each !== TRACKING) ?? [];
  client.update('pods', { ...pod, metadata: { ...pod.metadata, finalizers } });
}

export const indexOf = (pod: Pod): number => Number(pod.metadata.annotations?.[INDEX] ?? -1);

/** `0-2,5` of 0, 1, 2 and 5. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...new Set(indexes)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const index of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}-${to}`))
    .join(',');
}

export function parseIndexes(text: string | undefined): Set<number> {
  const indexes = new Set<number>();
  for (const range of (text ?? '').split(',').filter(Boolean)) {
    const [from = 0, to = from] = range.split('-').map(Number);
    for (let i = from; i <= to; i++) indexes.add(i);
  }
  return indexes;
}

/** Creates one pod of a job; an index makes it a part of an indexed one, `failures` is how often that index failed before. */
export function createJobPod(
  { client, events }: ControllerContext,
  job: KubeObject,
  index: number | undefined,
  failures: number,
): Pod {
  const template = job['spec'].template;
  return createPod({
    client,
    events,
    owner: job,
    template: { ...template, metadata: { ...template.metadata, finalizers: [TRACKING] } },
    component: 'job-controller',
    adjust(pod) {
      if (index === undefined) return;
      const { labels, annotations } = pod.metadata as { labels?: object; annotations?: object };
      const counted = job['spec'].backoffLimitPerIndex !== undefined && { [FAILURES]: String(failures) };
      pod.metadata['annotations'] = { ...annotations, [INDEX]: String(index), ...counted };
      pod.metadata['labels'] = { ...labels, [INDEX]: String(index) };
      pod.metadata['generateName'] = `${job.metadata.name}-${index}-`;
      pod.spec.hostname = `${job.metadata.name}-${index}`;
      for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])])
        container.env = [
          ...(container.env ?? []),
          { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { fieldPath: `metadata.labels['${INDEX}']` } } },
        ];
    },
  });
}
