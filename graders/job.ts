// Has a job done its work?
import { z } from 'zod';
import { defineGrader, type KubeObject, type Lens } from '../lib/grading/contract';
import { findObjects, isOfTemplate, title, whyNotReady } from './objects';
import { brief, labelsOf, name, regexp } from './parameters';

const parameters = z.strictObject({
  namespace: name,
  name: name.optional(),
  selector: labelsOf.optional(),
  outcome: z.enum(['complete', 'failed']).default('complete'),
  image: z.string().optional().describe('Part of the name of the image that its containers run.'),
  logs: regexp.optional().describe('A regular expression for what its pod wrote.'),
});
type Parameters = z.infer<typeof parameters>;

export const job = defineGrader<Parameters>({
  name: 'job',
  summary: 'A job has completed (or failed): a pod of it ended so. A condition written by hand does not count.',
  example: { namespace: 'shop', name: 'fill-db', outcome: 'complete' },
  parameters,
  expects: ({ outcome, logs, ...given }, not) =>
    `${title({ ...given, apiVersion: '', kind: 'Job' })} has ${not ? 'not ' : ''}${outcome === 'complete' ? 'completed' : 'failed'}${logs ? `, and its log matches ${logs}` : ''}`,
  async look(lens, given) {
    const jobs = await findObjects(lens, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      namespace: given.namespace,
      name: given.name,
      selector: given.selector,
    });
    const none =
      typeof jobs === 'string' ? jobs : jobs.length === 0 ? `there is no job in ${given.namespace}` : undefined;
    if (none || typeof jobs === 'string') return { holds: 0, observed: none ?? '', why: none ?? '', moot: true };
    let worst = `there is no job in ${given.namespace}`;
    for (const each of jobs) {
      const fault = await faultOf(lens, each, given);
      if (!fault)
        return {
          holds: 1,
          observed: `job ${each.metadata.name} has ${given.outcome === 'complete' ? 'completed' : 'failed'}`,
          why: '',
        };
      worst = fault;
    }
    return { holds: 0, observed: worst, why: worst };
  },
});

async function faultOf(
  lens: Lens,
  job: KubeObject,
  { namespace, outcome, image, logs }: Parameters,
): Promise<string | undefined> {
  const { name, uid } = job.metadata;
  const { spec, status } = job;
  const all = await lens.list(`/api/v1/namespaces/${namespace}/pods`);
  const pods = all.filter(
    (pod) =>
      ((pod.metadata['ownerReferences'] ?? []) as { uid: string }[]).some((owner) => owner.uid === uid) &&
      isOfTemplate(pod, spec?.template),
  );
  const ended = pods.filter((pod) => pod['status']?.phase === (outcome === 'complete' ? 'Succeeded' : 'Failed'));
  const [first] = ended;
  if (!first) {
    const [pod] = pods;
    return pod
      ? `job ${name}: pod ${pod.metadata.name} is ${String(pod['status']?.phase).toLowerCase()}; ${whyNotReady(pod)}`
      : `job ${name} has no pod`;
  }
  const wanted = outcome === 'complete' ? Number(spec?.completions ?? 1) : 1;
  if (ended.length < wanted) return `job ${name}: ${ended.length} of ${wanted} pods have completed`;
  const conditions = (status?.conditions ?? []) as { type: string; status: string }[];
  const is = (type: string) => conditions.some((each) => each.type === type && each.status === 'True');
  if (outcome === 'complete' && !is('Complete')) return `job ${name} goes on`;
  if (outcome === 'failed' && is('Complete')) return `job ${name} has completed after all`;
  const images = ((first['spec']?.containers ?? []) as { image: string }[]).map((container) => container.image);
  if (image && !images.every((each) => each.includes(image))) return `job ${name} runs ${images.join(', ')}`;
  if (!logs) return undefined;
  const written = await Promise.all(ended.map(({ metadata }) => lens.log(namespace, metadata.name)));
  return written.some((log) => new RegExp(logs, 'm').test(log ?? ''))
    ? undefined
    : `job ${name} wrote “${brief(written[0] ?? '')}”`;
}
